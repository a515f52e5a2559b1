"""From what is printed to comparable characters: Unicode forms, invisible characters, marks, look-alikes.

`clean` keeps the script and the case; `normalize` goes all the way to lower-case ASCII words. Both are idempotent.
"""

from __future__ import annotations

import re
import unicodedata

from stopship.names.script import Script, script_of, scripts

NORMALIZER_VERSION = "names-6"

_APOSTROPHES = "\u2018\u2019\u201b\u0060\u00b4\u02bb\u02bc\u02bd\u02b9\u02bf\u02be\u2032\u2035\uff07\u05f3\ua78c"
_QUOTES = (
    "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2033\u2036\uff02\u05f4\u300c\u300d\u300e\u300f\u300a\u300b"
)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043"
_SPACES = "\u00b7\u30fb\u2022\u2027\u22c5\u3001\u3002\uff61\uff0e\u06d4"
_MAP = (
    {ord(c): "'" for c in _APOSTROPHES}
    | {ord(c): '"' for c in _QUOTES}
    | {ord(c): "-" for c in _DASHES}
    | {ord(c): " " for c in _SPACES}
    | {0x2044: "/", 0x2215: "/", 0x060C: ",", 0x2206: "Δ"}
)
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0000-\U000e0fff]"
)

# Letters of one script that are drawn like letters of another (facts of Unicode Technical Standard 39,
# confusables).
_TO_LATIN = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁһԛԝѵҮүΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχ",
        "ABESIJKMHOPCTYXaesijopcyxdhqwvYyABEZHIKMNOPTYXaikvopux",
        strict=True,
    )
)
_TO_CYRILLIC = dict(zip("ABEKMHOPCTYXaeopcyxSIJsij", "АВЕКМНОРСТУХаеорсухЅІЈѕіј", strict=True))
# Russian legal forms typed on a Latin keyboard.
_LATIN_FORMS = frozenset(("OOO", "AO", "OAO", "AHO", "HAO", "TOB"))
_WORD = re.compile(r"[^\W_]+")


def clean(text: str) -> str:
    """One printed name in a comparable form that keeps script and case.

    Unicode NFKC, no invisible, direction or control characters, one kind of apostrophe, quote and dash, single
    spaces, and look-alike letters of another script put back into the script of their word.
    """
    if text.isascii():
        return " ".join(_printable(text).split())
    # A second round may compose what the first brought together; three are more than any text needed in tests.
    for _ in range(4):
        cleaned = _clean_once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def _clean_once(text: str) -> str:
    text = "".join(" " if c.isspace() else c for c in text if unicodedata.category(c) != "Cf")
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text).translate(_MAP)).translate(_MAP)
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Zs") else c for c in text)
    latin, cyrillic = _sure_scripts(text)
    text = _WORD.sub(lambda match: _one_script(match[0], latin, cyrillic), text)
    return " ".join(text.split())


def _sure_scripts(text: str) -> tuple[bool, bool]:
    """Whether a text has Latin words, and Cyrillic ones, that are not drawn like words of the other script."""
    latin = cyrillic = False
    if Script.CYRILLIC in (found := scripts(text)) and Script.LATIN in found:
        for word in _WORD.findall(text):
            told = {script_of(c) for c in word if c not in _TO_LATIN and c not in _TO_CYRILLIC}
            latin = latin or (Script.LATIN in told and Script.CYRILLIC not in told)
            cyrillic = cyrillic or (Script.CYRILLIC in told and Script.LATIN not in told)
        forms = all(word in _LATIN_FORMS for word in _WORD.findall(text) if word.isascii() and word.isalpha())
        return latin, cyrillic or (forms and not latin)
    return Script.LATIN in found, False


def _one_script(word: str, latin_elsewhere: bool, cyrillic_elsewhere: bool) -> str:
    """Put look-alikes back: `Hіkvision` with a Cyrillic і is Latin, `Росneft` stays mixed (no look-alikes), `OOO`
    beside words that can only be Cyrillic is so too."""
    if word.isascii():
        if cyrillic_elsewhere and not latin_elsewhere and all(c in _TO_CYRILLIC for c in word):
            return "".join(_TO_CYRILLIC[c] for c in word)
        return word
    found = [script_of(c) for c in word]
    foreign = [c for c, s in zip(word, found, strict=True) if s in (Script.CYRILLIC, Script.GREEK)]
    if not foreign:
        return word
    latin = [c for c, s in zip(word, found, strict=True) if s is Script.LATIN]
    if all(c in _TO_LATIN for c in foreign) and (latin or (latin_elsewhere and not cyrillic_elsewhere)):
        # Wholly Cyrillic words that could be Latin are only taken for it among Latin words.
        return "".join(_TO_LATIN.get(c, c) for c in word)
    if latin and Script.GREEK not in found and all(c in _TO_CYRILLIC for c in latin):
        return "".join(_TO_CYRILLIC.get(c, c) for c in word)
    return word


def strip_marks(text: str) -> str:
    """Drop accents and other combining marks: `Ürümqi` -> `Urumqi`."""
    if text.isascii():
        return text
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)  # Hangul falls apart under NFKD
