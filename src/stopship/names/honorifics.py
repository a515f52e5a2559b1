"""What stands before and behind the names of a person: titles, particles, and when a word is none.

Most of these words are names too. Sheikh, Hafiz and Sardar are titles beside a whole name and names in a short
one; King and Bishop are titles before a name and surnames behind it; Le, Do and An are surnames where
Vietnamese and Korean names begin; "Md" is Muhammad in Bengal and a doctor behind a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from stopship.names.background import is_usual
from stopship.names.families import families_of
from stopship.names.phrases import Kind, Phrase, person_book

_LEAST = 2  # other names beside a word that is a title there


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Titles that are names as often.
_NAMES_TOO = _set(
    "haji hajji haj hajj hadji hadzhi haci hacci hadj haggi haxhi sheikh shaykh shaikh sheik cheikh sheykh"
    " sayyid sayed seyed seyyed syed sayid sayyed qari kari qaree hafiz hafez hafeez hafidh imam ustad ostad"
    " sardar serdar sirdar sahib saheb sahab bhai bey agha aga begum begam khanum khanom hanim nawab raden"
    " shri shree khwaja khawaja khoja hoca khodja effendi efendi pasha pacha basha neto netto filho datuk dato"
    " ing"
)
# Titles that are surnames behind a name.
_SURNAMES_TOO = _set(
    "king prince princess queen lord lady dame baron count major marshal sergeant general bishop judge father"
    " president minister captain colonel admiral hon brigadier mister senor miss"
)
_DOCTOR = "md"
# The article takes the sound of the letter behind it: ar-Rahman, but Ar Tum.
_ARTICLES = {
    "an": "n",
    "ar": "r",
    "as": "s",
    "ash": "sh",
    "at": "t",
    "az": "z",
    "ad": "d",
    "adh": "dh",
    "ath": "th",
}
_VIETNAMESE_FIRST = _set("le do la lo da di du des das")
_VIETNAMESE_MIDDLE = _set(
    "van thi duc minh huu quang ngoc thanh xuan hong kim anh quoc dinh trong tuan viet hoang thu bao cong"
    " phuc thuy thuong hai manh hung gia nhat khanh phuong"
)
_TUAREG_SON = "ag"


def title_or_particle(texts: Sequence[str], at: int, before_comma: int) -> Phrase | None:
    """The title or particle that begins at a word, None where the word is a name.

    Args:
        texts: the words of a name.
        at: which of them.
        before_comma: how many stand before a comma.
    """
    word = texts[at]
    if word == _TUAREG_SON and 0 < at < len(texts) - 1:
        return Phrase((word,), Kind.PARTICLE, "particle:bin")
    if word == "eng" and before_comma != 1 and at == 0:
        told = _names(texts, at) >= _LEAST or _is_of_a_family(texts[-1])  # Eng Wei is a name
        return Phrase((word,), Kind.TITLE, "title:engineer") if told else None
    phrase = person_book().at(texts, at)
    if phrase is None or (before_comma == 1 and at == 0):  # a surname of one word is a name
        return None
    last = at + len(phrase.words) == len(texts)
    if phrase.kind is Kind.TITLE:
        if word == _DOCTOR:
            return phrase if last and _names(texts, at) >= _LEAST else None
        if last and word in _SURNAMES_TOO:
            return None
        if word in _NAMES_TOO and _names(texts, at) < _LEAST and (last or is_usual(texts[-1])):
            return None
        return phrase
    if len(phrase.words) > 1:
        return phrase
    if word in _ARTICLES and not (not last and texts[at + 1].startswith(_ARTICLES[word])):
        return None
    if at == 0 and not before_comma:
        if word in _VIETNAMESE_FIRST and not last and texts[1] in _VIETNAMESE_MIDDLE:
            return None
        if word == "ben" and len(texts) == 2 and not _is_of_a_family(texts[1]):  # Ben Carson
            return None
    return phrase


def _names(texts: Sequence[str], at: int) -> int:
    """How many words beside one are names: no initials, titles and particles."""
    book = person_book()
    return sum(
        n != at and len(text) > 1 and (text in _NAMES_TOO or book.at([text], 0) is None)
        for n, text in enumerate(texts)
    )


def _is_of_a_family(word: str) -> bool:
    return any(key[0] == "f" for key in families_of(word))
