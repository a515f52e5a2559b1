"""Orders made at random, against a dozen sentences of law that hold whatever else an order says.

The sentences are written here a second time, more simply than in the rulebook. They say how strict an answer must
be at least; no other party, owner, item or end use of the order may make it weaker.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rulebook.cases import read_rows

from stopship.model.order import read_order
from stopship.model.transaction import Exporter
from stopship.rules import Outcome, Rulebook, combine
from stopship.rules.examples import evaluate_example
from stopship.rules.outcome import Scope
from stopship.rules.rule import Example, Per, Rule

BOOK = Rulebook.load()
ROWS = read_rows()
CONSIGNEES = ("purchaser", "intermediate_consignee", "ultimate_consignee", "end_user")
ROLES = (*CONSIGNEES, "bank", "carrier", "vessel", "other")
EMBARGOED = ("CU", "IR", "KP", "SY")
PLACES = ("CN", "HK", "JP", "DE", "AE", "MX", "IN", "TR", "KZ", *EMBARGOED, "RU", "BY", "CA")
CODES = ("EAR99", "3A991", "6A993", "5A992.c", "5A980", "0A983", "2A983", "6A003.b.4.b", "9A610.x", None)
END_USES = (None, "office use", "resale", "school", "hospital", "oil well", "museum of nuclear physics")
ALL_ITEM_ROWS = ("hikvision", "dahua", "khan", "plant", "huawei", "inspur", "nso", "ymtc", "kaspersky", "xpcc")
BLOCKED = ("blue_sky", "gertler", "intellexa_sdn", "tupolev_sdn")
IN_744_8 = ("blue_sky", "tupolev_sdn")
OTHER_ROWS = ("unverified", "telecom", "isn", "debarred", "shenyang")


@st.composite
def orders(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], date]:
    """An order, its listed parties by number, and a day on which every drawn row is listed."""
    parties, listed = [], {}
    for number in range(draw(st.integers(1, 3))):
        role = draw(st.sampled_from(ROLES)) if number else draw(st.sampled_from(CONSIGNEES))
        party: dict[str, Any] = {
            "role": role,
            "name": f"Muster {number}",
            "country": draw(st.sampled_from(PLACES)),
        }
        if draw(st.booleans()):
            owner: dict[str, Any] = {"name": "Muster Holding", "share": draw(st.sampled_from(["10", "50", "100"]))}
            party["owners"] = [owner]
        row = draw(st.sampled_from((None, None, *ALL_ITEM_ROWS, *BLOCKED, *OTHER_ROWS, "nordic")))
        if row is not None:
            listed[str(number)] = row
        parties.append(party)
    items = []
    for _ in range(draw(st.integers(1, 2))):
        item: dict[str, Any] = {
            "eccn": draw(st.sampled_from(CODES)),
            "origin": draw(st.sampled_from([None, "US"])),
        }
        items.append({key: value for key, value in item.items() if value})
    seller = draw(st.sampled_from([("US", True), ("DE", False), ("DE", True), ("TR", False)]))
    order = {
        "direction": "export" if seller[0] == "US" else "reexport",
        "destination": draw(st.sampled_from(PLACES)),
        "exporter": {"country": seller[0], "us_person": "yes" if seller[1] else "no"},
        "end_use": draw(st.sampled_from(END_USES)),
        "parties": parties,
        "items": items,
    }
    day = date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 700)))
    return order, listed, day


def at_least(order: dict[str, Any], listed: dict[str, Any]) -> Outcome:
    """The weakest answer that the law allows, by the strictest of the sentences that hold.

    Every item here is of US origin, or of none stated, and so subject to the EAR.
    """
    us = order["exporter"]["us_person"] == "yes"
    place, codes = order["destination"], [item.get("eccn") for item in order["items"]]
    floors = [Outcome.CLEAR]
    for number, row in listed.items():
        consignee = order["parties"][int(number)]["role"] in CONSIGNEES
        if row in ALL_ITEM_ROWS:
            # 744.11: a license for all items, for a party of 748.5(c) to (f); else a red flag.
            floors.append(Outcome.LICENSE_REQUIRED if consignee else Outcome.CONDITIONS)
        if row in BLOCKED and us:
            floors.append(Outcome.PROHIBITED)  # 31 CFR Chapter V, in every role
        if row in IN_744_8 and consignee:
            floors.append(Outcome.LICENSE_REQUIRED)  # 744.8, whoever sells
        if row == "nordic":
            floors.append(Outcome.PROHIBITED)  # 764.3(a)(2), in every role
        if row in ("unverified", "telecom", "debarred"):
            floors.append(Outcome.CONDITIONS)
        if row == "isn":
            floors.append(Outcome.REVIEW)
        if row == "shenyang" and consignee and {"3A991", "6A993", "5A992.c"} & set(codes):
            floors.append(Outcome.LICENSE_REQUIRED)  # 744.21, Supplement No. 2
    if place in EMBARGOED:
        floors.append(Outcome.LICENSE_REQUIRED)  # Part 746, all items
    if place == "IR" and us:
        floors.append(Outcome.PROHIBITED)  # 31 CFR Part 560
    if place in ("RU", "BY"):
        on_list = any(code not in ("EAR99", None) for code in codes)
        floors.append(Outcome.LICENSE_REQUIRED if on_list else Outcome.INDETERMINATE)  # 746.8(a)
    if {"5A980", "0A983"} & set(codes):
        floors.append(Outcome.LICENSE_REQUIRED)  # 738.3(a)(1), all destinations
    if None in codes:
        floors.append(Outcome.INDETERMINATE)  # 738.4(a)(1)
    if "2A983" in codes and place in ("CN", "HK", "AE", "KZ"):
        floors.append(Outcome.INDETERMINATE)  # RS2 is marked; the chart may be left to a person
    if any(p["country"] in EMBARGOED for p in order["parties"]):
        floors.append(Outcome.REVIEW)
    return min(floors, key=lambda outcome: outcome.rank)


def answered(order: dict[str, Any], listed: dict[str, Any], day: date) -> tuple[Outcome, Any]:
    rows = {number: ROWS[row] for number, row in listed.items()}
    rule = Rule("plain.law", "", Per.ORDER, (), (), "plain law")
    found = evaluate_example(BOOK, rule, Example("made", day, order, rows, {}))
    transaction = read_order(order)
    assert (transaction.exporter or Exporter()).country == order["exporter"]["country"]
    outcome, scopes = combine(found.findings, transaction.direction)
    return outcome, scopes


@pytest.mark.slow
@settings(max_examples=800, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(orders())
def test_no_answer_is_weaker_than_the_plain_law(made: tuple[dict[str, Any], dict[str, Any], date]) -> None:
    order, listed, day = made
    outcome, scopes = answered(order, listed, day)
    floor = at_least(order, listed)
    assert outcome.rank <= floor.rank, f"{outcome} is weaker than {floor}: {order}, {listed}, {day}"
    if order["exporter"]["us_person"] == "yes" and set(listed.values()) & set(BLOCKED):
        assert scopes[Scope.FINANCE] is Outcome.PROHIBITED


def test_plain_law_can_be_free() -> None:
    """Not everything is restricted: the sentences let a plain order go, and so does the program."""
    order = {
        "destination": "JP",
        "exporter": {"country": "US", "us_person": "yes"},
        "parties": [{"role": "end_user", "name": "Muster KK", "country": "JP"}],
        "items": [{"eccn": "EAR99"}],
    }
    assert at_least(order, {}) is Outcome.CLEAR
    assert answered(order, {}, date(2026, 3, 1))[0] is Outcome.CLEAR
