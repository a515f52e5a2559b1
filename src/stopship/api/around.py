"""Around every call: its id, the bound on its body, the headers of safety, its line in the log, its figures."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stopship.api.errors import fault, problem
from stopship.api.figures import Figures

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
UNMATCHED = "unmatched"
SAFETY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "cache-control": "no-store",
}
"""Headers of every answer that says nothing else itself."""

log = structlog.get_logger("stopship.http")


class Around:
    """The outermost layer. What it logs is the route as it is written, never what was asked for in it: neither
    parameters nor bodies, which hold names of persons."""

    def __init__(self, app: ASGIApp, *, figures: Figures, most_bytes: Callable[[str], int]) -> None:
        self._app = app
        self._figures = figures
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        scope["stopship.request_id"] = request_id
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                found = MutableHeaders(scope=message)
                found["x-request-id"] = request_id
                for name, value in SAFETY.items():
                    found.setdefault(name, value)
            await send(message)

        most = self._most_bytes(scope["path"])
        try:
            length = headers.get("content-length", "")
            if length.isdigit() and int(length) > most:
                refused = problem(
                    None, 413, too_long(most), headers={"connection": "close"}, request_id=request_id
                )
                await refused(scope, receive, answer)
            else:
                await self._app(scope, bounded(receive, most), answer)
        except Exception as error:
            response = fault(request_id, error)
            if not status:
                await response(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - began
            route = getattr(scope.get("route"), "path", UNMATCHED)
            self._figures.called(scope["method"], route, status, seconds)
            log.info(
                "call",
                request_id=request_id,
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
                actor=scope.get("stopship.actor"),
            )


def too_long(most: int) -> str:
    """What is said of a body that is too long."""
    return f"the body is longer than {most:,} bytes; send less at once"


def bounded(receive: Receive, most: int) -> Receive:
    """Receives a body and refuses it as soon as it is too long, whatever its length was said to be."""
    seen = 0

    async def bounded_receive() -> Message:
        nonlocal seen
        message: dict[str, Any] = dict(await receive())
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413, too_long(most))
        return message

    return bounded_receive
