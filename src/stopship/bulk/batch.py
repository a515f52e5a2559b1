"""The contract of all bulk work: Arrow batches of rows in, the same rows with their answers out.

`screen_batches` knows no engine, no file and no clock, and keeps no state but one mapped index a process and
caches: the same batch gets the same answer in any process, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stopship.bulk.asked import QueryRows
from stopship.bulk.columns import RESULT, Layout, layout_of
from stopship.bulk.rows import hit_to_plain
from stopship.bulk.texts import bytes_and_offsets
from stopship.errors import IndexFileError, SettingsError
from stopship.matching import DEFAULT_THRESHOLD, Index, Match, Matcher
from stopship.matching.addresses import find_addresses, names_in_care
from stopship.matching.links import links_of
from stopship.screening.screener import ENGINE

DEFAULT_LIMIT = 10
_STATUS = pa.array(["no_hit", "hit", "rejected"])
_NO_HIT, _HIT, _REJECTED = range(3)


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """What is asked of every row.

    Args:
        min_score: also return hits below the alert threshold, down to this score, 0 to 1.
        limit: hits a row in the output, best first; status and counts look at all of them.
        threshold: score from which a match alerts, 0 to 1; None takes the scorer's default.

    Raises:
        SettingsError: one of them is out of range.
    """

    min_score: float | None = None
    limit: int = DEFAULT_LIMIT
    threshold: float | None = None

    def __post_init__(self) -> None:
        for name in ("min_score", "threshold"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise SettingsError(f"{value!r} is not a score", where=name, hint="Give a number from 0 to 1")
        if self.limit < 1:
            raise SettingsError(f"{self.limit!r} is too few", where="limit", hint="Give at least 1")

    @property
    def alerts_from(self) -> float:
        """The threshold that holds."""
        return DEFAULT_THRESHOLD if self.threshold is None else self.threshold


def screen_batches(
    batches: Iterable[pa.RecordBatch],
    index_path: Path | str,
    *,
    min_score: float | None = None,
    limit: int = DEFAULT_LIMIT,
    threshold: float | None = None,
    first_row: int = 1,
    index_hash: str | None = None,
) -> Iterator[pa.RecordBatch]:
    """Screen batches of rows, one answer a row, in order.

    Args:
        batches: columns `name` and, where they are there, `id, schema, country, address, birth_date,
            registration_date`, in any case; text, or what can be written as text. `country, address, birth_date,
            registration_date` may be lists. Others are kept as they are; special-category columns are dropped.
            All batches have the schema of the first.
        index_path: a directory that `Index.write` made. It is opened once a process.
        min_score: also return hits below the alert threshold, down to this score, 0 to 1.
        limit: hits a row in the output, best first; `status`, `hits_total` and `alerts` look at all of them.
        threshold: score from which a match alerts; None takes the scorer's default.
        first_row: number of the first row, for streams without the column `_stopship_row`.
        index_hash: the content hash that the index must have: workers of a cluster look at their own copy.

    Yields:
        For each batch one of the same length: the own columns and those of `columns.RESULT`. Rows that can't be
        used have status `rejected` and a reason; none is lost.

    Raises:
        TableError: there is no column `name`, or a column can't be used.
        IndexFileError: the index is missing, damaged, of another version, or another one than `index_hash` says.
        SettingsError: an option is out of range.
    """
    options = ScreenOptions(min_score, limit, threshold)
    screener = BatchScreener(open_index(Path(index_path), index_hash), options)
    for batch in batches:
        yield screener.screen(batch, first_row=first_row)
        first_row += len(batch)


def open_index(path: Path, index_hash: str | None = None) -> Index:
    """The index of a directory, opened once a process and again when the directory has changed.

    Raises:
        IndexFileError: see `screen_batches`.
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    index = _open(path.resolve(), changed)
    if index_hash is not None and index.content_hash != index_hash:
        raise IndexFileError(
            f"this index is {index.content_hash[:19]}…, the work was begun with {index_hash[:19]}…",
            where=str(path),
            hint="Give every worker the same index",
        )
    return index


@lru_cache(maxsize=2)
def _open(path: Path, _changed: int) -> Index:
    return Index.open(path)


