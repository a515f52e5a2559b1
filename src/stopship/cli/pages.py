"""The printed page of a decision: outcome first, then each reason with what matched, what the law says, quoted as
printed, and where to read it; then the lists with their ages."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from stopship.cli.terminal import field, heading, wrap
from stopship.rules.outcome import Outcome
from stopship.screening.decision import DecidedFinding, Decision
from stopship.screening.freshness import ListState
from stopship.screening.owners_tree import owners_tree
from stopship.screening.reading import (
    MOST_EVIDENCE,
    OUTCOME_WORDS,
    WHAT_NEXT,
    by_reason,
    counting_findings,
    governing_scopes,
    listed_as,
    shortlist,
)


def decision_page(decision: Decision) -> list[str]:
    """The page as lines of text."""
    return list(_page(decision))


def _page(decision: Decision) -> Iterator[str]:
    yield heading(f"{OUTCOME_WORDS[decision.outcome]}", decision.outcome.value)
    yield f"as of {decision.as_of.isoformat()}. {WHAT_NEXT[decision.outcome]}"
    yield ""
    yield from _order(decision)
    scopes = governing_scopes(decision)
    counting = counting_findings(decision)
    elsewhere = [f for f in decision.findings if f.finding.effective and f.finding.scope not in scopes]
    silent = [f for f in decision.findings if not f.finding.effective]
    yield from _section("Why", counting, decision)
    yield from _section("Also found, in scopes that do not govern this order", elsewhere, decision)
    yield from _section("Reported without effect", silent, decision)
    if decision.questions:
        yield "Questions that could change the answer (state the fact under facts: in the order)"
        for question in {q.fact: q for q in decision.questions}.values():
            yield from wrap(f"- {question.text} [{question.fact}]", "   ", "     ")
        yield ""
    if decision.assumptions:
        yield "Taken as given"
        for line in decision.assumptions:
            yield from wrap(f"- {line}", "   ", "     ")
        yield ""
    yield "Lists consulted"
    for state in decision.lists:
        yield from wrap(_list_line(state), "   ", "     ")
    yield f"   rulebook {decision.rulebook}"
    yield f"   index {decision.index}"
    yield f"   engine {decision.engine}"


def _order(decision: Decision) -> Iterator[str]:
    order = decision.transaction
    for number, party in enumerate(order.get("parties") or []):
        place = ", ".join(str(party[k]) for k in ("address", "country") if party.get(k))
        who = str(party.get("name") or "(no name)")
        yield from field(
            f"Party {number}", f"{_words(str(party.get('role', '')))}: {who}{f' ({place})' if place else ''}", 0
        )
    for number, item in enumerate(order.get("items") or []):
        yield from field(f"Item {number}", _item_words(item), 0)
    if order.get("destination"):
        yield from field("To", str(order["destination"]).upper(), 0)
    if order.get("end_use"):
        yield from field("End use", str(order["end_use"]), 0)
    yield ""


def _how_to_mend(fact: str, decision: Decision) -> Iterator[str]:
    """For an ECCN that isn't stated: which entries to read for the item's description."""
    items = decision.transaction.get("items") or []
    numbered = re.fullmatch(r"item\.(\d+)\.eccn", fact)
    item = items[int(numbered[1])] if numbered and int(numbered[1]) < len(items) else {}
    said = " ".join(str(item.get("description") or "").split())
    if said and not item.get("eccn"):
        yield from field("To mend", f"stopship items find {shlex.quote(said)} suggests entries to read")


def _item_words(item: dict[str, object]) -> str:
    code = item.get("eccn") or item.get("usml") or "classification not stated"
    return f"{item.get('description') or 'item'} [{code}]"


def _section(title: str, findings: Sequence[DecidedFinding], decision: Decision) -> Iterator[str]:
    if not findings:
        return
    yield title
    yield ""
    for number, alike in enumerate(by_reason(findings), start=1):
        yield from _finding(number, alike, decision)


def _finding(number: int, alike: Sequence[DecidedFinding], decision: Decision) -> Iterator[str]:
    decided = alike[0]
    finding, match = decided.finding, decided.match
    scopes = ", ".join(other.finding.scope.value for other in alike)
    head = f"{number}. {_words(finding.outcome.value)} ({scopes})"
    if finding.status != "in_force":
        head += f", {finding.status}"
    if finding.match == "possible" and finding.if_confirmed:
        head += f"; if confirmed: {_words(finding.if_confirmed.value)}"
    yield heading(head, finding.outcome.value)
    yield from wrap(finding.text, "   ")
    if match is not None and finding.party is not None:
        parties = decision.transaction.get("parties") or []
        who = f"party {finding.party}"
        ours = parties[finding.party].get("name") or parties[finding.party].get("address") if parties else ""
        if finding.owner:
            who, ours = f"owner {finding.owner} of {who}", ""
        theirs, also = listed_as(match)
        quality = f"{match.band.value}, {match.score:.2f}, {finding.match}"
        yield from field("Match", f"{who} {repr(ours) + ' ' if ours else ''}= {theirs!r}{also}: {quality}")
        for evidence in shortlist(match.evidence):
            yield from field("", f"- {evidence.text}")
        if len(match.evidence) > MOST_EVIDENCE:
            yield from field("", f"- and {len(match.evidence) - MOST_EVIDENCE} more (--json shows all)")
    if finding.item is not None:
        items = decision.transaction.get("items") or []
        yield from field(
            "Item", f"{finding.item}: {_item_words(items[finding.item])}" if items else str(finding.item)
        )
    for number_of_line, line in enumerate(finding.evidence):
        yield from field("As printed" if number_of_line == 0 else "", line)
    listing = finding.listing
    if listing is not None:
        since = f", since {listing.start.isoformat()}" if listing.start else ""
        until = f", printed end {listing.end.isoformat()}" if listing.end else ""
        yield from field("Listed as", f"{listing.name} [{listing.program}; {finding.entity_id}]{since}{until}")
        licensing = finding.review_policy or finding.outcome in (Outcome.LICENSE_REQUIRED, Outcome.INDETERMINATE)
        if listing.license_requirement and licensing:
            yield from field("Requirement", f"“{listing.license_requirement}”")
        if listing.license_policy and licensing:
            yield from field("Policy", f"“{listing.license_policy}”")
        if listing.caveat:
            yield from field("Caveat", listing.caveat)
    if finding.review_policy:
        yield from field("Review", _words(finding.review_policy.value))
    if finding.ownership is not None:
        for depth, line in owners_tree(finding.ownership):
            yield from field("" if depth else "Owned by", line, 3 + 3 * depth)
    if finding.license:
        yield from field("License", f"{finding.license}, confirmed by a person to cover this order")
    for fact in finding.missing_facts:
        yield from field("Missing", fact)
        yield from _how_to_mend(fact, decision)
    for citation in finding.citations:
        yield f"   {'Read':<12}{citation.text}  {citation.url}".rstrip()
    yield f"   {'Rule':<12}{finding.rule}"
    yield ""


def _list_line(state: ListState) -> str:
    listed = state.listed
    dated = f"published {listed.published}" if listed.published else f"retrieved {listed.retrieved}"
    stale = f", STALE (limit {listed.limit_days} days)" if state.stale else ""
    age = (
        f"{state.age_days} days old{stale}"
        if state.basis == "snapshot"
        else "younger than the date, cut by listing dates"
    )
    return f"{listed.source}: {listed.entries:,} entries, {dated}, {age}"


def _words(code: str) -> str:
    return code.replace("_", " ")
