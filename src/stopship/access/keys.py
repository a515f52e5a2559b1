"""Keys of programs and of persons: made, shown once, checked, rotated, revoked.

Only the SHA-256 of a secret is kept. That is right here and would be wrong for passwords: the secret is 256 random
bits, so nobody can try them all, and a slow hash would only make every request slow.

A key of a person acts as that person, within its scopes, so that one person never is two. It is revoked for good
when the account is disabled or gets a lesser role (`accounts`).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from stopship.access.accounts import active_account
from stopship.access.key_text import KeyText, key_in_header, new_key
from stopship.access.permissions import ROLES, SCOPES, Action
from stopship.access.principal import Principal
from stopship.access.vocabulary import PERSONAL_SCOPES, Role, Scope
from stopship.errors import AccountError, NotSignedIn
from stopship.store import Database, audit, users
from stopship.store import keys as store
from stopship.store.keys import KeyRow
from stopship.store.users import UserRow

NOTED_EVERY = timedelta(minutes=1)
"""The last use of a key is written at most so often."""

MOST_A_MINUTE = 1_000_000
_NO_KEY = "0" * 64  # no secret has this hash


@dataclass(frozen=True, slots=True)
class Known:
    """A key that holds: who sends it, how records name it (`key:3`), and how many requests a minute it may make;
    None: as the settings say."""

    principal: Principal
    key: str
    a_minute: int | None


@dataclass(frozen=True, slots=True)
class Made:
    """A new key. `text` is the whole of it, and is nowhere else."""

    row: KeyRow
    text: str


class Keys:
    """The keys of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def authenticate(self, header: str | None, *, now: datetime) -> Known:
        """Who sends this header `Authorization`.

        An unknown key and a wrong secret take the same way and give the same answer; the hashes are compared in
        constant time. Only who has the secret learns that the key has expired or was revoked.

        Args:
            header: its value, None where there is none.
            now: the moment, timezone-aware.

        Raises:
            NotSignedIn: there is no key in it, or none that holds.
        """
        given = key_in_header(header)
        with self._database.begin() as connection:
            row = store.find(connection, given.public)
            user = users.get(connection, row.user_id) if row is not None and row.user_id is not None else None
        right = hmac.compare_digest(secret_hash(given), row.secret_hash if row is not None else _NO_KEY)
        if row is None or not right:
            raise NotSignedIn("this key is not known here", hint="Ask an administrator for one")
        if row.revoked is not None and row.revoked <= now:
            raise NotSignedIn(f"this key was revoked on {row.revoked:%Y-%m-%d}", hint="Ask for a new one")
        if row.expires is not None and row.expires <= now:
            raise NotSignedIn(f"this key has expired on {row.expires:%Y-%m-%d}", hint="Ask for a new one")
        if user is not None and user.disabled is not None:
            raise NotSignedIn("the account of this key is disabled", hint="Ask an administrator")
        if row.last_used is None or row.last_used < now - NOTED_EVERY:
            with self._database.begin() as connection:
                store.note_use(connection, row.id, now=now, since=now - NOTED_EVERY)
        return Known(principal_of(row, user), f"key:{row.id}", row.a_minute)

    def create(
        self,
        name: str,
        scopes: tuple[Scope, ...],
        *,
        actor: str,
        now: datetime,
        expires: datetime | None = None,
        a_minute: int | None = None,
        user: str | None = None,
    ) -> Made:
        """A new key.

        Args:
            name: what it is for, as a person wrote it, e.g. `ERP`; at most 100 letters.
            scopes: what it may do, at least one.
            actor: who makes it, as the audit record names it.
            now: the moment, timezone-aware.
            expires: from when on it no longer holds; None: never.
            a_minute: how many requests it may make a minute; None: as the settings say.
            user: the account of the person whose key it is; None: a program's.

        Raises:
            AccountError: a scope is one for persons and nobody is named, or the person's role allows nothing that
                the scope is for; there is no such active account; the name is empty, too long or that of another
                key that holds; the day is past; the rate is out of range.
        """
        name = _name(name)
        if expires is not None and expires <= now:
            raise AccountError("a key can't expire before it is made", where="--expires")
        if a_minute is not None and not 1 <= a_minute <= MOST_A_MINUTE:
            raise AccountError(f"{a_minute} requests a minute are out of range", where="--rate")
        with self._database.write() as connection:
            owner = _owner(connection, user, scopes)
            holding = [row for row in store.named(connection, name) if holds(row, now)]
            if holding:
                raise AccountError(
                    f"there is a key {name!r} already ({holding[0].public})",
                    hint="Give another name, or rotate that one",
                )
            values = _values(name, scopes, a_minute, actor, now, expires)
            values["user_id"] = owner.id if owner is not None else None
            return self._add(connection, values, new_key(), "key.created", actor, now)

    def rotate(self, which: str, *, actor: str, now: datetime, keep_old: timedelta = timedelta(0)) -> Made:
        """A new key in the place of one, with its name, scopes, rate and length of life.

        Args:
            which: the public part of a key, or its name.
            actor: who does it.
            now: the moment, timezone-aware.
            keep_old: how long the old one still holds, so that programs can be changed one by one.

        Raises:
            AccountError: there is no such key that holds.
        """
        with self._database.write() as connection:
            old = self._held(connection, which, now)
            life = None if old.expires is None else now + (old.expires - old.created)
            values = _values(old.name, (), old.a_minute, actor, now, life)
            values |= {"scopes": old.scopes, "replaces": old.public, "user_id": old.user_id}
            if keep_old > timedelta(0):
                ends = now + keep_old
                ends = ends if old.expires is None else min(ends, old.expires)
                store.change(connection, old.id, {"expires": ends})
            else:
                store.change(connection, old.id, {"revoked": now})
            return self._add(connection, values, new_key(), "key.rotated", actor, now)

    def revoke(self, which: str, *, actor: str, now: datetime) -> KeyRow:
        """End a key at once; it is refused from the next request on.

        Args:
            which: the public part of a key, or its name.
            actor: who does it.
            now: the moment, timezone-aware.

        Raises:
            AccountError: there is no such key that holds.
        """
        with self._database.write() as connection:
            row = self._held(connection, which, now)
            store.change(connection, row.id, {"revoked": now})
            said = {"name": row.name, "public": row.public}
            audit.append(
                connection, actor=actor, action="key.revoked", subject=f"key:{row.id}", content=said, now=now
            )
            return row

    def all(self) -> tuple[KeyRow, ...]:
        """Every key that there ever was, the oldest first; secrets are not among what is kept."""
        with self._database.begin() as connection:
            return store.all_of(connection)

    def _held(self, connection: Connection, which: str, now: datetime) -> KeyRow:
        which = which.strip() if which.isprintable() else ""
        public = which.removeprefix("ssk_")[:12] if which.startswith("ssk_") else which
        row = store.find(connection, public, lock=True)
        found = [row] if row is not None else list(store.named(connection, which))
        holding = [one for one in found if holds(one, now)]
        if len(holding) == 1:
            return holding[0]
        if holding:
            ids = ", ".join(one.public for one in holding)
            raise AccountError(f"there are {len(holding)} keys {which!r}", hint=f"Give one of the ids {ids}")
        if found:
            raise AccountError(
                f"the key {which} doesn't hold any more", hint="Make a new one: stopship keys create"
            )
        raise AccountError(f"there is no key {which}", hint="See: stopship keys list")

    def _add(
        self,
        connection: Connection,
        values: dict[str, object],
        key: KeyText,
        action: str,
        actor: str,
        now: datetime,
    ) -> Made:
        values |= {"public": key.public, "secret_hash": secret_hash(key)}
        number = store.add(connection, values)
        row = store.find(connection, key.public)
        assert row is not None
        said = {
            "name": row.name,
            "public": row.public,
            "scopes": row.scopes.split(),
            "expires": row.expires.isoformat() if row.expires else None,
            "a_minute": row.a_minute,
            "replaces": row.replaces,
            "user": row.user_id,
        }
        audit.append(connection, actor=actor, action=action, subject=f"key:{number}", content=said, now=now)
        return Made(row, key.text())


