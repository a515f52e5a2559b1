"""Work shared out to processes, with the results in the order of the work.

Processes are forked off a small server (where the system has one), which has loaded the heavy modules already and
holds none of our threads and locks. They ignore Ctrl-C, which is ours to handle, and end when we do, however we end.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

from stopship.errors import StateError

T = TypeVar("T")
R = TypeVar("R")
AHEAD = 3
"""Pieces of work a process that are read ahead: memory is bounded by them, however large the file."""


def usable_processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def context(*preload: str) -> BaseContext:
    """How processes are started: off a fork server that has loaded the modules, else afresh."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(list(preload))
    return found


def ordered_results(
    work: Callable[[T], R],
    pieces: Iterable[T],
    *,
    processes: int,
    context: BaseContext,
    prepare: Callable[..., None],
    arguments: tuple[Any, ...],
) -> Iterator[tuple[T, R]]:
    """Each piece with its result, in the order of the pieces.

    Args:
        work: called in a process with a piece; importable by name.
        pieces: read as far ahead as keeps the processes busy.
        processes: how many.
        context: how they are started.
        prepare: called once in each process with `arguments`; must not raise.

    Raises:
        StateError: a process was killed from outside, e.g. because memory ran out.
        Whatever `work` raises, at the place of its piece.
    """
    pool = ProcessPoolExecutor(
        processes, mp_context=context, initializer=_begin, initargs=(prepare, arguments)
    )
    waiting: deque[tuple[T, Future[R]]] = deque()
    try:
        for piece in pieces:
            waiting.append((piece, pool.submit(work, piece)))
            if len(waiting) >= processes * AHEAD:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    except BrokenProcessPool:
        raise StateError(
            "a worker process ended unexpectedly, perhaps for lack of memory",
            hint="What was finished is kept: go on with --resume, with fewer --processes",
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(prepare: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare(*arguments)


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
