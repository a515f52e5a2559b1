"""`/api/v1/transactions`: orders decided, kept, found again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from stopship.api.guard import GuardedRoute
from stopship.api.idempotent import IdempotencyKey, done_once
from stopship.api.pages import Cursor, Limit, page
from stopship.api.schemas.native import Page, TransactionAsked, TransactionDecided, TransactionLogged
from stopship.api.serving import Asking, Counted, Lists, Serving, json_response
from stopship.app.service.orders import decide, keep, kept_decision, kept_decisions

router = APIRouter(prefix="/api/v1/transactions", route_class=GuardedRoute, tags=["Transactions"])


@router.post(
    "",
    summary="Decide an order",
    operation_id="decide",
    status_code=201,
    responses={
        201: {
            "model": TransactionDecided,
            "description": "The decision, kept under its id",
            "headers": {"Location": {"schema": {"type": "string"}, "description": "Where it is found again"}},
        }
    },
    response_model=None,
)
async def decide_(
    request: Request,
    body: TransactionAsked,
    server: Serving,
    edition: Lists,
    figures: Counted,
    asking: Asking,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """May these items go to these parties, in this destination, on this date, and why?

    The decision is kept with all that it rests on before it is given; `stopship replay` makes it again. The same
    order on the same day and lists is the same decision, with the same id.
    """

    async def work() -> Response:
        decided = await server.engine.run(
            lambda: decide(edition, body.transaction, as_of=body.as_of, allow_stale=body.allow_stale)
        )
        done = await run_in_threadpool(
            lambda: keep(edition, decided, database=server.database, actor=asking.actor, now=server.now())
        )
        figures.decided(done.decision["outcome"])
        answer: dict[str, Any] = {"id": done.id, "decision": done.decision}
        return json_response(answer, 201, {"location": f"/api/v1/transactions/{done.id}"})

    return await done_once(request, idempotency_key, work)


@router.get(
    "",
    summary="Decisions that were kept",
    operation_id="decisions",
    responses={200: {"model": Page[TransactionLogged], "description": "The newest first"}},
    response_model=None,
)
async def decisions(edition: Lists, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """When each was kept, and its outcome; the newest first."""
    found, following = await run_in_threadpool(lambda: kept_decisions(edition, limit=limit, cursor=cursor))
    rows = [{"id": one.id, "at": one.at, "as_of": one.as_of, "outcome": one.outcome} for one in found]
    return json_response(page(rows, following))


@router.get(
    "/{decision_id}",
    summary="A decision that was kept",
    operation_id="decision",
    responses={200: {"model": TransactionDecided, "description": "The decision, as it was given"}},
    response_model=None,
)
async def decision(
    decision_id: Annotated[str, Path(max_length=100, examples=["0" * 64])], edition: Lists
) -> Response:
    """The decision, as it was given."""
    found = await run_in_threadpool(lambda: kept_decision(edition, decision_id))
    return json_response({"id": found.id, "decision": found.decision})
