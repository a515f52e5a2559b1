"""Webhooks: endpoints, the events that they shall hear of, and the job that brings each to each.

`emit` belongs into the transaction of the change that it tells of: the event is there if the change is, and only
then. It writes one message and queues one delivery for each endpoint that asked for events of this kind.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from stopship.store import jobs
from stopship.store.tables import Moment, metadata

DELIVERY = "webhook"
"""The kind of job that brings one message to one endpoint."""
PRIORITY = 1

EVENTS = (
    "alert.opened",
    "case.due",
    "case.closed",
    "decision.recorded",
    "job.finished",
    "lists.updated",
    "lists.stale",
    "suppression.expiring",
    "test",
)

endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),  # JSON list; empty: all
    Column("secret", String(128), nullable=False),
    Column("old_secret", String(128)),  # also signed with, until then
    Column("old_secret_until", Moment),
    Column("active", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("last_success", Moment),
    Column("last_failure", Moment),
    Column("last_error", Text),
    sqlite_autoincrement=True,
)
messages = Table(
    "webhook_messages",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("event", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("moment", Moment, nullable=False, index=True),
    Column("data", Text, nullable=False),  # JSON
    Column("once", String(200), unique=True),  # what must not be told twice
)

cursor = Table(
    "webhook_cursor",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),  # of the last row of the audit record that was looked at
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where events go. `events` empty means all. `repr` shows no secret."""

    id: int
    url: str
    events: tuple[str, ...]
    secret: str = field(repr=False)
    old_secret: str | None = field(repr=False)
    old_secret_until: datetime | None
    active: bool
    created: datetime
    created_by: str
    last_success: datetime | None
    last_failure: datetime | None
    last_error: str | None

    def wants(self, event: str) -> bool:
        """Whether it is told of events of this kind; a test reaches every one."""
        return event == "test" or not self.events or event in self.events

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values, without the secrets."""
        return {
            "id": self.id,
            "url": self.url,
            "events": list(self.events),
            "active": self.active,
            "created": self.created.isoformat(),
            "created_by": self.created_by,
            "last_success": self.last_success.isoformat() if self.last_success else None,
            "last_failure": self.last_failure.isoformat() if self.last_failure else None,
            "last_error": self.last_error,
        }


@dataclass(frozen=True, slots=True)
class Message:
    """One event, as it is told to everybody who asked."""

    id: str
    event: str
    subject: str
    moment: datetime
    data: Mapping[str, Any]


def emit(
    connection: Connection,
    *,
    event: str,
    subject: str,
    data: Mapping[str, Any],
    now: datetime,
    once: str | None = None,
    only: int | None = None,
) -> str | None:
    """Tell the endpoints of an event, when this transaction is through.

    Args:
        connection: of the transaction of the change (`Database.write`), after its `audit.append`: in this order
            no two writers wait for each other.
        event: one of `EVENTS`.
        subject: what it is about, as `kind:id`, as in the audit record.
        data: details as JSON values. No names of persons: an endpoint that needs them asks for them with its key.
        now: the moment of the change, timezone-aware: endpoints that were added later don't hear of it.
        once: an event with the same text here was told before, and this one isn't.
        only: the number of the one endpoint that is told.

    Returns:
        The id of the message, or None where nobody asked for it, or it was told before.
    """
    if event not in EVENTS:
        raise ValueError(f"no event is called {event!r}")
    wanted = [
        e
        for e in all_endpoints(connection)
        if e.active and e.wants(event) and only in (None, e.id) and e.created <= now
    ]
    if not wanted:
        return None
    if once is not None and connection.execute(select(messages.c.id).where(messages.c.once == once)).first():
        return None
    number = f"msg_{secrets.token_urlsafe(18)}"
    connection.execute(
        insert(messages).values(
            id=number,
            event=event,
            subject=subject,
            moment=now,
            data=orjson.dumps(dict(data), option=orjson.OPT_SORT_KEYS).decode(),
            once=once,
        )
    )
    for endpoint in wanted:
        queue_delivery(connection, endpoint.id, number, now)
    return number


def queue_delivery(connection: Connection, endpoint: int, message: str, now: datetime) -> int:
    """Queue the job that brings a message to an endpoint; its number."""
    options = {"endpoint": endpoint, "message": message}
    return jobs.add(
        connection, kind=DELIVERY, options=options, asked_by="system:webhooks", now=now, priority=PRIORITY
    )


def looked_at(connection: Connection) -> int:
    """The last row of the audit record that was looked at for events."""
    return int(connection.execute(select(cursor.c.seq).where(cursor.c.id == 1)).scalar_one())


def look_on(connection: Connection, before: int, seq: int) -> bool:
    """Claim the rows behind `before` up to `seq`: whether nobody else has. Their events belong into this
    transaction."""
    moved = update(cursor).where(cursor.c.id == 1, cursor.c.seq == before).values(seq=seq)
    return connection.execute(moved).rowcount == 1


def add_endpoint(
    connection: Connection, *, url: str, events: Collection[str], secret: str, created_by: str, now: datetime
) -> int:
    """Add an endpoint; its number."""
    key = connection.execute(
        insert(endpoints).values(
            url=url,
            events=orjson.dumps(sorted(events)).decode(),
            secret=secret,
            active=True,
            created=now,
            created_by=created_by,
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def rotate(connection: Connection, number: int, *, secret: str, old_until: datetime) -> None:
    """Give an endpoint a new secret; until a moment, its messages are signed with the old one, too."""
    connection.execute(
        update(endpoints)
        .where(endpoints.c.id == number)
        .values(old_secret=endpoints.c.secret, old_secret_until=old_until, secret=secret)
    )


def activate(connection: Connection, number: int, active: bool) -> None:
    """Switch an endpoint on or off. One that is off hears of nothing, and nothing is kept for it."""
    connection.execute(update(endpoints).where(endpoints.c.id == number).values(active=active))


def note_success(connection: Connection, number: int, now: datetime) -> None:
    """Note that an endpoint took a message."""
    connection.execute(update(endpoints).where(endpoints.c.id == number).values(last_success=now))


def note_failure(connection: Connection, number: int, now: datetime, error: str) -> None:
    """Note that an endpoint didn't take a message, and why."""
    connection.execute(
        update(endpoints).where(endpoints.c.id == number).values(last_failure=now, last_error=error)
    )


