"""`/api/v1/audit` and `/api/v1/keys`: the record, and who may ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from stopship.access.keys import Keys
from stopship.api.guard import GuardedRoute
from stopship.api.pages import Limit, page
from stopship.api.schemas.casework import AuditPage, AuditVerified, KeyAsked, KeyMade, KeyShown
from stopship.api.schemas.native import Page
from stopship.api.serving import Asking, Serving, json_response
from stopship.app.auditing import verify
from stopship.app.service.server import Server
from stopship.cases.view import audit_to_plain
from stopship.store import audit, users
from stopship.store.keys import KeyRow

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute, tags=["Administration"])


@router.get(
    "/audit",
    summary="The audit record",
    operation_id="audit",
    responses={200: {"model": AuditPage, "description": "Rows in order"}},
    response_model=None,
)
async def record(
    server: Serving,
    limit: Limit = 100,
    cursor: Annotated[str | None, Query(pattern=r"^\d{1,12}$", description="`next` of the page before.")] = None,
) -> Response:
    """Every row with its hash and that of the one before: who, when, what, on what."""

    def work() -> dict[str, Any]:
        with server.database.begin() as connection:
            rows = list(audit.rows(connection, after=int(cursor or 0), most=limit))
            head = audit.head(connection)
        following = str(rows[-1].seq) if rows and rows[-1].seq < head.seq else None
        return page([audit_to_plain(row) for row in rows], following, head={"seq": head.seq, "hash": head.hash})

    return json_response(await run_in_threadpool(work))


@router.get(
    "/audit/verify",
    summary="Whether the audit record is as it was written",
    operation_id="verifyAudit",
    responses={200: {"model": AuditVerified, "description": "What was found"}},
    response_model=None,
)
async def verify_(server: Serving) -> Response:
    """Check the chain from its first row: what was altered, removed or put elsewhere."""
    found = await run_in_threadpool(lambda: verify(server.home, server.database, now=server.now()))
    return json_response(found.to_plain())


@router.get(
    "/keys",
    summary="Keys",
    operation_id="keys",
    responses={200: {"model": Page[KeyShown], "description": "All that there ever were"}},
    response_model=None,
)
async def keys(server: Serving) -> Response:
    """Every key that there ever was, the oldest first, without secrets."""

    def work() -> dict[str, Any]:
        names = _names(server)
        return page([_shown(row, names) for row in Keys(server.database).all()], None)

    return json_response(await run_in_threadpool(work))


@router.post(
    "/keys",
    summary="Make a key",
    operation_id="createKey",
    status_code=201,
    responses={201: {"model": KeyMade, "description": "The key; its secret is shown once"}},
    response_model=None,
)
async def create(body: KeyAsked, server: Serving, asking: Asking) -> Response:
    """Make a key of a program. A person's own is made on the command line (`stopship keys create --user NAME`),
    else who has a key for administration could be anybody. No key is made twice by an idempotency key: its secret
    would have to be kept."""
    expires = datetime.combine(body.expires, time(), UTC) if body.expires else None
    made = await run_in_threadpool(
        lambda: Keys(server.database).create(
            body.name, tuple(dict.fromkeys(body.scopes)), actor=asking.actor, now=server.now(), expires=expires
        )
    )
    return json_response({"secret": made.text, "key": _shown(made.row, {})}, 201)


@router.post(
    "/keys/{key}/revoke",
    summary="Revoke a key",
    operation_id="revokeKey",
    responses={200: {"model": KeyShown, "description": "The key, which no longer holds"}},
    response_model=None,
)
async def revoke(
    key: Annotated[str, Path(min_length=1, max_length=100)], server: Serving, asking: Asking
) -> Response:
    """End a key at once: it is refused from the next call on."""

    def work() -> dict[str, Any]:
        keys = Keys(server.database)
        revoked = keys.revoke(key, actor=asking.actor, now=server.now())
        return _shown(next(row for row in keys.all() if row.id == revoked.id), _names(server))

    return json_response(await run_in_threadpool(work))


def _names(server: Server) -> dict[int, str]:
    """The names of accounts by their numbers."""
    with server.database.begin() as connection:
        return {row.id: row.name for row in users.all_of(connection)}


def _shown(row: KeyRow, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "key": row.public,
        "name": row.name,
        "user": names[row.user_id] if row.user_id is not None else None,
        "scopes": row.scopes.split(),
        "created": row.created,
        "expires": row.expires,
        "revoked": row.revoked,
        "last_used": row.last_used,
    }
