"""Pairs of names scored per second on one core: Stopship against logic-v2, the same pairs, in turn.

    python -m benchmarks.quality.pairs --peer-python .bench-venv/bin/python

Both have all names analyzed beforehand; each runs in its own environment, one after the other, five times, and the
median of the ratios is printed. The pairs are listed names (`listed.csv` of a run) with the next in a fixed chance
order, and with a name of the same entry where it has more than one, so that near pairs are among them. Analysis
time for each name is given apart. Times are of the processor, not of the clock, so that other work disturbs less.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from stopship.validation.results import LISTED, ListedRow, read_listed

Pairs = list[tuple[ListedRow, ListedRow]]
_PASSES = 10  # one pass over the pairs takes milliseconds only


def pairs(listed: list[ListedRow], count: int) -> Pairs:
    """`count` pairs, half of one entry and half of two, of one schema each."""
    rows = sorted(listed, key=lambda r: hashlib.sha256(f"{r.id}\0{r.name}".encode()).digest())
    first: dict[str, ListedRow] = {}
    near: Pairs = []
    for row in rows:
        if row.id in first:
            near.append((first[row.id], row))
        first.setdefault(row.id, row)
    by_schema = sorted(rows, key=lambda r: r.schema)  # stable: chance within a schema
    far = [(a, b) for a, b in itertools.pairwise(by_schema) if a.schema == b.schema and a.id != b.id]
    step = max(1, 2 * len(far) // count)
    return near[: count // 2] + far[::step][: count // 2]


def ours(asked: Pairs) -> dict[str, float]:
    """Seconds for the analysis of one name, and pairs per second, of Stopship."""
    from stopship.matching import prepare_name, score_pair
    from stopship.model.values import Schema

    def prepare(row: ListedRow, *, is_query: bool) -> object:  # noqa: ARG001
        made = prepare_name(row.name, Schema(row.schema))
        assert made.arrays and made.longest  # laid out beforehand
        return made

    return _timed(asked, prepare, lambda a, b: score_pair(a, b))  # type: ignore[arg-type]


def theirs(asked: Pairs) -> dict[str, float]:
    """The same of logic-v2: its cache holds the analyzed names of each entity."""
    from benchmarks.quality.peer_logic import algorithms, entity

    algorithm = algorithms()["logic-v2"]
    config = algorithm.default_config()
    count = iter(range(10**9))

    def prepare(row: ListedRow, *, is_query: bool) -> object:
        from nomenklatura.matching.logic_v2.names import analysis

        made = entity(f"e{next(count)}", row.schema, [row.name])
        # The arguments as name_match gives them: its caches tell keywords apart.
        for names in (analysis.entity_names, analysis.entity_names_consolidated):
            if is_query:
                names(made, prop=None, is_query=True)
            else:
                names(made, prop=None)
        return made

    return _timed(asked, prepare, lambda a, b: algorithm.compare(a, b, config))


def _timed(
    asked: Pairs, prepare: Callable[..., object], score: Callable[[object, object], object]
) -> dict[str, float]:
    for a, b in asked[:20]:  # compiles and loads tables
        score(prepare(a, is_query=True), prepare(b, is_query=False))
    began = time.process_time()
    ready = [(prepare(a, is_query=True), prepare(b, is_query=False)) for a, b in asked]
    analyzed = time.process_time()
    for _ in range(_PASSES):
        for left, right in ready:
            score(left, right)
    done = time.process_time()
    return {"analysis": (analyzed - began) / (2 * len(asked)), "pairs": _PASSES * len(asked) / (done - analyzed)}


def main() -> None:
    """Time both in turn; with `--one` only one of them, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, nargs="?", default=Path(".bench-results"))
    # Fewer names than the 1,000 that logic-v2's cache holds, so that nothing is analyzed twice.
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peer-python", default=".bench-venv/bin/python")
    parser.add_argument("--one", choices=("stopship", "logic-v2"))
    asked = parser.parse_args()
    if asked.one:
        drawn = pairs(read_listed(asked.results / LISTED), asked.count)
        print(json.dumps(ours(drawn) if asked.one == "stopship" else theirs(drawn)))
        return
    ratios = []
    for number in range(asked.repeats):
        found = {
            name: _other(python, name, asked)
            for name, python in (("stopship", sys.executable), ("logic-v2", asked.peer_python))
        }
        ratios.append(found["stopship"]["pairs"] / found["logic-v2"]["pairs"])
        shown = "; ".join(
            f"{name} {row['pairs']:,.0f} pairs/s, analysis {1e6 * row['analysis']:,.0f} µs a name"
            for name, row in found.items()
        )
        print(f"{number + 1}: {shown}; ratio {ratios[-1]:.1f}", flush=True)
    print(f"median ratio {median(ratios):.1f}")


def _other(python: str, name: str, asked: argparse.Namespace) -> dict[str, float]:
    command = [python, "-m", "benchmarks.quality.pairs", str(asked.results)]
    command += ["--one", name, "--count", str(asked.count)]
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join(filter(None, [str(root / "src"), str(root), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    return {key: float(value) for key, value in json.loads(done.stdout).items()}


if __name__ == "__main__":
    main()
