"""Syllables of Chinese in Latin letters: Hanyu Pinyin, Wade-Giles, and the surnames of Hong Kong and overseas.

Facts: the table of syllables of Hanyu Pinyin (ISO 7098), Wade-Giles as Giles's dictionary prints it, without
apostrophes and hyphens, because names in forms and lists have lost them.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from stopship.names.tables import rows

_FINALS = {
    "b": "a o ai ei ao an en ang eng i ie iao ian in ing u",
    "p": "a o ai ei ao ou an en ang eng i ie iao ian in ing u",
    "m": "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u",
    "f": "a o ei ou an en ang eng u",
    "d": "a e ai ei ao ou an en ang eng ong i ie iao iu ian ing u uo ui uan un",
    "t": "a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un",
    "n": "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan un v ve ue",
    "l": "a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un v ve ue",
    "g": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "k": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "h": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "j": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "q": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "x": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "zh": "a e i ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "ch": "a e i ai ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "sh": "a e i ai ei ao ou an en ang eng u ua uo uai ui uan un uang",
    "r": "e i ao ou an en ang eng ong u ua uo ui uan un",
    "z": "a e i ai ei ao ou an en ang eng ong u uo ui uan un",
    "c": "a e i ai ao ou an en ang eng ong u uo ui uan un",
    "s": "a e i ai ao ou an en ang eng ong u uo ui uan un",
    "y": "a e ao ou an ang i in ing ong u ue uan un o",
    "w": "a o ai ei an en ang eng u",
    "": "a o e ai ei ao ou an en ang er",
}
SYLLABLES = frozenset(initial + final for initial, finals in _FINALS.items() for final in finals.split())
_LONGEST = 6
_ONE = "|".join(sorted(SYLLABLES, key=lambda s: (-len(s), s)))
_WORD = re.compile(f"(?:{_ONE})+\\Z")
_LAST = frozenset(syllable[-1] for syllable in SYLLABLES)
_MOST_SPLITS = 4


@lru_cache(maxsize=16_384)
def is_pinyin(word: str) -> bool:
    """Whether a plain lower-case word is made of pinyin syllables and nothing else: `xiaoming`, `gongsi`.

    Short words of other languages are too (`can`, `dance`): take it as leave to read a word so, not as proof.
    """
    return word[-1:] in _LAST and bool(_WORD.match(word))


@lru_cache(maxsize=4_096)
def syllables_of(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways to take a plain word apart into pinyin syllables, at most four, those of fewest syllables first.

    `xian` is (xian) and (xi, an). Empty where there is none.
    """
    found: list[tuple[str, ...]] = []

    def take(rest: str, done: tuple[str, ...]) -> None:
        if not rest:
            found.append(done)
            return
        for length in range(min(_LONGEST, len(rest)), 0, -1):
            if len(found) < 4 * _MOST_SPLITS and rest[:length] in SYLLABLES:
                take(rest[length:], (*done, rest[:length]))

    if is_pinyin(word):
        take(word, ())
    return tuple(sorted(found, key=len)[:_MOST_SPLITS])


def is_pinyin_given(word: str) -> bool:
    """Whether a plain word can be a Chinese given name in pinyin: one or two syllables, three letters at least.

    Two of them that differ, even in one letter (Xiaoming, Xiaoping), are names of two people.
    """
    return len(word) >= 3 and any(len(split) <= 2 for split in syllables_of(word))


def to_wade_giles(syllable: str) -> str:
    """A pinyin syllable in Wade-Giles without apostrophes, diaereses or hyphens: `xin` -> `hsin`."""
    if syllable in _TO_WADE_WHOLE:
        return _TO_WADE_WHOLE[syllable]
    initial = next((i for i in ("zh", "ch", "sh") if syllable.startswith(i)), syllable[:1])
    final = syllable[len(initial) :]
    if initial in ("zh", "ch", "sh", "r") and final == "i":
        final = "ih"
    elif initial in ("j", "q", "x", "y") and final == "ue":
        final = "ueh"
    elif initial in ("j", "q", "x", "y") and final == "uan":
        final = "uan"
    else:
        final = _TO_WADE_FINALS.get(final, final)
    if final == "uo" and initial in ("d", "t", "n", "l", "r", "z", "c", "s", "zh", "ch"):
        final = "o"
    return _TO_WADE_INITIALS.get(initial, initial) + final


_TO_WADE_INITIALS = {
    "b": "p", "p": "p", "d": "t", "t": "t", "g": "k", "k": "k", "j": "ch", "q": "ch", "x": "hs", "zh": "ch",
    "ch": "ch", "r": "j", "z": "ts", "c": "ts",
}  # fmt: skip
_TO_WADE_FINALS = {"ie": "ieh", "ian": "ien", "ong": "ung", "iong": "iung"}
_TO_WADE_WHOLE = {
    "zi": "tzu", "ci": "tzu", "si": "ssu", "er": "erh", "ge": "ko", "ke": "ko", "he": "ho", "e": "o", "yi": "i",
    "you": "yu", "ye": "yeh", "yan": "yen", "yong": "yung", "yue": "yueh", "gui": "kuei", "kui": "kuei",
    "re": "je", "ze": "tse", "ce": "tse", "se": "se", "zhe": "che", "che": "che", "she": "she", "de": "te",
    "te": "te",
}  # fmt: skip


@cache
def _families() -> dict[str, str]:
    table: dict[str, str] = {}
    for pinyin, _han, spellings in rows("surname_families.tsv"):
        for spelling in spellings.split():
            table.setdefault(spelling, pinyin)
        table[pinyin] = pinyin
    return table


def surname_in_pinyin(word: str) -> str:
    """The pinyin of a Chinese surname in any usual romanization: `cheung` -> `zhang`, `tsui` -> `xu`; "" where the
    word isn't one. A spelling of several surnames (Lee, Ng, Hui) gives the commonest.
    """
    return _families().get(word, "")
