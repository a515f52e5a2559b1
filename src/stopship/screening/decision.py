"""Decisions: all findings, combined strictest first, with everything that is needed to decide again.

The JSON form is a contract with other programs; `decision.schema.json` beside this file describes it, and a test
holds every decision to it. No wall-clock time is inside: the same inputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

import orjson

from stopship.matching import Match
from stopship.matching.shown import Shown
from stopship.model.listing import Listing
from stopship.model.serialize import listing_to_plain
from stopship.rules import Finding, Question
from stopship.rules.outcome import Outcome, Scope
from stopship.screening.freshness import ListState
from stopship.screening.settings import Judgement

FORMAT = 1


@dataclass(frozen=True, slots=True)
class DecidedFinding:
    """A finding with the match that it rests on (None for findings on items, destination or lists)."""

    finding: Finding
    match: Match | None = None

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values with every field of the contract, empty ones as null or []."""
        finding, match = self.finding, self.match
        return {
            "rule": finding.rule,
            "outcome": finding.outcome.value,
            "scope": finding.scope.value,
            "review_policy": finding.review_policy.value if finding.review_policy else None,
            "status": finding.status,
            "match": finding.match,
            "if_confirmed": finding.if_confirmed.value if finding.if_confirmed else None,
            "party": finding.party,
            "owner": finding.owner,
            "item": finding.item,
            "entity_id": finding.entity_id,
            "program": finding.program,
            "listing": _listing(finding.listing) if finding.listing else None,
            "score": match.score if match else None,
            "band": match.band.value if match else None,
            "evidence": [*([evidence.text for evidence in match.evidence] if match else []), *finding.evidence],
            "text": finding.text,
            "citations": [{"text": c.text, "url": c.url} for c in finding.citations],
            "missing_facts": list(finding.missing_facts),
            "ownership": finding.ownership.to_plain() if finding.ownership else None,
            "license": finding.license,
        }


@dataclass(frozen=True, slots=True)
class Decision(Shown):
    """The answer to one order. Frozen; made only by `Screener.screen`."""

    outcome: Outcome
    outcomes_by_scope: Mapping[Scope, Outcome]
    as_of: date
    transaction: Mapping[str, Any]
    assumptions: tuple[str, ...]
    questions: tuple[Question, ...]
    findings: tuple[DecidedFinding, ...]
    lists: tuple[ListState, ...]
    settings: str
    ownership: str | None
    judgements: tuple[Judgement, ...]
    rulebook: str
    index: str
    engine: str

    def to_plain(self) -> dict[str, Any]:
        """The contract's JSON form as a dict."""
        return {
            "format": FORMAT,
            "outcome": self.outcome.value,
            "outcomes_by_scope": {scope.value: self.outcomes_by_scope[scope].value for scope in Scope},
            "as_of": self.as_of.isoformat(),
            "transaction": dict(self.transaction),
            "assumptions": list(self.assumptions),
            "questions": [{"rule": q.rule, "fact": q.fact, "text": q.text} for q in self.questions],
            "findings": [finding.to_plain() for finding in self.findings],
            "lists": [state.to_plain() for state in self.lists],
            "settings": self.settings,
            "ownership": self.ownership,
            "judgements": [judgement.to_plain() for judgement in self.judgements],
            "rulebook": self.rulebook,
            "index": self.index,
            "engine": self.engine,
        }

    def to_json(self, *, indent: bool = False) -> bytes:
        """The contract's JSON form as UTF-8 bytes, the same for the same inputs."""
        return orjson.dumps(self.to_plain(), option=orjson.OPT_INDENT_2 if indent else None)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a decision."""
    text = (resources.files("stopship.screening") / "decision.schema.json").read_bytes()
    schema: dict[str, Any] = orjson.loads(text)
    return schema


def _listing(listing: Listing) -> dict[str, Any]:
    """As printed; the fields that a reader of any program may rely on are always there."""
    always = {"name": listing.name, "license_requirement": "", "license_policy": "", "citation": ""}
    return always | listing_to_plain(listing)
