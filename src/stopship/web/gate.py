"""Who comes in: the holder of a session, or anyone on this machine where the server was started so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from stopship.access import Principal, open_principal
from stopship.access.sessions import (
    SESSION_COOKIE,
    SESSION_COOKIE_PLAIN,
    Cookie,
    SignedIn,
    csrf_holds,
    csrf_token,
)
from stopship.access.sign_in import SignIn
from stopship.app.access import Access
from stopship.errors import NotAllowed, NotSignedIn

TOKEN_FIELD = "csrf"
TOKEN_HEADER = "x-csrf-token"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks. `token` is what forms must bring along, None where there is no session that could be ridden on."""

    principal: Principal | None
    token: str | None = None
    signed: SignedIn | None = None


class Gate(Protocol):
    """Tells who asks."""

    @property
    def signs_in(self) -> bool:
        """Whether people sign in here."""
        ...

    async def admit(self, request: Request) -> Visitor:
        """Who sends a request.

        Raises:
            NotSignedIn: nobody who has a session.
            NotAllowed: a server for its own machine was asked from elsewhere.
        """
        ...

    def token_holds(self, request: Request, given: str | None) -> bool:
        """Whether what a form brought along was made for the session of the request."""
        ...


class OpenGate:
    """Lets in whoever asks on this machine; for a server that was started with `--open`."""

    signs_in = False

    def __init__(self, is_this_machine: Callable[[Request], bool]) -> None:
        self._is_this_machine = is_this_machine

    async def admit(self, request: Request) -> Visitor:
        """See `Gate.admit`."""
        if not self._is_this_machine(request):
            raise NotAllowed("this server answers its own machine only", hint="Start it without --open")
        return Visitor(open_principal())

    def token_holds(self, request: Request, given: str | None) -> bool:  # noqa: ARG002 (there is no session)
        """See `Gate.token_holds`."""
        return True


class SessionGate:
    """Lets in who has signed in.

    Args:
        access: accounts and sessions of the database.
        now: tells the moment, timezone-aware.
    """

    signs_in = True

    def __init__(self, access: Access, now: Callable[[], datetime]) -> None:
        self._access = access
        self._now = now

    async def admit(self, request: Request) -> Visitor:
        """See `Gate.admit`."""
        token = session_token(request)
        signed = await run_in_threadpool(lambda: self._access.sessions.authenticate(token, now=self._now()))
        assert token is not None
        return Visitor(signed.principal, csrf_token(token), signed)

    def token_holds(self, request: Request, given: str | None) -> bool:
        """See `Gate.token_holds`."""
        token = session_token(request)
        return token is not None and csrf_holds(token, given)

    async def sign_in(self, request: Request, form: Mapping[str, str], answer: Response) -> None:
        """Sign in by name and password, and give the session's cookie to an answer.

        Raises:
            NotSignedIn: name or password is wrong.
            TooOften: there were too many attempts.
        """
        address = request.client.host if request.client else ""
        by: SignIn = self._access.sign_in
        started = await run_in_threadpool(
            lambda: by.sign_in(
                form.get("name", ""),
                form.get("password", ""),
                address=address,
                now=self._now(),
                before=session_token(request),
            )
        )
        cookie = session_cookie(request)
        answer.set_cookie(
            cookie.name,
            started.token,
            path=cookie.path,
            secure=cookie.secure,
            httponly=cookie.http_only,
            samesite=cookie.same_site,
        )

    async def sign_out(self, request: Request, answer: Response) -> None:
        """End the session of a request, if there is one."""
        try:
            visitor = await self.admit(request)
        except NotSignedIn:
            visitor = Visitor(None)
        signed = visitor.signed
        if signed is not None:
            await run_in_threadpool(lambda: self._access.sessions.sign_out(signed, now=self._now()))
        cookie = session_cookie(request)
        answer.delete_cookie(cookie.name, path=cookie.path, secure=cookie.secure, httponly=True)


def session_cookie(request: Request) -> Cookie:
    """How the session's cookie is set: with TLS in the form that no other host can plant."""
    return SESSION_COOKIE if request.url.scheme == "https" else SESSION_COOKIE_PLAIN


def session_token(request: Request) -> str | None:
    """The session's token that a browser sends."""
    return request.cookies.get(session_cookie(request).name)
