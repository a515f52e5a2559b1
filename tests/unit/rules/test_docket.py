"""The docket leaves out only what the conditions would refuse at once: no result depends on it."""

from __future__ import annotations

import copy
from datetime import date

import pytest

from stopship.model.values import Direction
from stopship.rules import docket
from stopship.rules.examples import evaluate_prepared, prepare
from stopship.rules.rule import Per


@pytest.fixture(scope="module")
def prepared(book):
    return [prepare(rule, example) for rule in book.rules for example in rule.examples]


def test_with_every_rule_asked_the_answers_are_the_same(book, prepared, monkeypatch):
    before = [evaluate_prepared(book, example) for example in prepared]
    monkeypatch.setattr(docket, "may_hold", lambda *_: True)
    whole = copy.copy(book)
    whole.__dict__.pop("docket", None)
    assert [evaluate_prepared(whole, example) for example in prepared] == before


def test_it_forgets_when_it_holds_too_much(book, monkeypatch):
    monkeypatch.setattr(docket, "MOST_KEPT", 2)
    small = docket.Docket(book.rules)
    days = [date(2026, 1, day) for day in range(1, 6)]
    first = [small.asked(Per.ITEM, day, Direction.EXPORT, "CN", "US") for day in days]
    assert [small.asked(Per.ITEM, day, Direction.EXPORT, "CN", "US") for day in days] == first
    assert first[0]
    assert len(small._found) <= 2


def test_it_asks_by_day_direction_destination_and_program(book):
    day = date(2026, 3, 1)

    def ids(per, direction, destination, program=None, exporter="US"):
        return {rule.id for rule, _ in book.docket.asked(per, day, direction, destination, exporter, program)}

    assert "us.ear.746.iran" in ids(Per.ITEM, Direction.EXPORT, "IR") | ids(Per.ORDER, Direction.EXPORT, "IR")
    assert "us.ear.746.iran" not in ids(Per.ITEM, Direction.EXPORT, "CN") | ids(Per.ORDER, Direction.EXPORT, "CN")
    assert "us.ofac.sdn" in ids(Per.MATCH, Direction.EXPORT, "CN", "us.sdn")
    assert "us.ofac.sdn" not in ids(Per.MATCH, Direction.EXPORT, "CN", "us.dpl")
    assert "any.other-programs" in ids(Per.MATCH, Direction.EXPORT, "CN", "us.dpl")
    items = ids(Per.ITEM, Direction.EXPORT, "CN", exporter="DE")
    assert "eu.dual-use.control-list" in items
    assert "eu.dual-use.control-list" not in ids(Per.ITEM, Direction.EXPORT, "CN")
    assert "eu.sanctions.asset-freeze" in ids(Per.MATCH, Direction.EXPORT, "CN", "eu.fsf")  # a list is told to all


def test_the_law_of_other_sellers_adds_assumptions_at_most(book, prepared, monkeypatch):
    before = [evaluate_prepared(book, example) for example in prepared]
    monkeypatch.setattr(docket, "may_bind", lambda *_: True)
    whole = copy.copy(book)
    whole.__dict__.pop("docket", None)
    for example, told in zip(prepared, before, strict=True):
        found = evaluate_prepared(whole, example)
        assert (found.findings, found.questions) == (told.findings, told.questions)
        assert set(told.assumptions) <= set(found.assumptions)
