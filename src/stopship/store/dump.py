"""All rows of a database as lines of JSON, and back: the same lines for SQLite and for PostgreSQL.

What is read is the state of one moment, however many write meanwhile. What is loaded goes into tables that the
migrations made, so that rows of an older version are brought up to date like any others.
"""

from __future__ import annotations

import base64
import pkgutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, inspect, select, text, types
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from stopship.errors import BackupError, DatabaseFileError, SettingsError
from stopship.store import __path__ as package
from stopship.store.database import Database, _engine, migrations
from stopship.store.tables import metadata

VERSION_TABLE = "alembic_version"
PORTION = 1_000


@contextmanager
def one_moment(database: Database) -> Iterator[Connection]:
    """A connection on which everything is as it was when it was opened.

    Raises:
        DatabaseFileError: the database can't be read.
    """
    engine = database.engine
    if engine.dialect.name != "sqlite":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        with engine.connect() as connection, connection.begin():
            # The first look fixes the moment, on both.
            connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).all()
            yield connection
    except DatabaseError as bad:
        raise DatabaseFileError(f"the database can't be read: {' '.join(str(bad.orig).split())[:200]}") from None


def tables_of(connection: Connection, also: Collection[str] = ()) -> tuple[Table, ...]:
    """Our tables but that of the version, as they are; each after those that its rows refer to. Tables of others
    in the same database are left alone.

    Args:
        connection: to the database.
        also: names of tables that are ours, beside those that this version has.
    """
    ours = {*known_tables(), *also}
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in ours)
    return tuple(table for table in found.sorted_tables if table.name in ours)


@cache
def known_tables() -> frozenset[str]:
    """The names of all tables of this version."""
    for module in pkgutil.iter_modules(package):
        if not module.ispkg:
            import_module(f"stopship.store.{module.name}")  # its tables register themselves
    return frozenset(metadata.tables)


def revision_of(connection: Connection) -> str:
    """The migration that the database is at."""
    return str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one())


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows of a table, one JSON object a line, by the primary key."""
    chosen = select(table).order_by(*table.primary_key.columns)
    with connection.execute(chosen.execution_options(yield_per=PORTION)) as found:
        for row in found:
            plain = {str(name): _plain(value) for name, value in row._mapping.items()}
            yield orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)


def sequences_of(connection: Connection) -> dict[str, int]:
    """The last number that each table gave to a row by itself: numbers of removed rows are not given again."""
    if connection.dialect.name == "sqlite":
        if not inspect(connection).has_table("sqlite_sequence"):
            return {}
        rows = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        return {row.name: int(row.seq) for row in rows}
    found = {}
    for table in tables_of(connection):
        if (name := _sequence(connection, table)) is not None:
            row = connection.execute(text(f"SELECT last_value, is_called FROM {name}")).one()
            if row.is_called:
                found[str(table.name)] = int(row.last_value)
    return found


class Rebuilding:
    """A database on the way from rows to one that can be used; see `rebuilding`."""

    def __init__(self, connection: Connection, config: Any) -> None:
        self.connection = connection
        self._config = config
        self._guards = _guards_off(connection)

    def complete(self) -> None:
        """When the rows are in: switch the guards of the audit record on, and bring the tables up to date."""
        from alembic import command

        for statement in self._guards:
            self.connection.exec_driver_sql(statement)
        command.upgrade(self._config, "head")


@contextmanager
def rebuilding(url: str, revision: str, also: Collection[str] = ()) -> Iterator[Rebuilding]:
    """An open transaction on a database that has the empty tables of a revision, with the guards of the audit
    record off. What is in it counts when it is left, all or nothing, and after `complete`.

    Args:
        url: of the database; whatever is in it is gone when this counts.
        revision: of the rows that are loaded.
        also: see `tables_of`.

    Raises:
        BackupError: this version doesn't know the revision.
        DatabaseFileError: the database can't be used, or was made by a newer version.
    """
    from alembic import command
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = migrations()
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    if revision not in known:
        raise BackupError(
            f"the backup was made by a newer version of Stopship (its database is at {revision})",
            hint="Update Stopship",
        )
    engine = bare_engine(url).execution_options(write=True)
    where = engine.url.render_as_string(hide_password=True)
    try:
        with engine.begin() as connection:
            at = MigrationContext.configure(connection).get_current_revision()
            if at is not None and at not in known:
                raise DatabaseFileError(
                    f"the database was made by a newer version of Stopship (it is at {at})",
                    where=where,
                    hint="Update Stopship, or give another database",
                )
            config.attributes["connection"] = connection
            if at is not None:
                _drop_all(connection, also)
            command.upgrade(config, revision)
            yield Rebuilding(connection, config)
    except DatabaseError as bad:
        words = " ".join(str(bad.orig).split())[:200]
        raise DatabaseFileError(f"the rows can't be restored: {words}", where=where) from None
    finally:
        engine.dispose()


def load(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Put lines into a table in place of what it holds; how many.

    Raises:
        BackupError: a line is none of a row of this table.
    """
    connection.execute(table.delete())
    count = 0
    held: list[dict[str, Any]] = []
    naive = connection.dialect.name == "sqlite"
    for line in lines:
        held.append(_row(table, line, naive))
        count += 1
        if len(held) == PORTION:
            connection.execute(insert(table), held)
            held = []
    if held:
        connection.execute(insert(table), held)
    return count


