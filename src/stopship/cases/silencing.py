"""Suppressions on the desk: asked for, agreed to, ended, looked through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from stopship.cases.actor import Actor, Role
from stopship.cases.desk import Desk, checked_reason, checked_text
from stopship.cases.judged import Judging
from stopship.cases.reopening import open_again
from stopship.cases.states import Event, Verdict
from stopship.cases.suppressed import end
from stopship.cases.suppressing import SuppressionWish, approve_one, found, propose_suppression, refuse_one
from stopship.cases.view import suppression_to_plain
from stopship.errors import IllegalStep, SettingsError, StepNotAllowed
from stopship.store import cases, subjects, suppressions
from stopship.store.suppressions import Chosen, SuppressedEntity, SuppressionRow


@dataclass(frozen=True, slots=True)
class Held:
    """A suppression with its entities, whose party it is about, and that party's case."""

    row: SuppressionRow
    entities: tuple[SuppressedEntity, ...]
    name: str
    case: int | None

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return suppression_to_plain(self.row, self.entities) | {"name": self.name, "case": self.case}


GROUPS: Mapping[str, tuple[str, ...]] = {
    "waiting": ("proposed",),
    "active": ("active",),
    "alarms": ("void", "expired"),
    "over": ("ended", "expired", "void", "refused", "withdrawn"),
}
"""What suppressions are looked through by, and the states of each; the alarms have those that end soon, too."""


@dataclass(frozen=True, slots=True)
class SuppressionPage:
    """Some suppressions, how many there are of each group, and the numbers from which it goes on or back."""

    held: tuple[Held, ...]
    counts: Mapping[str, int]
    below: int | None
    above: int | None


