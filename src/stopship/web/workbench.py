"""The application: which address shows which page, and what happens when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from stopship.errors import StopshipError
from stopship.web.assets import FOLDER, Assets
from stopship.web.guard import Guard
from stopship.web.pages import check, compare, evidence, help, lists, problems, rules, view
from stopship.web.presenters.freshness import freshness
from stopship.web.rendering import Desk

if TYPE_CHECKING:
    from stopship.app.quick_check import QuickCheck

ROUTES = (
    Route("/", check.form),
    Route("/check", check.form, methods=["GET"]),
    Route("/check", check.result, methods=["POST"]),
    Route("/check/order", check.whole_order, methods=["POST"]),
    Route("/check/answers", check.answers, methods=["POST"]),
    Route("/evidence", evidence.keep, methods=["POST"]),
    Route("/evidence/{as_of}/{digest}", evidence.show),
    Route("/evidence/{as_of}/{digest}/decision.json", evidence.download),
    Route("/compare", compare.form, methods=["GET"]),
    Route("/compare", compare.result, methods=["POST"]),
    Route("/lists", lists.overview),
    Route("/lists/{source}", lists.one),
    Route("/lists/{source}/changes", lists.changes),
    Route("/rules", rules.overview),
    Route("/rules/{rule}", rules.one),
    Route("/help", help.page),
    Route("/view", view.choose, methods=["POST"]),
)


def workbench(checks: QuickCheck) -> ASGIApp:
    """The workbench over one home, to be served at any path.

    Args:
        checks: what decides and looks up; `home_workbench` makes it of a home.
    """
    app = Starlette(
        routes=[*ROUTES, Mount("/static", Assets(directory=FOLDER), name="static")],
        exception_handlers={
            403: problems.http_problem,
            404: problems.http_problem,
            405: problems.http_problem,
            StopshipError: problems.known_problem,
            Exception: problems.fault,
        },
    )
    app.state.desk = Desk(checks, lambda: freshness(checks.lists()))
    return Guard(app, refused=problems.refused)


def home_workbench(home: Path, *, clock: Callable[[], datetime]) -> ASGIApp:
    """The workbench of a home. `clock` tells the moment, timezone-aware."""
    from stopship.app.quick_check import QuickCheck

    return workbench(QuickCheck(home, clock=clock))
