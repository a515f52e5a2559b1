"""Persons by their accounts: who is meant by a name, and what to call who acted."""

from __future__ import annotations

import re
from contextlib import closing

from stopship.access.accounts import active_account
from stopship.access.vocabulary import Role as AccountRole
from stopship.app.workspace import Workspace
from stopship.cases import Actor, Role
from stopship.errors import AccountError
from stopship.store import Database, users
from stopship.store.users import UserRow


def names_of_people(database: Database) -> dict[str, str]:
    """What to call those who act, by how records name them (`user:7`)."""
    with database.begin() as connection:
        return {person_id(row): row.full_name or row.name for row in users.all_of(connection)}


def person_id(user: UserRow) -> str:
    """How records name a person: `user:7`."""
    return f"user:{user.id}"


def assignee(database: Database, text: str) -> str:
    """Who is meant by a name that a case is given to, as records name them.

    Args:
        text: the name of an account, or `user:7`.

    Raises:
        AccountError: there is no such account, it is disabled, or its role works no cases.
    """
    with database.begin() as connection:
        name = text
        if (number := text.removeprefix("user:")) != text:
            found = users.get(connection, int(number)) if re.fullmatch(r"[0-9]{1,9}", number) else None
            name = found.name if found is not None else text
        user = active_account(connection, name)
    if user.role == AccountRole.VIEWER:
        raise AccountError(f"{user.name} is viewer, who works no cases", hint="Name an analyst or above")
    return person_id(user)


def has_accounts(workspace: Workspace) -> bool:
    """Whether people of a home have accounts."""
    if not workspace.has_database():
        return False
    with closing(workspace.held_database()) as database, database.begin() as connection:
        return bool(users.all_of(connection))


def person_of_home(workspace: Workspace, name: str) -> Actor | None:
    """Who is meant by a name on the command line; None where the home has no accounts.

    Raises:
        AccountError: there are accounts, and none that is active has this name.
    """
    if not workspace.has_database():
        return None
    with closing(workspace.held_database()) as database, database.begin() as connection:
        if not users.all_of(connection):
            return None
        user = active_account(connection, name)
    return Actor(person_id(user), Role(user.role))
