"""A first look at a file that was handed in: how it was read, its columns, and its first rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from stopship.app.batches.drafts import Draft
from stopship.app.batches.meanings import guessed_meanings
from stopship.app.orders.lines import OrderLines
from stopship.app.reading import open_source
from stopship.app.reading.csv_table import DELIMITERS
from stopship.app.reading.json_lines import OTHERS
from stopship.app.reading.streams import ByteStream
from stopship.bulk.columns import PROBLEM, READ, ROW, WARNING
from stopship.errors import OrderError, SettingsError, StopshipError, TableError

SAMPLE = 5
ONE_A_LINE = "Write one order a line, as JSON"
MOST_COLUMNS = 60
MOST_TEXT = 80
_MOVED = "input_"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, its first values (None: the row has none), and whether any of them has a value."""

    heading: str
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """How a file of names reads.

    Attributes:
        form: csv, jsonl, xlsx, parquet.
        encoding: of a text; None elsewhere.
        delimiter: `commas`, `semicolons`, `tabs`; None elsewhere.
        columns: those that can be read, at most `MOST_COLUMNS`; `more` are the headings of the others.
        dropped: headings of columns that nothing reads, because they hold special-category data.
        rows: how many the file says it has; None where that is known only at its end.
        numbers: of the rows that are shown, as the file counts them.
        notes: what its owner should know about how it was read.
        guess: what is read -> the column that it probably stands in.
    """

    form: str
    encoding: str | None
    delimiter: str | None
    columns: tuple[Column, ...]
    more: tuple[str, ...]
    dropped: tuple[str, ...]
    rows: int | None
    numbers: tuple[int, ...]
    notes: tuple[str, ...]
    guess: Mapping[str, str]

    @property
    def headings(self) -> tuple[str, ...]:
        """All columns that can be said to mean something."""
        return (*(column.heading for column in self.columns), *self.more)


@dataclass(frozen=True, slots=True)
class OrdersLook:
    """The first orders of a file: number of the line, and its text or why it is none."""

    lines: tuple[tuple[int, str, str | None], ...]


def look_at(draft: Draft) -> Look:
    """How a file of names reads.

    Raises:
        TableError: it can't be read as a table; the line calls it by its owner's name for it.
    """
    with called(draft), open_source(draft.path, columns={}, rows=SAMPLE) as source:
        batch, _more = first_rows(source.batches, SAMPLE)
        rows = 0 if batch is None else len(batch)
        columns: list[Column] = []
        for name in source.schema.names:
            if name in (ROW, PROBLEM, WARNING, OTHERS):
                continue
            heading = _heading(name) if source.form == "jsonl" else name
            if source.form == "jsonl" and name in READ:
                continue  # a column that only the reader knows
            values = batch.column(name).to_pylist() if batch is not None else []
            columns.append(Column(heading, tuple(_text(value, source.form) for value in values)))
        numbers = tuple(batch.column(ROW).to_pylist()) if rows and batch is not None else ()
        headings = [column.heading for column in columns]
        return Look(
            source.form,
            source.encoding,
            DELIMITERS[source.delimiter] if source.delimiter else None,
            tuple(columns[:MOST_COLUMNS]),
            tuple(headings[MOST_COLUMNS:]),
            source.dropped(),
            source.count,
            numbers,
            tuple(source.notes),
            guessed_meanings(headings),
        )


def look_at_orders(draft: Draft) -> OrdersLook:
    """The first orders of a file of orders.

    Raises:
        OrderError, TableError: it is none, can't be read, or holds no order.
    """
    with called(draft), ByteStream(draft.path) as stream:
        first = tuple(islice(OrderLines(stream), SAMPLE))
        if not first:
            raise OrderError("there is no order in it", where=draft.filename, hint=ONE_A_LINE)
        if not any(_is_object(one.data) for one in first):
            raise OrderError("its first lines are no JSON objects", where=draft.filename, hint=ONE_A_LINE)
        return OrdersLook(tuple((one.number, _order_text(one.data), one.problem) for one in first))


def first_rows(batches: Iterator[pa.RecordBatch], most: int) -> tuple[pa.RecordBatch | None, bool]:
    """The first rows of a file as one batch (None: it has none), and whether there are more. A reader may give
    them in several batches, some of them small."""
    taken: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        taken.append(batch.slice(0, most - count))
        count += len(batch)
        if count > most:
            break
    if not count:
        return None, False
    return pa.Table.from_batches(taken).combine_chunks().to_batches()[0], count > most


def _is_object(data: bytes) -> bool:
    try:
        return isinstance(orjson.loads(data), dict)
    except orjson.JSONDecodeError:
        return False


@contextmanager
def called(draft: Draft) -> Iterator[None]:
    """Errors about a draft name it as its owner does, not by where it lies."""
    try:
        yield
    except (TableError, OrderError, SettingsError) as bad:
        raise _renamed(bad, draft.path, draft.filename) from None


def _renamed(bad: StopshipError, path: Path, filename: str) -> StopshipError:
    where = (bad.where or "").replace(str(path), filename) or None
    hint = (bad.hint or "").replace("--encoding", "the command line: stopship screen --encoding") or None
    if bad.hint and "--format" in bad.hint:
        hint = "Its name must end in .csv, .tsv, .jsonl, .xlsx or .parquet, as the file is"
    return type(bad)(bad.message, where=where, hint=hint)


def _heading(name: str) -> str:
    """How a field is called in the file: one whose name is that of something that is read was moved aside."""
    inner = name.removeprefix(_MOVED)
    return inner if inner.strip().lower() in READ else name


def _text(value: Any, form: str) -> str | None:
    if value is None:
        return None
    if form == "jsonl" and isinstance(value, str):
        plain = orjson.loads(value)
        value = plain if isinstance(plain, str) else value
    if isinstance(value, list | dict):
        value = orjson.dumps(value, default=str).decode()
    text = str(value)
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"


def _order_text(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    return text if len(text) <= 500 else text[:499] + "…"
