"""The use case: one transaction in, one decision out.

`Screener.screen` is pure. It asks no clock, no network and no database; whatever it depends on is an argument and
is recorded in the decision by value or by hash. Command line, API, web and every cluster worker call it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from stopship.matching import DEFAULT_THRESHOLD, Index, Match, Matcher, MatchKind, Query
from stopship.matching.links import links_of
from stopship.model.party import Party
from stopship.model.serialize import order_to_plain
from stopship.model.structure import Structure
from stopship.model.transaction import Transaction
from stopship.model.values import Role, Schema
from stopship.ownership import OwnershipGraph, join
from stopship.rules import Evaluation, Finding, Rulebook, Subject, combine, evaluate
from stopship.rules.citation import Citation
from stopship.rules.outcome import Outcome, governing
from stopship.screening.decision import DecidedFinding, Decision
from stopship.screening.freshness import ListState, clear_is_barred, in_force
from stopship.screening.owners import best_matches, bounded_findings, holder_queries, verdict_on_ties
from stopship.screening.settings import Judgement, Settings
from stopship.version import __version__

ENGINE = f"stopship {__version__}"
LIST_RULE = "stopship.lists.freshness"
"""The one finding that isn't from the rulebook: a list is too old, or only the starter list is there."""

STALE_ACCEPTED = "stale lists accepted: "
"""What the assumption begins with that records why stale lists were accepted."""


@dataclass(frozen=True, slots=True)
class _PartyMatch:
    party: int
    owner: str | None
    role: Role
    match: Match
    verdict: str


class Screener:
    """Joins matching and rules.

    Args:
        index: the lists that parties are looked up in, one snapshot a source, chosen for the date by the caller.
        rulebook: the rules.
        ownership: a graph of stakes from outside of the order, joined with the owners that an order names.
    """

    def __init__(self, index: Index, rulebook: Rulebook, ownership: OwnershipGraph | None = None) -> None:
        self._index = index
        self._rulebook = rulebook
        self._ownership = ownership
        self._matchers: dict[float | None, Matcher] = {}

    def screen(
        self,
        transaction: Transaction,
        *,
        as_of: date,
        settings: Settings | None = None,
        judgements: Sequence[Judgement] = (),
    ) -> Decision:
        """Decide one transaction as of a date.

        Args:
            transaction: the order; see `stopship.model.order.read_order`.
            as_of: the day for which rules and lists are taken.
            settings: exporter, pinned rules, thresholds.
            judgements: people's verdicts on matches, supplied from above.

        Returns:
            A decision whose findings are ordered strictest first, then by party, item and rule.
        """
        settings = settings or Settings()
        counting = [j for j in judgements if j.counts_on(as_of)]
        states = tuple(ListState(listed, as_of) for listed in self._index.lists)
        structure = join(self._ownership, transaction, as_of=as_of, verdict=verdict_on_ties(counting))
        matches = [
            self._linked(found, as_of) for found in self._matches(transaction, structure, settings, counting)
        ]
        subjects: list[Subject] = []
        behind: dict[Subject, Match] = {}
        for found in matches:
            for subject in _subjects(found, as_of):
                subjects.append(subject)
                behind[subject] = found.match
        evaluation = evaluate(
            self._rulebook,
            transaction,
            subjects,
            as_of=as_of,
            exporter=transaction.exporter or settings.exporter,
            pinned=dict(settings.pinned),
            structure=structure,
        )
        findings = list(_one_per_source(evaluation.findings))
        findings += bounded_findings(structure, transaction)
        findings += _freshness_findings(findings, states, transaction, settings)
        outcome, by_scope = combine(findings, transaction.direction)
        decided = [DecidedFinding(f, behind.get(f.subject) if f.subject else None) for f in findings]
        return Decision(
            outcome=outcome,
            outcomes_by_scope=by_scope,
            as_of=as_of,
            transaction=_as_given(transaction),
            assumptions=_assumptions(transaction, evaluation, states, settings),
            questions=evaluation.questions,
            findings=tuple(sorted(decided, key=_reading_order)),
            lists=states,
            settings=settings.content_hash,
            ownership=self._ownership.content_hash if self._ownership is not None else None,
            judgements=tuple(judgements),
            rulebook=self._rulebook.version,
            index=self._index.content_hash,
            engine=ENGINE,
        )

    def _matches(
        self, transaction: Transaction, structure: Structure, settings: Settings, judgements: Sequence[Judgement]
    ) -> Iterator[_PartyMatch]:
        """Every alerting match of every party and owner; nobody is skipped because of role or tier."""
        matcher = self._matcher(settings.threshold)
        for number, owner, who in transaction.everyone():
            for match in matcher.match(party_query(who)):
                if match.alert:
                    verdict = _verdict(match, number, owner, judgements)
                    yield _PartyMatch(number, owner, who.role, match, verdict)
        found: dict[str, list[Match]] = {}
        for number, node in structure.holders_above():
            if node.id not in found:
                first = [party_query(node.party)] if node.party is not None else []
                found[node.id] = best_matches(matcher, [*first, *holder_queries(node.holders)])
            for match in found[node.id]:
                yield _PartyMatch(number, node.id, Role.OWNER, match, _verdict(match, number, node.id, judgements))

    def _linked(self, found: _PartyMatch, as_of: date) -> _PartyMatch:
        """The match with a line for each entry of another list that is the same party by an official number."""
        lines = tuple(
            link.evidence
            for link in links_of(self._index, found.match.entity)
            if any(in_force(listing, as_of) for listing in link.entity.listings)
        )
        return (
            replace(found, match=replace(found.match, evidence=(*found.match.evidence, *lines)))
            if lines
            else found
        )

    def _matcher(self, threshold: float | None) -> Matcher:
        if threshold not in self._matchers:
            chosen = DEFAULT_THRESHOLD if threshold is None else threshold
            self._matchers[threshold] = Matcher(self._index, threshold=chosen)
        return self._matchers[threshold]


