"""The fast search: an inverted index with bounds, in compiled kernels over the mapped bytes of an index."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from stopship.matching.candidates import BruteForce
from stopship.matching.index import Index
from stopship.matching.kernels import columns as k
from stopship.matching.kernels import compiled_search
from stopship.matching.kernels.records import MOST_BY_MASK, MOST_TOKENS, NO_ROOM, PARTS, Book, Memory, Pad, Query
from stopship.matching.listener import Listener
from stopship.matching.prepare import Prepared
from stopship.matching.table import weight_array
from stopship.names import Kind

_ROOM = 1 << 14
SLACK = 1e-3
"""Sums of single precision: less than what is wanted by so much in log-odds still counts."""


class Inverted:
    """Finds what `BruteForce` finds of all that may score well enough, without comparing with the whole list."""

    def __init__(self, index: Index, reference: Callable[[], BruteForce] | None = None) -> None:
        """`reference` gives the search that takes over what doesn't fit in here."""
        self._index = index
        self._reference = lru_cache(maxsize=1)(reference or (lambda: BruteForce(index)))
        self._book = book_of(index)
        self._search = compiled_search()
        self._pad = pad_for(self._book, _ROOM)
        self._memory = new_memory()
        self._listener = Listener(index)

    def find(self, query: Prepared, *, least: float) -> Any:
        """See `Candidates.find`; `least` is in log-odds."""
        if len(query.tokens) > MOST_TOKENS:
            return self._reference().find(query, least=least)
        rows, info, chars, tokens = query.arrays
        heard_at, heard = self._heard(query)
        asked = Query(rows, info, chars, tokens, query.person, heard_at, heard)
        while True:
            count = self._search(self._book, asked, self._pad, self._memory, least - SLACK, weight_array())
            if count != NO_ROOM:
                return np.sort(self._pad.out[:count])
            self._pad = pad_for(self._book, 4 * len(self._pad.out))

    def _heard(self, query: Prepared) -> tuple[Any, Any]:
        """What the words of other scripts may be by ear."""
        found = [
            self._listener.heard(token.text, token.spelled) if token.kind is Kind.WORD and token.spelled else ()
            for token in query.tokens
        ]
        at = np.cumsum([0, *map(len, found)])
        return at, np.array([token for tokens in found for token in tokens], np.int64)


def book_of(index: Index) -> Book:
    """The sections that a search reads."""
    v = index.vectors
    tables = [
        v[f"{name}.{part}"]
        for name in ("word", "key", "sound", "bone", "phrase", "delete", "name")
        for part in _PARTS
    ]
    return Book(
        v["token.rows"], v["token.info"], v["token.text"], v["token.kind"], v["token.letters"], v["token.first"],
        v["token.order"], v["reading.at"], v["reading.tokens"], v["reading.total"], v["reading.general"],
        v["reading.counts"], v["reading.person"], v["person.at"], v["person.readings"], v["other.at"],
        v["other.readings"], v["initial.at"], v["initial.readings"], *tables,
    )  # fmt: skip


_PARTS = ("at", "rest", "token")


def pad_for(book: Book, room: int) -> Pad:
    """A clean pad with room for so many hits and readings."""
    tokens, readings = len(book.info), len(book.reading_person)
    return Pad(
        stamps=np.zeros(2, np.int64),
        marked=np.zeros(tokens, np.int32),
        mark_mask=np.zeros(tokens, np.int64),
        mark_gain=np.zeros(2 * tokens, np.float32),
        mark_class=np.zeros(tokens, np.uint8),
        mark_partner=np.zeros(tokens, np.int32),
        collected=np.zeros(tokens, np.int32),
        seen=np.zeros(readings, np.int32),
        found=np.zeros(room, np.int64),
        hit_token=np.zeros(room, np.int64),
        hit_query=np.zeros(room, np.int64),
        hit_mask=np.zeros(room, np.int64),
        hit_gain=np.zeros(2 * room, np.float64),
        hit_class=np.zeros(room, np.int64),
        hit_partner=np.zeros(room, np.int64),
        best=np.zeros(MOST_TOKENS + 1, np.float64),
        top=np.zeros(2 * MOST_TOKENS, np.float64),
        top_class=np.zeros(MOST_TOKENS, np.int64),
        some=np.zeros(MOST_TOKENS, np.float64),
        some_class=np.zeros(MOST_TOKENS, np.int64),
        by_mask=np.zeros(PARTS << MOST_BY_MASK, np.float64),
        letters=np.zeros(3 * k.LONGEST, np.uint8),
        out=np.zeros(room, np.int64),
    )


def new_memory(slots: int = 1 << 18, hits: int = 1 << 21) -> Memory:
    """An empty memory of what words have met."""
    return Memory(
        keys=np.zeros(slots, np.int64),
        at=np.zeros(slots, np.int32),
        count=np.zeros(slots, np.int32),
        used=np.zeros(3, np.int64),
        token=np.zeros(hits, np.int32),
        gain=np.zeros(2 * hits, np.float32),
        kind=np.zeros(hits, np.uint8),
        partner=np.zeros(hits, np.int32),
    )
