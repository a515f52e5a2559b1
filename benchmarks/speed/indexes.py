"""Builds the index of a list, measures that, and opens it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.quality.lists import code_hash
from benchmarks.speed.lists import NameList, composition, entities_of
from benchmarks.speed.memory import peak_of
from benchmarks.speed.worker import in_fresh_process

from stopship.matching import Index, IndexedList, Matcher, Query, build
from stopship.model.values import Schema

_FIGURES = "built.json"


def index_path(listed: NameList, cache: Path) -> Path:
    """Where the index of a list lies: by the list's content, the code of `names` and `matching`."""
    return cache / f"speed-{listed.size}-{listed.digest}-{code_hash()[:16]}.index"


def built(listed: NameList, data: Path, cache: Path, *, again: bool = False) -> dict[str, Any]:
    """The figures of a build, in a process of its own; those of the last one where the index is there already."""
    path = index_path(listed, cache)
    if again or not (path / _FIGURES).exists():
        return in_fresh_process(_build, listed, data, path)
    figures: dict[str, Any] = json.loads((path / _FIGURES).read_text("utf-8"))
    return figures


class _Stopwatch:
    """Counts the time that a function takes."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.seconds = 0.0
        self.calls = 0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return self._function(*arguments, **named)
        finally:
            self.seconds += time.perf_counter() - began
            self.calls += 1


def _build(listed: NameList, data: Path, path: Path) -> dict[str, Any]:
    entities = list(entities_of(listed, data))
    names = sum(len(entity.names) for entity in entities)
    analysis = build.analyze = _Stopwatch(build.analyze)  # type: ignore[assignment]
    head = IndexedList("custom", "sha256:" + listed.digest, None, None, len(entities), None, "custom")
    before = peak_of(os.getpid())
    wall, cpu = time.perf_counter(), time.process_time()
    index = Index.build([(head, entities)])
    made, cpu = time.perf_counter() - wall, time.process_time() - cpu
    began = time.perf_counter()
    index.write(path)
    wrote = time.perf_counter() - began
    figures = {
        **composition(listed),
        "names": names,
        "build_seconds": made,
        "build_cpu": cpu,
        "normalization_seconds": analysis.seconds,
        "normalized": analysis.calls,
        "indexing_seconds": made - analysis.seconds + wrote,
        "write_seconds": wrote,
        "peak_bytes": peak_of(os.getpid()),
        "peak_before_bytes": before,
        **_sizes(path),
    }
    (path / _FIGURES).write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return figures


def _sizes(path: Path) -> dict[str, Any]:
    """Bytes on disk, and of each section; the entities' records are the text, all else is for finding them."""
    files = [file for file in path.rglob("*") if file.is_file() and file.name != _FIGURES]
    sections: dict[str, int] = {}
    for file in files:
        if file.suffix == ".json":
            header = json.loads(file.read_bytes())
            for name, place in header.get("sections", {}).items():
                sections[name] = place[1] if isinstance(place, list) else int(place["size"])
    records = sum(size for name, size in sections.items() if name.startswith("entity."))
    total = sum(file.stat().st_size for file in files)
    return {"bytes": total, "record_bytes": records, "sections": sections}


def opened(listed: NameList, cache: Path, names: list[tuple[str, Schema]], times: int) -> dict[str, Any]:
    """Seconds to open an index in fresh processes, and of the first, second and last look-up there (medians)."""
    runs = [in_fresh_process(_open, index_path(listed, cache), names) for _ in range(times)]
    return {key: median(run[key] for run in runs) for key in runs[0]} | {
        "open_most": max(run["open_seconds"] for run in runs),
        "times": times,
    }


def _open(path: Path, names: list[tuple[str, Schema]]) -> dict[str, float]:
    began = time.perf_counter()
    index = Index.open(path)
    done = time.perf_counter()
    matcher = Matcher(index)
    queries = [Query(text, schema) for text, schema in names]
    took = []
    for query in queries:
        start = time.perf_counter()
        matcher.match(query)
        took.append(time.perf_counter() - start)
    return {
        "open_seconds": done - began,
        "first_seconds": took[0],
        "second_seconds": took[1],
        "last_seconds": took[-1],
    }
