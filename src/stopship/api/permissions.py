"""What each route asks of a caller. A route that doesn't stand here is closed to everybody."""

from __future__ import annotations

from collections.abc import Mapping

from stopship.access import Action

PUBLIC = "public"
"""Needs no key: it tells nothing about anybody."""

NEEDED: Mapping[tuple[str, str], Action | str] = {
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
    ("GET", "/metrics"): Action.METRICS_READ,
    ("POST", "/match/{dataset}"): Action.NAMES_SCREEN,
    ("GET", "/search/{dataset}"): Action.NAMES_SCREEN,
    ("GET", "/entities/{entity_id}"): Action.NAMES_SCREEN,
    ("GET", "/catalog"): Action.LISTS_READ,
    ("GET", "/algorithms"): Action.NAMES_SCREEN,
    ("GET", "/reconcile/{dataset}"): Action.NAMES_SCREEN,
    ("POST", "/reconcile/{dataset}"): Action.NAMES_SCREEN,
    ("GET", "/reconcile/{dataset}/suggest/entity"): Action.NAMES_SCREEN,
    ("GET", "/reconcile/{dataset}/suggest/property"): Action.NAMES_SCREEN,
    ("GET", "/reconcile/{dataset}/suggest/type"): Action.NAMES_SCREEN,
    ("GET", "/reconcile/{dataset}/preview/{entity_id}"): Action.NAMES_SCREEN,
    ("POST", "/api/v1/names"): Action.NAMES_SCREEN,
    ("POST", "/api/v1/transactions"): Action.ORDERS_DECIDE,
    ("GET", "/api/v1/transactions"): Action.DECISIONS_READ,
    ("GET", "/api/v1/transactions/{decision_id}"): Action.DECISIONS_READ,
    ("GET", "/api/v1/lists"): Action.LISTS_READ,
    ("GET", "/api/v1/lists/{source}"): Action.LISTS_READ,
    ("GET", "/api/v1/lists/{source}/diff"): Action.LISTS_READ,
    ("GET", "/api/v1/lists/{source}/entities"): Action.LISTS_READ,
    ("GET", "/api/v1/rules"): Action.RULES_READ,
    ("GET", "/api/v1/rules/{rule_id}"): Action.RULES_READ,
    ("GET", "/api/v1/jobs"): Action.JOBS_READ,
    ("POST", "/api/v1/jobs"): Action.JOBS_RUN,
    ("GET", "/api/v1/jobs/{job_id}"): Action.JOBS_READ,
    ("GET", "/api/v1/jobs/{job_id}/result"): Action.JOBS_READ,
    ("POST", "/api/v1/jobs/{job_id}/cancel"): Action.JOBS_RUN,
    ("GET", "/api/v1/cases"): Action.CASES_READ,
    ("GET", "/api/v1/cases/{case}"): Action.CASES_READ,
    ("POST", "/api/v1/cases/{case}/notes"): Action.CASES_WORK,
    ("POST", "/api/v1/cases/next"): Action.CASES_WORK,
    ("POST", "/api/v1/cases/{case}/take"): Action.CASES_WORK,
    ("POST", "/api/v1/cases/{case}/release"): Action.CASES_WORK,
    ("POST", "/api/v1/cases/{case}/assign"): Action.CASES_ASSIGN,
    ("POST", "/api/v1/cases/{case}/verdict"): Action.CASES_DISPOSE,
    ("POST", "/api/v1/cases/{case}/approve"): Action.CASES_APPROVE,
    ("POST", "/api/v1/cases/{case}/refuse"): Action.CASES_APPROVE,
    ("POST", "/api/v1/cases/{case}/withdraw"): Action.CASES_DISPOSE,
    ("POST", "/api/v1/cases/{case}/reopen"): Action.CASES_APPROVE,
    ("POST", "/api/v1/cases/{case}/suppressions"): Action.CASES_DISPOSE,
    ("GET", "/api/v1/reasons"): Action.CASES_READ,
    ("POST", "/api/v1/bulk/preview"): Action.CASES_BULK,
    ("GET", "/api/v1/bulk"): Action.CASES_READ,
    ("POST", "/api/v1/bulk"): Action.CASES_BULK,
    ("GET", "/api/v1/bulk/{number}"): Action.CASES_READ,
    ("POST", "/api/v1/bulk/{number}/approve"): Action.CASES_APPROVE,
    ("POST", "/api/v1/bulk/{number}/refuse"): Action.CASES_APPROVE,
    ("POST", "/api/v1/bulk/{number}/withdraw"): Action.CASES_BULK,
    ("GET", "/api/v1/suppressions"): Action.CASES_READ,
    ("GET", "/api/v1/suppressions/{number}"): Action.CASES_READ,
    ("POST", "/api/v1/suppressions/{number}/approve"): Action.CASES_APPROVE,
    ("POST", "/api/v1/suppressions/{number}/refuse"): Action.CASES_APPROVE,
    ("POST", "/api/v1/suppressions/{number}/end"): Action.CASES_DISPOSE,
    ("GET", "/api/v1/audit"): Action.AUDIT_READ,
    ("GET", "/api/v1/audit/verify"): Action.AUDIT_READ,
    ("GET", "/api/v1/keys"): Action.KEYS_MANAGE,
    ("POST", "/api/v1/keys"): Action.KEYS_MANAGE,
    ("POST", "/api/v1/keys/{key}/revoke"): Action.KEYS_MANAGE,
    ("GET", "/api/v1/users"): Action.USERS_READ,
    ("POST", "/api/v1/users"): Action.USERS_MANAGE,
    ("POST", "/api/v1/users/{name}/role"): Action.USERS_MANAGE,
    ("POST", "/api/v1/users/{name}/disable"): Action.USERS_MANAGE,
    ("POST", "/api/v1/users/{name}/enable"): Action.USERS_MANAGE,
}
"""(method, route as it is written) -> the action that the caller must be allowed, or `PUBLIC`."""

ON_THIS_MACHINE = frozenset({("GET", "/metrics")})
"""Open to this machine itself without a key: a scraper beside the server."""