class BatchScreener:
    """Screens batches with one index that is open already. Keeps only caches."""

    def __init__(
        self, index: Index, options: ScreenOptions | None = None, *, matcher: Matcher | None = None
    ) -> None:
        """`matcher` is one of this index and threshold that nothing else uses; else one is made."""
        self.index = index
        self.options = options or ScreenOptions()
        self._matcher = matcher or Matcher(index, threshold=self.options.alerts_from)
        self._layouts: dict[pa.Schema, Layout] = {}
        self._known: dict[str, dict[str, Any]] = {}
        self.looked_up: Any = np.zeros(0, np.int64)
        """The rows of the last batch that were looked up in full: all others match nothing."""

    def layout(self, schema: pa.Schema) -> Layout:
        """How the columns of a schema are used; see `layout_of`."""
        layout = self._layouts.get(schema)
        if layout is None:
            layout = self._layouts[schema] = layout_of(schema)
        return layout

    def screen(self, batch: pa.RecordBatch, *, first_row: int = 1) -> pa.RecordBatch:
        """The rows of a batch with their answers; see `screen_batches`."""
        layout = self.layout(batch.schema)
        rows = QueryRows(batch, layout, self._known)
        reasons = rows.rejected()
        status = np.zeros(len(batch), np.int64)
        status[list(reasons)] = _REJECTED
        found: dict[int, tuple[Match, ...]] = {}
        self.looked_up = self._worth_looking_up(rows, status == _REJECTED)
        for number in self.looked_up:
            row = int(number)
            matches = self._matcher.match(rows.query(row), min_score=self.options.min_score)
            if matches:
                found[row] = matches
                status[row] = _HIT if any(match.alert for match in matches) else _NO_HIT
        columns = [batch.column(position) for position, _name in layout.own]
        numbers = (
            batch.column(layout.row).cast(pa.int64())
            if layout.row is not None
            else pa.array(np.arange(first_row, first_row + len(batch), dtype=np.int64))
        )
        warnings = rows.warnings(reasons)
        total = np.zeros(len(batch), np.int32)
        alerts = np.zeros(len(batch), np.int32)
        for row, matches in found.items():
            total[row] = len(matches)
            alerts[row] = sum(match.alert for match in matches)
        columns += [
            numbers,
            _STATUS.take(pa.array(status)),
            pa.array([reasons.get(row) for row in range(len(batch))], pa.string()),
            _lists(len(batch), warnings, RESULT.field("warnings").type),
            _lists(
                len(batch),
                {row: [self._hit(match) for match in ms[: self.options.limit]] for row, ms in found.items()},
                RESULT.field("hits").type,
            ),
            pa.array(total),
            pa.array(alerts),
            pa.repeat(self.index.content_hash, len(batch)),
            pa.repeat(ENGINE, len(batch)),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=layout.schema)

    def _hit(self, match: Match) -> dict[str, Any]:
        """A hit; an alert also says which entries of other lists are the same party by an official number."""
        links = links_of(self.index, match.entity) if match.alert else ()
        hit = hit_to_plain(match)
        hit["evidence"] += [link.evidence.text for link in links]
        return hit

    def _worth_looking_up(self, rows: QueryRows, rejected: np.ndarray) -> np.ndarray:
        """The numbers of the rows that may match anything."""
        data, offsets = bytes_and_offsets(rows.names)
        sifted = self._matcher.sift(
            data, offsets, rows.schemas(), min_score=self.options.min_score, only_names=rows.only_names()
        )
        wanted = np.asarray(sifted, np.bool_) & ~rejected
        for row in rows.with_address():
            # A name that matches nothing may still live at a listed address, or in the care of a listed party.
            if not wanted[row] and not rejected[row]:
                query = rows.query(row)
                wanted[row] = bool(find_addresses(self.index, query)) or any(True for _ in names_in_care(query))
        return np.flatnonzero(wanted)


def _lists(length: int, values: dict[int, list[Any]], kind: pa.DataType) -> pa.Array:
    """A list column of so many rows, of which most are empty."""
    counts = np.zeros(length + 1, np.int32)
    rows = sorted(values)
    for row in rows:
        counts[row + 1] = len(values[row])
    flat = pa.array([value for row in rows for value in values[row]], kind.value_type)
    return pa.ListArray.from_arrays(pa.array(np.cumsum(counts, dtype=np.int32)), flat, type=kind)
