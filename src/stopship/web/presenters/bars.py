"""Horizontal bars: what each part of a name gave to the score, or took from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stopship.web.presenters.comparison import Row

WIDTH, LINE, LABEL, FIGURE = 400, 26, 150, 52
MOST = 12
_WIDE = 15


@dataclass(frozen=True, slots=True)
class Bar:
    """One line. Lengths are in units of the drawing; `x` is where the bar begins; `share` is -1 to 1."""

    label: str
    relation: str
    share: float
    y: int
    x: float
    length: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A drawing of bars; `zero` is where nothing is said, `left_out` how many lines are not drawn."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    zero: float
    left_out: int

    @property
    def figures(self) -> int:
        """Where the figures end."""
        return self.width


def bars(rows: Sequence[Row]) -> Bars:
    """Bars of the lines that weigh, in their order: to the right what speaks for a match, to the left what
    speaks against it."""
    weighing = [row for row in rows if row.weight is not None and round(row.weight, 2)]
    shown = weighing[:MOST]
    most = max([row.weight or 0 for row in shown], default=0)
    least = min([row.weight or 0 for row in shown], default=0)
    room = WIDTH - LABEL - FIGURE
    span = max(most, 0) - min(least, 0) or 1.0
    zero = LABEL + room * (-min(least, 0) / span)
    found = []
    for number, row in enumerate(shown):
        share = row.weight or 0
        length = max(2.0, abs(share) / span * room)
        x = zero if share > 0 else zero - length
        label = _short(" ".join((row.ours or row.theirs)[:1]))
        found.append(Bar(label, row.relation, share, number * LINE, round(x, 1), round(length, 1)))
    return Bars(tuple(found), WIDTH, LINE * len(found), round(zero, 1), len(weighing) - len(shown))


def _short(text: str, most: int = 19) -> str:
    """A label that fits; wide characters count twice."""
    taken, room = "", most
    for character in text:
        room -= 2 if ord(character) > 0x2E7F else 1
        if room < 0:
            return f"{taken}…"
        taken += character
    return taken
