"""Who may do what: one table of roles and actions, one of scopes and actions. What stands in neither is refused.

People have a role, programs have a key with scopes, and a person may have a key of their own, which does what
their role and its scopes both allow. `api` and `web` ask `allows(principal, action)` and nothing
else; an action that is not in the tables is allowed to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from stopship.access.principal import Principal
from stopship.access.vocabulary import PERSONAL_SCOPES, Role, Scope
from stopship.errors import NotAllowed


class Action(StrEnum):
    """What can be asked for through REST or the browser."""

    NAMES_SCREEN = "names.screen"
    ORDERS_DECIDE = "orders.decide"
    DECISIONS_READ = "decisions.read"
    LISTS_READ = "lists.read"
    LISTS_UPDATE = "lists.update"
    LISTS_PIN = "lists.pin"
    RULES_READ = "rules.read"
    RULES_PIN = "rules.pin"
    CASES_READ = "cases.read"
    CASES_WORK = "cases.work"
    CASES_DISPOSE = "cases.dispose"
    CASES_ASSIGN = "cases.assign"
    CASES_APPROVE = "cases.approve"
    CASES_BULK = "cases.bulk"
    MONITOR_READ = "monitor.read"
    MONITOR_RUN = "monitor.run"
    JOBS_READ = "jobs.read"
    JOBS_RUN = "jobs.run"
    AUDIT_READ = "audit.read"
    METRICS_READ = "metrics.read"
    SETTINGS_READ = "settings.read"
    SETTINGS_CHANGE = "settings.change"
    WEBHOOKS_MANAGE = "webhooks.manage"
    USERS_READ = "users.read"
    USERS_MANAGE = "users.manage"
    KEYS_MANAGE = "keys.manage"


MEANINGS: dict[Action, str] = {
    Action.NAMES_SCREEN: "screen names: match, search, entities, reconciliation, files of names",
    Action.ORDERS_DECIDE: "decide orders",
    Action.DECISIONS_READ: "read kept decisions, their evidence, replay them",
    Action.LISTS_READ: "see which lists are in use, how old they are, what changed",
    Action.LISTS_UPDATE: "fetch or import lists",
    Action.LISTS_PIN: "pin a list to one snapshot, or let it go",
    Action.RULES_READ: "read the rulebook and its coverage",
    Action.RULES_PIN: "pin the status of a rule",
    Action.CASES_READ: "read alerts, cases, suppressions, with their history and files",
    Action.CASES_WORK: "open cases, take one, write notes, add files",
    Action.CASES_DISPOSE: "give the first verdict on a case, propose a suppression, escalate",
    Action.CASES_ASSIGN: "assign cases to others, release another's lock, change a due date",
    Action.CASES_APPROVE: "give the second verdict: on dispositions, suppressions, bulk; reopen a case",
    Action.CASES_BULK: "propose one verdict for many cases",
    Action.MONITOR_READ: "see enrolled customers and their matches",
    Action.MONITOR_RUN: "enroll customers, screen them again, erase them",
    Action.JOBS_READ: "see jobs and fetch their results",
    Action.JOBS_RUN: "start and cancel jobs",
    Action.AUDIT_READ: "read, verify and export the audit record",
    Action.METRICS_READ: "read the figures of the service (Prometheus)",
    Action.SETTINGS_READ: "see the settings",
    Action.SETTINGS_CHANGE: "change settings: thresholds, exporter, retention",
    Action.WEBHOOKS_MANAGE: "add, change, remove webhooks; send again what failed",
    Action.USERS_READ: "see who has an account and with what role",
    Action.USERS_MANAGE: "create, disable and enable users, change roles, set passwords, end sessions",
    Action.KEYS_MANAGE: "create, rotate and revoke keys",
}

_VIEWER = {
    Action.DECISIONS_READ,
    Action.LISTS_READ,
    Action.RULES_READ,
    Action.CASES_READ,
    Action.MONITOR_READ,
    Action.JOBS_READ,
    Action.AUDIT_READ,
}
_ANALYST = _VIEWER | {
    Action.NAMES_SCREEN,
    Action.ORDERS_DECIDE,
    Action.CASES_WORK,
    Action.CASES_DISPOSE,
    Action.JOBS_RUN,
}
_SUPERVISOR = _ANALYST | {
    Action.CASES_ASSIGN,
    Action.CASES_APPROVE,
    Action.CASES_BULK,
    Action.LISTS_UPDATE,
    Action.LISTS_PIN,
    Action.MONITOR_RUN,
    Action.METRICS_READ,
    Action.SETTINGS_READ,
    Action.USERS_READ,
}
_ADMIN = _SUPERVISOR | {
    Action.RULES_PIN,
    Action.SETTINGS_CHANGE,
    Action.WEBHOOKS_MANAGE,
    Action.USERS_MANAGE,
    Action.KEYS_MANAGE,
}

ROLES: dict[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset(_VIEWER),
    Role.ANALYST: frozenset(_ANALYST),
    Role.SUPERVISOR: frozenset(_SUPERVISOR),
    Role.ADMIN: frozenset(_ADMIN),
}
"""What each role may do. A role may do all that the one before it may."""

# Only `judge` holds a verdict on a case, and only a key that belongs to a person can have it: the person behind a
# program's key could be both pairs of eyes.
SCOPES: dict[Scope, frozenset[Action]] = {
    Scope.MATCH: frozenset({Action.NAMES_SCREEN, Action.LISTS_READ, Action.JOBS_RUN, Action.JOBS_READ}),
    Scope.DECIDE: frozenset({Action.ORDERS_DECIDE, Action.DECISIONS_READ, Action.LISTS_READ, Action.RULES_READ}),
    Scope.LISTS: frozenset({Action.LISTS_READ, Action.LISTS_UPDATE}),
    Scope.CASES: frozenset({Action.CASES_READ, Action.CASES_WORK}),
    Scope.MONITOR: frozenset({Action.MONITOR_READ, Action.MONITOR_RUN, Action.JOBS_READ}),
    Scope.AUDIT: frozenset({Action.AUDIT_READ, Action.DECISIONS_READ}),
    Scope.METRICS: frozenset({Action.METRICS_READ}),
    Scope.ADMIN: frozenset(
        {
            Action.USERS_READ,
            Action.USERS_MANAGE,
            Action.KEYS_MANAGE,
            Action.WEBHOOKS_MANAGE,
            Action.SETTINGS_READ,
            Action.SETTINGS_CHANGE,
        }
    ),
    Scope.JUDGE: frozenset(
        {
            Action.CASES_READ,
            Action.CASES_WORK,
            Action.CASES_DISPOSE,
            Action.CASES_ASSIGN,
            Action.CASES_APPROVE,
            Action.CASES_BULK,
        }
    ),
}
"""What each scope lets the holder of a key do."""


def actions_of(principal: Principal) -> frozenset[Action]:
    """Everything that a principal may do: its role's actions, or those of its scopes; where it has both, what both
    allow. Without a role the scopes of persons let nobody do anything."""
    role = ROLES.get(principal.role, frozenset()) if principal.role is not None else frozenset()
    if not principal.scopes:
        return role
    scopes = principal.scopes if principal.role is not None else principal.scopes - PERSONAL_SCOPES
    by_key = frozenset(action for scope in scopes for action in SCOPES.get(scope, ()))
    return by_key & role if principal.role is not None else by_key


def allows(principal: Principal | None, action: Action | str) -> bool:
    """Whether a principal may do an action. Nobody may do anything, and an unknown action is no one's."""
    return principal is not None and action in actions_of(principal)


def require(principal: Principal | None, action: Action | str) -> None:
    """Refuse what a principal may not do.

    Raises:
        NotAllowed: with the roles and scopes that may.
    """
    if allows(principal, action):
        return
    known = action in set(Action)
    roles = [role for role in ROLES if known and action in ROLES[role]]
    scopes = [scope for scope in SCOPES if known and action in SCOPES[scope]]
    for_programs = [scope for scope in scopes if scope not in PERSONAL_SCOPES]
    if principal is not None and principal.kind == "key":
        own = f", or send a key of their own with scope {_any(scopes)}" if scopes else ""
        hint = (
            f"It needs a key with scope {_any(for_programs)}"
            if for_programs
            else f"No program's key may do this: a person must sign in{own}"
        )
    elif principal is not None and principal.role in roles:
        hint = (
            f"It needs a key of yours with scope {_any(scopes)}"
            if scopes
            else "No key may do this: sign in instead"
        )
    else:
        hint = f"It needs the role {roles[0]} or more" if roles else "Nobody may do this"
    raise NotAllowed(f"not allowed: {action}", hint=hint)


def _any(words: Iterable[str]) -> str:
    return " or ".join(words)
