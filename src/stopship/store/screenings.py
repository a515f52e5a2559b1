"""Screenings: what was asked of the lists and when, also where nothing was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    insert,
    select,
)

from stopship.store.tables import Moment, metadata

screenings = Table(
    "screenings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("moment", Moment, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("outcome", String(32), nullable=False),  # of a decision; else hit or no_hit
    Column("reference", Text, nullable=False),  # the decision's hash, a file's name, a portfolio
    Column("parties", BigInteger, nullable=False),
    Column("alerts", BigInteger, nullable=False),
    Column("index_hash", String(80), nullable=False),
    Column("engine", String(64), nullable=False),
    Column("lists", Text, nullable=False),  # source -> snapshot, JSON
    CheckConstraint("kind IN ('decision', 'names', 'file', 'monitoring')", name="kind"),
    Index("ix_screenings_moment", "moment", "parties"),
)

screened = Table(
    "screened_subjects",
    metadata,
    Column("screening_id", ForeignKey("screenings.id", ondelete="CASCADE"), primary_key=True),
    Column("subject_id", ForeignKey("subjects.id"), primary_key=True, index=True),
    Column("alerts", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Screening:
    """One screening as it is kept; `lists` is JSON."""

    id: int
    moment: datetime
    actor: str
    kind: str
    outcome: str
    reference: str
    parties: int
    alerts: int
    index_hash: str
    engine: str
    lists: str


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Note a screening; its number."""
    made = connection.execute(insert(screenings).values(**values)).inserted_primary_key
    assert made is not None
    return int(made[0])


def add_subjects(connection: Connection, screening: int, found: Mapping[int, int]) -> None:
    """Note which subjects were screened, each with the number of its alerts."""
    rows = [
        {"screening_id": screening, "subject_id": subject, "alerts": count} for subject, count in found.items()
    ]
    if rows:
        connection.execute(insert(screened), rows)


def of_subject(connection: Connection, subject: int, most: int = 50) -> tuple[Screening, ...]:
    """The last screenings of a subject, the newest first."""
    chosen = (
        select(screenings)
        .join(screened, screened.c.screening_id == screenings.c.id)
        .where(screened.c.subject_id == subject)
        .order_by(screenings.c.id.desc())
        .limit(most)
    )
    return tuple(Screening(**row._mapping) for row in connection.execute(chosen))


def of_reference(connection: Connection, kind: str, reference: str) -> tuple[Screening, ...]:
    """The screenings of a kind with a reference, in order: of a decision, each time that it was kept."""
    columns = screenings.c
    chosen = select(screenings).where(columns.kind == kind, columns.reference == reference).order_by(columns.id)
    return tuple(Screening(**row._mapping) for row in connection.execute(chosen))


def find(connection: Connection, number: int) -> Screening | None:
    """The screening of this number."""
    row = connection.execute(select(screenings).where(screenings.c.id == number)).one_or_none()
    return Screening(**row._mapping) if row is not None else None


def numbers_of(connection: Connection, subjects: Iterable[int]) -> tuple[int, ...]:
    """The screenings of some subjects."""
    chosen = select(screened.c.screening_id).where(screened.c.subject_id.in_(list(subjects))).distinct()
    return tuple(row[0] for row in connection.execute(chosen.order_by(screened.c.screening_id)))
