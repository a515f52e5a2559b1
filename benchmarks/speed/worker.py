"""Processes that the benchmark measures in: each opens an index once and answers batches of queries."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import numpy as np
from benchmarks.speed.memory import Memory, memory_of
from benchmarks.speed.queries import Asked

from stopship.matching import Index, Matcher, Query
from stopship.model.values import Schema

_SCHEMAS = {schema: number for number, schema in enumerate(Schema)}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a batch took: `hits` of its rows have an alert; seconds of the clock and of the processor; memory
    afterwards (None off Linux)."""

    rows: int
    hits: int
    wall: float
    cpu: float
    memory: Memory | None


@dataclass(frozen=True, slots=True)
class BatchPath:
    """How a batch is screened in one process: `name` for the tables, rows in a batch, and the two steps of it, of
    which only the second is timed."""

    name: str
    rows: int
    prepare: Callable[[Sequence[Asked]], Any]
    screen: Callable[[Any], int]


def batch_path(index: Path) -> BatchPath:
    """The product's path for whole files where it is there, else the sieve and a look-up of what it lets pass."""
    if find_spec("stopship.bulk") is None:
        matcher = Matcher(Index.open(index))
        return BatchPath("sift and match", 500, list, lambda asked: _sift_and_match(matcher, asked))
    import pyarrow as pa

    from stopship.bulk import screen_batches

    def prepare(asked: Sequence[Asked]) -> Any:
        columns = {"name": [q.text for q in asked], "schema": [q.schema.value for q in asked]}
        return pa.RecordBatch.from_pydict(columns)

    def screen(batch: Any) -> int:
        return sum(found["status"].to_pylist().count("hit") for found in screen_batches([batch], index))

    screen(prepare([Asked("Acme Trading", Schema.COMPANY, "")]))  # opens the index
    return BatchPath("screen_batches", 8_192, prepare, screen)


def packed(asked: Sequence[Asked]) -> tuple[Any, Any, Any]:
    """The names one after the other as UTF-8, where each begins, and numbers of schemas, as `sift` wants."""
    texts = [query.text.encode() for query in asked]
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=offsets[1:])
    schemas = np.array([_SCHEMAS[query.schema] for query in asked], np.int64)
    return np.frombuffer(b"".join(texts), np.uint8), offsets, schemas


def _sift_and_match(matcher: Matcher, asked: Sequence[Asked]) -> int:
    hits = 0
    for number in np.flatnonzero(matcher.sift(*packed(asked))).tolist():
        query = asked[number]
        hits += any(match.alert for match in matcher.match(Query(query.text, query.schema)))
    return hits


def _serve(index: Path, pipe: Connection) -> None:
    path = batch_path(index)
    pipe.send(path.name)
    while True:
        asked: Sequence[Asked] | None = pipe.recv()
        if asked is None:
            return
        batches = [path.prepare(asked[at : at + path.rows]) for at in range(0, len(asked), path.rows)]
        pipe.send("ready")
        pipe.recv()
        wall, cpu = time.perf_counter(), time.process_time()
        hits = sum(path.screen(batch) for batch in batches)
        took = time.perf_counter() - wall, time.process_time() - cpu
        pipe.send(Reply(len(asked), hits, *took, memory_of(os.getpid())))


class Worker:
    """One process with one index."""

    def __init__(self, index: Path) -> None:
        """Starts it and waits until the index is open."""
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(index, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.path: str = self.pipe.recv()
        self.process = self._process.pid

    def close(self) -> None:
        """End the process."""
        self.pipe.send(None)
        self._process.join()
        self.pipe.close()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._process.kill()


def ask(workers: Sequence[Worker], asked: Sequence[Asked]) -> tuple[float, list[Reply]]:
    """Screen queries with several workers, as many with each: seconds from the moment when all have them, and the
    replies. Handing the queries over is no part of it: it is the benchmark's."""
    count = len(workers)
    for number, worker in enumerate(workers):
        worker.pipe.send(asked[number::count])
    for worker in workers:
        worker.pipe.recv()
    began = time.perf_counter()
    for worker in workers:
        worker.pipe.send("go")
    replies = [worker.pipe.recv() for worker in workers]
    return time.perf_counter() - began, replies


def in_fresh_process(function: Callable[..., T], *arguments: Any) -> T:
    """What a function returns, called in a process that has done nothing else."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()
