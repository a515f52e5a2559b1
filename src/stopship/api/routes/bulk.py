"""`/api/v1/bulk`: one verdict on many cases, proposed by one person and agreed to by another."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Response
from starlette.concurrency import run_in_threadpool

from stopship.api.guard import GuardedRoute
from stopship.api.pages import page
from stopship.api.schemas.steps import (
    AgreedAsked,
    BulkAsked,
    BulkPage,
    BulkPreview,
    BulkShown,
    ChosenAsked,
    PreviewAsked,
    WhyAsked,
)
from stopship.api.serving import Asking, Lists, Serving, json_response
from stopship.api.stepping import Acting, AtDesk, Number, actor_of, work_of
from stopship.cases import State, Verdict, Wanted
from stopship.errors import InputError
from stopship.store.dispositions import BulkRow

router = APIRouter(prefix="/api/v1/bulk", route_class=GuardedRoute, tags=["Cases"])

AGREED = AgreedAsked()
ONE: dict[int | str, dict[str, Any]] = {200: {"model": BulkShown, "description": "The verdict as it is then"}}


@router.post(
    "/preview",
    summary="Which cases a verdict on many would be about",
    operation_id="previewBulk",
    responses={200: {"model": BulkPreview, "description": "The cases, and those that stand in the way"}},
    response_model=None,
)
async def preview(body: PreviewAsked, server: Serving, edition: Lists, asking: Asking) -> Response:
    """Say which cases are meant, without doing anything. Of a filter only open cases are taken."""

    def work() -> dict[str, Any]:
        desk = work_of(server, edition).bulk
        return desk.preview(_chosen(body), actor_of(asking), now=server.now()).to_plain()

    return json_response(await run_in_threadpool(work))


@router.post(
    "",
    summary="Propose one verdict for many cases",
    operation_id="proposeBulk",
    status_code=201,
    responses={201: {"model": BulkShown, "description": "The proposal, which waits for a second person"}},
    response_model=None,
)
async def propose(
    body: BulkAsked,
    at: AtDesk,
) -> Response:
    """Propose one verdict for all open alerts of many cases. `count` must be what the preview showed."""

    def work(acting: Acting) -> dict[str, Any]:
        row = acting.work.bulk.propose(
            _chosen(body),
            Verdict(body.verdict),
            acting.actor,
            count=body.count,
            reason=body.reason,
            comment=body.comment,
            now=acting.now,
        )
        return _shown(row)

    return await at.done(work, 201)


@router.get(
    "",
    summary="Verdicts on many cases that wait",
    operation_id="bulks",
    responses={200: {"model": BulkPage, "description": "Those that wait for a second person"}},
    response_model=None,
)
async def waiting(server: Serving, edition: Lists) -> Response:
    """Verdicts on many cases that wait for a second person, all on one page."""
    found = await run_in_threadpool(lambda: work_of(server, edition).bulk.waiting())
    return json_response(page([_shown(row) for row in found], None))


@router.get(
    "/{number}",
    summary="One verdict on many cases",
    operation_id="bulk",
    responses=ONE,
    response_model=None,
)
async def one(number: Number, server: Serving, edition: Lists) -> Response:
    """One verdict on many cases: which were meant, who proposed it, who agreed."""
    return json_response(_shown(await run_in_threadpool(lambda: work_of(server, edition).bulk.show(number))))


@router.post(
    "/{number}/approve",
    summary="Agree to a verdict on many cases",
    operation_id="approveBulk",
    responses=ONE,
    response_model=None,
)
async def approve(
    number: Number,
    at: AtDesk,
    body: Annotated[AgreedAsked, Body()] = AGREED,
) -> Response:
    """Agree to what somebody else proposed: all cases are judged, or none is."""

    def work(acting: Acting) -> dict[str, Any]:
        desk = acting.work.bulk
        return _shown(desk.approve(number, acting.actor, comment=body.comment, now=acting.now))

    return await at.done(work)


@router.post(
    "/{number}/refuse",
    summary="Disagree with a verdict on many cases",
    operation_id="refuseBulk",
    responses=ONE,
    response_model=None,
)
async def refuse(
    number: Number,
    body: WhyAsked,
    at: AtDesk,
) -> Response:
    """Disagree with what somebody else proposed, saying why; the cases stay as they are."""

    def work(acting: Acting) -> dict[str, Any]:
        desk = acting.work.bulk
        return _shown(desk.refuse(number, acting.actor, comment=body.comment, now=acting.now))

    return await at.done(work)


@router.post(
    "/{number}/withdraw",
    summary="Take a verdict on many cases back",
    operation_id="withdrawBulk",
    responses=ONE,
    response_model=None,
)
async def withdraw(
    number: Number,
    at: AtDesk,
) -> Response:
    """Take your own proposal back."""

    def work(acting: Acting) -> dict[str, Any]:
        return _shown(acting.work.bulk.withdraw(number, acting.actor, now=acting.now))

    return await at.done(work)


def _chosen(body: ChosenAsked) -> Wanted | tuple[int, ...]:
    """Which cases are meant.

    Raises:
        InputError: none, or both by number and by what they have in common.
    """
    filters = (body.bands, body.programs, body.priorities, body.assignees, body.origins, body.text)
    filtered = any(filters)
    if (body.cases is not None) == filtered:
        raise InputError("which cases?", where="cases", hint="Give their numbers, or a filter, and not both")
    if body.cases is not None:
        return tuple(body.cases)
    return Wanted(
        states=(State.OPEN.value,),
        bands=body.bands,
        programs=body.programs,
        priorities=body.priorities,
        assignees=body.assignees,
        origins=body.origins,
        text=body.text,
    )


def _shown(row: BulkRow) -> dict[str, Any]:
    plain = {one.name: getattr(row, one.name) for one in fields(row)}
    moments = {name: _text(value) for name, value in plain.items() if isinstance(value, datetime)}
    return plain | moments | {"chosen_by": orjson.loads(row.chosen_by)}


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
