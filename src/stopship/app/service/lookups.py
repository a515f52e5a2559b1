"""Looks parties up in the lists that a server serves: by example, and by words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from stopship.app.service.changes import changed_since
from stopship.app.service.directory import ALL, Card, datasets_of, schemata_under, topics_of
from stopship.app.service.edition import Edition
from stopship.errors import NotFoundError
from stopship.matching import Match, MatchKind, Query
from stopship.model.entity import Entity
from stopship.model.values import NameKind


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which entities are wanted. Empty parts narrow nothing.

    Attributes:
        dataset: `default`, a source or a program.
        include, exclude: further datasets, of which one must, none may hold the entity.
        schemata: FollowTheMoney's names; one that includes the entity's schema must be among them.
        exclude_schemata: none of them may include it.
        topics, countries: one of each must be the entity's.
        since: only what is new or changed since this day's lists.
        exclude_ids: not these.
    """

    dataset: str = ALL
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    schemata: tuple[str, ...] = ()
    exclude_schemata: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    since: date | None = None
    exclude_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """An entity that may be the party: its matches, best first; several where several lists print the entry."""

    matches: tuple[Match, ...]

    @property
    def best(self) -> Match:
        return self.matches[0]

    @property
    def entities(self) -> tuple[Entity, ...]:
        return tuple(match.entity for match in self.matches)


class Filter:
    """Tells which entities of a edition are wanted.

    Raises:
        NotFoundError: there is no such dataset.
    """

    def __init__(self, edition: Edition, wanted: Narrowing) -> None:
        if wanted.dataset not in edition.directory.datasets:
            raise NotFoundError(
                f"there is no dataset {wanted.dataset[:80]!r}", hint="GET /catalog names those that there are"
            )
        self._wanted = wanted
        self._dataset = frozenset() if wanted.dataset == ALL else frozenset((wanted.dataset,))
        self._include = frozenset(wanted.include) - {ALL} if ALL not in wanted.include else frozenset()
        self._exclude = frozenset(wanted.exclude)
        self._schemata = _all_under(wanted.schemata)
        self._not_schemata = _all_under(wanted.exclude_schemata)
        self._topics = frozenset(wanted.topics)
        self._countries = frozenset(code.upper() for code in wanted.countries)
        self._changed = changed_since(edition, wanted.since) if wanted.since else None
        self.narrows = wanted != Narrowing()

    def wants(self, entity: Entity) -> bool:
        """Whether an entity is wanted."""
        return not self.narrows or self._wants(
            entity.id, entity.schema.value, datasets_of(entity), entity.countries, topics_of(entity)
        )

    def wants_card(self, card: Card) -> bool:
        """As `wants`, without reading the entity."""
        return not self.narrows or self._wants(card.id, card.schema, card.datasets, card.countries, card.topics)

    def _wants(
        self, entity_id: str, schema: str, datasets: Sequence[str], countries: Sequence[str], topics: Sequence[str]
    ) -> bool:
        return (
            (not self._dataset or not self._dataset.isdisjoint(datasets))
            and (not self._include or not self._include.isdisjoint(datasets))
            and (not self._exclude or (ALL not in self._exclude and self._exclude.isdisjoint(datasets)))
            and (not self._wanted.schemata or schema in self._schemata)
            and schema not in self._not_schemata
            and (not self._topics or not self._topics.isdisjoint(topics))
            and (not self._countries or not self._countries.isdisjoint(countries))
            and entity_id not in self._wanted.exclude_ids
            and (self._changed is None or self._changed.holds(entity_id, datasets))
        )


def _all_under(names: Sequence[str]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for name in names:
        found |= schemata_under(name) or frozenset()
    return found


@dataclass(frozen=True, slots=True)
class Example:
    """One party as it was asked for: the same party under each of its names, and what makes a match of a score.

    `threshold` None takes the scorer's own judgement (`Match.alert`), `cutoff` None what it returns by itself.
    """

    queries: tuple[Query, ...]
    threshold: float | None = None
    cutoff: float | None = None
    wanted: Filter | None = field(default=None)


def look_up(edition: Edition, example: Example) -> list[Found]:
    """Every entity that may be the party, best first, each once."""
    least = example.cutoff if example.cutoff is not None else example.threshold
    by_id: dict[str, list[Match]] = {}
    for query in example.queries:
        for match in edition.matcher.match(query, min_score=least):
            if example.wanted is None or example.wanted.wants(match.entity):
                by_id.setdefault(match.entity.id, []).append(match)
    found = [Found(tuple(_one_per_list(matches))) for matches in by_id.values()]
    return sorted(found, key=lambda f: (not is_match(f.best, example.threshold), -f.best.score, f.best.entity.id))


def _one_per_list(matches: list[Match]) -> Iterator[Match]:
    """The best match of each entry: a party with several names may meet one entry by several of them."""
    seen: list[Entity] = []
    for match in sorted(matches, key=lambda m: (not m.alert, -m.score)):
        if all(match.entity is not entity and match.entity != entity for entity in seen):
            seen.append(match.entity)
            yield match


def is_match(match: Match, threshold: float | None) -> bool:
    """Whether a match counts as one from a threshold on: by the rules that an alert follows, with another number.

    The same tokens or the same official number count whatever the threshold is, and an alias that the publisher
    marks weak never counts by its name alone.
    """
    if threshold is None or match.band.value == "exact":
        return match.alert
    weak = match.name is not None and match.name.kind is NameKind.WEAK_ALIAS and not match.alert
    return match.score >= threshold and not weak and (match.alert or match.kind is MatchKind.NAME)


@dataclass(frozen=True, slots=True)
class Listed:
    """Entities found by words: their numbers in the index, best first, and their cards."""

    numbers: tuple[int, ...]
    cards: tuple[Card, ...]


def search(edition: Edition, text: str, wanted: Filter) -> Listed:
    """Entities whose text holds every word, or whose name is like the text; all of them where there is no text."""
    directory = edition.directory
    numbers: dict[int, None] = {}
    if text.strip():
        for match in edition.matcher.match(Query(text)):
            number = directory.number_of(match.entity.id)
            if number is not None:
                numbers.setdefault(number)
        for number in directory.with_words(text):
            numbers.setdefault(number)
    else:
        numbers = dict.fromkeys(range(len(directory)))
    kept = tuple(n for n in numbers if directory.is_first(n) and wanted.wants_card(directory.cards[n]))
    return Listed(kept, tuple(directory.cards[n] for n in kept))


def entities_of(edition: Edition, entity_id: str) -> tuple[Entity, ...]:
    """Every entry with an id, of whatever list.

    Raises:
        NotFoundError: there is none.
    """
    index = edition.index
    entries = (index.entity_number(number) for number in index.lookup("id", entity_id))
    found = tuple(entity for entity in entries if entity.id == entity_id)
    if not found:
        raise NotFoundError(
            f"no list in use holds the entity {entity_id[:80]!r}", hint="It may have been removed from its list"
        )
    return found
