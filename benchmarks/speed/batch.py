"""Throughput of whole files: queries per second of the clock and of the processor, and memory while at it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from benchmarks.speed.memory import Watch, memory_of
from benchmarks.speed.queries import Asked
from benchmarks.speed.worker import Worker, ask, in_fresh_process, packed

from stopship.matching import Index, Matcher

SLICES = 5
_FEWEST = 100
_WARM_UP_ROWS = 100  # at a time
_LEAST_WARM_UP = 200


@contextmanager
def warm_workers(
    index: Path, processes: int, warm_up: Sequence[Asked], seconds: float
) -> Iterator[tuple[list[Worker], float]]:
    """Workers that have answered the same queries of the warm-up, for some seconds at most, and the seconds
    that it took to start them."""
    with ExitStack() as stack:
        began = time.perf_counter()
        workers = [stack.enter_context(Worker(index)) for _ in range(processes)]
        started = time.perf_counter() - began
        until = time.perf_counter() + seconds
        for at in range(0, len(warm_up), _WARM_UP_ROWS):
            some = warm_up[at : at + _WARM_UP_ROWS]
            ask(workers, [query for query in some for _ in workers])
            if time.perf_counter() > until and at + _WARM_UP_ROWS >= _LEAST_WARM_UP:
                break
        yield workers, started


def try_out(
    answer: Callable[[Sequence[Asked]], float], asked: Sequence[Asked], seconds: float
) -> tuple[int, float]:
    """The rate at which queries are answered, measured on ever more of the first of them until they take so many
    seconds or a fifth is used up: how many were used, and queries a second. `answer` gives the seconds of some."""
    used, count = 0, 20
    while True:
        some = asked[used : used + count]
        took = max(answer(some), 1e-9)
        used += len(some)
        count *= 4
        if took > seconds or used + count > len(asked) // 5:
            return used, len(some) / took


def rows_within(seconds: float, rate: float, most: int) -> int:
    """How many queries fill so many seconds at this rate; never more than `most`."""
    return min(most, max(_FEWEST, int(seconds * rate)))


def throughput(
    index: Path,
    asked: Sequence[Asked],
    warm_up: Sequence[Asked],
    *,
    processes: int,
    seconds: float,
    rows: int | None,
) -> dict[str, Any]:
    """Screen queries in fresh processes that have warmed up, in `SLICES` parts of which no two ask the same.

    Takes `rows` of them, or as many as take about so many seconds, by a trial with others. Rates are medians over
    the parts, with the least and the most.

    Raises:
        SystemExit: there is nothing to ask; the corpora hold too few names.
    """
    if not asked:
        raise SystemExit(
            "no queries are left beside the warm-up: the corpora under STOPSHIP_TEST_DATA are too small"
        )
    with warm_workers(index, processes, warm_up, seconds) as (workers, started):
        used = 0
        if not rows:
            used, rate = try_out(lambda some: ask(workers, some)[0], asked, seconds / 8)
            rows = rows_within(seconds, rate, len(asked) - used)
        asked = asked[used : used + rows]
        before = [memory_of(worker.process) for worker in workers]
        slices = []
        for at in range(SLICES):
            some = asked[at * len(asked) // SLICES : (at + 1) * len(asked) // SLICES]
            if some:
                slices.append((len(some), *ask(workers, some)))
        after = [memory_of(worker.process) for worker in workers]
        name = workers[0].path
    of_clock = [n / wall for n, wall, _ in slices]
    of_cpu = [n / max(sum(reply.cpu for reply in replies), 1e-9) for n, _, replies in slices]
    return {
        "path": name,
        "processes": processes,
        "queries": sum(n for n, _, _ in slices),
        "hits": sum(reply.hits for *_, replies in slices for reply in replies),
        "seconds": sum(wall for _, wall, _ in slices),
        "start_seconds": started,
        "wall": _spread(of_clock),
        "cpu": _spread(of_cpu),
        "memory_before": [asdict(m) for m in before if m],
        "memory_after": [asdict(m) for m in after if m],
    }


def sieve(index: Path, kinds: Mapping[str, Sequence[Asked]]) -> dict[str, dict[str, float]]:
    """How much of each kind the sieve lets pass, and seconds of the processor that it takes, in a fresh process.

    The first half of each kind warms it up and isn't counted.
    """
    return in_fresh_process(_sift, index, kinds)


def _sift(index: Path, kinds: Mapping[str, Sequence[Asked]]) -> dict[str, dict[str, float]]:
    matcher = Matcher(Index.open(index))
    found = {}
    for kind, asked in kinds.items():
        half = len(asked) // 2
        matcher.sift(*packed(asked[:half]))
        names = packed(asked[half:])
        began = time.process_time()
        passed = int(np.count_nonzero(matcher.sift(*names)))
        found[kind] = {"names": len(asked) - half, "passed": passed, "cpu_seconds": time.process_time() - began}
    return found


def local_runner(index: Path, asked: Sequence[Asked], processes: int) -> dict[str, Any] | None:
    """The product's own processes, from the call to the last row: they start, open the index and load what was
    compiled in this time. None where there is no such runner. Seconds of the processor and memory: see `Watch`."""
    return in_fresh_process(_run_local, index, asked, processes) if find_spec("stopship.bulk") else None


def _run_local(index: Path, asked: Sequence[Asked], processes: int) -> dict[str, Any]:
    import pyarrow as pa

    from stopship.bulk import local

    columns = {"name": [query.text for query in asked], "schema": [query.schema.value for query in asked]}
    batches = pa.table(columns).to_batches(max_chunksize=local.BATCH_ROWS)
    own, began = time.process_time(), time.perf_counter()
    with Watch(os.getpid()) as watch:
        hits = sum(
            found["status"].to_pylist().count("hit") for found in local.screen(batches, index, processes=processes)
        )
        seconds = time.perf_counter() - began
    return {
        "processes": processes,
        "queries": len(asked),
        "hits": hits,
        "seconds": seconds,
        "cpu_seconds": watch.cpu,
        "own_cpu_seconds": time.process_time() - own,
        "workers": [asdict(memory) for memory in watch.peaks.values()],
    }


def _spread(rates: Sequence[float]) -> dict[str, float]:
    return {"median": median(rates), "least": min(rates), "most": max(rates)}