def remove_endpoint(connection: Connection, number: int) -> None:
    """Remove an endpoint. Deliveries that wait for it end by themselves: there is nobody to bring them to."""
    connection.execute(delete(endpoints).where(endpoints.c.id == number))


def find_endpoint(connection: Connection, number: int) -> Endpoint | None:
    """The endpoint of this number."""
    row = connection.execute(select(endpoints).where(endpoints.c.id == number)).one_or_none()
    return _endpoint(row) if row is not None else None


def all_endpoints(connection: Connection) -> tuple[Endpoint, ...]:
    """All endpoints, by number."""
    return tuple(_endpoint(row) for row in connection.execute(select(endpoints).order_by(endpoints.c.id)))


def find_message(connection: Connection, number: str) -> Message | None:
    """The message of this id."""
    columns = [column for column in messages.c if column.name != "once"]
    row = connection.execute(select(*columns).where(messages.c.id == number)).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    return Message(**(values | {"data": orjson.loads(values["data"])}))


def prune_messages(connection: Connection, before: datetime) -> int:
    """Erase messages from before a moment; how many. Deliveries that still wait are then over."""
    return connection.execute(delete(messages).where(messages.c.moment < before)).rowcount


def _endpoint(row: Any) -> Endpoint:
    values = dict(row._mapping)
    return Endpoint(**(values | {"events": tuple(orjson.loads(values["events"]))}))
