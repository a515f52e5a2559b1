"""The calibration curve as an SVG picture, with presentation attributes only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_LEFT, _TOP, _SIDE = 50, 20, 300


def calibration_svg(bins: Sequence[Sequence[float]]) -> str:
    """(mean score, share right, count) of each bin as a curve over the diagonal; dots grow with the count."""
    return "\n".join(_lines(bins)) + "\n"


def _lines(bins: Sequence[Sequence[float]]) -> Iterator[str]:
    width, height = _LEFT + _SIDE + 20, _TOP + _SIDE + 50
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-size="11">'
    yield "<title>Share of right hits by score</title>"
    yield f'<rect width="{width}" height="{height}" fill="white"/>'
    for step in range(0, 11, 2):
        at = step / 10
        yield f'<path d="M{_x(0)} {_y(at)}H{_x(1)}M{_x(at)} {_y(0)}V{_y(1)}" stroke="#ddd" fill="none"/>'
        yield f'<text x="{_x(at)}" y="{_y(0) + 16}" text-anchor="middle">{at:.1f}</text>'
        yield f'<text x="{_x(0) - 8}" y="{_y(at) + 4}" text-anchor="end">{at:.1f}</text>'
    yield f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#999" stroke-dasharray="4 4" fill="none"/>'
    if bins:
        points = " ".join(f"{_x(score)},{_y(share)}" for score, share, _count in bins)
        yield f'<polyline points="{points}" stroke="#0b5394" stroke-width="2" fill="none"/>'
        most = max(count for _score, _share, count in bins)
        for score, share, count in bins:
            radius = round(2 + 5 * (count / most) ** 0.5, 1)
            yield f'<circle cx="{_x(score)}" cy="{_y(share)}" r="{radius}" fill="#0b5394">'
            yield f"<title>score {score:.3f}, right {share:.3f}, {int(count):,} hits</title></circle>"
    yield f'<text x="{_x(0.5)}" y="{_y(0) + 36}" text-anchor="middle">score</text>'
    yield f'<text transform="translate(14 {_y(0.5)}) rotate(-90)" text-anchor="middle">share right</text>'
    yield "</svg>"


def _x(value: float) -> float:
    return round(_LEFT + _SIDE * value, 1)


def _y(value: float) -> float:
    return round(_TOP + _SIDE * (1 - value), 1)
