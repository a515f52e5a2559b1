"""Around every call: its id, the bound on its body, the headers of safety, its line in the log, its figures."""

from __future__ import annotations

import asyncio
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
LEAST_RATE = 1_000
"""Bytes a second that a body comes in at least, after the seconds that each may take."""
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

    def __init__(
        self, app: ASGIApp, *, figures: Figures, most_bytes: Callable[[str], int], body_seconds: float
    ) -> None:
        self._app = app
        self._figures = figures
        self._most_bytes = most_bytes
        self._body_seconds = body_seconds

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
            elif headers.get("content-encoding", "identity").lower() != "identity":
                # Few bytes would become many: nothing is unpacked here.
                told = {"connection": "close", "accept-encoding": "identity"}
                refused = problem(None, 415, PACKED, headers=told, request_id=request_id)
                await refused(scope, receive, answer)
            else:
                await self._app(scope, bounded(receive, most, self._body_seconds), answer)
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


PACKED = "bodies are taken as they are, not compressed; leave Content-Encoding away"


def too_long(most: int) -> str:
    """What is said of a body that is too long."""
    return f"the body is longer than {most:,} bytes; send less at once"


def bounded(receive: Receive, most: int, seconds: float) -> Receive:
    """Receives a body and refuses it as soon as it is too long, whatever its length was said to be, or comes too
    slowly: `seconds` for any, and a second more for each `LEAST_RATE` bytes that came."""
    seen = 0
    began: float | None = None
    whole = False

    async def bounded_receive() -> Message:
        nonlocal seen, began, whole
        if whole:  # what comes after the body is that the caller has gone; for that an answer waits long
            return await receive()
        loop = asyncio.get_running_loop()
        began = loop.time() if began is None else began
        try:
            async with asyncio.timeout_at(began + seconds + seen / LEAST_RATE):
                message: dict[str, Any] = dict(await receive())
        except TimeoutError:
            raise HTTPException(408, "the body came too slowly", {"connection": "close"}) from None
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413, too_long(most), {"connection": "close"})
        whole = not message.get("more_body", False)
        return message

    return bounded_receive
