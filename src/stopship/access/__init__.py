"""Who may do what: users, keys, roles, sessions, throttling, sign-in with a provider."""

from stopship.access.permissions import Action, actions_of, allows, require
from stopship.access.principal import Principal, command_line, open_principal, system
from stopship.access.vocabulary import Role, Scope

__all__ = [
    "Action",
    "Principal",
    "Role",
    "Scope",
    "actions_of",
    "allows",
    "command_line",
    "open_principal",
    "require",
    "system",
]
