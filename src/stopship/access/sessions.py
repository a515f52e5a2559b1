"""Sessions of people who are signed in, and the tokens against forged requests that belong to them.

A session's token is 256 random bits in a cookie; its SHA-256 is kept (for the same reason as with keys). It is new
at each sign-in, whatever token the browser had before, so that nobody can plant one (session fixation). A session
ends when it was not used for a while, when it is too old, at sign-out, and with each change of password or role.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from stopship.access.principal import Principal
from stopship.access.vocabulary import Role
from stopship.errors import NotSignedIn
from stopship.store import Database, audit, users
from stopship.store import sessions as store
from stopship.store.sessions import SessionRow
from stopship.store.users import UserRow

SEEN_EVERY = timedelta(minutes=1)
"""That a session was used is written at most so often; so a session may end so much too early, never too late."""

Method = Literal["password", "oidc"]
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Cookie:
    """How a cookie is set. Without `Max-Age` or `Expires`: it goes when the browser closes."""

    name: str
    secure: bool
    path: str = "/"
    http_only: bool = True
    same_site: Literal["lax", "strict"] = "lax"


SESSION_COOKIE = Cookie("__Host-stopship", secure=True)
"""The prefix makes browsers refuse it from other hosts and without TLS. Lax: with Strict, somebody who comes from
the provider's page or from a link in a mail would seem signed out."""

SESSION_COOKIE_PLAIN = Cookie("stopship", secure=False)
"""For a server on the own machine without TLS, and there only."""

PENDING_COOKIE = Cookie("__Host-stopship-oidc", secure=True)
PENDING_COOKIE_PLAIN = Cookie("stopship-oidc", secure=False)
"""What ties a sign-in with a provider to the browser that began it; the same two forms."""


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody has just signed in. `token` goes into the cookie and is kept nowhere."""

    token: str
    session: SessionRow
    principal: Principal


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a request with a session comes from."""

    session: SessionRow
    principal: Principal


class Sessions:
    """The sessions of one database.

    Args:
        database: where they are.
        idle: how long a session holds that isn't used.
        longest: how long it holds at most.
    """

    def __init__(self, database: Database, idle: timedelta, longest: timedelta) -> None:
        self._database = database
        self._idle = idle
        self._longest = longest

    def start(
        self, connection: Connection, user: UserRow, method: Method, *, now: datetime, before: str | None
    ) -> Started:
        """A new session inside of the transaction of a sign-in; the one whose token is `before` ends."""
        store.forget_old(connection, now=now, idle_since=now - self._idle)
        if before is not None and (old := store.find(connection, token_hash(before))) is not None:
            store.end(connection, old.id)
        token = new_token()
        values = {"user_id": user.id, "method": method, "token_hash": token_hash(token)}
        moments = {"created": now, "seen": now, "expires": now + self._longest}
        store.add(connection, {**values, **moments})
        row = store.find(connection, token_hash(token))
        assert row is not None
        return Started(token, row, principal_of(user))

    def authenticate(self, token: str | None, *, now: datetime) -> SignedIn:
        """Who has this token in the cookie. The role is the one that the person has now.

        Raises:
            NotSignedIn: there is none, or its session has ended.
        """
        if not token:
            raise NotSignedIn("please sign in")
        with self._database.begin() as connection:
            row = store.find(connection, token_hash(token))
            user = users.get(connection, row.user_id) if row is not None else None
        if row is None or user is None or user.disabled is not None:
            raise NotSignedIn("please sign in again: the session has ended")
        if not self._holds(row, now):
            raise NotSignedIn("please sign in again: the session has ended")
        if row.seen < now - SEEN_EVERY:
            with self._database.begin() as connection:
                store.note_seen(connection, row.id, now=now, since=now - SEEN_EVERY)
        return SignedIn(row, principal_of(user))

    def of(self, user: int, *, now: datetime) -> tuple[SessionRow, ...]:
        """The sessions of an account that hold, the one that was used last first."""
        with self._database.begin() as connection:
            rows = store.of_user(connection, user)
        return tuple(sorted((r for r in rows if self._holds(r, now)), key=lambda row: row.seen, reverse=True))

    def counts(self, *, now: datetime) -> dict[int, int]:
        """How many sessions hold, by the number of the account; accounts without any are left out."""
        with self._database.begin() as connection:
            return store.counts(connection, now=now, idle_since=now - self._idle)

    def end_own(self, signed: SignedIn, *, now: datetime, session: int | None = None) -> int:
        """End other sessions of who is signed in: one of them, or all but the one that asks; how many ended."""
        user = int(signed.principal.id)
        with self._database.write() as connection:
            if session is None:
                ended = store.end_all(connection, user, but=signed.session.id)
            else:
                owned = {row.id for row in store.of_user(connection, user)} - {signed.session.id}
                ended = int(session in owned and store.end(connection, session))
            if ended:
                actor = signed.principal.actor
                said = {"sessions_ended": ended}
                audit.append(
                    connection, actor=actor, action="user.sessions_ended", subject=actor, content=said, now=now
                )
        return ended

    def _holds(self, row: SessionRow, now: datetime) -> bool:
        return row.expires > now and row.seen + self._idle > now

    def renew(self, signed: SignedIn) -> str:
        """Another token for a session, for when more is allowed than before, e.g. a password was typed again.

        Raises:
            NotSignedIn: the session has ended, or another request has renewed it.
        """
        token = new_token()
        with self._database.write() as connection:
            if not store.move(connection, signed.session.id, old=signed.session.token_hash, new=token_hash(token)):
                raise NotSignedIn("please sign in again: the session has ended")
        return token

    def sign_out(self, signed: SignedIn, *, now: datetime) -> None:
        """End a session."""
        with self._database.write() as connection:
            if store.end(connection, signed.session.id):
                audit.append(
                    connection,
                    actor=signed.principal.actor,
                    action="login.ended",
                    subject=signed.principal.actor,
                    content={},
                    now=now,
                )


def principal_of(user: UserRow) -> Principal:
    """Who an account speaks for. A role that this version doesn't know lets it do nothing."""
    role = Role(user.role) if user.role in set(Role) else None
    return Principal("user", str(user.id), user.full_name, role)


def new_token() -> str:
    """256 random bits, as a cookie takes them. Also for the cookie of a form that comes before sign-in."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def csrf_token(token: str) -> str:
    """What a form or a request that changes something must bring along; it belongs to the session's token.

    It is an HMAC of the session's token (OWASP, "HMAC based token"), so it ends with it and nothing is kept of it.
    It looks different each time, or its letters could be guessed from the length of compressed pages (BREACH).
    """
    mask = secrets.token_bytes(_TOKEN_BYTES)
    return urlsafe_b64encode(mask + _xor(mask, _csrf(token))).decode()


def csrf_holds(token: str, given: str | None) -> bool:
    """Whether what came with a request was made for this session; compared in constant time."""
    try:
        data = urlsafe_b64decode((given or "").encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        return False
    if len(data) != 2 * _TOKEN_BYTES:
        return False
    return hmac.compare_digest(_xor(data[:_TOKEN_BYTES], data[_TOKEN_BYTES:]), _csrf(token))


def _csrf(token: str) -> bytes:
    return hmac.digest(token.encode("utf-8", "surrogatepass"), b"stopship csrf", "sha256")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
