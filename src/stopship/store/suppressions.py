"""Suppressions: "this party is not that entity", until a day, as long as neither changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from stopship.store.subjects import subjects
from stopship.store.tables import Holds, Moment, metadata

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
    Index("ix_suppressions_state", "state", "until", "ended"),
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


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which suppressions.

    Attributes:
        states: any of these; empty: all.
        text: part of the party's name in any case, or of the name of an entry that it is not, or that entry's id.
        person: who asked for it, or agreed.
        soon: also those that are active and end on or before this day; `late`: of the other states only those that
            ended after this moment. Both are for alarms, and are given together.
    """

    states: tuple[str, ...] = ()
    text: str = ""
    person: str = ""
    soon: date | None = None
    late: datetime | None = None


def page(
    connection: Connection, wanted: Chosen, *, limit: int, below: int | None = None, above: int | None = None
) -> tuple[SuppressionRow, ...]:
    """Suppressions, the newest first: those behind a number, or those before one."""
    chosen = select(suppressions).select_from(_tables(wanted)).where(*_where(wanted))
    if above is not None:
        chosen = chosen.where(suppressions.c.id > above).order_by(suppressions.c.id).limit(limit)
        rows = connection.execute(chosen).all()[::-1]
    else:
        if below is not None:
            chosen = chosen.where(suppressions.c.id < below)
        rows = list(connection.execute(chosen.order_by(suppressions.c.id.desc()).limit(limit)).all())
    return tuple(SuppressionRow(**row._mapping) for row in rows)


def counts(connection: Connection, wanted: Chosen, *, groups: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many there are of each group, all counted at once.

    Args:
        wanted: text and person; its states and days are those of the alarms.
        groups: name -> states. The alarms are counted as `alarms`, whatever is given for them.
    """
    alarm = case((_alarms(wanted), 1), else_=0).label("alarm")
    anything = Chosen((), wanted.text, wanted.person)
    held = select(suppressions.c.state, alarm).select_from(_tables(anything)).where(*_where(anything)).subquery()
    found = dict.fromkeys([*groups, "alarms"], 0)
    for row in connection.execute(select(*held.c, func.count()).group_by(*held.c)):
        found["alarms"] += int(row[2]) if row[1] else 0
        for group, states in groups.items():
            if group != "alarms" and row[0] in states:
                found[group] += int(row[2])
    return found


def entities_of(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[SuppressedEntity, ...]]:
    """The entities of some suppressions."""
    columns = suppressed_entities.c
    wanted = select(suppressed_entities).where(columns.suppression_id.in_(numbers)).order_by(columns.entity_id)
    found: dict[int, list[SuppressedEntity]] = {number: [] for number in numbers}
    for row in connection.execute(wanted):
        one = SuppressedEntity(row.entity_id, row.entity_name, row.entity_hash, row.void)
        found[row.suppression_id].append(one)
    return {number: tuple(its) for number, its in found.items()}


_OF_PARTY = suppressions.join(subjects, subjects.c.id == suppressions.c.subject_id)


def _tables(wanted: Chosen) -> FromClause:
    """Parties are looked up only where their names are asked for."""
    return _OF_PARTY if wanted.text else suppressions


def _alarms(wanted: Chosen) -> ColumnElement[bool]:
    state = suppressions.c.state
    ends = and_(state == "active", suppressions.c.until <= wanted.soon)
    return or_(ends, and_(state.in_(wanted.states), suppressions.c.ended > wanted.late))


def _where(wanted: Chosen) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    state = suppressions.c.state
    if wanted.soon is not None and wanted.late is not None:
        asked.append(_alarms(wanted))
    elif wanted.states:
        asked.append(state.in_(wanted.states))
    if wanted.person:
        asked.append(or_(suppressions.c.maker == wanted.person, suppressions.c.checker == wanted.person))
    if text := wanted.text:
        columns = suppressed_entities.c
        # SQLite folds only Latin letters without marks: others are found as they were typed.
        alike = (
            Holds(func.lower(columns.entity_name), text.lower()),
            Holds(columns.entity_name, text),
            columns.entity_id == text,
        )
        about = suppressions.c.id.in_(select(columns.suppression_id).where(or_(*alike)))
        asked.append(or_(Holds(subjects.c.folded, text.casefold()), about))
    return asked


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
