"""Refines the scorer's table for what it is used at: recall at thresholds that let few customers alert.

Logistic regression (`fit`) makes a sample likely; it takes pains over cases that no threshold will ever decide.
This moves its weights uphill on the figure that is reported: the share of right cases above the threshold that
lets 1, 2 or 5 of 1,000 customers alert, each class counting the same. The step of the threshold is smoothed (a
sigmoid), and the threshold itself moves with the customers nearest to it, so that raising every score gains
nothing. The idea is that of losses at a fixed rate of false alarms (Eban and others 2017, *Scalable learning of
non-decomposable objectives*); the optimizer is Adam (Kingma and Ba 2015) with projection on the table's bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stopship.validation.fit import bounds_of

# Alerts per 1,000 customers, and what recall there counts.
AT = ((1.0, 0.4), (2.0, 0.3), (5.0, 0.3))
_SOFT = 0.35  # log-odds over which a case passes from not found to found
_STEPS, _RATE = 600, 0.01
# A signal that few cases near a threshold show stays near the weight that it had.
_PULL = 1e-2
_NEWTON_STEPS = 25
NEVER = -9.0  # log-odds of a case that nothing was found for


@dataclass(frozen=True, slots=True)
class Sample:
    """Cases and the pairs of names that decide them: the best pair of a case does.

    `amounts` has one row for each pair and one column for each weight, `case` the number of its case. A pair
    scores `share` times the probability; its log-odds never exceed `most`. `fixed` are the log-odds of the score
    that a case has whatever the weights are (names that are the same), `NEVER` for none.
    """

    amounts: Any
    case: Any
    share: Any
    most: Any
    fixed: Any

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return len(self.fixed)

    def effective(self, weights: Any) -> tuple[Any, Any]:
        """The log-odds of the score of each pair, and how fast they rise with its sum of evidence."""
        evidence = np.minimum(self.amounts @ weights, self.most)
        probable = 1 / (1 + np.exp(-np.clip(evidence, -40, 40)))
        score = np.clip(self.share * probable, 1e-9, 0.9999)
        slope = (1 - probable) / (1 - score)
        slope[evidence >= self.most] = 0.0
        return np.log(score / (1 - score)), slope

    def best(self, weights: Any) -> tuple[Any, Any, Any]:
        """The log-odds of each case, the pair that decides it (-1: none), and the slopes of the pairs."""
        log_odds, slope = self.effective(weights)
        best = np.full(self.cases, NEVER)
        np.maximum.at(best, self.case, log_odds)
        rising = np.argsort(log_odds, kind="stable")
        decides = np.full(self.cases, -1)
        decides[self.case[rising]] = rising
        decides[best < self.fixed] = -1
        return np.maximum(best, self.fixed), decides, slope


def threshold_at(log_odds: Any, per_thousand: float) -> float:
    """The log-odds above which so many of 1,000 customers lie."""
    falling = np.sort(log_odds)[::-1]
    return float(falling[min(len(falling) - 1, int(len(falling) * per_thousand / 1000 + 1e-9))])


def refine(
    right: Sample, shares: Any, wrong: Sample, before: Any, signs: Sequence[str], *, steps: int = _STEPS
) -> Any:
    """The weights with the best soft recall near those that are given.

    Args:
        right: names of listed parties, spelled otherwise, with the pairs of the right entry.
        shares: how much each right case counts; they add up to 1.
        wrong: customers that are not listed, with their worst pairs.
        before: the weights to begin with, and to stay near.
        signs: of the table, one for each weight (`fit.bounds_of`).
    """
    least, most = bounds_of(signs)
    weights = np.clip(before, least, most).astype(np.float64)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    spread = np.maximum((right.amounts**2).mean(0), 4e-4)
    for step in range(1, steps + 1):
        slope = _PULL * spread * (weights - before) - _uphill(right, shares, wrong, weights)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope * slope
        rate = _RATE if step < 0.6 * steps else _RATE / 4
        weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
        weights = np.clip(weights, least, most)
    return weights


def spread_of(right: Sample, shares: Any, wrong: Sample, weights: Any, weight_of_wrong: float) -> float:
    """By how much all weights must be multiplied so that the log-odds are as far apart as the sample says: the
    slope of a logistic regression of the outcome on them (Platt 1999). The refinement looks at order only.

    `shares` of the right cases add up to 1; all customers count `weight_of_wrong`. Cases that nothing was found
    for say nothing.
    """
    found, customers = right.best(weights)[0], wrong.best(weights)[0]
    counted, counted_wrong = found > NEVER, customers > NEVER
    evidence = np.concatenate([found[counted], customers[counted_wrong]])
    same = np.concatenate([np.ones(counted.sum()), np.zeros(counted_wrong.sum())])
    counts = np.concatenate([shares[counted], np.full(counted_wrong.sum(), weight_of_wrong / wrong.cases)])
    columns = np.column_stack([evidence, np.ones_like(evidence)])
    line = np.array([1.0, 0.0])
    for _ in range(_NEWTON_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(columns @ line, -30, 30)))
        bend = columns.T @ (columns * (counts * likely * (1 - likely))[:, None]) + 1e-9 * np.eye(2)
        line -= np.linalg.solve(bend, columns.T @ (counts * (likely - same)))
    return float(line[0])


def _uphill(right: Sample, shares: Any, wrong: Sample, weights: Any) -> Any:
    """How soft recall grows with each weight."""
    found, decides, slope = right.best(weights)
    alerts, decides_wrong, slope_wrong = wrong.best(weights)
    total = np.zeros_like(weights)
    for per_thousand, counts in AT:
        at = threshold_at(alerts, per_thousand)
        near = _bump((found - at) / _SOFT) / _SOFT * shares
        near_wrong = _bump((alerts - at) / _SOFT)
        rise = _pull_of(right, decides, near, slope)
        rise_of_threshold = _pull_of(wrong, decides_wrong, near_wrong / near_wrong.sum(), slope_wrong)
        total += counts * (rise - near.sum() * rise_of_threshold)
    return total


def _bump(distance: Any) -> Any:
    """The slope of the sigmoid."""
    soft = 1 / (1 + np.exp(-np.clip(distance, -30, 30)))
    return soft * (1 - soft)


def _pull_of(sample: Sample, decides: Any, near: Any, slope: Any) -> Any:
    held = decides >= 0
    pairs = np.zeros(len(sample.case))
    pairs[decides[held]] = near[held] * slope[decides[held]]
    return pairs @ sample.amounts
