"""Whether the server lives, is ready, and its figures."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from stopship.api.figures import CONTENT_TYPE
from stopship.api.guard import GuardedRoute
from stopship.api.schemas.yente import ReadyResponse, StatusResponse
from stopship.api.serving import Counted, Lists, Serving, json_response

router = APIRouter(route_class=GuardedRoute, tags=["Service"])


@router.get(
    "/healthz", summary="Whether the process answers", operation_id="healthz", response_model=StatusResponse
)
async def healthz() -> StatusResponse:
    """For whoever restarts a process that hangs."""
    return StatusResponse()


@router.get(
    "/readyz",
    summary="Whether lists are served, and how old they are",
    operation_id="readyz",
    responses={
        200: {"model": ReadyResponse, "description": "Lists are served; `stale` says whether one is too old"},
        503: {"description": "The lists are still being opened"},
    },
    response_model=None,
)
async def readyz(server: Serving, edition: Lists) -> Response:
    """200 while lists are served, however old: `stale` tells, and decisions that rest on them are not `clear`."""
    last = server.engine.last
    body = {
        "status": "ok",
        "stale": bool(edition.stale),
        "starter_only": edition.starter_only,
        "lists": [{key: s[key] for key in ("source", "age_days", "limit_days", "stale")} for s in edition.lists],
        "index": edition.index.content_hash,
        "rulebook": edition.workspace.rulebook.version,
        "opened": edition.opened.isoformat(),
        "last_problem": "newer lists can't be served; the log says why" if last and last.problem else None,
    }
    return json_response(body)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    operation_id="metrics",
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Text format 0.0.4"}
    },
    response_class=Response,
)
async def metrics(figures: Counted) -> Response:
    """Calls and times by route, names, decisions, ages of the lists. From this machine it needs no key."""
    return Response(await run_in_threadpool(figures.text), headers={"content-type": CONTENT_TYPE})
