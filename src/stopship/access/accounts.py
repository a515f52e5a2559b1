"""Accounts of people: made, changed, disabled. Each change writes its audit row in the same transaction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from stopship.access.passwords import Passwords
from stopship.access.vocabulary import Role
from stopship.errors import AccountError
from stopship.store import Database, audit, keys, sessions, users
from stopship.store.users import UserRow

NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


class Accounts:
    """The accounts of one database."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    def all(self) -> tuple[UserRow, ...]:
        """Every account, by name."""
        with self._database.begin() as connection:
            return users.all_of(connection)

    def get(self, name: str) -> UserRow:
        """The account of a name.

        Raises:
            AccountError: there is none.
        """
        with self._database.begin() as connection:
            return _found(connection, name)

    def create(
        self, name: str, role: Role, password: str, *, actor: str, now: datetime, full_name: str = ""
    ) -> UserRow:
        """A new account.

        Args:
            name: what one signs in with: small letters, digits and `. _ @ + -`; capitals are made small.
            role: what the person may do.
            password: see `Passwords.check_new`.
            actor: who makes it, as the audit record names it.
            now: the moment, timezone-aware.
            full_name: what to show for the person; the name if empty.

        Raises:
            AccountError: the name is no name or taken, or the password is refused.
        """
        name = parse_name(name)
        shown = parse_full_name(full_name) or name
        with self._database.begin() as connection:
            if users.find(connection, name) is not None:
                raise _taken(name)
        self._passwords.check_new(password, about=(name, shown))
        kept = self._passwords.hash(password)  # outside of the transaction: it takes a while
        values = {"name": name, "full_name": shown, "role": role, "password_hash": kept, "password_set": now}
        with self._database.write() as connection:
            return add(connection, values, actor=actor, now=now)

    def set_password(
        self, name: str, password: str, *, actor: str, now: datetime, keep_session: int | None = None
    ) -> UserRow:
        """Another password; whoever is signed in with the old one is signed out, all but `keep_session`.

        Raises:
            AccountError: there is no such account, or the password is refused.
        """
        account = self.get(name)
        self._passwords.check_new(password, about=(account.name, account.full_name))
        kept = self._passwords.hash(password)
        with self._database.write() as connection:
            user = _found(connection, name, lock=True)
            users.change(connection, user.id, {"password_hash": kept, "password_set": now})
            ended = sessions.end_all(connection, user.id, but=keep_session)
            return _note(connection, user, "user.password_set", actor, now, {"sessions_ended": ended})

    def change_role(self, name: str, role: Role, *, actor: str, now: datetime) -> UserRow:
        """Another role, which holds from the next request on; the person signs in anew.

        Raises:
            AccountError: there is no such account, or it is the last admin.
        """
        with self._database.write() as connection:
            if role is not Role.ADMIN:
                refuse_last_admin(connection, name)
            return set_role(connection, _found(connection, name, lock=True), role, actor=actor, now=now)

    def disable(self, name: str, *, actor: str, now: datetime) -> UserRow:
        """Let nobody in with this account; who is signed in is signed out, and the person's keys are revoked. What
        the person did stays theirs.

        Raises:
            AccountError: there is no such account, or it is the last admin.
        """
        with self._database.write() as connection:
            refuse_last_admin(connection, name)
            user = _found(connection, name, lock=True)
            if user.disabled is not None:
                return user
            users.change(connection, user.id, {"disabled": now})
            said: dict[str, Any] = {"sessions_ended": sessions.end_all(connection, user.id)}
            said |= _revoke_keys(connection, user, now)
            return _note(connection, user, "user.disabled", actor, now, said)

    def enable(self, name: str, *, actor: str, now: datetime) -> UserRow:
        """Let an account in again that was disabled.

        Raises:
            AccountError: there is no such account.
        """
        with self._database.write() as connection:
            user = _found(connection, name, lock=True)
            if user.disabled is None:
                return user
            users.change(connection, user.id, {"disabled": None})
            return _note(connection, user, "user.enabled", actor, now, {})

    def remove_password(self, name: str, *, actor: str, now: datetime) -> UserRow:
        """Let a person sign in with the provider only; sessions that began with the password end as all others do.

        Raises:
            AccountError: there is no such account, or it is not tied to a provider and nobody could sign in.
        """
        with self._database.write() as connection:
            user = _found(connection, name, lock=True)
            if not users.is_linked(connection, user.id):
                raise AccountError(
                    f"{user.name} is not tied to a provider and could no longer sign in",
                    hint=f"Tie the account first: stopship users link {user.name} SUBJECT, or disable it",
                )
            users.change(connection, user.id, {"password_hash": None, "password_set": None})
            ended = sessions.end_all(connection, user.id)
            return _note(connection, user, "user.password_removed", actor, now, {"sessions_ended": ended})

    def link(self, name: str, issuer: str, subject: str, *, actor: str, now: datetime) -> UserRow:
        """Tie an account to what a provider calls somebody, who then signs in to it with the provider.

        Raises:
            AccountError: there is no such account, or the subject is tied to one already.
        """
        if not 1 <= len(subject) <= 255 or not subject.isprintable():
            raise AccountError("a subject has 1 to 255 letters", hint="It is the claim `sub` of the provider")
        with self._database.write() as connection:
            user = _found(connection, name, lock=True)
            other = users.by_identity(connection, issuer, subject)
            if other is not None:
                raise AccountError(f"{subject} is tied to {other.name} already")
            users.link(connection, user.id, issuer, subject)
            return _note(connection, user, "user.linked", actor, now, {"issuer": issuer, "subject": subject})

    def sign_out(self, name: str, *, actor: str, now: datetime) -> int:
        """End all sessions of an account; how many there were.

        Raises:
            AccountError: there is no such account.
        """
        with self._database.write() as connection:
            user = _found(connection, name, lock=True)
            ended = sessions.end_all(connection, user.id)
            _note(connection, user, "user.sessions_ended", actor, now, {"sessions_ended": ended})
            return ended


