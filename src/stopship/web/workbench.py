"""The application: which address shows which page, who may see it, and what happens when something goes wrong."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
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
from stopship.web.assets import FOLDER, Assets
from stopship.web.entrance import Entrance
from stopship.web.gate import Gate
from stopship.web.guard import Guard
from stopship.web.pages import (
    account,
    admin,
    batch,
    bulk,
    case,
    case_papers,
    case_steps,
    check,
    compare,
    dashboard,
    evidence,
    example,
    help,
    jobs,
    kept,
    keys,
    lists,
    problems,
    queue,
    record,
    rules,
    settings,
    signing,
    suppressions,
    users,
    view,
)
from stopship.web.rendering import Desk, visitor_of

T = TypeVar("T")
Page = Callable[[Request], Response] | Callable[[Request], Awaitable[Response]]

PAGES: tuple[tuple[str, str, Page, Action | None], ...] = (
    ("GET", "/", check.landing, None),
    ("GET", "/check", check.form, Action.ORDERS_DECIDE),
    ("POST", "/check", check.result, Action.ORDERS_DECIDE),
    ("POST", "/check/order", check.whole_order, Action.ORDERS_DECIDE),
    ("POST", "/check/answers", check.answers, Action.ORDERS_DECIDE),
    ("GET", "/dashboard", dashboard.page, Action.CASES_READ),
    ("POST", "/evidence", evidence.keep, Action.ORDERS_DECIDE),
    ("GET", "/evidence", kept.overview, Action.DECISIONS_READ),
    ("GET", "/evidence/find", kept.overview, Action.DECISIONS_READ),
    ("POST", "/evidence/find", kept.find, Action.DECISIONS_READ),
    ("GET", "/evidence/{as_of}/{digest}", evidence.show, Action.DECISIONS_READ),
    ("GET", "/evidence/{as_of}/{digest}/decision.json", evidence.download, Action.DECISIONS_READ),
    ("POST", "/evidence/{as_of}/{digest}/evidence", case_papers.decision_evidence, Action.DECISIONS_READ),
    ("GET", "/cases", queue.overview, Action.CASES_READ),
    ("POST", "/cases/next", queue.take_next, Action.CASES_WORK),
    ("POST", "/cases/look", queue.look, Action.CASES_READ),
    ("POST", "/cases/export", queue.export, Action.CASES_READ),
    ("GET", "/cases/{case}", case.one, Action.CASES_READ),
    ("GET", "/cases/{case}/earlier", case.earlier, Action.CASES_READ),
    ("GET", "/cases/{case}/pulse", case.pulse, Action.CASES_READ),
    ("POST", "/cases/{case}/files", case_papers.add, Action.CASES_READ),
    ("GET", "/cases/{case}/files/{file}", case_papers.one, Action.CASES_READ),
    ("POST", "/cases/{case}/evidence", case_papers.case_evidence, Action.DECISIONS_READ),
    ("POST", "/cases/{case}/{step}", case_steps.step, Action.CASES_READ),
    ("GET", "/bulk", bulk.overview, Action.CASES_READ),
    ("GET", "/bulk/new", bulk.preview, Action.CASES_BULK),
    ("POST", "/bulk/new", bulk.propose, Action.CASES_BULK),
    ("GET", "/bulk/{number}", bulk.one, Action.CASES_READ),
    ("POST", "/bulk/{number}/{step}", bulk.step, Action.CASES_READ),
    ("GET", "/suppressions", suppressions.overview, Action.CASES_READ),
    ("POST", "/suppressions/{number}/{step}", suppressions.step, Action.CASES_READ),
    ("GET", "/compare", compare.form, Action.NAMES_SCREEN),
    ("POST", "/compare", compare.result, Action.NAMES_SCREEN),
    ("GET", "/batch", batch.form, Action.JOBS_RUN),
    ("POST", "/batch", batch.upload, Action.JOBS_RUN),
    ("GET", "/batch/{draft}", batch.one, Action.JOBS_RUN),
    ("POST", "/batch/{draft}", batch.step, Action.JOBS_RUN),
    ("GET", "/jobs", jobs.overview, Action.JOBS_READ),
    ("GET", "/jobs/{job}", jobs.one, Action.JOBS_READ),
    ("GET", "/jobs/{job}/results", jobs.result, Action.JOBS_READ),
    ("GET", "/jobs/{job}/rejects.csv", jobs.rejects, Action.JOBS_READ),
    ("POST", "/jobs/{job}/{step}", jobs.step, Action.JOBS_RUN),
    ("GET", "/lists", lists.overview, Action.LISTS_READ),
    ("GET", "/lists/{source}", lists.one, Action.LISTS_READ),
    ("GET", "/lists/{source}/changes", lists.changes, Action.LISTS_READ),
    ("GET", "/rules", rules.overview, Action.RULES_READ),
    ("GET", "/rules/{rule}", rules.one, Action.RULES_READ),
    ("GET", "/admin", admin.landing, Action.AUDIT_READ),
    ("GET", "/admin/users", users.overview, Action.USERS_READ),
    ("GET", "/admin/users/new", users.form, Action.USERS_MANAGE),
    ("POST", "/admin/users/new", users.create, Action.USERS_MANAGE),
    ("GET", "/admin/users/{user}", users.one, Action.USERS_READ),
    ("GET", "/admin/users/{user}/{step}", users.ask, Action.USERS_MANAGE),
    ("POST", "/admin/users/{user}/{step}", users.do, Action.USERS_MANAGE),
    ("GET", "/admin/keys", keys.overview, Action.KEYS_MANAGE),
    ("GET", "/admin/keys/new", keys.form, Action.KEYS_MANAGE),
    ("POST", "/admin/keys/new", keys.create, Action.KEYS_MANAGE),
    ("GET", "/admin/keys/{key}/{step}", keys.ask, Action.KEYS_MANAGE),
    ("POST", "/admin/keys/{key}/{step}", keys.do, Action.KEYS_MANAGE),
    ("GET", "/admin/settings", settings.overview, Action.SETTINGS_READ),
    ("POST", "/admin/settings", settings.prepare, Action.SETTINGS_CHANGE),
    ("POST", "/admin/settings/change", settings.change, Action.SETTINGS_CHANGE),
    ("GET", "/admin/record", record.overview, Action.AUDIT_READ),
    ("POST", "/admin/record/verify", record.verify, Action.AUDIT_READ),
    ("GET", "/admin/system", admin.system, Action.SETTINGS_READ),
    ("GET", "/account", account.overview, None),
    ("POST", "/account/password", account.change_password, None),
    ("POST", "/account/sessions", account.end_sessions, None),
    ("POST", "/account/keys", account.make_key, None),
    ("POST", "/account/keys/revoke", account.revoke_key, None),
    ("GET", "/example/partners.csv", example.partners, Action.NAMES_SCREEN),
    ("GET", "/help", help.page, None),
    ("POST", "/view", view.choose, None),
    ("GET", "/sign-in", signing.form, None),
    ("POST", "/sign-in", signing.sign_in, None),
    ("GET", "/sign-in/provider", signing.with_provider, None),
    ("GET", "/login/oidc", signing.from_provider, None),
    ("POST", "/sign-out", signing.sign_out, None),
)
"""Method, address, page, and what one must be allowed to do; None: anyone."""

FIRST_WORDS = frozenset({path.split("/")[1] for _method, path, _page, _action in PAGES} | {"static"})
"""The first part of every address of the workbench, for a server that has others beside it."""


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
