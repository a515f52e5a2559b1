"""Greek letters to Latin: as Greek names are printed (ELOT 743), and as the foreign word that Greek may spell."""

from __future__ import annotations

import re
import unicodedata

_LATIN = "a v g d e z i th i k l m n x o p r s t y f ch ps o"
_LETTERS = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _LATIN.split(), strict=True))
# After these an υ is f, elsewhere v.
_VOICELESS = "θκξπσςτφχψ"
_FOREIGN = (
    ("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("γγ", "ng"), ("γχ", "nch"), ("τζ", "j"), ("τσ", "ch"), ("χ", "h"),
    ("ου", "u"), ("αι", "ai"), ("ει", "ei"), ("οι", "oi"), ("υ", "i"),
)  # fmt: skip
_GREEK_AT_START = (("μπ", "b"), ("ντ", "d"), ("γκ", "g"))
_GREEK_INSIDE = (("μπ", "mp"), ("ντ", "nt"), ("γκ", "gk"), ("γγ", "ng"), ("γξ", "nx"), ("γχ", "nch"), ("ου", "ou"))
_WORD = re.compile("[\u0370-\u03ff\u1f00-\u1fff]+")


def romanize_greek(text: str) -> str:
    """A text with its Greek words in lower-case Latin letters: `Μπάμπης` gives `bampis`."""
    return _WORD.sub(lambda match: _read(match[0], foreign=False), text)


def foreign_greek(text: str) -> str:
    """The same for foreign words: `Μπορίς Γκόντουνοφ` gives `boris godunof`."""
    return _WORD.sub(lambda match: _read(match[0], foreign=True), text)


def _read(word: str, *, foreign: bool) -> str:
    word = _bare(word.lower())
    word = re.sub(f"([αεη])υ(?=[{_VOICELESS}]|$)", r"\1f", word)
    word = re.sub(r"([αεη])υ", r"\1v", word)
    if foreign:
        for greek, latin in _FOREIGN:
            word = word.replace(greek, latin)
    else:
        for greek, latin in _GREEK_AT_START:
            word = latin + word[2:] if word.startswith(greek) else word
        for greek, latin in _GREEK_INSIDE:
            word = word.replace(greek, latin)
    return "".join(_LETTERS.get(c, c) for c in word.replace("ς", "σ"))


def _bare(word: str) -> str:
    """Without accents; a diaeresis parts two vowels, so that they are no pair."""
    kept = re.sub("([ϊΐ])", "\u0131", word.replace("ϋ", "y").replace("ΰ", "y"))
    bare = "".join(c for c in unicodedata.normalize("NFD", kept) if not unicodedata.combining(c))
    return bare.replace("\u0131", "i")
