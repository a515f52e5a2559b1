"""The queue as a person sees it in a browser: pages forward and back, many cases at once, what stays silent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from stopship.access import Principal
from stopship.app.casework.desk import CaseWork
from stopship.app.casework.queue_file import QueueFile, export_queue
from stopship.app.people import names_of_people
from stopship.app.service.casework import Working, actor_of
from stopship.cases import Actor, State, Verdict, Wanted, glance, queue
from stopship.cases.bulk import BulkCase, Preview
from stopship.cases.glance import AtWork, Glance
from stopship.cases.queue import Line
from stopship.cases.silencing import SuppressionPage
from stopship.errors import CaseChanged, SettingsError
from stopship.store import Database
from stopship.store.dispositions import BulkRow

SAMPLE = 10
"""Cases that a preview shows of those that would be judged."""
STANDING = 50
"""Cases that it shows of those that stand in the way."""
JUDGED = (State.OPEN.value, State.ESCALATED.value)
"""States in which a case can be judged."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the queue.

    Attributes:
        lines, total: its cases, and how many the filter has.
        why: by number of the case.
        facets: how many cases there are of each kind.
        before, after: cursors of the pages around it; None where there is none.
        at_work: who works on what right now.
    """

    lines: tuple[Line, ...]
    total: int
    why: Mapping[int, Glance]
    facets: Mapping[str, Mapping[str, int]]
    before: str | None
    after: str | None
    at_work: tuple[AtWork, ...]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a verdict on many would be about: a sample of its cases, and those that stand in its way, with why."""

    preview: Preview
    sample: tuple[Line, ...]
    standing: tuple[tuple[Line, str], ...]

    @property
    def seen(self) -> str:
        """Which cases were seen, in short: the same only for the same cases."""
        numbers = ",".join(str(number) for number, _version in self.preview.chosen)
        return hashlib.sha256(numbers.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class BulkShown:
    """A verdict on many with some of its cases."""

    row: BulkRow
    cases: tuple[BulkCase, ...]
    lines: tuple[Line, ...]

    @property
    def changed(self) -> tuple[int, ...]:
        """Cases that were changed since: nobody can agree to it any more."""
        return tuple(case.number for case in self.cases if case.changed)


class Queueing:
    """What pages of the queue ask of one database.

    Args:
        working: case work on the lists that are in use.
        database: where cases are.
        now: tells the moment, timezone-aware.
        notice: what a table of cases says of itself, where they are examples.
    """

    def __init__(
        self, working: Working, database: Database, *, now: Callable[[], datetime], notice: str | None = None
    ) -> None:
        self._working = working
        self._database = database
        self._notice = notice
        self.now = now

    def work(self) -> CaseWork:
        """What people do with cases, as of this moment."""
        return self._working.work()

    def people(self) -> dict[str, str]:
        """What to call those who act, by how records name them."""
        return names_of_people(self._database)

    def leaf(
        self, wanted: Wanted, *, sort: str, limit: int, after: str | None = None, before: str | None = None
    ) -> Leaf:
        """One page of the queue: the first one, or that behind or before a cursor.

        Raises:
            SettingsError: the order or a cursor is none.
        """
        now = self.now()
        with self._database.begin() as connection:
            counted = queue.counts(connection, wanted, now=now)
            asked: dict[str, Any] = {"now": now, "sort": sort, "limit": limit, "total": counted.total}
            if before is not None:
                found = queue.page_before(connection, wanted, cursor=before, **asked)
                lines, is_last, is_first = found.lines[::-1], False, found.next is None
            else:
                found = queue.page(connection, wanted, cursor=after, **asked)
                lines, is_last, is_first = found.lines, found.next is None, after is None
            return Leaf(
                lines,
                found.total,
                glance.glances(connection, lines),
                counted.facets,
                before=queue.cursor_at(lines[0], sort, backwards=True) if lines and not is_first else None,
                after=queue.cursor_at(lines[-1], sort, backwards=False) if lines and not is_last else None,
                at_work=glance.at_work(connection, now=now),
            )

    def export(self, wanted: Wanted, *, sort: str, form: str, by: Principal) -> QueueFile:
        """All cases of a filter as a table, with a row in the audit record.

        Raises:
            SettingsError: an unknown order or form.
        """
        return export_queue(
            self.work(),
            wanted,
            sort=sort,
            form=form,
            people=self.people(),
            actor=actor_of(by),
            now=self.now(),
            notice=self._notice,
        )

    def waiting(self) -> int:
        """How many verdicts on many wait for a second person."""
        return self.work().bulk.how_many_wait()

    def foresee(self, chosen: Wanted | Sequence[int], actor: Actor) -> Foreseen:
        """What a verdict on these cases would be about.

        Raises:
            NotFound, SettingsError: as `BulkDesk.preview`.
        """
        work = self.work()
        preview = work.bulk.preview(chosen, actor, now=self.now())
        with self._database.begin() as connection:
            sample = queue.lines_of(connection, [number for number, _ in preview.chosen[:SAMPLE]])
            why = dict(preview.refused[:STANDING])
            standing = queue.lines_of(connection, list(why))
        held = tuple((line, why[line.case.id]) for line in standing)
        return Foreseen(preview, sample, held)

    def propose(
        self,
        chosen: Wanted | Sequence[int],
        verdict: Verdict,
        actor: Actor,
        *,
        seen: str,
        reason: str,
        comment: str,
    ) -> BulkRow:
        """Propose one verdict on the cases that a person saw foreseen; those that stand in the way are left out.

        Args:
            seen: `Foreseen.seen` of what the person looked at.

        Raises:
            CaseChanged: these are other cases by now; nothing is proposed.
            NotFound, IllegalStep, SettingsError: as `BulkDesk.propose`.
        """
        foreseen = self.foresee(chosen, actor)
        if foreseen.seen != seen:
            raise CaseChanged(
                "these are no longer the cases that you saw; nothing was proposed",
                where="bulk",
                hint="Look at them again: the page shows them as they are now",
            )
        if foreseen.preview.refused:
            chosen = tuple(number for number, _version in foreseen.preview.chosen)
        count = len(foreseen.preview.chosen)
        return self.work().bulk.propose(
            chosen, verdict, actor, count=count, reason=reason, comment=comment, now=self.now()
        )

    def bulk(self, number: int, *, first: int = 0, most: int) -> BulkShown:
        """A verdict on many with some of its cases, from the one at `first` on.

        Raises:
            NotFound: there is none.
        """
        desk = self.work().bulk
        row, cases = desk.show(number), desk.cases_of(number)
        with self._database.begin() as connection:
            lines = queue.lines_of(connection, [case.number for case in cases[first : first + most]])
        return BulkShown(row, cases, lines)

    def bulks(self, rows: Sequence[BulkRow], *, most: int) -> tuple[BulkShown, ...]:
        """Verdicts on many, each with its first cases, all asked for at once."""
        held = self.work().bulk.cases_of_some([row.id for row in rows])
        first = {number: [case.number for case in cases[:most]] for number, cases in held.items()}
        with self._database.begin() as connection:
            lines = queue.lines_of(connection, sorted({case for some in first.values() for case in some}))
        by_number = {line.case.id: line for line in lines}
        return tuple(BulkShown(row, held[row.id], tuple(by_number[n] for n in first[row.id])) for row in rows)

    def suppressions(
        self, group: str, *, text: str, person: str, limit: int, below: int | None, above: int | None
    ) -> SuppressionPage:
        """Some suppressions: see `SuppressionDesk.page`."""
        return self.work().suppressions.page(
            group, text=text, person=person, now=self.now(), limit=limit, below=below, above=above
        )


def to_judge(wanted: Wanted) -> Wanted:
    """Of a filter what can be judged: its open and escalated cases.

    Raises:
        SettingsError: it asks for no such case.
    """
    states = tuple(state for state in JUDGED if not wanted.states or state in wanted.states)
    if not states or wanted.dispositions:
        raise SettingsError("no case of this filter is open", where="bulk", hint="Only open cases are judged")
    return replace(wanted, states=states)
