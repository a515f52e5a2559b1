"""Partitions and datasets on Ray (extra `ray`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import ray
from ray.exceptions import RayError

from stopship.bulk.carried import pack, unpack
from stopship.bulk.local import BATCH_ROWS
from stopship.bulk.partition_work import RETRIES, Note, PartitionWork
from stopship.bulk.pieces import Piece
from stopship.bulk.ray_cluster import cluster
from stopship.bulk.terms import Terms
from stopship.bulk.worker import WorkerScreen, for_frames
from stopship.errors import WorkerError

_AHEAD = 4  # tasks a core that are given out at a time


def run(
    work: PartitionWork,
    pieces: Sequence[Piece],
    _done: Callable[[int], None],
    *,
    index: Path,
    address: str | None = None,
    processes: int | None = None,
    say: Callable[[str], None] = lambda _text: None,
) -> Iterator[Note]:
    """See `partition_work.Runner`. `address` is that of a cluster (`auto`, `ray://…`); None starts one on this
    machine and ends it. A task whose process dies is done by another one."""
    with cluster(address, processes):
        cores = int(ray.cluster_resources().get("CPU", 1))
        say(f"Ray: {cores} cores, {address or 'on this machine'}")
        packed = None
        if work.screen.at is None and address is None:
            work = replace(work, screen=replace(work.screen, at=str(index)))
        elif work.screen.at is None:
            packed = _put(index, work.screen.terms)
        task = ray.remote(num_cpus=1, max_retries=RETRIES, retry_exceptions=True)(_piece)
        shared, flying = ray.put(work), list[Any]()
        try:
            for piece in pieces:
                flying.append(task.remote(shared, piece, packed))
                if len(flying) >= _AHEAD * cores:
                    yield _next(flying)
            while flying:
                yield _next(flying)
        except RayError as lost:
            hint = "If memory ran out, take fewer cores a machine, or smaller parts (--part-rows)"
            said = str(lost).splitlines()[-1][:200]
            raise WorkerError(f"a task failed: {said}", where="ray", hint=hint) from None
        finally:
            for reference in flying:
                ray.cancel(reference, force=True)


def screen(dataset: Any, index: str | Path, *, shared: bool = False, **options: Any) -> Any:
    """A Ray Dataset with the answers beside its rows: `worker.frame_schema` says which columns. It has a column
    `name` and, where they are there, the others of `screen_batches`; for the rest, and for errors, see
    `worker.for_frames`."""
    work = for_frames(index, shared=shared, **options)
    packed = _put(Path(index), work.terms) if work.at is None else None
    return dataset.map_batches(_Tables(work, packed), batch_format="pyarrow", batch_size=BATCH_ROWS)


@dataclass(frozen=True)
class _Tables:
    work: WorkerScreen
    packed: Any
    __name__ = "screen"

    def __call__(self, table: pa.Table) -> pa.Table:
        if self.packed is not None:
            _unpack_once(self.work.terms, self.packed)
        return self.work.of_table(table.replace_schema_metadata())


_unpacked: set[str] = set()


def _unpack_once(terms: Terms, packed: Any) -> None:
    if terms.key not in _unpacked:
        unpack(memoryview(ray.get(packed)), terms)  # from the store of this machine, where it lies once
        _unpacked.add(terms.key)


def _put(index: Path, terms: Terms) -> Any:
    return ray.put(np.frombuffer(pack(index, terms), np.uint8))


def _piece(work: PartitionWork, piece: Piece, packed: Any) -> Note:
    if packed is not None:
        unpack(memoryview(packed), work.screen.terms)
    return work(piece)


def _next(flying: list[Any]) -> Note:
    (ready,), _others = ray.wait(flying, num_returns=1)
    flying.remove(ready)
    note: Note = ray.get(ready)
    return note
