"""Looking into the audit record: the newest rows first, of one actor, action or subject, of some days.

The record may have millions of rows and is never counted. A page takes what it needs from the end; rows of a rare
actor or subject are found by their index, and anything else by looking through the record piece by piece, so far
and no further: the page then says how far it looked, and goes on from there when asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from stopship.store.audit import AuditRow, head, log

PIECE = 20_000
"""Rows that are looked through at a time."""
MOST_LOOKED = 200_000
"""Rows that one page looks through."""
RARE = 2_000
"""Of an actor or subject with no more rows than this, all are taken by the index and put in order here."""
SLACK = 2_000
"""A row's moment is taken before its turn to be written comes: so many may stand beside the day they are of."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; empty is anything.

    Attributes:
        actor: as records name it: `user:7`.
        action: `key.revoked`; what ends in a dot is a beginning: `key.`.
        subject: `case:7`.
        since, until: moments, half-open: from `since` on, before `until`.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on a row. The actor's and the subject's use no index: a planner that takes it would
        put all rows of a busy actor in order for a page of fifty."""
        found: list[ColumnElement[bool]] = []
        if self.actor:
            found.append(log.c.actor.concat("") == self.actor)
        if self.subject:
            found.append(log.c.subject.concat("") == self.subject)
        if self.action.endswith("."):
            found.append(log.c.action.startswith(self.action, autoescape=True))
        elif self.action:
            found.append(log.c.action == self.action)
        if self.since is not None:
            found.append(log.c.moment >= self.since)
        if self.until is not None:
            found.append(log.c.moment < self.until)
        return found


@dataclass(frozen=True, slots=True)
class Looked:
    """A page of the record.

    Attributes:
        rows: the newest first.
        before: the number to go on below; None where nothing older can be.
        cut_short: the page is not full because enough was looked through; there may be older rows.
    """

    rows: tuple[AuditRow, ...]
    before: int | None
    cut_short: bool = False


def newest(connection: Connection, sought: Sought, *, before: int | None = None, most: int = 50) -> Looked:
    """The newest rows of those that are looked for.

    Args:
        connection: of a transaction.
        sought: what is looked for.
        before: only rows with a smaller number.
        most: how many rows a page has.
    """
    top = head(connection).seq + 1
    top = top if before is None else min(top, before)
    if sought.until is not None:
        top = min(top, _first_at(connection, sought.until) + SLACK)
    bottom = 1 if sought.since is None else max(1, _first_at(connection, sought.since) - SLACK)
    if (numbers := _rare(connection, sought)) is not None:
        return _of(connection, sought, (n for n in numbers if bottom <= n < top), most)
    conditions, found, looked = sought.conditions(), list[AuditRow](), 0
    while top > bottom and len(found) <= most and looked < MOST_LOOKED:
        low = max(bottom, top - PIECE)
        chosen = select(log).where(log.c.seq >= low, log.c.seq < top, *conditions)
        page = connection.execute(chosen.order_by(log.c.seq.desc()).limit(most + 1 - len(found)))
        found += [AuditRow(**row._mapping) for row in page]
        looked += top - low
        top = low
    if len(found) > most:
        return Looked(tuple(found[:most]), found[most - 1].seq)
    return Looked(tuple(found), top if top > bottom else None, cut_short=top > bottom)


def _rare(connection: Connection, sought: Sought) -> list[int] | None:
    """The numbers of all rows of the actor or subject, newest first, where there are few of them."""
    for column, value in ((log.c.subject, sought.subject), (log.c.actor, sought.actor)):
        if value:
            numbers = list(connection.execute(select(log.c.seq).where(column == value).limit(RARE + 1)).scalars())
            if len(numbers) <= RARE:
                return sorted(numbers, reverse=True)
    return None


def _of(connection: Connection, sought: Sought, numbers: Iterable[int], most: int) -> Looked:
    wanted, found = list(numbers), list[AuditRow]()
    for at in range(0, len(wanted), 500):
        chosen = select(log).where(log.c.seq.in_(wanted[at : at + 500]), *sought.conditions())
        found += [AuditRow(**row._mapping) for row in connection.execute(chosen.order_by(log.c.seq.desc()))]
        if len(found) > most:
            return Looked(tuple(found[:most]), found[most - 1].seq)
    return Looked(tuple(found), None)


def _first_at(connection: Connection, moment: datetime) -> int:
    """The number of the first row from a moment on, as near as moments tell; behind the last if none is."""
    low, high = 1, head(connection).seq + 1
    while low < high:
        middle = (low + high) // 2
        chosen = select(log.c.moment).where(log.c.seq >= middle).order_by(log.c.seq).limit(1)
        at = connection.execute(chosen).scalar()
        if at is None or at >= moment:
            high = middle
        else:
            low = middle + 1
    return low
