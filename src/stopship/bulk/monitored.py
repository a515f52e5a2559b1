"""Batches of monitored customers: screened once in full, and later only asked who of them a change touches."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from stopship.bulk.asked import QueryRows
from stopship.bulk.batch import BatchScreener, ScreenOptions, open_index
from stopship.bulk.columns import layout_of
from stopship.bulk.texts import bytes_and_offsets
from stopship.errors import PortfolioError
from stopship.matching import Index, Matcher
from stopship.matching.addresses import find_addresses, names_in_care
from stopship.matching.kept_names import KeptNames, NameSearch, read_names
from stopship.matching.matcher import LIFT_FROM

if TYPE_CHECKING:
    from stopship.matching.sieve import KeptWords

LOOKED_UP = "_stopship_looked_up"
ALL_HITS = 1 << 20
MOST_CHANGED_WORDS = 5_000
"""More words than these aren't looked for one by one: every customer counts as touched."""
_INSIDE = "['’`´.-]"


def learn(batches: Any, index: Index, rows: int) -> KeptWords:
    """Read the words of all names once. Empty where the lists are too small to be sifted."""
    from stopship.matching.sieve import KeptWords, Sieve

    words = KeptWords.room_for(rows)
    if index.searchable:
        sieve = Sieve(index, words)
        for batch in batches:
            asked = QueryRows(batch, layout_of(batch.schema), {})
            sieve.learn(*bytes_and_offsets(asked.names), asked.schemas())
    return words


def has_words(folder: Path) -> bool:
    """Whether words were read: none are where the lists were too small to be sifted."""
    try:
        return bool(np.load(folder / "used.npy")[0])
    except (OSError, ValueError, EOFError):
        return False


def read_words(folder: Path, forget: Collection[str]) -> KeptWords:
    """The words that `learn` found, those that weigh otherwise by now forgotten.

    Raises:
        PortfolioError: they are missing or damaged.
    """
    from stopship.matching.sieve import KeptWords

    try:
        words = KeptWords.read(folder)
    except (OSError, ValueError, EOFError):
        raise PortfolioError(
            "the words of the customers' names are missing or damaged",
            where=str(folder),
            hint="Enroll the customers again: stopship monitor enroll",
        ) from None
    words.forget(forget)
    return words


class CustomerWork:
    """Screens a batch of customers. A call returns the number of the batch and what `said` reads: the names of the
    rows that were looked up, the hits of rows that have any, and why rows could not be used."""

    def __init__(
        self, index_path: Path, index_hash: str, options: ScreenOptions, words: Path, forget: Any
    ) -> None:
        self._index_path, self._index_hash, self._options = index_path, index_hash, options
        self._words, self._forget = words, tuple(forget)

    @cached_property
    def _screener(self) -> BatchScreener:
        index = open_index(self._index_path, self._index_hash)
        words = read_words(self._words, self._forget) if index.searchable else None
        matcher = Matcher(index, threshold=self._options.alerts_from, words=words)
        return BatchScreener(index, self._options, matcher=matcher)

    def __call__(self, batch: pa.RecordBatch, number: int) -> tuple[int, bytes]:
        found = self._screener.screen(batch)
        asked = QueryRows(batch, self._screener.layout(batch.schema), {})
        status, hits = found.column("status").to_pylist(), found.column("hits")
        with_hits = np.flatnonzero(found.column("hits_total").to_numpy()).tolist()
        entities = self._screener.index.entities_with
        names = read_names(((row, asked.query(row)) for row in self._screener.looked_up.tolist()), entities)
        plain = {
            "hits": [[row, hits[row].as_py()] for row in with_hits],
            "rejected": [
                [row, found.column("reason")[row].as_py()] for row, what in enumerate(status) if what == "rejected"
            ],
        }
        head = orjson.dumps(plain)
        return number, len(head).to_bytes(8, "little") + head + names.to_bytes()

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_screener"}


def said(data: bytes) -> tuple[dict[str, Any], KeptNames]:
    """What `CustomerWork` says of a batch: `hits` and `rejected`, and the names that were looked up."""
    end = 8 + int.from_bytes(data[:8], "little")
    return orjson.loads(data[8:end]), KeptNames.from_bytes(data[end:])