class SuppressionDesk:
    """Suppressions on the desk's database, by its policy."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(
        self,
        case: int,
        wish: SuppressionWish,
        actor: Actor,
        *,
        reason: str,
        comment: str = "",
        now: datetime,
        alerts: tuple[int, ...] | None = None,
    ) -> tuple[int, ...]:
        """Ask that alerts of a case that were judged false stay silent until a day; numbers of the suppressions.

        Args:
            alerts: which; None: all that were judged false.

        Raises:
            IllegalStep: none of them was judged false. SettingsError: a day or reason that can't be.
        """
        said = checked_reason(self._desk.policy, reason, comment)
        with self._desk.step(case, Event.SUPPRESS, actor, now, None) as step:
            false = [
                alert
                for alert in step.alerts
                if alert.verdict == Verdict.FALSE_MATCH.value and (alerts is None or alert.id in alerts)
            ]
            judging = Judging(Verdict.FALSE_MATCH, reason, said)
            policy = self._desk.policy
            numbers = propose_suppression(step.connection, policy, step.case, false, wish, judging, actor, now)
            step.finish("case.suppression_asked", {}, {"suppressions": list(numbers)})
        return numbers

    def approve(self, number: int, actor: Actor, *, comment: str = "", now: datetime) -> Held:
        """Agree to a suppression that waits by itself."""
        said = checked_text(comment, "the comment", needed=False)
        with self._desk.writing() as connection:
            approve_one(connection, number, actor, now, comment=said)
        self._desk.written()
        return self.show(number)

    def refuse(self, number: int, actor: Actor, *, comment: str, now: datetime) -> Held:
        """Disagree with a suppression that waits by itself, saying why."""
        said = checked_text(comment, "the comment")
        with self._desk.writing() as connection:
            refuse_one(connection, number, actor, now, comment=said)
        self._desk.written()
        return self.show(number)

    def end(self, number: int, actor: Actor, *, comment: str, now: datetime) -> Held:
        """End a suppression before its day; what it kept silent must be judged again. To be stricter than before
        nobody else must agree, but it takes a supervisor or the one who asked for it."""
        said = checked_text(comment, "the comment")
        with self._desk.writing() as connection:
            row = found(connection, number)
            where = f"suppression {number}"
            if actor.id != row.maker and not actor.role.covers(Role.SUPERVISOR):
                raise StepNotAllowed(
                    f"{actor.id} is {actor.role.value}; this needs supervisor or above", where=where
                )
            if row.state != "active":
                raise IllegalStep(f"it holds nothing back: it is {row.state}", where=where)
            ended = end(connection, row, "ended", said, now=now, actor=actor.id)
            self._open_again(connection, row, ended, "its suppression was ended", now)
        self._desk.written()
        return self.show(number)

    def show(self, number: int) -> Held:
        """The suppression of this number.

        Raises:
            NotFound: there is none.
        """
        with self._desk.database.begin() as connection:
            return _held(connection, found(connection, number))

    def all_of(self, state: str | None = None) -> tuple[Held, ...]:
        """Suppressions, those of one state where it is given."""
        with self._desk.database.begin() as connection:
            return tuple(_held(connection, row) for row in suppressions.chosen(connection, state=state))

    def alarms(self, *, now: datetime) -> tuple[Held, ...]:
        """Those that end within `alarm_days`, and those that expired or became void as lately."""
        days = timedelta(days=self._desk.policy.alarm_days)
        with self._desk.database.begin() as connection:
            soon = suppressions.chosen(connection, state="active", until=(now + days).date())
            late = [
                row
                for state in ("void", "expired")
                for row in suppressions.chosen(connection, state=state)
                if row.ended is not None and row.ended > now - days
            ]
            return tuple(_held(connection, row) for row in (*soon, *sorted(late, key=lambda row: row.id)))

    def page(
        self,
        group: str,
        *,
        text: str = "",
        person: str = "",
        now: datetime,
        limit: int,
        below: int | None = None,
        above: int | None = None,
    ) -> SuppressionPage:
        """Some suppressions, the newest first.

        Args:
            group: of `GROUPS`. text: part of the name of the party or of an entry, or an entry's id.
            person: who asked for it or agreed, as records name them.
            below, above: only those with smaller, or greater, numbers: a page further, or back.

        Raises:
            SettingsError: an unknown group.
        """
        if group not in GROUPS:
            raise SettingsError(
                f"there is no group {group[:40]!r}", where="state", hint=f"Known: {', '.join(GROUPS)}"
            )
        with self._desk.database.begin() as connection:
            wanted = {name: self._chosen(name, text, person, now) for name in GROUPS}
            counts = suppressions.counts(connection, wanted["alarms"], groups=GROUPS)
            rows = suppressions.page(connection, wanted[group], limit=limit + 1, below=below, above=above)
            more = len(rows) > limit
            back = above is not None
            rows = (rows[1:] if back else rows[:limit]) if more else rows
            held = suppressions.entities_of(connection, [row.id for row in rows])
            who = cases.of_subjects(connection, [row.subject_id for row in rows])
            found = tuple(Held(row, held[row.id], *who[row.subject_id]) for row in rows)
        further, before = back or more, more if back else below is not None
        return SuppressionPage(
            found,
            counts,
            below=rows[-1].id if rows and further else None,
            above=rows[0].id if rows and before else None,
        )

    def _chosen(self, group: str, text: str, person: str, now: datetime) -> Chosen:
        days = timedelta(days=self._desk.policy.alarm_days)
        if group == "alarms":
            return Chosen(GROUPS[group], text, person, soon=(now + days).date(), late=now - days)
        return Chosen(GROUPS[group], text, person)

    def sweep(self, *, now: datetime) -> tuple[int, ...]:
        """End the suppressions whose day has come; what they kept silent is opened again. Their numbers."""
        with self._desk.writing() as connection:
            done = []
            for row in suppressions.chosen(connection, state="active", until=now.date()):
                ended = end(connection, row, "expired", "its day has come", now=now)
                self._open_again(connection, row, ended, "its suppression ended", now)
                done.append(row.id)
        if done:
            self._desk.written()
        return tuple(done)

    def _open_again(
        self, connection: Connection, row: SuppressionRow, entities: Iterable[str], why: str, now: datetime
    ) -> None:
        because = {"suppression": row.id}
        open_again(connection, self._desk.policy, row.subject_id, entities, why, now=now, because=because)


def _held(connection: Connection, row: SuppressionRow) -> Held:
    case = cases.of_subject(connection, row.subject_id)
    name = subjects.get(connection, row.subject_id).name
    return Held(row, suppressions.entities(connection, row.id), name, case.id if case is not None else None)
