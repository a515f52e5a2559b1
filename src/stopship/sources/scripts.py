"""Scripts and languages of printed names: which script a name is in, and names of two scripts in one text."""

from __future__ import annotations

import re

from stopship.names.script import Script, scripts
from stopship.sources.printed import printed

_ISO_15924 = {
    Script.CYRILLIC: "Cyrl",
    Script.GREEK: "Grek",
    Script.HAN: "Hani",
    Script.KANA: "Jpan",
    Script.HANGUL: "Hang",
    Script.ARABIC: "Arab",
    Script.HEBREW: "Hebr",
    Script.THAI: "Thai",
    Script.DEVANAGARI: "Deva",
}
# Names and three-letter codes (ISO 639-2) of languages that publishers print, to ISO 639-1.
_LANGUAGES = {
    "albanian": "sq",
    "amharic": "am",
    "arabic": "ar",
    "ara": "ar",
    "armenian": "hy",
    "azerbaijani": "az",
    "belarusian": "be",
    "belarussian": "be",
    "bel": "be",
    "bengali": "bn",
    "bosnian": "bs",
    "bulgarian": "bg",
    "burmese": "my",
    "mya": "my",
    "chinese": "zh",
    "mandarin": "zh",
    "zho": "zh",
    "chi": "zh",
    "croatian": "hr",
    "dari": "prs",
    "english": "en",
    "eng": "en",
    "farsi": "fa",
    "persian": "fa",
    "fas": "fa",
    "per": "fa",
    "french": "fr",
    "fra": "fr",
    "fre": "fr",
    "georgian": "ka",
    "german": "de",
    "deu": "de",
    "ger": "de",
    "greek": "el",
    "hebrew": "he",
    "heb": "he",
    "hindi": "hi",
    "italian": "it",
    "ita": "it",
    "japanese": "ja",
    "jpn": "ja",
    "kazakh": "kk",
    "korean": "ko",
    "kor": "ko",
    "kurdish": "ku",
    "kyrgyz": "ky",
    "macedonian": "mk",
    "moldovan": "ro",
    "romanian": "ro",
    "pashto": "ps",
    "portuguese": "pt",
    "russian": "ru",
    "rus": "ru",
    "serbian": "sr",
    "srp": "sr",
    "somali": "so",
    "spanish": "es",
    "spa": "es",
    "tajik": "tg",
    "thai": "th",
    "tigrinya": "ti",
    "turkish": "tr",
    "tur": "tr",
    "ukrainian": "uk",
    "ukr": "uk",
    "urdu": "ur",
    "uzbek": "uz",
    "vietnamese": "vi",
}
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_LABEL = re.compile(
    r"\b(?:in\s+)?(?:original\s+script|arabic\s+script|cyrillic\s+script|arabic|russian|belarusian|ukrainian|hebrew)"
    r"\s*:\s*",
    re.IGNORECASE,
)


def script_of(text: str) -> str | None:
    """The ISO 15924 code of the script of a name; None for Latin letters and for what has no script.

    A name of several scripts has that of its first letter that is not Latin: a Chinese name with "Co." is Chinese.
    """
    if text.isascii():
        return None
    found = scripts(text)
    if Script.KANA in found:
        return _ISO_15924[Script.KANA]
    return next((_ISO_15924[script] for script in _ISO_15924 if script in found), None)


def language_code(text: str) -> str | None:
    """A language as printed ("RU", "rus", "Russian") to an ISO 639 code; None for "" and unknown words."""
    word = text.strip().casefold()
    if len(word) == 2 and word.isalpha():
        return word
    return _LANGUAGES.get(word) or (word if len(word) == 3 and word.isalpha() else None)


def names_by_script(text: str) -> list[str]:
    """The names of a text that gives one name in two scripts, in the order printed.

    "Abou Mouhadjir (ابو مهاجر)" gives "Abou Mouhadjir" and "ابو مهاجر"; "original script: Абу Банат" gives "Абу
    Банат". A text of one script without such a label gives nothing.
    """
    labelled = bool(_LABEL.search(text))
    plain = printed(_LABEL.sub(" ", text))
    outer, last, inner = [], 0, []
    for match in _BRACKETS.finditer(plain):
        inside = (match[1] or match[2] or "").strip()
        before = plain[last : match.start()]
        if inside and before.strip() and script_of(inside) != script_of(before):
            outer.append(before)
            inner.append(inside)
            last = match.end()
    rest = printed(" ".join([*outer, plain[last:]]))
    if not inner:
        return [plain.strip(" ,;:")] if labelled and plain else []
    return [name.strip(" ,;:") for name in (rest, *inner) if any(c.isalpha() for c in name)]


def foreign_runs(text: str) -> list[str]:
    """The runs of letters in another script than Latin, of at least three letters: names that a note holds."""
    runs: list[list[str]] = [[]]
    for word in printed(text).split():
        if script_of(word) is not None:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    joined = (" ".join(run).strip(" ,;:.()[]") for run in runs)
    return [run for run in joined if sum(c.isalpha() for c in run) >= 3]
