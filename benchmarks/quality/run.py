"""Measures how well names are found on the full list, writes every case, and prints the tables.

    python -m benchmarks.quality.run --out .bench-results

Writes `cases.csv`, `negatives.csv`, `listed.csv` and `summary.json`. The same arguments give the same cases in
every run, in the same order, so two runs can be compared line by line. Cases are of the last fifth of names, on
which nothing was tuned; `--part tune` takes the other four.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.quality.cases import SetCase, manipulated, owners, plugged_in, verbatim
from benchmarks.quality.lists import LIST, code_hash, data_folder, file_hash, index_path
from benchmarks.quality.negatives import CORPORA, Negative, negatives
from benchmarks.quality.scoring import Found, search_all
from benchmarks.quality.tables import lines

from stopship import __version__
from stopship.matching import DEFAULT_THRESHOLD, Index
from stopship.matching.weights import SCORER_VERSION
from stopship.model.entity import Entity
from stopship.names import NORMALIZER_VERSION
from stopship.validation.results import (
    CASES,
    LISTED,
    NEGATIVES,
    SUMMARY,
    CaseRow,
    ListedRow,
    NegativeRow,
    write_cases,
    write_listed,
    write_negatives,
)
from stopship.validation.summary import CUSTOMERS, summarize

QUICK_ENTRIES = 300


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is drawn: names of each class, names as printed (None: all), customers of each corpus, others."""

    per_class: int
    verbatim: int | None
    customers: int
    others: int


QUICK = Sizes(per_class=3, verbatim=30, customers=30, others=5)


def draw_cases(
    entities: Sequence[Entity], data: Path, sizes: Sizes, part: str, seed: int, only: str | None
) -> list[SetCase]:
    """The cases of all sets, or of one set or class alone."""
    drawn = chain(
        verbatim(entities, sizes.verbatim),
        manipulated(entities, sizes.per_class, part, seed),
        plugged_in(entities, data, sizes.per_class),
    )
    return [case for case in drawn if only is None or only in (case.set, case.case.class_)]


def draw_negatives(entities: Sequence[Entity], data: Path, sizes: Sizes, part: str) -> list[Negative]:
    """Names that are not listed: customers, and other corpora."""
    listed = owners(entities)
    return [
        row
        for corpus in CORPORA
        for row in negatives(
            data, sizes.customers if corpus.name in CUSTOMERS else sizes.others, part, listed, (corpus,)
        )
    ]


def case_row(case: SetCase, found: Found) -> CaseRow:
    """A case and what was found for it, as a row."""
    asked = case.case
    return CaseRow(
        case.set,
        asked.class_,
        asked.script,
        asked.schema.value,
        asked.query,
        asked.expected_ids,
        found.right,
        found.band,
        found.alert if asked.expected_ids else found.any_alert,
        found.rank,
        found.wrong,
        found.wrong_name,
    )


def negative_row(negative: Negative, found: Found) -> NegativeRow:
    """A name that is not listed and the best that was found for it, as a row."""
    return NegativeRow(
        negative.corpus,
        negative.script,
        negative.schema.value,
        negative.query,
        found.wrong,
        found.wrong_name,
        found.any_alert,
    )


def provenance(data: Path, index: Index, asked: argparse.Namespace, sizes: Sizes) -> dict[str, Any]:
    """What the figures were measured on: versions, files with their hashes, arguments."""
    files = [LIST, *(Path(corpus.path) for corpus in CORPORA)]
    return {
        "versions": {
            "stopship": __version__,
            "normalizer": NORMALIZER_VERSION,
            "scorer": SCORER_VERSION,
            "code": code_hash(),
            "python": platform.python_version(),
        },
        "files": {path.as_posix(): file_hash(data / path) for path in files if (data / path).is_file()},
        "entries": len(index),
        "part": asked.part,
        "seed": asked.seed,
        "quick": asked.quick,
        "sizes": {
            "per_class": sizes.per_class,
            "verbatim": sizes.verbatim,
            "customers": sizes.customers,
            "others": sizes.others,
        },
    }


def run(asked: argparse.Namespace, data: Path) -> dict[str, Any]:
    """Draw, search, write the files, and return the summary."""
    sizes = (
        QUICK
        if asked.quick
        else Sizes(asked.per_class, asked.verbatim or None, asked.negatives, asked.negatives // 5)
    )
    path = index_path(data, at_most=QUICK_ENTRIES if asked.quick else None)
    index = Index.open(path)
    entities = list(index.entities())
    cases = draw_cases(entities, data, sizes, asked.part, asked.seed, asked.only)
    others = draw_negatives(entities, data, sizes, asked.part)
    questions = [(c.case.query, c.case.schema, c.case.expected_ids) for c in cases]
    questions += [(n.query, n.schema, ()) for n in others]
    began = time.perf_counter()
    found = list(search_all(path, questions, processes=asked.processes))
    print(f"{len(questions):,} searches in {time.perf_counter() - began:.0f} s", flush=True)
    rows = [case_row(case, hit) for case, hit in zip(cases, found, strict=False)]
    unlisted = [negative_row(other, hit) for other, hit in zip(others, found[len(cases) :], strict=True)]
    asked.out.mkdir(parents=True, exist_ok=True)
    write_cases(asked.out / CASES, rows)
    write_negatives(asked.out / NEGATIVES, unlisted)
    write_listed(
        asked.out / LISTED,
        (ListedRow(entity.id, entity.schema.value, name.text) for entity in entities for name in entity.names),
    )
    summary = {**provenance(data, index, asked, sizes), **summarize(rows, unlisted, DEFAULT_THRESHOLD)}
    (asked.out / SUMMARY).write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return summary


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--out", type=Path, default=Path(".bench-results"))
    made.add_argument("--part", choices=("last", "tune"), default="last", help="which names the cases are of")
    made.add_argument("--per-class", type=int, default=200, help="manipulated names of each class")
    made.add_argument("--verbatim", type=int, default=3000, help="names as printed (0: all)")
    made.add_argument("--negatives", type=int, default=3000, help="companies, and persons; a fifth of the others")
    made.add_argument("--only", metavar="SET_OR_CLASS", help="cases of one set or class alone")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--processes", type=int, default=1)
    made.add_argument("--quick", action="store_true", help="a small part of the list and a few cases, for tests")
    return made


def main() -> None:
    """Run it and print the tables."""
    print("\n".join(lines(run(parser().parse_args(), data_folder()))))


if __name__ == "__main__":
    main()
