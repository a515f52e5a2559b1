"""The runs of the monitoring: which lists a portfolio was screened against, when, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    insert,
    select,
)

from stopship.store.tables import Moment, metadata

runs = Table(
    "monitor_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portfolio_id", ForeignKey("portfolios.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("finished", Moment, nullable=False),
    Column("index_hash", String(80), nullable=False),
    Column("engine", String(64), nullable=False),
    Column("threshold", Float, nullable=False),
    Column("complete", Boolean, nullable=False),  # every customer was screened
    Column("changed_entities", BigInteger, nullable=False),
    Column("screened", BigInteger, nullable=False),
    Column("new", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("gone", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run."""

    finished: datetime
    index_hash: str
    engine: str
    threshold: float
    complete: bool
    changed_entities: int
    screened: int
    new: int
    changed: int
    gone: int


def add(connection: Connection, portfolio: int, values: Mapping[str, Any]) -> None:
    """Note a finished run."""
    connection.execute(insert(runs).values(portfolio_id=portfolio, **values))


def last(connection: Connection, portfolio: int) -> Run | None:
    """The last run of a portfolio."""
    columns = [column for column in runs.c if column.name not in ("id", "portfolio_id")]
    chosen = select(*columns).where(runs.c.portfolio_id == portfolio).order_by(runs.c.id.desc()).limit(1)
    row = connection.execute(chosen).one_or_none()
    return Run(**row._mapping) if row is not None else None
