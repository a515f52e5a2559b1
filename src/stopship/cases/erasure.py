"""Erasing parties after the retention time. What was done, when and by whom stays; who it was about goes.

The audit record still verifies afterwards: of its rows about these parties the content goes, its hash stays, and a
row says which rows these are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select, update

from stopship.cases.actor import Actor, Role
from stopship.cases.desk import Desk
from stopship.cases.states import State
from stopship.errors import StepNotAllowed
from stopship.store import audit, case_papers, cases, dispositions, screenings, subjects, suppressions

_KEEPS = ("active", "proposed")


@dataclass(frozen=True, slots=True)
class Erasable:
    """What may be erased.

    Attributes:
        subjects: numbers of the parties.
        cases: theirs. kept_open: cases that are not closed, whose parties stay. kept_suppressed: parties that stay
            because a suppression of theirs holds.
        decisions: hashes of kept decisions that name these parties.
    """

    subjects: tuple[int, ...]
    cases: tuple[int, ...]
    kept_open: tuple[int, ...]
    kept_suppressed: tuple[int, ...]
    decisions: tuple[str, ...]
    audit_rows: int = 0

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "parties": len(self.subjects),
            "cases": list(self.cases),
            "kept_because_open": list(self.kept_open),
            "kept_because_suppressed": list(self.kept_suppressed),
            "decisions": len(self.decisions),
            "audit_rows": self.audit_rows,
        }


def erasable(desk: Desk, before: datetime) -> Erasable:
    """What `erase` would erase."""
    with desk.database.begin() as connection:
        return _erasable(connection, before)


def erase(desk: Desk, before: datetime, actor: Actor, *, now: datetime) -> Erasable:
    """Erase the parties that were last screened before a moment, in one transaction.

    Parties with a case that isn't closed, or with a suppression that holds, stay. The files of kept decisions and
    of cases are the caller's to remove, afterwards.

    Raises:
        StepNotAllowed: it takes an admin, or the program itself.
    """
    if not actor.role.covers(Role.ADMIN) and actor.role is not Role.SYSTEM:
        raise StepNotAllowed(f"{actor.id} is {actor.role.value}; erasing needs admin")
    with desk.writing() as connection:
        found = _erasable(connection, before)
        if not found.subjects:
            return found
        about = [f"case:{number}" for number in found.cases]
        for number in found.cases:
            _erase_case(connection, number)
        for subject in found.subjects:
            for row in suppressions.chosen(connection, subject=subject):
                words = {"comment": None, "check_comment": None, "ended_why": None}
                suppressions.change(connection, row.id, words)
                about.append(f"suppression:{row.id}")
            subjects.erase(connection, subject, now)
        # What was said of many at once, or the filter that chose them, may name one of these. Each other case
        # keeps the words in a disposition of its own.
        about += [f"bulk:{number}" for number in dispositions.erase_bulks(connection, found.cases)]
        about += [f"screening:{number}" for number in screenings.numbers_of(connection, found.subjects)]
        rows = audit.erase_about(connection, about, actor=actor.id, why="retention", now=now)
        done = Erasable(
            found.subjects,
            found.cases,
            found.kept_open,
            found.kept_suppressed,
            found.decisions,
            rows,
        )
        content = {"before": before.isoformat(), **done.to_plain()}
        audit.append(
            connection, actor=actor.id, action="parties.erased", subject="retention", content=content, now=now
        )
    desk.database.forget_erased()
    desk.written()
    return done


def _erasable(connection: Connection, before: datetime) -> Erasable:
    table, rows = subjects.subjects, suppressions.suppressions
    chosen = (
        select(table.c.id, cases.cases.c.id, cases.cases.c.state)
        .select_from(table.outerjoin(cases.cases, cases.cases.c.subject_id == table.c.id))
        .where(table.c.last_seen < before, table.c.erased.is_(None))
        .order_by(table.c.id)
    )
    silent = select(rows.c.id).where(rows.c.subject_id == table.c.id, rows.c.state.in_(_KEEPS))
    kept_silent = {
        row[0] for row in connection.execute(select(table.c.id).where(table.c.last_seen < before, exists(silent)))
    }
    numbers, mine, kept_open = [], [], []
    for subject, case, state in connection.execute(chosen).all():
        if case is not None and state != State.CLOSED.value:
            kept_open.append(case)
        elif subject not in kept_silent:
            numbers.append(subject)
            if case is not None:
                mine.append(case)
    return Erasable(
        tuple(numbers), tuple(mine), tuple(kept_open), tuple(sorted(kept_silent)), _decisions(connection, numbers)
    )


def _decisions(connection: Connection, numbers: Sequence[int]) -> tuple[str, ...]:
    found: set[str] = set()
    for at in range(0, len(numbers), 500):
        held = screenings.numbers_of(connection, numbers[at : at + 500])
        for number in held:
            row = screenings.find(connection, number)
            if row is not None and row.kind == "decision":
                found.add(row.reference)
    return tuple(sorted(found))


def erased_decisions(connection: Connection) -> tuple[str, ...]:
    """Hashes of the decisions about parties that were erased: their files are to go."""
    chosen = (
        select(screenings.screenings.c.reference)
        .join(screenings.screened, screenings.screened.c.screening_id == screenings.screenings.c.id)
        .join(subjects.subjects, subjects.subjects.c.id == screenings.screened.c.subject_id)
        .where(screenings.screenings.c.kind == "decision", subjects.subjects.c.erased.is_not(None))
        .distinct()
    )
    return tuple(row[0] for row in connection.execute(chosen))


def _erase_case(connection: Connection, number: int) -> None:
    table = cases.alerts
    connection.execute(update(table).where(table.c.case_id == number).values(entity=None, hit=None, reference=""))
    for row in dispositions.of_case(connection, number):
        dispositions.change(connection, row.id, {"comment": None, "check_comment": None})
    case_papers.erase(connection, number)
