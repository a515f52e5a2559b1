"""Outcomes, scopes and review policies, and how several are combined (`docs/reference/decision.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from stopship.model.values import Direction


class Outcome(StrEnum):
    """What follows for an order, declared strictest first."""

    PROHIBITED = "prohibited"
    LICENSE_REQUIRED = "license_required"
    INDETERMINATE = "indeterminate"
    REVIEW = "review"
    CONDITIONS = "conditions"
    CLEAR = "clear"

    @property
    def rank(self) -> int:
        """0 for the strictest."""
        return _RANK[self]


_RANK = {outcome: number for number, outcome in enumerate(Outcome)}


class Scope(StrEnum):
    """What an outcome bears on: an investment ban is not an export ban."""

    EXPORT = "export"
    FINANCE = "finance"
    IMPORT = "import"
    PROCUREMENT = "procurement"
    INVESTMENT = "investment"
    TRAVEL = "travel"


class ReviewPolicy(StrEnum):
    """How the authority says that it will look at a license application."""

    PRESUMPTION_OF_DENIAL = "presumption_of_denial"
    POLICY_OF_DENIAL = "policy_of_denial"
    CASE_BY_CASE = "case_by_case"
    PRESUMPTION_OF_APPROVAL = "presumption_of_approval"
    AS_STATED = "as_stated"


class Status(StrEnum):
    """Whether a finding takes effect. `unconfirmed` does, and says so; `suspended` and `information` do not."""

    IN_FORCE = "in_force"
    UNCONFIRMED = "unconfirmed"
    SUSPENDED = "suspended"
    INFORMATION = "information"

    @property
    def takes_effect(self) -> bool:
        return self in (Status.IN_FORCE, Status.UNCONFIRMED)


def strictest(outcomes: Iterable[Outcome]) -> Outcome:
    """The strictest of some outcomes; `clear` where there is none."""
    return min(outcomes, key=lambda outcome: outcome.rank, default=Outcome.CLEAR)


Combined = tuple[Outcome, Mapping[Scope, Outcome]]
_SALE = (Scope.EXPORT, Scope.FINANCE)
_PURCHASE = (Scope.IMPORT, Scope.PROCUREMENT, Scope.FINANCE)


def governing(direction: Direction) -> tuple[Scope, ...]:
    """The scopes that an order is governed by: a sale by export and finance, a purchase by import, procurement
    and finance."""
    return _PURCHASE if direction in (Direction.IMPORT, Direction.PURCHASE) else _SALE


def combine_scopes(effective: Iterable[tuple[Scope, Outcome]], direction: Direction) -> Combined:
    """Strictest first in each of the six scopes, and over those that govern the order.

    Args:
        effective: scope and outcome of every finding that takes effect.
        direction: of the order.
    """
    by_scope = dict.fromkeys(Scope, Outcome.CLEAR)
    for scope, outcome in effective:
        by_scope[scope] = strictest((by_scope[scope], outcome))
    return strictest(by_scope[scope] for scope in governing(direction)), by_scope
