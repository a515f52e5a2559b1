"""Suppressions: "this party is not that entity", until a day, as long as neither changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from stopship.store.tables import Moment, metadata

suppressions = Table(
    "suppressions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject_id", ForeignKey("subjects.id"), nullable=False, index=True),
    Column("party_hash", String(64), nullable=False),  # the party as it was judged
    Column("scope", String(8), nullable=False),
    Column("program", String(64)),
    Column("state", String(16), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("comment", Text),  # None once the party was erased
    Column("until", Date, nullable=False),  # exclusive
    Column("maker", String(200), nullable=False),
    Column("made", Moment, nullable=False),
    Column("needs_checker", Boolean, nullable=False),
    Column("checker", String(200)),
    Column("checked", Moment),
    Column("check_comment", Text),
    Column("ended", Moment),
    Column("ended_why", Text),
    Column("disposition_id", ForeignKey("dispositions.id")),
    CheckConstraint("scope IN ('pair', 'list')", name="scope"),
    CheckConstraint("(scope = 'list') = (program IS NOT NULL)", name="list_has_program"),
    CheckConstraint(
        "state IN ('proposed', 'active', 'refused', 'withdrawn', 'ended', 'expired', 'void')", name="state"
    ),
    CheckConstraint("checker IS NULL OR checker <> maker", name="four_eyes"),
    CheckConstraint("state <> 'active' OR checker IS NOT NULL OR NOT needs_checker", name="checked"),
    Index("ix_suppressions_state", "state", "until"),
)

suppressed_entities = Table(
    "suppressed_entities",
    metadata,
    Column("suppression_id", ForeignKey("suppressions.id", ondelete="CASCADE"), primary_key=True),
    Column("entity_id", String(200), primary_key=True),
    Column("entity_name", Text, nullable=False),
    Column("entity_hash", String(64), nullable=False),  # the entry as it was judged
    Column("void", Moment),
)


@dataclass(frozen=True, slots=True)
class SuppressionRow:
    """One suppression as it is kept."""

    id: int
    subject_id: int
    party_hash: str
    scope: str
    program: str | None
    state: str
    reason: str
    comment: str | None
    until: date
    maker: str
    made: datetime
    needs_checker: bool
    checker: str | None
    checked: datetime | None
    check_comment: str | None
    ended: datetime | None
    ended_why: str | None
    disposition_id: int | None


@dataclass(frozen=True, slots=True)
class SuppressedEntity:
    """One entry that the party is not; `void` since when that no longer holds because the entry changed."""

    entity_id: str
    entity_name: str
    entity_hash: str
    void: datetime | None


def add(connection: Connection, values: Mapping[str, Any], entities: Iterable[tuple[str, str, str]]) -> int:
    """Add a suppression with (id, name, hash) of its entities; its number."""
    made = connection.execute(insert(suppressions).values(**values)).inserted_primary_key
    assert made is not None
    number = int(made[0])
    rows = [
        {"suppression_id": number, "entity_id": entity, "entity_name": name, "entity_hash": digest}
        for entity, name, digest in entities
    ]
    connection.execute(insert(suppressed_entities), rows)
    return number


def find(connection: Connection, number: int) -> SuppressionRow | None:
    """The suppression of this number."""
    row = connection.execute(select(suppressions).where(suppressions.c.id == number)).one_or_none()
    return SuppressionRow(**row._mapping) if row is not None else None


def chosen(
    connection: Connection,
    *,
    subject: int | None = None,
    state: str | None = None,
    disposition: int | None = None,
    until: date | None = None,
) -> tuple[SuppressionRow, ...]:
    """Suppressions of a subject, in a state, made with a disposition, that end on or before `until`: in order."""
    wanted = select(suppressions).order_by(suppressions.c.id)
    if subject is not None:
        wanted = wanted.where(suppressions.c.subject_id == subject)
    if state is not None:
        wanted = wanted.where(suppressions.c.state == state)
    if disposition is not None:
        wanted = wanted.where(suppressions.c.disposition_id == disposition)
    if until is not None:
        wanted = wanted.where(suppressions.c.until <= until)
    return tuple(SuppressionRow(**row._mapping) for row in connection.execute(wanted))


def entities(connection: Connection, number: int) -> tuple[SuppressedEntity, ...]:
    """The entities of a suppression."""
    columns = suppressed_entities.c
    wanted = select(columns.entity_id, columns.entity_name, columns.entity_hash, columns.void).where(
        columns.suppression_id == number
    )
    return tuple(SuppressedEntity(*row) for row in connection.execute(wanted.order_by(columns.entity_id)))


def change(connection: Connection, number: int, values: Mapping[str, Any]) -> None:
    """Change a suppression."""
    connection.execute(update(suppressions).where(suppressions.c.id == number).values(**values))


def void_entity(connection: Connection, number: int, entity_id: str, now: datetime) -> None:
    """Say that one entity of a suppression no longer is what was judged."""
    columns = suppressed_entities.c
    connection.execute(
        update(suppressed_entities)
        .where(columns.suppression_id == number, columns.entity_id == entity_id)
        .values(void=now)
    )
