"""The description of the API (OpenAPI 3.1): what FastAPI makes of the routes, and keys and problems besides."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from stopship.api.errors import PROBLEM_JSON
from stopship.api.permissions import NEEDED, PUBLIC
from stopship.api.schemas.problem import Problem
from stopship.version import __version__

TITLE = "Stopship"
ABOUT = """\
May this item go to these parties, in this destination, on this date, and why?

Calls need a key: `Authorization: ApiKey ssk_…`, made by `stopship keys create`. Verdicts need a key that
belongs to a person (`--user NAME --scope judge`), who acts with it. Errors are problem details (RFC 9457).
Unknown fields and parameters are refused. `/match`, `/search`, `/entities`, `/catalog` and
`/algorithms` are those of OpenSanctions' server (yente); `/reconcile` is the Reconciliation Service API v0.2.
"""
PROBLEMS = {
    400: "The call can't be understood or done as it is",
    401: "No key, or none that holds",
    403: "This key may not do that, or the second person must be somebody else",
    404: "Nothing here is called so",
    408: "The body came too slowly",
    409: "Another call stands in the way, or what it is about has changed",
    413: "The body is too long",
    415: "The body is compressed",
    422: "Something in the call is not as described",
    423: "Somebody else works on the case right now; `by` says who",
    429: "Too many calls; `Retry-After` says how long to wait",
    500: "A fault of the server",
    503: "The lists are being opened, or can't be used",
}
_WITH_CONFLICT = ("decide", "createJob", "cancelJob", "jobResult", "previewBulk")
"""Operations without an idempotency key, or whose key is another's, that can be in conflict nonetheless."""
_WITH_LOCK = (
    "takeNextCase",
    "takeCase",
    "releaseCase",
    "decideCase",
    "approveCase",
    "refuseCase",
    "withdrawCase",
    "reopenCase",
    "askSuppression",
    "previewBulk",
    "proposeBulk",
    "approveBulk",
)
"""Operations on cases that somebody may have locked."""


def describe(app: FastAPI) -> dict[str, Any]:
    """The description as a dict of JSON values, made once."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    plain = get_openapi(title=TITLE, version=__version__, description=ABOUT, routes=app.routes)
    parts = plain.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    parts["securitySchemes"] = {
        "key": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`ApiKey ` and a key that `stopship keys create` gave.",
        }
    }
    for path, methods in plain["paths"].items():
        for method, operation in methods.items():
            _complete(path, method.upper(), operation)
    plain["security"] = [{"key": []}]
    app.openapi_schema = plain
    return plain


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    needed = NEEDED.get((method, path))
    statuses = {422, 500}
    if needed == PUBLIC:
        operation["security"] = []
        statuses |= {503} if operation["operationId"] == "readyz" else set()
    else:
        operation["description"] = (
            f"{operation.get('description', '').rstrip()}\n\nNeeds the permission `{needed}`."
        )
        statuses |= {400, 401, 403, 429, 503}
    if "{" in path:
        statuses.add(404)
    if "requestBody" in operation:
        statuses |= {408, 413, 415}
    done_once = any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ()))
    if done_once or operation["operationId"] in _WITH_CONFLICT:
        statuses.add(409)
    if operation["operationId"] in _WITH_LOCK:
        statuses.add(423)
    responses = operation["responses"]
    for status in sorted(statuses):
        responses[str(status)] = {
            "description": PROBLEMS[status],
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    operation["responses"] = dict(sorted(responses.items()))