class TouchWork:
    """Says which rows of a batch a change may touch: all others have the same hits as before, but for those that
    were looked up and hold a changed word (`KeptNames.with_words`).

    Args:
        index_path, index_hash: the lists as they are now.
        part_path: an index of the changed entities as a part of it (`Index.build` with `whole`); None where there
            are none.
        options: of the screening.
        words, forget: see `read_words`.
        names: the folder of the names that the last screening looked up.
        changed: words that have become rarer or more common since the last screening.
    """

    def __init__(
        self,
        index_path: Path,
        index_hash: str,
        part_path: Path | None,
        options: ScreenOptions,
        words: Path,
        forget: Collection[str],
        names: Path,
        changed: Collection[str],
    ) -> None:
        self._index_path, self._index_hash, self._part_path = index_path, index_hash, part_path
        self._options, self._words, self._forget, self._names = options, words, tuple(forget), names
        self._changed = frozenset(changed)
        self._known: dict[str, dict[str, Any]] = {}

    @cached_property
    def _matcher(self) -> Matcher | None:
        if self._part_path is None:
            return None
        whole = open_index(self._index_path, self._index_hash)
        part = Index.open(self._part_path, whole=whole)
        words = read_words(self._words, self._forget) if part.searchable else None
        return Matcher(part, threshold=self._options.alerts_from, words=words)

    @cached_property
    def _pattern(self) -> str:
        return rf"\b(?:{'|'.join(re.escape(word) for word in sorted(self._changed))})\b"

    @cached_property
    def _kept(self) -> tuple[KeptNames, NameSearch]:
        assert self._matcher is not None
        return KeptNames.read(self._names), NameSearch(self._matcher.index)

    def __call__(self, batch: pa.RecordBatch, number: int) -> tuple[int, bytes]:
        """The number of the batch, and those of its rows as little-endian 64-bit integers, ascending. The column
        `LOOKED_UP` says which of the kept names each row has, -1 where the last screening didn't look it up."""
        kept = batch.column(LOOKED_UP).to_numpy()
        return number, self._touched(batch.drop_columns([LOOKED_UP]), kept).astype("<i8").tobytes()

    def _touched(self, batch: pa.RecordBatch, kept: Any) -> Any:
        asked = QueryRows(batch, layout_of(batch.schema), self._known)
        before = kept >= 0
        found = self._with_changed_word(asked)
        matcher = self._matcher
        if matcher is not None:
            near = np.zeros(len(batch), np.bool_)
            rest = np.flatnonzero(~before)
            data, offsets = bytes_and_offsets(asked.names.take(pa.array(rest)))
            near[rest] = matcher.sift(data, offsets, asked.schemas()[rest], only_names=asked.only_names())
            near[before] = self._near(matcher, kept[before], only_names=asked.only_names())
            for row in asked.with_address():
                if not near[row]:
                    query = asked.query(row)
                    near[row] = bool(find_addresses(matcher.index, query)) or any(
                        True for _ in names_in_care(query)
                    )
            found |= near & ~before
            for row in np.flatnonzero(before & near & ~found).tolist():
                found[row] = bool(matcher.match(asked.query(row)))
        for row in asked.rejected():
            found[row] = False
        return np.flatnonzero(found)

    def _near(self, matcher: Matcher, kept: Any, *, only_names: bool) -> Any:
        """Which of some kept names, one after the other, may match a changed entity."""
        if not len(kept) or not matcher.index.searchable:
            return np.ones(len(kept), np.bool_)
        names, search = self._kept
        least = matcher.threshold if only_names else min(matcher.threshold, LIFT_FROM)
        return search.near(names, int(kept[0]), int(kept[-1]) + 1, least_score=least)

    def _with_changed_word(self, asked: QueryRows) -> Any:
        """Which names hold a changed word as it is printed."""
        count = len(asked.names)
        if not self._changed:
            return np.zeros(count, np.bool_)
        if len(self._changed) > MOST_CHANGED_WORDS:
            return np.ones(count, np.bool_)
        lowered = pc.utf8_lower(asked.names)
        try:
            plain = pc.match_substring_regex(lowered, self._pattern)
            joined = pc.match_substring_regex(pc.replace_substring_regex(lowered, _INSIDE, ""), self._pattern)
        except pa.ArrowInvalid:
            return np.ones(count, np.bool_)  # too many letters for one pattern
        return pc.or_(plain, joined).to_numpy(zero_copy_only=False).copy()

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in ("_matcher", "_pattern", "_kept")} | {
            "_known": {}
        }
