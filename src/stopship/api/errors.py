"""The one table from errors to HTTP, and their form: problem details (RFC 9457).

`detail` is one line that says what is wrong and how to mend it, so that a client that knows only that (as those of
OpenSanctions' server do) shows the right thing. Faults of the server say what, never where: paths of this machine
stand in the log, under the id of the request.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from stopship.app.people import names_of_people
from stopship.errors import (
    AccessError,
    AccountError,
    CaseError,
    CaseLocked,
    ConflictError,
    FetchError,
    InputError,
    JobError,
    KeyUsed,
    NotAllowed,
    NotFound,
    NotFoundError,
    NotSignedIn,
    OrderError,
    StateError,
    StepNotAllowed,
    StopshipError,
    TableError,
    TooOften,
    UnknownJob,
)

PROBLEM_JSON = "application/problem+json"
MOST_PROBLEMS = 20

STATUS: dict[type[StopshipError], int] = {
    NotFoundError: 404,
    UnknownJob: 404,
    ConflictError: 409,
    KeyUsed: 409,
    OrderError: 422,
    TableError: 422,
    AccountError: 422,
    JobError: 409,
    NotFound: 404,
    StepNotAllowed: 403,
    CaseLocked: 423,
    CaseError: 409,
    InputError: 400,
    NotSignedIn: 401,
    NotAllowed: 403,
    TooOften: 429,
    AccessError: 403,
    FetchError: 502,
    StateError: 503,
    StopshipError: 500,
}
"""The status of each error; one that doesn't stand here has that of the nearest class above it."""

FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))

log = structlog.get_logger("stopship.api")


def status_of(error: StopshipError) -> int:
    """The status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem(
    request: Request | None,
    status: int,
    detail: str,
    *,
    kind: str | None = None,
    errors: Sequence[dict[str, str]] = (),
    by: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    request_id: str | None = None,
) -> Response:
    """A problem as a response."""
    body: dict[str, Any] = {
        "type": f"urn:stopship:problem:{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if request_id := request_id or (_request_id(request) if request is not None else None):
        body["request_id"] = request_id
    if by:
        body["by"] = by
    if errors:
        body["errors"] = list(errors)
    return Response(orjson.dumps(body), status, headers=headers, media_type=PROBLEM_JSON)


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error with a problem: ours, and the framework's. Faults are caught around all of it."""
    app.add_exception_handler(StopshipError, _ours)
    app.add_exception_handler(RequestValidationError, _not_as_described)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(OSError, _of_the_machine)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, StopshipError)
    status = status_of(error)
    if status < 500:
        by = await _in_the_way(request, error)
        return problem(request, status, str(error), kind=_kind(error), by=by, headers=_headers(error))
    log.error("failed", error=type(error).__name__, message=str(error), request_id=_request_id(request))
    detail = " ".join(f"{error.message.rstrip('.')}. {error.hint or ''}".split())
    headers = {"Retry-After": "5"} if status == 503 else None
    return problem(request, status, detail, kind=_kind(error), headers=headers)


async def _in_the_way(request: Request, error: StopshipError) -> dict[str, str] | None:
    """Who stands in the way of a step of case work, with the name of their account."""
    if not isinstance(error, CaseError) or error.by is None:
        return None
    database = request.app.state.server.database
    names = await run_in_threadpool(lambda: names_of_people(database))
    return {"id": error.by, "name": names.get(error.by, error.by)}


def _headers(error: StopshipError) -> dict[str, str] | None:
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": "ApiKey"}
    return {"Retry-After": str(error.wait_seconds)} if isinstance(error, TooOften) else None


def _kind(error: StopshipError) -> str:
    """`OrderError` -> `order`, `NotSignedIn` -> `not-signed-in`."""
    name = type(error).__name__.removesuffix("Error")
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


async def _not_as_described(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [_one(found) for found in error.errors()[:MOST_PROBLEMS]]
    first = errors[0] if errors else {"at": "", "detail": "the call is not as described"}
    more = f" (and {len(error.errors()) - 1} more)" if len(error.errors()) > 1 else ""
    detail = f"{first['at']}: {first['detail']}{more}" if first["at"] else f"{first['detail']}{more}"
    return problem(request, 422, detail, kind="not-as-described", errors=errors)


def _one(found: dict[str, Any]) -> dict[str, str]:
    where, *path = found["loc"]
    at = "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)
    pointer = f"/{at}" if where == "body" and path else at
    message = found["msg"].removeprefix("Value error, ")
    if found["type"] == "extra_forbidden":
        message = "unknown field"
    elif found["type"] == "json_invalid":
        pointer, message = "", f"the body is not JSON: {found.get('ctx', {}).get('error', found['msg'])}"
    elif found["type"] in ("model_attributes_type", "model_type", "dict_type") and not path:
        message = "the body is no JSON object, or isn't said to be JSON (Content-Type: application/json)"
    elif found["type"] == "missing":
        message = "missing" if path else "the call needs a JSON body (Content-Type: application/json)"
    return {"in": str(where), "at": pointer, "detail": message}


async def _of_the_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, OSError) and error.__cause__.errno in FULL:
        return await _of_the_machine(request, error.__cause__)  # a body that could not be put aside
    detail = error.detail
    if error.status_code == 404 and detail == "Not Found":
        detail = "there is no such address; GET /openapi.json describes those that there are"
    elif error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "another method")
        detail = f"{request.method} is not what can be done here; use {allowed}"
    return problem(request, error.status_code, str(detail), headers=dict(error.headers or {}))


async def _of_the_machine(request: Request, error: Exception) -> Response:
    """A disk that is full is no fault of ours, and passes; everything else is one."""
    assert isinstance(error, OSError)
    if error.errno not in FULL:
        raise error
    log.error("disk full", request_id=_request_id(request))
    return problem(request, 503, "the disk of the server is full", kind="state", headers={"Retry-After": "5"})


def fault(request_id: str, error: Exception) -> Response:
    """A fault of ours as a problem. The log gets where it happened; what was worked on may be somebody's name, and
    is only in the log at its most talkative."""
    frames = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    log.error("fault", error=type(error).__name__, request_id=request_id, frames=frames[-12:])
    log.debug("fault", error=str(error), request_id=request_id)
    detail = "a fault of ours; the server's log says where, under this request id"
    return problem(None, 500, detail, kind="fault", request_id=request_id)


def _request_id(request: Request) -> str | None:
    return request.scope.get("stopship.request_id")
