"""What every answer of the workbench carries, and what is refused before a page sees it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))


class Guard:
    """Sets the headers above, keeps pages out of caches, and refuses forms that another site sends.

    A form of another site is told by what browsers say of it: `Sec-Fetch-Site`, and `Origin` in those that don't
    send it. A program that sends neither isn't a browser, and has no cookie that a site could ride on.
    """

    def __init__(self, app: ASGIApp, *, refused: Callable[[Request], Response]) -> None:
        self.app = app
        self.refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if "cache-control" not in headers:
                    headers["cache-control"] = "no-store"
            await send(message)

        if scope["method"] not in SAFE and not same_site(Headers(scope=scope)):
            await self.refused(Request(scope, receive))(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)


def same_site(headers: Headers) -> bool:
    """Whether a request that changes something comes from a page of ours (or from no page)."""
    told = headers.get("sec-fetch-site")
    if told is not None:
        return told in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")
