"""Signing in with a provider: from what it says of somebody to an account with a role, and a session.

An account belongs to what the provider calls the subject, never to a name or a mail address: those can be given to
somebody else. The role is read anew at each sign-in. Who has no role by the settings gets no account.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from stopship.access.accounts import add, parse_full_name, parse_name, refuse_last_admin, set_role
from stopship.access.oidc_provider import Identity, Provider, printable_code
from stopship.access.sessions import Sessions, Started, new_token, token_hash
from stopship.access.throttle import network_of
from stopship.access.vocabulary import Role
from stopship.errors import AccountError, NotAllowed, NotSignedIn, StopshipError, TooOften
from stopship.store import Database, audit, sessions, users
from stopship.store.users import UserRow

PENDING_FOR = timedelta(minutes=10)
MOST_PENDING = 10_000
ACTOR = "system:oidc"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun: where the browser goes, and what its cookie holds meanwhile."""

    address: str
    cookie: str


class OidcSignIn:
    """Sign-in with one provider to the accounts of one database."""

    def __init__(self, database: Database, provider: Provider, all_sessions: Sessions) -> None:
        self._database = database
        self._provider = provider
        self._sessions = all_sessions

    def begin(self, *, now: datetime) -> Begun:
        """Begin a sign-in, which must be finished within ten minutes by the same browser.

        Raises:
            FetchError: the provider can't be reached. TooOften: too many wait already.
        """
        state, nonce, verifier = new_token(), new_token(), secrets.token_urlsafe(64)
        address = self._provider.address(state=state, nonce=nonce, verifier=verifier, now=now)
        values = {"state_hash": token_hash(state), "nonce": nonce, "verifier": verifier}
        with self._database.write() as connection:
            sessions.forget_pending(connection, now=now)
            if sessions.waiting(connection) >= MOST_PENDING:
                raise TooOften("too many sign-ins wait for the provider", wait_seconds=60)
            sessions.begin(connection, {**values, "expires": now + PENDING_FOR})
        return Begun(address, state)

    def finish(
        self,
        answer: Mapping[str, str],
        cookie: str | None,
        *,
        address: str,
        now: datetime,
        before: str | None = None,
    ) -> Started:
        """Finish a sign-in with what the provider sent the browser back with.

        Args:
            answer: the parameters of the address: `code`, `state`, perhaps `iss`, or `error`.
            cookie: what `begin` gave the browser.
            address: where the request comes from.
            now: the moment, timezone-aware.
            before: the session's token that the browser had; that session ends.

        Raises:
            NotSignedIn: it was begun elsewhere or too long ago, or what the provider says doesn't hold.
            NotAllowed: the settings give this person no role, or the account is disabled.
            AccountError: the account's name is taken, or is no name, or the last admin would no longer be one.
            FetchError: the provider can't be reached.
        """
        state = answer.get("state") or ""
        if not cookie or not hmac.compare_digest(token_hash(cookie), token_hash(state)):
            raise NotSignedIn("this sign-in was not begun in this browser", hint="Begin again")
        with self._database.write() as connection:
            waiting = sessions.take(connection, token_hash(state))
        if waiting is None or waiting.expires <= now:
            raise NotSignedIn("this sign-in took too long, or was finished before", hint="Begin again")
        try:
            identity = self._identity(answer, waiting, now)
            role = self._role(identity.claims)
            return self._let_in(identity, role, address, now, before)
        except StopshipError as refused:
            self._note_failure(type(refused).__name__, address, now)
            raise

    def _identity(self, answer: Mapping[str, str], waiting: sessions.PendingRow, now: datetime) -> Identity:
        if "error" in answer:
            raise NotSignedIn(f"the provider refuses the sign-in: {printable_code(answer['error'])}")
        if answer.get("iss", self._provider.settings.issuer) != self._provider.settings.issuer:
            raise NotSignedIn("the answer comes from another provider", hint="Begin again")  # RFC 9207
        if not answer.get("code"):
            raise NotSignedIn("the provider sent no code", hint="Begin again")
        return self._provider.identity(answer["code"], nonce=waiting.nonce, verifier=waiting.verifier, now=now)

    def _role(self, claims: Mapping[str, Any]) -> Role:
        own = self._provider.settings
        given = claim(claims, own.role_claim)
        values = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        roles = {own.roles[value] for value in values if isinstance(value, str) and value in own.roles}
        if not roles:
            raise NotAllowed(
                "your account has no role here",
                hint=f"An administrator can map a value of the claim {own.role_claim} to one in the settings",
            )
        return max(roles, key=list(Role).index)

    def _let_in(self, identity: Identity, role: Role, address: str, now: datetime, before: str | None) -> Started:
        with self._database.write() as connection:
            user = users.by_identity(connection, identity.issuer, identity.subject)
            if user is None:
                user = self._first_time(connection, identity, role, now)
            if role is not Role.ADMIN:
                refuse_last_admin(connection, user.name)
            user = users.find(connection, user.name, lock=True) or user
            if user.disabled is not None:
                raise NotAllowed("this account is disabled", hint="Ask an administrator")
            user = set_role(connection, user, role, actor=ACTOR, now=now)
            users.change(connection, user.id, {"last_login": now})
            started = self._sessions.start(connection, user, "oidc", now=now, before=before)
            audit.append(
                connection,
                actor=started.principal.actor,
                action="login.succeeded",
                subject=started.principal.actor,
                content={"method": "oidc", "address": network_of(address)},
                now=now,
            )
        return started

    def _first_time(self, connection: Connection, identity: Identity, role: Role, now: datetime) -> UserRow:
        given = identity.claims.get(self._provider.settings.name_claim) or identity.claims.get("email")
        name = parse_name(given if isinstance(given, str) else identity.subject)
        if users.find(connection, name) is not None:
            raise AccountError(
                f"there is an account {name} already, which is not tied to the provider",
                hint=f"An administrator can tie it: stopship users link {name} {identity.subject}",
            )
        shown = identity.claims.get("name")
        try:
            full_name = parse_full_name(shown) if isinstance(shown, str) else name
        except AccountError:
            full_name = name
        user = add(connection, {"name": name, "full_name": full_name or name, "role": role}, actor=ACTOR, now=now)
        users.link(connection, user.id, identity.issuer, identity.subject)
        return user

    def _note_failure(self, reason: str, address: str, now: datetime) -> None:
        content = {"method": "oidc", "address": network_of(address), "reason": reason}
        with self._database.write() as connection:
            audit.append(
                connection, actor=ACTOR, action="login.failed", subject="user:unknown", content=content, now=now
            )


def claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or by its path where it lies inside of another: `realm_access.roles`."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found
