"""The table of roles and actions, made from the one that decides."""

from __future__ import annotations

from dataclasses import dataclass

from stopship.access import Action, Role
from stopship.access.permissions import ROLES


@dataclass(frozen=True, slots=True)
class Line:
    """One action, and for each role, from the least to the most, whether it may."""

    action: str
    may: tuple[bool, ...]


def role_table() -> tuple[Line, ...]:
    """One line an action, those first that the least roles may do."""
    lines = [Line(action.value, tuple(action in ROLES[role] for role in Role)) for action in Action]
    return tuple(sorted(lines, key=lambda line: -sum(line.may)))
