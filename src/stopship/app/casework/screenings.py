"""What a screening saw, in the form in which it is kept and becomes cases."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from stopship.cases.matches import PartyMatches, SeenEntry, SeenMatch, SeenScreening
from stopship.cases.parties import SeenParty, seen_party
from stopship.matching import Index, Match
from stopship.model.order import read_order
from stopship.model.party import Party
from stopship.model.serialize import entity_to_plain
from stopship.model.transaction import Transaction
from stopship.ownership import OwnershipGraph
from stopship.screening import Decision
from stopship.screening.decision import DecidedFinding

AT_A_PLACE = ("address", "same_building")
"""Matches of a place: they say nothing about who somebody is, and need no judgement."""
_NODE = re.compile(r"party\.(\d+)(?:\.owner\.([\d.]+))?")


class Entries:
    """Listed entities as an index holds them, each with the hash of what is printed of it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._held: dict[str, SeenEntry | None] = {}

    def find(self, entity_id: str) -> SeenEntry | None:
        """The entity of this id, with the entries of all lists that have it; None where none has."""
        if entity_id not in self._held:
            numbers = self._index.lookup("id", entity_id)
            entities = [
                entity for number in numbers if (entity := self._index.entity_number(number)).id == entity_id
            ]
            printed = sorted(
                orjson.dumps(entity_to_plain(entity), option=orjson.OPT_SORT_KEYS).decode() for entity in entities
            )
            text = f"[{','.join(printed)}]"
            programs = sorted({listing.program for entity in entities for listing in entity.listings})
            self._held[entity_id] = (
                SeenEntry(entity_id, entities[0].caption, text, _digest(text), tuple(programs))
                if entities
                else None
            )
        return self._held[entity_id]

    def hash_of(self, entity_id: str) -> str | None:
        """The hash of what is printed of an entity now; None where no list has it."""
        found = self.find(entity_id)
        return found.hash if found is not None else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an order names somebody, or where ownership data put an owner: who that is, in what role, and the
    matches that a person must judge, by entity, each with the findings that rest on it."""

    party: SeenParty
    role: str
    matches: dict[str, tuple[Match, list[DecidedFinding]]] = field(default_factory=dict)


def places_of(decision: Decision, graph: OwnershipGraph | None = None) -> dict[tuple[int, str | None], Place]:
    """Everybody whom a decision is about, by party number and owner as its findings name them.

    Args:
        graph: the ownership data that it was made with, for the names of owners whom the order doesn't name.
    """
    order = read_order(dict(decision.transaction))
    places = {
        (number, owner): Place(party_of(who), _role(order, number, owner))
        for number, owner, who in order.everyone()
    }
    for decided in decision.findings:
        subject, match = decided.finding.subject, decided.match
        if subject is None or match is None or decided.finding.match is None or subject.how in AT_A_PLACE:
            continue
        key = (subject.party, subject.owner)
        if key not in places and subject.owner is not None:
            named = _NODE.fullmatch(subject.owner)
            same = places.get((int(named[1]), named[2])) if named else None
            role = _role(order, subject.party, subject.owner)
            places[key] = Place(same.party if same else _holder(subject.owner, graph), same.role if same else role)
        places[key].matches.setdefault(match.entity.id, (match, []))[1].append(decided)
    return places


def of_decision(
    decision: Decision, entries: Entries, reference: str, graph: OwnershipGraph | None = None
) -> SeenScreening:
    """A decision as a screening: all parties and owners of the order, with the matches that a person must judge.

    Args:
        decision: as the screener made it.
        entries: of the index that it was made with.
        reference: the hash under which it is kept.
        graph: as of `places_of`.
    """
    places = places_of(decision, graph)
    return SeenScreening(
        kind="decision",
        outcome=decision.outcome.value,
        reference=reference,
        parties=len(places),
        index=decision.index,
        engine=decision.engine,
        lists={state.listed.source: state.listed.snapshot for state in decision.lists},
        found=tuple(
            PartyMatches(
                place.party,
                tuple(
                    seen
                    for entity_id, (match, findings) in place.matches.items()
                    if (seen := _decided(entries, entity_id, match, findings)) is not None
                ),
                reference=place.role,
            )
            for place in places.values()
        ),
        details={
            "as_of": decision.as_of.isoformat(),
            "rulebook": decision.rulebook,
            "settings": decision.settings,
        },
    )


def of_hits(
    party: SeenParty,
    hits: Iterable[Mapping[str, Any]],
    entries: Entries,
    *,
    reference: str = "",
    complete: bool = True,
) -> PartyMatches:
    """A party that was screened by its name, with its hits as `screen` writes them; those that alert count."""
    best: dict[str, SeenMatch] = {}
    for hit in hits:
        entry = entries.find(hit["entity_id"])
        if not hit["alert"] or entry is None:
            continue
        seen = SeenMatch(entry, float(hit["score"]), hit["band"], orjson.loads(orjson.dumps(dict(hit))))
        if entry.entity_id not in best or seen.score > best[entry.entity_id].score:
            best[entry.entity_id] = seen
    return PartyMatches(party, tuple(best.values()), complete=complete, reference=reference)


def of_names(
    found: Iterable[PartyMatches], index: Index, engine: str, *, kind: str, reference: str, parties: int
) -> SeenScreening:
    """Parties that were screened by their names, as one screening."""
    kept = tuple(found)
    return SeenScreening(
        kind=kind,
        outcome="hit" if any(one.matches for one in kept) else "no_hit",
        reference=reference,
        parties=parties,
        index=index.content_hash,
        engine=engine,
        lists={listed.source: listed.snapshot for listed in index.lists},
        found=kept,
    )


def party_of(party: Party) -> SeenParty:
    """A party of an order, or an owner, as a subject."""
    return seen_party(
        {
            "name": party.name,
            "schema": party.schema.value,
            "country": party.country,
            "address": party.address,
            "identifiers": [
                {"type": i.type, "value": i.value, **({"country": i.country} if i.country else {})}
                for i in party.identifiers
            ],
            "birth_date": str(party.birth_date) if party.birth_date else None,
            "registration_date": str(party.registration_date) if party.registration_date else None,
        }
    )


def _holder(node: str, graph: OwnershipGraph | None) -> SeenParty:
    """An owner from ownership data, told by its id there."""
    number = graph.number_of(node) if graph is not None else None
    fields: dict[str, Any] = {"name": node}
    if graph is not None and number is not None:
        holder = graph.holder(number)
        country = holder.countries[0] if holder.countries else None
        fields = {"name": holder.caption, "schema": holder.schema.value, "country": country}
    return seen_party(fields, system="ownership", system_id=node)


def _role(order: Transaction, number: int, owner: str | None) -> str:
    role = order.parties[number].role.value.replace("_", " ")
    return role if owner is None else f"owner of {role}"


def _decided(entries: Entries, entity_id: str, match: Match, findings: list[DecidedFinding]) -> SeenMatch | None:
    entry = entries.find(entity_id)
    if entry is None:
        return None
    hit = {
        "name": match.name.text if match.name else match.entity.caption,
        "kind": match.kind.value,
        "confirmed": match.confirmed,
        "evidence": [evidence.text for evidence in match.evidence],
        "signals": [[evidence.kind, evidence.relation] for evidence in match.evidence],
        "findings": [finding.to_plain() for finding in findings],
    }
    return SeenMatch(entry, match.score, match.band.value, hit)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
