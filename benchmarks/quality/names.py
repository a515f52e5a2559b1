"""Names of customers who are not listed, for the fit: drawn alike in every run."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from stopship.model.values import Schema
from stopship.validation.manipulate import part_of

_FILES = (("companies.csv.gz", Schema.COMPANY), ("persons.csv.gz", Schema.PERSON))


@dataclass(frozen=True, slots=True)
class Customer:
    """A name of a corpus and what it is the name of."""

    name: str
    schema: Schema


def customers(data: Path, count: int, parts: Container[int], seed: int) -> Iterator[Customer]:
    """So many companies and so many persons of some fifths (by a hash of the name)."""
    for file, schema in _FILES:
        with gzip.open(data / "corpora" / file, "rt", encoding="utf-8", newline="") as rows:
            names = [row["name"] for row in csv.DictReader(rows) if part_of(row["name"]) in parts]
        Random(seed).shuffle(names)
        yield from (Customer(name, schema) for name in names[:count])
