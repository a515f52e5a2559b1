"""Figures of the work: how many cases wait, how old, whose; how many came and were closed; what was screened.

Each function is one statement or two, the same on every database. Days are those of UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from stopship.store.cases import cases
from stopship.store.dispositions import dispositions
from stopship.store.jobs import FAILED, jobs
from stopship.store.screenings import screenings
from stopship.store.subjects import subjects
from stopship.store.suppressions import suppressions
from stopship.store.tables import SecondsBetween, UtcDay

CLOSED = "closed"
LIVE = ("open", "escalated", "proposed")


@dataclass(frozen=True, slots=True)
class LiveCount:
    """So many cases that are not closed. `age` and `due` are places in the bounds that were given; `late`: they
    should have been decided by now."""

    age: int
    due: int
    late: bool
    state: str
    assignee: str | None
    count: int


@dataclass(frozen=True, slots=True)
class ProgramCount:
    """Cases with an alert on a program, and how many of them were opened in the period. `stands`: true_match or
    false_match of cases that were closed in the period; possible (it was said last) or open of those that wait;
    empty for the rest."""

    program: str
    stands: str
    cases: int
    new_cases: int


@dataclass(frozen=True, slots=True)
class EndingSuppression:
    """A suppression that ends soon. `until` is exclusive: on that day it no longer holds."""

    id: int
    until: date
    scope: str
    program: str | None
    name: str
    case_id: int | None


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that failed."""

    id: int
    kind: str
    finished: datetime
    error: str


