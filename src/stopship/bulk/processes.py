"""Partitions in the processes of one machine: what cluster engines are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from stopship.bulk import ahead
from stopship.bulk.local import FEW_ROWS, available_processes, map_batches
from stopship.bulk.partition_work import Note, PartitionWork
from stopship.bulk.pieces import Piece


def run(
    work: PartitionWork,
    pieces: Sequence[Piece],
    _done: Callable[[int], None],
    *,
    index: Path,
    processes: int | None = None,
) -> Iterator[Note]:
    """See `partition_work.Runner`.

    Args:
        index: the folder of the index.
        processes: how many; None takes one a core.

    Raises:
        WorkerError: a process died.
    """
    count = available_processes() if processes is None else processes
    if sum(piece.rows for piece in pieces) < FEW_ROWS:
        count = 1
    here = replace(work, screen=replace(work.screen, at=work.screen.at or str(index)))
    numbers = ((pa.record_batch({"piece": [n]}), n) for n in range(len(pieces)))
    each = _EachPiece(here, tuple(pieces), index)
    yield from map_batches(each, numbers, processes=max(1, min(count, len(pieces))), few_rows=0)


class _EachPiece:
    """Does a piece by its number: what goes to the processes while they work is no more than that."""

    def __init__(self, work: PartitionWork, pieces: tuple[Piece, ...], index: Path) -> None:
        self._work, self._pieces = work, pieces
        self.ahead = ahead.named(index, work.screen.options.alerts_from)

    def __call__(self, _batch: pa.RecordBatch, number: int) -> Note:
        return self._work(self._pieces[number])
