"""Cases and their alerts: one case a subject, one alert for each listed entity that it may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from stopship.store.subjects import subjects
from stopship.store.tables import Moment, metadata

QUEUED = (
    *("state", "disposition", "priority", "band", "assignee", "due"),
    *("programs", "score", "opened", "changed", "closed", "locked_until", "subject_id"),
)
"""All that cases are chosen, counted and sorted by."""
BY_PROGRAM = ("programs", *QUEUED[:6], "opened", "closed", "subject_id")

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject_id", ForeignKey("subjects.id"), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("disposition", String(16)),
    Column("priority", Integer, nullable=False),  # 0 is the most urgent
    Column("band", String(16), nullable=False),
    Column("score", Float, nullable=False),
    Column("opened", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("closed", Moment),
    Column("assignee", String(200)),
    Column("locked_by", String(200)),
    Column("locked_until", Moment),
    Column("version", Integer, nullable=False),
    Column(
        "programs", Text, nullable=False, server_default=""
    ),  # of all its alerts, as `programs_text` writes them
    CheckConstraint("state IN ('open', 'escalated', 'proposed', 'closed')", name="state"),
    CheckConstraint("disposition IS NULL OR disposition IN ('true_match', 'false_match')", name="disposition"),
    # What is closed has an answer, and what has one is closed.
    CheckConstraint("(state = 'closed') = (disposition IS NOT NULL)", name="closed_by_disposition"),
    # The queue and its figures are read from these alone, in the order in which they count.
    Index("ix_cases_queue", *QUEUED),
    Index("ix_cases_programs", *BY_PROGRAM),
    # What was closed, and what came, in a period: for the figures of the overview.
    Index("ix_cases_closed", "closed", "disposition", "opened"),
    Index("ix_cases_opened", "opened"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("entity_id", String(200), nullable=False),
    Column("entity_name", Text, nullable=False),
    Column("entity_hash", String(64), nullable=False),
    Column("entity", Text),  # the entry as printed, JSON; None once the party was erased
    Column("programs", Text, nullable=False),  # JSON list
    Column("score", Float, nullable=False),
    Column("band", String(16), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("reference", Text, nullable=False),
    Column("hit", Text),  # evidence, findings, listings, JSON; None once the party was erased
    Column("state", String(16), nullable=False),
    Column("verdict", String(16)),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("gone", Moment),  # since when the lists don't have it any more
    UniqueConstraint("case_id", "entity_id"),
    CheckConstraint("state IN ('open', 'proposed', 'decided', 'suppressed')", name="state"),
    CheckConstraint("verdict IS NULL OR verdict IN ('true_match', 'false_match')", name="verdict"),
    CheckConstraint("(state = 'decided') = (verdict IS NOT NULL)", name="decided_by_verdict"),
    # Rows are long, some of 20,000 bytes: what is counted must not be read from them.
    Index("ix_alerts_state", "state", "first_seen"),
    Index("ix_alerts_origin", "case_id", "origin", "state"),
    Index("ix_alerts_entity", "entity_id", "case_id"),
)

alert_programs = Table(
    "alert_programs",
    metadata,
    Column("alert_id", ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
    Column("program", String(64), primary_key=True, index=True),
)

alert_names = Table(
    "alert_names",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entity_id", String(200), nullable=False, index=True),
    Column("name", Text, nullable=False),
)
"""Each name once that an entry had in an alert: few entries have many alerts, and texts are looked for here."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as it is kept, with its subject's name."""

    id: int
    subject_id: int
    state: str
    disposition: str | None
    priority: int
    band: str
    score: float
    opened: datetime
    changed: datetime
    due: datetime
    closed: datetime | None
    assignee: str | None
    locked_by: str | None
    locked_until: datetime | None
    version: int
    programs: str
    name: str


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert as it is kept. `programs`, `entity` and `hit` are JSON."""

    id: int
    case_id: int
    entity_id: str
    entity_name: str
    entity_hash: str
    entity: str | None
    programs: str
    score: float
    band: str
    origin: str
    reference: str
    hit: str | None
    state: str
    verdict: str | None
    first_seen: datetime
    last_seen: datetime
    gone: datetime | None


AT_ONCE = 500
"""Numbers that one statement names."""

WITH_NAME = (*cases.c, subjects.c.name)
JOINED = cases.join(subjects, subjects.c.id == cases.c.subject_id)


def find(connection: Connection, number: int) -> CaseRow | None:
    """The case of this number."""
    row = connection.execute(select(*WITH_NAME).select_from(JOINED).where(cases.c.id == number)).one_or_none()
    return CaseRow(**row._mapping) if row is not None else None


def some(connection: Connection, numbers: Sequence[int]) -> dict[int, CaseRow]:
    """Cases by their numbers; those that are none are left out."""
    found: dict[int, CaseRow] = {}
    for at in range(0, len(numbers), AT_ONCE):
        chosen = select(*WITH_NAME).select_from(JOINED).where(cases.c.id.in_(numbers[at : at + AT_ONCE]))
        found |= {row.id: CaseRow(**row._mapping) for row in connection.execute(chosen)}
    return found


def open_alerts(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """How many alerts of each of some cases are open; cases without any are left out."""
    found: dict[int, int] = {}
    for at in range(0, len(numbers), AT_ONCE):
        held = alerts.c.case_id.in_(numbers[at : at + AT_ONCE])
        # Not asked for by state: SQLite would take that one's index, and read all open alerts there are.
        is_open = func.sum(case((alerts.c.state == "open", 1), else_=0))
        chosen = select(alerts.c.case_id, is_open).where(held).group_by(alerts.c.case_id)
        found |= {row[0]: int(row[1]) for row in connection.execute(chosen) if row[1]}
    return found


def of_subject(connection: Connection, subject: int) -> CaseRow | None:
    """The case of a subject."""
    chosen = select(*WITH_NAME).select_from(JOINED).where(cases.c.subject_id == subject)
    row = connection.execute(chosen).one_or_none()
    return CaseRow(**row._mapping) if row is not None else None


def of_subjects(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, int | None]]:
    """Name and case of some subjects."""
    found: dict[int, tuple[str, int | None]] = {}
    held = subjects.outerjoin(cases, cases.c.subject_id == subjects.c.id)
    for at in range(0, len(numbers), AT_ONCE):
        some = subjects.c.id.in_(numbers[at : at + AT_ONCE])
        rows = connection.execute(select(subjects.c.id, subjects.c.name, cases.c.id).select_from(held).where(some))
        found |= {row[0]: (row[1], row[2]) for row in rows}
    return found


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Add a case; its number."""
    made = connection.execute(insert(cases).values(version=1, **values)).inserted_primary_key
    assert made is not None
    return int(made[0])


