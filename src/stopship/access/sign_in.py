"""Signing in with name and password.

Whoever fails learns nothing: unknown name, wrong password and disabled account take the same steps, the same time
and get the same line. What was typed as a name is kept only where there is such an account: people type passwords
there.
"""

from __future__ import annotations

from datetime import datetime

from stopship.access.accounts import NAME, Accounts, normal_name
from stopship.access.passwords import Passwords
from stopship.access.sessions import Sessions, SignedIn, Started
from stopship.access.throttle import Throttle, network_of
from stopship.errors import NotSignedIn
from stopship.store import Database, audit, users
from stopship.store.users import UserRow

WRONG = "the name or the password is wrong"


class SignIn:
    """Sign-in to the accounts of one database."""

    def __init__(self, database: Database, passwords: Passwords, sessions: Sessions, throttle: Throttle) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._throttle = throttle

    def sign_in(
        self, name: str, password: str, *, address: str, now: datetime, before: str | None = None
    ) -> Started:
        """A new session for who knows name and password.

        Args:
            name: as typed; capitals make no difference.
            password: as typed.
            address: where the request comes from.
            now: the moment, timezone-aware.
            before: the token that the browser had; its session ends.

        Raises:
            NotSignedIn: name or password is wrong, or the account is disabled.
            TooOften: too many attempts before this one.
        """
        key = normal_name(name[:200])
        charged = self._throttle.charge(key, address, now=now)
        user = self._verified(key, password, address, now)
        newer = self._passwords.hash(password) if self._passwords.is_outdated(user.password_hash or "") else None
        with self._database.write() as connection:
            again = users.find(connection, key, lock=True)
            if again is None or again.disabled is not None or again.password_hash != user.password_hash:
                raise NotSignedIn(WRONG)  # changed while the password was looked at
            self._throttle.succeeded(connection, charged, now=now)
            users.change(
                connection,
                user.id,
                {"last_login": now} | ({"password_hash": newer} if newer is not None else {}),
            )
            started = self._sessions.start(connection, again, "password", now=now, before=before)
            audit.append(
                connection,
                actor=started.principal.actor,
                action="login.succeeded",
                subject=started.principal.actor,
                content={"method": "password", "address": network_of(address)},
                now=now,
            )
        return started

    def change_password(
        self, signed: SignedIn, old: str, new: str, *, accounts: Accounts, address: str, now: datetime
    ) -> str:
        """Another password for who is signed in and knows the old one. All other sessions end, and this one gets
        the token that is returned.

        Raises:
            NotSignedIn: the old password is wrong. TooOften: too many attempts.
            AccountError: the new password is refused.
        """
        user = self.confirm(signed, old, address=address, now=now)
        accounts.set_password(
            user.name, new, actor=signed.principal.actor, now=now, keep_session=signed.session.id
        )
        return self._sessions.renew(signed)

    def confirm(self, signed: SignedIn, password: str, *, address: str, now: datetime) -> UserRow:
        """Who is signed in says the password again, before what a stolen session must not do; their account.

        Raises:
            NotSignedIn: the password is wrong. TooOften: too many attempts.
        """
        with self._database.begin() as connection:
            user = users.get(connection, int(signed.principal.id))
        if user is None:
            raise NotSignedIn(WRONG)
        charged = self._throttle.charge(user.name, address, now=now)
        self._verified(user.name, password, address, now)
        with self._database.write() as connection:
            self._throttle.succeeded(connection, charged, now=now)
        return user

    def _verified(self, name: str, password: str, address: str, now: datetime) -> UserRow:
        with self._database.begin() as connection:
            user = users.find(connection, name) if NAME.fullmatch(name) else None
        right = self._passwords.verify(user.password_hash if user is not None else None, password)
        if right and user is not None and user.disabled is None:
            return user
        with self._database.write() as connection:
            audit.append(
                connection,
                actor="system:sign-in",
                action="login.failed",
                subject=f"user:{user.id}" if user is not None else "user:unknown",
                content={"method": "password", "address": network_of(address)},
                now=now,
            )
        raise NotSignedIn(WRONG)
