"""The database: opened, brought up to date by its migrations, refused where it is newer than this program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    DBAPIError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
)

from stopship.errors import DatabaseFileError, InputError, SettingsError

BUSY_SECONDS = 30
"""How long a writer waits for another one."""


def sqlite_url(path: Path) -> str:
    """The URL of a database file."""
    return f"sqlite:///{path.absolute().as_posix()}"


class Database:
    """One database, up to date. Making one creates it, or brings an older one to the newest form.

    Args:
        url: `sqlite:///…` or `postgresql+psycopg://…`, as SQLAlchemy reads it.

    Raises:
        SettingsError: the URL names no database that can be used.
        DatabaseFileError: it can't be opened, is damaged, or was made by a newer version of this program.
    """

    def __init__(self, url: str) -> None:
        try:
            self._where = make_url(url).render_as_string(hide_password=True)
            self.engine = _engine(url)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
            raise SettingsError(
                "this is no database that can be used",
                where=url.split("@")[-1],
                hint="Give sqlite:///FILE, or postgresql+psycopg://… with the extra `postgres` installed",
            ) from None
        try:
            with self.engine.connect() as connection:
                self._bring_up_to_date(connection)
        except DatabaseError as bad:
            self.engine.dispose()
            raise self._refused(bad) from None
        except BaseException:
            self.engine.dispose()
            raise

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: all of it or nothing.

        Raises:
            DatabaseFileError: the database can't be read or written, or another process has it for too long.
            InputError: a value is none that this database takes.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except DBAPIError as bad:
            raise self._meant(bad) from None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """As `begin`, for a transaction that reads and then writes: on SQLite it waits for other writers before it
        reads, so that what it read is still so when it writes.

        Raises:
            DatabaseFileError, InputError: as `begin`.
        """
        try:
            with self.engine.execution_options(write=True).begin() as connection:
                yield connection
        except DBAPIError as bad:
            raise self._meant(bad) from None

    def forget_erased(self) -> None:
        """Leave nothing of erased rows in SQLite's log; what they held was overwritten when they were erased."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # type: ignore[union-attr]

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def revision(self) -> str | None:
        """The migration that the database is at."""
        from alembic.runtime.migration import MigrationContext

        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def _bring_up_to_date(self, connection: Connection) -> None:
        from alembic import command
        from alembic.runtime.migration import MigrationContext
        from alembic.script import ScriptDirectory

        config = migrations()
        script = ScriptDirectory.from_config(config)
        newest = script.get_current_head()
        at = MigrationContext.configure(connection).get_current_revision()
        if at == newest:
            return
        if at is not None and at not in {revision.revision for revision in script.walk_revisions()}:
            raise DatabaseFileError(
                f"the database was made by a newer version of Stopship (it is at {at}, this one knows {newest})",
                where=self._where,
                hint="Update Stopship, or give another home",
            )
        connection.rollback()  # what was read so far began a transaction; the migration has its own
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _meant(self, bad: DBAPIError) -> Exception:
        """What is raised in the place of an error of the driver; that itself, where it is a fault of ours."""
        if _is_trouble(bad):
            return self._refused(bad)
        if isinstance(bad, DataError):
            return InputError("this can't be kept", hint="Leave out zero bytes and numbers beyond all bounds")
        return bad

    def _refused(self, bad: DBAPIError) -> DatabaseFileError:
        reason = " ".join(str(bad.orig).split())[:200]
        if self.engine.dialect.name != "sqlite" and getattr(bad.orig, "sqlstate", None) is None:
            # What the driver says for itself holds the server's address: that is where, and not for everyone.
            return DatabaseFileError(
                "the database doesn't answer",
                where=f"{self._where} ({reason})",
                hint="As soon as it does, work goes on; nothing has to be started again",
            )
        return DatabaseFileError(
            f"the database can't be used: {reason}",
            where=self._where,
            hint="If another process works with it, wait for it; else free space or restore a backup",
        )


def _is_trouble(bad: DBAPIError) -> bool:
    """Whether the database is out of order (gone, locked, full, damaged, read-only), not a statement wrong."""
    return (
        bad.connection_invalidated
        or isinstance(bad, (OperationalError, InternalError, InterfaceError))
        or type(bad) is DatabaseError  # what SQLite's driver calls a damaged file
    )


def migrations() -> Any:
    """How Alembic finds the migrations inside of this package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        # Python's driver begins transactions late and not for every statement: SQLAlchemy begins them itself.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