def secret_hash(key: KeyText) -> str:
    """What is kept of a secret: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(key.secret.encode()).hexdigest()


def principal_of(row: KeyRow, user: UserRow | None = None) -> Principal:
    """Who a key speaks for: a program, or the person whose it is. A scope that this version doesn't know lets it
    do nothing, and so does a key without any."""
    known = frozenset(Scope(word) for word in row.scopes.split() if word in set(Scope))
    if user is not None:
        role = Role(user.role) if known else None
        return Principal("user", str(user.id), user.full_name, role, known)
    return Principal("key", str(row.id), row.name, None, known)


def holds(row: KeyRow, now: datetime) -> bool:
    """Whether a key is good at a moment."""
    return (row.revoked is None or row.revoked > now) and (row.expires is None or row.expires > now)


def _owner(connection: Connection, name: str | None, scopes: tuple[Scope, ...]) -> UserRow | None:
    """The account of the person whose a new key is to be.

    Raises:
        AccountError: see `Keys.create`.
    """
    personal = [scope for scope in scopes if scope in PERSONAL_SCOPES]
    if name is None:
        if personal:
            raise AccountError(
                f"a program can't have the scope {personal[0]}: a verdict is a person's",
                hint="Make the key for a person: stopship keys create --user NAME --scope judge",
            )
        return None
    user = active_account(connection, name, lock=True)
    of_role = ROLES[Role(user.role)]
    for scope in scopes:
        judges = Action.CASES_DISPOSE in SCOPES[scope]
        if not SCOPES[scope] & of_role or (judges and Action.CASES_DISPOSE not in of_role):
            raise AccountError(
                f"{user.name} is {user.role}, who may do nothing that the scope {scope} is for",
                hint="Give the person another role first, or leave the scope out",
            )
    return user


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise AccountError("the name of a key is 1 to 100 letters", where="--name", hint="Say what it is for: ERP")
    return name


def _values(
    name: str,
    scopes: tuple[Scope, ...],
    a_minute: int | None,
    actor: str,
    now: datetime,
    expires: datetime | None,
) -> dict[str, object]:
    return {
        "name": name,
        "scopes": " ".join(scopes),
        "a_minute": a_minute,
        "created": now,
        "created_by": actor,
        "expires": expires,
    }
