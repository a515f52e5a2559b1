"""Real names of parties that are not listed: each alert on one of them is false."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.cases import order_of, script_of_name

from stopship.model.values import Schema
from stopship.validation.manipulate import part_of


@dataclass(frozen=True, slots=True)
class Corpus:
    """A file of names under the data folder; `stratum` is a column whose values are drawn equally."""

    name: str
    path: str
    column: str
    schema: Schema
    stratum: str | None = None


# Which of them set the thresholds: `stopship.validation.summary.CUSTOMERS`.
CORPORA = (
    Corpus("companies", "corpora/companies.csv.gz", "name", Schema.COMPANY, "source"),
    Corpus("persons", "corpora/persons.csv.gz", "name", Schema.PERSON, "culture"),
    Corpus("people_us", "labelled/synthetic_people_us_negatives.csv.gz", "full_name", Schema.PERSON),
    Corpus("companies_zh", "corpora/cjk_companies_zh.csv.gz", "name", Schema.COMPANY),
    Corpus("persons_ja", "corpora/cjk_persons_ja.csv.gz", "name", Schema.PERSON),
    Corpus("persons_zh", "corpora/cjk_persons_zh_historical.csv.gz", "name", Schema.PERSON),
)


@dataclass(frozen=True, slots=True)
class Negative:
    """A name that is not listed."""

    corpus: str
    script: str
    query: str
    schema: Schema


def negatives(
    data: Path, per_corpus: int, part: str, listed: Container[str], corpora: Iterable[Corpus] = CORPORA
) -> Iterator[Negative]:
    """`per_corpus` names of each corpus, of the last fifth (`last`) or the other four (`tune`).

    A name that is listed letter for letter (`listed` holds names in folded case) is left out: an alert on it is no
    fault of the matcher. Coincidences short of that stay in. A corpus whose file is not there is left out.
    """
    for corpus in corpora:
        if not (data / corpus.path).is_file():
            continue
        strata: dict[str, set[str]] = {}
        for row in _rows(data / corpus.path):
            name = row[corpus.column].strip()
            if name and (part_of(name) == 0) == (part == "last") and name.casefold() not in listed:
                strata.setdefault(row[corpus.stratum] if corpus.stratum else "", set()).add(name)
        taken: dict[str, None] = {}
        queues = [sorted(strata[key], key=order_of) for key in sorted(strata)]
        for at in range(max(map(len, queues), default=0)):
            for queue in queues:
                if at < len(queue) and len(taken) < per_corpus:
                    taken.setdefault(queue[at])
            if len(taken) >= per_corpus:
                break
        for name in taken:
            yield Negative(corpus.name, script_of_name(name), name, corpus.schema)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rb") as raw:
        yield from csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline=""))
