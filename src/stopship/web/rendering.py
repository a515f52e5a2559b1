"""Templates, and what every page needs: language, look, addresses, the state of the lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Match

from stopship.access import Action, Principal, allows
from stopship.errors import StateError
from stopship.model.values import country_names
from stopship.web import assets
from stopship.web.asked import whole_number
from stopship.web.catalogue import LANGUAGES, OWN, messages
from stopship.web.gate import Gate, Visitor
from stopship.web.preferences import COOKIE, THEMES, Preferences, read_preferences
from stopship.web.presenters.freshness import Freshness, freshness
from stopship.web.presenters.printed import is_latin, language_of

if TYPE_CHECKING:
    from stopship.app.administration.office import Office
    from stopship.app.batches.board import Board
    from stopship.app.quick_check import QuickCheck
    from stopship.app.service.casebook import Casebook
    from stopship.app.service.casework import Working
    from stopship.app.service.kept import KeptEvidence
    from stopship.app.service.overview import Overview
    from stopship.app.service.queueing import Queueing

IN_FULL = 6
"""Hits that one page shows in full; the others stand in a table. Keeps a page below 150 KB."""
NAVIGATION = (
    ("check", "/", Action.ORDERS_DECIDE),
    ("dashboard", "/dashboard", Action.CASES_READ),
    ("cases", "/cases", Action.CASES_READ),
    ("compare", "/compare", Action.NAMES_SCREEN),
    ("batch", "/batch", Action.JOBS_RUN),
    ("jobs", "/jobs", Action.JOBS_READ),
    ("evidence", "/evidence", Action.DECISIONS_READ),
    ("lists", "/lists", Action.LISTS_READ),
    ("rules", "/rules", Action.RULES_READ),
    ("admin", "/admin", Action.USERS_READ),
)
"""Name, address, and what one must be allowed to do to see it."""
SERVED_AT = "/static/"
T = TypeVar("T")


class Run(Protocol):
    """Does work where look-ups are done: one piece at a time."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages ask.

    Attributes:
        checks: checks and lists of one home.
        run: does look-ups, one at a time.
        gate: who comes in.
        cases: case work; None where there is no database.
        queueing: the queue, verdicts on many and suppressions; None where there is no database.
        casebook: what stands around a case; None where there is no database.
        board: files and jobs; None where there is no database.
        overview: figures of the work. evidence: what was kept. Both None where there is no database.
        office: administration; None where there is no database.
        example: everything here is example data, which every page says.
    """

    checks: QuickCheck
    run: Run
    gate: Gate
    cases: Working | None = None
    queueing: Queueing | None = None
    casebook: Casebook | None = None
    board: Board | None = None
    overview: Overview | None = None
    evidence: KeptEvidence | None = None
    office: Office | None = None
    example: bool = False

    def freshness(self) -> Freshness:
        """How old the lists are, for banners and charts; of no list while they are being opened."""
        try:
            return freshness(self.checks.lists())
        except StateError:
            return freshness(())


def desk(request: Request) -> Desk:
    """The desk of the application that a request came to."""
    found: Desk = request.app.state.desk
    return found


@cache
def environment() -> Environment:
    """The templates. Everything that is put into them is escaped; a name that isn't there is an error."""
    made = Environment(
        loader=PackageLoader("stopship.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(lang_of=language_of, is_latin=is_latin)
    made.globals.update(languages=LANGUAGES, themes=THEMES, country_names=country_names())
    made.globals["in_full"] = IN_FULL
    made.globals["is_own"] = lambda program: program.startswith(OWN)
    made.filters["percent"] = lambda share: f"{share:+.0%}".replace("-", "\u2212")
    made.globals["sign"] = made.get_template("parts/signs.html").module
    made.filters["share"] = lambda number: f"{number:g}"
    return made


def visitor_of(request: Request) -> Visitor:
    """Who asks; nobody, where that was not established: on the page to sign in, and on pages of problems."""
    found: Visitor = request.scope.get("stopship.visitor") or Visitor(None)
    return found


def principal_of(request: Request) -> Principal:
    """Who asks, on pages that the entrance lets nobody see without a name."""
    found = visitor_of(request).principal
    assert found is not None, "the entrance lets nobody through without one"
    return found


def working_of(request: Request) -> Working:
    """Case work, where there is a database; elsewhere its pages are not there."""
    working = desk(request).cases
    if working is None:
        raise HTTPException(404)
    return working


def queueing_of(request: Request) -> Queueing:
    """The queue, where there is a database; elsewhere its pages are not there."""
    queueing = desk(request).queueing
    if queueing is None:
        raise HTTPException(404)
    return queueing


def is_served(request: Request, path: str) -> bool:
    """Whether the workbench has a page at an address, so that others lead to it."""
    return any(getattr(route, "path", None) == path for route in request.app.routes)


def office_of(request: Request) -> Office:
    """Administration, where there is a database; elsewhere its pages are not there."""
    office = desk(request).office
    if office is None:
        raise HTTPException(404)
    return office


def preferences(request: Request) -> Preferences:
    """What the reader chose, or their browser asks for."""
    return read_preferences(request.cookies.get(COOKIE), request.headers.get("accept-language", ""))


def is_swap(request: Request) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("hx-request") == "true" and "hx-boosted" not in request.headers


def _back(request: Request, root: str) -> str:
    """Where a reader is, as an address that can be asked for again: with its filters, and where a form was sent,
    the page that it stands on."""
    path = request.scope["path"].removeprefix(root) or "/"
    if request.method in ("GET", "HEAD"):
        return path + (f"?{request.url.query}" if request.url.query else "")
    routes = request.app.routes
    while path.count("/") > 1 and not any(_answers(route, path) for route in routes):
        path = path.rpartition("/")[0]
    return path


def _answers(route: BaseRoute, path: str) -> bool:
    return route.matches({"type": "http", "method": "GET", "path": path, "root_path": ""})[0] is Match.FULL


def first_of(text: str | None) -> int:
    """Which hit a page shows in full first, as a form or an address says it."""
    return (whole_number(text, 4) or 0) // IN_FULL * IN_FULL


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **shown: Any,
) -> HTMLResponse:
    """A page or a part of one, in the reader's language."""
    chosen = preferences(request)
    texts = messages(chosen.language)
    root = request.scope.get("root_path", "")
    visitor = visitor_of(request)
    # A reader of an error page must get it, whatever state the lists are in.
    fresh = shown.pop("fresh", None) if "fresh" in shown else desk(request).freshness()
    body = (
        environment()
        .get_template(template)
        .render(
            t=texts.text,
            tn=texts.count,
            known=texts.known,
            prefs=chosen,
            url=lambda path: root + path,
            asset=lambda name: f"{root}{SERVED_AT}{name}?v={assets.fingerprint(name)}",
            htmx=assets.HTMX,
            bootstrap=assets.BOOTSTRAP,
            visitor=visitor,
            navigation=[(name, to) for name, to, action in NAVIGATION if allows(visitor.principal, action)],
            path=request.scope["path"].removeprefix(root) or "/",
            back=_back(request, root),
            fresh=fresh,
            example=desk(request).example,
            **shown,
        )
    )
    return HTMLResponse(
        body, status_code=int(status), headers={"vary": "cookie, accept-language", **(headers or {})}
    )
