"""What a set of cases must look like, so that anyone can add one.

A set is a module in `benchmarks/quality/sets` with `name: str` and `rows(entities, data_dir) -> Iterable[Case]`:
`entities` are those of the listed file, `data_dir` is the folder that STOPSHIP_TEST_DATA names. Rows come in the
same order in every run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from stopship.model.entity import Entity
from stopship.model.values import Schema


def order_of(text: str) -> str:
    """A fixed chance order: by a hash of the text."""
    return hashlib.sha256(b"order\0" + text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Case:
    """One query and the ids of every entry that would be the right answer (any of them is enough).

    `class_` and `script` are the rows of the two tables. No expected id means that nothing should alert; such a
    case counts in the set's alerts, never in recall.
    """

    class_: str
    script: str
    query: str
    schema: Schema
    expected_ids: tuple[str, ...]


class CaseSet(Protocol):
    """A module that gives cases."""

    name: str

    def rows(self, entities: Sequence[Entity], data_dir: Path) -> Iterable[Case]:
        """The cases of this set, the same in every run."""
        ...
