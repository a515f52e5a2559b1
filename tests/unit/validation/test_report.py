"""A run's files can be read back, its figures say what happened, and its report names versions and weaknesses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from stopship.validation.picture import calibration_svg
from stopship.validation.report import write_report
from stopship.validation.results import (
    CaseRow,
    NegativeRow,
    read_cases,
    read_negatives,
    write_cases,
    write_negatives,
)
from stopship.validation.summary import summarize


def case(class_: str, score: float, *, wrong: float = 0.0, expected: tuple[str, ...] = ("a", "b")) -> CaseRow:
    found = score > 0
    return CaseRow(
        "manipulated", class_, "Latin", "Company", f"Query | {class_}", expected, score, "medium" if found else "",
        score >= 0.8, 1 if found else 0, wrong, "Other <Co>" if wrong else "",
    )  # fmt: skip


def stranger(corpus: str, score: float) -> NegativeRow:
    return NegativeRow(
        corpus, "Latin", "Company", "Stranger, Inc.", score, "Listed" if score else "", score >= 0.8
    )


CASES = [
    case("typo", 0.95),
    case("typo", 0.85),
    case("acronym", 0.0, wrong=0.9),
    case("bureau", 0.9, expected=()),
]
STRANGERS = [
    stranger("companies", 0.9),
    *[stranger("persons", 0.0)] * 999,
    stranger("persons_zh", 0.99),
]


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_cases(tmp_path / "c.csv", CASES)
    write_negatives(tmp_path / "n.csv", STRANGERS)
    assert read_cases(tmp_path / "c.csv") == CASES
    assert read_negatives(tmp_path / "n.csv") == STRANGERS
    with pytest.raises(ValueError, match="columns"):
        read_cases(tmp_path / "n.csv")


def test_figures() -> None:
    found = summarize(CASES, STRANGERS, 0.8)
    assert found["customers"] == {"names": 1000, "alerts": 1, "per_thousand": 1.0}
    assert found["negatives"]["persons_zh"]["per_thousand"] == 1000
    assert found["nothing_expected"] == {"manipulated/bureau": {"names": 1, "alerts": 1}}
    typo, acronym = found["classes"]["manipulated/typo"], found["classes"]["manipulated/acronym"]
    assert (typo["cases"], typo["default"], typo["1"]) == (2, 1.0, 1.0)
    assert (acronym["default"], acronym["first"]) == (0.0, 0.0)
    assert found["manipulated"]["default"] == 0.5  # every class counts the same
    assert found["quality"]["precision"] == pytest.approx(2 / 3)
    assert found["quality"]["recall"] == pytest.approx(2 / 3)
    assert (pytest.approx(0.9), 0.0, 2) in found["calibration"] or found["calibration"]


def test_a_summary_needs_customers() -> None:
    with pytest.raises(ValueError, match="negatives"):
        summarize(CASES, [stranger("persons_zh", 0.1)], 0.8)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    write_cases(tmp_path / "cases.csv", CASES)
    write_negatives(tmp_path / "negatives.csv", STRANGERS)
    summary: dict[str, Any] = {
        "versions": {"scorer": "scorer-0"},
        "files": {"lists/list.csv.gz": "abc123"},
        "entries": 7,
        "part": "tune",
        "seed": 0,
        "quick": False,
        "sizes": {"per_class": 2, "verbatim": None},
        **summarize(CASES, STRANGERS, 0.8),
    }
    (tmp_path / "summary.json").write_text(json.dumps(summary), "utf-8")
    return tmp_path


def test_a_report_names_versions_hashes_and_weaknesses(run: Path) -> None:
    picture = write_report(run, run / "report.md")
    text = (run / "report.md").read_text("utf-8")
    assert picture.name in text
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")
    for expected in ("`scorer-0`", "`abc123`", "not fit for a claim", "Query \\| acronym", "Other &lt;Co>"):
        assert expected in text
    assert text.index("manipulated/acronym (0.000)") < text.index("manipulated/typo (1.000)")


def test_a_report_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text("[]", "utf-8")
    with pytest.raises(ValueError, match="not the summary"):
        write_report(tmp_path, tmp_path / "report.md")


def test_a_curve_without_hits_is_still_a_picture() -> None:
    assert "polyline" not in calibration_svg([])
