"""Partitions and frames on Dask (extra `dask`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from distributed import Client, KilledWorker, WorkerPlugin, as_completed

from stopship.bulk.carried import pack, unpack
from stopship.bulk.columns import READ, RESULT, ROW, layout_of
from stopship.bulk.dask_cluster import connected, workers_of
from stopship.bulk.partition_work import RETRIES, Note, PartitionWork
from stopship.bulk.pieces import Piece
from stopship.bulk.terms import Terms
from stopship.bulk.worker import WorkerScreen, for_frames
from stopship.errors import StopshipError, WorkerError


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
    """See `partition_work.Runner`. `address` is that of a scheduler; None starts workers on this machine, with one
    thread each, and ends them. A task whose worker dies is done by another one."""
    with connected(address, processes) as client:
        workers = workers_of(client, address)
        say(f"Dask: {workers} workers, {client.dashboard_link if address else 'on this machine'}")
        here = replace(work, screen=_carried(client, work.screen, index, by_engine=address is not None))
        futures = client.map(here, pieces, pure=False, retries=RETRIES)
        try:
            for _future, note in as_completed(futures, with_results=True):
                yield note
        except KilledWorker as lost:
            hint = "If memory ran out, give the workers more of it, or take smaller parts (--part-rows)"
            raise WorkerError(f"workers died at the same task: {lost.task}", where="dask", hint=hint) from None
        except StopshipError:
            raise
        except Exception as lost:  # a scheduler that dies, a worker without Stopship: Dask has many kinds
            said = (str(lost).splitlines() or [""])[0][:200]
            raise WorkerError(f"a task failed: {type(lost).__name__}: {said}", where="dask") from None
        finally:
            client.cancel(futures, force=True)


def screen(frame: Any, index: str | Path, *, shared: bool = False, **options: Any) -> Any:
    """A Dask DataFrame with the answers beside its rows: `worker.frame_schema` says which columns. It has a column
    `name` and, where they are there, the others of `screen_batches`; for the rest, and for errors, see
    `worker.for_frames`."""
    work = for_frames(index, shared=shared, **options)
    if work.at is None:
        try:
            client = Client.current()
        except ValueError:  # none: threads of this process will do it
            work = replace(work, at=str(index))
        else:
            work = _carried(client, work, Path(index), by_engine=True)
    return frame.map_partitions(_partition, work, meta=_partition(frame._meta, None))


def _partition(frame: Any, work: WorkerScreen | None) -> Any:
    """The rows of a pandas frame with their answers; with None only the columns, for a frame without rows."""
    import pandas  # type: ignore[import-untyped, unused-ignore]

    layout = layout_of(pa.schema([(str(label), pa.string()) for label in frame.columns]))
    own = frame[[frame.columns[position] for position, _name in layout.own]].copy()
    own.columns = [name for _position, name in layout.own]
    added = [name for name in RESULT.names if name != "row" or layout.row is not None]
    if work is None or not len(frame):
        result = RESULT.empty_table().select(added)
    else:
        wanted = [label for label in frame.columns if label == ROW or label.strip().lower() in READ]
        table = pa.Table.from_pandas(frame[wanted], preserve_index=False).replace_schema_metadata()
        result = work.of_table(table).select(added)
    found = result.to_pandas(types_mapper=pandas.ArrowDtype)
    found.index = frame.index
    return pandas.concat([own, found], axis=1)


def _carried(client: Client, screen: WorkerScreen, index: Path, *, by_engine: bool) -> WorkerScreen:
    """How the workers find the index: as they were told, on this machine, or by what is brought to each of
    them."""
    if screen.at is not None:
        return screen
    if not by_engine:
        return replace(screen, at=str(index))
    client.register_plugin(_Index(screen.terms, pack(index, screen.terms)))
    return screen


class _Index(WorkerPlugin):  # type: ignore[misc, unused-ignore]
    """Puts the index into the cache of each machine; workers that come later get it, too."""

    idempotent = False  # else a worker whose cache was emptied would never get it again

    def __init__(self, terms: Terms, packed: bytes) -> None:
        self.name = f"stopship-index-{terms.key}"
        self._terms, self._packed = terms, packed

    def setup(self, worker: Any) -> None:  # noqa: ARG002 (Dask names it)
        unpack(self._packed, self._terms)
