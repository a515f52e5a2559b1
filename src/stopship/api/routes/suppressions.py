"""`/api/v1/suppressions`: what stays silent, until when, and who said so."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from starlette.concurrency import run_in_threadpool

from stopship.api.guard import GuardedRoute
from stopship.api.pages import Cursor, Limit, page, page_of
from stopship.api.schemas.steps import (
    AgreedAsked,
    SuppressionAsked,
    SuppressionShown,
    SuppressionsMade,
    SuppressionsPage,
    WhyAsked,
)
from stopship.api.serving import Lists, Serving, json_response
from stopship.api.stepping import Acting, AtDesk, Case, Number, work_of
from stopship.cases import SuppressionWish

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute, tags=["Suppressions"])

AGREED = AgreedAsked()
ONE: dict[int | str, dict[str, Any]] = {200: {"model": SuppressionShown, "description": "The suppression"}}


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
    state: Annotated[
        str | None,
        Query(
            max_length=20,
            pattern=r"^[^\u0000]*$",
            description="proposed, active, refused, withdrawn, ended, expired or void.",
        ),
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What is kept silent: which party, which entities, why, by whom, until when."""

    def work() -> dict[str, Any]:
        found = work_of(server, edition).suppressions.all_of(state)
        rows, following = page_of(found, of=f"suppressions {state or ''}", cursor=cursor, limit=limit)
        return page([one.to_plain() for one in rows], following)

    return json_response(await run_in_threadpool(work))


@router.get(
    "/suppressions/{number}",
    summary="One suppression",
    operation_id="suppression",
    responses=ONE,
    response_model=None,
)
async def suppression(number: Number, server: Serving, edition: Lists) -> Response:
    """One suppression with its entities."""
    found = await run_in_threadpool(lambda: work_of(server, edition).suppressions.show(number))
    return json_response(found.to_plain())


@router.post(
    "/cases/{case}/suppressions",
    summary="Ask for a suppression",
    operation_id="askSuppression",
    status_code=201,
    responses={201: {"model": SuppressionsMade, "description": "What was asked for"}},
    response_model=None,
)
async def ask(
    case: Case,
    body: SuppressionAsked,
    at: AtDesk,
) -> Response:
    """Ask that alerts of a case that were judged false stay silent until a day."""

    def work(acting: Acting) -> dict[str, Any]:
        desk = acting.work.suppressions
        made = desk.ask(
            case,
            SuppressionWish(body.until, body.scope, body.program),
            acting.actor,
            reason=body.reason,
            comment=body.comment,
            now=acting.now,
            alerts=tuple(body.alerts) if body.alerts is not None else None,
        )
        return {"suppressions": [desk.show(number).to_plain() for number in made]}

    return await at.done(work, 201)


@router.post(
    "/suppressions/{number}/approve",
    summary="Agree to a suppression",
    operation_id="approveSuppression",
    responses=ONE,
    response_model=None,
)
async def approve(
    number: Number,
    at: AtDesk,
    body: Annotated[AgreedAsked, Body()] = AGREED,
) -> Response:
    """Agree to a suppression that waits by itself. One that was asked for with a verdict goes with that."""

    def work(acting: Acting) -> dict[str, Any]:
        desk = acting.work.suppressions
        return desk.approve(number, acting.actor, comment=body.comment, now=acting.now).to_plain()

    return await at.done(work)


@router.post(
    "/suppressions/{number}/refuse",
    summary="Disagree with a suppression",
    operation_id="refuseSuppression",
    responses=ONE,
    response_model=None,
)
async def refuse(
    number: Number,
    body: WhyAsked,
    at: AtDesk,
) -> Response:
    """Disagree with a suppression that waits by itself, saying why."""

    def work(acting: Acting) -> dict[str, Any]:
        desk = acting.work.suppressions
        return desk.refuse(number, acting.actor, comment=body.comment, now=acting.now).to_plain()

    return await at.done(work)


@router.post(
    "/suppressions/{number}/end",
    summary="End a suppression",
    operation_id="endSuppression",
    responses=ONE,
    response_model=None,
)
async def end(
    number: Number,
    body: WhyAsked,
    at: AtDesk,
) -> Response:
    """End a suppression before its day; what it kept silent must be judged again. It takes a supervisor, or who
    asked for it."""

    def work(acting: Acting) -> dict[str, Any]:
        desk = acting.work.suppressions
        return desk.end(number, acting.actor, comment=body.comment, now=acting.now).to_plain()

    return await at.done(work)
