"""The application: its pages at their addresses, who may see them, and what happens when something goes wrong."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from datetime import datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from stopship.access import Action, require
from stopship.app.quick_check import QuickCheck
from stopship.app.service.edition import open_edition
from stopship.errors import StopshipError
from stopship.web.addresses import PAGES, Page
from stopship.web.assets import FOLDER, Assets
from stopship.web.entrance import Entrance
from stopship.web.gate import Gate
from stopship.web.guard import Guard
from stopship.web.pages import problems
from stopship.web.rendering import Desk, visitor_of

T = TypeVar("T")


def workbench(desk: Desk) -> ASGIApp:
    """The workbench, to be served at any path."""
    app = Starlette(
        routes=[
            *(Route(path, _for_whom(page, action), methods=[method]) for method, path, page, action in PAGES),
            Mount("/static", Assets(directory=FOLDER), name="static"),
        ],
        exception_handlers={
            HTTPException: problems.http_problem,
            StopshipError: problems.known_problem,
            Exception: problems.fault,
        },
    )
    app.router.redirect_slashes = False  # it would lead to whatever host the caller names
    app.state.desk = desk
    return _InApp(app, Guard(Entrance(app, desk), refused=problems.refused))


class _InApp:
    """Gives those that answer before the pages do the application whose desk they show."""

    def __init__(self, app: Starlette, inner: ASGIApp) -> None:
        self.app = app
        self.inner = inner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["app"] = self.app
        await self.inner(scope, receive, send)


def _for_whom(page: Page, action: Action | None) -> Page:
    """A page that only those see who may do an action."""
    if action is None:
        return page
    if inspect.iscoroutinefunction(page):

        @wraps(page)
        async def later(request: Request) -> Response:
            require(visitor_of(request).principal, action)
            found: Response = await page(request)
            return found

        return later

    @wraps(page)
    def at_once(request: Request) -> Response:
        require(visitor_of(request).principal, action)
        found: Response = page(request)  # type: ignore[assignment]
        return found

    return at_once


def home_workbench(home: Path, gate: Gate, *, now: Callable[[], datetime]) -> ASGIApp:
    """The workbench of a home by itself, with the lists that are there when the first page is asked for.

    Args:
        home: the directory.
        gate: who comes in.
        now: tells the moment, timezone-aware.
    """
    lock = asyncio.Lock()

    async def one_at_a_time(work: Callable[[], T], /) -> T:
        async with lock:
            return await run_in_threadpool(work)

    checks = QuickCheck(cache(lambda: open_edition(home, now)), now=now)
    return workbench(Desk(checks, one_at_a_time, gate))
