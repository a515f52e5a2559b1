"""The entities of an index as one browses them: by words of their text, by country, topic, list and program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from stopship.matching import Index
from stopship.model.entity import Entity
from stopship.model.values import Program
from stopship.names.normalize import clean, strip_marks

ALL = "default"
"""The name of the dataset that holds every list."""

TOPICS: dict[str, str] = {
    Program.US_EL: "export.control",
    Program.US_DPL: "export.control",
    Program.US_MEU: "export.control",
    Program.US_UVL: "export.risk",
    Program.US_DDTC: "debarment",
    Program.US_CMIC: "sanction",
    Program.US_UFLPA: "export.risk",
    Program.US_1260H: "export.risk",
    Program.US_FCC: "export.risk",
    Program.EU_833A4: "export.control",
    Program.JP_EUL: "export.control",
}
"""OpenSanctions' word for what a program means; `sanction` for all others but lists of one's own (`poi`)."""


def topic_of(program: str) -> str:
    """The topic of a program."""
    return TOPICS.get(program) or ("poi" if program.startswith("custom.") else "sanction")


def datasets_of(entity: Entity) -> tuple[str, ...]:
    """The datasets that an entity is in, besides the one of everything: its sources, then its programs."""
    sources = dict.fromkeys(listing.source for listing in entity.listings)
    return (*sources, *(p for p in dict.fromkeys(x.program for x in entity.listings) if p not in sources))


def topics_of(entity: Entity) -> tuple[str, ...]:
    """The topics of an entity, by its programs."""
    return tuple(dict.fromkeys(topic_of(listing.program) for listing in entity.listings))


def folded(text: str) -> str:
    """A text as it is searched: no marks, no case, single spaces, in its own script."""
    return text.lower() if text.isascii() else strip_marks(clean(text)).casefold()


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one entity without reading it whole."""

    id: str
    schema: str
    caption: str
    source: str
    datasets: tuple[str, ...]
    countries: tuple[str, ...]
    topics: tuple[str, ...]


class Directory:
    """Cards of all entities of an index, by their numbers in it, and their texts."""

    def __init__(self, index: Index) -> None:
        self.cards: list[Card] = []
        self._texts: list[str] = []
        self._first: dict[str, int] = {}
        sources = [listed.source for listed in index.lists]
        shared = _shared()
        for number, record in enumerate(index.records()):
            plain = orjson.loads(record)
            source = sources[index.entity_lists[number]]
            listings = plain.get("listings", ())
            programs = tuple(dict.fromkeys(listing["program"] for listing in listings))
            datasets = tuple(dict.fromkeys((source, *(x["source"] for x in listings), *programs)))
            card = Card(
                id=plain["id"],
                schema=shared(plain["schema"]),
                caption=plain["names"][0]["text"],
                source=source,
                datasets=shared(datasets),
                countries=shared(tuple(plain.get("countries", ()))),
                topics=shared(tuple(dict.fromkeys(map(topic_of, programs)))),
            )
            self.cards.append(card)
            self._texts.append(folded(" ".join(_texts(plain))))
            self._first.setdefault(card.id, number)
        self.datasets: frozenset[str] = frozenset(
            (ALL, *sources, *(name for card in self.cards for name in card.datasets))
        )

    def __len__(self) -> int:
        return len(self.cards)

    def is_first(self, number: int) -> bool:
        """Whether no entity before this one has the same id: two lists may print one entry."""
        return self._first[self.cards[number].id] == number

    def number_of(self, entity_id: str) -> int | None:
        """The number of the first entity with an id."""
        return self._first.get(entity_id)

    def with_words(self, text: str) -> list[int]:
        """The numbers of the entities whose names, id or numbers hold every word of a text, best first: those that
        begin with it, then the shorter ones."""
        whole = folded(text)
        words = whole.split()
        if not words:
            return []
        texts = self._texts
        found = [number for number, held in enumerate(texts) if all(word in held for word in words)]
        return sorted(found, key=lambda n: (not texts[n].startswith(whole), len(self.cards[n].caption), n))


def _texts(plain: dict[str, Any]) -> Iterable[str]:
    yield from (name["text"] for name in plain["names"])
    yield plain["id"]
    yield from (identifier["value"] for identifier in plain.get("identifiers", ()))


def _shared() -> Callable[[Any], Any]:
    """Gives equal values as one object: most entities have the countries and programs of many others."""
    held: dict[Any, Any] = {}
    return lambda value: held.setdefault(value, value)


def counted(cards: Sequence[Card], pick: Callable[[Card], Iterable[str]]) -> list[tuple[str, int]]:
    """How many of the cards have each value, the most frequent first."""
    counts = Counter(value for card in cards for value in pick(card))
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


@cache
def schemata_under(schema: str) -> frozenset[str] | None:
    """The schemata that a FollowTheMoney schema includes, as far as entities here have them; None where it is none
    of theirs."""
    return _UNDER.get(schema.lower())


_COMPANY = frozenset({"Company"})
_ORGANIZATION = frozenset({"Organization", "PublicBody"}) | _COMPANY
_LEGAL = frozenset({"LegalEntity", "Person"}) | _ORGANIZATION
_VEHICLE = frozenset({"Vessel", "Airplane"})
_UNDER = {
    "thing": _LEGAL | _VEHICLE | {"Address"},
    "legalentity": _LEGAL,
    "organization": _ORGANIZATION,
    "company": _COMPANY,
    "publicbody": frozenset({"PublicBody"}),
    "person": frozenset({"Person"}),
    "vehicle": _VEHICLE,
    "vessel": frozenset({"Vessel"}),
    "airplane": frozenset({"Airplane"}),
    "address": frozenset({"Address"}),
    "asset": _COMPANY | _VEHICLE,
}
