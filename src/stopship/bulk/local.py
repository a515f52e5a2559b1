"""Batches in the processes of one machine: bounded memory, the order kept, a death of a worker told in one line.

Each worker has a pipe of its own and at most one batch in it, so that neither side can wait for the other. Workers
come from a fork server, which has imported what they need and holds no state of the caller; when the caller dies,
its pipes close and they end.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from stopship.bulk.batch import DEFAULT_LIMIT, BatchScreener, ScreenOptions, open_index
from stopship.errors import SettingsError, StopshipError, WorkerError
from stopship.matching import Index

T = TypeVar("T")
BATCH_ROWS = 8192
FEW_ROWS = 2000
"""Fewer rows than these are done before a process has started."""
_AHEAD = 4  # batches a process that may wait for an earlier one


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
            self._screener = BatchScreener(open_index(self.index_path, self.index_hash), self.options)
        return self._screener

    def __call__(self, batch: pa.RecordBatch, first_row: int) -> pa.RecordBatch:
        return self.screener.screen(batch, first_row=first_row)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_screener": None}


def _numbered(batches: Iterable[pa.RecordBatch], first_row: int) -> Iterator[tuple[pa.RecordBatch, int]]:
    for batch in batches:
        yield batch, first_row
        first_row += len(batch)


def few(batches: Iterable[tuple[pa.RecordBatch, T]]) -> tuple[bool, Iterator[tuple[pa.RecordBatch, T]]]:
    """Whether there are fewer than `FEW_ROWS` rows, and the batches again."""
    source = iter(batches)
    first: list[tuple[pa.RecordBatch, T]] = []
    while sum(len(batch) for batch, _ in first) < FEW_ROWS:
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
) -> Iterator[T]:
    """`work(batch, number)` of every batch, in order.

    Args:
        work: can be pickled, and so can what it returns.
        batches: each with a number that is handed to `work`; taken one by one, as far ahead as the slowest
            process allows.
        processes: how many; None takes one a core. With 1, and for few rows, all is done in this process.

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
        small, together = few(together)
        count = 1 if small else count
    if count == 1:
        for batch, number in together:
            yield work(batch, number)
        return
    with _Pool(work, count) as pool:
        yield from pool.run(together)


class _Pool:
    """Worker processes, each with a pipe. Leaving it ends them at once."""

    def __init__(self, work: Callable[[pa.RecordBatch, int], Any], count: int) -> None:
        self._work, self._count = work, count
        self._processes: dict[Connection, Any] = {}

    def __enter__(self) -> _Pool:
        ways = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
        if "forkserver" in ways:
            context.set_forkserver_preload(["stopship.bulk.batch"])
        try:
            for _ in range(self._count):
                ours, theirs = context.Pipe()
                process = context.Process(target=_serve, args=(theirs, self._work), daemon=True)  # type: ignore[attr-defined]
                process.start()
                theirs.close()
                self._processes[ours] = process
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        for connection, process in self._processes.items():
            connection.close()
            process.terminate()
        for process in self._processes.values():
            process.join(5)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()

    def run(self, batches: Iterator[tuple[pa.RecordBatch, int]]) -> Iterator[Any]:
        """The results of all batches in order."""
        idle = list(self._processes)
        busy: dict[Connection, int] = {}
        done: dict[int, Any] = {}
        sent = told = 0
        prepared: tuple[bytes, int] | None = None
        ended = False
        while True:
            while told in done:
                yield done.pop(told)
                told += 1
            if prepared is None and not ended and sent - told < _AHEAD * self._count:
                one = next(batches, None)
                if one is None:
                    ended = True
                else:
                    prepared = (_to_bytes(one[0]), one[1])
            if prepared is not None and idle:
                connection = idle.pop()
                self._send(connection, prepared)
                busy[connection] = sent
                sent, prepared = sent + 1, None
            elif busy:
                answered = wait(list(busy))
                for connection in [one for one in busy if one in answered]:
                    done[busy.pop(connection)] = self._receive(connection)
                    idle.append(connection)
            elif ended:
                return

    def _send(self, connection: Connection, message: tuple[bytes, int]) -> None:
        try:
            connection.send(message)
        except OSError:
            raise self._died(connection) from None

    def _receive(self, connection: Connection) -> Any:
        try:
            fine, result = connection.recv()
        except (EOFError, OSError):
            raise self._died(connection) from None
        if fine:
            return _from_bytes(result) if isinstance(result, _Batch) else result
        if isinstance(result, StopshipError):
            raise result
        raise RuntimeError(f"in a worker process: {result}")

    def _died(self, connection: Connection) -> WorkerError:
        process = self._processes[connection]
        process.join(5)
        code = process.exitcode
        how = f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
        return WorkerError(
            f"a worker process {how}", hint="If memory ran out, use fewer processes (--processes 1 starts none)"
        )


class _Batch(bytes):
    """A batch as Arrow IPC: a slice carries its own part only."""


def _to_bytes(batch: pa.RecordBatch) -> _Batch:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return _Batch(sink.getvalue().to_pybytes())


def _from_bytes(data: bytes) -> pa.RecordBatch:
    with pa.ipc.open_stream(data) as reader:
        return reader.read_next_batch()


def _serve(connection: Connection, work: Callable[[pa.RecordBatch, int], Any]) -> None:
    """The life of a worker: batches in, results out, until the pipe closes."""
    # Ctrl-C reaches the whole group; the one who started the work ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_cpu_count(1)
    while True:
        try:
            data, number = connection.recv()
        except (EOFError, OSError):
            return
        try:
            result = work(_from_bytes(data), number)
            answer = (True, _to_bytes(result) if isinstance(result, pa.RecordBatch) else result)
        except StopshipError as error:
            answer = (False, error)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            answer = (False, f"{type(error).__name__}: {error} ({Path(last.filename).name}, line {last.lineno})")
        try:
            connection.send(answer)
        except OSError:
            return
