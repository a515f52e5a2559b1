"""Any script to Latin letters without marks.

Cyrillic follows the BGN/PCGN romanization that US lists print; Uyghur in Arabic letters follows the Uyghur Latin
alphabet; Latin letters with no decomposition have a table; the rest goes through anyascii, which is loaded only
when a name needs it. Han is read in `han`, where words and surnames are known.
"""

from __future__ import annotations

import re

from stopship.names.normalize import strip_marks
from stopship.names.script import Script, scripts

_LATIN = {
    "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE",
    "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ı": "i", "ŋ": "ng", "Ŋ": "NG", "ħ": "h",
    "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ĸ": "k", "ƒ": "f", "ə": "a", "Ə": "A", "ɛ": "e", "ɔ": "o", "ƙ": "k", "ɓ": "b",
    "ɗ": "d", "ʔ": "", "ʕ": "", "ǝ": "e", "ɨ": "i", "ɫ": "l",
}  # fmt: skip
_CYRILLIC_LOWER = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya", "є": "ye", "і": "i", "ї": "yi", "ґ": "g", "ў": "u", "ә": "a", "ғ": "gh", "қ": "q", "ң": "ng",
    "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "җ": "j", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c",
    "џ": "dz", "ѓ": "gj", "ќ": "kj", "ѕ": "dz", "ҳ": "h", "ҷ": "j", "ӣ": "i", "ӯ": "u", "ҡ": "q", "ҙ": "z",
    "ҫ": "s", "ӧ": "o", "ӱ": "u", "ѝ": "i",
}  # fmt: skip
_UYGHUR = {
    "ا": "a", "ە": "e", "ې": "e", "ى": "i", "و": "o", "ۇ": "u", "ۆ": "o", "ۈ": "u", "ب": "b", "پ": "p", "ت": "t",
    "ج": "j", "چ": "ch", "خ": "x", "د": "d", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "غ": "gh",
    "ف": "f", "ق": "q", "ك": "k", "گ": "g", "ڭ": "ng", "ل": "l", "م": "m", "ن": "n", "ھ": "h", "ۋ": "w", "ي": "y",
    "ئ": "",
}  # fmt: skip
# Arabic and Persian write no short vowels: what comes out is a skeleton, which stage 2 turns into spellings.
_ARABIC_PLAIN = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "th", "ج": "j", "چ": "ch",
    "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s",
    "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ک": "k", "گ": "g", "ل": "l",
    "م": "m", "ن": "n", "ه": "h", "ة": "a", "و": "u", "ؤ": "u", "ي": "i", "ی": "i", "ى": "a", "ئ": "i", "ء": "",
    "ھ": "h", "ـ": "", "ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n", "ے": "e", "ہ": "h", "ۀ": "a",
}  # fmt: skip
# Letters that only Uyghur writes, among the languages that lists and customers use Arabic letters for.
_UYGHUR_ONLY = frozenset("ېۇۆۈەڭۋ")
_MARKS = str.maketrans(_LATIN)
_INITIAL_E = re.compile(r"(?<![^\W_])е|(?<=[аеёиоуыэюяъь])е", re.IGNORECASE)


def _both_cases(lower: dict[str, str]) -> dict[int, str]:
    table = {ord(k): v for k, v in lower.items()}
    table |= {ord(k.upper()): v.capitalize() for k, v in lower.items() if len(k.upper()) == 1 and k.upper() != k}
    return table


_CYRILLIC = _both_cases(_CYRILLIC_LOWER)
_ARABIC_UYGHUR = {ord(k): v for k, v in _UYGHUR.items()}
_ARABIC = {ord(k): v for k, v in _ARABIC_PLAIN.items()}


def romanize(text: str) -> str:
    """A cleaned text in ASCII letters; spaces and punctuation stay where they are. Idempotent.

    Characters that nothing can read come out as `u` and their code point, so that no name becomes empty.
    """
    if text.isascii():
        return text
    found = scripts(text)
    if Script.CYRILLIC in found:
        text = _INITIAL_E.sub("ye", text).translate(_CYRILLIC)
    if Script.ARABIC in found:
        text = text.translate(_ARABIC if _UYGHUR_ONLY.isdisjoint(text) else _ARABIC_UYGHUR)
    text = strip_marks(text.translate(_MARKS)).translate(_MARKS)
    if text.isascii():
        return text
    from anyascii import anyascii  # 13 ms to import, and most names never need it

    return "".join(c if c.isascii() else (anyascii(c) or _unread(c)) for c in text)


def _unread(char: str) -> str:
    return f" u{ord(char):x} " if char.isalnum() else " "
