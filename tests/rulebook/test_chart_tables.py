"""Every plain mark of the Country Chart against our answer, read a second time and more simply.

Of the Commerce Control List only what can't be misread is taken: a reason for control that "applies to entire
entry" in one column of the chart. Such an entry needs a license wherever the column has an X, whatever else it
prints; and an entry that prints nothing else needs none where no column has one.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stopship.model.order import read_order
from stopship.model.transaction import Exporter
from stopship.rules import Outcome, Rulebook, combine, evaluate
from stopship.sources.countries import country_code

pytestmark = pytest.mark.bigdata

DAY = date(2026, 8, 1)
WHOLE = re.compile(r"(?P<reason>[A-Z]{2}) appl(?:y|ies) to (?:the )?entire entry\.?$")
COLUMN = re.compile(r"(?P<reason>[A-Z]{2}) Column (?P<number>[123])\.?$")
CHART_NAMES = {
    "Congo (Democratic Republic of the)": "CD",
    "Congo (Republic of the)": "CG",
    "Micronesia (Federated State of)": "FM",
    "Seycheles": "SC",
    "Sint Maarten (the Dutch two-fifths of the island of Saint Martin)": "SX",
    "South Sudan, Republic of": "SS",
}
OTHER_LAW = {"US", "RU", "BY"}
"""Destinations that the chart alone doesn't decide; the embargoed ones have no row among the countries."""
FOOTNOTE_10 = re.compile(r"0[ADE]50[0-9]")
"""Firearms: the chart's footnote adds Australia and the United Kingdom."""


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="module")
def marks(big_data: Path) -> dict[str, frozenset[str]]:
    """ISO code -> columns with an X, "NS 2"."""
    chart = json.loads((big_data / "law" / "country_chart.json").read_text("utf-8"))
    found = {}
    for name, row in chart["countries"].items():
        code = CHART_NAMES.get(name) or country_code(name)
        assert code, f"the chart's row {name!r} has no code"
        found[code] = frozenset(row["marks"])
    return {code: row for code, row in found.items() if code not in OTHER_LAW}


@pytest.fixture(scope="module")
def entries(big_data: Path) -> list[tuple[str, frozenset[str], bool]]:
    """ECCN, the columns that hold for the entire entry, and whether that is all it prints."""
    with gzip.open(big_data / "law" / "ccl.json.gz", "rt", encoding="utf-8") as file:
        listed = json.load(file)["entries"]
    return [found for entry in listed if (found := _entry(entry)) is not None]


def _entry(entry: dict[str, Any]) -> tuple[str, frozenset[str], bool] | None:
    columns, plain = set(), bool(entry["countryChart"])
    for row in entry["countryChart"]:
        whole = WHOLE.match((row["control"] or "").strip())
        column = COLUMN.match((row["countryChart"] or "").strip())
        if whole and column and whole["reason"] == column["reason"]:
            columns.add(f"{column['reason']} {column['number']}")
        else:
            plain = False
    reasons = set(re.findall(r"\b[A-Z]{2}\b", entry["reasonForControl"] or ""))
    plain = plain and reasons == {column[:2] for column in columns}
    return (entry["eccn"], frozenset(columns), plain) if columns else None


def _outcome(book: Rulebook, eccn: str, destination: str) -> Outcome:
    party = {"role": "end_user", "name": "Muster Ltd", "country": destination}
    order = read_order({"destination": destination, "parties": [party], "items": [{"eccn": eccn}]})
    found = evaluate(book, order, [], as_of=DAY, exporter=Exporter())
    return combine(found.findings, order.direction)[0]


def _pairs(marks: dict[str, frozenset[str]], entries: list[Any]) -> Iterator[tuple[str, str, bool, bool]]:
    """Each entry with a tenth of the countries, another tenth for the next entry, so that all meet all columns."""
    codes = sorted(marks)
    for number, (eccn, columns, plain) in enumerate(entries):
        for destination in codes[number % 10 :: 10]:
            yield eccn, destination, bool(columns & marks[destination]), plain


@pytest.mark.slow
def test_every_plain_mark_is_answered(
    book: Rulebook, marks: dict[str, frozenset[str]], entries: list[tuple[str, frozenset[str], bool]]
) -> None:
    if _outcome(book, "3A981", "CN") is not Outcome.LICENSE_REQUIRED:
        pytest.skip("this rulebook holds no chart: CC1 of 3A981 for China is not decided")
    assert len(entries) > 300
    assert len(marks) > 180
    freed, overdone, asked = [], [], 0
    for eccn, destination, marked, plain in _pairs(marks, entries):
        got = _outcome(book, eccn, destination)
        asked += 1
        if marked and got is not Outcome.LICENSE_REQUIRED:
            freed.append(f"{eccn} -> {destination}: {got}")
        footnote = FOOTNOTE_10.match(eccn) and destination in ("AU", "GB")
        if plain and not marked and not footnote and got is not Outcome.CLEAR:
            overdone.append(f"{eccn} -> {destination}: {got}")
    assert asked > 5000
    assert freed == [], f"{len(freed)} marks without a license, e.g. {freed[:10]}"
    assert overdone == [], f"{len(overdone)} plain entries that are free by the chart, e.g. {overdone[:10]}"