def change(connection: Connection, number: int, version: int, values: Mapping[str, Any]) -> bool:
    """Change a case that is still at `version`, which then is one more. False: another one was faster."""
    done = connection.execute(
        update(cases).where(cases.c.id == number, cases.c.version == version).values(version=version + 1, **values)
    )
    return done.rowcount == 1


def alerts_of(connection: Connection, number: int) -> tuple[AlertRow, ...]:
    """The alerts of a case, best first."""
    chosen = select(alerts).where(alerts.c.case_id == number).order_by(alerts.c.score.desc(), alerts.c.id)
    return tuple(AlertRow(**row._mapping) for row in connection.execute(chosen))


def add_alert(connection: Connection, values: Mapping[str, Any], programs: Iterable[str]) -> int:
    """Add an alert with the programs that it is about; its number."""
    made = connection.execute(insert(alerts).values(**values)).inserted_primary_key
    assert made is not None
    number = int(made[0])
    _put_name(connection, values["entity_id"], values["entity_name"])
    _put_programs(connection, number, frozenset(programs))
    return number


def change_alert(
    connection: Connection, number: int, values: Mapping[str, Any], programs: Iterable[str] | None = None
) -> None:
    """Change an alert, and its programs where they are given."""
    connection.execute(update(alerts).where(alerts.c.id == number).values(**values))
    if "entity_name" in values:
        entity = connection.execute(select(alerts.c.entity_id).where(alerts.c.id == number)).scalar_one()
        _put_name(connection, entity, values["entity_name"])
    if programs is None:
        return
    wanted = frozenset(programs)
    held = select(alert_programs.c.program).where(alert_programs.c.alert_id == number)
    if frozenset(connection.execute(held).scalars()) != wanted:
        connection.execute(delete(alert_programs).where(alert_programs.c.alert_id == number))
        _put_programs(connection, number, wanted)


def programs_text(programs: Iterable[str]) -> str:
    """Programs as a case holds them: in order, with a space before, between and behind them, so that each is found
    by itself; empty where there is none."""
    wanted = sorted(set(programs))
    return f" {' '.join(wanted)} " if wanted else ""


def _put_name(connection: Connection, entity: str, name: str) -> None:
    columns = alert_names.c
    known = select(columns.id).where(columns.entity_id == entity, columns.name == name).limit(1)
    if connection.execute(known).first() is None:
        connection.execute(insert(alert_names).values(entity_id=entity, name=name))


def _put_programs(connection: Connection, number: int, programs: frozenset[str]) -> None:
    """Write the programs of an alert, and into its case those of all of its alerts."""
    rows = [{"alert_id": number, "program": program} for program in sorted(programs)]
    if rows:
        connection.execute(insert(alert_programs), rows)
    case = select(alerts.c.case_id).where(alerts.c.id == number).scalar_subquery()
    of_case = (
        select(alert_programs.c.program)
        .join(alerts, alerts.c.id == alert_programs.c.alert_id)
        .where(alerts.c.case_id == case)
        .distinct()
    )
    text = programs_text(connection.execute(of_case).scalars())
    connection.execute(update(cases).where(cases.c.id == case, cases.c.programs != text).values(programs=text))
