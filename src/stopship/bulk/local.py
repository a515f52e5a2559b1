"""Batches in the processes of one machine, or in this one for few rows: the same answers, in order."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from stopship.bulk import ahead
from stopship.bulk.batch import DEFAULT_LIMIT, BatchScreener, ScreenOptions, open_index
from stopship.bulk.pool import Pool
from stopship.errors import SettingsError
from stopship.matching import Index

T = TypeVar("T")
BATCH_ROWS = 4096
FEW_ROWS = 2000
"""Fewer rows than these are done before a process has started."""


def available_processes() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def screen(
    batches: Iterable[pa.RecordBatch],
    index_path: Path | str,
    *,
    min_score: float | None = None,
    limit: int = DEFAULT_LIMIT,
    threshold: float | None = None,
    processes: int | None = None,
    first_row: int = 1,
) -> Iterator[pa.RecordBatch]:
    """`screen_batches` in several processes; the same batches in the same order.

    Args:
        batches: see `screen_batches`; read while others are screened, never all at once.
        index_path: a directory that `Index.write` made, mapped by every process.
        min_score, limit, threshold: see `screen_batches`.
        processes: how many; None takes one a core. With 1, and for few rows, no process is started.
        first_row: number of the first row, for streams without the column `_stopship_row`.

    Raises:
        As `screen_batches`, and WorkerError when a process dies.
    """
    work = ScreenWork(Path(index_path), ScreenOptions(min_score, limit, threshold))
    yield from map_batches(work, _numbered(batches, first_row), processes=processes)


class ScreenWork:
    """Screens numbered batches in whatever process it is called. Other processes open `index_path` and look that
    it has `index_hash`; this one may have the `index` open already."""

    def __init__(
        self,
        index_path: Path,
        options: ScreenOptions,
        index_hash: str | None = None,
        *,
        index: Index | None = None,
    ) -> None:
        self.index_path, self.options, self.index_hash = index_path, options, index_hash
        self._screener = BatchScreener(index, options) if index is not None else None

    @property
    def screener(self) -> BatchScreener:
        """The screener of this process, made when the first batch comes."""
        if self._screener is None:
            index = open_index(self.index_path, self.index_hash)
            made = ahead.matcher_of(self.index_path, self.options.alerts_from)
            self._screener = BatchScreener(index, self.options, matcher=made)
        return self._screener

    @property
    def ahead(self) -> str:
        """What the workers share; see `stopship.bulk.ahead`."""
        return ahead.named(self.index_path, self.options.alerts_from)

    def __call__(self, batch: pa.RecordBatch, first_row: int) -> pa.RecordBatch:
        return self.screener.screen(batch, first_row=first_row)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_screener": None}


def _numbered(batches: Iterable[pa.RecordBatch], first_row: int) -> Iterator[tuple[pa.RecordBatch, int]]:
    for batch in batches:
        yield batch, first_row
        first_row += len(batch)


def few(
    batches: Iterable[tuple[pa.RecordBatch, T]], rows: int = FEW_ROWS
) -> tuple[bool, Iterator[tuple[pa.RecordBatch, T]]]:
    """Whether there are fewer rows than these, and the batches again."""
    source = iter(batches)
    first: list[tuple[pa.RecordBatch, T]] = []
    while sum(len(batch) for batch, _ in first) < rows:
        one = next(source, None)
        if one is None:
            return True, iter(first)
        first.append(one)
    return False, itertools.chain(first, source)


def map_batches(
    work: Callable[[pa.RecordBatch, int], T],
    batches: Iterable[tuple[pa.RecordBatch, int]],
    *,
    processes: int | None = None,
    few_rows: int = FEW_ROWS,
) -> Iterator[T]:
    """`work(batch, number)` of every batch, in order.

    Args:
        work: can be pickled, and so can what it returns. If it has an `ahead`, workers share what that names.
        batches: each with a number that is handed to `work`; taken one by one, as far ahead as the slowest
            process allows.
        processes: how many; None takes one a core. With 1, and for few rows, all is done in this process.
        few_rows: fewer than these are done here before a process has started.

    Raises:
        WorkerError: a process died; what had been yielded before stays good.
        SettingsError: fewer than one process.
        Whatever `work` or the reading of `batches` raises.
    """
    count = available_processes() if processes is None else processes
    if count < 1:
        raise SettingsError(f"{count} processes can't do anything", where="processes", hint="Give at least 1")
    together = iter(batches)
    if count > 1:
        small, together = few(together, few_rows)
        count = 1 if small else count
    if count == 1:
        for batch, number in together:
            yield work(batch, number)
        return
    with Pool(work, count, ahead=getattr(work, "ahead", None)) as pool:
        yield from pool.run(together)
