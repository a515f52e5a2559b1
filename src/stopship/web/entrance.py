"""What stands before every page: who asks, and that a form that changes something comes from a page of ours."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stopship.errors import NotAllowed, NotSignedIn, StopshipError
from stopship.web.gate import TOKEN_FIELD, TOKEN_HEADER
from stopship.web.guard import SAFE
from stopship.web.pages import kept_form, problems
from stopship.web.rendering import Desk, is_swap

OPEN = ("/static/", "/sign-in", "/login/", "/help", "/view")
MOST_FORM = 2_000_000
"""Bytes of a form of ours, files aside."""
BEGINNING = 4096
"""Bytes of a form with files in which its first field must stand."""
_FIRST_FIELD = re.compile(
    rb'--[^\r\n]{1,100}\r\n[Cc]ontent-[Dd]isposition: form-data; name="' + TOKEN_FIELD.encode() + rb'"\r\n\r\n'
    rb"([!-~]{1,200})\r\n"
)


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
                await (await self._outside(request, error, path))(scope, receive, send)
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

    async def _outside(self, request: Request, error: NotSignedIn | NotAllowed, path: str) -> Response:
        if isinstance(error, NotAllowed):
            return problems.problem(request, "forbidden", 403, line=str(error))
        if request.method in SAFE and not is_swap(request):
            query = f"?{request.url.query}" if request.url.query else ""
            to = request.scope.get("root_path", "") + f"/sign-in?to={quote(path + query, safe='')}"
            return RedirectResponse(to, status_code=303)
        kept = None if request.method in SAFE else await kept_form.from_request(request, _whole(path, request))
        return problems.session_expired(request, kept)


def _whole(path: str, request: Request) -> str:
    return f"{path}?{request.url.query}" if request.url.query else path


async def _token(scope: Scope, receive: Receive) -> tuple[str | None, Receive]:
    """What a request brought along against forgery: in a header, or in a field of its form, which is read for that
    and given to the page again. A form with files has it as its first field, and only its beginning is read."""
    headers = Headers(scope=scope)
    if (given := headers.get(TOKEN_HEADER)) is not None:
        return given, receive
    media = headers.get("content-type", "")
    is_form, has_files = (
        media.startswith("application/x-www-form-urlencoded"),
        media.startswith("multipart/form-data"),
    )
    if not (is_form or has_files):
        return None, receive
    messages: list[Message] = []
    size, enough = 0, MOST_FORM if is_form else BEGINNING
    while size <= enough:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    body = b"".join(message.get("body", b"") for message in messages)
    if has_files:
        first = _FIRST_FIELD.match(body[:BEGINNING])
        found = first[1].decode("ascii") if first else None
    else:
        found = (
            parse_qs(body.decode("utf-8", "replace")).get(TOKEN_FIELD, [None])[0] if size <= MOST_FORM else None
        )

    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return found, again
