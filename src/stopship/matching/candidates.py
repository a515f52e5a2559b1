"""Which readings of an index are worth comparing with a query: the reference implementation.

`BruteForce` compares each query word with the whole vocabulary of the lists and walks all postings: no caps, no
hashes, nothing to tune. A fast index replaces it behind the same protocol, and is tested against it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stopship.matching.compare.sound import sound
from stopship.matching.compare.tokens import edits_allowed
from stopship.matching.index import Index
from stopship.matching.score import CUT_LETTERS, CUT_OFF
from stopship.matching.weights import ALONE, BESIDE, Weighed, rarity
from stopship.names import Kind, Token

_FUZZY_KINDS = (Kind.WORD,)
_SHORTEST_PART = 3
_ROUNDING = 1e-5  # weights of readings are kept in single precision
# The most that an initial on either side can pair up beyond its own weight: a rare full name.
_INITIAL_SLACK = 1.15


class Candidates(Protocol):
    """Finds readings that may score well."""

    def find(self, query: Weighed, *, person: bool, floor: float) -> Mapping[int, float]:
        """Reading number -> upper bound of the share of weight that pairs up with the query (coverage).

        Holds every reading with a bound of at least `floor` that shares a token with the query: exactly, by key,
        within the edits that `compare.tokens.edits_allowed` grants, by sound (persons), or joined or split.
        """
        ...


class BruteForce:
    """Every query word against every word of the lists."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._by_length: dict[int, tuple[list[str], list[int]]] = {}
        for number, text in enumerate(index.texts):
            if len(text) > 2 and index.token_kind(number) is not Kind.NUMBER:
                texts, numbers = self._by_length.setdefault(len(text), ([], []))
                texts.append(text)
                numbers.append(number)
        self._neighbours = lru_cache(maxsize=20_000)(self._find_neighbours)

    def find(self, query: Weighed, *, person: bool, floor: float) -> Mapping[int, float]:
        """See `Candidates.find`."""
        index = self._index
        paired: dict[int, float] = {}
        slack = 0.0
        last = len(query.tokens) - 1
        for at, (token, weight) in enumerate(zip(query.tokens, query.weights, strict=True)):
            if token.kind is Kind.INITIAL:
                slack += weight + _INITIAL_SLACK
            hits = self._hits(token, query, person)
            if at == last:
                hits.update(self._continued(token))
            for number in hits:
                gain = weight + self._most(number)
                for reading in index.postings(number):
                    paired[reading] = paired.get(reading, 0.0) + gain
            if token.kind in _FUZZY_KINDS:
                for reading in self._split(token.text):
                    paired[reading] = paired.get(reading, 0.0) + weight + 2.0
        for run, weight in _joined(query):
            for number in index.by_text.get(run, ()):
                gain = weight + self._most(number)
                for reading in index.postings(number):
                    paired[reading] = paired.get(reading, 0.0) + gain
        totals, initials = index.reading_totals, index.reading_initials
        slack += _ROUNDING
        bounds: dict[int, float] = {}
        for reading, gain in paired.items():
            most = gain + slack + (initials[reading] * _INITIAL_SLACK if person else 0.0)
            whole = query.total + totals[reading]
            over = max(0.0, whole - most)
            bound = most / (most + CUT_OFF * over) if most else 0.0  # what is left over counts that much at least
            if bound >= floor:
                bounds[reading] = min(1.0, bound)
        return bounds

    def _most(self, number: int) -> float:
        """The most that a token of the lists may weigh in any reading."""
        kind = self._index.token_kind(number)
        if kind is Kind.WORD:
            return rarity(self._index.token_entities[number], self._index.texts[number])
        return max(ALONE[kind], BESIDE[kind])

    def _hits(self, token: Token, query: Weighed, person: bool) -> set[int]:
        """Numbers of the tokens of the lists that may pair with a query token."""
        index = self._index
        found = {*index.by_text.get(token.text, ()), *index.by_key.get(token.key, ())}
        if token.kind in _FUZZY_KINDS or (query.alone and len(token.text) > 3 and token.kind is not Kind.NUMBER):
            found.update(self._neighbours(token.text))
            if person:
                found.update(index.by_sound.get(sound(token.text), ()))
        return found

    def _continued(self, token: Token) -> Sequence[int]:
        """Numbers of the tokens of the lists that begin with the last word of a query, which may be cut short."""
        if len(token.text) < CUT_LETTERS or not token.text.isalpha():
            return ()
        texts, numbers = self._sorted
        first = bisect_left(texts, token.text)
        return numbers[first : bisect_left(texts, token.text + "\x7f")]

    @cached_property
    def _sorted(self) -> tuple[list[str], list[int]]:
        numbers = sorted(range(len(self._index.texts)), key=self._index.texts.__getitem__)
        return [self._index.texts[number] for number in numbers], numbers

    def _find_neighbours(self, text: str) -> tuple[int, ...]:
        found: list[int] = []
        for length in range(len(text) - 2, len(text) + 3):
            edits = edits_allowed(length, len(text))
            texts, numbers = self._by_length.get(length, ((), ()))
            if texts and edits >= abs(length - len(text)) and edits:
                near = process.extract(text, texts, scorer=OSA.distance, score_cutoff=edits, limit=None)
                found.extend(numbers[position] for _text, _distance, position in near)
        return tuple(found)

    def _split(self, text: str) -> set[int]:
        """Readings that hold both parts of a longer word somewhere: the word may be two words joined.

        One part may be misspelt where the word as a whole is like none of the lists'.
        """
        index = self._index
        strange = text not in index.by_text and not self._neighbours(text)
        found: set[int] = set()
        for cut in range(_SHORTEST_PART - 1, len(text) - _SHORTEST_PART + 2):
            first, second = text[:cut], text[cut:]
            head: Sequence[int] = index.by_text.get(first, ())
            tail: Sequence[int] = index.by_text.get(second, ())
            if strange and len(second) > 3 and head and not tail and len(first) > 3:
                tail = self._neighbours(second)
            elif strange and len(first) > 3 and tail and not head and len(second) > 3:
                head = self._neighbours(first)
            if head and tail:
                found |= self._readings(head) & self._readings(tail)
        return found

    def _readings(self, tokens: Sequence[int]) -> set[int]:
        return {reading for token in tokens for reading in self._index.postings(token)}


def _joined(query: Weighed) -> list[tuple[str, float]]:
    """Two or three neighbouring words of the query joined, with their weight."""
    texts = [token.text for token in query.tokens]
    return [
        ("".join(texts[i : i + length]), sum(query.weights[i : i + length]))
        for length in (2, 3)
        for i in range(len(texts) - length + 1)
    ]
