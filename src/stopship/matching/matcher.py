"""Looks a party up: candidates, scores, what corroborates or contradicts, and what follows for alert and band."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from stopship.matching.addresses import AddressHit, find_addresses, in_care, names_in_care, other_address
from stopship.matching.candidates import BruteForce, Candidates
from stopship.matching.compare.countries import compare_countries
from stopship.matching.compare.dates import compare_dates
from stopship.matching.compare.identifiers import (
    compare_identifiers,
    identifier_keys,
    identifiers_of,
    named_identifiers,
)
from stopship.matching.compare.schemas import compare_schemas, schema_by_name
from stopship.matching.compare.signal import Signal
from stopship.matching.evidence import BAND_ORDER, Band, Comparison, Evidence, Match, MatchKind
from stopship.matching.explain import explain_names
from stopship.matching.index import Index
from stopship.matching.kernels.columns import IS_EXACT
from stopship.matching.lookup import Lookup, compile_aside
from stopship.matching.prepare import prepare_name
from stopship.matching.query import Query
from stopship.matching.score import DEFAULT_THRESHOLD, NameScore, best_reading, score_readings
from stopship.model.entity import Entity
from stopship.model.values import NameKind, Schema
from stopship.names import Kind

if TYPE_CHECKING:
    from stopship.matching.sieve import KeptWords, Sieve

# A person's name is uncommon when its words say at least this much together (ten bits), two of them at least: a
# rare surname with a common given name does (Viktor Bout), two common words do not (Ivan Petrov).
UNCOMMON = 2.20
UNCOMMON_UNKNOWN = 1.00
# A score that so much of a list reaches that sifting saves nothing.
LEAST_SIFTED = 0.3
# Agreement may lift a name over the threshold, but not a name that has little in common with the listed one.
LIFT_FROM = 0.70


@dataclass(frozen=True, slots=True)
class _Signals:
    """What everything but the name says about one entity."""

    identifier: Signal
    schema: Signal
    others: tuple[Signal, ...]  # birth date, registration date, country
    address: AddressHit | None
    elsewhere: Evidence | None  # of addresses that have nothing in common

    def apply(self, score: float) -> float:
        """A name's score with disagreement taken off and agreement added."""
        signals = (self.identifier, self.schema, *self.others)
        for signal in signals:
            score *= signal.keep
        lift = 1.0
        for signal in signals:
            lift *= 1 - signal.lift
        if self.address is not None:
            lift *= 1 - self.address.lift
        return score + (1 - score) * (1 - lift) if score >= LIFT_FROM else score

    @property
    def contradicted(self) -> bool:
        """Whether a birth date, a registration date or number, or a country contradicts."""
        return self.identifier.contradicts or any(signal.contradicts for signal in self.others)

    @property
    def corroborated(self) -> bool:
        """Whether anything agrees."""
        return self.address is not None or any(s.corroborates for s in (self.identifier, *self.others))

    @property
    def strongly_corroborated(self) -> bool:
        """Whether something agrees that few share: not the country alone."""
        return self.address is not None or any(s.lift >= 0.2 for s in (self.identifier, *self.others))

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The lines of all of them."""
        lines = [line for s in (self.identifier, *self.others, self.schema) for line in s.evidence]
        address = self.address.evidence if self.address else self.elsewhere
        return (*lines, *((address,) if address else ()))


class Matcher:
    """Looks parties up in an index. Keeps only caches: the same query always gets the same answer."""

    def __init__(
        self,
        index: Index,
        *,
        threshold: float = DEFAULT_THRESHOLD,
        candidates: Candidates | None = None,
        exact: bool = False,
        words: KeptWords | None = None,
    ) -> None:
        """`candidates` is how readings are found: where none is given, by the tables of the index, or, on small
        lists and where `exact` is set, by comparing with the whole list.
        `words` are those of the names that will be sifted, where they were read before."""
        self.index = index
        self._words = words
        self.threshold = threshold
        self._candidates = candidates
        self._exact = exact

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self.index, self._candidates or self._default_candidates())

    def _default_candidates(self) -> Candidates:
        if self._exact or not self.index.searchable:
            return BruteForce(self.index)
        from stopship.matching.inverted import Inverted  # loads the compiler, which small lists do without

        return Inverted(self.index)

    def match(
        self, query: Query, *, min_score: float | None = None, limit: int | None = None
    ) -> tuple[Match, ...]:
        """All entities that may be the party, best first; ties by entity id.

        Args:
            query: whom to look for.
            min_score: None returns what alerts, and what would alert if a country, date, number or kind did not
                disagree (with `alert` False). A number returns all that is found with at least that score.
            limit: at most so many, the best ones.
        """
        if told := named_identifiers(query.name, query.schema):
            query = replace(query, identifiers=tuple(dict.fromkeys((*query.identifiers, *told))))
        addresses = find_addresses(self.index, query)
        numbers = self._by_identifier(query)
        names = self._by_name(query, min_score)
        matches: list[Match] = []
        for number in sorted({*names, *numbers, *addresses}):
            matches.extend(
                self._judge(query, number, names.get(number), addresses.get(number), number in numbers, min_score)
            )
        for name, text in names_in_care(query):
            known = {m.entity.id for m in matches if m.kind in (MatchKind.NAME, MatchKind.IDENTIFIER)}
            matches += [
                in_care(match, name, text)
                for match in self.match(Query(name))
                if match.alert and match.entity.id not in known
            ]
        matches.sort(key=lambda m: (not m.alert, -m.score, BAND_ORDER[m.band], m.entity.id, m.kind))
        return tuple(matches[:limit] if limit is not None else matches)

    def sift(
        self, data: Any, offsets: Any, schemas: Any, *, min_score: float | None = None, only_names: bool = False
    ) -> Any:
        """Which of many names are worth looking up: for whole files, of which nearly all rows match nothing.

        Args:
            data: the names as UTF-8, one after the other (uint8, as in an Arrow string column).
            offsets: where each begins, and where the last ends (n + 1 integers).
            schemas: what each is the name of, as a number in `tuple(Schema)` (n integers).
            min_score: as in `match`.
            only_names: nothing else is known of any of them that may corroborate a name: no country, no date.

        Returns:
            n booleans. Where one is False, `match` of that name, without an address or an identifier, returns
            nothing, but for about one in a thousand of the names that alert (decision 010).
        """
        least = self.threshold if min_score is None else min(min_score, self.threshold)
        least = least if only_names else min(least, LIFT_FROM)
        if self._sieve is None or least < LEAST_SIFTED:
            return np.ones(len(offsets) - 1, np.bool_)
        return self._sieve.sift(data, offsets, schemas, least_score=least)

    def warm(self, *, by_ear: bool = True) -> None:
        """Compile what look-ups and sifting need, or load it from the cache: about a minute after an update
        of this program, then some seconds. `by_ear`: for words of other scripts too, which takes memory."""
        if not self.index.searchable:
            return
        name = b"Warm Up Trading Ltd"
        self._lookup.compile()
        listed = self.index.entity_number(0)
        self.match(Query(listed.names[0].text, listed.schema))
        if by_ear:
            self.match(Query("Иванов"))  # words of other scripts have kernels of their own
        self.sift(np.frombuffer(name, np.uint8), np.array([0, len(name)]), np.array([0]))

    def warm_aside(self) -> None:
        """What `warm` leaves out: scoring on small lists is compiled while look-ups go on; see `compile_aside`."""
        if len(self.index) and not self.index.searchable:
            compile_aside(self.index)

    @cached_property
    def _sieve(self) -> Sieve | None:
        """What sifts; None for small lists, and where nothing is to be missed."""
        if self._exact or self._candidates is not None or not self.index.searchable:
            return None
        from stopship.matching.sieve import Sieve  # loads the compiler

        return Sieve(self.index, self._words)

    # --- finding ----------------------------------------------------------------------------------

    def _by_identifier(self, query: Query) -> set[int]:
        found: set[int] = set()
        for identifier in query.identifiers:
            for key in identifier_keys(identifier):
                for number in self.index.lookup("identifier", key):
                    entity = self.index.entity_number(number)
                    if compare_identifiers((identifier,), identifiers_of(entity)).corroborates:
                        found.add(number)
        return found

    def _by_name(self, query: Query, min_score: float | None) -> dict[int, list[tuple[NameScore, int]]]:
        """Entity number -> scored readings (score, reading number), best first."""
        try:
            name = prepare_name(query.name, query.schema, self.index.entities_with)
        except ValueError:
            return {}
        index = self.index
        wanted = self.threshold if min_score is None else min(min_score, self.threshold)
        floor = min(wanted, LIFT_FROM) if _has_attributes(query) else wanted
        best: dict[tuple[int, int], tuple[int, int, int, float]] = {}
        for hit in self._lookup.find(name, least=floor):
            _ours, reading, known, score = hit
            origin = index.origin(reading)
            held = best.get((origin.entity, origin.name))
            if held is None or _better(known, score, held):
                best[origin.entity, origin.name] = hit
        found: dict[int, list[tuple[NameScore, int]]] = {}
        for (entity, _name), (ours, reading, known, _score) in best.items():
            scored = score_readings(name.readings[ours], index.reading(reading), known)
            found.setdefault(entity, []).append((scored, reading))
        for scores in found.values():
            scores.sort(key=lambda s: (s[0].rank, s[1]))
        return found

    # --- judging ----------------------------------------------------------------------------------

    def _judge(
        self,
        query: Query,
        number: int,
        names: list[tuple[NameScore, int]] | None,
        address: AddressHit | None,
        identified: bool,
        min_score: float | None,
    ) -> list[Match]:
        entity = self.index.entity_number(number)
        schema = schema_by_name(query.schema, names[0][0].left.tokens) if names else query.schema
        signals = _Signals(
            compare_identifiers(query.identifiers, identifiers_of(entity)),
            compare_schemas(schema, entity.schema),
            (
                compare_dates("birth_date", query.birth_dates, entity.birth_dates),
                compare_dates("registration_date", query.registration_dates, entity.registration_dates),
                compare_countries(query.countries, entity.countries),
            ),
            address,
            None if address else other_address(query, entity),
        )
        found: list[Match] = []
        by_name = self._by_best_name(query.name, entity, names, signals, identified) if names else None
        near = by_name and (by_name.band is Band.EXACT or self._would_alert(names))
        if by_name and (by_name.alert or (near if min_score is None else by_name.score >= min_score)):
            found.append(by_name)
        if identified and not (by_name and by_name.alert and by_name.kind is MatchKind.NAME):
            found = [_identifier_match(entity, signals)]
        elif address and not (found and found[0].alert):
            found.append(address.match(entity))
        return [m for m in found if min_score is None or m.score >= min_score or m.band is Band.EXACT]

    def _would_alert(self, names: list[tuple[NameScore, int]] | None) -> bool:
        """Whether a name alone would alert: then disagreement alone has pushed the match below."""
        return any(
            scored.score >= self.threshold and self.index.listed_name(reading).kind is not NameKind.WEAK_ALIAS
            for scored, reading in names or ()
        )

    def _by_best_name(
        self,
        given: str,
        entity: Entity,
        names: list[tuple[NameScore, int]],
        signals: _Signals,
        identified: bool,
    ) -> Match:
        """The match by the best name that may alert, else by the best one."""
        options = [(scored, self.index.listed_name(reading)) for scored, reading in names]
        strong = [option for option in options if option[1].kind is not NameKind.WEAK_ALIAS]
        may_alert = bool(strong) or signals.strongly_corroborated
        scored, name = (strong or options)[0]
        if strong and options[0][0].band is Band.EXACT and scored.score < self.threshold:
            scored, name = options[0]
            may_alert = signals.strongly_corroborated
        score = signals.apply(scored.score)
        if scored.score < self.threshold and scored.band is not Band.EXACT and score >= self.threshold:
            band = Band.MEDIUM  # agreement lifted it
        else:
            band = scored.band
            if band in (Band.STRONG, Band.MEDIUM) and score < self.threshold:
                band = Band.WEAK
        alert = may_alert and (band is Band.EXACT or score >= self.threshold)
        confirmed = (
            alert
            and band in (Band.EXACT, Band.STRONG)
            and not signals.contradicted
            and not signals.schema.contradicts
            and (identified or signals.corroborated or _uncommon(scored, entity.schema))
        )
        evidence = (*explain_names(scored, given, name.text), *signals.evidence)
        return Match(entity, name, MatchKind.NAME, round(score, 4), band, alert, confirmed, evidence, given)


def _better(known: int, score: float, held: tuple[int, int, int, float]) -> bool:
    return (known & IS_EXACT, score) > (held[2] & IS_EXACT, held[3])


def _uncommon(scored: NameScore, schema: Schema) -> bool:
    """Whether a name alone may confirm: of a person, where it is uncommon; of an entity that the list calls
    neither person nor organization, where it says as much as one rare word."""
    if schema is Schema.LEGAL_ENTITY:
        return scored.says >= UNCOMMON_UNKNOWN
    if schema is not Schema.PERSON:
        return True
    words = [p for p in scored.pairs if scored.left.tokens[p.left[0]].kind is Kind.WORD]
    return len(words) > 1 and sum(scored.left.info[i] for pair in words for i in pair.left) >= UNCOMMON


def _has_attributes(query: Query) -> bool:
    return bool(
        query.countries or query.addresses or query.identifiers or query.birth_dates or query.registration_dates
    )


def _identifier_match(entity: Entity, signals: _Signals) -> Match:
    return Match(
        entity=entity,
        name=None,
        kind=MatchKind.IDENTIFIER,
        score=1.0,
        band=Band.EXACT,
        alert=True,
        confirmed=not signals.contradicted,
        evidence=signals.evidence,
    )


def compare_names(left: str, right: str, schema: Schema = Schema.LEGAL_ENTITY) -> Comparison:
    """Compare two names without a list: words weigh as they do in names at large. Symmetric.

    Raises:
        ValueError: one of them holds no printable character.
    """
    scored = best_reading(prepare_name(left, schema), prepare_name(right, schema))
    alert = scored.band is Band.EXACT or scored.score >= DEFAULT_THRESHOLD
    evidence = explain_names(scored, left, right)
    return Comparison(round(scored.score, 4), scored.band, alert, evidence, left, right)
