"""A million enrolled customers against changes of the lists: seconds, processor seconds, who was screened again,
and whether a sample has the same hits as after screening all of it.

    python -m benchmarks.monitor.run --customers 1M --changes 10,50,500

Customers are those of the speed benchmark. The lists are the full CSL; before a change of N entities, N entities
of it were others: half of them had other names, a quarter weren't there, a quarter are gone now. Processor seconds
count the workers too; on a shared machine they are what can be compared.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.speed.lists import CSL, count_of, csl_entities, written
from benchmarks.speed.memory import Watch
from benchmarks.speed.queries import customers, variants

from stopship.app.indexes import IndexPlace
from stopship.app.monitoring import rescreen as monitoring
from stopship.app.workspace import Workspace
from stopship.bulk import local
from stopship.bulk.monitored import ALL_HITS
from stopship.matching import Index, IndexedList
from stopship.model.entity import Entity
from stopship.monitor.files import KEY
from stopship.monitor.results import by_entity
from stopship.store import matches, portfolios

LISTED = 1000
"""One customer in so many is a variant of a listed name."""
NAME = "customers"


class FixedLists(Workspace):
    """A home whose lists are an index that is given."""

    def __init__(self, home: Path, directory: Path) -> None:
        super().__init__(home, today=date(2026, 11, 26))
        self.directory = directory

    def index_place(self, as_of: date) -> IndexPlace:  # noqa: ARG002
        """The index that was given."""
        return IndexPlace(Index.open(self.directory), lambda: self.directory)


def altered(entities: tuple[Entity, ...], count: int, seed: int) -> list[Entity]:
    """The lists before a change of so many entities."""
    rng = Random(f"{count} {seed}")
    chosen = set(rng.sample(range(len(entities)), count))
    before: list[Entity] = []
    for number, entity in enumerate(entities):
        if number not in chosen:
            before.append(entity)
            continue
        way = rng.randrange(4)
        if way == 0:
            continue  # it is new
        if way == 1:
            before += [entity, replace(entity, id=f"{entity.id}-gone")]
        else:
            names = entity.names[:-1] or (replace(entity.names[0], text=f"Former {entity.names[0].text}"),)
            before.append(replace(entity, names=names))
    return before


def write_index(entities: Any, label: str, folder: Path) -> Path:
    """An index of these entities."""
    listed = IndexedList("us_csl", f"sha256:{label}", None, None, len(entities), None, "official")
    path = folder / f"{label}.index"
    if not path.exists():
        Index.build([(listed, entities)]).write(path)
    return path


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What it gives, seconds of the clock, and of the processor with those of the workers (`Watch`)."""
    own, began = time.process_time(), time.perf_counter()
    with Watch(os.getpid()) as watch:
        result = work()
    wall = time.perf_counter() - began
    workers = watch.cpu - time.process_time()  # of this process, Watch has seen all that it ever used
    return result, wall, max(0.0, workers) + time.process_time() - own


def write_customers(path: Path, count: int, data: Path, cache: Path) -> None:
    """The file of customers."""
    if path.exists():
        return
    listed = variants(written(CSL, data, cache), count // LISTED)
    asked = [*customers(data, count - len(listed)), *listed]
    Random(count).shuffle(asked)
    table = pa.table(
        {
            "id": [f"C{n:07d}" for n in range(len(asked))],
            "name": [one.text for one in asked],
            "schema": [one.schema.value for one in asked],
        }
    )
    part = path.with_suffix(".part")
    pq.write_table(table, part)
    part.replace(path)


def differences(space: FixedLists, sample: int) -> tuple[int, int]:
    """How many of the first rows have other hits than a full screening gives them, and how many have any."""
    database = space.database()
    with database.begin() as connection:
        known = portfolios.find(connection, NAME)
        assert known is not None
        held: dict[str, dict[str, str]] = {}
        for match in matches.open_matches(connection, known.id):
            held.setdefault(match.customer, {})[match.entity_id] = match.hit
    database.close()
    import orjson

    files = monitoring.portfolio_files(space, NAME)
    batches = []
    rows = 0
    for batch in files.batches(known.files):
        batches.append(batch)
        rows += len(batch)
        if rows >= sample:
            break
    other = some = 0
    for found in local.screen([b.drop_columns([KEY]) for b in batches], space.directory, limit=ALL_HITS):
        for customer, hits in zip(found.column("id").to_pylist(), found.column("hits").to_pylist(), strict=True):
            now = {key: orjson.dumps(hit).decode() for key, hit in by_entity(hits).items()}
            some += bool(now)
            other += now != held.get(customer, {})
    return other, some


def main() -> None:
    """Run it and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", default="1M")
    parser.add_argument("--changes", default="10,50,500")
    parser.add_argument("--sample", default="50k", help="rows that are compared with a full screening")
    parser.add_argument("--cache", type=Path, default=Path(".bench-cache"))
    arguments = parser.parse_args()
    data, cache, count = Path(os.environ["STOPSHIP_TEST_DATA"]), arguments.cache, count_of(arguments.customers)
    cache.mkdir(exist_ok=True)
    source = cache / f"monitor-{arguments.customers}.parquet"
    write_customers(source, count, data, cache)
    entities = csl_entities(data)
    now = datetime.now(UTC)
    print("step\tentities\twall_s\tcpu_s\tscreened\tnew\tchanged\tgone\tother_than_full\tsample_hits", flush=True)
    after = write_index(entities, "monitor-after", cache)
    space = FixedLists(cache / f"monitor-home-{arguments.customers}", after)
    shutil.rmtree(space.home, ignore_errors=True)
    done, wall, cpu = timed(lambda: monitoring.enroll(space, source, NAME, now=now))
    print(f"enroll\t{len(entities)}\t{wall:.1f}\t{cpu:.1f}\t{done.screened}\t{done.counts()['new']}", flush=True)
    for size in map(int, arguments.changes.split(",")):
        for label, lists in ((f"monitor-before-{size}", altered(entities, size, 1)), ("monitor-after", entities)):
            space = FixedLists(space.home, write_index(lists, label, cache))
            done, wall, cpu = timed(lambda: monitoring.rescreen(space, NAME, now=now))  # noqa: B023
            counts = done.counts()
            other, some = differences(space, count_of(arguments.sample))
            figures = f"{done.changed_entities}\t{wall:.1f}\t{cpu:.1f}\t{done.screened}"
            print(f"{label}\t{figures}\t" + "\t".join(map(str, (*counts.values(), other, some))), flush=True)


if __name__ == "__main__":
    main()
