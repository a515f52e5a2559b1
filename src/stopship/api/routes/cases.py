"""`/api/v1/cases`: the queue, one case, notes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from starlette.concurrency import run_in_threadpool

from stopship.api.guard import GuardedRoute
from stopship.api.pages import Cursor, Limit, page
from stopship.api.schemas.casework import CaseShown, CasesPage, NoteAsked, NoteWritten
from stopship.api.schemas.steps import ReasonsShown
from stopship.api.serving import Lists, Serving, json_response
from stopship.api.stepping import Acting, AtDesk, Case, work_of
from stopship.cases.queue import page as queue_page
from stopship.cases.wanted import Wanted

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute, tags=["Cases"])

Some = Annotated[list[str], Query(max_length=20)]


@router.get(
    "/cases",
    summary="The queue",
    operation_id="cases",
    responses={200: {"model": CasesPage, "description": "A page of cases"}},
    response_model=None,
)
async def cases(
    server: Serving,
    edition: Lists,
    state: Some = [],  # noqa: B006
    assignee: Some = [],  # noqa: B006
    priority: Some = [],  # noqa: B006
    band: Some = [],  # noqa: B006
    program: Some = [],  # noqa: B006
    origin: Some = [],  # noqa: B006
    overdue: Annotated[bool, Query(description="Only those that should have been decided by now.")] = False,
    text: Annotated[str, Query(max_length=200, description="Part of the party's name.")] = "",
    sort: Annotated[str, Query(max_length=20)] = "due",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Cases with their best alert. Several values of one parameter are alternatives."""
    wanted = Wanted(
        states=tuple(state),
        assignees=tuple(assignee),
        priorities=tuple(priority),
        bands=tuple(band),
        programs=tuple(program),
        origins=tuple(origin),
        overdue=overdue,
        text=text,
    )

    def work() -> dict[str, Any]:
        now = server.now()
        with work_of(server, edition).database.begin() as connection:
            found = queue_page(connection, wanted, now=now, sort=sort, limit=limit, cursor=cursor)
        plain = found.to_plain(now=now)
        return page(plain["cases"], plain["next"], total=plain["total"])

    return json_response(await run_in_threadpool(work))


@router.get(
    "/cases/{case}",
    summary="One case",
    operation_id="case",
    responses={200: {"model": CaseShown, "description": "All that belongs to the case"}},
    response_model=None,
)
async def one_case(case: Case, server: Serving, edition: Lists) -> Response:
    """A case with its party, alerts, dispositions, suppressions, notes, files, screenings and timeline."""

    def work() -> dict[str, Any]:
        return {"case": work_of(server, edition).desk.show(case).to_plain(now=server.now())}

    return json_response(await run_in_threadpool(work))


@router.post(
    "/cases/{case}/notes",
    summary="Write a note",
    operation_id="writeNote",
    status_code=201,
    responses={201: {"model": NoteWritten, "description": "The note's number"}},
    response_model=None,
)
async def write_note(
    case: Case,
    body: NoteAsked,
    at: AtDesk,
) -> Response:
    """Add a note to a case. It stays as it was written."""

    def work(acting: Acting) -> dict[str, Any]:
        desk = acting.work.desk
        return {"id": desk.note(case, body.text, acting.actor, now=acting.now)}

    return await at.done(work, 201)


@router.get(
    "/reasons",
    summary="Reason codes",
    operation_id="reasons",
    responses={200: {"model": ReasonsShown, "description": "Each code and what it means"}},
    response_model=None,
)
async def reasons(server: Serving, edition: Lists) -> Response:
    """Codes that a verdict or a suppression gives as its reason: those of Stopship and those of your settings."""
    found = await run_in_threadpool(lambda: work_of(server, edition).policy.reasons)
    return json_response({"reasons": dict(found)})
