"""Throughput per core, start-up and memory of each engine beside the local runner, in the same run.

    python -m benchmarks.cluster.run --rows 1M --home HOME

Each engine gets the same Parquet file by `stopship screen --engine`, with as many processes, and must write the
same bytes. Start-up is a run of a few rows, from the command to its end; throughput is that of the rows beyond
it. Run it in an environment that has the engines (`make test-cluster` makes one: .cluster-venv/bin/python). An
engine that is not installed is named and left out.

HOME is a home with imported lists; without one a made-up list of 1,500 names is taken, which says nothing about
the search. Customers are those of the speed benchmark where STOPSHIP_TEST_DATA names their corpora, else made-up
ones."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.speed.memory import Watch

NEEDS = {"local": "pyarrow", "dask": "distributed", "ray": "ray", "spark": "pyspark"}
FEW = 100
SYLLABLES = [consonant + vowel for consonant in "bdklmnr" for vowel in "aeiou"]


def main() -> None:
    """Measure and print a table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", default="100k", help="e.g. 100k or 1M")
    asked.add_argument("--engines", default=",".join(NEEDS))
    asked.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    asked.add_argument("--part-rows", type=int, default=50_000)
    asked.add_argument("--rounds", type=int, default=1, help="of each engine in turn; medians are printed")
    asked.add_argument("--home", type=Path)
    asked.add_argument("--out", type=Path, help="write the figures here, as JSON")
    given = asked.parse_args()
    rows = int(given.rows.lower().replace("k", "000").replace("m", "000000"))
    engines = [name for name in given.engines.split(",") if installed(name)]
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="stopship-cluster-") as name:
        folder = Path(name)
        listed = [] if given.home else ["--list", str(made_list(folder))]
        home = given.home or folder / "home"
        table = customers(rows)
        pq.write_table(table, folder / "all.parquet", row_group_size=given.part_rows)
        pq.write_table(table.slice(0, FEW), folder / "few.parquet")
        run = Runs(folder, home, listed, given.processes, given.part_rows)
        run("local", "few")  # what is compiled once is compiled now
        found: dict[str, list[dict[str, Any]]] = {engine: [] for engine in engines}
        for _round in range(given.rounds):
            for engine in engines:
                found[engine].append({"few": run(engine, "few"), "all": run(engine, "all")})
    figures = {engine: medians(runs, rows, given.processes) for engine, runs in found.items()}
    print(
        f"{rows:,} rows, {given.processes} processes, load {before:.1f} before, {os.getloadavg()[0]:.1f} after\n"
    )
    print("\n".join(report(figures)))
    if len({tuple(runs[0]["all"]["sha256"]) for runs in found.values()}) > 1:
        raise SystemExit("the engines wrote other bytes")
    print("\nAll wrote the same bytes.")
    if given.out:
        given.out.write_text(
            json.dumps({"rows": rows, "processes": given.processes, "engines": figures}, indent=2)
        )


def installed(engine: str) -> bool:
    """Whether it can be measured; says so where not."""
    if importlib.util.find_spec(NEEDS[engine]) is None:
        print(f"left out: {engine} is not installed", file=sys.stderr)
        return False
    return True


class Runs:
    """Runs of the command with one list and several engines."""

    def __init__(self, folder: Path, home: Path, listed: list[str], processes: int, part_rows: int) -> None:
        self._folder, self._listed, self._number = folder, listed, 0
        self._processes, self._part_rows = processes, part_rows
        self._environment = {**os.environ, "STOPSHIP_HOME": str(home), "PYTHONWARNINGS": "ignore"}

    def __call__(self, engine: str, which: str) -> dict[str, Any]:
        self._number += 1
        out = self._folder / f"out-{self._number}"
        line = [sys.executable, "-m", "stopship", "screen", str(self._folder / f"{which}.parquet"), "--json"]
        line += ["--engine", engine, "--out", str(out), "--processes", str(self._processes)]
        line += ["--part-rows", str(self._part_rows), *self._listed]
        began = time.perf_counter()
        with subprocess.Popen(
            line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self._environment
        ) as process:
            with Watch(process.pid) as watch:
                _out, err = process.communicate()
            seconds = time.perf_counter() - began
        if process.returncode:
            raise SystemExit(f"{engine}: {err.strip()[-2000:]}")
        manifest = json.loads((out / "_manifest.json").read_bytes())
        return {
            "seconds": seconds,
            "cpu": watch.cpu,
            "peak": watch.most,
            "hits": manifest["hit"],
            "bytes": sum(part["bytes"] for part in manifest["parts"]),
            "sha256": [part["sha256"] for part in manifest["parts"]],
        }


