"""Which script a character or a text is written in."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache


class Script(StrEnum):
    """The scripts that names are told apart by; everything else is OTHER, digits and marks are COMMON."""

    LATIN = "Latin"
    CYRILLIC = "Cyrillic"
    GREEK = "Greek"
    HAN = "Han"
    KANA = "Kana"
    HANGUL = "Hangul"
    ARABIC = "Arabic"
    HEBREW = "Hebrew"
    THAI = "Thai"
    DEVANAGARI = "Devanagari"
    OTHER = "Other"
    COMMON = "Common"


# Blocks of the Unicode standard that hold the letters of each script (first and last code point).
_BLOCKS: tuple[tuple[int, int, Script], ...] = (
    (0x0041, 0x005A, Script.LATIN),
    (0x0061, 0x007A, Script.LATIN),
    (0x00AA, 0x00AA, Script.LATIN),
    (0x00BA, 0x00BA, Script.LATIN),
    (0x00C0, 0x024F, Script.LATIN),
    (0x0250, 0x02AF, Script.LATIN),
    (0x0370, 0x03FF, Script.GREEK),
    (0x0400, 0x052F, Script.CYRILLIC),
    (0x0590, 0x05FF, Script.HEBREW),
    (0x0600, 0x06FF, Script.ARABIC),
    (0x0750, 0x077F, Script.ARABIC),
    (0x08A0, 0x08FF, Script.ARABIC),
    (0x0900, 0x097F, Script.DEVANAGARI),
    (0x0E00, 0x0E7F, Script.THAI),
    (0x1100, 0x11FF, Script.HANGUL),
    (0x1C80, 0x1C8F, Script.CYRILLIC),
    (0x1D00, 0x1D7F, Script.LATIN),
    (0x1E00, 0x1EFF, Script.LATIN),
    (0x1F00, 0x1FFF, Script.GREEK),
    (0x2DE0, 0x2DFF, Script.CYRILLIC),
    (0x2E80, 0x2FDF, Script.HAN),
    (0x3005, 0x3007, Script.HAN),
    (0x3040, 0x30FF, Script.KANA),
    (0x3130, 0x318F, Script.HANGUL),
    (0x31F0, 0x31FF, Script.KANA),
    (0x3400, 0x4DBF, Script.HAN),
    (0x4E00, 0x9FFF, Script.HAN),
    (0xA640, 0xA69F, Script.CYRILLIC),
    (0xA720, 0xA7FF, Script.LATIN),
    (0xAC00, 0xD7AF, Script.HANGUL),
    (0xF900, 0xFAFF, Script.HAN),
    (0xFB50, 0xFDFF, Script.ARABIC),
    (0xFE70, 0xFEFF, Script.ARABIC),
    (0x20000, 0x323AF, Script.HAN),
)


@lru_cache(maxsize=8192)
def script_of(char: str) -> Script:
    """The script of one character; COMMON for digits, punctuation, spaces and combining marks."""
    code = ord(char)
    if char in "×÷":
        return Script.COMMON
    for first, last, script in _BLOCKS:
        if first <= code <= last:
            return (
                script
                if char.isalpha() or script in (Script.HAN, Script.THAI, Script.DEVANAGARI)
                else Script.COMMON
            )
    return Script.OTHER if char.isalpha() else Script.COMMON


def scripts(text: str) -> frozenset[Script]:
    """All scripts of the letters in a text; empty where it holds none."""
    if text.isascii():
        return frozenset((Script.LATIN,)) if any(c.isalpha() for c in text) else frozenset()
    return frozenset(script_of(c) for c in text) - {Script.COMMON}
