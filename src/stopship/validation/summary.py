"""The figures of a run: thresholds by alerts, recall by class and script, precision, area, calibration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import fmean
from typing import Any

from stopship.validation.measure import (
    area_under_curve,
    calibration,
    quality_at,
    recall_at,
    threshold_for,
)
from stopship.validation.results import CaseRow, NegativeRow

PER_THOUSAND = (1, 2, 5, 10)
# The corpora that look like a trader's customers set the thresholds; the others are reported apart.
CUSTOMERS = ("companies", "persons")


def summarize(cases: Sequence[CaseRow], negatives: Sequence[NegativeRow], threshold: float) -> dict[str, Any]:
    """All figures of a run as plain data, ready for JSON.

    A case is found where the right entry is among the alerts: at the default threshold as the matcher says, at
    another by its score.

    Raises:
        ValueError: there is no customer among the negatives.
    """
    customers = [row for row in negatives if row.corpus in CUSTOMERS]
    scores = [row.score for row in customers]
    thresholds = {str(n): threshold_for(scores, n) for n in PER_THOUSAND}
    positives = [row for row in cases if row.expected_ids]
    manipulated = [row for row in positives if row.set == "manipulated"]
    return {
        "threshold": threshold,
        "thresholds": thresholds,
        "negatives": _alerts(negatives, lambda row: row.corpus),
        "customers": _alerts(customers, lambda _row: "customers").get("customers"),
        "nothing_expected": _alerts_of_cases([row for row in cases if not row.expected_ids]),
        "classes": _recalls(positives, lambda row: f"{row.set}/{row.class_}", thresholds),
        "scripts": _recalls(positives, lambda row: row.script, thresholds),
        "manipulated": _mean(_recalls(manipulated, lambda row: row.class_, thresholds)),
        "quality": _quality(manipulated, customers, threshold),
        "auc": _area(manipulated, scores),
        "auc_by_class": {
            class_: _area([row for row in positives if f"{row.set}/{row.class_}" == class_], scores)
            for class_ in dict.fromkeys(f"{row.set}/{row.class_}" for row in positives)
        },
        "calibration": calibration(_hits(manipulated, customers)),
    }


def _alerts(rows: Sequence[NegativeRow], key: Callable[[NegativeRow], str]) -> dict[str, dict[str, float]]:
    groups: dict[str, list[NegativeRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return {
        name: {
            "names": len(group),
            "alerts": sum(row.alert for row in group),
            "per_thousand": 1000 * sum(row.alert for row in group) / len(group),
        }
        for name, group in groups.items()
    }


def _alerts_of_cases(rows: Sequence[CaseRow]) -> dict[str, dict[str, float]]:
    groups: dict[str, list[CaseRow]] = {}
    for row in rows:
        groups.setdefault(f"{row.set}/{row.class_}", []).append(row)
    return {
        name: {"names": len(group), "alerts": sum(row.alert for row in group)} for name, group in groups.items()
    }


def _recalls(
    rows: Iterable[CaseRow], key: Callable[[CaseRow], str], thresholds: dict[str, float]
) -> dict[str, dict[str, float]]:
    groups: dict[str, list[CaseRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return {
        name: {
            "cases": len(group),
            "default": sum(row.alert for row in group) / len(group),
            "first": sum(row.rank == 1 for row in group) / len(group),
            **{n: recall_at([row.score for row in group], at) for n, at in thresholds.items()},
        }
        for name, group in groups.items()
    }


def _mean(recalls: dict[str, dict[str, float]]) -> dict[str, float]:
    """Every class counts the same, whatever its number of cases."""
    if not recalls:
        return {}
    columns = next(iter(recalls.values()))
    return {
        column: (sum if column == "cases" else fmean)(recall[column] for recall in recalls.values())
        for column in columns
    }


def _quality(cases: Sequence[CaseRow], customers: Sequence[NegativeRow], threshold: float) -> dict[str, float]:
    if not cases:
        return {}
    # As alerts say, not scores: an exact name alerts whatever its score.
    found = quality_at([float(row.alert) for row in cases], [float(row.alert) for row in customers], 1.0)
    return {"precision": found.precision, "recall": found.recall, "f1": found.f1, "threshold": threshold}


def _area(cases: Sequence[CaseRow], scores: Sequence[float]) -> float | None:
    return area_under_curve([row.score for row in cases], scores) if cases and scores else None


def _hits(cases: Sequence[CaseRow], customers: Sequence[NegativeRow]) -> list[tuple[float, bool]]:
    """The best hit of each query, and whether it is right; queries that found nothing have none."""
    best = [(max(row.score, row.wrong_score), row.score >= row.wrong_score) for row in cases]
    best += [(row.score, False) for row in customers]
    return [hit for hit in best if hit[0] > 0]
