"""Which readings of an index are worth comparing with a query: the reference implementation.

`BruteForce` compares each query word with the whole vocabulary of the lists and walks all postings: no caps, no
hashes, nothing to tune. `inverted.Inverted` finds the same faster and is tested against it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from stopship.matching.index import Index
from stopship.matching.kernels import columns as k
from stopship.matching.kernels.words import edits_allowed
from stopship.matching.listener import Listener
from stopship.matching.prepare import Prepared, token_row
from stopship.matching.table import weight_list
from stopship.names import Kind, Token
from stopship.names.phrases import words_of_phrase

_SHORTEST_PART = 3
_CUT_LETTERS = 3
_FUZZY_FROM = 3  # letters of a word that is looked for misspelt


class Candidates(Protocol):
    """Finds readings that may score well."""

    def find(self, query: Prepared, *, least: float) -> Any:
        """The numbers of the readings whose log-odds with the query may reach `least`, ascending, as an array.

        Holds every one of them that shares a token with the query: exactly, by key, within the edits that
        `kernels.edits_allowed` grants, by sound, joined or split, or cut short.
        """
        ...


class BruteForce:
    """Every query word against every word of the lists."""

    def __init__(self, index: Index) -> None:
        self._index = index
        spelled = [
            number
            for number, text in enumerate(index.texts)
            if len(text) >= _FUZZY_FROM and text.isascii() and text.isalpha()
        ]
        self._spelled = np.array(spelled, np.int64)
        self._lengths = np.array([len(index.texts[number]) for number in spelled], np.int64)
        self._letters = np.array([_letters(index.texts[number]) for number in spelled], np.uint32)
        self._neighbours = lru_cache(maxsize=20_000)(self._find_neighbours)
        self._heard = Listener(index).heard
        self._weights = weight_list()
        self._gains = most_of(index.vectors["token.info"], self._weights)

    def find(self, query: Prepared, *, least: float) -> Any:
        """See `Candidates.find`."""
        index = self._index
        gained = np.zeros(len(index.vectors["reading.person"]))
        once = np.zeros_like(gained)
        at_end = len(query.tokens) - 1
        for at, (token, info) in enumerate(zip(query.tokens, query.info, strict=True)):
            hits = self._hits(token)
            if at == at_end:
                hits.update(self._continued(token.text))
            split = self._split(token.text) if token.kind is Kind.WORD else set()
            if not hits and not split:
                continue
            most = self._most(info)
            once[:] = 0.0
            for number in hits:
                readings = index.posting(number)
                gain = min(most, float(self._gains[number]))
                once[readings] = np.maximum(once[readings], gain)
            if split:
                once[np.fromiter(split, np.int64, len(split))] = most
            gained += once
        for run, info in _joined(query):
            for number in index.by_text.get(run, ()):
                gained[index.posting(number)] += min(self._most(info), float(self._gains[number]))
        floor = least - most_besides(query.person, self._weights)
        return np.nonzero(gained >= max(floor, 1e-9))[0]

    def _most(self, info: float) -> float:
        return float(most_of(np.array(info), self._weights))

    def _hits(self, token: Token) -> set[int]:
        """Numbers of the tokens of the lists that may pair with a query token."""
        index = self._index
        found = {*index.by_text.get(token.text, ()), *index.by_key.get(token.key, ())}
        if token.kind in _MAY_BE_MISSPELT:
            found.update(self._neighbours(token.text))
        if token.kind in _GENERAL:
            row = token_row(token)
            found.update(index.by_word_of_phrase.get(row[k.KEY], ()))
            for word in words_of_phrase(token.key):
                found.update(index.by_key.get(word, ()))
        if token.kind is Kind.WORD:
            row = token_row(token)
            for key in row[k.SOUND : k.SOUND + k.SOUND_KEYS]:
                found.update(index.by_sound.get(key, ()))
            for key in row[k.BONE : k.EAR + k.EAR_KEYS]:
                found.update(index.by_bones.get(key, ()))
            if token.spelled:
                found.update(self._heard(token.text, token.spelled))
        return found

    def _continued(self, text: str) -> Sequence[int]:
        """Numbers of the tokens of the lists that begin with the last word of a query, which may be cut short."""
        if len(text) < _CUT_LETTERS or not text.isalpha():
            return ()
        texts, numbers = self._sorted
        first = bisect_left(texts, text)
        return numbers[first : bisect_left(texts, text + "\x7f")]

    @cached_property
    def _sorted(self) -> tuple[list[str], list[int]]:
        numbers = sorted(range(len(self._index.texts)), key=self._index.texts.__getitem__)
        return [self._index.texts[number] for number in numbers], numbers

    def _find_neighbours(self, text: str) -> tuple[int, ...]:
        length = len(text)
        if length < _FUZZY_FROM or not (text.isascii() and text.isalpha()):
            return ()
        texts = self._index.texts
        found: list[int] = []
        # An edit changes at most two of the letters that a word has at all.
        differ = np.bitwise_count(self._letters ^ np.uint32(_letters(text)))
        for other in range(length - 2, length + 3):
            edits = edits_allowed(max(length, other), min(length, other))
            if edits and edits >= abs(length - other):
                near = self._spelled[(self._lengths == other) & (differ <= 2 * edits)].tolist()
                close = process.extract(
                    text, [texts[n] for n in near], scorer=OSA.distance, score_cutoff=edits, limit=None
                )
                found.extend(near[position] for _text, _distance, position in close)
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
        return {int(reading) for token in tokens for reading in self._index.posting(token)}


def _letters(text: str) -> int:
    """Which letters a word has, one bit each."""
    found = 0
    for letter in text:
        found |= 1 << (ord(letter) - 97)
    return found


_GENERAL = (Kind.BODY, Kind.SECTOR, Kind.ADJECTIVE, Kind.FILLER)
_MAY_BE_MISSPELT = (Kind.WORD, Kind.SECTOR, Kind.ADJECTIVE, Kind.FILLER, Kind.BODY, Kind.PLACE)


def _joined(query: Prepared) -> list[tuple[str, float]]:
    """Two or three neighbouring words of the query joined, with their information."""
    texts = [token.text for token in query.tokens]
    return [
        ("".join(texts[i : i + length]), sum(query.info[i : i + length]))
        for length in (2, 3)
        for i in range(len(texts) - length + 1)
    ]


def most_of(info: Any, weights: Sequence[float]) -> Any:
    """The most that a pair of tokens adds to the log-odds, where the rarer one has this information (array)."""
    most = np.zeros_like(info, dtype=np.float64)
    for t in (0, k.SIGNALS):
        options = [
            (k.S_WORDS, 0.0),
            (k.S_NUMBERS, 0.0),
            (k.S_PLACES, 0.0),
            (k.S_GENERAL, 0.0),
            (k.S_FUZZY, max(weights[t + at] for at in range(k.S_FUZZY_SHORT, k.S_FUZZY2_LONG + 1))),
            (k.S_SOUND, weights[t + k.S_SOUND_COUNT]),
            (k.S_BONES, weights[t + k.S_BONES_COUNT]),
            (k.S_HEARD, weights[t + k.S_HEARD_COUNT]),
            (k.S_GLUED, weights[t + k.S_GLUED_COUNT]),
            (k.S_CUT, weights[t + k.S_CUT_COUNT]),
        ]
        for amount, more in options:
            capped = weights[t + k.S_WORDS_CAPPED] * np.minimum(info, 0.8) if amount == k.S_WORDS else 0.0
            most = np.maximum(most, weights[t + amount] * info + capped + more)
        most = np.maximum(most, weights[t + k.S_SMALL])
    return most


def most_besides(person: bool, weights: Sequence[float]) -> float:
    """The most that anything but pairs adds to the log-odds of names that are not the same: initials and what the
    names share as wholes included."""
    tables = (0, k.SIGNALS) if person else (0,)
    return max(
        weights[t + k.S_BASE]
        + weights[t + k.S_COVERAGE]
        + weights[t + k.S_FORM_SAME]
        + max(weights[t + at] for at in (k.S_CORE, k.S_WHOLE, k.S_CONTAINED, k.S_NEARLY, k.S_INITIALS))
        + weights[t + k.S_INITIALS_ONLY]
        + weights[t + k.S_CUT_LONG] * k.CUT_LONG_MOST
        + max(0.0, 2 * weights[t + k.S_INITIAL])
        for t in tables
    )
