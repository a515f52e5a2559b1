"""Arabic, Persian, Urdu and Hebrew letters to Latin: known names as usually spelled, the rest by letters.

These scripts write no short vowels. A name that the table knows comes out with its vowels; of another only the
letters can be told, and `Token.abjad` says so: its words are compared by their consonants.
"""

from __future__ import annotations

import re
from functools import cache

from stopship.names.tables import rows

_EVEN = str.maketrans("أإآٱىیيکۀةہھۂےئ", "اااايييكههههييئ")
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0591-\u05c7\u0640\u200c\u200d]")
_ARABIC = {
    "ا": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "th", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d",
    "ذ": "dh", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z",
    "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "u",
    "ؤ": "u", "ي": "i", "ئ": "i", "ء": "", "ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n", "ڤ": "v", "ڨ": "g", "ۇ": "u",
    "ۋ": "v", "ګ": "g", "ړ": "r", "ږ": "zh", "ښ": "sh", "ټ": "t", "ډ": "d", "ڼ": "n", "ې": "e", "ۍ": "ai",
    "ڭ": "ng",
}  # fmt: skip
_HEBREW = {
    "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "u", "ז": "z", "ח": "h", "ט": "t", "י": "i", "כ": "k",
    "ך": "kh", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s", "ע": "a", "פ": "f", "ף": "f",
    "צ": "ts", "ץ": "ts", "ק": "k", "ר": "r", "ש": "sh", "ת": "t", "װ": "v", "ױ": "oi", "ײ": "ei",
}  # fmt: skip
_LETTERS = _ARABIC | _HEBREW
_FIRST_HEBREW = {"פ": "p", "ו": "v", "י": "y"}
_PAIRS = frozenset(["ts", "tz", "sh", "kh", "gh", "dh", "th", "zh", "ph", "ch", "dz", "dj", "tj", "sj", "sz"])
_VOWELS = tuple("اەوۇۆۈېىي")
_ARTICLE = "ال"
_SHORTEST_AFTER_ARTICLE = 3


@cache
def _names() -> dict[str, str]:
    return {even(native): latin for native, latin in rows("abjad_names.tsv")}


def even(word: str) -> str:
    """A word of an abjad without vowel marks, with one letter for each of the forms of alif, ya, kaf and ha."""
    return _MARKS.sub("", word).translate(_EVEN)


def read(word: str) -> tuple[str, bool]:
    """A word of Arabic or Hebrew letters in Latin letters, and whether all of it was known by name.

    A known word has its vowels. The article gives a word of its own, as Latin spellings write it: `al husayni`; so
    that of a compound with abd ("servant of") does not: `abdulrahman`.
    """
    plain = even(word)
    names = _names()
    if plain in names:
        return names[plain], True
    for start, latin in (("عبدال", "abdul"), ("ابو", "abu "), ("بن", "bin ")):
        if plain.startswith(start) and len(plain) >= len(start) + _SHORTEST_AFTER_ARTICLE:
            rest = plain[len(start) :]
            if rest in names:
                return latin + names[rest], True
            if start == "عبدال":
                return latin + _spell(rest), False
    if _MARKS.sub("", word).startswith(_ARTICLE) and len(plain) >= len(_ARTICLE) + _SHORTEST_AFTER_ARTICLE:
        rest = plain[len(_ARTICLE) :]
        return ("al " + names[rest], True) if rest in names else ("al " + _spell(rest), False)
    for end, latin in (
        ("الدين", "uddin"),
        ("الله", "ullah"),
        ("زاده", "zadeh"),
        ("پور", "pour"),
        ("نژاد", "nejad"),
    ):
        if plain.endswith(end) and (stem := names.get(plain[: -len(end)])):
            return (stem.removesuffix("a") if latin[0] == "u" else stem) + latin, True
    for end, latin in (("ي", "i"), ("ه", "a"), ("ان", "an")):
        if plain.endswith(end) and (stem := names.get(plain[: -len(end)])) and len(stem) >= 4:
            return stem + latin, True
    return _spell(plain), False


def _told_apart(before: str, latin: str) -> bool:
    """Whether two letters side by side would be read as one sound: t and sh may be ch, t and ch are not."""
    if before == "t" and latin in ("sh", "ch"):
        return latin == "ch"
    return before[-1:] + latin[:1] in _PAIRS


def _spell(plain: str) -> str:
    """Letter by letter; `w` and `y` where they begin a syllable, and an `a` where nothing but consonants stand."""
    found: list[str] = []
    for at, letter in enumerate(plain):
        latin = _LETTERS.get(letter, letter)
        if letter == "ئ" and plain[at + 1 : at + 2] in _VOWELS:
            continue  # it only carries the vowel, as it does before every first vowel of Uyghur
        following = plain[at + 1] if at + 1 < len(plain) else ""
        if at == 0 and letter in _FIRST_HEBREW:
            latin = _FIRST_HEBREW[letter]
        elif letter in "وי" or letter == "ي":
            glide = at == 0 or following == "ا" or (bool(found) and found[-1][-1:] == "a" and letter != "י")
            latin = ("w" if letter == "و" else "y") if glide else latin
        elif letter == "ע" or (letter == "ع" and at):
            latin = "a" if not found or found[-1][-1:] not in "aiu" else ""
        elif letter == "غ" and found and found[-1] == "n":
            latin = "g"
        elif letter in "هה" and not following and len(plain) > 2:
            latin = "a" if not found or found[-1][-1:] != "a" else "h"
        if found and _told_apart(found[-1], latin):
            found.append("a")  # two letters are no sign of one sound: mntzri is Montazeri
        found.append(latin)
    text = "".join(found)
    if not any(c in "aeiou" for c in text) and len(found) > 1:
        text = "a".join(found).replace("tash", "tsh")
    return text
