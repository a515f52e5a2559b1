"""Pages of what went wrong: what happened, what a person can do, and nothing of the inside."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.errors import CaseError, InputError, NotAllowed, NotFound, NotSignedIn, StopshipError
from stopship.web.pages.kept_form import KeptForm
from stopship.web.presenters.freshness import freshness
from stopship.web.rendering import desk, is_swap, render

log = logging.getLogger(__name__)
KINDS = {403: "forbidden", 404: "not_found", 405: "not_found", 401: "session"}


def problem(
    request: Request, kind: str, status: int, *, line: str = "", reference: str = "", kept: KeptForm | None = None
) -> Response:
    """A page of one kind of problem; where htmx asked for a part, in place of the whole of the page's content.

    Args:
        request: what was asked.
        kind: forbidden, not_found, session, input, state, other_site, fault.
        status: of HTTP.
        line: the one line that an error of ours says.
        reference: what to tell whoever looks into the log.
        kept: what was typed, to be taken along through a sign-in.
    """
    swap = is_swap(request)
    return render(
        request,
        "parts/problem.html" if swap else "problem.html",
        status=status,
        headers={"hx-retarget": "#main", "hx-reswap": "innerHTML"} if swap else None,
        kind=kind,
        line=line,
        reference=reference,
        kept=kept,
        signs_in=desk(request).gate.signs_in,
        fresh=freshness(()),
    )


async def http_problem(request: Request, error: Exception) -> Response:
    """An address that isn't there, or may not be seen."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
    if status in KINDS:
        return problem(request, KINDS[status], status)
    line = error.detail if isinstance(error, HTTPException) else ""
    return problem(request, "input", status, line=line)


async def known_problem(request: Request, error: Exception) -> Response:
    """What we raise on purpose: its line says what, where and how to mend it."""
    assert isinstance(error, StopshipError)
    if isinstance(error, NotAllowed):
        return problem(request, "forbidden", HTTPStatus.FORBIDDEN, line=str(error))
    if isinstance(error, NotSignedIn):
        return session_expired(request)
    if isinstance(error, NotFound):
        return problem(request, "not_found", HTTPStatus.NOT_FOUND, line=str(error))
    if isinstance(error, CaseError):
        return problem(request, "input", HTTPStatus.CONFLICT, line=str(error))
    if isinstance(error, InputError):
        return problem(request, "input", HTTPStatus.UNPROCESSABLE_ENTITY, line=str(error))
    return problem(request, "state", HTTPStatus.SERVICE_UNAVAILABLE, line=str(error))


async def fault(request: Request, error: Exception) -> Response:
    """A fault of ours. The page has a reference that the log has, too; the log has no names."""
    reference = secrets.token_hex(4)
    log.error("fault %s at %s: %s", reference, request.scope.get("path"), type(error).__name__)
    return problem(request, "fault", HTTPStatus.INTERNAL_SERVER_ERROR, reference=reference)


def session_expired(request: Request, kept: KeptForm | None = None) -> Response:
    """The session has ended: nothing was decided. One signs in on this page, and what was typed is taken along.

    Args:
        request: what was asked.
        kept: the form that was sent.
    """
    return problem(request, "session", HTTPStatus.UNAUTHORIZED, kept=kept)


def refused(request: Request) -> Response:
    """A form that another site sent."""
    return problem(request, "other_site", HTTPStatus.FORBIDDEN)
