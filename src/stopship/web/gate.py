"""Who comes in: the holder of a session, or anyone on this machine where the server was started so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stopship.access import Principal, open_principal
from stopship.access.own_account import OwnAccount
from stopship.access.sessions import (
    PENDING_COOKIE,
    PENDING_COOKIE_PLAIN,
    SESSION_COOKIE,
    SESSION_COOKIE_PLAIN,
    Cookie,
    SignedIn,
    Started,
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

    async def sign_in(self, request: Request, form: Mapping[str, str]) -> Started:
        """Sign in by name and password; `let_in` then gives the session's cookie to an answer.

        Raises:
            NotSignedIn: name or password is wrong.
            TooOften: there were too many attempts.
        """
        by: SignIn = self._access.sign_in
        return await run_in_threadpool(
            lambda: by.sign_in(
                form.get("name", ""),
                form.get("password", ""),
                address=address_of(request),
                now=self._now(),
                before=session_token(request),
            )
        )

    async def visitor_of(self, started: Started) -> Visitor:
        """Who has just come in, before their browser has sent the session's cookie."""
        signed = await run_in_threadpool(
            lambda: self._access.sessions.authenticate(started.token, now=self._now())
        )
        return Visitor(signed.principal, csrf_token(started.token), signed)

    @property
    def provider_label(self) -> str | None:
        """What the button says that leads to the provider of the settings; None where there is none."""
        oidc = self._access.settings.oidc
        return oidc.label if oidc is not None else None

    async def begin_with_provider(self, request: Request, to: str) -> Response:
        """Send the browser to the provider, with a cookie that ties its answer to this browser.

        Raises:
            FetchError: the provider can't be reached.
            TooOften: too many wait for it.
            SettingsError: there is none, or its extra is not installed.
        """
        begun = await run_in_threadpool(lambda: self._access.oidc.begin(now=self._now()))
        answer = RedirectResponse(begun.address, status_code=303)
        _put(answer, pending_cookie(request), f"{begun.cookie}.{quote(to, safe='')}")
        return answer

    async def finish_with_provider(self, request: Request) -> tuple[Started, str]:
        """What the provider sent the browser back with, made a session; and the page that was asked for.

        Raises:
            NotSignedIn, NotAllowed, AccountError, FetchError, SettingsError: see `OidcSignIn.finish`.
        """
        state, _, to = request.cookies.get(pending_cookie(request).name, "").partition(".")
        started = await run_in_threadpool(
            lambda: self._access.oidc.finish(
                dict(request.query_params),
                state or None,
                address=address_of(request),
                now=self._now(),
                before=session_token(request),
            )
        )
        return started, unquote(to)

    def let_in(self, request: Request, started: Started, answer: Response) -> None:
        """Give the session's cookie to an answer; that of a sign-in with the provider has done its part."""
        _put(answer, session_cookie(request), started.token)
        pending = pending_cookie(request)
        if pending.name in request.cookies:
            answer.delete_cookie(pending.name, path=pending.path, secure=pending.secure, httponly=True)

    @property
    def own(self) -> OwnAccount:
        """What people do with their own account."""
        return self._access.own

    async def change_password(
        self, request: Request, signed: SignedIn, old: str, new: str, answer: Response
    ) -> None:
        """Give who is signed in another password, and an answer the session's new cookie.

        Raises:
            NotSignedIn: the old password is wrong. TooOften: too many attempts.
            AccountError: the new password is refused.
        """
        own, address = self._access.own, address_of(request)
        token = await run_in_threadpool(
            lambda: own.change_password(signed, old, new, address=address, now=self._now())
        )
        _put(answer, session_cookie(request), token)

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


def _put(answer: Response, cookie: Cookie, value: str) -> None:
    answer.set_cookie(
        cookie.name,
        value,
        path=cookie.path,
        secure=cookie.secure,
        httponly=cookie.http_only,
        samesite=cookie.same_site,
    )


def address_of(request: Request) -> str:
    """Where a request comes from, as attempts are counted by it."""
    return request.client.host if request.client else ""


def pending_cookie(request: Request) -> Cookie:
    """How the cookie of a sign-in with a provider is set, as `session_cookie`."""
    return PENDING_COOKIE if request.url.scheme == "https" else PENDING_COOKIE_PLAIN


def session_cookie(request: Request) -> Cookie:
    """How the session's cookie is set: with TLS in the form that no other host can plant."""
    return SESSION_COOKIE if request.url.scheme == "https" else SESSION_COOKIE_PLAIN


def session_token(request: Request) -> str | None:
    """The session's token that a browser sends."""
    return request.cookies.get(session_cookie(request).name)