def set_sequences(connection: Connection, wanted: Mapping[str, int]) -> None:
    """Go on numbering behind the rows that were loaded, and behind those that once were."""
    for table in tables_of(connection):
        keys = list(table.primary_key.columns)
        if len(keys) != 1 or not isinstance(keys[0].type, types.Integer):
            continue
        highest = connection.execute(select(func.max(keys[0]))).scalar() or 0
        last = max(int(highest), int(wanted.get(table.name, 0)))
        if last == 0:
            continue
        if connection.dialect.name == "sqlite":
            _set_sqlite_sequence(connection, table.name, last)
        elif (name := _sequence(connection, table)) is not None:
            connection.execute(text("SELECT setval(:name, :last)"), {"name": name, "last": last})


def is_empty(url: str) -> bool:
    """Whether a database has no row of ours (or isn't there).

    Raises:
        DatabaseFileError: it can't be read.
    """
    engine = bare_engine(url)
    try:
        with engine.connect() as connection:
            for table in tables_of(connection):
                if table.name != "audit_head" and connection.execute(select(table).limit(1)).first():
                    return False
        return True
    except DatabaseError as bad:
        words = " ".join(str(bad.orig).split())[:200]
        where = engine.url.render_as_string(hide_password=True)
        raise DatabaseFileError(f"the database can't be read: {words}", where=where) from None
    finally:
        engine.dispose()


def bare_engine(url: str) -> Engine:
    """An engine for a database as it is, without bringing it up to date.

    Raises:
        SettingsError: the URL names no database that can be used.
    """
    try:
        return _engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
        raise SettingsError("this is no database that can be used", where=url.split("@")[-1]) from None


def _drop_all(connection: Connection, also: Collection[str]) -> None:
    """Our tables with all that hangs on them. Not by stepping migrations back: not all of them can."""
    functions = []
    if connection.dialect.name != "sqlite":
        asked = text(
            "SELECT DISTINCT proc.oid::regprocedure::text FROM pg_trigger AS trig "
            "JOIN pg_proc AS proc ON proc.oid = trig.tgfoid JOIN pg_class AS rel ON rel.oid = trig.tgrelid "
            "WHERE NOT trig.tgisinternal AND rel.relname = ANY(:names)"
        )
        names = [str(table.name) for table in tables_of(connection, also)]
        functions = list(connection.execute(asked, {"names": names}).scalars())
    for table in reversed(tables_of(connection, also)):
        table.drop(connection)
    for function in functions:
        connection.exec_driver_sql(f"DROP FUNCTION {function}")
    connection.exec_driver_sql(f"DROP TABLE {VERSION_TABLE}")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _row(table: Table, line: bytes, naive: bool) -> dict[str, Any]:
    try:
        plain = orjson.loads(line)
        if plain.keys() != {column.name for column in table.columns}:
            raise ValueError("other columns")
        return {name: _value(table.columns[name].type, value, naive) for name, value in plain.items()}
    except (ValueError, TypeError, AttributeError) as bad:
        raise BackupError(f"a row doesn't fit its table: {str(bad)[:120]}", where=table.name) from None


def _value(kind: Any, value: Any, naive: bool) -> Any:
    if value is None:
        return None
    if isinstance(kind, types.DateTime):
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC).replace(tzinfo=None) if naive else moment
    if isinstance(kind, types.Date):
        return date.fromisoformat(value)
    if isinstance(kind, types.LargeBinary):
        return base64.b64decode(value, validate=True)
    if isinstance(kind, types.Boolean):
        return bool(value)
    if isinstance(kind, types.Numeric) and not isinstance(kind, types.Float):
        return Decimal(str(value))
    return value


def _sequence(connection: Connection, table: Table) -> str | None:
    keys = list(table.primary_key.columns)
    if len(keys) != 1 or not isinstance(keys[0].type, types.Integer):
        return None
    asked = {"table": table.name, "key": keys[0].name}
    found = connection.execute(text("SELECT pg_get_serial_sequence(:table, :key)"), asked).scalar()
    return str(found) if found else None


def _set_sqlite_sequence(connection: Connection, table: str, last: int) -> None:
    if not inspect(connection).has_table("sqlite_sequence"):
        return
    numbered = connection.execute(
        text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}
    ).scalar()
    if "AUTOINCREMENT" not in str(numbered).upper():
        return
    values = {"name": table, "last": last}
    if connection.execute(text("UPDATE sqlite_sequence SET seq = :last WHERE name = :name"), values).rowcount == 0:
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values)


def _guards_off(connection: Connection) -> list[str]:
    """Switch the triggers off that refuse changes; the statements that switch them on again."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for row in found:
            connection.exec_driver_sql(f'DROP TRIGGER "{row.name}"')
        return [row.sql for row in found]
    names = [table.name for table in tables_of(connection)]
    for name in names:
        connection.exec_driver_sql(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
    return [f'ALTER TABLE "{name}" ENABLE TRIGGER USER' for name in names]
