"""Who asks: a person, a program with a key, or the command line."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import Literal

from stopship.access.vocabulary import PROGRAM_SCOPES, Role, Scope

Kind = Literal["user", "key", "cli", "open", "system"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who does something, as it was established for this one request.

    Attributes:
        kind: `user` (a person with a session or with a key of their own), `key` (a program), `cli` (who works on
            the machine itself), `open` (anyone, where the server was started with `--open`), `system` (a
            scheduled task).
        id: the number of the user or key; the login name or the task's name for the others.
        name: what to show.
        role: of a person; None for a program's key.
        scopes: of a key; empty for a person with a session. A person with a key of their own has both, and may do
            only what both allow.
    """

    kind: Kind
    id: str
    name: str
    role: Role | None = None
    scopes: frozenset[Scope] = frozenset()

    @property
    def actor(self) -> str:
        """How the audit record names it: `user:7`, `key:3`, `cli:erika`."""
        return f"{self.kind}:{self.id}"


def open_principal() -> Principal:
    """Whoever asks a server that was started with `--open`: everything but administration and the audit record."""
    return Principal(
        "open", "loopback", "anyone on this machine", None, frozenset(PROGRAM_SCOPES) - {Scope.ADMIN, Scope.AUDIT}
    )


def command_line() -> Principal:
    """Who works on the machine itself. Who may read the home's database may do everything with it."""
    try:
        login = getpass.getuser()
    except (KeyError, OSError):
        login = "unknown"
    return Principal("cli", login[:100], login, Role.ADMIN)


def system(task: str) -> Principal:
    """A scheduled task of Stopship itself; it asks no permission."""
    return Principal("system", task, task)
