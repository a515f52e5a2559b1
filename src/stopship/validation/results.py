"""The files of a benchmark run: one row for each case, each name that is not listed, and each listed name."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CASES, NEGATIVES, LISTED, SUMMARY = "cases.csv", "negatives.csv", "listed.csv", "summary.json"
_CASE_COLUMNS = (
    "set", "class", "script", "schema", "query", "expected_ids", "score", "band", "alert", "rank",
    "wrong_score", "wrong_name",
)  # fmt: skip
_NEGATIVE_COLUMNS = ("corpus", "script", "schema", "query", "score", "name", "alert")
_LISTED_COLUMNS = ("id", "schema", "name")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A query whose right answer is known, and what was found.

    `score`, `band` and `rank` are those of the best right entry (0, "" and 0: not found); `wrong_score` and
    `wrong_name` are those of the best other one. Without `expected_ids` nothing should alert, and `alert` says
    whether anything did.
    """

    set: str
    class_: str
    script: str
    schema: str
    query: str
    expected_ids: tuple[str, ...]
    score: float
    band: str
    alert: bool
    rank: int
    wrong_score: float
    wrong_name: str


@dataclass(frozen=True, slots=True)
class NegativeRow:
    """A name that is not listed, with the best entry found for it (0 and "": none)."""

    corpus: str
    script: str
    schema: str
    query: str
    score: float
    name: str
    alert: bool


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One name of a listed entry."""

    id: str
    schema: str
    name: str


def write_cases(path: Path, rows: Iterable[CaseRow]) -> None:
    """Write `cases.csv`; scores have four decimals, so that two runs differ only where something changed."""
    lines = (
        (
            r.set, r.class_, r.script, r.schema, r.query, "|".join(r.expected_ids), _score(r.score), r.band,
            _yes(r.alert), r.rank, _score(r.wrong_score), r.wrong_name,
        )
        for r in rows
    )  # fmt: skip
    _write(path, _CASE_COLUMNS, lines)


def write_negatives(path: Path, rows: Iterable[NegativeRow]) -> None:
    """Write `negatives.csv`."""
    lines = ((r.corpus, r.script, r.schema, r.query, _score(r.score), r.name, _yes(r.alert)) for r in rows)
    _write(path, _NEGATIVE_COLUMNS, lines)


def write_listed(path: Path, rows: Iterable[ListedRow]) -> None:
    """Write `listed.csv`."""
    _write(path, _LISTED_COLUMNS, ((r.id, r.schema, r.name) for r in rows))


def read_cases(path: Path) -> list[CaseRow]:
    """Read `cases.csv`.

    Raises:
        OSError: the file can't be read.
        ValueError: it has other columns, or a score that is no number.
    """
    return [
        CaseRow(
            row["set"],
            row["class"],
            row["script"],
            row["schema"],
            row["query"],
            tuple(filter(None, row["expected_ids"].split("|"))),
            float(row["score"]),
            row["band"],
            row["alert"] == "yes",
            int(row["rank"]),
            float(row["wrong_score"]),
            row["wrong_name"],
        )
        for row in _read(path, _CASE_COLUMNS)
    ]


def read_negatives(path: Path) -> list[NegativeRow]:
    """Read `negatives.csv`; errors as in `read_cases`."""
    return [
        NegativeRow(
            row["corpus"],
            row["script"],
            row["schema"],
            row["query"],
            float(row["score"]),
            row["name"],
            row["alert"] == "yes",
        )
        for row in _read(path, _NEGATIVE_COLUMNS)
    ]


def read_listed(path: Path) -> list[ListedRow]:
    """Read `listed.csv`; errors as in `read_cases`."""
    return [ListedRow(row["id"], row["schema"], row["name"]) for row in _read(path, _LISTED_COLUMNS)]


def _score(score: float) -> str:
    return f"{score:.4f}" if score else "0"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _write(path: Path, columns: tuple[str, ...], lines: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(lines)


def _read(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise ValueError(f"{path}: the columns are not {', '.join(columns)}")
        yield from reader
