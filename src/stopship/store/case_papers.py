"""What people add to a case: notes, and files that lie in the home under the hash of what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from stopship.store.tables import Moment, metadata

notes = Table(
    "case_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("moment", Moment, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("text", Text),  # None once the party was erased
)

files = Table(
    "case_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("moment", Moment, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("name", Text, nullable=False),  # what the person calls it; never a path
    Column("media", String(100), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Note:
    """One note; `text` is None once the party was erased."""

    id: int
    case_id: int
    moment: datetime
    actor: str
    text: str | None


@dataclass(frozen=True, slots=True)
class File:
    """One file of a case."""

    id: int
    case_id: int
    moment: datetime
    actor: str
    name: str
    media: str
    size: int
    sha256: str


def add_note(connection: Connection, values: Mapping[str, Any]) -> int:
    """Add a note; its number."""
    made = connection.execute(insert(notes).values(**values)).inserted_primary_key
    assert made is not None
    return int(made[0])


def notes_of(connection: Connection, case: int) -> tuple[Note, ...]:
    """The notes of a case, in order."""
    chosen = select(notes).where(notes.c.case_id == case).order_by(notes.c.id)
    return tuple(Note(**row._mapping) for row in connection.execute(chosen))


def add_file(connection: Connection, values: Mapping[str, Any]) -> int:
    """Note a file; its number."""
    made = connection.execute(insert(files).values(**values)).inserted_primary_key
    assert made is not None
    return int(made[0])


def files_of(connection: Connection, case: int) -> tuple[File, ...]:
    """The files of a case, in order."""
    chosen = select(files).where(files.c.case_id == case).order_by(files.c.id)
    return tuple(File(**row._mapping) for row in connection.execute(chosen))


def find_file(connection: Connection, number: int) -> File | None:
    """The file of this number."""
    row = connection.execute(select(files).where(files.c.id == number)).one_or_none()
    return File(**row._mapping) if row is not None else None


def contents(connection: Connection) -> frozenset[str]:
    """The hashes of all contents that a case has."""
    return frozenset(row[0] for row in connection.execute(select(files.c.sha256).distinct()))


def erase(connection: Connection, case: int) -> None:
    """Erase the notes' text and the files of a case; contents that no case has any more are the caller's."""
    connection.execute(update(notes).where(notes.c.case_id == case).values(text=None))
    connection.execute(delete(files).where(files.c.case_id == case))
