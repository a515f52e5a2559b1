"""Sessions of people who are signed in, and sign-ins with a provider that are under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from stopship.store.tables import Moment, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("method", String(16), nullable=False),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
)
pending = Table(
    "pending_logins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state_hash", String(64), nullable=False, unique=True),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("expires", Moment, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session. `token_hash` is SHA-256 in hexadecimal digits, `method` is `password` or `oidc`."""

    id: int
    user_id: int
    token_hash: str
    method: str
    created: datetime
    seen: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A sign-in that waits for the provider's answer."""

    nonce: str
    verifier: str
    expires: datetime


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Add a session; its number."""
    key = connection.execute(insert(sessions).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def find(connection: Connection, token_hash: str) -> SessionRow | None:
    """The session whose token has this hash."""
    row = connection.execute(select(sessions).where(sessions.c.token_hash == token_hash)).one_or_none()
    return SessionRow(**row._mapping) if row is not None else None


def of_user(connection: Connection, user: int) -> tuple[SessionRow, ...]:
    """The sessions of an account, the oldest first."""
    rows = connection.execute(select(sessions).where(sessions.c.user_id == user).order_by(sessions.c.id))
    return tuple(SessionRow(**row._mapping) for row in rows)


def counts(connection: Connection, *, now: datetime, idle_since: datetime) -> dict[int, int]:
    """How many sessions hold, by the number of the account."""
    holding = and_(sessions.c.expires > now, sessions.c.seen > idle_since)
    chosen = select(sessions.c.user_id, func.count()).where(holding).group_by(sessions.c.user_id)
    return {row[0]: int(row[1]) for row in connection.execute(chosen)}


def note_seen(connection: Connection, session: int, *, now: datetime, since: datetime) -> None:
    """Note that a session was used, unless another process noted it after `since`."""
    connection.execute(update(sessions).where(sessions.c.id == session, sessions.c.seen < since).values(seen=now))


def move(connection: Connection, session: int, *, old: str, new: str) -> bool:
    """Give a session another token; whether it still had the old one."""
    done = connection.execute(
        update(sessions).where(sessions.c.id == session, sessions.c.token_hash == old).values(token_hash=new)
    )
    return done.rowcount == 1


def end(connection: Connection, session: int) -> bool:
    """End a session; whether there was one."""
    return connection.execute(delete(sessions).where(sessions.c.id == session)).rowcount == 1


def end_all(connection: Connection, user: int, *, but: int | None = None) -> int:
    """End the sessions of an account, all `but` one; how many there were."""
    chosen = delete(sessions).where(sessions.c.user_id == user)
    if but is not None:
        chosen = chosen.where(sessions.c.id != but)
    return connection.execute(chosen).rowcount


def forget_old(connection: Connection, *, now: datetime, idle_since: datetime) -> None:
    """Remove some of the sessions that no longer hold (past their end, or not used since), and none that another
    transaction works with."""
    chosen = select(sessions.c.id).where(or_(sessions.c.expires <= now, sessions.c.seen <= idle_since)).limit(1000)
    old = list(connection.execute(chosen.with_for_update(skip_locked=True)).scalars())
    if old:
        connection.execute(delete(sessions).where(sessions.c.id.in_(old)))


def forget_pending(connection: Connection, *, now: datetime) -> None:
    """Remove some of the sign-ins that were never finished."""
    chosen = select(pending.c.id).where(pending.c.expires <= now).limit(1000)
    old = list(connection.execute(chosen.with_for_update(skip_locked=True)).scalars())
    if old:
        connection.execute(delete(pending).where(pending.c.id.in_(old)))


def begin(connection: Connection, values: Mapping[str, Any]) -> None:
    """Note a sign-in that waits for the provider's answer."""
    connection.execute(insert(pending).values(**values))


def waiting(connection: Connection) -> int:
    """How many sign-ins wait for the provider's answer."""
    return connection.execute(select(func.count()).select_from(pending)).scalar_one()


def take(connection: Connection, state_hash: str) -> PendingRow | None:
    """The sign-in that waits under this state, which nobody gets a second time."""
    chosen = select(pending).where(pending.c.state_hash == state_hash).with_for_update()
    row = connection.execute(chosen).one_or_none()
    if row is None:
        return None
    if connection.execute(delete(pending).where(pending.c.id == row.id)).rowcount != 1:
        return None
    return PendingRow(row.nonce, row.verifier, row.expires)
