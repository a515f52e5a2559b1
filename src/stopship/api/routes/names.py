"""`/api/v1/names`: names in bulk."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from stopship.api.guard import GuardedRoute
from stopship.api.idempotent import IdempotencyKey, done_once
from stopship.api.schemas.native import NameAsked, NamesAnswered, NamesAsked, Texts
from stopship.api.serving import Asking, Counted, Lists, Serving, json_response
from stopship.app.service.names import MOST_KEPT, NameScreening, keep
from stopship.errors import InputError

router = APIRouter(prefix="/api/v1/names", route_class=GuardedRoute, tags=["Names"])


@router.post(
    "",
    summary="Screen names in bulk",
    operation_id="screenNames",
    responses={200: {"model": NamesAnswered, "description": "One answer for each name, in order"}},
    response_model=None,
)
async def screen(
    request: Request,
    body: NamesAsked,
    server: Serving,
    edition: Lists,
    figures: Counted,
    asking: Asking,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Screen up to 10,000 names in one call, by the code that screens files (`stopship screen`).

    Names that can't be screened are answered with status `rejected` and the reason; none is lost. More than
    that goes into a job. With `keep` the screening is on record, and what alerts becomes cases.
    """
    if len(body.names) > server.settings.max_names:
        raise InputError(
            f"{len(body.names):,} names are too many for one call (at most {server.settings.max_names:,})",
            where="names",
            hint="Send several calls, or a file to POST /api/v1/jobs",
        )
    if body.keep is not None and len(body.names) > MOST_KEPT:
        raise InputError(
            f"{len(body.names):,} names are too many to be kept (at most {MOST_KEPT:,})",
            where="names",
            hint="Send several calls",
        )
    rows = [_row(one) for one in body.names]

    async def work() -> Response:
        screening = NameScreening(edition, rows, min_score=body.min_score, limit=body.limit)
        pieces = await server.engine.run_pieces(screening.pieces())
        answers = [answer for piece in pieces for answer in piece]
        figures.screened("names", len(rows))
        kept = None
        if (name := body.keep) is not None:
            done = await run_in_threadpool(
                lambda: keep(
                    edition,
                    rows,
                    answers,
                    name=name,
                    database=server.database,
                    actor=asking.actor,
                    now=server.now(),
                )
            )
            kept = done.to_plain()
        return json_response(
            {
                "results": answers,
                "lists": screening.lists,
                "index": screening.index,
                "engine": screening.engine,
                "kept": kept,
            }
        )

    return await done_once(request, idempotency_key, work)


def _row(given: NameAsked) -> dict[str, Any]:
    return {
        "id": given.id,
        "name": given.name,
        "schema": given.schema_,
        "country": _list(given.country),
        "address": _list(given.address),
        "birth_date": _list(given.birth_date),
        "registration_date": _list(given.registration_date),
    }


def _list(value: Texts) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
