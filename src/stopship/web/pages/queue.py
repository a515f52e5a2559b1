"""The queue: which cases there are, and the next one to work on."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stopship.access import Action, allows
from stopship.app.service.casework import actor_of
from stopship.cases import State
from stopship.cases.policy import BANDS
from stopship.cases.queue import SORTS
from stopship.web.pages.queue_view import queue_view
from stopship.web.rendering import principal_of, render, working_of

PAGE = 50


def overview(request: Request) -> Response:
    """The queue. What is asked for is in the address."""
    view, working, me = queue_view(request.query_params), working_of(request), principal_of(request)
    cursor = request.query_params.get("after") or None
    found = working.queue(view.wanted(me.actor), sort=view.sort, cursor=cursor, limit=PAGE)
    return render(
        request,
        "cases.html",
        found=found,
        lines=[line.to_plain(now=working.now()) for line in found.page.lines],
        people=working.people(),
        asked=view.asked,
        sort=view.sort,
        sorts=tuple(SORTS),
        states=[state.value for state in State],
        bands=BANDS,
        query=view.query(),
        from_charts=view.from_charts,
        without_charts=view.query(**dict.fromkeys(view.from_charts, "")),
        further=view.query(after=found.page.next) if found.page.next else "",
        may_work=allows(me, Action.CASES_WORK),
    )


async def take_next(request: Request) -> Response:
    """Take the most urgent case that nobody has."""
    await request.form()
    working = working_of(request)
    actor = actor_of(principal_of(request))
    case = await run_in_threadpool(lambda: working.work().desk.take_next(actor, now=working.now()))
    root = request.scope.get("root_path", "")
    return RedirectResponse(root + (f"/cases/{case.id}" if case else "/cases?state=open&none=1"), 303)
