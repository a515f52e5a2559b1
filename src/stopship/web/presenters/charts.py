"""Charts as numbers of a drawing: bars that lie, and columns over time. They begin at zero.

Words stand beside the drawing as text of the page, which wraps and can be read aloud; a drawing holds figures at
most. All are as wide as a telephone, so that figures in them stay readable there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 340
BAR_HEIGHT = 10
RISE = 84
"""Height of columns, on one side of the line at zero."""
HEAD = 14.0
"""Room above them for a figure."""
WIDEST = 36
LEFT = 30
"""Room for the figures of the axis."""
WIDE_ENOUGH = 28
"""From this width on a column can be hit with a finger, and is a link."""
LABELLED = 19
"""From this width on a column has room for its figure."""


Row = tuple[str, Mapping[str, float], str, str]
"""What a bar is of: its key, its values by kind, its link, a name that goes with it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: what it counts, where it begins, how long it is."""

    kind: str
    value: float
    x: float
    length: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `key` says what of; `link` is what stands behind the address of the queue, or empty."""

    key: str
    value: float
    parts: tuple[Part, ...]
    link: str = ""
    name: str = ""

    def part(self, kind: str) -> float:
        """The value of a piece; 0 where it has none."""
        return sum(part.value for part in self.parts if part.kind == kind)


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars that lie one below the other, all by the same measure."""

    bars: tuple[Bar, ...]
    left_out: int = 0
    width: int = WIDTH
    height: int = BAR_HEIGHT

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(bar.value for bar in self.bars)


def bars(rows: Sequence[Row], most: int | None = None) -> Bars:
    """Bars of (key, value by kind, link, name), in their order; at most so many, the others are only counted."""
    longest = max((sum(values.values()) for _key, values, _link, _name in rows), default=0) or 1
    found = []
    for key, values, link, name in rows[:most]:
        parts, x = [], 0.0
        for kind, value in values.items():
            if value:
                length = max(1.5, value / longest * WIDTH)
                parts.append(Part(kind, value, round(x, 1), round(min(length, WIDTH - x), 1)))
                x += length
        found.append(Bar(key, sum(values.values()), tuple(parts), link, name))
    return Bars(tuple(found), len(rows) - len(found))


@dataclass(frozen=True, slots=True)
class Column:
    """Days from `first` to before `end`, as ISO dates: a value that stands on the line and one that hangs from it.
    `of`: how many things it rests on, where it is a share; `faint`: these are so few that it says little."""

    first: str
    end: str
    up: float
    down: float
    x: float
    width: float
    up_y: float
    up_height: float
    down_height: float
    of: int
    faint: bool
    link: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns over time. `zero` is where their line is, `top` what the highest may reach, `step` days a column."""

    columns: tuple[Column, ...]
    top: float
    zero: float
    height: float
    step: int
    width: int = WIDTH
    left: int = LEFT

    @property
    def linked(self) -> bool:
        """Whether its columns are wide enough to be links."""
        return bool(self.columns) and self.columns[0].width >= WIDE_ENOUGH

    @property
    def labelled(self) -> bool:
        """Whether its columns have room for figures."""
        return bool(self.columns) and self.columns[0].width >= LABELLED

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(column.up or column.down for column in self.columns)


@dataclass(frozen=True, slots=True)
class Span:
    """What a column shows."""

    first: str
    end: str
    up: float
    down: float = 0
    of: int = 0
    faint: bool = False
    link: str = ""


def columns(spans: Sequence[Span], *, step: int, top: float | None = None) -> Columns:
    """Columns of spans of time, in their order, each as wide as the others.

    Args:
        step: how many days one is.
        top: what the measure goes to; None: a round figure above all values, the same upwards and downwards.
    """
    highest = max((max(span.up, span.down) for span in spans), default=0)
    measure = top if top is not None else _round_above(highest)
    each = (WIDTH - LEFT) / max(1, len(spans))
    gap = max(min(3.0, each * 0.2), each - WIDEST)
    zero = HEAD + RISE
    found = []
    for number, span in enumerate(spans):
        up, down = (round(value / measure * RISE, 1) for value in (span.up, span.down))
        found.append(
            Column(
                span.first,
                span.end,
                span.up,
                span.down,
                round(LEFT + number * each + gap / 2, 2),
                round(each - gap, 2),
                round(zero - up, 1),
                up,
                down,
                span.of,
                span.faint,
                span.link,
            )
        )
    lowest = max((column.down_height for column in found), default=0)
    return Columns(tuple(found), measure, zero, zero + lowest + 2, step)


def _round_above(value: float) -> float:
    """The least of 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, … that is not below a value."""
    scale = 1
    while True:
        for step in (1, 2, 3, 4, 5, 6, 8):
            if step * scale >= value:
                return step * scale
        scale *= 10
