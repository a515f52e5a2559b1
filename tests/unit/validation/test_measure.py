"""Thresholds are exact about ties, and never let more alert than said."""

from __future__ import annotations

import pytest

from stopship.validation.measure import area_under_curve, calibration, quality_at, recall_at, threshold_for


def test_no_more_alert_than_allowed_and_ties_stay_together() -> None:
    negatives = [0.9] * 3 + [0.5] * 997
    assert recall_at(negatives, threshold_for(negatives, 2)) == 0
    assert recall_at(negatives, threshold_for(negatives, 3)) == 0.003
    assert recall_at(negatives, threshold_for(negatives, 5)) == 0.003
    assert recall_at([0.8], threshold_for(negatives, 5)) == 1
    assert threshold_for(negatives, 1000) == 0


def test_few_negatives_allow_no_alert() -> None:
    assert threshold_for([0.3, 0.7], 5) > 0.7


@pytest.mark.parametrize(("negatives", "share"), [([], 5), ([0.1], -1), ([0.1], 1001)])
def test_a_threshold_needs_negatives_and_a_share(negatives: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        threshold_for(negatives, share)


def test_quality_area_and_calibration() -> None:
    found = quality_at([0.9, 0.2], [0.9, 0.1], 0.5)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    assert area_under_curve([0.9, 0.5], [0.5, 0.1]) == 0.875
    assert calibration([(1.0, True), (0.95, False), (0.05, False)]) == [(0.05, 0, 1), (0.975, 0.5, 2)]
