"""Replies that are kept for a while, so that a call made twice with one idempotency key is done once.

A key belongs to whoever sent it. It is claimed before the work and answered after it; who comes in between is told
that the work is under way. A claim whose worker died is free again after `ABANDONED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table, delete, insert, select, update

from stopship.store.tables import Moment, metadata

KEPT = timedelta(hours=24)
ABANDONED = timedelta(minutes=5)

replies = Table(
    "replies",
    metadata,
    Column("owner", String(200), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request", String(64), nullable=False),  # SHA-256 of what was asked
    Column("claimed", Moment, nullable=False, index=True),
    Column("status", Integer),  # None while the work is under way
    Column("location", String(500)),
    Column("body", LargeBinary),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered. `status` is None while the work is under way."""

    request: str
    status: int | None
    location: str | None
    body: bytes | None


def claim(connection: Connection, owner: str, key: str, request: str, now: datetime) -> Reply | None:
    """Claim a key; None where it is the caller's now, else what is known of the earlier call.

    Call it inside of `Database.write`. Replies that are too old are forgotten on the way.
    """
    connection.execute(delete(replies).where(replies.c.claimed < now - KEPT))
    mine = (replies.c.owner == owner) & (replies.c.key == key)
    connection.execute(
        delete(replies).where(mine, replies.c.status.is_(None), replies.c.claimed < now - ABANDONED)
    )
    columns = (replies.c.request, replies.c.status, replies.c.location, replies.c.body)
    row = connection.execute(select(*columns).where(mine)).one_or_none()
    if row is not None:
        return Reply(*row)
    connection.execute(insert(replies).values(owner=owner, key=key, request=request, claimed=now))
    return None


def answer(
    connection: Connection, owner: str, key: str, *, status: int, location: str | None, body: bytes
) -> None:
    """Keep what a claimed call was answered."""
    mine = (replies.c.owner == owner) & (replies.c.key == key)
    connection.execute(update(replies).where(mine).values(status=status, location=location, body=body))


def release(connection: Connection, owner: str, key: str) -> None:
    """Give up a claim: nothing was done, and the call may be made again."""
    mine = (replies.c.owner == owner) & (replies.c.key == key)
    connection.execute(delete(replies).where(mine, replies.c.status.is_(None)))
