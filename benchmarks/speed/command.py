"""`stopship screen` from end to end: a CSV file of customers, one in a hundred a variant of a listed name."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.lists import CSL, NameList
from benchmarks.speed.memory import Watch
from benchmarks.speed.queries import Asked, customers, mixture
from benchmarks.speed.start import environment, home_with_list

LISTED_SHARE = 0.01


def customer_base(data: Path, variants: Sequence[Asked], count: int) -> list[Asked]:
    """`count` rows, no name twice: customers and variants."""
    clean = customers(data, count)
    known = {query.text for query in clean}
    return mixture(clean, [query for query in variants if query.text not in known], LISTED_SHARE, count)


def screen_file(listed: NameList, rows: Sequence[Asked], data: Path, cache: Path) -> dict[str, Any]:
    """Seconds, rows a second, and the most memory of the command with all its processes.

    The full CSL is screened against as imported; a made list is given with `--list`, so that reading and indexing
    it counts too: `seconds` of a run with one row say how much that is.
    """
    home = home_with_list(data, cache)
    with tempfile.TemporaryDirectory(dir=cache) as name:
        folder = Path(name)
        warm = _run(folder, rows[:1], listed, home)
        figures = _run(folder, rows, listed, home)
    return {**figures, "one_row_seconds": warm["seconds"], "rows_per_second": len(rows) / figures["seconds"]}


def _run(folder: Path, rows: Sequence[Asked], listed: NameList, home: Path) -> dict[str, Any]:
    source, out, stats = folder / "in.csv", folder / "out.jsonl", folder / "stats.json"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "name", "schema"))
        writer.writerows((number, row.text, row.schema.value) for number, row in enumerate(rows, start=1))
    command = [sys.executable, "-m", "stopship", "screen", str(source), "--out", str(out), "--stats", str(stats)]
    if listed.size != CSL:
        command += ["--list", str(listed.path)]
    began = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment(home)
    ) as process:
        with Watch(process.pid) as watch:
            assert process.stderr is not None
            said = process.stderr.read()
        seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"stopship screen failed: {said.strip()}")
    out.unlink()
    return {
        "rows": len(rows),
        "seconds": seconds,
        "cpu_seconds": watch.cpu,
        "input_bytes": source.stat().st_size,
        "peak_pss_bytes": watch.most,
        "workers": [memory.private for memory in watch.peaks.values()],
        "stats": json.loads(stats.read_text("utf-8")),
    }
