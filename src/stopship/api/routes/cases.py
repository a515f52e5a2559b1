"""`/api/v1/cases` and `/suppressions`: what programs may do with case work. Verdicts are for people."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from stopship.access import Principal
from stopship.api.guard import GuardedRoute
from stopship.api.idempotent import IdempotencyKey, done_once
from stopship.api.pages import Cursor, Limit, page, page_of
from stopship.api.schemas.casework import CaseShown, CasesPage, NoteAsked, NoteWritten, SuppressionsPage
from stopship.api.serving import Asking, Lists, Serving, json_response
from stopship.app.casework.desk import CaseWork, case_work
from stopship.app.service.edition import Edition
from stopship.app.service.server import Server
from stopship.cases import Actor
from stopship.cases.actor import Role
from stopship.cases.queue import Wanted
from stopship.cases.queue import page as queue_page

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute, tags=["Cases"])

Case = Annotated[int, Path(ge=1, lt=2**31, description="Number of the case.")]
Some = Annotated[list[str], Query(max_length=20)]


def _work(server: Server, edition: Edition) -> CaseWork:
    return case_work(edition.workspace, server.database, now=server.now())


def _actor(asking: Principal) -> Actor:
    """Who acts: a program works cases as an analyst does; what it may not do, its scopes don't hold."""
    return Actor(asking.actor, Role(asking.role.value) if asking.role is not None else Role.ANALYST)


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
        with _work(server, edition).database.begin() as connection:
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
        return {"case": _work(server, edition).desk.show(case).to_plain(now=server.now())}

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
    request: Request,
    case: Case,
    body: NoteAsked,
    server: Serving,
    edition: Lists,
    asking: Asking,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Add a note to a case. It stays as it was written."""

    async def work() -> Response:
        number = await run_in_threadpool(
            lambda: _work(server, edition).desk.note(case, body.text, _actor(asking), now=server.now())
        )
        return json_response({"id": number}, 201)

    return await done_once(request, idempotency_key, work)


@router.get(
    "/suppressions",
    summary="Suppressions",
    operation_id="suppressions",
    responses={200: {"model": SuppressionsPage, "description": "A page of suppressions"}},
    response_model=None,
)
async def suppressions(
    server: Serving,
    edition: Lists,
    state: Annotated[str | None, Query(max_length=20, description="active, waiting, void, expired …")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What is kept silent: which party, which entities, why, by whom, until when."""

    def work() -> dict[str, Any]:
        found = _work(server, edition).suppressions.all_of(state)
        rows, following = page_of(found, of=f"suppressions {state or ''}", cursor=cursor, limit=limit)
        return page([one.to_plain() for one in rows], following)

    return json_response(await run_in_threadpool(work))


@router.get(
    "/suppressions/{number}",
    summary="One suppression",
    operation_id="suppression",
    responses={
        200: {"content": {"application/json": {"schema": {"type": "object"}}}, "description": "The suppression"}
    },
    response_model=None,
)
async def suppression(number: Annotated[int, Path(ge=1, lt=2**31)], server: Serving, edition: Lists) -> Response:
    """One suppression with its entities."""
    found = await run_in_threadpool(lambda: _work(server, edition).suppressions.show(number))
    return json_response(found.to_plain())
