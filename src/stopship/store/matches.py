"""The matches of monitored customers: open while the lists hold them, closed with a day when they don't."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
    update,
)

from stopship.store.portfolios import customers
from stopship.store.tables import Moment, metadata

matches = Table(
    "monitored_matches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("source", String(64), nullable=False),
    Column("score", Float, nullable=False),
    Column("band", String(16), nullable=False),
    Column("alert", Boolean, nullable=False),
    Column("snapshot", String(80), nullable=False),
    Column("hit", Text, nullable=False),  # the whole hit as `screen` writes it, JSON
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("closed", Moment, nullable=True),
    UniqueConstraint("customer_id", "entity_id"),
)

_OF_A_HIT = ("source", "score", "band", "alert", "snapshot", "hit")


@dataclass(frozen=True, slots=True)
class KeptMatch:
    """One open match; `customer` is the customer's own id, `hit` and `fields` (of the customer's row) are JSON."""

    id: int
    customer: str
    entity_id: str
    source: str
    hit: str
    name: str = ""
    fields: str = "{}"


def open_matches(connection: Connection, portfolio: int) -> Iterator[KeptMatch]:
    """The open matches of a portfolio."""
    chosen = (
        select(*(matches.c[name] for name in ("id", "entity_id", "source", "hit")))
        .add_columns(customers.c.customer, customers.c.name, customers.c.fields)
        .join(customers, customers.c.id == matches.c.customer_id)
        .where(customers.c.portfolio_id == portfolio, matches.c.closed.is_(None))
        .order_by(matches.c.id)
    )
    return (KeptMatch(**row._mapping) for row in connection.execute(chosen))


def counts(connection: Connection, portfolio: int) -> tuple[int, int]:
    """How many matches of a portfolio are open, and how many of them alert."""
    chosen = (
        select(func.count(), func.count().filter(matches.c.alert))
        .select_from(matches.join(customers, customers.c.id == matches.c.customer_id))
        .where(customers.c.portfolio_id == portfolio, matches.c.closed.is_(None))
    )
    total, alerts = connection.execute(chosen).one()
    return int(total), int(alerts)


def alerts_since(connection: Connection, since: datetime) -> int:
    """How many open matches that alert were first seen since a moment, over all portfolios."""
    chosen = select(func.count()).select_from(matches)
    chosen = chosen.where(matches.c.alert, matches.c.closed.is_(None), matches.c.first_seen >= since)
    return int(connection.execute(chosen).scalar_one())


def open_alerts(connection: Connection) -> int:
    """How many open matches alert, over all portfolios."""
    chosen = select(func.count()).select_from(matches).where(matches.c.alert, matches.c.closed.is_(None))
    return int(connection.execute(chosen).scalar_one())


def write(connection: Connection, rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Open matches or bring them up to date (`customer_id, entity_id, source, score, band, alert, snapshot, hit`).
    There is one for each customer and entity, whichever list carries it. One that was closed before is open again
    and keeps the day when it was first seen."""
    wanted = list(rows)
    if not wanted:
        return
    involved = {row["customer_id"] for row in wanted}
    known: dict[tuple[int, str], int] = {}
    for some in _portions(sorted(involved)):
        found = connection.execute(
            select(matches.c.customer_id, matches.c.entity_id, matches.c.id).where(matches.c.customer_id.in_(some))
        )
        known.update({(row[0], row[1]): row[2] for row in found})
    fresh, held = [], []
    for row in wanted:
        number = known.get((row["customer_id"], row["entity_id"]))
        if number is None:
            fresh.append({**row, "first_seen": now, "last_seen": now, "closed": None})
        else:
            seen = {name: row[name] for name in _OF_A_HIT}
            held.append({**seen, "number": number, "last_seen": now, "closed": None})
    if fresh:
        connection.execute(insert(matches), fresh)
    if held:
        names = (*_OF_A_HIT, "last_seen", "closed")
        connection.execute(
            update(matches)
            .where(matches.c.id == bindparam("number"))
            .values({name: bindparam(name) for name in names}),
            held,
        )


def close(connection: Connection, numbers: Iterable[int], now: datetime) -> None:
    """Close matches. They are kept: who was listed when is part of the record."""
    for some in _portions(sorted(numbers)):
        connection.execute(update(matches).where(matches.c.id.in_(some)).values(closed=now))


def _portions(numbers: list[int], size: int = 500) -> Iterator[list[int]]:
    for at in range(0, len(numbers), size):
        yield numbers[at : at + size]
