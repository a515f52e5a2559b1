"""Fixtures that every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.postgresql import NoServer, Server, running

from stopship.store import Database, sqlite_url

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def big_data() -> Path:
    """The folder with the real list files; the test is skipped, saying so, where it is not set."""
    value = os.environ.get("STOPSHIP_TEST_DATA")
    if not value:
        pytest.skip("STOPSHIP_TEST_DATA is not set: the tests on the real lists were not run")
    folder = Path(value)
    if not folder.is_dir():
        pytest.fail(f"STOPSHIP_TEST_DATA points at {folder}, which is not a folder")
    return folder.resolve()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server, one for all tests; they are skipped, saying why, where there is none."""
    try:
        with running() as server:
            yield server
    except NoServer as why:
        pytest.skip(f"PostgreSQL was not tested: {why}")


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Server) -> str:
    """A database at the newest migration, which others are copied from."""
    name = postgresql.fresh()
    Database(postgresql.url(name)).close()
    return name


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that nobody has used, at the newest migration: the test runs once with SQLite and once
    with PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "stopship.db")
        return
    server: Server = request.getfixturevalue("postgresql")
    name = server.fresh(request.getfixturevalue("postgresql_template"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same without any table."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "stopship.db")
        return
    server: Server = request.getfixturevalue("postgresql")
    name = server.fresh()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database, once of each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()
