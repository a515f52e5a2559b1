"""How long one look-up takes in a process that has warmed up: percentiles by kind of query."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from benchmarks.speed.queries import Asked
from benchmarks.speed.worker import in_fresh_process

from stopship.matching import Index, Matcher, Query

PERCENTILES = (50, 95, 99)


def latencies(index: Path, warm_up: Sequence[Asked], asked: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """Kind of query -> milliseconds by percentile, of the clock and (`cpu_`) of the processor, in a fresh process.

    All kinds are asked in one chance order, none of them twice; `warm_up` is asked before and not counted.
    """
    return in_fresh_process(_measure, index, warm_up, asked)


def _measure(index: Path, warm_up: Sequence[Asked], asked: Sequence[Asked]) -> dict[str, dict[str, float]]:
    matcher = Matcher(Index.open(index))
    for query in warm_up:
        matcher.match(Query(query.text, query.schema))
    mixed = list(asked)
    Random(0).shuffle(mixed)
    took: dict[str, list[tuple[int, int, bool]]] = {}
    for query in mixed:
        request = Query(query.text, query.schema)
        cpu, wall = time.thread_time_ns(), time.perf_counter_ns()
        found = matcher.match(request)
        wall, cpu = time.perf_counter_ns() - wall, time.thread_time_ns() - cpu
        row = (wall, cpu, any(match.alert for match in found))
        for kind in ("all", query.kind):
            took.setdefault(kind, []).append(row)
    return {kind: _row(rows) for kind, rows in sorted(took.items())}


def _row(rows: Sequence[tuple[int, int, bool]]) -> dict[str, Any]:
    wall = np.array([row[0] for row in rows]) / 1e6
    cpu = np.array([row[1] for row in rows]) / 1e6
    return {
        "queries": len(rows),
        "alerts": sum(row[2] for row in rows),
        **{f"p{p}": float(np.percentile(wall, p)) for p in PERCENTILES},
        "most": float(wall.max()),
        "mean": float(wall.mean()),
        **{f"cpu_p{p}": float(np.percentile(cpu, p)) for p in PERCENTILES},
    }
