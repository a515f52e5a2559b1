"""What the rules are asked about and what they answer: subjects in; findings and questions out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from stopship.model.listing import Listing
from stopship.model.values import Direction, Role, Schema
from stopship.rules.citation import Citation
from stopship.rules.outcome import Outcome, ReviewPolicy, Scope, Status, combine_scopes
from stopship.rules.ownership_shown import Evidence

CONFIRMED = "confirmed"
POSSIBLE = "possible"
JUDGED_FALSE = "judged_false"


@dataclass(frozen=True, slots=True)
class Subject:
    """One match of a party, or of one of its owners, with one listing, as the rules see it.

    Attributes:
        party: number of the party in the order.
        owner: path of the owner ("0.1") or id of a holder in ownership data; None for the party itself.
        match: `confirmed`, `possible` or `judged_false`.
        how: `name`, `identifier`, `address` or `same_building`.
    """

    party: int
    owner: str | None
    role: Role
    entity_id: str
    entity_name: str
    entity_schema: Schema
    listing: Listing
    match: str = CONFIRMED
    how: str = "name"

    @property
    def address_only(self) -> bool:
        """Whether the list names no one here, only an address (15 CFR 744.16(a))."""
        return self.entity_schema is Schema.ADDRESS


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fires, with the fields of the decision's JSON; `score` and `band` are the match's.

    `evidence` is what the finding rests on besides a match, as printed: rows of tables. `ownership` is the path
    and the arithmetic of a rule on owners; `license` is the number of the held license that answers it.
    """

    rule: str
    outcome: Outcome
    scope: Scope
    text: str
    citations: tuple[Citation, ...] = ()
    review_policy: ReviewPolicy | None = None
    status: Status = Status.IN_FORCE
    match: str | None = None
    if_confirmed: Outcome | None = None
    item: int | None = None
    missing_facts: tuple[str, ...] = ()
    subject: Subject | None = None
    about_party: int | None = None
    evidence: tuple[str, ...] = ()
    ownership: Evidence | None = None
    license: str | None = None

    @classmethod
    def plain(cls, *, rule: str, outcome: Outcome, scope: Scope, text: str) -> Finding:
        """A finding that rests on no match: on an item, a destination, a list."""
        return cls(rule=rule, outcome=outcome, scope=scope, text=text)

    @property
    def effective(self) -> bool:
        """Whether it counts: the rule takes effect and no person has judged the match false."""
        return self.status.takes_effect and self.match != JUDGED_FALSE

    @property
    def party(self) -> int | None:
        return self.subject.party if self.subject else self.about_party

    @property
    def owner(self) -> str | None:
        return self.subject.owner if self.subject else None

    @property
    def entity_id(self) -> str | None:
        return self.subject.entity_id if self.subject else None

    @property
    def program(self) -> str | None:
        return self.subject.listing.program if self.subject else None

    @property
    def listing(self) -> Listing | None:
        return self.subject.listing if self.subject else None

    def citing(self, citations: Iterable[Citation]) -> Finding:
        """The same finding that cites these too, each once."""
        return replace(self, citations=tuple(dict.fromkeys((*self.citations, *citations))))


@dataclass(frozen=True, slots=True)
class Question:
    """What a catch-all rule asks. It has no effect until the order answers `fact`, under `facts`."""

    rule: str
    fact: str
    text: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that the rules say of one order, in an order that depends on nothing but the input."""

    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    assumptions: tuple[str, ...] = ()


def combine(findings: Iterable[Finding], direction: Direction) -> tuple[Outcome, Mapping[Scope, Outcome]]:
    """Combine what takes effect, strictest first.

    Args:
        findings: of one order; those without effect are passed over.
        direction: of the order; says which scopes govern it.

    Returns:
        The outcome over the governing scopes, and the outcome in each of the six.
    """
    return combine_scopes(((f.scope, f.outcome) for f in findings if f.effective), direction)
