"""The fit of the table: known log-odds are found again, and its bounds hold."""

from __future__ import annotations

import numpy as np
import pytest

from stopship.validation.fit import bounds_of, fit_log_odds


def sample(weights: list[float], rows: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    amounts = np.column_stack([np.ones(rows), rng.random((rows, len(weights) - 1)) * 2])
    same = rng.random(rows) < 1 / (1 + np.exp(-amounts @ np.array(weights)))
    return amounts, same.astype(float)


def test_known_log_odds_are_found_again() -> None:
    amounts, same = sample([-2.0, 3.0, -1.0])
    found = fit_log_odds(amounts, np.arange(len(same)), same, np.ones(len(same)), np.zeros(3), ["0", "+", "-"])
    assert found == pytest.approx([-2.0, 3.0, -1.0], abs=0.35)


def test_a_sign_is_never_turned() -> None:
    amounts, same = sample([-2.0, 3.0, -1.0])
    found = fit_log_odds(amounts, np.arange(len(same)), same, np.ones(len(same)), np.zeros(3), ["0", "-", "+"])
    assert found[1] == 0.0
    assert found[2] == 0.0


def test_a_bound_holds_where_the_sample_says_less() -> None:
    amounts, same = sample([-2.0, 3.0, -1.0])
    found = fit_log_odds(amounts, np.arange(len(same)), same, np.ones(len(same)), np.zeros(3), ["0", "+", "-4"])
    assert found[2] == -4.0


def test_bounds() -> None:
    least, most = bounds_of(["+", "-", "0", "-2.5", "-1.2..0"])
    assert least.tolist() == [0.0, -np.inf, -np.inf, -np.inf, -1.2]
    assert most.tolist() == [np.inf, 0.0, np.inf, -2.5, 0.0]


def test_one_kind_of_pairs_is_no_sample() -> None:
    with pytest.raises(ValueError, match="two"):
        fit_log_odds(np.ones((3, 1)), np.arange(3), np.ones(3), np.ones(3), np.zeros(1), ["0"])


def test_the_best_row_of_a_case_decides() -> None:
    amounts, same = sample([-2.0, 3.0, -1.0])
    # A second row of each case that no weights under these bounds could make the better one.
    worse = amounts + np.array([0.0, -4.0, 4.0])
    case = np.repeat(np.arange(len(same)), 2)
    rows = np.stack([amounts, worse], axis=1).reshape(-1, 3)
    found = fit_log_odds(rows, case, same, np.ones(len(same)), np.array([-1.0, 1.0, -0.5]), ["0", "+", "-"])
    assert found == pytest.approx([-2.0, 3.0, -1.0], abs=0.5)


def test_cases_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        fit_log_odds(np.ones((2, 1)), np.array([1, 0]), np.array([1.0, 0.0]), np.ones(2), np.zeros(1), ["0"])
