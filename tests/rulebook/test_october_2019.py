"""The 28 entities of 84 FR 54002, each with a camera, a server, an explosives detector and an encryption library.

What each row says stands in `october-2019.tsv`, carried over from the official rows; the program answers from its
starter list, through the whole screener.
"""

from __future__ import annotations

import csv
import gzip
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from stopship.app.indexes import starter_index, starter_list
from stopship.model.order import read_order
from stopship.model.values import NameKind
from stopship.rules import Rulebook
from stopship.rules.outcome import Outcome, Scope
from stopship.screening import Decision, Screener

ITEMS = {"camera": "6A993", "server": "EAR99", "detector": "2A983", "library": "5D992"}
POLICIES = {"denial": "presumption_of_denial", "case": "case_by_case"}
TODAY = date(2026, 3, 1)
LISTED_ON = date(2019, 10, 9)
DAY_BEFORE = date(2019, 10, 8)


def _table() -> list[dict[str, str]]:
    lines = (Path(__file__).parent / "october-2019.tsv").read_text("utf-8").splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


ROWS = _table()
PAIRS = [pytest.param(row, item, id=f"{row['name']}: {item}") for row in ROWS for item in ITEMS]


@cache
def screener() -> Screener:
    return Screener(starter_index(), Rulebook.load())


def sale(name: str, *eccns: str, day: date = TODAY, **more: object) -> Decision:
    """A sale of these items to somebody in China; with `more`, of items made abroad, by a seller abroad."""
    party = {"role": "end_user", "name": name, "country": "CN"}
    order: dict[str, object] = {
        "destination": "CN",
        "parties": [party],
        "items": [{"eccn": e, **more} for e in eccns],
    }
    if more:
        order |= {"direction": "reexport", "exporter": {"country": "TW", "us_person": "no"}}
    return screener().screen(read_order(order), as_of=day)


def of_the_list(decision: Decision) -> list:
    return [d.finding for d in decision.findings if d.finding.program == "us.el"]


def requirements(decision: Decision, name: str) -> list:
    """What the row itself requires: findings on the Entity List entry of exactly this name."""
    found = [f for f in of_the_list(decision) if f.listing is not None and f.listing.name == name]
    return [f for f in found if f.rule == "us.ear.744.entity-list"]


def test_the_table_holds_the_28() -> None:
    assert len(ROWS) == len({row["name"] for row in ROWS}) == 28
    assert [row["name"] for row in ROWS if row["detector"] == "denial"] == ["Dahua Technology"]
    assert sum(row["footnote"] == "4" for row in ROWS) == 5
    assert {row["notice"] for row in ROWS} == {"84 FR 54002", "84 FR 54004"}
    assert {row["name"] for row in ROWS} == {entity.caption for entity in starter_list().entities}


@pytest.mark.parametrize(("row", "item"), PAIRS)
def test_a_license_is_required_under_the_policy_that_the_row_prints(row: dict[str, str], item: str) -> None:
    decision = sale(row["name"], ITEMS[item])
    assert decision.outcome is Outcome.LICENSE_REQUIRED
    assert decision.outcomes_by_scope[Scope.EXPORT] is Outcome.LICENSE_REQUIRED
    assert decision.outcomes_by_scope[Scope.FINANCE] is Outcome.CLEAR
    [finding] = requirements(decision, row["name"])
    assert finding.outcome is Outcome.LICENSE_REQUIRED
    assert finding.review_policy == POLICIES[row[item]]
    assert finding.match == "confirmed"
    assert finding.status == "in_force"
    assert row["notice"] in {c.text for c in finding.citations}
    assert "15 CFR 744.11" in {c.text for c in finding.citations}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_the_day_before_the_entity_list_says_nothing(row: dict[str, str]) -> None:
    assert of_the_list(sale(row["name"], *ITEMS.values(), day=DAY_BEFORE)) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_from_the_first_day_it_does(row: dict[str, str]) -> None:
    decision = sale(row["name"], *ITEMS.values(), day=LISTED_ON)
    assert decision.outcome is Outcome.LICENSE_REQUIRED
    found = {finding.item: finding.review_policy for finding in requirements(decision, row["name"])}
    assert found == {number: POLICIES[row[item]] for number, item in enumerate(ITEMS)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_footnote_4_reaches_what_is_made_abroad(row: dict[str, str]) -> None:
    """A server from Taiwan without US content: open where the row prints footnote 4, else not under the EAR."""
    decision = sale(row["name"], "EAR99", origin="TW", us_content_percent=0)
    effective = [f for f in requirements(decision, row["name"]) if f.effective]
    if not row["footnote"]:
        assert effective == []
        return
    [finding] = effective
    assert finding.outcome is Outcome.INDETERMINATE
    assert set(finding.missing_facts) & {"item.0.subject_to_ear", "item.0.direct_product_footnote_4"}
    assert "734.9(e)(2)" in finding.text


def test_every_printed_name_of_the_28_stops_the_sale() -> None:
    """Aliases too; what the list marks weak would not count alone, and none of these is marked."""
    freed = []
    for entity in starter_list().entities:
        for name in entity.names:
            assert name.kind in (NameKind.PRIMARY, NameKind.ALIAS, NameKind.FORMER)
            found = of_the_list(sale(name.text, "EAR99"))
            if not any(f.effective and f.entity_id == entity.id for f in found):
                freed.append(name.text)
    assert freed == []


@pytest.mark.bigdata
def test_the_table_is_what_the_list_prints(big_data: Path) -> None:
    path = big_data / "lists" / "us_csl" / "consolidated.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        printed = {r["name"]: r for r in csv.DictReader(file) if r["source"].startswith("Entity List")}
    for row in ROWS:
        found = printed[row["name"]]
        assert found["federal_register_notice"].startswith(row["notice"])
        assert found["start_date"] == LISTED_ON.isoformat()
        # EAR99 stands in the policy only with the Note to 1A995, which no server is described in.
        named = {item for item, eccn in ITEMS.items() if eccn != "EAR99" and eccn in found["license_policy"]}
        assert named == {item for item in ITEMS if row[item] == "case"}
        assert "presumption of denial" in found["license_policy"].lower()
        assert found["license_requirement"].endswith("4") is bool(row["footnote"])
        assert found["license_requirement"].lower().startswith("for all items subject to the ear")
