"""Ownership data: how long a graph takes to build, how much memory, how fast it opens and meets an order.

    python benchmarks/speed/ownership.py [RELATIONSHIPS]

Makes a GLEIF golden copy of that many relationships (200,000 by default) and one and a half times as many LEI
records, with a fixed seed, in a temporary folder. Times are of the processor, so that other work on the machine
counts little. Prints one line a figure."""

from __future__ import annotations

import csv
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from stopship.app.ownership.files import read_files
from stopship.model.order import read_order
from stopship.ownership import OwnershipGraph, join

T = TypeVar("T")
DAY = date(2026, 1, 1)
LOOKED_UP = 2_000
PADDING = 20
"""Further columns, which the real files have many of."""


def lei(number: int) -> str:
    """A well-formed LEI."""
    return f"{number:018d}{number % 97:02d}"


def make(folder: Path, relationships: int) -> list[Path]:
    """The two files."""
    chance = random.Random(1)
    pad = [f"Pad.{n}" for n in range(PADDING)]
    node = "Relationship.{}Node.NodeID"
    header = [node.format("Start"), node.format("Start") + "Type", node.format("End"), node.format("End") + "Type"]
    header += ["Relationship.RelationshipType", "Relationship.RelationshipStatus"]
    header += [f"Relationship.Period.1.{part}" for part in ("startDate", "endDate", "periodType")]
    kinds = ["IS_DIRECTLY_CONSOLIDATED_BY", "IS_ULTIMATELY_CONSOLIDATED_BY"]
    relations, names = folder / "rr.csv", folder / "lei2.csv"
    with relations.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*header, "Registration.RegistrationStatus", *pad])
        for child in range(1, relationships + 1):
            ends = [lei(child), "LEI", lei(chance.randrange(child)), "LEI", chance.choice(kinds), "ACTIVE"]
            period = ["2019-01-01T00:00:00Z", "", "RELATIONSHIP_PERIOD", "PUBLISHED"]
            writer.writerow([*ends, *period, *pad])
    with names.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["LEI", "Entity.LegalName", "Entity.LegalAddress.Country", "Entity.LegalJurisdiction", *pad]
        )
        for number in range(relationships * 3 // 2):
            name = f"Example {chance.randrange(10**6)} Trading {number} Ltd"
            writer.writerow([lei(number), name, "GB", "GB", *pad])
    return [relations, names]


def main() -> None:
    """Build, open, look up; print."""
    relationships = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        files = make(Path(folder), relationships)
        graph, _done = timed("build", lambda: read_files(files, "gleif", None, lambda _step: None))
        say("holders", graph.holders)
        say("stakes", graph.stakes)
        say("peak memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "MB")
        path = Path(folder) / "graph.own"
        path.write_bytes(graph.to_bytes())
        say("file", path.stat().st_size >> 20, "MB")
        timed("open the first time", lambda: OwnershipGraph.open(path))
        opened = timed("open again", lambda: OwnershipGraph.open(path))
        chance = random.Random(2)
        leis = [[{"type": "lei", "value": lei(chance.randrange(relationships))}] for _ in range(LOOKED_UP)]
        orders(opened, "an order by LEI", [{"name": "X", "identifiers": one} for one in leis])
        names = [opened.holder(chance.randrange(opened.holders)).caption for _ in range(LOOKED_UP)]
        orders(opened, "an order by name", [{"name": name, "country": "GB"} for name in names])
        orders(opened, "an order that isn't in it", [{"name": f"Nobody {n} Ltd"} for n in range(LOOKED_UP)])


def orders(graph: OwnershipGraph, what: str, parties: list[dict[str, object]]) -> None:
    """Join orders of one party with a graph."""
    read = [read_order({"parties": [{"role": "end_user", **party}]}) for party in parties]
    timed(what, lambda: [join(graph, order, as_of=DAY) for order in read], each=len(read))


def timed(what: str, do: Callable[[], T], *, each: int = 1) -> T:
    """Do it and print how long it took, each."""
    began = time.process_time()
    found = do()
    say(what, round((time.process_time() - began) / each * 1000, 2), "ms")
    return found


def say(what: str, figure: float, unit: str = "") -> None:
    """One line."""
    print(f"{what:<28}{figure:>14,} {unit}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
