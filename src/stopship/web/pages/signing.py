"""Signing in and out."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stopship.errors import AccessError, TooOften
from stopship.web.gate import SessionGate
from stopship.web.pages.view import inside
from stopship.web.rendering import desk, render


def form(request: Request) -> Response:
    """Where one signs in. `to` in the address is the page that was asked for."""
    _gate(request)
    return _page(request, inside(request.query_params.get("to", "/")))


async def sign_in(request: Request) -> Response:
    """Sign in and go on to the page that was asked for."""
    gate = _gate(request)
    sent = await request.form()
    texts = {name: value for name, value in sent.items() if isinstance(value, str)}
    to = inside(texts.get("to", "/"))
    answer = RedirectResponse(request.scope.get("root_path", "") + to, status_code=303)
    try:
        await gate.sign_in(request, texts, answer)
    except AccessError as error:
        status = HTTPStatus.TOO_MANY_REQUESTS if isinstance(error, TooOften) else HTTPStatus.UNAUTHORIZED
        return _page(request, to, error=error, status=status)
    return answer


async def sign_out(request: Request) -> Response:
    """End the session."""
    answer = RedirectResponse(request.scope.get("root_path", "") + "/sign-in", status_code=303)
    await _gate(request).sign_out(request, answer)
    return answer


def _gate(request: Request) -> SessionGate:
    gate = desk(request).gate
    if not isinstance(gate, SessionGate):
        raise HTTPException(404)
    return gate


def _page(request: Request, to: str, *, error: AccessError | None = None, status: int = 200) -> Response:
    return render(request, "sign_in.html", status=status, to=to, error=error)
