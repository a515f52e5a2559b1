"""How often somebody tried to sign in, so that all workers slow a guesser down together."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from stopship.store.tables import Moment, metadata

attempts = Table(
    "login_attempts",
    metadata,
    Column("bucket", String(80), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", Moment, nullable=False, index=True),
    Column("free_at", Moment, nullable=False),
)
proven = Table(
    "login_places",
    metadata,
    Column("bucket", String(80), primary_key=True),
    Column("last", Moment, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class AttemptsRow:
    """Attempts that count against one bucket: how many, the last one, and when the next is taken."""

    bucket: str
    count: int
    last: datetime
    free_at: datetime


def locked(connection: Connection, bucket: str, now: datetime) -> AttemptsRow:
    """What counts against a bucket, made where there is nothing, and nobody else's until the transaction ends."""
    chosen = select(attempts).where(attempts.c.bucket == bucket).with_for_update()
    # Another transaction may make the row between looking and making it, and a third remove it again.
    while (row := connection.execute(chosen).one_or_none()) is None:
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(insert(attempts).values(bucket=bucket, count=0, last=now, free_at=now))
    return AttemptsRow(**row._mapping)


def put(connection: Connection, row: AttemptsRow) -> None:
    """Write what counts against a bucket."""
    values = {"count": row.count, "last": row.last, "free_at": row.free_at}
    connection.execute(update(attempts).where(attempts.c.bucket == row.bucket).values(**values))


def clear(connection: Connection, bucket: str) -> bool:
    """Let nothing count against a bucket any more; whether anything did."""
    done = connection.execute(
        update(attempts)
        .where(attempts.c.bucket == bucket, attempts.c.count > 0)
        .values(count=0, free_at=attempts.c.last)
    )
    return done.rowcount == 1


def forget_old(connection: Connection, *, before: datetime, places_before: datetime) -> None:
    """Remove some of what nobody asks for any more, and nothing that another transaction works with."""
    for table, moment in ((attempts, before), (proven, places_before)):
        chosen = select(table.c.bucket).where(table.c.last < moment).limit(1000)
        old = list(connection.execute(chosen.with_for_update(skip_locked=True)).scalars())
        if old:
            connection.execute(delete(table).where(table.c.bucket.in_(old)))


def is_proven(connection: Connection, bucket: str, *, since: datetime) -> bool:
    """Whether somebody has signed in from this place to this account since then."""
    last = connection.execute(select(proven.c.last).where(proven.c.bucket == bucket)).scalar_one_or_none()
    return last is not None and last >= since


def prove(connection: Connection, bucket: str, now: datetime) -> None:
    """Note that somebody has signed in from this place to this account."""
    if connection.execute(update(proven).where(proven.c.bucket == bucket).values(last=now)).rowcount == 0:
        # The same person twice at once: one of them makes the row.
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(insert(proven).values(bucket=bucket, last=now))
