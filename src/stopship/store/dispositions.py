"""Dispositions: what a person said of a case's alerts, alone or for many cases at once, and who agreed.

That the second person is another one stands here as a constraint of the tables: no code can get around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    func,
    insert,
    select,
    update,
)

from stopship.store.cases import alerts, cases
from stopship.store.tables import Moment, metadata

LATELY = 10_000
"""Dispositions that are looked through first for what was said of an entry."""

bulks = Table(
    "bulks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("comment", Text, nullable=False),
    Column("chosen_by", Text, nullable=False),  # the filter or the numbers by which cases were chosen, JSON
    Column("cases", Integer, nullable=False),
    Column("maker", String(200), nullable=False),
    Column("made", Moment, nullable=False),
    Column("checker", String(200)),
    Column("checked", Moment),
    Column("check_comment", Text),
    CheckConstraint("state IN ('proposed', 'effective', 'refused', 'withdrawn')", name="state"),
    CheckConstraint("checker IS NULL OR checker <> maker", name="four_eyes"),
    CheckConstraint("state <> 'effective' OR checker IS NOT NULL", name="checked"),
)

bulk_cases = Table(
    "bulk_cases",
    metadata,
    Column("bulk_id", ForeignKey("bulks.id", ondelete="CASCADE"), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("version", Integer, nullable=False),  # as it was when the bulk was proposed
)

dispositions = Table(
    "dispositions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("comment", Text),  # None once the party was erased
    Column("maker", String(200), nullable=False),
    Column("made", Moment, nullable=False),
    Column("needs_checker", Boolean, nullable=False),
    Column("checker", String(200)),
    Column("checked", Moment),
    Column("check_comment", Text),
    Column("bulk_id", ForeignKey("bulks.id")),
    CheckConstraint("state IN ('proposed', 'effective', 'refused', 'withdrawn')", name="state"),
    CheckConstraint("verdict IN ('true_match', 'false_match', 'mixed', 'possible', 'escalated')", name="verdict"),
    CheckConstraint("checker IS NULL OR checker <> maker", name="four_eyes"),
    CheckConstraint("state <> 'effective' OR checker IS NOT NULL OR NOT needs_checker", name="checked"),
    Index("ix_dispositions_state", "state", "checked", "verdict"),
)

disposition_alerts = Table(
    "disposition_alerts",
    metadata,
    Column("disposition_id", ForeignKey("dispositions.id", ondelete="CASCADE"), primary_key=True),
    Column("alert_id", ForeignKey("alerts.id"), primary_key=True),
    Column("verdict", String(16), nullable=False),
    Column("entity_hash", String(64), nullable=False),  # the entry as it was judged
)


@dataclass(frozen=True, slots=True)
class DispositionRow:
    """One disposition as it is kept."""

    id: int
    case_id: int
    state: str
    verdict: str
    reason: str
    comment: str | None
    maker: str
    made: datetime
    needs_checker: bool
    checker: str | None
    checked: datetime | None
    check_comment: str | None
    bulk_id: int | None


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One bulk disposition as it is kept; `chosen_by` is JSON."""

    id: int
    state: str
    verdict: str
    reason: str
    comment: str
    chosen_by: str
    cases: int
    maker: str
    made: datetime
    checker: str | None
    checked: datetime | None
    check_comment: str | None


def add(connection: Connection, values: Mapping[str, Any], judged: Iterable[tuple[int, str, str]]) -> int:
    """Add a disposition with (alert, verdict, hash of the entry) of what it judges; its number."""
    made = connection.execute(insert(dispositions).values(**values)).inserted_primary_key
    assert made is not None
    number = int(made[0])
    rows = [
        {"disposition_id": number, "alert_id": alert, "verdict": verdict, "entity_hash": digest}
        for alert, verdict, digest in judged
    ]
    if rows:
        connection.execute(insert(disposition_alerts), rows)
    return number


def of_case(connection: Connection, case: int) -> tuple[DispositionRow, ...]:
    """The dispositions of a case, in order."""
    chosen = select(dispositions).where(dispositions.c.case_id == case).order_by(dispositions.c.id)
    return tuple(DispositionRow(**row._mapping) for row in connection.execute(chosen))


def waiting(connection: Connection, case: int) -> DispositionRow | None:
    """The disposition of a case that waits for the second person."""
    chosen = select(dispositions).where(dispositions.c.case_id == case, dispositions.c.state == "proposed")
    row = connection.execute(chosen).one_or_none()
    return DispositionRow(**row._mapping) if row is not None else None


def judged(connection: Connection, disposition: int) -> tuple[tuple[int, str, str], ...]:
    """What a disposition judges: (alert, verdict, hash of the entry as it was judged)."""
    columns = disposition_alerts.c
    chosen = select(columns.alert_id, columns.verdict, columns.entity_hash).where(
        columns.disposition_id == disposition
    )
    return tuple((row[0], row[1], row[2]) for row in connection.execute(chosen.order_by(columns.alert_id)))


