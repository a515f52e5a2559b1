"""Accounts of people and keys of programs, as an administrator works with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from stopship.access.keys import Made, holds
from stopship.access.vocabulary import PROGRAM_SCOPES, Role, Scope, parse_role
from stopship.app.access import Access
from stopship.errors import AccountError, NotFoundError
from stopship.model.values import parse_day
from stopship.store import keys, users
from stopship.store.keys import KeyRow
from stopship.store.sessions import SessionRow
from stopship.store.users import UserRow

MOST_KEPT_HOURS = 2160
"""How long a key may still hold beside the one that it was rotated to, as `stopship keys rotate` has it."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account, without what is kept of its password, and how many sessions it has."""

    id: int
    name: str
    full_name: str
    role: str
    has_password: bool
    is_linked: bool
    created: datetime
    password_set: datetime | None
    last_login: datetime | None
    disabled: datetime | None
    sessions: int

    @property
    def actor(self) -> str:
        """How records name the person."""
        return f"user:{self.id}"


@dataclass(frozen=True, slots=True)
class Whole:
    """A person with their sessions and keys. `is_last_admin`: nobody else could make accounts."""

    person: Person
    sessions: tuple[SessionRow, ...]
    keys: tuple[KeyRow, ...]
    is_last_admin: bool


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret, with the person whose it is. `state`: `holds`, `expired`, `revoked`."""

    row: KeyRow
    owner: Person | None
    state: str


class People:
    """Accounts and keys of one database.

    Args:
        access: of it.
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    def all(self, *, now: datetime) -> tuple[Person, ...]:
        """Every account, by name."""
        counts = self._access.sessions.counts(now=now)
        with self._access.database.begin() as connection:
            linked = users.linked(connection)
        return tuple(_person(row, counts.get(row.id, 0), row.id in linked) for row in self._access.accounts.all())

    def one(self, number: int, *, now: datetime) -> Whole:
        """One account.

        Raises:
            NotFoundError: there is none of this number.
        """
        row = self._row(number)
        sessions = self._access.sessions.of(number, now=now)
        with self._access.database.begin() as connection:
            held = keys.of_user(connection, number, holding_at=now)
            linked = users.is_linked(connection, number)
        admins = [one for one in self._access.accounts.all() if one.role == Role.ADMIN and one.disabled is None]
        last = [one.id for one in admins] == [number]
        return Whole(_person(row, len(sessions), linked), sessions, held, last)

    def create(
        self, name: str, full_name: str, role: str, password: str | None, *, actor: str, now: datetime
    ) -> tuple[Person, str | None]:
        """A new account, and its password where one was made for it.

        Args:
            name: what the person signs in with.
            full_name: what to show.
            role: a role's name.
            password: the person's; None: one is made.
            actor: who does it.
            now: the moment, timezone-aware.

        Raises:
            SettingsError: no such role. AccountError: see `Accounts.create`.
        """
        wanted = parse_role(role, "role")
        made = self._access.passwords.generate(about=(name, full_name)) if password is None else None
        row = self._access.accounts.create(
            name, wanted, made or password or "", actor=actor, now=now, full_name=full_name
        )
        return _person(row, 0, False), made

    def change_role(self, number: int, role: str, *, actor: str, now: datetime) -> None:
        """Another role; see `Accounts.change_role`."""
        wanted = parse_role(role, "role")
        self._access.accounts.change_role(self._row(number).name, wanted, actor=actor, now=now)

    def set_password(self, number: int, password: str | None, *, actor: str, now: datetime) -> str | None:
        """Another password, and what it is where one was made; see `Accounts.set_password`."""
        row = self._row(number)
        made = self._access.passwords.generate(about=(row.name, row.full_name)) if password is None else None
        self._access.accounts.set_password(row.name, made or password or "", actor=actor, now=now)
        return made

    def remove_password(self, number: int, *, actor: str, now: datetime) -> None:
        """Let the person sign in with the provider only; see `Accounts.remove_password`."""
        self._access.accounts.remove_password(self._row(number).name, actor=actor, now=now)

    def disable(self, number: int, *, actor: str, now: datetime) -> None:
        """Let nobody in with the account; see `Accounts.disable`."""
        self._access.accounts.disable(self._row(number).name, actor=actor, now=now)

    def enable(self, number: int, *, actor: str, now: datetime) -> None:
        """Let the account in again; see `Accounts.enable`."""
        self._access.accounts.enable(self._row(number).name, actor=actor, now=now)

    def sign_out(self, number: int, *, actor: str, now: datetime) -> int:
        """End all sessions of the account; how many there were."""
        return self._access.accounts.sign_out(self._row(number).name, actor=actor, now=now)

    def unlock(self, number: int, *, actor: str, now: datetime) -> bool:
        """Let wrong passwords no longer count against the account; whether any did."""
        row = self._row(number)
        return self._access.throttle.clear(row.name, actor=actor, subject=f"user:{row.id}", now=now)

    def keys(self, *, now: datetime, ended: bool = False) -> tuple[Key, ...]:
        """The keys that hold, or with `ended` those that no longer do; the youngest first."""
        owners = {one.id: one for one in self.all(now=now)}
        found = [
            Key(row, owners.get(row.user_id) if row.user_id is not None else None, _state(row, now))
            for row in reversed(self._access.keys.all())
        ]
        return tuple(one for one in found if (one.state == "holds") != ended)

    def key(self, number: int, *, now: datetime) -> Key:
        """One key.

        Raises:
            NotFoundError: there is none of this number.
        """
        found = [*self.keys(now=now), *self.keys(now=now, ended=True)]
        one = next((one for one in found if one.row.id == number), None)
        if one is None:
            raise NotFoundError(f"there is no key {number}")
        return one

    def create_key(
        self, name: str, scopes: Iterable[str], expires: str, rate: str, *, actor: str, now: datetime
    ) -> Made:
        """A key of a program. That of a person makes the person, who can't be made another one by this.

        Args:
            name: what it is for.
            scopes: names of scopes for programs.
            expires: the first day on which it doesn't hold (UTC); empty: it holds for ever.
            rate: requests a minute; empty: as the settings say.
            actor: who does it.
            now: the moment, timezone-aware.

        Raises:
            AccountError: a scope is none for programs, the day is none or past, the rate is no number; and see
                `Keys.create`.
        """
        words = list(dict.fromkeys(scopes))
        if not words or any(word not in PROGRAM_SCOPES for word in words):
            raise AccountError("a program's key needs a scope", hint=f"Scopes: {', '.join(PROGRAM_SCOPES)}")
        if rate and not (rate.isascii() and rate.isdecimal() and len(rate) < 9):
            raise AccountError(f"{rate[:20]!r} requests a minute are no number")
        ends = None
        if expires:
            try:
                ends = datetime.combine(parse_day(expires), time(0), UTC)
            except ValueError as bad:
                raise AccountError(str(bad), hint="Write the day as 2027-01-31") from None
        return self._access.keys.create(
            name,
            tuple(scope for scope in Scope if scope in words),
            actor=actor,
            now=now,
            expires=ends,
            a_minute=int(rate) if rate else None,
        )

    def rotate_key(self, number: int, keep_hours: str, *, actor: str, now: datetime) -> Made:
        """A new key in the place of a program's; see `Keys.rotate`.

        Raises:
            AccountError: it is a person's, who would see the secret of it; it doesn't hold; or the hours are none.
        """
        one = self.key(number, now=now)
        if one.owner is not None or one.row.user_id is not None:
            raise AccountError("this key acts as a person, who makes another one", hint="Revoke it instead")
        hours = keep_hours or "0"
        if not (hours.isascii() and hours.isdecimal() and len(hours) < 6 and int(hours) <= MOST_KEPT_HOURS):
            raise AccountError(f"{hours[:20]!r} is no number of hours up to {MOST_KEPT_HOURS}")
        return self._access.keys.rotate(one.row.public, actor=actor, now=now, keep_old=timedelta(hours=int(hours)))

    def revoke_key(self, number: int, *, actor: str, now: datetime) -> None:
        """End a key at once; see `Keys.revoke`."""
        self._access.keys.revoke(self.key(number, now=now).row.public, actor=actor, now=now)

    def _row(self, number: int) -> UserRow:
        with self._access.database.begin() as connection:
            row = users.get(connection, number)
        if row is None:
            raise NotFoundError(f"there is no account {number}")
        return row


def _person(row: UserRow, sessions: int, linked: bool) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        full_name=row.full_name,
        role=row.role,
        has_password=row.password_hash is not None,
        is_linked=linked,
        created=row.created,
        password_set=row.password_set,
        last_login=row.last_login,
        disabled=row.disabled,
        sessions=sessions,
    )


def _state(row: KeyRow, now: datetime) -> str:
    if row.revoked is not None and row.revoked <= now:
        return "revoked"
    return "holds" if holds(row, now) else "expired"
