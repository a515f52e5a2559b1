"""What stands before every page: who asks, and that a form that changes something comes from a page of ours."""

from __future__ import annotations

from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stopship.errors import NotAllowed, NotSignedIn, StopshipError
from stopship.web.gate import TOKEN_FIELD, TOKEN_HEADER
from stopship.web.guard import SAFE
from stopship.web.pages import problems
from stopship.web.rendering import Desk, is_swap

OPEN = ("/static/", "/sign-in", "/login/", "/help", "/view")
MOST_FORM = 2_000_000
"""Bytes of a form of ours, files aside."""


class Entrance:
    """Lets a request through to the pages once it is known who asks."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app = app
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        request = Request(scope, receive)
        is_open = path.startswith(OPEN)
        try:
            visitor = await self.desk.gate.admit(request)
        except (NotSignedIn, NotAllowed) as error:
            if not is_open or isinstance(error, NotAllowed):
                await self._outside(request, error, path)(scope, receive, send)
                return
        except StopshipError as error:  # the database doesn't answer
            await (await problems.known_problem(request, error))(scope, receive, send)
            return
        else:
            scope["stopship.visitor"] = visitor
            scope["stopship.actor"] = visitor.principal.actor if visitor.principal else None
            if scope["method"] not in SAFE and visitor.token is not None and not path.startswith("/sign-in"):
                token, receive = await _token(scope, receive)
                if not self.desk.gate.token_holds(request, token):
                    await problems.refused(request)(scope, receive, send)
                    return
        await self.app(scope, receive, send)

    def _outside(self, request: Request, error: NotSignedIn | NotAllowed, path: str) -> Response:
        if isinstance(error, NotAllowed):
            return problems.problem(request, "forbidden", 403, line=str(error))
        if request.method in SAFE and not is_swap(request):
            query = f"?{request.url.query}" if request.url.query else ""
            to = request.scope.get("root_path", "") + f"/sign-in?to={quote(path + query, safe='')}"
            return RedirectResponse(to, status_code=303)
        return problems.session_expired(request)


async def _token(scope: Scope, receive: Receive) -> tuple[str | None, Receive]:
    """What a request brought along against forgery: in a header, or in a field of its form, which is read for that
    and given to the page again."""
    headers = Headers(scope=scope)
    if (given := headers.get(TOKEN_HEADER)) is not None:
        return given, receive
    if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None, receive
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if size > MOST_FORM or message["type"] != "http.request" or not message.get("more_body"):
            break
    body = b"".join(message.get("body", b"") for message in messages)
    found = parse_qs(body.decode("utf-8", "replace")).get(TOKEN_FIELD, [None]) if size <= MOST_FORM else [None]

    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return found[0], again
