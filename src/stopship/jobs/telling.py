"""Events of what the audit record says: each change of cases, decisions and lists is told, once, if it is there.

A change and its row of the audit record are one transaction; so whoever reads the record in order learns of every
change and of nothing else, and no part of the program that changes something needs to know of webhooks. Where the
reading stands is moved on in the transaction that writes the messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from stopship.store import Database, audit, webhooks
from stopship.store.audit import AuditRow

PORTION = 500
ALERTING = ("case.opened", "case.reopened", "case.matches_changed")


@dataclass(frozen=True, slots=True)
class Told:
    """An event and what it says, without names."""

    event: str
    data: Mapping[str, Any]


class Teller:
    """Turns rows of the audit record into events. Call `tick` between jobs.

    Args:
        database: of the home.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def tick(self, now: datetime) -> int:  # noqa: ARG002  what is told has the moment of its row
        """Look at the rows that are new; how many there were."""
        with self.database.begin() as connection:
            before, head = webhooks.looked_at(connection), audit.head(connection).seq
            if before >= head:
                return 0
            if not any(endpoint.active for endpoint in webhooks.all_endpoints(connection)):
                rows, last = [], head
            else:
                with closing(audit.rows(connection, after=before, most=PORTION)) as found:
                    rows = list(found)
                last = rows[-1].seq if rows else head
        with self.database.write() as connection:
            if not webhooks.look_on(connection, before, last):
                return 0  # another process was quicker
            for row in rows:
                if (told := event_of(row)) is not None:
                    webhooks.emit(
                        connection, event=told.event, subject=row.subject, data=told.data, now=row.moment
                    )
        return last - before


def event_of(row: AuditRow) -> Told | None:
    """The event of a row of the audit record; None where it is none, or what it said was erased."""
    if row.content is None:
        return None
    content: Mapping[str, Any] = orjson.loads(row.content)
    if row.action in ALERTING:
        return Told("alert.opened", {"case": _number(row), "why": row.action.partition(".")[2]})
    after = content.get("after")
    if row.subject.startswith("case:") and isinstance(after, Mapping) and after.get("state") == "closed":
        data = {"case": _number(row), "disposition": after.get("disposition"), "by": row.actor}
        return Told("case.closed", data)
    if row.action == "screening.recorded" and content.get("kind") == "decision":
        names = ("outcome", "reference", "alerts")
        return Told("decision.recorded", {"screening": _number(row), **{n: content.get(n) for n in names}})
    if row.action == "list.taken_in" and content.get("before") != content.get("after"):
        data = {"source": row.subject.partition(":")[2], "snapshot": content.get("after")}
        return Told("lists.updated", data | {n: content.get(n) for n in ("dated", "entries")})
    return None


def _number(row: AuditRow) -> int:
    return int(row.subject.partition(":")[2])
