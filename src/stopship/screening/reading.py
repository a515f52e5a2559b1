"""How a decision is read: the words of its outcome, which findings it rests on, and what of a match to show first.
Every page of a decision, whatever it is written in, says it so."""

from __future__ import annotations

from collections.abc import Sequence

from stopship.matching import Evidence, Match
from stopship.model.values import Direction
from stopship.rules.outcome import Outcome, Scope, governing
from stopship.screening.decision import DecidedFinding, Decision

OUTCOME_WORDS = {
    Outcome.PROHIBITED: "PROHIBITED",
    Outcome.LICENSE_REQUIRED: "LICENSE REQUIRED",
    Outcome.INDETERMINATE: "INDETERMINATE: it can't be decided yet",
    Outcome.REVIEW: "REVIEW: a possible match must be judged first",
    Outcome.CONDITIONS: "CONDITIONS: may go, with a duty",
    Outcome.CLEAR: "CLEAR: no restriction found in the lists and rules consulted",
}
WHAT_NEXT = {
    Outcome.PROHIBITED: "Do not ship and do not deal. Take it to your compliance officer or counsel.",
    Outcome.LICENSE_REQUIRED: "Do not ship without a license; the review policy says how one is judged.",
    Outcome.INDETERMINATE: "Do not ship yet. Find what is named below and check again.",
    Outcome.REVIEW: "Do not ship yet. A person must judge whether the party is the listed one.",
    Outcome.CONDITIONS: "May go once the duties below are met; keep the record.",
    Outcome.CLEAR: "This is not advice and not a promise of safety; keep the record.",
}
MOST_EVIDENCE = 6


def counting_findings(decision: Decision) -> list[DecidedFinding]:
    """The findings that the outcome rests on: effective, and in a scope that governs the order."""
    scopes = governing_scopes(decision)
    return [f for f in decision.findings if f.finding.effective and f.finding.scope in scopes]


def governing_scopes(decision: Decision) -> tuple[Scope, ...]:
    """The scopes that govern the order: a sale's or a purchase's."""
    direction = str(decision.transaction.get("direction") or Direction.EXPORT.value).lower()
    return governing(Direction(direction))


def by_reason(findings: Sequence[DecidedFinding]) -> list[list[DecidedFinding]]:
    """Findings that differ in scope alone, together: a rule that bears on export and finance is one reason."""
    groups: dict[tuple[object, ...], list[DecidedFinding]] = {}
    for decided in findings:
        f = decided.finding
        key = (f.rule, f.outcome, f.status, f.match, f.party, f.owner, f.item, f.entity_id, f.text)
        groups.setdefault(key, []).append(decided)
    return list(groups.values())


def shortlist(lines: Sequence[Evidence]) -> list[Evidence]:
    """The lines to print, in their order: what disagrees and what is said of more than the name before words."""
    names = ("token", "legal_form")
    first = sorted(lines, key=lambda line: (line.relation != "mismatch", line.kind in names))
    kept = {id(line) for line in first[:MOST_EVIDENCE]}
    return [line for line in lines if id(line) in kept]


def listed_as(match: Match) -> tuple[str, str]:
    """What on the list was matched, and whose it is where that is another text."""
    if match.name is None:
        return match.evidence[0].theirs if match.evidence else match.entity.caption, f" ({match.entity.caption})"
    also = "" if match.name.text == match.entity.caption else f" ({match.entity.caption})"
    return match.name.text, also
