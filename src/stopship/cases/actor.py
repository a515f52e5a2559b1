"""Who does a step: a person by id and role, or the system itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from stopship.errors import SettingsError

_ID = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,198}[^\s\x00-\x1f\x7f])?")


class Role(StrEnum):
    """What a person may do, each with all that the one before may; `system` records, and judges nothing."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    SYSTEM = "system"

    def covers(self, needed: Role) -> bool:
        """Whether one of this role may do what `needed` may."""
        if Role.SYSTEM in (self, needed):
            return self is needed
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts. `id` is what records name: `user:7`, `cli:anna`, `key:3`, `system:monitoring`.

    Raises:
        SettingsError: the id is empty, too long or not one line.
    """

    id: str
    role: Role = Role.ANALYST

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise SettingsError(
                f"{self.id[:80]!r} can't be who acts", hint="Give a name of at most 200 characters"
            )

    @classmethod
    def system(cls, part: str) -> Actor:
        """A part of the program, for what it records by itself."""
        return cls(f"system:{part}", Role.SYSTEM)
