"""Any script to Latin letters without marks.

Cyrillic follows the BGN/PCGN romanization that US lists print; Uyghur in Arabic letters follows the Uyghur Latin
alphabet; Latin letters with no decomposition have a table; the rest goes through anyascii, which is loaded only
when a name needs it. Han is read in `han`, where words and surnames are known.
"""

from __future__ import annotations

import re

from stopship.names.abjad import read
from stopship.names.devanagari import romanize_devanagari
from stopship.names.greek import romanize_greek
from stopship.names.hangul import romanize_hangul
from stopship.names.kana import romanize_kana
from stopship.names.normalize import strip_marks
from stopship.names.script import Script, scripts
from stopship.names.thai import romanize_thai

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
# Letters that only Uyghur writes, among the languages that lists and customers use Arabic letters for.
_UYGHUR_ONLY = frozenset("ېۇۆۈەڭۋ")
_HEBREW_MARKED = (
    ("ג'", "ج"), ("צ'", "چ"), ("ץ'", "چ"), ("ז'", "ژ"), ("ח'", "خ"), ("ע'", "غ"),
    ("ר'", "غ"), ("ת'", "ث"), ("ד'", "ذ"),
)  # fmt: skip
_MARKS = str.maketrans(_LATIN)
_INITIAL_E = re.compile(r"(?<![^\W_])е|(?<=[аеёиоуыэюяъь])е", re.IGNORECASE)


def _both_cases(lower: dict[str, str]) -> dict[int, str]:
    table = {ord(k): v for k, v in lower.items()}
    table |= {ord(k.upper()): v.capitalize() for k, v in lower.items() if len(k.upper()) == 1 and k.upper() != k}
    return table


_CYRILLIC = _both_cases(_CYRILLIC_LOWER)
_ARABIC_UYGHUR = {ord(k): v for k, v in _UYGHUR.items()}
_ABJAD_WORD = re.compile(
    "[\u0590-\u05f4\u0610-\u061a\u0620-\u065f\u0670-\u06d3\u06d5-\u06dc\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f]+"
)


def romanize(text: str) -> str:
    """A cleaned text in ASCII letters; spaces and punctuation stay where they are. Idempotent.

    Characters that nothing can read come out as `u` and their code point, so that no name becomes empty.
    """
    if text.isascii():
        return text
    found = scripts(text)
    if Script.CYRILLIC in found:
        text = _INITIAL_E.sub("ye", text).translate(_CYRILLIC)
    if _is_abjad(text, found):
        text = one_letter_each(text)
        text = _ABJAD_WORD.sub(lambda match: read(match[0])[0], text)
    elif Script.ARABIC in found:
        text = romanize_uyghur(text)
    if Script.DEVANAGARI in found:
        text = romanize_devanagari(text)
    if Script.GREEK in found:
        text = romanize_greek(text)
    if Script.THAI in found:
        text = romanize_thai(text)
    if Script.HANGUL in found:
        text = romanize_hangul(text)
    if Script.KANA in found:
        text = romanize_kana(text)
    text = strip_marks(text.translate(_MARKS)).translate(_MARKS)
    if text.isascii():
        return text
    from anyascii import anyascii  # 13 ms to import, and most names never need it

    return "".join(c if c.isascii() else (anyascii(c) or _unread(c)) for c in text)


def is_uyghur(text: str) -> bool:
    """Whether a text in Arabic letters is Uyghur, which writes every vowel."""
    return Script.ARABIC in scripts(text) and not _UYGHUR_ONLY.isdisjoint(text)


def romanize_uyghur(text: str) -> str:
    """A text with its Uyghur words in Latin letters, by the Uyghur Latin alphabet."""
    return text.translate(_ARABIC_UYGHUR)


def _is_abjad(text: str, found: frozenset[Script]) -> bool:
    return Script.HEBREW in found or (Script.ARABIC in found and _UYGHUR_ONLY.isdisjoint(text))


def one_letter_each(text: str) -> str:
    """Hebrew writes j, ch, zh and sounds of Arabic with an apostrophe: here by one letter of Arabic or Persian."""
    for hebrew, one in _HEBREW_MARKED:
        text = text.replace(hebrew, one)
    return text


def unvowelled(text: str) -> frozenset[str]:
    """The Latin words of a cleaned text that come from Arabic or Hebrew letters without their vowels known."""
    if text.isascii() or not _is_abjad(text, scripts(text)):
        return frozenset()
    read_words = (read(word) for word in _ABJAD_WORD.findall(one_letter_each(text)))
    return frozenset(part for latin, known in read_words if not known for part in latin.split() if part != "al")


def _unread(char: str) -> str:
    return f" u{ord(char):x} " if char.isalnum() else " "