def medians(runs: list[dict[str, Any]], rows: int, processes: int) -> dict[str, Any]:
    """What is printed of an engine."""

    def middle(which: str, what: str) -> float:
        return statistics.median(run[which][what] for run in runs)

    work = middle("all", "seconds") - middle("few", "seconds")
    spent = middle("all", "cpu") - middle("few", "cpu")
    return {
        "start_seconds": middle("few", "seconds"),
        "start_cpu_seconds": middle("few", "cpu"),
        "seconds": middle("all", "seconds"),
        "rows_per_second_and_core": rows / work / processes,
        "rows_per_processor_second": rows / spent if spent > 0 else None,
        "cpu_seconds": middle("all", "cpu"),
        "peak_pss_bytes": middle("all", "peak"),
        "hits": runs[0]["all"]["hits"],
        "output_bytes": runs[0]["all"]["bytes"],
    }


def report(figures: dict[str, dict[str, Any]]) -> Iterable[str]:
    """The table, in Markdown. What an engine costs more than the local runner is by the clock, with its start, and
    by the processor, which other work on the machine disturbs less."""
    local = figures.get("local")
    head = (
        "engine",
        "start s",
        "all s",
        "rows/s a core",
        "rows a processor second",
        "peak MB",
        "time",
        "processor",
    )
    yield f"| {' | '.join(head)} |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for engine, of in figures.items():
        more = f"{of['seconds'] / local['seconds'] - 1:+.0%}" if local else ""
        work = f"{of['cpu_seconds'] / local['cpu_seconds'] - 1:+.0%}" if local and local["cpu_seconds"] else ""
        spent = of["rows_per_processor_second"]
        yield (
            f"| {engine} | {of['start_seconds']:.1f} | {of['seconds']:.1f} "
            f"| {of['rows_per_second_and_core']:,.0f} "
            f"| {f'{spent:,.0f}' if spent else ''} | {of['peak_pss_bytes'] / 1e6:,.0f} | {more} | {work} |"
        )


def customers(count: int) -> pa.Table:
    """Rows to screen."""
    if data := os.environ.get("STOPSHIP_TEST_DATA"):
        from benchmarks.speed.queries import customers as real

        asked = real(Path(data), count)
        names, schemas = [one.text for one in asked], [one.schema.value for one in asked]
    else:
        random, words = Random(2), made_words(3000, 2)
        names = [f"{random.choice(words)} {random.choice(words)} Trading" for _ in range(count)]
        schemas = ["Company"] * count
    numbers = [f"c{n}" for n in range(count)]
    return pa.table({"id": numbers, "name": names, "schema": schemas})


def made_words(count: int, seed: int) -> list[str]:
    """Words of four syllables."""
    random = Random(seed)
    return ["".join(random.choices(SYLLABLES, k=4)).title() for _ in range(count)]


def made_list(folder: Path) -> Path:
    """A list of 1,500 made-up companies."""
    words, path = made_words(3000, 1), folder / "list.jsonl"
    with path.open("w") as file:
        for n in range(1500):
            name = f"{words[2 * n]} {words[2 * n + 1]} GmbH"
            file.write(json.dumps({"id": f"l-{n}", "name": name, "schema": "Company"}) + "\n")
    return path


if __name__ == "__main__":
    main()
