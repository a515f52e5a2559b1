"""Accounts of people, their accounts with a provider of identities, and their sessions."""

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
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)

from stopship.store.tables import Moment, metadata

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),  # in small letters
    Column("full_name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text),  # None: signs in with a provider only
    Column("created", Moment, nullable=False),
    Column("password_set", Moment),
    Column("last_login", Moment),
    Column("disabled", Moment),
)
identities = Table(
    "user_identities",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("issuer", String(500), nullable=False),
    Column("subject", String(255), nullable=False),
    UniqueConstraint("issuer", "subject"),
)


@dataclass(frozen=True, slots=True)
class UserRow:
    """One account. `password_hash` is Argon2's own text, with its parameters and its salt."""

    id: int
    name: str
    full_name: str
    role: str
    password_hash: str | None
    created: datetime
    password_set: datetime | None
    last_login: datetime | None
    disabled: datetime | None


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Add an account; its number."""
    key = connection.execute(insert(users).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def find(connection: Connection, name: str, *, lock: bool = False) -> UserRow | None:
    """The account of this name, which is in small letters. `lock` keeps others from changing it until the
    transaction ends."""
    chosen = select(users).where(users.c.name == name)
    row = connection.execute(chosen.with_for_update() if lock else chosen).one_or_none()
    return UserRow(**row._mapping) if row is not None else None


def get(connection: Connection, user: int) -> UserRow | None:
    """The account of this number."""
    row = connection.execute(select(users).where(users.c.id == user)).one_or_none()
    return UserRow(**row._mapping) if row is not None else None


def all_of(connection: Connection) -> tuple[UserRow, ...]:
    """All accounts, by name."""
    return tuple(UserRow(**row._mapping) for row in connection.execute(select(users).order_by(users.c.name)))


def lock_enabled(connection: Connection, role: str) -> tuple[UserRow, ...]:
    """The accounts of a role that are not disabled, which nobody else can change until the transaction ends.

    Two who each disable the other meet here: the second waits, and then sees what the first has done.
    """
    chosen = select(users).where(users.c.role == role, users.c.disabled.is_(None)).order_by(users.c.id)
    return tuple(UserRow(**row._mapping) for row in connection.execute(chosen.with_for_update()))


def change(connection: Connection, user: int, values: Mapping[str, Any]) -> None:
    """Change what is known of an account."""
    connection.execute(update(users).where(users.c.id == user).values(**values))


def by_identity(connection: Connection, issuer: str, subject: str) -> UserRow | None:
    """The account that is known to a provider under this subject."""
    chosen = (
        select(users)
        .join(identities, identities.c.user_id == users.c.id)
        .where(identities.c.issuer == issuer, identities.c.subject == subject)
    )
    row = connection.execute(chosen).one_or_none()
    return UserRow(**row._mapping) if row is not None else None


def link(connection: Connection, user: int, issuer: str, subject: str) -> None:
    """Note that an account is known to a provider under this subject."""
    connection.execute(insert(identities).values(user_id=user, issuer=issuer, subject=subject))


def is_linked(connection: Connection, user: int) -> bool:
    """Whether an account is known to a provider."""
    return connection.execute(select(identities.c.id).where(identities.c.user_id == user)).first() is not None


def linked(connection: Connection) -> frozenset[int]:
    """The numbers of the accounts that are known to a provider."""
    return frozenset(connection.execute(select(identities.c.user_id)).scalars())
