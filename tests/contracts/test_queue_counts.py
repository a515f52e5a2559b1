"""What the queue counts is what is there: held against a count by hand, for every filter, on every database."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select
from tests.unit.cases.people import ANNA, BEN, NOW, SUE, keep, match, party, seen

from stopship.cases import Desk, Policy, Verdict, Wanted, queue
from stopship.cases.following import follow_lists
from stopship.cases.view import is_overdue
from stopship.store import Database, cases

PROGRAMS = ("us.el", "us.sdn", "us.dpl", "eu.fsf")
WANTED = [
    Wanted(states=states, bands=bands, assignees=who, programs=programs, overdue=overdue, text=text)
    for states, bands, who, programs, overdue, text in itertools.product(
        ((), ("open",), ("closed", "escalated")),
        ((), ("exact", "weak")),
        ((), ("nobody",), ("user:anna", "nobody")),
        ((), ("us.el",), ("us.sdn", "eu.fsf")),
        (False, True),
        ("", "1"),
    )
]


@pytest.fixture
def filled(database: Database) -> Database:
    chance = random.Random(8)
    desk = Desk(database, Policy())
    for number in range(40):
        held = [
            match(
                entity,
                band=chance.choice(("exact", "strong", "medium", "weak")),
                programs=tuple(chance.sample(PROGRAMS, chance.randrange(1, 4))),
            )
            for entity in range(1, chance.randrange(2, 5))
        ]
        (case,) = keep(
            database, seen(*held, who=party(f"N {number}")), now=NOW - timedelta(days=number % 9)
        ).opened
        if number % 3 == 0:
            desk.take(case, (ANNA, BEN)[number % 2], now=NOW)
        elif number % 5 == 0:
            desk.decide(case, Verdict.ESCALATED, ANNA, reason="needs_decision", comment="rank", now=NOW)
        elif number % 7 == 0:
            desk.decide(case, Verdict.FALSE_MATCH, ANNA, reason="name_only", comment="another", now=NOW)
            if desk.show(case).case.state == "proposed":
                desk.approve(case, SUE, now=NOW)
    return database


def test_every_filter_counts_what_is_there(filled: Database) -> None:
    with filled.begin() as connection:
        everyone = queue.page(connection, Wanted(), now=NOW, limit=500).lines
        assert len(everyone) == 40
        for wanted in WANTED:
            chosen = [line for line in everyone if _fits(line, wanted)]
            page = queue.page(connection, wanted, now=NOW, limit=500)
            assert {line.case.id for line in page.lines} == {line.case.id for line in chosen}, wanted
            counted = queue.counts(connection, wanted, now=NOW)
            assert counted.total == page.total == len(chosen)
            assert counted.facets == _by_hand(everyone, wanted), wanted


def _fits(line: queue.Line, wanted: Wanted, *, but: str = "") -> bool:
    case = line.case
    return all(
        (
            but == "states" or not wanted.states or case.state in wanted.states,
            but == "bands" or not wanted.bands or case.band in wanted.bands,
            but == "assignees" or not wanted.assignees or (case.assignee or "nobody") in wanted.assignees,
            but == "programs" or not wanted.programs or bool(set(line.programs) & set(wanted.programs)),
            not wanted.overdue or is_overdue(case, NOW),
            wanted.text in case.name,
        )
    )


def _by_hand(everyone: tuple[queue.Line, ...], wanted: Wanted) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {
        kind: {} for kind in ("state", "disposition", "priority", "band", "assignee", "program")
    }
    for line in everyone:
        plain = line.to_plain(now=NOW)
        for kind, field in (
            ("state", "states"),
            ("disposition", "dispositions"),
            ("priority", "priorities"),
            ("band", "bands"),
            ("assignee", "assignees"),
            ("program", "programs"),
        ):
            if not _fits(line, wanted, but=field):
                continue
            values = line.programs if kind == "program" else (plain[kind],)
            for value in values:
                told = "nobody" if kind == "assignee" and value is None else value
                if told is not None:
                    found[kind][told] = found[kind].get(told, 0) + 1
    late = sum(_fits(line, wanted) and is_overdue(line.case, NOW) for line in everyone)
    return {**found, "overdue": {"yes": late}}


def test_a_case_has_the_programs_of_its_alerts_whatever_becomes_of_them(database: Database) -> None:
    desk = Desk(database, Policy())
    first = match(1, programs=("us.sdn", "us.el"))
    (case,) = keep(database, seen(first, match(2, programs=("us.el",)))).opened
    assert _held(database, case) == " us.el us.sdn "
    keep(database, seen(match(1, programs=("us.el",)), match(3, programs=("eu.fsf",))))
    assert _held(database, case) == " eu.fsf us.el "
    other = match(3, programs=("us.dpl",), text="printed otherwise").entry
    entries = {"e-1": first.entry, "e-3": other}
    follow_lists(desk, entries.get, now=NOW)
    assert _held(database, case) == " us.dpl us.el "
    keep(database, seen(match(1, programs=()), match(2, programs=()), match(3, programs=())))
    assert _held(database, case) == ""


def _held(database: Database, case: int) -> str:
    with database.begin() as connection:
        text: str = connection.execute(select(cases.cases.c.programs).where(cases.cases.c.id == case)).scalar_one()
        view = cases.alerts_of(connection, case)
    told = cases.programs_text(program for alert in view for program in _programs(alert.programs))
    assert text == told
    return text


def _programs(text: str) -> list[str]:
    found: list[str] = orjson.loads(text)
    return found
