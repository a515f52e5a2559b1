"""Chinese names in Han characters: organizations by gloss and sound, persons by surname and sound.

`海康威视数字技术股份有限公司` is read as "Hikvision digital technology joint stock company limited": places,
bodies, trade words and legal forms by meaning (tables `places.tsv`, `han.tsv`), brands with an English name of
their own by the cited table `brands.tsv`, and the rest by sound. pypinyin gives the sounds; its surname
readings are wrong by
default, so `surnames.tsv` comes first.
"""

from __future__ import annotations

import re
from functools import cache

from stopship.names.script import Script, script_of
from stopship.names.tables import rows

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = re.compile("[零〇一二两三四五六七八九十百千]+")
_COUNTED = ("研究所", "研究院", "所", "厂", "院", "师", "团", "局", "中学", "医院", "公司", "部队")
_LONGEST = 12


def is_han(char: str) -> bool:
    """Whether a character is a Han character."""
    return script_of(char) is Script.HAN


@cache
def _simplified() -> dict[int, str]:
    return {ord(traditional): simple for traditional, simple in rows("han_simplified.tsv")}


def simplify(text: str) -> str:
    """Traditional characters as simplified ones, where `han_simplified.tsv` knows them."""
    return text.translate(_simplified())


@cache
def _glosses() -> dict[str, tuple[str, str]]:
    """Han phrase -> (kind, English words): kinds of `han.tsv`, and `place` and `brand`."""
    table: dict[str, tuple[str, str]] = {}
    for _key, _level, _parent, names in rows("places.tsv"):
        spellings = names.split("|")
        for name in spellings:
            if is_han(name[0]):
                table.setdefault(simplify(name), ("place", spellings[0]))
    for row in rows("han.tsv"):
        table[row[1]] = (row[0], row[2] if len(row) > 2 else "")
    for han, latin, _fact in rows("brands.tsv"):
        table[simplify(han)] = ("brand", latin)
    return table


@cache
def _surnames() -> dict[str, str]:
    return {simplify(han): pinyin for han, pinyin in ((*row, "")[:2] for row in rows("surnames.tsv"))}


def syllables(text: str) -> list[str]:
    """The usual pinyin of each character, without tones; characters without one are left out."""
    from pypinyin import Style, lazy_pinyin  # 30 ms to import: only names in Han pay for it

    found = lazy_pinyin(text, style=Style.NORMAL, errors="ignore", v_to_u=False)
    return [s.replace("ü", "v") for s in found if s.isascii() or "ü" in s]


def read_person(text: str) -> list[str]:
    """Romanized readings of a personal name: surname and given name, the given name joined and apart.

    Empty where the name doesn't begin with a surname or has an unusual length.
    """
    name = simplify(text)
    length = 2 if name[:2] in _surnames() and len(name) > 2 else 1
    if not 2 <= len(name) <= 4 or name[:length] not in _surnames():
        return []
    surname = _surnames()[name[:length]] or "".join(syllables(name[:length]))
    given = syllables(name[length:])
    if not given:
        return []
    return list(dict.fromkeys([f"{surname} {''.join(given)}", f"{surname} {' '.join(given)}"]))


def read_organization(text: str) -> list[str]:
    """Latin readings of a run of Han characters: by gloss, then the same with brands by sound."""
    segments = _segments(simplify(text))
    by_gloss = _render(segments, brands=True)
    if any(kind == "brand" for kind, _han, _words in segments):
        return list(dict.fromkeys([by_gloss, _render(segments, brands=False)]))
    return [by_gloss]


def looks_like_person(text: str) -> bool:
    """Whether a run of Han may be a personal name: two to four characters, a surname first, no known trade
    word."""
    name = simplify(text)
    if not 2 <= len(name) <= 4 or (name[0] not in _surnames() and name[:2] not in _surnames()):
        return False
    return not any(kind in ("legal", "body", "brand") and len(han) > 1 for kind, han, _words in _segments(name))


def _segments(text: str) -> list[tuple[str, str, str]]:
    """Longest phrases from the left: (kind, Han, English words); unknown stretches have kind `sound`."""
    glosses = _glosses()
    found: list[tuple[str, str, str]] = []
    unknown = ""
    at = 0
    while at < len(text):
        number = _number_at(text, at)
        if number:
            han, value = number
            kind, words = "number", str(value)
        else:
            han = next(
                (
                    text[at : at + n]
                    for n in range(min(_LONGEST, len(text) - at), 0, -1)
                    if text[at : at + n] in glosses
                ),
                "",
            )
            if len(han) == 1 and not _single_allowed(han, unknown, found, text[at + 1 :]):
                han = ""
            if not han:
                unknown += text[at]
                at += 1
                continue
            kind, words = glosses[han]
        if unknown:
            found.append(("sound", unknown, ""))
            unknown = ""
        found.append((kind, han, words))
        at += len(han)
    if unknown:
        found.append(("sound", unknown, ""))
    return found


def _single_allowed(han: str, unknown: str, found: list[tuple[str, str, str]], rest: str) -> bool:
    """A phrase of one character counts only where it can't be part of a name: after a known one, or at the end."""
    if han == "第":
        return bool(_NUMBER.match(rest))
    if unknown:
        return not rest and han in "局厅厂院所" and len(unknown) > 1
    return bool(found) and found[-1][0] != "brand"


def _number_at(text: str, at: int) -> tuple[str, int] | None:
    match = _NUMBER.match(text, at)
    if not match:
        return None
    digits = match[0]
    ordinal = at > 0 and text[at - 1] == "第"
    if not ordinal and not (len(digits) > 1 and text.startswith(_COUNTED, match.end())):
        return None
    return digits, _value(digits)


def _value(digits: str) -> int:
    if not any(c in _UNITS for c in digits):
        return int("".join(str(_DIGITS[c]) for c in digits))
    total, current = 0, 0
    for c in digits:
        if c in _UNITS:
            total += (current or 1) * _UNITS[c]
            current = 0
        else:
            current = _DIGITS[c]
    return total + current


def _render(segments: list[tuple[str, str, str]], *, brands: bool) -> str:
    parts: list[str] = []
    for kind, han, words in segments:
        if kind == "sound" or (kind == "brand" and not brands):
            parts.extend(_grouped(syllables(han)))
        elif words:
            parts.append(words)
    return " ".join(parts)


def _grouped(sounds: list[str]) -> list[str]:
    """Company names are romanized in words of two syllables, or three at the end."""
    if len(sounds) <= 3:
        return ["".join(sounds)] if sounds else []
    groups = ["".join(sounds[i : i + 2]) for i in range(0, len(sounds) - len(sounds) % 2, 2)]
    if len(sounds) % 2:
        groups[-1] += sounds[-1]
    return groups
