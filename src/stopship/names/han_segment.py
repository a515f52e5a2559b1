"""A Han name taken apart into known phrases and stretches that are only sound: the cheapest way to do so.

Shortest path over the characters (dynamic programming): a known phrase costs little whatever its length, so long
phrases win; a stretch of unknown characters costs by character, and one that stands alone costs most, because a
name is hardly one syllable between two words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stopship.names.han_terms import Term, longest_term, terms

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = re.compile("[零〇一二两三四五六七八九十百千]+")
_COUNTED = (
    "研究所", "研究院", "所", "厂", "院", "师", "团", "局", "中学", "医院", "公司", "部队", "号", "大队", "支队",
    "基地",     "工厂", "设计", "研究室", "分厂", "车间", "旅", "军",
)  # fmt: skip

_KNOWN = 0.60
_PLACE = 0.55
_BRAND = 0.40
_SINGLE = 1.00
_LEVEL = 0.20
_LONG_BRAND = 0.02
_START = 0.50
_SOUND = 0.70
_LONE = 1.50
_SUFFIXES = frozenset("局厅厂院所部处署站台馆社会港")
_UNITS_OF_FORCES = frozenset("师团连旅军")
_LEVELS = frozenset("省市县区州盟旗镇乡")
_NEVER_SINGLE = frozenset("云星碳磁声核氢铝钛军旅师团连")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a name: `kind` of the term, `number`, `sound` (nothing known) or `latin` (printed so); its
    characters; its English renderings, the usual one first (a number's is its value); `spoken`: its sound,
    where it was written in Latin letters."""

    kind: str
    han: str
    words: tuple[str, ...]
    spoken: tuple[str, ...] = ()


_Way = tuple[float, tuple[Segment, ...]]


def segment(text: str, *, after_number: bool = False) -> list[Segment]:
    """The segments of a run of simplified Han characters.

    `after_number` says that a number in other digits stands before it, as in `第38研究所` or `38所`.
    """
    size = len(text)
    # ways[at][state]: the cheapest way to `at` whose last part is known (0), one character of sound (1), more (2)
    ways: list[list[_Way | None]] = [[None, None, None] for _ in range(size + 1)]
    first = Segment("number", "", ()) if after_number else None
    ways[0][0] = (0.0, (first,) if first else ())
    for at in range(size):
        char = text[at]
        for state in (0, 1, 2):
            reached = ways[at][state]
            if reached is None:
                continue
            cost, parts = reached
            lone = _LONE if state == 1 else 0.0
            for step, part in _known_at(text, at, parts):
                _offer(ways[at + len(part.han)], 0, cost + step + lone, (*parts, part))
            if state:
                longer = Segment("sound", parts[-1].han + char, ())
                _offer(ways[at + 1], 2, cost + _SOUND, (*parts[:-1], longer))
            else:
                _offer(ways[at + 1], 1, cost + _START + _SOUND, (*parts, Segment("sound", char, ())))
    done = [(way[0] + (_LONE if state == 1 else 0.0), way[1]) for state, way in enumerate(ways[size]) if way]
    parts = min(done, key=lambda way: way[0])[1]
    return list(parts[1:] if first else parts)


def _offer(cell: list[_Way | None], state: int, cost: float, parts: tuple[Segment, ...]) -> None:
    held = cell[state]
    if held is None or cost < held[0] - 1e-9:
        cell[state] = (cost, parts)


def _known_at(text: str, at: int, parts: tuple[Segment, ...]) -> list[tuple[float, Segment]]:
    """The known phrases that may stand here, with their costs."""
    found: list[tuple[float, Segment]] = []
    number = _number_at(text, at, parts)
    if number:
        found.append((0.30, number))
    table = terms()
    for length in range(min(longest_term(), len(text) - at), 0, -1):
        term = table.get(text[at : at + length])
        if term is None:
            continue
        if length > 1:
            found.append((_cost(term, parts), Segment(term.kind, term.han, term.words)))
        elif _single_allowed(term, text, at, parts):
            level = term.han == "第" or (term.han in _LEVELS and parts[-1].kind != "sound")
            found.append((_LEVEL if level else _SINGLE, Segment(term.kind, term.han, term.words)))
    return found


def _cost(term: Term, parts: tuple[Segment, ...]) -> float:
    if term.kind == "brand":
        return _BRAND - _LONG_BRAND * len(term.han)  # 华大基因 before 华大
    # A place is one at the beginning, after another place, or where it stands in brackets.
    if term.kind == "place":
        return _PLACE if all(p.kind in ("place", "drop") for p in parts) else _PLACE + 0.4
    return _KNOWN


def _single_allowed(term: Term, text: str, at: int, parts: tuple[Segment, ...]) -> bool:
    """Whether a phrase of one character may stand alone: a level after a place, a suffix after what it is of."""
    char, rest = term.han, text[at + 1 :]
    before = parts[-1] if parts else None
    if char == "第":
        return not rest or bool(_NUMBER.match(rest))
    if char == "号":
        return before is not None and before.kind == "number"
    if before is not None and before.kind == "number":
        return char in _SUFFIXES or char in _UNITS_OF_FORCES
    if char in _NEVER_SINGLE or before is None:
        return False
    if char in _LEVELS:
        return before.kind == "place" or (before.kind == "sound" and len(before.han) > 1 and _is_known_next(rest))
    if char in _SUFFIXES:
        if before.kind == "sound":
            return not rest and len(before.han) > 1 and char in "局厅厂院所站"
        return before.kind in ("word", "body", "place", "drop", "brand")
    return before.kind not in ("brand", "sound")


def _is_known_next(rest: str) -> bool:
    table = terms()
    return any(rest[:n] in table for n in range(2, min(longest_term(), len(rest)) + 1))


def _number_at(text: str, at: int, parts: tuple[Segment, ...]) -> Segment | None:
    match = _NUMBER.match(text, at)
    if not match or (parts and parts[-1].kind == "number"):
        return None
    digits = match[0]
    ordinal = at > 0 and text[at - 1] == "第"
    counted = len(digits) > 1 and text.startswith(_COUNTED, match.end())
    # 航天科工二院, 三院31所: an academy of a corporation that stands before it.
    academy = bool(parts) and parts[-1].kind == "brand" and text.startswith("院", match.end())
    spelled = len(digits) > 2 and not any(c in _UNITS for c in digits)  # 七六四: a factory's code number
    if not (ordinal or counted or academy or spelled):
        return None
    return Segment("number", digits, (str(number_value(digits)),))


def number_value(digits: str) -> int:
    """The value of a number in Han: `三十八` and `三八` are 38.

    >>> number_value("七一五")
    715
    """
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