def party_query(party: Party) -> Query:
    """What is looked up for a party: all that the order says of it. The name of an address is an address."""
    addresses = (party.address, party.name if party.schema is Schema.ADDRESS else None)
    return Query(
        name=party.name,
        schema=party.schema,
        countries=(party.country,) if party.country else (),
        addresses=tuple(text for text in addresses if text),
        identifiers=party.identifiers,
        birth_dates=(party.birth_date,) if party.birth_date else (),
        registration_dates=(party.registration_date,) if party.registration_date else (),
    )


def _verdict(match: Match, party: int, owner: str | None, judgements: Sequence[Judgement]) -> str:
    """`confirmed`, `possible` or `judged_false`; the last judgement that was made on the pair counts."""
    for judgement in reversed(judgements):
        if (judgement.party, judgement.owner, judgement.entity_id) == (party, owner, match.entity.id):
            return "judged_false" if judgement.verdict == "false" else "confirmed"
    # What is compared there is a place, not who somebody is: that two addresses are the same needs no judgement,
    # and the rules make no more than a red flag of it, except for rows that list the address itself.
    at_a_place = match.kind in (MatchKind.ADDRESS, MatchKind.SAME_BUILDING)
    return "confirmed" if match.confirmed or at_a_place else "possible"


def _subjects(found: _PartyMatch, as_of: date) -> Iterator[Subject]:
    how = {
        MatchKind.NAME: "name",
        MatchKind.IDENTIFIER: "identifier",
        MatchKind.ADDRESS: "address",
        MatchKind.SAME_BUILDING: "same_building",
    }[found.match.kind]
    entity = found.match.entity
    for listing in entity.listings:
        if in_force(listing, as_of):
            yield Subject(
                party=found.party,
                owner=found.owner,
                role=found.role,
                entity_id=entity.id,
                entity_name=entity.caption,
                entity_schema=entity.schema,
                listing=listing,
                match=found.verdict,
                how=how,
            )


def _one_per_source(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The same program and entity from two sources is one finding that cites both.

    They are the same where the same would follow if the match were confirmed; the stricter one is kept.
    """
    kept: dict[tuple[Any, ...], Finding] = {}
    for number, finding in enumerate(findings):
        subject = finding.subject
        key: tuple[Any, ...] = (number,)
        if subject is not None:
            effect = finding.if_confirmed or finding.outcome
            key = (finding.rule, finding.scope, effect, finding.party, finding.owner, finding.item)
            key += (finding.entity_id, finding.program)
            twin = kept.get(key)
            if twin is not None and twin.subject is not None:
                if twin.subject.listing.source != subject.listing.source:
                    first, second = sorted((twin, finding), key=lambda f: (not f.effective, f.outcome.rank))
                    kept[key] = first.citing((*_printed_by(first), *second.citations, *_printed_by(second)))
                    continue
                key += (number,)
        kept[key] = finding
    yield from kept.values()


def _printed_by(finding: Finding) -> Iterator[Citation]:
    """The entry itself, as its source prints it."""
    if finding.listing is not None:
        yield Citation(f"{finding.listing.source}: {finding.listing.name}", finding.listing.url)


def _freshness_findings(
    findings: Sequence[Finding], states: Sequence[ListState], transaction: Transaction, settings: Settings
) -> list[Finding]:
    """One finding a governing scope where the order would be clear but the lists can't carry that."""
    outcome, _ = combine(findings, transaction.direction)
    if outcome is not Outcome.CLEAR:
        return []
    reasons = clear_is_barred(states, allow_stale=settings.allow_stale)
    if not reasons:
        return []
    text = "Not clear: " + "; ".join(reasons) + ". Bring the lists up to date and screen again."
    return [
        Finding.plain(rule=LIST_RULE, outcome=Outcome.INDETERMINATE, scope=scope, text=text)
        for scope in governing(transaction.direction)
    ]


def _assumptions(
    transaction: Transaction, evaluation: Evaluation, states: Sequence[ListState], settings: Settings
) -> tuple[str, ...]:
    lines = [*transaction.warnings, *evaluation.assumptions]
    for state in states:
        lines += state.warnings()
    if settings.allow_stale:
        lines.append(f"{STALE_ACCEPTED}{settings.allow_stale}")
    return tuple(lines)


def _as_given(transaction: Transaction) -> dict[str, Any]:
    """The order as it was handed in, or, where it was made in code, in the form in which one is handed in."""
    return dict(transaction.given) if transaction.given else order_to_plain(transaction)


def _reading_order(decided: DecidedFinding) -> tuple[Any, ...]:
    """Effective before informational, strictest first, then as the order lists its parties and items."""
    finding = decided.finding
    return (
        not finding.effective,
        finding.outcome.rank,
        -1 if finding.party is None else finding.party,
        finding.owner or "",
        -1 if finding.item is None else finding.item,
        finding.rule,
        finding.scope.value,
        finding.entity_id or "",
    )
