"""What all tables share: one collection, and names for constraints, by which migrations change them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment with its zone. SQLite keeps none: there it is written in UTC and read as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuses a moment without zone: it could be any."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Always in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class UtcDay(FunctionElement[str]):
    """The day of a `Moment` in UTC, as "2026-11-26". The databases have no common word for it: PostgreSQL tells
    days in the zone of the session, and SQLite has moments as text."""

    type = String()
    inherit_cache = True


@compiles(UtcDay)
def _day_of_moment(element: UtcDay, compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC', 'YYYY-MM-DD')"


class SecondsBetween(FunctionElement[int]):
    """Whole seconds from the second `Moment` to the first."""

    type = Integer()
    inherit_cache = True


@compiles(SecondsBetween)
def _seconds(element: SecondsBetween, compiler: Any, **options: Any) -> str:
    late, early = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(round(EXTRACT(epoch FROM {late} - {early})) AS BIGINT)"


@compiles(SecondsBetween, "sqlite")
def _seconds_in_sqlite(element: SecondsBetween, compiler: Any, **options: Any) -> str:
    late, early = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(round((julianday({late}) - julianday({early})) * 86400) AS INTEGER)"


class Holds(FunctionElement[bool]):
    """Whether the first text holds the second one, letter by letter: several times as fast as LIKE, which compares
    without case on SQLite, and nothing in the text means anything but itself."""

    type = Boolean()
    inherit_cache = True


@compiles(Holds)
def _holds(element: Holds, compiler: Any, **options: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **options)}) > 0)"


@compiles(Holds, "sqlite")
def _holds_in_sqlite(element: Holds, compiler: Any, **options: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **options)}) > 0)"


@compiles(UtcDay, "sqlite")
def _day_of_text(element: UtcDay, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 10)"
