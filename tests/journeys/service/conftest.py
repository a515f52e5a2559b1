"""A server in this process, over a home of its own, and clients of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.journeys.test_lists import ROWS, csl

from stopship.access import Role, Scope
from stopship.access.accounts import add
from stopship.api.application import build
from stopship.app.service.server import make_server
from stopship.app.service.settings import ServiceSettings
from stopship.app.workspace import Workspace

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LOCAL = "http://127.0.0.1"


def import_rows(home: Path, tmp: Path, *rows: dict[str, str], now: datetime = NOW) -> None:
    """Import rows as the US list, and put them in use."""
    file = tmp / f"consolidated-{len(rows)}-{now:%H%M%S%f}.csv"
    file.write_bytes(csl(*rows))
    Workspace(home, today=now.date()).import_list("us_csl", file, published=None, now=now, accept=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a small list in the layout of the US list."""
    home = tmp_path / "home"
    import_rows(home, tmp_path, *ROWS)
    return home


Serve = Callable[..., TestClient]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a server over a home; `serve(home)` asks for no key, `serve(home, key=SCOPES)` sends a program's, and
    with `person=ROLE` that of a person."""
    names = iter(["ERP", *(f"ERP {number}" for number in range(2, 20))])
    with ExitStack() as stack:

        def start(
            home: Path | None = None,
            *,
            key: tuple[Scope, ...] | None = None,
            person: Role | None = None,
            host: str = "127.0.0.1",
            clock: Callable[[], datetime] = lambda: NOW,
            **settings: Any,
        ) -> TestClient:
            chosen = ServiceSettings(home=home or tmp_path / "empty", watch_seconds=0.05, **settings)
            server = make_server(chosen, open_to_all=key is None, now=clock)
            client = TestClient(build(server), base_url=LOCAL, client=(host, 4711), raise_server_exceptions=False)
            stack.enter_context(client)
            if key is not None and person is not None:
                client.headers.update(as_person(client, "erika", person, key))
            elif key is not None:
                client.headers["authorization"] = f"ApiKey {make_key(server, key, name=next(names))}"
            return client

        yield start


def make_key(server: Any, scopes: tuple[Scope, ...], *, name: str = "ERP") -> str:
    """A new key with these scopes."""
    from stopship.access.keys import Keys

    made = Keys(server.database).create(name, scopes, actor="cli:test", now=NOW, expires=NOW + timedelta(days=30))
    return made.text


def as_person(client: Any, name: str, role: Role, scopes: tuple[Scope, ...] = (Scope.JUDGE,)) -> dict[str, str]:
    """Make an account without a password on a client's server, and a key of its own; the headers that send it."""
    from stopship.access.keys import Keys

    database = client.app.state.server.database
    with database.write() as connection:
        add(connection, {"name": name, "full_name": name.title(), "role": role}, actor="cli:test", now=NOW)
    made = Keys(database).create(name, scopes, actor="cli:test", now=NOW, user=name)
    return {"authorization": f"ApiKey {made.text}"}
