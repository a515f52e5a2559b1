"""Enrolled portfolios, and those of their customers that ever matched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)

from stopship.store.tables import Moment, metadata

portfolios = Table(
    "portfolios",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("source_name", Text, nullable=False),
    Column("source_sha256", String(64), nullable=False),
    Column("enrolled", Moment, nullable=False),
    Column("customers", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    # Folders below the portfolio's own: its customers, and what the last screening knew.
    Column("files", String(64), nullable=False),
    Column("state", String(64), nullable=False),
)
customers = Table(
    "customers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portfolio_id", ForeignKey("portfolios.id", ondelete="CASCADE"), nullable=False),
    Column("customer", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("fields", Text, nullable=False),  # all columns of the customer's row, JSON
    UniqueConstraint("portfolio_id", "customer"),
)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """One enrolled file of customers. `files` and `state` name folders of the portfolio."""

    id: int
    name: str
    source_name: str
    source_sha256: str
    enrolled: datetime
    customers: int
    rejected: int
    files: str
    state: str


def find(connection: Connection, name: str) -> Portfolio | None:
    """The portfolio of this name."""
    row = connection.execute(select(portfolios).where(portfolios.c.name == name)).one_or_none()
    return Portfolio(**row._mapping) if row is not None else None


def all_of(connection: Connection) -> tuple[Portfolio, ...]:
    """All portfolios, by name."""
    rows = connection.execute(select(portfolios).order_by(portfolios.c.name))
    return tuple(Portfolio(**row._mapping) for row in rows)


def put(connection: Connection, values: Mapping[str, Any]) -> int:
    """Add a portfolio, or replace what is known of the one of that name; its number."""
    known = find(connection, values["name"])
    if known is None:
        key = connection.execute(insert(portfolios).values(**values)).inserted_primary_key
        assert key is not None
        return int(key[0])
    connection.execute(update(portfolios).where(portfolios.c.id == known.id).values(**values))
    return known.id


def move_on(connection: Connection, portfolio: int, state: str) -> None:
    """Name the state that a run has left."""
    connection.execute(update(portfolios).where(portfolios.c.id == portfolio).values(state=state))


def remove(connection: Connection, portfolio: int) -> None:
    """Erase a portfolio with its customers, matches and runs."""
    connection.execute(delete(portfolios).where(portfolios.c.id == portfolio))


def numbers(connection: Connection, portfolio: int) -> dict[str, int]:
    """The numbers of the customers that are kept, by their own ids."""
    rows = connection.execute(
        select(customers.c.customer, customers.c.id).where(customers.c.portfolio_id == portfolio)
    )
    return {row.customer: row.id for row in rows}


def keep_customers(connection: Connection, portfolio: int, rows: Iterable[Mapping[str, str]]) -> dict[str, int]:
    """Keep customers (`customer, name, fields`); those known already get their new fields. Their numbers by id."""
    known = numbers(connection, portfolio)
    fresh: list[dict[str, Any]] = []
    for row in rows:
        number = known.get(row["customer"])
        if number is None:
            fresh.append({**row, "portfolio_id": portfolio})
        else:
            connection.execute(update(customers).where(customers.c.id == number).values(**row))
    if fresh:
        connection.execute(insert(customers), fresh)
    return numbers(connection, portfolio)
