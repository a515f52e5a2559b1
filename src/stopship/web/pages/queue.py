"""The queue: which cases there are, the next one to work on, and all of a view as a table to take along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from stopship.access import Action, allows
from stopship.app.casework.queue_file import PIECE
from stopship.app.service.casework import actor_of
from stopship.cases import Priority, State
from stopship.cases.policy import BANDS
from stopship.cases.queue import SORTS
from stopship.cases.wanted import NOBODY
from stopship.web.asked import go_to
from stopship.web.pages.queue_view import BOUNDS, MINE, queue_view
from stopship.web.pages.view import inside
from stopship.web.preferences import MOST_SECONDS
from stopship.web.presenters.queue import queue_rows
from stopship.web.queue_look import COLUMNS, COOKIE, SIZES, chosen_look, read_look
from stopship.web.rendering import desk, principal_of, queueing_of, render

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NOT_COUNTED: Mapping[str, int] = {}
"""Origins stand in the alerts alone, which are too long to be walked through for a page; a verdict changes which
states are meant, so that a count beside it would be of other cases."""
MOST_FACET = 60
"""Values of one facet that a page shows."""


def overview(request: Request) -> Response:
    """The queue. What is asked for is in the address."""
    at, me = queueing_of(request), principal_of(request)
    given = request.query_params
    view, look = queue_view(given), read_look(request.cookies.get(COOKIE))
    wanted = view.wanted(me.actor)
    leaf = at.leaf(wanted, sort=view.sort, limit=look.size, after=given.get("after"), before=given.get("before"))
    people = at.people()
    may_bulk = allows(me, Action.CASES_BULK)
    return render(
        request,
        "cases.html",
        view=view,
        look=look,
        leaf=leaf,
        rows=queue_rows(leaf.lines, leaf.why, now=at.now()),
        people=people,
        facets=(
            ("state", [state.value for state in State], leaf.facets["state"]),
            ("band", BANDS, leaf.facets["band"]),
            ("priority", [one.word for one in Priority], leaf.facets["priority"]),
            ("program", _values(leaf.facets["program"], view.several["program"]), leaf.facets["program"]),
            ("origin", ("decision", "names", "file", "monitoring"), NOT_COUNTED),
            ("disposition", ("true_match", "false_match"), NOT_COUNTED),
            ("who", _who(leaf.facets["assignee"], view.several["who"], me.actor), leaf.facets["assignee"]),
        ),
        me=me.actor,
        sorts=tuple(SORTS),
        columns=COLUMNS,
        bounds=BOUNDS,
        sizes=SIZES,
        nothing_left=bool(given.get("none")),
        waiting=at.waiting(),
        may_work=allows(me, Action.CASES_WORK),
        may_bulk=may_bulk,
    )


async def take_next(request: Request) -> Response:
    """Take the most urgent case of the view that nobody has."""
    await request.form()
    at, me = queueing_of(request), principal_of(request)
    view = queue_view(request.query_params)
    actor, wanted = actor_of(me), view.wanted(me.actor)
    case = await run_in_threadpool(lambda: at.work().desk.take_next(actor, now=at.now(), wanted=wanted))
    to = f"/cases/{case.id}{view.query()}" if case else f"/cases{view.query(none='1')}"
    return go_to(request, to)


async def look(request: Request) -> Response:
    """Keep the columns and the rows that the reader wants, and go back to where they were."""
    form = await request.form()
    columns = [value for value in form.getlist("column") if isinstance(value, str)]
    wanted = chosen_look(columns, str(form.get("size", "")))
    root = request.scope.get("root_path", "")
    back = queue_view(request.query_params).query()
    answer = RedirectResponse(root + inside(f"/cases{back}"), 303)
    answer.set_cookie(
        COOKIE,
        wanted.to_cookie(),
        max_age=MOST_SECONDS,
        path=f"{root}/cases",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


async def export(request: Request) -> Response:
    """All cases of the view as a file. A form and no link: who takes it along is written down."""
    form = str((await request.form()).get("form", ""))
    at, me = queueing_of(request), principal_of(request)
    view = queue_view(request.query_params)
    wanted = view.wanted(me.actor)
    made = await run_in_threadpool(lambda: at.export(wanted, sort=view.sort, form=form, by=me))
    name = f"{'example-data-' if desk(request).example else ''}queue-{at.now():%Y-%m-%d}.{made.form}"
    return StreamingResponse(
        _pieces(made.stream),
        media_type=MEDIA[made.form],
        headers={"content-disposition": f'attachment; filename="{name}"'},
        background=BackgroundTask(made.stream.close),
    )


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _values(counted: object, asked: tuple[str, ...]) -> list[str]:
    """Values of a facet that is open-ended: those that are asked for, then the most frequent ones."""
    assert isinstance(counted, dict)
    frequent = sorted(counted, key=lambda value: (-counted[value], value))[:MOST_FACET]
    return sorted({*asked, *frequent})


def _who(counted: object, asked: tuple[str, ...], me: str) -> list[str]:
    others = [one for one in _values(counted, asked) if one not in (me, MINE, NOBODY)]
    return [MINE, NOBODY, *others]
