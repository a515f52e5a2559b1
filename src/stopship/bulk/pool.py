"""Worker processes: bounded memory, the order kept, a death of a worker told in one line.

Each worker has a pipe of its own and at most one batch in it, so that neither side can wait for the other. Workers
come from a fork server, which has imported what they need and holds no state of the caller; when the caller dies,
its pipes close and they end.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

from stopship.bulk.ahead import NAMED
from stopship.errors import StopshipError, WorkerError

_AHEAD = 4  # batches a process that may wait for an earlier one


def start_method() -> str:
    """How processes are started: off a fork server, which holds no thread and no lock of ours; else afresh."""
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


@contextmanager
def _without_main() -> Iterator[None]:
    """While a process is started: hide the script that runs here. The new process would import it, which it has no
    need of, and a script that doesn't guard its lines would run there again, and start processes again."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _in_environment(ahead: str | None) -> Iterator[None]:
    """While a process is started: what it makes ahead stands in the environment."""
    if ahead is not None:
        os.environ[NAMED] = ahead
    try:
        yield
    finally:
        os.environ.pop(NAMED, None)


class Pool:
    """Worker processes, each with a pipe. Leaving it ends them at once."""

    def __init__(
        self, work: Callable[[pa.RecordBatch, int], Any], count: int, *, ahead: str | None = None
    ) -> None:
        """`ahead` names what the fork server makes before it forks (`stopship.bulk.ahead`); one that runs already
        has made what was named first."""
        self._work, self._count, self._ahead = work, count, ahead
        self._processes: dict[Connection, Any] = {}

    def __enter__(self) -> Pool:
        context = multiprocessing.get_context(start_method())
        if start_method() == "forkserver":
            context.set_forkserver_preload(["stopship.bulk.ahead"])
        try:
            for _ in range(self._count):
                ours, theirs = context.Pipe()
                process = context.Process(target=_serve, args=(theirs, self._work), daemon=True)  # type: ignore[attr-defined]
                with _without_main(), _in_environment(self._ahead):
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
