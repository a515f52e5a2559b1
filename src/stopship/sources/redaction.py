"""Free text without what the law protects: publishers write bodies, tribes and the like into remarks.

Columns of special categories are dropped whole (`stopship.sources.contract`). In running text the sentence that
holds such a statement is dropped, because statements are packed: "Physical description: eye colour: brown; height:
171cm." What remains is as printed.
"""

from __future__ import annotations

import re

_GENDER = re.compile(r"\b(?:gender|sex)\s*(?::|\[|\bis\b)\s*\[?\s*(?:fe)?male\]?\s*[.;,]?", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[\"'“‘(\[]*[^\W\d_a-z])")
_PROTECTED = re.compile(
    r"""(?ix)
      \bphysical\s+(?:description|marks?|appearance) | \bdistinguishing\s+(?:physical\s+)?marks?
    | \bbiometric
    | \b(?:eyes?|hair|skin|complexion|beard|moustache)\b | \bspeech\s+defect\b | \bscars?\b | \bamputated\b
    | \b(?:height|weight|build|complexion|blood\s+(?:type|group))\s*[:=]\s | \b\d{2,3}\s?(?:cm|kg)\b
    | \b(?:gender|sex|race|religion|religious\s+affiliation|faith|ethnicity|nationality/ethnicity|caste|tribe|clan
          |political\s+(?:party|affiliation|opinion)|sexual\s+orientation|disability|health)\s*[:=]\s
    | \bethnic\s+(?:group|origin|background|\w+\s+from\b) | \bethnic(?:ally)?\s+(?-i:[A-Z])
    | \bof\s+\w+\s+ethnicity\b
    | \b(?:belong(?:s|ed|ing)?\s+to|member\s+of|from|of)\s+(?:the\s+)?(?-i:[A-Z])[\w’'-]+(?:\s+[\w’'-]+)?\s+
        (?:sub-?)?tribe\b
    | \bbelong(?:s|ed|ing)?\s+to\b[^.]{0,80}\btribe\b | \bsub-?\s?tribe\b | \btribe\s+spelling\b | \bclan\b
    | \bheight\b[^.;:]{0,12}:
    | \b(?:lost|missing)\s+(?:one|his|her|a|the)\s+(?:left\s+|right\s+)?(?:leg|arm|hand|foot|eye)\b
    | \bone\s+(?:leg|arm|hand|foot|eye)\s+(?:was\s+)?(?:lost|missing)\b
    | \b(?:he|she)\s+is\s+(?:blind|deaf|disabled)\b
    | \bis\s+(?:a\s+)?(?:practi[sc]ing\s+)?(?:sunni|shia|shiite|alawite|christian|jewish|muslim)\b
        (?!\s+brotherhood)
    | \b(?:is|was|are)\s+(?:pregnant|homosexual|gay|lesbian|hiv)\b
    """
)
# Titles that say which religion somebody serves. Ranks and offices are no such thing.
_RELIGIOUS_TITLE = re.compile(
    r"""(?ix)\b(?:ma?ulaw?vi|mawlawi|moulavi|mullah?|mollah?|haji|hajji|hadji|alhaj|al-?haj+|hajj|qari|hafiz|mufti|imam
      |sheikh?|shaikh|shaykh|cheikh|ustaz|ustadz?|ayatollah|hojat\w*|hujjat\w*|maulana|mawlana|sayy?e?id|seyye?d|amir
      |emir|rabbi|rev(?:erend)?|father|bishop|archbishop|metropolitan|patriarch|archimandrite|priest|pastor|deacon
      |cardinal|lama|swami|wali)\b\.?"""
)
_LABEL = re.compile(r"(?:\([a-z]\)|[a-z]\))\s*", re.IGNORECASE)


def without_special_categories(text: str) -> str:
    """The text without sentences that describe a body, a belief, an origin or the like."""
    plain = " ".join(_GENDER.sub(" ", " ".join(text.split())).split())
    if not _PROTECTED.search(plain):
        return plain.strip(" ;,")
    kept: list[str] = []
    dropping = False
    for sentence in _SENTENCE.split(plain):
        # "Description: height: 171 cm; Build: slim" goes on after a semicolon; a full stop ends it.
        dropping = bool(_PROTECTED.search(sentence))
        if not dropping:
            kept.append(sentence)
    return " ".join(kept).strip(" ;,")


def worldly_title(text: str) -> str:
    """A title without words that say which religion somebody serves; "" if nothing else is left.

    "(a) Maulavi, (b) Mullah" gives "", "Major General" stays, "Haji Doctor" gives "Doctor".
    """
    if not _RELIGIOUS_TITLE.search(text):
        return " ".join(text.split())
    rest = " ".join(_RELIGIOUS_TITLE.sub(" ", _LABEL.sub(" ", text)).split())
    return rest.strip(" ,;.-") if any(c.isalpha() for c in rest) else ""
