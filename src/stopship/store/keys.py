"""Keys of programs and of persons: what is known of each, and the hash of its secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Integer, String, Table, insert, or_, select, update

from stopship.store.tables import Moment, metadata

keys = Table(
    "access_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public", String(32), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("scopes", String(200), nullable=False),  # names with spaces between
    Column("a_minute", Integer),  # requests; None: as the settings say
    Column("created", Moment, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("expires", Moment),
    Column("last_used", Moment),
    Column("revoked", Moment),
    Column("replaces", String(32)),  # the public part of the key that this one was rotated from
    Column("user_id", ForeignKey("users.id"), index=True),  # whose it is; None: a program's
)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key. `public` is the part that is shown; `secret_hash` is SHA-256 in hexadecimal digits."""

    id: int
    public: str
    name: str
    secret_hash: str
    scopes: str
    a_minute: int | None
    created: datetime
    created_by: str
    expires: datetime | None
    last_used: datetime | None
    revoked: datetime | None
    replaces: str | None
    user_id: int | None


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Add a key; its number."""
    key = connection.execute(insert(keys).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def find(connection: Connection, public: str, *, lock: bool = False) -> KeyRow | None:
    """The key with this public part. `lock` keeps others from changing it until the transaction ends."""
    chosen = select(keys).where(keys.c.public == public)
    row = connection.execute(chosen.with_for_update() if lock else chosen).one_or_none()
    return KeyRow(**row._mapping) if row is not None else None


def named(connection: Connection, name: str) -> tuple[KeyRow, ...]:
    """All keys of this name, the oldest first."""
    rows = connection.execute(select(keys).where(keys.c.name == name).order_by(keys.c.id))
    return tuple(KeyRow(**row._mapping) for row in rows)


def all_of(connection: Connection) -> tuple[KeyRow, ...]:
    """All keys, the oldest first."""
    return tuple(KeyRow(**row._mapping) for row in connection.execute(select(keys).order_by(keys.c.id)))


def of_user(connection: Connection, user: int, *, holding_at: datetime) -> tuple[KeyRow, ...]:
    """The keys that belong to a person and aren't revoked at a moment, the oldest first."""
    still = or_(keys.c.revoked.is_(None), keys.c.revoked > holding_at)
    rows = connection.execute(select(keys).where(keys.c.user_id == user, still).order_by(keys.c.id))
    return tuple(KeyRow(**row._mapping) for row in rows)


def change(connection: Connection, key: int, values: Mapping[str, Any]) -> None:
    """Change what is known of a key."""
    connection.execute(update(keys).where(keys.c.id == key).values(**values))


def note_use(connection: Connection, key: int, *, now: datetime, since: datetime) -> None:
    """Note that a key was used, unless another process noted it after `since`."""
    stale = or_(keys.c.last_used.is_(None), keys.c.last_used < since)
    connection.execute(update(keys).where(keys.c.id == key, stale).values(last_used=now))
