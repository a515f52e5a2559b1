"""How figures grow with the list, as an SVG picture with presentation attributes only: a panel for each figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

_WIDTH, _HEIGHT = 300, 200
_LEFT, _TOP, _GAP_X, _GAP_Y = 60, 40, 90, 90
_COLOURS = ("#0b5394", "#b45f06", "#38761d", "#741b47")
_DASHES = ("none", "6 3", "2 3", "8 3 2 3")

Series = Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A figure over the number of names, both on logarithmic axes."""

    title: str
    series: Series


def growth_svg(panels: Sequence[Panel]) -> str:
    """The panels two in a row. Points that are not above 0 are left out; a panel without any is drawn empty."""
    return "\n".join(_lines(panels)) + "\n"


def _lines(panels: Sequence[Panel]) -> Iterator[str]:
    width = 2 * (_WIDTH + _GAP_X) + 10
    height = -(-len(panels) // 2) * (_HEIGHT + _GAP_Y) + 10
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-size="11">'
    yield "<title>How speed and size grow with the number of listed names</title>"
    yield f'<rect width="{width}" height="{height}" fill="white"/>'
    for number, panel in enumerate(panels):
        across, down = number % 2 * (_WIDTH + _GAP_X), number // 2 * (_HEIGHT + _GAP_Y)
        yield f'<g transform="translate({_LEFT + across} {_TOP + down})">'
        yield from _panel(panel)
        yield "</g>"
    yield "</svg>"


def _panel(panel: Panel) -> Iterator[str]:
    series = {name: [(x, y) for x, y in points if x > 0 and y > 0] for name, points in panel.series.items()}
    points = [point for some in series.values() for point in some]
    yield f'<text x="0" y="-24" font-weight="bold">{_text(panel.title)}</text>'
    yield f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="none" stroke="#999"/>'
    if not points:
        yield f'<text x="{_WIDTH / 2}" y="{_HEIGHT / 2}" text-anchor="middle">not measured</text>'
        return
    (left, right), (low, high) = _decades([x for x, _ in points]), _decades([y for _, y in points])

    def at(x: float, y: float) -> tuple[float, float]:
        across = (log10(x) - left) / (right - left) * _WIDTH
        return round(across, 1), round(_HEIGHT - (log10(y) - low) / (high - low) * _HEIGHT, 1)

    for decade in range(left, right + 1):
        across, _ = at(10**decade, 10**low)
        yield f'<path d="M{across} 0V{_HEIGHT}" stroke="#ddd"/>'
        yield f'<text x="{across}" y="{_HEIGHT + 16}" text-anchor="middle">{_short(decade)}</text>'
    for decade in range(low, high + 1):
        _, down = at(10**left, 10**decade)
        yield f'<path d="M0 {down}H{_WIDTH}" stroke="#ddd"/>'
        yield f'<text x="-6" y="{down + 4}" text-anchor="end">{_short(decade)}</text>'
    yield f'<text x="{_WIDTH}" y="{_HEIGHT + 32}" text-anchor="end">listed names</text>'
    for number, (name, some) in enumerate(series.items()):
        colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number % len(_DASHES)]
        line = " ".join("{},{}".format(*at(x, y)) for x, y in sorted(some))
        style = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}" fill="none"'
        yield f'<polyline points="{line}" {style}/>'
        for x, y in some:
            across, down = at(x, y)
            yield f'<circle cx="{across}" cy="{down}" r="3" fill="{colour}">'
            yield f"<title>{_text(name)}: {x:,.0f} names, {y:,.4g}</title></circle>"
        yield f'<text x="{number * 100}" y="-8" fill="{colour}">{_text(name)}</text>'


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def _short(decade: int) -> str:
    """10 to this power, in words that fit."""
    for power, letter in ((9, "G"), (6, "M"), (3, "k")):
        if decade >= power:
            return f"{10 ** (decade - power)}{letter}"
    return f"{10.0**decade:g}"


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