def live(
    connection: Connection, *, now: datetime, ages: Sequence[datetime], dues: Sequence[datetime]
) -> tuple[LiveCount, ...]:
    """Cases that are not closed.

    Args:
        now: this moment, for what is late.
        ages: moments, the latest first. A case that was opened at or after the first is in place 0, and so on; one
            older than the last is in place `len(ages)`.
        dues: moments, the earliest first. A case that is due before the first is in place 0, and so on.
    """
    age = case(*((cases.c.opened >= bound, place) for place, bound in enumerate(ages)), else_=len(ages))
    due = case(*((cases.c.due < bound, place) for place, bound in enumerate(dues)), else_=len(dues))
    late = case((cases.c.due < now, 1), else_=0)
    # One number for all three: it is grouped by in half the time.
    wide = len(ages) + 1
    place = age + wide * late + 2 * wide * due
    kept = select(place.label("place"), cases.c.state, cases.c.assignee).where(cases.c.state.in_(LIVE)).subquery()
    rows = connection.execute(select(*kept.c, func.count()).group_by(*kept.c))
    return tuple(
        LiveCount(row[0] % wide, row[0] // (2 * wide), bool(row[0] // wide % 2), row[1], row[2], int(row[3]))
        for row in rows
    )


def opened_by_day(connection: Connection, since: datetime) -> dict[date, int]:
    """How many cases were opened on each day from a moment on."""
    day = UtcDay(cases.c.opened)
    rows = connection.execute(select(day, func.count()).where(cases.c.opened >= since).group_by(day))
    return {date.fromisoformat(row[0]): int(row[1]) for row in rows}


def closed_by_day(connection: Connection, since: datetime) -> dict[tuple[date, str], int]:
    """How many cases that are closed were closed on each day from a moment on, by their disposition."""
    day = UtcDay(cases.c.closed)
    chosen = select(day, cases.c.disposition, func.count()).where(cases.c.closed >= since)
    rows = connection.execute(chosen.group_by(day, cases.c.disposition))
    return {(date.fromisoformat(row[0]), row[1]): int(row[2]) for row in rows}


def median_seconds_to_close(connection: Connection, since: datetime, count: int) -> float | None:
    """The median of the seconds from when a case was opened to when it was closed, of those that were closed from
    a moment on; None where there is none.

    Args:
        count: how many these are, as `closed_by_day` counts them.
    """
    if not count:
        return None
    taken = SecondsBetween(cases.c.closed, cases.c.opened)
    chosen = select(taken).where(cases.c.closed >= since).order_by(taken)
    middle = connection.execute(chosen.offset((count - 1) // 2).limit(1 + (count + 1) % 2)).scalars().all()
    return float(sum(middle)) / len(middle) if middle else None


def by_program(connection: Connection, since: datetime) -> tuple[ProgramCount, ...]:
    """How cases stand by the programs of their alerts. A case on two programs counts at both.

    Cases are counted by all programs that each has, as they hold them in one text: there are few such texts. What
    is on one program is summed up here.
    """
    found: dict[tuple[str, str], list[int]] = {}

    def add(programs: str, stands: str, count: int, new: int) -> None:
        for program in programs.split():
            counts = found.setdefault((program, stands), [0, 0])
            counts[0] += count
            counts[1] += new

    # Grouped by what the index of programs begins with: read in its order, nothing is sorted.
    group = (cases.c.programs, cases.c.state, cases.c.disposition)
    is_new, ended = cases.c.opened >= since, cases.c.closed >= since
    sums = (func.sum(case((one, 1), else_=0)) for one in (is_new, ended, and_(is_new, ended)))
    for row in connection.execute(select(*group, func.count(), *sums).group_by(*group)):
        programs, how, count, new, lately, both = row[0], row[2], *map(int, row[3:])
        if row[1] != CLOSED:
            add(programs, "open", count, new)
        else:
            add(programs, how, lately, both)
            add(programs, "", new - both, new - both)
    later = dispositions.alias("later")
    overtaken = select(later.c.id).where(later.c.case_id == dispositions.c.case_id, later.c.id > dispositions.c.id)
    thought = (
        select(cases.c.programs, func.count(), func.sum(case((is_new, 1), else_=0)))
        .select_from(dispositions.join(cases, cases.c.id == dispositions.c.case_id))
        .where(dispositions.c.verdict == "possible", cases.c.state.in_(LIVE))
        .where(~overtaken.correlate(dispositions).exists())
        .group_by(cases.c.programs)
    )
    for row in connection.execute(thought):
        count, new = int(row[1]), int(row[2])
        add(row[0], "possible", count, new)
        add(row[0], "open", -count, -new)
    rows = (ProgramCount(*key, *counts) for key, counts in found.items() if counts[0])
    return tuple(sorted(rows, key=_by_name))


def screened(connection: Connection, since: datetime) -> tuple[int, int]:
    """How many screenings were kept from a moment on, and how many parties these looked up."""
    chosen = select(func.count(), func.coalesce(func.sum(screenings.c.parties), 0))
    row = connection.execute(chosen.where(screenings.c.moment >= since)).one()
    return int(row[0]), int(row[1])


def ending_suppressions(connection: Connection, today: date, before: date) -> dict[date, int]:
    """How many active suppressions end on each day, from today on and before a day."""
    until = suppressions.c.until
    chosen = select(until, func.count()).where(*_ending(today, before)).group_by(until).order_by(until)
    return {row[0]: int(row[1]) for row in connection.execute(chosen)}


def next_to_end(connection: Connection, today: date, before: date, most: int) -> tuple[EndingSuppression, ...]:
    """The active suppressions that end first."""
    columns = suppressions.c
    chosen = (
        select(columns.id, columns.until, columns.scope, columns.program, subjects.c.name, cases.c.id)
        .select_from(suppressions.join(subjects, subjects.c.id == columns.subject_id))
        .outerjoin(cases, cases.c.subject_id == columns.subject_id)
        .where(*_ending(today, before))
        .order_by(columns.until, columns.id)
        .limit(most)
    )
    return tuple(EndingSuppression(*row) for row in connection.execute(chosen))


def failed_jobs(connection: Connection, since: datetime, most: int) -> tuple[int, tuple[FailedJob, ...]]:
    """How many jobs failed from a moment on, and the last of them."""
    columns = jobs.c
    failed = (columns.state == FAILED, columns.finished >= since)
    count = connection.execute(select(func.count()).select_from(jobs).where(*failed)).scalar_one()
    chosen = select(columns.id, columns.kind, columns.finished, func.coalesce(columns.error, "")).where(*failed)
    rows = connection.execute(chosen.order_by(columns.finished.desc(), columns.id.desc()).limit(most))
    return int(count), tuple(FailedJob(*row) for row in rows)


def _by_name(row: ProgramCount) -> tuple[str, str]:
    return row.program, row.stands


def _ending(today: date, before: date) -> tuple[ColumnElement[bool], ...]:
    columns = suppressions.c
    return (columns.state == "active", columns.until >= today, columns.until < before)