def add(connection: Connection, values: Mapping[str, Any], *, actor: str, now: datetime) -> UserRow:
    """Add an account inside of a transaction (`name, full_name, role`, and `password_hash` where it has one).

    Raises:
        AccountError: the name is taken.
    """
    try:
        with connection.begin_nested():
            number = users.add(connection, {**values, "created": now})
    except IntegrityError:
        raise _taken(str(values["name"])) from None
    user = users.get(connection, number)
    assert user is not None
    said = {"full_name": user.full_name, "role": user.role, "password": user.password_hash is not None}
    return _note(connection, user, "user.created", actor, now, said)


def set_role(connection: Connection, user: UserRow, role: Role, *, actor: str, now: datetime) -> UserRow:
    """Another role inside of a transaction; whoever is signed in must sign in anew. With a lesser one the person's
    keys are revoked, also for the day on which the role comes back."""
    if user.role == role:
        return user
    users.change(connection, user.id, {"role": role})
    ended = sessions.end_all(connection, user.id)
    said: dict[str, Any] = {"from": user.role, "to": role, "sessions_ended": ended}
    known = list(Role)
    if user.role not in known or known.index(role) < known.index(Role(user.role)):
        said |= _revoke_keys(connection, user, now)
    return _note(connection, user, "user.role_changed", actor, now, said)


def normal_name(text: str) -> str:
    """A name as it is looked up: capitals and wide letters make no difference."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def parse_name(text: str) -> str:
    """A name that an account may have.

    Raises:
        AccountError: it is none.
    """
    name = normal_name(text)
    if not NAME.fullmatch(name):
        raise AccountError(
            "a user's name has 1 to 64 letters from a to z, digits, and . _ @ + - behind the first",
            hint="An address works: erika@example.com",
        )
    return name


def parse_full_name(text: str) -> str:
    """What to show for a person, on one line.

    Raises:
        AccountError: too long, or not printable.
    """
    shown = " ".join(text.split())
    if len(shown) > 200 or not shown.isprintable():
        raise AccountError("a full name has at most 200 letters, all of them printable")
    return shown


def _found(connection: Connection, name: str, *, lock: bool = False) -> UserRow:
    wanted = normal_name(name)
    user = users.find(connection, wanted, lock=lock) if NAME.fullmatch(wanted) else None
    if user is None:
        raise AccountError(f"there is no user {name!r}", hint="See: stopship users list")
    return user


def active_account(connection: Connection, name: str, *, lock: bool = False) -> UserRow:
    """The account of a name, as one types it.

    Raises:
        AccountError: there is none, or it is disabled.
    """
    user = _found(connection, name, lock=lock)
    if user.disabled is not None:
        raise AccountError(f"{user.name} is disabled", hint="Name another, or enable it: stopship users enable")
    return user


def refuse_last_admin(connection: Connection, name: str) -> None:
    """Refuse what would leave nobody who may make accounts. Two who do it to each other meet here, one by one.

    Raises:
        AccountError: the account is the last admin that is not disabled.
    """
    admins = users.lock_enabled(connection, Role.ADMIN)
    if len(admins) == 1 and admins[0].name == normal_name(name):
        raise AccountError(
            f"{admins[0].name} is the last admin, without whom nobody could make another",
            hint="Make another one first: stopship users create NAME --role admin",
        )


def _revoke_keys(connection: Connection, user: UserRow, now: datetime) -> dict[str, Any]:
    """Revoke the keys of a person; what the audit record says of it."""
    held = keys.of_user(connection, user.id, holding_at=now)
    for row in held:
        keys.change(connection, row.id, {"revoked": now})
    return {"keys_revoked": [row.public for row in held]} if held else {}


def _taken(name: str) -> AccountError:
    return AccountError(f"there is a user {name!r} already", hint="See: stopship users list")


def _note(
    connection: Connection, user: UserRow, action: str, actor: str, now: datetime, said: Mapping[str, Any]
) -> UserRow:
    """The audit row of a change, and the account as it is now."""
    content = {"name": user.name, **said}
    audit.append(connection, actor=actor, action=action, subject=f"user:{user.id}", content=content, now=now)
    changed = users.get(connection, user.id)
    assert changed is not None
    return changed
