"""Jobs: which there are, how far one is, and what came of it."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from stopship.access import Action, allows, require
from stopship.app.batches.board import STATUSES, Watched
from stopship.errors import JobError, NotFoundError, UnknownJob
from stopship.store.jobs import STATES
from stopship.web.asked import go_to, number_in, whole_number
from stopship.web.pages.batch import board_of
from stopship.web.presenters.batch import found_row, order_row
from stopship.web.presenters.job import filename_of, job_line, job_page
from stopship.web.rendering import desk, is_swap, principal_of, render

PAGE = 50
ROWS = 25
STEPS = ("cancel", "retry")
POLLING_ENDS = 286
"""The status by which htmx is told to ask no more."""


def overview(request: Request) -> Response:
    """Jobs, newest first; which are shown is in the address."""
    board, by, asked = board_of(request), principal_of(request), request.query_params
    kinds = board.kinds(by)
    state = asked.get("state", "") if asked.get("state", "") in STATES else ""
    kind = asked.get("kind", "") if asked.get("kind", "") in kinds else ""
    before, mine = asked.get("before", ""), bool(asked.get("mine"))
    page = board.jobs(by, state=state, kind=kind, mine=mine, before=whole_number(before), most=PAGE)
    further = {"state": state, "kind": kind, "mine": "1" if mine else ""}
    return render(
        request,
        "jobs.html",
        lines=[job_line(job) for job in page.jobs],
        states=STATES,
        kinds=kinds,
        asked={"state": state, "kind": kind, "mine": mine},
        query="&".join(f"{name}={value}" for name, value in further.items() if value),
        before=page.before,
        sees_all=by.role is not None,
        may_run=allows(by, Action.JOBS_RUN),
        people=board.people(),
    )


def one(request: Request) -> Response:
    """One job: its progress, or what came of it. Its page asks again each second until the job has ended."""
    watched = _watched(request)
    job = job_page(watched, board_of(request).now())
    if is_swap(request):
        if job.ended:  # the page is another one now
            return Response(status_code=POLLING_ENDS, headers={"hx-refresh": "true"})
        return render(request, "parts/job.html", job=job)
    return _page(request, watched)


def _page(request: Request, watched: Watched, *, error: JobError | None = None) -> Response:
    board, asked = board_of(request), request.query_params
    job = job_page(watched, board.now())
    show = asked.get("show", "")
    show = show if show in STATUSES else "hit"
    after = whole_number(asked.get("after"), 15) or 0
    found: list[dict[str, Any]] = []
    further: int | None = None
    told = error
    if job.state == "done" and job.on_file:
        try:
            found, further = board.findings(watched.job, show, after=after, most=ROWS)
        except NotFoundError:
            raise HTTPException(404) from None
        except JobError as gone:
            told = told or gone
    return render(
        request,
        "job.html",
        status=HTTPStatus.CONFLICT if error else HTTPStatus.OK,
        job=job,
        may_run=watched.may_run,
        may_check=allows(principal_of(request), Action.ORDERS_DECIDE),
        people=board.people(),
        show=show,
        after=after,
        found=[found_row(row) for row in found] if job.kind == "screen" else (),
        orders=[order_row(row) for row in found] if job.kind == "check" else (),
        further=further,
        error=told,
    )


async def step(request: Request) -> Response:
    """Cancel a job, or queue it again. What is refused is said above the job as it is."""
    what = request.path_params["step"]
    if what not in STEPS:
        raise HTTPException(404)
    require(principal_of(request), Action.JOBS_RUN)
    return await run_in_threadpool(_do, request, what)


def _do(request: Request, what: str) -> Response:
    watched, board, by = _watched(request), board_of(request), principal_of(request)
    try:
        (board.cancel if what == "cancel" else board.retry)(watched.job.id, by)
    except JobError as error:
        return _page(request, _watched(request), error=error)
    return go_to(request, f"/jobs/{watched.job.id}")


def result(request: Request) -> Response:
    """The file of results, in the format that was asked for."""
    watched, by = _watched(request), principal_of(request)
    try:
        path = board_of(request).result(watched.job.id, by)
    except JobError:
        raise HTTPException(404) from None
    return FileResponse(
        path, media_type="application/octet-stream", filename=f"{_stem(request, watched)}-results{path.suffix}"
    )


def rejects(request: Request) -> Response:
    """The rows that could not be used, as CSV."""
    watched, by = _watched(request), principal_of(request)
    try:
        pieces = board_of(request).rejects(watched.job.id, by)
    except JobError:
        raise HTTPException(404) from None
    headers = {"content-disposition": f'attachment; filename="{_stem(request, watched)}-rejects.csv"'}
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=headers)


def _watched(request: Request) -> Watched:
    try:
        return board_of(request).job(number_in(request, "job"), principal_of(request))
    except UnknownJob:
        raise HTTPException(404) from None


def _stem(request: Request, watched: Watched) -> str:
    """How a download is called: after the file that was handed in, as far as its letters go anywhere. A table of
    results has the columns of that file and no room to say that it is example data, so its name says it."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", filename_of(watched.job).split(".")[0]).strip("-")[:60]
    return f"{'example-data-' if desk(request).example else ''}{stem or 'job'}-{watched.job.id}"
