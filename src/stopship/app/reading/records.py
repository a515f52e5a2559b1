"""Rows of cells, as CSV and XLSX give them, to Arrow batches: odd rows are marked, never dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from stopship.bulk.columns import MEANS, PROBLEM, READ, ROW, WARNING
from stopship.errors import SettingsError, TableError

EMPTY = "the row is empty"


@dataclass(slots=True)
class Chunk:
    """Some rows of a file: the number of the first one, the cells of each, and why some could not be split."""

    first: int
    records: list[Sequence[str]] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Header:
    """The columns as the header names them, and which of them are kept: those with a name that aren't dropped.

    `meanings`, by column, is what a person said that they are; None where their names say it.
    """

    columns: tuple[str, ...]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    meanings: Mapping[str, str] | None = None

    @property
    def name_at(self) -> int | None:
        """Where the column of names stands, if there is one."""
        if self.meanings is None:
            return self.columns.index("name") if "name" in self.columns else None
        return next((n for n, column in enumerate(self.columns) if self.meanings.get(column) == "name"), None)


def read_header(
    cells: Sequence[str],
    where: str,
    required: Sequence[str],
    known: Any,
    drop: Any,
    columns_are: Mapping[str, str] | None = None,
) -> Header:
    """The header from its cells.

    Args:
        cells: as they stand in the first line.
        where: the file, for messages.
        required: columns that must be there (compared without case and surrounding space).
        known: columns whose names are taken in lower case.
        drop: whether a column is never read.
        columns_are: what is read -> the column that it stands in, as a person said; then nothing is required or
            known by its name.

    Raises:
        TableError: a column is missing or stands twice.
    """
    columns = [c.strip() for c in cells]
    meanings = meanings_of(columns_are, columns, where) if columns_are is not None else None
    if meanings is not None:
        required, known = (), ()
    lowered = [c.lower() for c in columns]
    for name in required:
        if name not in lowered:
            shown = ", ".join(c for c in columns if c) or "none"
            raise TableError(
                f"there is no column {name!r} (found: {shown[:200]})",
                where=f"{where}, header",
                hint=f"Name the column {name!r} in the first line",
            )
    columns = [c.lower() if c.lower() in known else c for c in columns]
    for name in columns:
        if columns.count(name) > 1 and name:
            raise TableError(f"the column {name!r} stands twice", where=f"{where}, header")
    kept = tuple(c for c in columns if c and not drop(c))
    return Header(tuple(columns), kept, tuple(c for c in columns if c and c not in kept), meanings)


def meanings_of(columns_are: Mapping[str, str], columns: Sequence[str], where: str) -> dict[str, str]:
    """By column, what it means: the inverse of what a person said, held against the columns that are there.

    Raises:
        TableError: a column is not there.
        SettingsError: it is said to be two things, or something that is not read.
    """
    found: dict[str, str] = {}
    for meaning, column in columns_are.items():
        if meaning not in READ:
            raise SettingsError(f"{meaning!r} is not read", where="columns", hint=f"Known: {', '.join(READ)}")
        if column not in columns:
            shown = ", ".join(c for c in columns if c) or "none"
            raise TableError(f"there is no column {column!r} (found: {shown[:200]})", where=where)
        if column in found:
            raise SettingsError(
                f"the column {column!r} can't be both {found[column]} and {meaning}", where="columns"
            )
        found[column] = meaning
    return found


def field_of(column: str, kind: pa.DataType, meanings: Mapping[str, str] | None) -> pa.Field:
    """A field of the schema, with what a person said that it is."""
    about = {MEANS: meanings.get(column, "").encode()} if meanings is not None else None
    return pa.field(column, kind, metadata=about)


def judge(cells: Sequence[str], width: int) -> tuple[str | None, str | None]:
    """Why a row can't be used, if so, and what is odd about it. Cells too many have shifted something; cells too
    few are an export that leaves out empty ones at the end."""
    if not any(cell.strip() for cell in cells):
        return EMPTY, None
    if len(cells) == width:
        return None, None
    counted = f"{len(cells)} cells where the header has {width} columns"
    if len(cells) < width:
        return None, counted
    return (counted if any(cell.strip() for cell in cells[width:]) else None), None


def schema_of(header: Header) -> pa.Schema:
    """The schema of the batches: a text column for each kept one, and what is known of each row."""
    fields = [field_of(name, pa.string(), header.meanings) for name in header.kept]
    return pa.schema([*fields, (ROW, pa.int64()), (PROBLEM, pa.string()), (WARNING, pa.string())])


def to_batches(chunks: Iterator[Chunk], header: Header) -> Iterator[pa.RecordBatch]:
    """A batch for each chunk. A cell that a short row doesn't have is null, an empty one is empty."""
    schema = schema_of(header)
    places = [header.columns.index(name) for name in header.kept]
    name_at = header.name_at
    for chunk in chunks:
        columns, problems, warnings = _columns(chunk, places, len(header.columns), name_at)
        count = len(chunk.records)
        arrays = [
            *(pa.array(column, pa.string()) for column in columns),
            pa.array(range(chunk.first, chunk.first + count), pa.int64()),
            _sparse(problems, count),
            _sparse(warnings, count),
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _columns(
    chunk: Chunk, places: list[int], width: int, name_at: int | None
) -> tuple[list[list[str | None]], dict[int, str], dict[int, str]]:
    problems, warnings = dict(chunk.problems), {}
    records: list[Sequence[str | None]] = list(chunk.records)
    odd = [
        n
        for n, record in enumerate(records)
        if len(record) != width or name_at is None or not (record[name_at] or "").strip()
    ]
    for n in odd:
        if n in problems:
            records[n] = (None,) * width
            continue
        problem, warning = judge(chunk.records[n], width)
        if problem:
            problems[n] = problem
        if warning:
            warnings[n] = warning
        cells = () if problem == EMPTY else tuple(chunk.records[n][:width])
        records[n] = cells + (None,) * (width - len(cells))
    turned: list[tuple[Any, ...]] = list(zip(*records, strict=True)) if records else [()] * width
    if problems or warnings:
        return [[c if c is None else c.strip() for c in turned[place]] for place in places], problems, warnings
    return [[c.strip() for c in turned[place]] for place in places], problems, warnings


def _sparse(texts: dict[int, str], count: int) -> pa.Array:
    if not texts:
        return pa.nulls(count, pa.string())
    return pa.array([texts.get(n) for n in range(count)], pa.string())
