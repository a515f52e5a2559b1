"""Names and other texts as printed: in which language a browser should read and set them."""

from __future__ import annotations

from stopship.names.script import Script, scripts
from stopship.names.transliterate import is_uyghur

_PERSIAN = frozenset("پچژگکی")
_TRADITIONAL = frozenset(["TW", "HK", "MO"])
_TAGS = {
    Script.KANA: "ja",
    Script.HANGUL: "ko",
    Script.HEBREW: "he",
    Script.THAI: "th",
    Script.GREEK: "el",
    Script.CYRILLIC: "und-Cyrl",
    Script.DEVANAGARI: "und-Deva",
    Script.LATIN: "und-Latn",
}
_ORDER = (*tuple(_TAGS)[:5], Script.CYRILLIC, Script.DEVANAGARI)


def language_of(text: str, country: str | None = None) -> str:
    """The BCP 47 tag of a text, as far as its letters tell: `ug` for the Arabic letters that only Uyghur has,
    `zh-Hans` for Han (which decides the shape of its characters), `und-Cyrl` where a script has many languages.

    Args:
        text: as printed.
        country: ISO code of whom it is about; decides between the two ways of writing Chinese.
    """
    found = scripts(text)
    if Script.ARABIC in found:
        if is_uyghur(text):
            return "ug"
        return "fa" if _PERSIAN.intersection(text) else "ar"
    if Script.KANA in found:
        return "ja"
    if Script.HAN in found:
        return "zh-Hant" if country in _TRADITIONAL else "zh-Hans"
    return next((_TAGS[script] for script in _ORDER if script in found), "und-Latn")


def is_latin(text: str) -> bool:
    """Whether a reader of Latin letters can read all of it."""
    return scripts(text) <= {Script.LATIN}
