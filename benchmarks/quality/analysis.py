"""How long analyzing and preparing a name takes: µs of CPU time for each kind of names, and what the caches hold.

`python -m benchmarks.quality.analysis [NAMES]`: so many names of each kind (5,000) that no cache has seen; as many
others are analyzed before, so that words are as warm as in the middle of a customer base.
"""

from __future__ import annotations

import csv
import gc
import gzip
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import process_time

from benchmarks.quality.lists import data_folder

from stopship.matching.prepare import prepare_name
from stopship.model.values import Schema
from stopship.names import analyze

_SEED = 20
# Kind of names: file, column, what they are the names of.
_KINDS = {
    "companies": ("corpora/companies.csv.gz", "name", Schema.COMPANY),
    "persons": ("corpora/persons.csv.gz", "name", Schema.PERSON),
    "companies, kind unknown": ("corpora/companies.csv.gz", "name", Schema.LEGAL_ENTITY),
    "persons, kind unknown": ("corpora/persons.csv.gz", "name", Schema.LEGAL_ENTITY),
    "Chinese companies": ("corpora/cjk_companies_zh.csv.gz", "name", Schema.COMPANY),
    "Russian words": ("labelled/translit_ru.csv.gz", "native", Schema.PERSON),
    "Arabic words": ("labelled/translit_ar.csv.gz", "native", Schema.PERSON),
}


def main(count: int) -> None:
    """Print a table: kind of names, µs for `analyze`, µs for `prepare_name` of other names."""
    data = data_folder()
    print(f"{'':26}{'analyze':>9}{'prepare':>9}  µs a name, {count:,} fresh names each")
    for kind, (file, column, schema) in _KINDS.items():
        names = _names(data / file, column, 3 * count)
        third = len(names) // 3
        for name in names[:third]:
            prepare_name(name, schema)
        gc.collect()
        analyzed = _timed(lambda name: analyze(name, schema.value), names[third : 2 * third])  # noqa: B023
        prepared = _timed(lambda name: prepare_name(name, schema), names[2 * third :])  # noqa: B023
        print(f"{kind:26}{analyzed:9.0f}{prepared:9.0f}", flush=True)
    print(f"most memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _names(path: Path, column: str, count: int) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as rows:
        names = list(dict.fromkeys(row[column] for row in csv.DictReader(rows) if row[column].strip()))
    Random(_SEED).shuffle(names)
    return names[:count]


def _timed(work: Callable[[str], object], names: list[str]) -> float:
    start = process_time()
    for name in names:
        work(name)
    return (process_time() - start) / len(names) * 1e6


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
