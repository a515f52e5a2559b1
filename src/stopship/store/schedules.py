"""When each scheduled job is due next: one row a schedule, moved on in the transaction that queues the job."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table, Text, delete, insert, select, update

from stopship.store.tables import Moment, metadata

schedules = Table(
    "schedules",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("plan", Text, nullable=False),  # as the settings say it: another plan is reckoned anew
    Column("next_due", Moment, nullable=False),
    Column("last_due", Moment),
    Column("last_job", Integer),
)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One schedule and when it is due."""

    name: str
    plan: str
    next_due: datetime
    last_due: datetime | None
    last_job: int | None


def all_of(connection: Connection) -> tuple[Scheduled, ...]:
    """All schedules, by name."""
    rows = connection.execute(select(schedules).order_by(schedules.c.name))
    return tuple(Scheduled(**row._mapping) for row in rows)


def put(connection: Connection, name: str, plan: str, next_due: datetime) -> None:
    """Note a schedule that is new or has another plan."""
    changed = connection.execute(
        update(schedules).where(schedules.c.name == name).values(plan=plan, next_due=next_due)
    )
    if changed.rowcount == 0:
        connection.execute(insert(schedules).values(name=name, plan=plan, next_due=next_due))


def move_on(connection: Connection, due: Scheduled, next_due: datetime) -> bool:
    """Claim a run that is due: whether nobody else has. The caller queues its job in this transaction."""
    moved = connection.execute(
        update(schedules)
        .where(schedules.c.name == due.name, schedules.c.plan == due.plan, schedules.c.next_due == due.next_due)
        .values(next_due=next_due, last_due=due.next_due)
    )
    return moved.rowcount == 1


def note_job(connection: Connection, name: str, number: int) -> None:
    """Note the job that the last run of a schedule queued."""
    connection.execute(update(schedules).where(schedules.c.name == name).values(last_job=number))


def keep_only(connection: Connection, names: Collection[str]) -> None:
    """Forget schedules that the settings no longer have."""
    connection.execute(delete(schedules).where(schedules.c.name.not_in(sorted(names))))
