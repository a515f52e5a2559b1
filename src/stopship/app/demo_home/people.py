"""The people of the example workbench: two who sign in with passwords that are made up anew at each start, and a
third who has left her name in the record and can't sign in: she has no password."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from stopship.access import Role
from stopship.access.accounts import Accounts, add
from stopship.access.passwords import Passwords
from stopship.app.workspace import Workspace
from stopship.errors import AccountError
from stopship.store import Database

MAKER = "cli:demo"
PEOPLE = (
    ("erika", "Erika Example", Role.ANALYST),
    ("sam", "Sam Sample", Role.SUPERVISOR),
    ("mina", "Mina Muster", Role.ANALYST),
)
LOGINS = ("erika", "sam")
"""Those whose passwords are told."""
_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aeiou"
_WORDS, _SYLLABLES = 4, 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Login:
    """How somebody signs in."""

    name: str
    full_name: str
    role: str
    password: str


def make_password() -> str:
    """A password of four words that mean nothing, of 75 bits: `bafitu-kosare-mulone-tegiva`."""
    words = (
        "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(_SYLLABLES))
        for _ in range(_WORDS)
    )
    return "-".join(words)


def make_people(database: Database, *, now: datetime) -> dict[str, str]:
    """Make the accounts, of which none has a password yet; their ids in records, by name."""
    made = {}
    with database.write() as connection:
        for name, full_name, role in PEOPLE:
            values = {"name": name, "full_name": full_name, "role": role}
            made[name] = f"user:{add(connection, values, actor=MAKER, now=now).id}"
    return made


def new_logins(workspace: Workspace, *, now: datetime) -> tuple[Login, ...]:
    """Set new passwords for those who may sign in, and give them. Only their hashes are kept.

    A password is told once; a second start could not tell it again, so it sets another. Whoever is signed in with
    the old one is signed out.

    Raises:
        AccountError: an account was disabled or renamed by somebody who tried out the administration.
    """
    with closing(workspace.database()) as database:
        accounts = Accounts(database, Passwords())
        logins = []
        for name in LOGINS:
            if accounts.get(name).disabled is not None:
                accounts.enable(name, actor=MAKER, now=now)
            user, password = _with_password(partial(accounts.set_password, name, actor=MAKER, now=now))
            logins.append(Login(user.name, user.full_name, user.role, password))
    return tuple(logins)


def _with_password(use: Callable[[str], T]) -> tuple[T, str]:
    while True:
        password = make_password()
        try:
            return use(password), password
        except AccountError as bad:
            if "guessed" not in bad.message:  # a row of keys by chance: another one
                raise
