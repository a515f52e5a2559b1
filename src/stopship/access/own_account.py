"""What people do with their own account: its password, its sessions, keys that act as them.

A session that somebody has stolen must not become more than that: who changes the password or makes a key says the
password again. Who signs in with a provider has none here, and signs in anew for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from stopship.access.accounts import Accounts
from stopship.access.keys import Keys, Made
from stopship.access.permissions import ROLES, SCOPES, Action
from stopship.access.sessions import Sessions, SignedIn
from stopship.access.sign_in import SignIn
from stopship.access.vocabulary import Role, Scope
from stopship.errors import AccountError, NotSignedIn
from stopship.store import Database, audit, keys, users
from stopship.store.keys import KeyRow
from stopship.store.sessions import SessionRow
from stopship.store.users import UserRow

FRESH = timedelta(minutes=15)
"""So long after signing in with a provider nothing is asked again."""
KEY_DAYS = (30, 90, 180, 365)
"""How long a key of one's own may hold that is made in the browser."""


class OwnAccount:
    """One's own account, for whoever is signed in.

    Args:
        database: where it is.
        accounts, keys, sessions, sign_in: of the same database.
    """

    def __init__(
        self, database: Database, accounts: Accounts, keys: Keys, sessions: Sessions, sign_in: SignIn
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._keys = keys
        self._sessions = sessions
        self._sign_in = sign_in

    def account(self, signed: SignedIn) -> UserRow:
        """The account.

        Raises:
            NotSignedIn: it is gone.
        """
        with self._database.begin() as connection:
            user = users.get(connection, int(signed.principal.id))
        if user is None:
            raise NotSignedIn("please sign in again: the session has ended")
        return user

    def password_is_given(self, signed: SignedIn) -> bool:
        """Whether somebody else has set the password, who therefore knows it."""
        with self._database.begin() as connection:
            last = audit.last_about(
                connection, signed.principal.actor, actions=("user.created", "user.password_set")
            )
        return last is not None and last.actor != signed.principal.actor

    def change_password(self, signed: SignedIn, old: str, new: str, *, address: str, now: datetime) -> str:
        """See `SignIn.change_password`."""
        return self._sign_in.change_password(signed, old, new, accounts=self._accounts, address=address, now=now)

    def sessions(self, signed: SignedIn, *, now: datetime) -> tuple[SessionRow, ...]:
        """The sessions that hold, the one that was used last first."""
        return self._sessions.of(int(signed.principal.id), now=now)

    def end_sessions(self, signed: SignedIn, *, now: datetime, session: int | None = None) -> int:
        """End one other session, or all others; how many ended."""
        return self._sessions.end_own(signed, now=now, session=session)

    def keys(self, signed: SignedIn, *, now: datetime) -> tuple[KeyRow, ...]:
        """The keys that act as this person and are not revoked, the oldest first."""
        with self._database.begin() as connection:
            return keys.of_user(connection, int(signed.principal.id), holding_at=now)

    def scopes(self, signed: SignedIn) -> tuple[Scope, ...]:
        """The scopes that a key of this person can have."""
        return scopes_of(signed.principal.role)

    def make_key(
        self,
        signed: SignedIn,
        name: str,
        scopes: Iterable[Scope],
        *,
        password: str,
        days: int,
        address: str,
        now: datetime,
    ) -> Made:
        """A key that acts as this person.

        Args:
            signed: whose it is.
            name: what it is for.
            scopes: what it may do, at least one.
            password: the person's, again.
            days: how long it holds, one of `KEY_DAYS`.
            address: where the request comes from.
            now: the moment, timezone-aware.

        Raises:
            NotSignedIn: the password is wrong, or who has none signed in longer ago than `FRESH`.
            TooOften: too many attempts.
            AccountError: see `Keys.create`; or another number of days.
        """
        wanted = tuple(dict.fromkeys(scopes))
        if not wanted:
            raise AccountError("a key needs a scope", hint="Choose what it may do")
        if days not in KEY_DAYS:
            raise AccountError(f"a key holds {', '.join(map(str, KEY_DAYS))} days", hint="Choose one of them")
        user = self.account(signed)
        if user.password_hash is not None:
            self._sign_in.confirm(signed, password, address=address, now=now)
        elif signed.session.created + FRESH <= now:
            raise NotSignedIn(
                "please sign in again before you make a key",
                hint="Sign out, sign in with the provider, and come back",
            )
        return self._keys.create(
            name,
            wanted,
            actor=signed.principal.actor,
            now=now,
            expires=now + timedelta(days=days),
            user=user.name,
        )

    def revoke_key(self, signed: SignedIn, public: str, *, now: datetime) -> KeyRow:
        """End a key of one's own at once.

        Raises:
            AccountError: this person has no such key that holds.
        """
        if public not in {row.public for row in self.keys(signed, now=now)}:
            raise AccountError(f"you have no key {public[:40]}")
        return self._keys.revoke(public, actor=signed.principal.actor, now=now)


def scopes_of(role: Role | None) -> tuple[Scope, ...]:
    """The scopes that a key of a person with this role can have: those that leave it something to do."""
    may = ROLES.get(role, frozenset()) if role is not None else frozenset()
    judges = Action.CASES_DISPOSE in may
    return tuple(
        scope
        for scope, actions in SCOPES.items()
        if actions & may and (judges or Action.CASES_DISPOSE not in actions)
    )
