"""One's own account: password, sessions, keys, the look of the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.access import Action, Scope, allows
from stopship.access.own_account import KEY_DAYS
from stopship.access.sessions import SignedIn
from stopship.access.vocabulary import parse_scopes
from stopship.errors import AccountError, NotSignedIn, SettingsError, StopshipError, TooOften
from stopship.web.asked import go_to, text_of, whole_number, words_of
from stopship.web.gate import SessionGate, address_of
from stopship.web.rendering import desk, office_of, principal_of, render, visitor_of

_REFUSED = (AccountError, NotSignedIn, SettingsError, TooOften)


def overview(request: Request) -> Response:
    """The account of whoever is signed in."""
    return _page(request)


async def change_password(request: Request) -> Response:
    """Another password, for who knows the old one. All other sessions end."""
    sent = await request.form()
    old, new, again = (text_of(sent, name, strip=False) for name in ("old", "new", "again"))
    gate, signed = _mine(request)
    answer = go_to(request, "/account?done=password")
    try:
        if new != again:
            raise AccountError("the two new passwords are not the same", hint="Type the new one twice")
        await gate.change_password(request, signed, old, new, answer)
    except _REFUSED as error:
        return await run_in_threadpool(partial(_page, request, part="password", error=error))
    return answer


async def end_sessions(request: Request) -> Response:
    """End one other session, or all others."""
    sent = await request.form()
    which = text_of(sent, "session")
    number = whole_number(which)
    if which and number is None:
        raise HTTPException(404)
    gate, signed = _mine(request)
    now = office_of(request).now()
    await run_in_threadpool(lambda: gate.own.end_sessions(signed, now=now, session=number))
    return go_to(request, "/account?done=sessions")


async def make_key(request: Request) -> Response:
    """A key that acts as who is signed in. It is shown this once."""
    sent = await request.form()
    fields = {name: text_of(sent, name) for name in ("name", "days")}
    chosen, password = words_of(sent, "scope"), text_of(sent, "password", strip=False)
    gate, signed = _mine(request)
    now = office_of(request).now()
    try:
        scopes = parse_scopes(chosen, "scope")
        made = await run_in_threadpool(
            lambda: gate.own.make_key(
                signed,
                fields["name"],
                scopes,
                password=password,
                days=whole_number(fields["days"]) or 0,
                address=address_of(request),
                now=now,
            )
        )
    except _REFUSED as error:
        return await run_in_threadpool(
            partial(_page, request, part="key", error=error, fields=fields, chosen=chosen)
        )
    return render(
        request, "admin/secret.html", places=(), here="", row=made.row, secret=made.text, own=True, error=None
    )


async def revoke_key(request: Request) -> Response:
    """End a key of one's own at once."""
    sent = await request.form()
    gate, signed = _mine(request)
    public, now = text_of(sent, "key"), office_of(request).now()
    try:
        await run_in_threadpool(lambda: gate.own.revoke_key(signed, public, now=now))
    except AccountError as error:
        return await run_in_threadpool(partial(_page, request, part="key", error=error))
    return go_to(request, "/account?done=key")


def _mine(request: Request) -> tuple[SessionGate, SignedIn]:
    """The gate and the session. Where nobody signs in there are no accounts."""
    gate, signed = desk(request).gate, visitor_of(request).signed
    if not isinstance(gate, SessionGate) or signed is None:
        raise HTTPException(404)
    return gate, signed


def _page(
    request: Request,
    *,
    part: str = "",
    error: StopshipError | None = None,
    fields: Mapping[str, str] | None = None,
    chosen: Sequence[str] = (),
) -> Response:
    gate, signed = _mine(request)
    now = office_of(request).now()
    scopes: tuple[Scope, ...] = gate.own.scopes(signed)
    shown: dict[str, Any] = {
        "account": gate.own.account(signed),
        "given": gate.own.password_is_given(signed),
        "sessions": gate.own.sessions(signed, now=now),
        "keys": gate.own.keys(signed, now=now),
        "session": signed.session.id,
        "scopes": scopes,
        "days": KEY_DAYS,
        "now": now,
    }
    return render(
        request,
        "account.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        part=part,
        error=error,
        fields={"name": "", "days": "", **(fields or {})},
        chosen=chosen,
        done=request.query_params.get("done", ""),
        may_read_record=allows(principal_of(request), Action.AUDIT_READ),
        **shown,
    )
