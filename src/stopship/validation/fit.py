"""Fits the table of the scorer: log-odds by signal from labelled cases.

Logistic regression under bounds: what speaks for a match may not be given a weight against it, and what can't
differ in one party counts against it at least so much, however rarely the sample shows it. Weights are pulled
towards those that they had before, so that a signal which the sample doesn't hold keeps its own.

A case is a name that was looked up, with one row for each entry that it was compared with. As in use, its best row
decides, by the weights of the step: a customer's false hit weighs only while it is among the customer's best.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_STEPS, _FAST, _SLOW = 1200, 0.05, 0.01
# False hits are the worst ones only, in which all that both names have is common: without a pull towards the
# table before, by how much a signal varies, the fit would forget what the hits were found by.
_PULL = 2e-3
_SHARP = 2.0  # how fast the rows of a case that score less than its best one stop counting


def bounds_of(signs: Sequence[str]) -> tuple[Any, Any]:
    """The least and the most that each weight may be, from the signs of the table: "+", "-", "0", a number (the
    most) or two (`-1.2..0`)."""
    known = {"+": (0.0, np.inf), "-": (-np.inf, 0.0), "0": (-np.inf, np.inf)}
    bounds = []
    for sign in signs:
        least, _, most = sign.rpartition("..")
        bounds.append(known.get(sign) or (float(least or -np.inf), float(most)))
    return np.array([least for least, _ in bounds]), np.array([most for _, most in bounds])


def fit_log_odds(amounts: Any, case: Any, same: Any, shares: Any, before: Any, signs: Sequence[str]) -> Any:
    """The weights that make the sample most likely, by Adam (Kingma and Ba 2015) with projection on the bounds.

    Args:
        amounts: one row for each pair of names, one column for each weight.
        case: the case that each row is of: 0, 1, 2 ... ascending, none left out.
        same: for each case 1.0 where its rows are of one party, else 0.0.
        shares: how much each case counts; only their relation matters.
        before: the weights to begin with, and to stay near.
        signs: of the table, one for each weight.

    Raises:
        ValueError: the sample holds only one kind of cases, or cases are not in order.
    """
    if not 0 < float(np.sum(same)) < len(same):
        raise ValueError("a fit needs pairs of one party and pairs of two")
    first_row = np.flatnonzero(np.diff(case, prepend=-1))
    if len(first_row) != len(same) or not np.array_equal(case[first_row], np.arange(len(same))):
        raise ValueError("the rows of a fit must be in the order of their cases, and every case must have one")
    sizes = np.diff(first_row, append=len(case))
    least, most = bounds_of(signs)
    weights = np.clip(before, least, most).astype(np.float64)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    shares = shares / shares.sum()
    spread = np.maximum(np.repeat(shares / sizes, sizes) @ amounts**2, 4e-4)
    for step in range(1, _STEPS + 1):
        log_odds = amounts @ weights
        best = np.maximum.reduceat(log_odds, first_row)
        decides = np.exp(np.clip(_SHARP * (log_odds - np.repeat(best, sizes)), -40, 0))
        decides /= np.repeat(np.add.reduceat(decides, first_row), sizes)
        likely = 1 / (1 + np.exp(-np.clip(best, -30, 30)))
        slope = amounts.T @ (decides * np.repeat(shares * (likely - same), sizes))
        slope += _PULL * spread * (weights - before)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope * slope
        rate = _FAST if step < 0.6 * _STEPS else _SLOW
        weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
        weights = np.clip(weights, least, most)
    return weights
