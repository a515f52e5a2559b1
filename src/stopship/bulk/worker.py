"""The screener of a worker process of whatever engine: made once, with the index that the work was begun with."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from stopship.bulk import ahead
from stopship.bulk.batch import DEFAULT_LIMIT, BatchScreener, ScreenOptions
from stopship.bulk.carried import locate
from stopship.bulk.columns import RESULT, Layout, layout_of
from stopship.bulk.local import BATCH_ROWS
from stopship.bulk.places import is_url
from stopship.bulk.terms import Terms

_ONE_AT_A_TIME = threading.RLock()
"""A matcher is of one thread; a worker with more of them gains nothing."""


@dataclass(frozen=True, slots=True)
class WorkerScreen:
    """Screens batches in the process that it is called in.

    Args:
        terms: what every process must have.
        options: what is asked of every row.
        at: where a process finds the index; see `carried.locate`.
    """

    terms: Terms
    options: ScreenOptions
    at: str | None

    def batch(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, Layout]:
        """The rows with their answers; see `screen_batches`.

        Raises:
            As `screen_batches`; WorkerRefused: this process has another index or another version.
        """
        with _ONE_AT_A_TIME:
            screener = _screener(self.terms, self.options, self.at)
            return screener.screen(batch), screener.layout(batch.schema)

    def of_frame(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """As `batch`, for a part of a frame: with the columns of `frame_schema`."""
        result, layout = self.batch(batch)
        columns = [result.column(place) for place in _frame_places(layout)]
        return pa.RecordBatch.from_arrays(columns, schema=frame_schema(batch.schema))

    def of_table(self, table: pa.Table) -> pa.Table:
        """As `of_frame`, for a table of any length."""
        batches = table.combine_chunks().to_batches(max_chunksize=BATCH_ROWS)
        return pa.Table.from_batches([self.of_frame(b) for b in batches], schema=frame_schema(table.schema))


def for_frames(
    index: str | Path,
    *,
    shared: bool = False,
    min_score: float | None = None,
    limit: int = DEFAULT_LIMIT,
    threshold: float | None = None,
) -> WorkerScreen:
    """What screens the parts of a frame of any engine; with `at=None` the engine has to bring the index.

    Args:
        index: the folder of an index: a path on this machine, which the engine brings to the workers, or a URL,
        which
            each machine copies once.
        shared: all workers see the path.
        min_score, limit, threshold: see `screen_batches`.

    Raises:
        IndexFileError: there is no index, or one of another version. SettingsError: an option is out of range.
    """
    at = str(index) if shared or is_url(str(index)) else None
    return WorkerScreen(Terms.of(index), ScreenOptions(min_score, limit, threshold), at)


@lru_cache(maxsize=2)
def _screener(terms: Terms, options: ScreenOptions, at: str | None) -> BatchScreener:
    folder: Path = locate(at, terms)
    index = terms.open(folder)
    return BatchScreener(index, options, matcher=ahead.matcher_of(folder, options.alerts_from))


def frame_schema(schema: pa.Schema) -> pa.Schema:
    """The columns that a frame has after it was screened: its own, without those of special categories, and
    those of the batch contract. `row` is among them only where the frame has the column `_stopship_row`: else
    the number of a row would be that in its partition, which means nothing.

    Raises:
        TableError: see `columns.layout_of`.
    """
    layout = layout_of(schema)
    return pa.schema([layout.schema.field(place).with_metadata(None) for place in _frame_places(layout)])


def _frame_places(layout: Layout) -> list[int]:
    row = len(layout.own) + RESULT.get_field_index("row")
    return [place for place in range(len(layout.schema)) if place != row or layout.row is not None]
