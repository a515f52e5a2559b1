"""The executed matrix: what the law says of hundreds of transactions, worked out by hand, against our answers."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.rulebook.cases import PARTS, MatrixCase, answer, problems, read_matrix, read_rows

from stopship.errors import OrderError
from stopship.rules import Rulebook
from stopship.rules.outcome import Outcome

BOOK = Rulebook.load()
CASES = read_matrix()


def _param(case: MatrixCase, waits: bool):
    marks = ()
    if waits:
        marks = (pytest.mark.xfail(strict=False, reason=f"waits for part {case.waits_for}"),)
    return pytest.param(case, id=f"{case.file.removesuffix('.yml')}:{case.id}", marks=marks)


@pytest.mark.parametrize("case", [_param(case, bool(case.waits_for)) for case in CASES])
def test_the_law_is_answered(case: MatrixCase) -> None:
    found = problems(BOOK, case)
    assert not found, case.says() + "".join(f"\n  {line}" for line in found)


@pytest.mark.parametrize(
    "case",
    [_param(case, case.false_clear) for case in CASES if case.outcomes and Outcome.CLEAR not in case.outcomes],
)
def test_nothing_is_clear_that_the_law_restricts(case: MatrixCase) -> None:
    """The one thing that must never happen, apart from what else an answer may have wrong."""
    try:
        got = answer(BOOK, case)
    except OrderError:
        return  # An order that is refused is not let go.
    assert got.outcome is not Outcome.CLEAR, f"FALSE CLEAR\n{case.says()}"


def test_the_matrix_is_large_and_its_ids_are_its_own() -> None:
    ids = [case.id for case in CASES]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert len(CASES) >= 170
    assert all(case.decides and case.because for case in CASES)
    assert all(case.outcomes or "error" in case.expect for case in CASES)
    assert {case.waits_for for case in CASES} <= {None, *PARTS}


def test_clear_stays_possible() -> None:
    """A program that never says clear is of no use: a good part of the matrix is free to go."""
    free = [case for case in CASES if case.outcomes == (Outcome.CLEAR,)]
    assert len(free) >= 40


MADE_UP = {"EXAMPLE DENIED PERSON", "PERSON, Example", "TWO LTD"}
SOURCES = {
    "us.el": "Entity List",
    "us.dpl": "Denied Persons",
    "us.uvl": "Unverified List",
    "us.meu": "Military End User",
    "us.sdn": "Specially Designated Nationals",
    "us.ssi": "Sectoral Sanctions",
    "us.cmic": "Chinese Military-Industrial",
    "us.cap": "Capta List",
    "us.mbs": "Menu-Based",
    "us.plc": "Palestinian Legislative",
    "us.isn": "Nonproliferation",
    "us.ddtc": "ITAR Debarred",
}


@pytest.mark.bigdata
def test_the_rows_are_as_the_list_prints_them(big_data: Path) -> None:
    path = big_data / "lists" / "us_csl" / "consolidated.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        printed = list(csv.DictReader(file))
    rows = [row for row in read_rows().values() if row.get("program") and row["name"] not in MADE_UP]
    assert len(rows) > 30
    for row in rows:
        same = [r for r in printed if r["name"] == row["name"] and SOURCES[row["program"]] in r["source"]]
        assert any(_as_printed(row, r) for r in same), row["name"]


def _as_printed(row: Mapping[str, Any], printed: Mapping[str, str]) -> bool:
    """Whether our copy of a row says the same; tags may be fewer. A name may stand on several rows."""
    columns = {
        "license_requirement": "license_requirement",
        "license_policy": "license_policy",
        "start": "start_date",
        "end": "end_date",
    }
    ours = {key: " ".join(row.get(key, "").split()) for key in columns}
    theirs = {key: " ".join(printed[column].split()) for key, column in columns.items()}
    return ours == theirs and set(row.get("tags", ())) <= {tag.strip() for tag in printed["programs"].split(";")}
