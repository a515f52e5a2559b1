"""Measures speed and size on lists that grow, writes the figures, and prints the report.

    python -m benchmarks.speed.run --sizes 25k,50k
    python -m benchmarks.speed.run --sizes 50k --only batch,single --seconds 5

Writes one JSON file for each section and size to `--out`, and from all that lie there `report.md` and
`growth.svg`: sections can be measured one by one. Queries and lists are the same in every run; how many are asked
follows `--seconds` where `--rows` does not say it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.quality.lists import CACHE, code_hash, data_folder
from benchmarks.speed import batch, command, indexes, peers, recall, single, start
from benchmarks.speed.lists import CSL, NameList, count_of, written
from benchmarks.speed.queries import MIXTURES, Asked, customers, mixture, other_scripts, variants
from benchmarks.speed.report import write_report

from stopship import __version__
from stopship.matching import Index, Matcher, Query
from stopship.matching.weights import SCORER_VERSION
from stopship.names import NORMALIZER_VERSION

_MOST_ROWS = 200_000
_VARIANTS = 20_000
_OPENINGS = 5
QUICK = {
    "sizes": "200",
    "seconds": 0.1,
    "warm_up": 100,
    "mixtures": (0.5,),
    "processes": 1,
    "singles": 10,
    "oracle": 36,
    "repeats": 1,
    "rounds": 2,
    "command_rows": 60,
}


@dataclass(frozen=True)
class Bench:
    """One list and what is asked of it."""

    asked: argparse.Namespace
    data: Path
    listed: NameList

    @cached_property
    def index(self) -> Path:
        """The index; built where it is not there."""
        indexes.built(self.listed, self.data, self.asked.cache)
        return indexes.index_path(self.listed, self.asked.cache)

    @cached_property
    def customers(self) -> list[Asked]:
        """Those that are measured: none of the warm-up."""
        return customers(self.data, self.asked.rows or _MOST_ROWS, skip=self.asked.warm_up)

    @cached_property
    def variants(self) -> list[Asked]:
        return variants(self.listed, max(_VARIANTS, self.asked.rows or 0))

    @cached_property
    def warm_up(self) -> list[Asked]:
        """Other customers, and variants of other names, so that every class has been asked."""
        clean = customers(self.data, self.asked.warm_up)
        measured = {query.text for query in self.variants}
        others = [q for q in variants(self.listed, self.asked.warm_up, seed=1) if q.text not in measured]
        return mixture(clean, others, 0.5, self.asked.warm_up)

    # --- sections: each gives its figures -----------------------------------------------------------

    def build(self) -> dict[str, Any]:
        """Normalization and index building, bytes, opening."""
        figures = indexes.built(self.listed, self.data, self.asked.cache, again=self.asked.rebuild)
        names = [(query.text, query.schema) for query in self.warm_up[:20]]
        return {**figures, "opened": indexes.opened(self.listed, self.asked.cache, names, self.asked.repeats)}

    def batch(self) -> dict[str, Any]:
        """Throughput of customers, variants and mixtures, in fresh processes each."""
        found = {}
        for share in self.asked.mixtures:
            rows = self.asked.rows or _MOST_ROWS
            found[f"{share:.0%}"] = batch.throughput(
                self.index,
                mixture(self.customers, self.variants, share, rows),
                self.warm_up,
                processes=self.asked.processes,
                seconds=self.asked.seconds,
                rows=self.asked.rows,
            )
        rate = next(iter(found.values()))["wall"]["median"]
        rows = self.asked.rows or batch.rows_within(self.asked.seconds, rate, _MOST_ROWS)
        mixed = mixture(self.customers, self.variants, command.LISTED_SHARE, rows)
        sieve = batch.sieve(self.index, {"customers": self.customers, "variants": self.variants})
        return {
            "mixtures": found,
            "sieve": sieve,
            "runner": batch.local_runner(self.index, mixed, self.asked.processes),
        }

    def single(self) -> dict[str, Any]:
        """Percentiles of single look-ups by kind of query."""
        count = self.asked.singles or self._affordable(self.asked.seconds * 4)
        asked = [*self.customers[: 2 * count], *self.variants[: 2 * count], *other_scripts(self.data, count)]
        return {"kinds": single.latencies(self.index, self.warm_up[: max(200, count)], asked)}

    def recall(self) -> dict[str, Any]:
        """Alerts of the reference that the product's path raises."""
        count = self.asked.oracle or self._affordable(self.asked.seconds * 6, oracle=True)
        asked = [*self.variants[:count], *self.customers[: count // 4], *other_scripts(self.data, count // 8)]
        return recall.against_the_oracle(self.index, asked)

    def peers(self) -> dict[str, Any]:
        """Ratios to peers, and how often each finds the right entity."""
        return peers.ratios(
            self.index,
            self.listed,
            self.asked.peer_python,
            mixture(self.customers, self.variants, command.LISTED_SHARE, _MOST_ROWS),
            self.warm_up,
            self.variants[: self.asked.oracle or self._affordable(self.asked.seconds * 4, oracle=True)],
            rounds=self.asked.rounds,
            seconds=self.asked.seconds / 2,
            top=self.asked.top,
        )

    def start(self) -> dict[str, Any]:
        """Cold starts of commands; with the full CSL only, which is what an import brings."""
        return {"commands": start.cold_starts(self.data, self.asked.cache, self.asked.repeats)}

    def command(self) -> dict[str, Any]:
        """`stopship screen` of a file, from end to end."""
        rows = command.customer_base(self.data, self.variants, self.asked.command_rows)
        return command.screen_file(self.listed, rows, self.data, self.asked.cache)

    def _affordable(self, seconds: float, *, oracle: bool = False) -> int:
        """How many variants can be asked one by one in so much time."""
        from stopship.matching.candidates import BruteForce

        index = Index.open(self.index)
        matcher = Matcher(index, candidates=BruteForce(index)) if oracle else Matcher(index)
        for query in self.warm_up[:40]:
            matcher.match(Query(query.text, query.schema))
        done, began = 0, time.perf_counter()
        for query in self.warm_up[40:]:
            matcher.match(Query(query.text, query.schema))
            done += 1
            if time.perf_counter() - began > seconds / 4:
                break
        return max(20, min(20_000, int(done * seconds / max(time.perf_counter() - began, 1e-9))))


SECTIONS: Mapping[str, Callable[[Bench], dict[str, Any]]] = {
    "build": Bench.build,
    "start": Bench.start,
    "batch": Bench.batch,
    "single": Bench.single,
    "recall": Bench.recall,
    "peers": Bench.peers,
    "command": Bench.command,
}
_ONLY_CSL = ("start",)


def provenance(asked: argparse.Namespace, listed: NameList) -> dict[str, Any]:
    """What a figure was measured on. The load says whether the machine was busy with other work."""
    return {
        "size": listed.size,
        "list": listed.digest,
        "versions": {
            "stopship": __version__,
            "normalizer": NORMALIZER_VERSION,
            "scorer": SCORER_VERSION,
            "code": code_hash()[:16],
            "python": platform.python_version(),
        },
        "machine": {
            "processor": _processor(),
            "processors": os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        },
        "at": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
        "arguments": {
            key: getattr(asked, key) for key in ("processes", "seconds", "rows", "quick", "rounds", "top")
        },
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def run(asked: argparse.Namespace, data: Path) -> str:
    """Measure what is asked for and write it down; gives the report.

    Raises:
        SystemExit: a section or a size is not one; one line says so.
    """
    if asked.quick:
        for name, value in QUICK.items():
            setattr(asked, name, value)
    wanted = asked.only.split(",") if asked.only else list(SECTIONS)
    if unknown := [name for name in wanted if name not in SECTIONS]:
        raise SystemExit(f"no such section: {', '.join(unknown)} (there are {', '.join(SECTIONS)})")
    sizes = asked.sizes.split(",")
    for size in sizes:
        try:
            count_of(size)
        except ValueError:
            raise SystemExit(f"{size!r} is no size: give a number of names, as 800, 50k or 1M") from None
    asked.out.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        bench = Bench(asked, data, written(size, data, asked.cache))
        for name in SECTIONS:
            if name not in wanted or (name in _ONLY_CSL and size != (sizes[0] if asked.quick else CSL)):
                continue
            began, about = time.perf_counter(), provenance(asked, bench.listed)
            figures = SECTIONS[name](bench)
            text = json.dumps({**about, "section": name, "figures": figures}, indent=1, ensure_ascii=False)
            (asked.out / f"{name}-{size}.json").write_text(text + "\n", "utf-8")
            print(f"{size} {name}: {time.perf_counter() - began:.0f} s", flush=True)
    return write_report(asked.out)


def shares(text: str) -> tuple[float, ...]:
    """Numbers of 0 to 1, between commas.

    Raises:
        ValueError: one of them is not.
    """
    found = tuple(float(part) for part in text.split(","))
    if not all(0 <= share <= 1 for share in found):
        raise ValueError(f"{text!r}: a share is 0 to 1")
    return found


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--out", type=Path, default=Path(".bench-results", "speed"))
    made.add_argument("--cache", type=Path, default=CACHE, help="where lists, indexes and a home are kept")
    made.add_argument("--sizes", default="25k,50k", help=f"names of the lists; {CSL} is the full CSL")
    made.add_argument("--only", metavar="SECTION,…", help=f"of {', '.join(SECTIONS)}")
    made.add_argument("--seconds", type=float, default=4.0, help="about how long one thing is measured")
    made.add_argument("--rows", type=int, help="queries of each mixture, however long they take")
    made.add_argument("--warm-up", type=int, default=2_000, help="queries that are not measured")
    made.add_argument("--mixtures", type=shares, default=MIXTURES, help="shares of variants, as 0,0.01,1")
    made.add_argument("--singles", type=int, help="single look-ups of each kind")
    made.add_argument("--oracle", type=int, help="variants that the reference looks up too")
    made.add_argument("--command-rows", type=int, default=100_000, help="rows of the file that `screen` reads")
    made.add_argument("--processes", type=int, default=2, help="of the throughput")
    made.add_argument("--rounds", type=int, default=5, help="with peers, in turn")
    made.add_argument("--repeats", type=int, default=_OPENINGS, help="openings and cold starts")
    made.add_argument("--top", type=int, default=10, help="names that each peer is to find")
    made.add_argument("--peer-python", type=Path, default=Path(".bench-venv/bin/python"))
    made.add_argument("--rebuild", action="store_true", help="build the index again")
    made.add_argument("--quick", action="store_true", help="a small list and few queries, for tests")
    return made


def main() -> None:
    """Run it and print the report."""
    print(run(parser().parse_args(), data_folder()))


if __name__ == "__main__":
    main()