def of_entities(
    connection: Connection, entities: Iterable[str], *, but: int, most: int
) -> tuple[tuple[DispositionRow, str, str], ...]:
    """What counts as said of some listed entries in other cases, the newest first: the disposition, the id of the
    entry, the verdict on it.

    Args:
        but: the case to leave out. most: of them.
    """
    columns = dispositions.c
    chosen = (
        select(dispositions, alerts.c.entity_id, disposition_alerts.c.verdict.label("given"))
        .select_from(alerts.join(dispositions, columns.case_id == alerts.c.case_id))
        .join(
            disposition_alerts,
            and_(disposition_alerts.c.disposition_id == columns.id, disposition_alerts.c.alert_id == alerts.c.id),
        )
        # Taken as a text of its own: by the index of states SQLite would read every disposition there is.
        .where(columns.state.concat("") == "effective")
        .where(columns.case_id != but)
        .order_by(columns.id.desc())
        .limit(most)
    )
    # Entries that many cases are about were judged lately, too: then the last dispositions are enough.
    last = connection.execute(select(func.coalesce(func.max(columns.id), 0))).scalar_one()
    among = list(entities)
    # Likewise: not by the index of entries, which many alerts have that nobody has judged.
    rows = connection.execute(
        chosen.where(columns.id > last - LATELY, alerts.c.entity_id.concat("").in_(among))
    ).all()
    if len(rows) < most and last > LATELY:
        rows = connection.execute(chosen.where(alerts.c.entity_id.in_(among))).all()
    found = []
    for row in rows:
        values = dict(row._mapping)
        entity, given = values.pop("entity_id"), values.pop("given")
        found.append((DispositionRow(**values), entity, given))
    return tuple(found)


def change(connection: Connection, number: int, values: Mapping[str, Any]) -> None:
    """Change a disposition."""
    connection.execute(update(dispositions).where(dispositions.c.id == number).values(**values))


def add_bulk(connection: Connection, values: Mapping[str, Any], chosen: Iterable[tuple[int, int]]) -> int:
    """Add a bulk disposition of (case, version) pairs; its number."""
    made = connection.execute(insert(bulks).values(**values)).inserted_primary_key
    assert made is not None
    number = int(made[0])
    rows = [{"bulk_id": number, "case_id": case, "version": version} for case, version in chosen]
    connection.execute(insert(bulk_cases), rows)
    return number


def find_bulk(connection: Connection, number: int) -> BulkRow | None:
    """The bulk disposition of this number."""
    row = connection.execute(select(bulks).where(bulks.c.id == number)).one_or_none()
    return BulkRow(**row._mapping) if row is not None else None


def all_bulks(connection: Connection, state: str | None = None) -> tuple[BulkRow, ...]:
    """Bulk dispositions, the newest first; those of one state where it is given."""
    chosen = select(bulks).order_by(bulks.c.id.desc())
    if state is not None:
        chosen = chosen.where(bulks.c.state == state)
    return tuple(BulkRow(**row._mapping) for row in connection.execute(chosen))


def count_bulks(connection: Connection, state: str) -> int:
    """How many bulk dispositions are in a state."""
    chosen = select(func.count()).select_from(bulks).where(bulks.c.state == state)
    return int(connection.execute(chosen).scalar_one())


def settled_bulks(connection: Connection, most: int) -> tuple[BulkRow, ...]:
    """The newest bulk dispositions that wait for nobody any more."""
    chosen = select(bulks).where(bulks.c.state != "proposed").order_by(bulks.c.id.desc()).limit(most)
    return tuple(BulkRow(**row._mapping) for row in connection.execute(chosen))


def cases_of_bulk(connection: Connection, number: int) -> tuple[tuple[int, int], ...]:
    """The cases of a bulk disposition with the version that each had when it was proposed."""
    chosen = select(bulk_cases.c.case_id, bulk_cases.c.version).where(bulk_cases.c.bulk_id == number)
    return tuple((row[0], row[1]) for row in connection.execute(chosen.order_by(bulk_cases.c.case_id)))


def cases_as_proposed(connection: Connection, numbers: Sequence[int]) -> dict[int, list[tuple[int, bool]]]:
    """The cases of some bulk dispositions, in order: number, and whether each is as it was then."""
    held = bulk_cases.join(cases, cases.c.id == bulk_cases.c.case_id)
    columns = (bulk_cases.c.bulk_id, bulk_cases.c.case_id, bulk_cases.c.version, cases.c.version)
    chosen = select(*columns).select_from(held).where(bulk_cases.c.bulk_id.in_(numbers))
    found: dict[int, list[tuple[int, bool]]] = {number: [] for number in numbers}
    for bulk, case, before, now in connection.execute(chosen.order_by(*columns[:2])):
        found[bulk].append((case, before == now))
    return found


def erase_bulks(connection: Connection, cases: Sequence[int]) -> tuple[int, ...]:
    """Erase the words of bulk dispositions that some cases were part of; their numbers."""
    found: set[int] = set()
    for at in range(0, len(cases), 500):
        chosen = select(bulk_cases.c.bulk_id).where(bulk_cases.c.case_id.in_(cases[at : at + 500])).distinct()
        found |= {row[0] for row in connection.execute(chosen)}
    for number in sorted(found):
        change_bulk(connection, number, {"comment": "", "chosen_by": "{}", "check_comment": None})
    return tuple(sorted(found))


def change_bulk(connection: Connection, number: int, values: Mapping[str, Any]) -> None:
    """Change a bulk disposition."""
    connection.execute(update(bulks).where(bulks.c.id == number).values(**values))
