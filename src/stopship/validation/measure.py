"""Figures of a benchmark: thresholds by alerts per 1,000 negatives, recall, precision, AUC, calibration."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nextafter


@dataclass(frozen=True, slots=True)
class Quality:
    """What a threshold gives: shares of 0 to 1."""

    precision: float
    recall: float
    f1: float


def threshold_for(negatives: Sequence[float], per_thousand: float) -> float:
    """The lowest threshold at which at most `per_thousand` of 1,000 negatives alert (score >= threshold).

    Conservative where scores are equal: of negatives with one score all alert or none. With fewer negatives than
    it takes to allow one alert, the threshold lies over them all.

    Raises:
        ValueError: no negatives, or a share that is not between 0 and 1,000.
    """
    if not negatives or not 0 <= per_thousand <= 1000:
        raise ValueError("a threshold needs negatives, and 0 to 1,000 alerts per 1,000")
    falling = sorted(negatives, reverse=True)
    allowed = int(len(falling) * per_thousand / 1000 + 1e-9)
    if allowed >= len(falling):
        return 0.0
    return nextafter(falling[allowed], inf)


def recall_at(positives: Sequence[float], threshold: float) -> float:
    """Share of the right entries' best scores that reach the threshold (0 stands for not found)."""
    return sum(score >= threshold for score in positives) / len(positives) if positives else 0.0


def quality_at(positives: Sequence[float], negatives: Sequence[float], threshold: float) -> Quality:
    """Precision, recall and F1 of the pooled cases, one right answer a positive, none a negative."""
    hits = sum(score >= threshold for score in positives)
    false = sum(score >= threshold for score in negatives)
    precision = hits / (hits + false) if hits + false else 0.0
    recall = hits / len(positives) if positives else 0.0
    return Quality(precision, recall, 2 * precision * recall / (precision + recall) if hits else 0.0)


def area_under_curve(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties counting half.

    Raises:
        ValueError: one of the two is empty.
    """
    if not positives or not negatives:
        raise ValueError("the area under the curve needs positives and negatives")
    rising = sorted(negatives)
    won = sum((bisect_left(rising, s) + bisect_right(rising, s)) / 2 for s in positives)
    return won / (len(positives) * len(rising))


def calibration(scored: Sequence[tuple[float, bool]], bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean score, share right, count) of every bin of equal width that holds a case, by rising score."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for score, right in scored:
        held[min(int(score * bins), bins - 1)].append((score, right))
    return [(sum(s for s, _ in b) / len(b), sum(r for _, r in b) / len(b), len(b)) for b in held if b]
