"""Subjects: the parties that were screened, each told by a key that stays when the party comes again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table, Text, insert, select, update

from stopship.store.tables import Moment, metadata

subjects = Table(
    "subjects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("name", Text, nullable=False),  # empty once it was erased
    Column("folded", Text, nullable=False),  # the name without case, by which it is found and sorted
    Column("party", Text),  # what was known of the party, JSON; None once it was erased
    Column("party_hash", String(64), nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False, index=True),
    Column("erased", Moment),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One party. `party` is JSON as it was last seen; `party_hash` is over that."""

    id: int
    key: str
    name: str
    folded: str
    party: str | None
    party_hash: str
    first_seen: datetime
    last_seen: datetime
    erased: datetime | None


def find(connection: Connection, key: str) -> Subject | None:
    """The subject of this key."""
    row = connection.execute(select(subjects).where(subjects.c.key == key)).one_or_none()
    return Subject(**row._mapping) if row is not None else None


def get(connection: Connection, number: int) -> Subject:
    """The subject of this number, which is there."""
    return Subject(**connection.execute(select(subjects).where(subjects.c.id == number)).one()._mapping)


def seen(connection: Connection, key: str, *, name: str, party: str, party_hash: str, now: datetime) -> int:
    """Note that a party was screened, as it is now; its number."""
    known = find(connection, key)
    values = {"name": name, "folded": name.casefold(), "party": party, "party_hash": party_hash, "last_seen": now}
    if known is not None:
        connection.execute(update(subjects).where(subjects.c.id == known.id).values(**values))
        return known.id
    made = connection.execute(insert(subjects).values(key=key, first_seen=now, **values)).inserted_primary_key
    assert made is not None
    return int(made[0])


def erase(connection: Connection, number: int, now: datetime) -> None:
    """Erase who it was. The row stays, so that the record of what was done has something to hang on."""
    connection.execute(
        update(subjects)
        .where(subjects.c.id == number)
        .values(key=f"erased:{number}", name="", folded="", party=None, party_hash="", erased=now)
    )
