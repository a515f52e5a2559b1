"""Made-up listed names: recombined from the words of the corpora and of the real list, the same for a seed.

A made-up name takes a real name as its pattern and puts another word in the place of each of its words: one that
stands in the same place of names (first, inner or last word of an organization; given or family name of a person
of that culture) and that is about as frequent, by powers of two, drawn by its frequency. So words are as frequent
as in the names that they come from, and a name keeps its legal form and its "of" and "and": words of organizations
that stand in `COMMON` names or more stay.

A word that stands in one name only is, half of the time, replaced by a new one: the beginning of one such word and
the end of another. The vocabulary of names grows with their number about as its power of 0.7 (Heaps); from
40,000 names to a million that is a little less than half of the rate at which the corpora have such words.

An entity has as many names as a chance entity of the real list. Its further names are spellings of the first
(other sounds, word order, legal form, abbreviation and so on), and one in four is another name altogether.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from stopship.model.values import Schema
from stopship.validation.manipulate import manipulate

COMMON = 64  # names: a word of an organization that stands in so many is kept as it is
NEW = 0.5  # of the words that stand in one name only
OTHER_NAME = 0.25  # of further names
RESPELLED = (
    "phonetic",
    "word_order",
    "legal_form_respelled",
    "legal_form_dropped",
    "abbreviation",
    "word_dropped",
    "word_added",
    "replaced",
    "deleted",
    "initials",
    "acronym",
)
_TRIES = 50

Words = tuple[tuple[str, str], ...]  # the words of a name, each with the place that it stands in


@dataclass(frozen=True, slots=True)
class Pattern:
    """A real name: its words and their places, and what it is the name of."""

    words: Words
    schema: Schema
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up entity: its names, the first of which is the primary one."""

    names: tuple[str, ...]
    schema: Schema
    countries: tuple[str, ...]


def name_key(name: str) -> str:
    """Names with this key in common are one name: the same words in any order and any case."""
    return " ".join(sorted(re.findall(r"\w+", name.casefold())))


def organization_words(name: str, pool: str) -> Words:
    """The words of an organization's name: first, inner, last."""
    words = name.split()
    last = len(words) - 1
    return tuple(
        (word, f"{pool} {'first' if at == 0 else 'last' if at == last else 'inner'}")
        for at, word in enumerate(words)
    )


def person_words(name: str, family: str, pool: str) -> Words:
    """The words of a person's name; those of `family` are family names."""
    families = set(family.split())
    return tuple((word, f"{pool} {'family' if word in families else 'given'}") for word in name.split())


class NameMaker:
    """Makes entities from pools of patterns. What it has made and what is `taken` is not made again."""

    def __init__(
        self,
        organizations: Sequence[Sequence[Pattern]],
        persons: Sequence[Sequence[Pattern]],
        *,
        persons_share: float,
        names_each: Sequence[int],
        taken: set[str],
        seed: int,
    ) -> None:
        """Every pool of a kind is drawn from equally often; `names_each` are numbers of names to draw from."""
        self._rng = Random(seed)
        self._pools = {True: [p for p in persons if p], False: [p for p in organizations if p]}
        self._persons_share = persons_share
        self._names_each = names_each
        self._taken = taken
        found = Counter(
            pair for pools in self._pools.values() for pool in pools for pattern in pool for pair in pattern.words
        )
        self._counts = found
        self._alike: dict[tuple[str, int], tuple[list[str], list[int]]] = {}
        for (word, place), count in sorted(found.items()):
            words, weights = self._alike.setdefault((place, count.bit_length()), ([], []))
            words.append(word)
            weights.append(count + (weights[-1] if weights else 0))

    def entities(self) -> Iterator[Made]:
        """Entities without end."""
        while True:
            yield self._entity()

    def _entity(self) -> Made:
        rng = self._rng
        person = rng.random() < self._persons_share
        first, pattern = self._name(person)
        names = [first]
        for _ in range(rng.choice(self._names_each) - 1):
            if rng.random() < OTHER_NAME:
                names.append(self._name(person)[0])
                continue
            respelled = manipulate(rng.choice(RESPELLED), first, pattern.schema, seed=len(names))
            # A spelling that is taken (a customer's, or another entity's) would make one of them a listed name.
            if respelled and respelled not in names and name_key(respelled) not in self._taken:
                names.append(respelled)
        return Made(tuple(names), pattern.schema, pattern.countries)

    def _name(self, person: bool) -> tuple[str, Pattern]:
        for _ in range(_TRIES):
            pattern = self._rng.choice(self._rng.choice(self._pools[person]))
            name = " ".join(self._instead(word, place, keep=not person) for word, place in pattern.words)
            key = name_key(name)
            if key and key not in self._taken:
                self._taken.add(key)
                return name, pattern
        raise ValueError(
            f"{_TRIES} names in a row were there already: the pools are too small for a list this long"
        )

    def _instead(self, word: str, place: str, *, keep: bool) -> str:
        count = self._counts[word, place]
        if (keep and count >= COMMON) or not any(letter.isalpha() for letter in word):
            return word
        made = self._drawn(place, count).rstrip(",")
        if count == 1 and self._rng.random() < NEW:
            other = self._drawn(place, count).rstrip(",")
            joined = made[: (len(made) + 1) // 2] + other[len(other) // 2 :]
            made = joined if joined.isalpha() else made
        cased = made.upper() if word.isupper() else made.capitalize() if word.istitle() else made
        return cased + "," if word.endswith(",") else cased

    def _drawn(self, place: str, count: int) -> str:
        words, weights = self._alike[place, count.bit_length()]
        return self._rng.choices(words, cum_weights=weights)[0]
