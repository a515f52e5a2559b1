"""The reader of FollowTheMoney ownership."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from stopship.model.stake import Interest
from stopship.model.values import Schema
from stopship.ownership.ftm import read_ftm


def entity(key: str, schema: str, **properties: Any) -> dict[str, Any]:
    return {"id": key, "schema": schema, "properties": properties}


def lines(*entities: Any) -> str:
    return "\n".join(json.dumps(e) for e in entities)


FIRM = entity(
    "f1",
    "Company",
    name=["Пример ООО", "Primer LLC"],
    jurisdiction=["ru"],
    ogrnCode=["1027700132195"],
    leiCode=["253400V1H6ART1UQ0N98"],
)
PERSON = entity(
    "p1",
    "Person",
    name=["Max Muster"],
    nationality=["de"],
    birthDate=["1970"],
    ethnicity=["x-secret"],
    religion=["x-secret"],
    political=["x-secret"],
    passportNumber=["x-secret"],
)
OWNS = entity(
    "o1", "Ownership", owner=["p1"], asset=["f1"], percentage=["51,5 %"], startDate=["2020"], endDate=["2023-06"]
)


def test_a_stake_with_its_ends(read) -> None:
    found = read(read_ftm, lines(OWNS, FIRM, PERSON))
    [stake] = found.stakes
    assert (stake.owner, stake.held, stake.share.low, stake.share.high) == ("ftm:p1", "ftm:f1", 51.5, 51.5)
    # Partial dates are taken so that the stake is in force longer.
    assert (stake.since, stake.until) == (date(2020, 1, 1), date(2023, 7, 1))
    firm = found.holders["ftm:f1"]
    assert firm.names == ("Пример ООО", "Primer LLC")
    assert firm.countries == ("RU",)
    assert firm.schema is Schema.COMPANY
    assert "x-secret" not in repr(found.records)


@pytest.mark.parametrize(
    ("printed", "low", "high", "known"),
    [
        ("100", 100, 100, True),
        ("25-50%", 25, 50, True),
        ("25 – 50", 25, 50, True),
        ("0.5", 0.5, 0.5, True),
        ("more than half", 0, 100, False),
        ("160", 0, 100, False),
        ("60-40", 0, 100, False),
    ],
)
def test_percentages(read, printed: str, low: float, high: float, known: bool) -> None:
    found = read(read_ftm, lines(entity("o", "Ownership", owner=["a"], asset=["b"], percentage=[printed])))
    [stake] = found.stakes
    assert (stake.share.low, stake.share.high, stake.share.known) == (low, high, known)
    assert bool(found.report.notes) is not known
    if not known:
        assert printed in stake.note


def test_directors_control_and_other_links_say_nothing(read) -> None:
    director = entity("d", "Directorship", director=["p1"], organization=["f1"])
    family = entity("x", "Family", person=["p1"], relative=["p2"])
    found = read(read_ftm, lines(director, family, OWNS))
    assert {s.interest for s in found.stakes} == {Interest.CONTROL, Interest.SHARES}
    assert sum(found.report.passed.values()) == 1


def test_several_owners_and_nested_entities(read) -> None:
    nested = entity("o", "Ownership", owner=["a", {"id": "c", "schema": "Person", "properties": {}}], asset=["b"])
    assert {s.owner for s in read(read_ftm, lines(nested)).stakes} == {"ftm:a", "ftm:c"}


def test_bad_rows(read) -> None:
    found = read(
        read_ftm,
        lines({"id": "x"}, entity("o", "Ownership", owner=["a"]), entity("p", "Person", birthDate=["?"])) + "\n{",
    )
    assert [row for row, _ in found.rejects] == [1, 2, 3, 4]
