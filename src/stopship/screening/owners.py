"""Owners from ownership data in a screening: how they are looked up, people's word on who they are, and what
couldn't be looked up, so that an order isn't called clear."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from stopship.matching import Match, Matcher, MatchKind, Query
from stopship.model.stake import Holder
from stopship.model.structure import Structure
from stopship.model.transaction import Transaction
from stopship.model.values import Share
from stopship.rules import Finding
from stopship.rules.outcome import Outcome, governing
from stopship.screening.settings import Judgement

OWNERS_RULE = "stopship.ownership.bounds"
"""Not from the rulebook: not every owner of a party was screened."""


def holder_queries(holders: Iterable[Holder]) -> Iterator[Query]:
    """What is looked up for holders: each of their names, or the identifiers of one that has none."""
    for holder in holders:
        for name in holder.names or ("",):
            yield Query(
                name=name,
                schema=holder.schema,
                countries=holder.countries,
                identifiers=holder.identifiers,
                birth_dates=(holder.birth_date,) if holder.birth_date else (),
            )


def best_matches(matcher: Matcher, queries: Iterable[Query]) -> list[Match]:
    """Alerting matches of one who has several names, the best one for each entity."""
    best: dict[tuple[str, MatchKind], Match] = {}
    for query in queries:
        for match in matcher.match(query):
            if match.alert:
                key = (match.entity.id, match.kind)
                before = best.get(key)
                if before is None or (match.confirmed, match.score) > (before.confirmed, before.score):
                    best[key] = match
    return list(best.values())


def verdict_on_ties(judgements: Sequence[Judgement]) -> Callable[[int, str | None, str], bool | None]:
    """People's word on whether a party is a holder: a judgement whose entity is the holder's id, the last one."""
    said = {(j.party, j.owner, j.entity_id): j.verdict != "false" for j in judgements}
    return lambda party, owner, holder: said.get((party, owner, holder))


def bounded_findings(structure: Structure, order: Transaction) -> Iterator[Finding]:
    """One finding a governing scope for each party whose owners weren't all looked up.

    More owners than the bound make the answer `indeterminate`, unless the order states what share listed persons
    own of the party in all, and that is less than half. Too many holders of one name, each of which the party may
    be, make a `review`."""
    for party, why in sorted(structure.bounded.items()):
        fact = f"party.{party}.listed_owners.share"
        stated = order.fact(fact)
        if stated is None or Share.parse(stated).high >= 50:
            text = f"Not clear: {why}; no more are looked up. State {fact}, or screen the owners by themselves."
            yield from _findings(order, party, Outcome.INDETERMINATE, text, (fact,))
    for party, why in sorted(structure.namesakes.items()):
        yield from _findings(order, party, Outcome.REVIEW, f"Not clear: {why}.", ())


def _findings(
    order: Transaction, party: int, outcome: Outcome, text: str, missing: tuple[str, ...]
) -> Iterator[Finding]:
    for scope in governing(order.direction):
        yield Finding(
            rule=OWNERS_RULE, outcome=outcome, scope=scope, text=text, missing_facts=missing, about_party=party
        )
