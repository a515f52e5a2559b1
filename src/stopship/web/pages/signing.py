"""Signing in and out."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.errors import (
    AccessError,
    AccountError,
    FetchError,
    NotSignedIn,
    SettingsError,
    StopshipError,
    TooOften,
)
from stopship.web.asked import go_to
from stopship.web.gate import SessionGate
from stopship.web.pages.kept_form import KeptForm, from_fields
from stopship.web.pages.view import inside
from stopship.web.rendering import desk, render


def form(request: Request) -> Response:
    """Where one signs in. `to` in the address is the page that was asked for."""
    _gate(request)
    return _page(request, inside(request.query_params.get("to", "/")))


async def sign_in(request: Request) -> Response:
    """Sign in and go on to the page that was asked for. What was typed when a session ended is shown again first:
    it is sent only by whoever says so, and has the token of the new session then."""
    gate = _gate(request)
    sent = [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]
    texts, kept = dict(sent), from_fields(sent)
    to = inside(texts.get("to", "/"))
    try:
        started = await gate.sign_in(request, texts)
    except AccessError as error:
        return _refused(request, to, error, kept)
    answer: Response
    if kept is not None:
        request.scope["stopship.visitor"] = await gate.visitor_of(started)
        answer = render(request, "resume.html", kept=kept)
    else:
        answer = go_to(request, to)
    gate.let_in(request, started, answer)
    return answer


async def with_provider(request: Request) -> Response:
    """Go to the company's provider. A link and no form: a form may lead to pages of ours only."""
    gate, to = _gate(request), inside(request.query_params.get("to", "/"))
    if gate.provider_label is None:
        raise HTTPException(404)
    try:
        return await gate.begin_with_provider(request, to)
    except (AccessError, FetchError, SettingsError) as error:
        return _refused(request, to, error)


async def from_provider(request: Request) -> Response:
    """Come back from the company's provider, signed in or not."""
    gate = _gate(request)
    if gate.provider_label is None:
        raise HTTPException(404)
    try:
        started, to = await gate.finish_with_provider(request)
    except (AccessError, AccountError, FetchError, SettingsError) as error:
        return _refused(request, "/", error)
    answer = go_to(request, inside(to))
    gate.let_in(request, started, answer)
    return answer


async def sign_out(request: Request) -> Response:
    """End the session."""
    answer = go_to(request, "/sign-in")
    await _gate(request).sign_out(request, answer)
    return answer


def _gate(request: Request) -> SessionGate:
    gate = desk(request).gate
    if not isinstance(gate, SessionGate):
        raise HTTPException(404)
    return gate


_STATUS: tuple[tuple[type[StopshipError], int], ...] = (
    (TooOften, HTTPStatus.TOO_MANY_REQUESTS),
    (NotSignedIn, HTTPStatus.UNAUTHORIZED),
    (FetchError, HTTPStatus.BAD_GATEWAY),
    (SettingsError, HTTPStatus.SERVICE_UNAVAILABLE),
    (StopshipError, HTTPStatus.FORBIDDEN),
)


def _refused(request: Request, to: str, error: StopshipError, kept: KeptForm | None = None) -> Response:
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    return _page(request, to, error=error, status=status, kept=kept)


def _page(
    request: Request,
    to: str,
    *,
    error: StopshipError | None = None,
    status: int = 200,
    kept: KeptForm | None = None,
) -> Response:
    provider = _gate(request).provider_label
    return render(request, "sign_in.html", status=status, to=to, error=error, provider=provider, kept=kept)
