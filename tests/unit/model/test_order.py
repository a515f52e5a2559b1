"""Orders: every scalar is text first, every mistake is named with its place."""

from __future__ import annotations

from typing import Any

import pytest

from stopship.errors import OrderError
from stopship.model import Direction, Role, Schema, Share
from stopship.model.order import read_order

PARTY = {"role": "end_user", "name": "Example GmbH"}


def test_a_whole_order_is_read() -> None:
    order = read_order(
        {
            "date": "2026-03-01",
            "direction": "reexport",
            "destination": "cn",
            "end_use": "traffic monitoring",
            "exporter": {"country": "DE", "us_person": "false"},
            "parties": [
                {
                    **PARTY,
                    "schema": "company",
                    "country": "no",
                    "birth_date": "1965-10",
                    "identifiers": [{"type": "LEI", "value": "5299000"}],
                    "owners": [
                        {"name": "A", "share": "40-60", "owners": [{"name": "B", "share": 50}]},
                        {"name": "C"},
                    ],
                }
            ],
            "items": [
                {"eccn": "5e002", "hts": "8471.50", "origin": "us", "value": 12000, "us_content_percent": "40"}
            ],
            "facts": {"end_user.military": False},
            "licenses": [{"number": "D123456", "expires": "2027-01-31", "covers": ["item 0"]}],
        }
    )
    party = order.parties[0]
    assert (order.direction, order.destination) == (Direction.REEXPORT, "CN")
    assert order.exporter is not None
    assert not order.exporter.us_person
    assert (party.role, party.schema, party.country) == (Role.END_USER, Schema.COMPANY, "NO")
    assert party.identifiers[0].type == "lei"
    assert party.owners[0].share == Share(40, 60)
    assert party.owners[0].owners[0].share == Share(50, 50)
    assert party.owners[1].share is not None
    assert not party.owners[1].share.known
    assert order.items[0].eccn == "5E002"
    assert order.fact("end_user.military") == "false"
    assert [path for _n, path, _who in order.everyone()] == [None, "0", "0.0", "1"]


def test_only_parties_is_required() -> None:
    order = read_order({"parties": [PARTY]})
    assert order.items == ()
    assert order.direction is Direction.EXPORT
    assert order.date is None


def test_an_unknown_schema_is_a_legal_entity_with_a_warning() -> None:
    order = read_order({"parties": [{**PARTY, "schema": "Firm"}]})
    assert order.parties[0].schema is Schema.LEGAL_ENTITY
    assert "Firm" in order.warnings[0]


def test_the_order_is_kept_as_it_was_given() -> None:
    plain = {"parties": [{**PARTY, "owners": [{"name": "A", "share": 60}]}]}
    assert read_order(plain).given == plain


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ([], "expected fields"),
        ({}, "at least one party"),
        ({"parties": []}, "at least one party"),
        ({"parties": [PARTY], "desination": "CN"}, "Did you mean destination?"),
        ({"parties": [{**PARTY, "ethnicity": "x"}]}, "unknown field 'ethnicity'"),
        ({"parties": [{**PARTY, "share": 50}]}, "unknown field 'share'"),
        ({"parties": [{"name": "A"}]}, "needs a role"),
        ({"parties": [{"role": "enduser", "name": "A"}]}, "parties[0].role: 'enduser' is not a role"),
        ({"parties": [{"role": "bank"}]}, "a name, an address or an identifier"),
        ({"parties": [{**PARTY, "country": "Germany"}]}, "parties[0].country"),
        ({"parties": [{**PARTY, "owners": [{"name": "A", "share": 120}]}]}, "parties[0].owners[0].share"),
        ({"parties": [{**PARTY, "owners": "A"}]}, "expected a list"),
        (
            {"parties": [{**PARTY, "owners": [{"name": "A", "share": 90}, {"name": "B", "share": 90}]}]},
            "180 percent",
        ),
        ({"parties": [{**PARTY, "name": "!!!"}]}, "no letter and no digit"),
        ({"parties": [PARTY], "date": "01.03.2026"}, "date: '01.03.2026'"),
        ({"parties": [PARTY], "items": [{"eccn": "6A99"}]}, "items[0].eccn"),
        ({"parties": [PARTY], "items": [{"value": "lots"}]}, "items[0].value"),
        ({"parties": [PARTY], "items": [{"value": "nan"}]}, "out of range"),
        ({"parties": [PARTY], "items": [{"us_content_percent": 140}]}, "out of range"),
        ({"parties": [PARTY], "direction": "sideways"}, "is not a direction"),
        ({"parties": [{**PARTY, "name": "x" * 20_000}]}, "too many"),
        ({"parties": [{**PARTY, "name": ["A"]}]}, "expected one value"),
        ({"parties": [{**PARTY, "name": "Muster\ud800"}]}, "not Unicode text"),
        ({"parties": [PARTY], "facts": {"a\ud800": "true"}}, "surrogate"),
        ({"parties": [{**PARTY, "name": 10**25}]}, "64 bits"),
        ({"parties": [PARTY], "exporter": {"us_person": "perhaps"}}, "neither true nor false"),
        ({"parties": [PARTY], "licenses": [{"covers": []}]}, "needs its number"),
    ],
)
def test_bad_orders_are_refused_in_one_line_that_names_the_place(plain: Any, words: str) -> None:
    with pytest.raises(OrderError) as caught:
        read_order(plain, where="order.yaml")
    line = str(caught.value)
    assert words in line
    assert "\n" not in line
    assert line.startswith("order.yaml")


def test_owners_nest_but_not_without_end() -> None:
    nested: dict[str, Any] = {"name": "top"}
    for _ in range(40):
        nested = {"name": "tier", "owners": [nested]}
    with pytest.raises(OrderError, match="tiers"):
        read_order({"parties": [{**PARTY, "owners": [nested]}]})
