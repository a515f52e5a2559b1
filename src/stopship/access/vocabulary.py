"""The closed vocabularies of access: roles of people, scopes of keys."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from stopship.errors import SettingsError


class Role(StrEnum):
    """What a person is, from the least to the most. What each may do is in `permissions`."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Scope(StrEnum):
    """What a key is for. What each lets its holder do is in `permissions`."""

    MATCH = "match"
    DECIDE = "decide"
    LISTS = "lists"
    CASES = "cases"
    MONITOR = "monitor"
    AUDIT = "audit"
    METRICS = "metrics"
    ADMIN = "admin"
    JUDGE = "judge"


PERSONAL_SCOPES = frozenset({Scope.JUDGE})
"""Scopes that only a key that belongs to a person can have: what they let do is a person's to answer for."""

PROGRAM_SCOPES = tuple(scope for scope in Scope if scope not in PERSONAL_SCOPES)
"""Scopes that a key of a program can have."""


def parse_role(text: str, where: str = "--role") -> Role:
    """A role by its name.

    Raises:
        SettingsError: there is none of that name.
    """
    try:
        return Role(text.strip().casefold())
    except ValueError:
        raise SettingsError(f"unknown role {text!r}", where=where, hint=f"Roles: {', '.join(Role)}") from None


def parse_scopes(texts: Iterable[str], where: str = "--scope") -> tuple[Scope, ...]:
    """Scopes by their names, each once, in the order of the vocabulary; `match,decide` is two.

    Raises:
        SettingsError: none is given, or one is unknown.
    """
    words = [word.strip().casefold() for text in texts for word in text.split(",") if word.strip()]
    for word in words:
        if word not in set(Scope):
            raise SettingsError(f"unknown scope {word!r}", where=where, hint=f"Scopes: {', '.join(Scope)}")
    if not words:
        raise SettingsError("a key needs a scope", where=where, hint=f"Scopes: {', '.join(Scope)}")
    return tuple(scope for scope in Scope if scope in words)
