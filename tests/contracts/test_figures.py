"""The figures of the work, counted by hand, on every database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, update
from tests.unit.cases.people import ANNA, BEN, NOW, SUE, keep, match, party, seen

from stopship.cases import Desk, Policy, SuppressionWish, Verdict
from stopship.store import Database, figures
from stopship.store.cases import cases
from stopship.store.figures import LiveCount
from stopship.store.jobs import jobs

DAY = timedelta(days=1)
WAITING = ("open", "escalated", "proposed")
MIDNIGHT = NOW.replace(hour=0, minute=0)
SINCE = MIDNIGHT - 29 * DAY
SURE = {"reason": "name_only", "comment": "another company"}
FALSE, TRUE = Verdict.FALSE_MATCH, Verdict.TRUE_MATCH


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, Policy())


def opened(database: Database, name: str, *matches: object, at: datetime = NOW) -> int:
    found = matches or (match(),)
    return keep(database, seen(*found, who=party(name)), now=at).opened[0]  # type: ignore[arg-type]


def sums(rows: Iterable[LiveCount], part: str) -> dict[object, int]:
    found: dict[object, int] = {}
    for row in rows:
        found[getattr(row, part)] = found.get(getattr(row, part), 0) + row.count
    return found


def test_what_waits_is_counted_by_age_due_day_state_and_person(database: Database, desk: Desk) -> None:
    today, old, older = (
        opened(database, name, at=NOW - days * DAY) for name, days in (("A", 0), ("B", 3), ("C", 40))
    )
    closed = opened(database, "D")
    desk.decide(closed, FALSE, ANNA, now=NOW, **SURE)
    desk.take(old, BEN, now=NOW)
    with database.write() as connection:
        for number, due in ((today, NOW + DAY), (old, NOW - timedelta(minutes=1)), (older, NOW - 9 * DAY)):
            connection.execute(update(cases).where(cases.c.id == number).values(due=due))
    with database.begin() as connection:
        rows = figures.live(
            connection,
            now=NOW,
            ages=[MIDNIGHT, MIDNIGHT - 3 * DAY, MIDNIGHT - 30 * DAY],
            dues=[MIDNIGHT, MIDNIGHT + DAY, MIDNIGHT + 2 * DAY],
        )
    assert sums(rows, "age") == {0: 1, 1: 1, 3: 1}
    assert sums(rows, "due") == {0: 1, 1: 1, 2: 1}
    assert sums(rows, "late") == {True: 2, False: 1}
    assert sums(rows, "assignee") == {None: 2, "user:ben": 1}
    assert sums(rows, "state") == {"open": 3}


def test_days_are_those_of_utc(database: Database, desk: Desk) -> None:
    last = MIDNIGHT - timedelta(microseconds=1)
    opened(database, "A", at=last)
    second = opened(database, "B", at=MIDNIGHT)
    desk.decide(second, FALSE, ANNA, now=MIDNIGHT + timedelta(hours=23, minutes=59, seconds=59.9), **SURE)
    with database.begin() as connection:
        assert figures.opened_by_day(connection, SINCE) == {last.date(): 1, MIDNIGHT.date(): 1}
        assert figures.closed_by_day(connection, SINCE) == {(MIDNIGHT.date(), "false_match"): 1}
        assert figures.opened_by_day(connection, MIDNIGHT) == {MIDNIGHT.date(): 1}


def test_the_median_is_that_of_the_two_in_the_middle(database: Database, desk: Desk) -> None:
    with database.begin() as connection:
        assert figures.median_seconds_to_close(connection, SINCE, 0) is None
    for number, hours in enumerate((1, 3, 7, 100)):
        case = opened(database, f"N{number}")
        desk.decide(case, FALSE, ANNA, now=NOW + timedelta(hours=hours), **SURE)
        with database.begin() as connection:
            found = figures.median_seconds_to_close(connection, SINCE, number + 1)
        assert found == [3600, 2 * 3600, 3 * 3600, 5 * 3600][number]
    with database.begin() as connection:
        assert figures.median_seconds_to_close(connection, NOW + timedelta(hours=6), 2) == 53.5 * 3600


def test_how_cases_stand_by_program(database: Database, desk: Desk) -> None:
    both = match(1, programs=("us.el", "us.sdn"))
    opened(database, "A", both, match(2, programs=("us.el",)))  # two hits on one list are one case there
    thought = opened(database, "B", match(1))
    desk.possible(thought, ANNA, reason="needs_information", now=NOW)
    false = opened(database, "C", match(1))
    desk.possible(false, ANNA, reason="needs_information", now=NOW)
    desk.decide(false, FALSE, ANNA, now=NOW, **SURE)
    true = opened(database, "D", match(1))
    desk.decide(true, TRUE, ANNA, now=NOW, reason="same_details")
    desk.approve(true, SUE, now=NOW)
    long_ago = opened(database, "E", match(1), at=NOW - 90 * DAY)
    desk.decide(long_ago, FALSE, ANNA, now=NOW - 80 * DAY, **SURE)
    with database.begin() as connection:
        rows = {
            (row.program, row.stands): (row.cases, row.new_cases) for row in figures.by_program(connection, SINCE)
        }
    assert rows == {
        ("us.el", "open"): (1, 1),
        ("us.el", "possible"): (1, 1),
        ("us.el", "false_match"): (1, 1),
        ("us.el", "true_match"): (1, 1),
        ("us.sdn", "open"): (1, 1),
    }


def test_what_was_said_after_possible_counts(database: Database, desk: Desk) -> None:
    case = opened(database, "A", match(1, band="exact"))
    desk.possible(case, ANNA, reason="needs_information", now=NOW)
    desk.decide(case, FALSE, ANNA, now=NOW, **SURE)
    desk.withdraw(case, ANNA, now=NOW)
    with database.begin() as connection:
        assert [row.stands for row in figures.by_program(connection, SINCE)] == ["open"]


def test_screenings_and_parties(database: Database) -> None:
    keep(database, seen(), seen(who=party("B")))
    keep(database, seen(match()), now=NOW - 40 * DAY)
    with database.begin() as connection:
        assert figures.screened(connection, SINCE) == (1, 2)
        assert figures.screened(connection, NOW + DAY) == (0, 0)


def test_suppressions_that_end_soon(database: Database, desk: Desk) -> None:
    today, kept = NOW.date(), []
    for number, days in enumerate((10, 3, 200)):
        case = opened(database, f"Party {number}", match(1))
        wish = SuppressionWish(today + timedelta(days=days))
        desk.decide(case, FALSE, ANNA, now=NOW, suppress=wish, **SURE)
        desk_of = desk.show(case)
        kept.append(case)
        if desk_of.case.state == "proposed":
            desk.approve(case, SUE, now=NOW)
    with database.write() as connection:
        from stopship.store.suppressions import suppressions

        connection.execute(update(suppressions).values(state="active", checker="user:sue", checked=NOW))
    with database.begin() as connection:
        month = today + timedelta(days=30)
        by_day = figures.ending_suppressions(connection, today, month)
        first = figures.next_to_end(connection, today, month, 1)
    assert by_day == {today + timedelta(days=3): 1, today + timedelta(days=10): 1}
    assert [(one.name, one.until, one.scope, one.case_id) for one in first] == [
        ("Party 1", date(2026, 11, 29), "pair", kept[1])
    ]


def test_jobs_that_failed(database: Database) -> None:
    values = {
        "kind": "backup", "priority": 1, "asked_by": "key:1", "fingerprint": "", "options": "{}",
        "created": NOW, "not_before": NOW, "done": 0, "attempts": 1, "crashes": 0, "cancel_asked": False,
    }  # fmt: skip
    told = (("failed", NOW, "no room"), ("done", NOW, None), ("failed", NOW - 40 * DAY, "old"))
    with database.write() as connection:
        for state, finished, error in told:
            connection.execute(insert(jobs).values(state=state, finished=finished, error=error, **values))
    with database.begin() as connection:
        count, last = figures.failed_jobs(connection, SINCE, 5)
    assert (count, [(job.id, job.kind, job.finished, job.error) for job in last]) == (
        1,
        [(1, "backup", NOW, "no room")],
    )


def test_the_figures_are_those_of_the_queue(database: Database, desk: Desk) -> None:
    from stopship.app.service.overview import Overview
    from stopship.cases import Wanted, queue

    for number, days in enumerate((0, 1, 2, 3, 6, 7, 13, 29, 30, 45)):
        case = opened(database, f"N{number}", at=NOW - days * DAY)
        if number % 4 == 3:
            desk.decide(case, FALSE, ANNA, now=NOW - days / 2 * DAY, **SURE)
    shown = Overview(database, now=lambda: NOW).figures(30)

    def count(**wanted: object) -> int:
        with database.begin() as connection:
            return queue.page(connection, Wanted(**wanted), now=NOW, limit=1).total  # type: ignore[arg-type]

    assert [band.count for band in shown.ages] == [1, 2, 1, 2, 0, 2]
    for what, bands in (("opened", shown.ages), ("due", shown.dues)):
        for band in bands:
            assert band.count == count(states=WAITING, **{what: (band.first, band.end)})
            assert band.late == count(overdue=True, **{what: (band.first, band.end)})
    assert (shown.waiting, shown.late) == (count(states=WAITING), count(overdue=True))
    for (day, how), number in shown.closed.items():
        assert number == count(closed=(day, day + DAY), dispositions=(how,))
    for day, number in shown.opened.items():
        assert number == count(opened=(day, day + DAY))
    (el,) = [row for row in shown.programs if row.stands == "open"]
    assert el.cases == count(states=WAITING, programs=("us.el",))


def test_what_was_counted_serves_until_something_is_written_or_a_minute_has_passed(database: Database) -> None:
    from stopship.app.service.overview import Overview

    moments = [NOW]
    overview = Overview(database, now=lambda: moments[-1])
    first = overview.figures(30)
    assert overview.figures(30) is first and overview.figures(90) is not first
    opened(database, "A")
    assert overview.figures(30).waiting == 1
    held = overview.figures(30)
    moments.append(NOW + timedelta(minutes=1))
    assert overview.figures(30) is not held
