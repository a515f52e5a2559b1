"""The refinement of the table: recall at few alerts rises, bounds hold, and its score is the kernels' own."""

from __future__ import annotations

import numpy as np
import pytest

from stopship.matching.kernels import columns as k
from stopship.matching.kernels.scores import graded
from stopship.validation.refine import NEVER, Sample, refine, spread_of, threshold_at


def sample(amounts: np.ndarray, case: np.ndarray, cases: int) -> Sample:
    rows = len(amounts)
    return Sample(amounts, case, np.full(rows, 0.95), np.full(rows, np.inf), np.full(cases, NEVER))


def mixed(seed: int = 3) -> tuple[Sample, Sample]:
    """Right cases are told from customers by the second signal; the third one says nothing."""
    rng = np.random.default_rng(seed)
    right = np.column_stack([np.ones(800), rng.normal(2, 1, 800), rng.normal(0, 1, 800)])
    wrong = np.column_stack([np.ones(3000), rng.normal(0, 1, 3000), rng.normal(0, 1, 3000)])
    return sample(right, np.arange(800), 800), sample(wrong, np.arange(3000), 3000)


def recall(right: Sample, wrong: Sample, weights: np.ndarray, per_thousand: float) -> float:
    at = threshold_at(wrong.best(weights)[0], per_thousand)
    return float(np.mean(right.best(weights)[0] > at))


def test_recall_at_few_alerts_rises() -> None:
    right, wrong = mixed()
    before = np.array([0.0, 0.3, 1.0])
    after = refine(right, np.full(800, 1 / 800), wrong, before, ["0", "0", "0"], steps=300)
    assert recall(right, wrong, after, 5) > recall(right, wrong, before, 5) + 0.1
    assert after[1] > abs(after[2])


def test_bounds_hold() -> None:
    right, wrong = mixed()
    after = refine(right, np.full(800, 1 / 800), wrong, np.array([0.0, 0.3, 1.0]), ["0", "-", "+"], steps=50)
    assert after[1] <= 0
    assert after[2] >= 0


def test_the_best_pair_of_a_case_decides() -> None:
    two = sample(np.array([[1.0], [2.0], [-1.0]]), np.array([0, 0, 2]), 3)
    best, decides, _slope = two.best(np.array([1.0]))
    assert decides.tolist() == [1, -1, 2]
    assert best[1] == NEVER
    assert best[0] > best[2]


def test_what_is_fixed_is_not_moved() -> None:
    rows = sample(np.array([[1.0], [2.0]]), np.array([0, 1]), 2)
    fixed = Sample(rows.amounts, rows.case, rows.share, rows.most, np.array([3.0, NEVER]))
    best, decides, _slope = fixed.best(np.array([1.0]))
    assert best[0] == 3.0
    assert decides.tolist() == [-1, 1]


@pytest.mark.parametrize("says", [0.0, 1.2, 5.0])
@pytest.mark.parametrize("known", [0, k.IS_PERSON, k.IS_PART])
@pytest.mark.parametrize("evidence", [-3.0, 0.0, 2.5])
def test_the_score_is_that_of_the_kernels(says: float, known: int, evidence: float) -> None:
    amounts = [0.0] * k.SIGNALS
    amounts[k.S_SAYS] = says
    share = k.HIGHEST * (1 - k.GRADED + k.GRADED * min(1.0, says / k.SAYS_ALL))
    share *= k.PART if known & k.IS_PART else 1.0
    one = Sample(np.array([[1.0]]), np.array([0]), np.array([share]), np.array([np.inf]), np.array([NEVER]))
    log_odds, _slope = one.effective(np.array([evidence]))
    assert 1 / (1 + np.exp(-log_odds[0])) == pytest.approx(graded(evidence, amounts, known))


def test_a_step_uphill_is_uphill() -> None:
    """The slope of a pair's log-odds is what a small change of the evidence makes of it."""
    one = sample(np.array([[1.0]]), np.array([0]), 1)
    low, slope = one.effective(np.array([0.5]))
    high, _slope = one.effective(np.array([0.501]))
    assert (high[0] - low[0]) / 0.001 == pytest.approx(slope[0], rel=1e-2)


def test_log_odds_are_spread_as_the_sample_says() -> None:
    """Evidence that was divided by three is multiplied by about three."""
    rng = np.random.default_rng(5)
    log_odds = rng.normal(0, 2, 6000)
    same = rng.random(6000) < 1 / (1 + np.exp(-log_odds))
    of_right = Sample(log_odds[same][:, None] / 3, *_plain(int(same.sum())))
    of_wrong = Sample(log_odds[~same][:, None] / 3, *_plain(int((~same).sum())))
    right = same.sum()
    found = spread_of(of_right, np.full(right, 1 / right), of_wrong, np.array([1.0]), (~same).sum() / right)
    assert found == pytest.approx(3, rel=0.15)


def _plain(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    return np.arange(rows), np.full(rows, 0.9999), np.full(rows, np.inf), np.full(rows, NEVER)
