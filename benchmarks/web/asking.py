"""Asks an application in this process for pages, and tells what each took: time, statements, the database."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class Spent:
    """What the database was asked since the last `reset`, and the seconds that it took."""

    statements: int = 0
    seconds: float = 0.0
    texts: list[tuple[float, str]] = field(default_factory=list)

    def reset(self) -> None:
        """Begin anew."""
        self.statements, self.seconds = 0, 0.0
        self.texts.clear()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and what it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    database_seconds: float
    statements: int


@contextmanager
def _timed(spent: Spent, text: str | None = None) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        took = time.perf_counter() - began
        spent.seconds += took
        if text is not None:
            spent.statements += 1
            spent.texts.append((took, text))
        elif spent.texts:
            spent.texts[-1] = (spent.texts[-1][0] + took, spent.texts[-1][1])


def watch(engine: Engine) -> Spent:
    """Count and time what an engine asks its database, transactions' begin and end aside.

    SQLite finds rows while they are fetched; its cursors are watched, too. psycopg has all rows when a statement
    is done.
    """
    spent = Spent()
    if engine.dialect.name == "sqlite":

        class Cursor(sqlite3.Cursor):
            def execute(self, text: str, *rest: Any) -> Any:
                with _timed(spent, text):
                    return super().execute(text, *rest)

            def executemany(self, text: str, *rest: Any) -> Any:
                with _timed(spent, text):
                    return super().executemany(text, *rest)

            def fetchall(self) -> Any:
                with _timed(spent):
                    return super().fetchall()

            def fetchone(self) -> Any:
                with _timed(spent):
                    return super().fetchone()

            def fetchmany(self, *size: Any) -> Any:
                with _timed(spent):
                    return super().fetchmany(*size)

        class Watched(sqlite3.Connection):
            def cursor(self, _factory: Any = None) -> Any:
                return super().cursor(Cursor)

        @event.listens_for(engine, "do_connect")
        def _watched(_dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
            options["factory"] = Watched

        engine.dispose()
        return spent

    @event.listens_for(engine, "before_cursor_execute")
    def _before(_c: Any, _cursor: Any, _text: str, _parameters: Any, context: Any, _many: Any) -> None:
        context.began = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _after(_c: Any, _cursor: Any, text: str, _parameters: Any, context: Any, _many: Any) -> None:
        took = time.perf_counter() - context.began
        spent.statements += 1
        spent.seconds += took
        spent.texts.append((took, text))

    return spent


class Client:
    """One browser, as far as a server sees it."""

    def __init__(self, app: Any, spent: Spent) -> None:
        self._app = app
        self._spent = spent
        self.cookie = self.token = ""

    async def ask(self, path: str, *, form: str | None = None) -> Answer:
        """Ask for a page, or send a form."""
        address, _, query = path.partition("?")
        headers = [(b"host", b"127.0.0.1"), (b"accept-language", b"en-GB"), (b"sec-fetch-site", b"same-origin")]
        if self.cookie:
            headers.append((b"cookie", self.cookie.encode()))
        sent = (form or "").encode()
        if form is not None:
            headers.append((b"content-type", b"application/x-www-form-urlencoded"))
            headers.append((b"content-length", str(len(sent)).encode()))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET" if form is None else "POST",
            "scheme": "http",
            "path": address,
            "raw_path": address.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 4711),
            "server": ("127.0.0.1", 80),
            "state": {},
        }
        messages: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": sent, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        self._spent.reset()
        began = time.perf_counter()
        await self._app(scope, receive, send)
        seconds = time.perf_counter() - began
        start = next(message for message in messages if message["type"] == "http.response.start")
        found = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        if form is not None and "set-cookie" in found:
            self.cookie = found["set-cookie"].partition(";")[0]
        body = b"".join(message.get("body", b"") for message in messages)
        return Answer(start["status"], found, body, seconds, self._spent.seconds, self._spent.statements)
