"""Names and other texts as printed: in which language a browser should read and set them."""

from __future__ import annotations

from stopship.names.han_terms import simplify
from stopship.names.script import Script, scripts
from stopship.names.transliterate import is_uyghur

_PERSIAN = frozenset("پچژگکی")
_TRADITIONAL = frozenset(["TW", "HK", "MO"])
_JAPANESE = frozenset("気駅広桜沢浜塩栄営覚渋円売図鉄銭関発伝労効勧単厳圏団囲壊姫実巣帯庁応恵戦拠拡挙")
"""Characters of the list for daily use (Joyo kanji, 2010) whose shape neither way of writing Chinese has."""
_JAPANESE_AS_CHINESE = frozenset("学会国区医点当号党声宝写数断寿旧担励属昼")
"""Those that have the simplified shape of China, which nobody mixes with traditional ones in Chinese."""
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
        country: ISO code of whom it is about; decides between the ways of writing Han characters.
    """
    found = scripts(text)
    if Script.ARABIC in found:
        if is_uyghur(text):
            return "ug"
        return "fa" if _PERSIAN.intersection(text) else "ar"
    if Script.KANA in found:
        return "ja"
    if Script.HAN in found:
        return _way_of_writing(text, country)
    return next((_TAGS[script] for script in _ORDER if script in found), "und-Latn")


def _way_of_writing(text: str, country: str | None) -> str:
    """Whose shapes Han characters have. Without a country the characters tell, where one way of writing alone has
    them: Japan simplified some as China did and kept others, so a name with both kinds (見本光学) is Japanese."""
    if country is not None:
        return "ja" if country == "JP" else "zh-Hant" if country in _TRADITIONAL else "zh-Hans"
    in_full = simplify(text) != text
    if _JAPANESE.intersection(text) or (in_full and _JAPANESE_AS_CHINESE.intersection(text)):
        return "ja"
    return "zh-Hant" if in_full else "zh-Hans"


def is_latin(text: str) -> bool:
    """Whether a reader of Latin letters can read all of it."""
    return scripts(text) <= {Script.LATIN}
