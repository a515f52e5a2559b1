"""CSV with a header: comma, semicolon or tab; rows that can't be split are handed on with number and reason.

Regular stretches are split by Arrow (`csv_blocks`). Wherever anything is odd, the `csv` module of Python splits
the stretch, row by row; both give the same rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Self

import pyarrow as pa

from stopship.app.reading.csv_blocks import regular, split
from stopship.app.reading.csv_lines import MAX_LINE, whole_lines
from stopship.app.reading.encodings import Encoding, marked_encoding
from stopship.app.reading.records import EMPTY, Chunk, Header, judge, read_header, to_batches
from stopship.app.reading.streams import ByteStream, format_of
from stopship.errors import TableError

MAX_CELL = 100_000
"""Characters in one cell. Names are a few hundred; ten million are a broken export."""
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
KNOWN = ("id", "name", "schema", "country", "address", "birth_date", "registration_date")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number (the header is row 1), its cells by column, why it can't be used, if so, and what is odd
    about it but leaves it usable."""

    number: int
    cells: Mapping[str, str]
    problem: str | None = None
    warning: str | None = None


@dataclass(slots=True)
class Table:
    """An opened CSV file: its columns and its rows, read as a stream."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    dropped: tuple[str, ...] = field(default=())


@contextmanager
def open_table(
    path: Path, *, required: Sequence[str], drop: Callable[[str], bool] = lambda _column: False
) -> Iterator[Table]:
    """Open a CSV file with a header, row by row.

    Args:
        path: the file; gzip and zstd are unpacked on the way.
        required: columns that must be there (compared without case and surrounding space).
        drop: whether a column is never read (special-category attributes); it doesn't reach any row.

    Raises:
        TableError: missing, empty, another format, neither UTF-8 nor marked as UTF-16, a column missing or twice.
    """
    with ByteStream(path) as stream:
        format_of(path, stream, "csv")
        encoding = marked_encoding(stream) or Encoding("utf-8")
        table = CsvTable(stream, encoding, required=required, drop=drop, rows=1000)
        yield Table(table.header.kept, table.rows(), table.header.dropped)


class CsvTable:
    """A CSV file whose header has been read; its rows as chunks, as batches or one by one, once.

    Raises:
        TableError: empty, not text, a column missing or twice.
    """

    def __init__(
        self,
        stream: ByteStream,
        encoding: Encoding,
        *,
        required: Sequence[str] = ("name",),
        drop: Callable[[str], bool] = lambda _column: False,
        columns: Mapping[str, str] | None = None,
        rows: int,
        hint: str = "Save the file as CSV UTF-8",
    ) -> None:
        self._where = stream.where
        self._texts = whole_lines(stream, encoding, hint)
        self._size = rows
        self.kept = 0
        """Bytes that were read and whose rows were not handed on yet."""
        text = next(self._texts, "")
        first = io.StringIO(text, newline="").readline()
        self._rest = text[len(first) :]
        head = first if first.strip("\r\n\t ;,") else ""
        if not head:
            raise TableError(
                "the file is empty", where=self._where, hint=f"It needs a header with {', '.join(required)}"
            )
        self.delimiter = max(DELIMITERS, key=lambda d: (head.count(d), d == ","))
        csv.field_size_limit(MAX_CELL)
        try:
            cells = next(csv.reader([head], delimiter=self.delimiter))
        except csv.Error as bad:
            raise TableError(f"the header is not readable as CSV: {bad}", where=self._where) from None
        self.header: Header = read_header(cells, self._where, required, {*KNOWN, *required}, drop, columns)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow batches: regular stretches are split by Arrow, odd ones with care."""
        number, rest = 2, self._rest.encode("utf-8")
        for text in chain(self._texts, [None]):
            data = rest + (b"\n" if text is None else text.encode("utf-8"))
            if text is None and (not rest or rest.endswith((b"\n", b"\r"))):
                data = rest
            rest = b""
            if not data:
                continue
            width = len(self.header.columns)
            end = regular(data, self.delimiter, width, MAX_LINE)
            batch = split(data[:end], self.delimiter, self.header, number, MAX_CELL) if end else None
            if batch is not None:
                yield from self._pieces(batch, end)
                number, rest = number + len(batch), data[end:]
                continue
            lines = _Lines(data.decode("utf-8"), self._texts)
            for careful in to_batches(self._careful(lines, number), self.header):
                yield careful
                number += len(careful)
        if rest:
            # The last row is open: nothing but the careful reader can say how.
            yield from to_batches(self._careful(_Lines(rest.decode("utf-8"), self._texts), number), self.header)

    def _pieces(self, batch: pa.RecordBatch, length: int) -> Iterator[pa.RecordBatch]:
        """A batch of so many bytes in equal pieces of at most the size that was asked for."""
        count = -(-len(batch) // self._size)
        size = -(-len(batch) // max(count, 1))
        for at in range(0, len(batch), max(size, 1)):
            self.kept = length * max(0, len(batch) - at - size) // len(batch)
            yield batch.slice(at, size)

    def rows(self) -> Iterator[Row]:
        """The rows one by one."""
        columns, kept = self.header.columns, set(self.header.kept)
        for chunk in self.chunks():
            for n, cells in enumerate(chunk.records):
                problem, warning = judge(cells, len(columns))
                problem = chunk.problems.get(n, problem)
                if n in chunk.problems or problem == EMPTY:
                    yield Row(chunk.first + n, {}, problem)
                    continue
                values = {k: v.strip() for k, v in zip(columns, cells, strict=False) if k in kept}
                yield Row(chunk.first + n, values, problem, warning)

    def chunks(self) -> Iterator[Chunk]:
        """All rows, split with care, some at a time."""
        number = 2
        for text in chain([self._rest], self._texts):
            for chunk in self._careful(_Lines(text, self._texts), number):
                yield chunk
                number += len(chunk.records)

    def _careful(self, lines: _Lines, first: int) -> Iterator[Chunk]:
        """The rows of these lines, and of further ones as far as the last row goes on there; rows that can't be
        split have a problem and no cells."""
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        chunk = Chunk(first)
        while lines.left:
            try:
                for cells in reader:
                    chunk.records.append(cells)
                    if not lines.left or len(chunk.records) == self._size:
                        break
            except csv.Error as error:
                number = chunk.first + len(chunk.records)
                chunk.problems[len(chunk.records)] = self._problem(str(error), number)
                chunk.records.append([])
            if len(chunk.records) == self._size:
                yield chunk
                chunk = Chunk(chunk.first + self._size)
        if chunk.records:
            yield chunk

    def _problem(self, reason: str, number: int) -> str:
        if "field larger" in reason:
            raise TableError(
                f"a cell has more than {MAX_CELL:,} characters",
                where=f"{self._where}, row {number}",
                hint="A quote is probably left open",
            )
        if "unexpected end" in reason:
            raise TableError(
                "the file ends inside a quoted cell",
                where=f"{self._where}, row {number}",
                hint="The download or export was cut off; fetch the file again",
            )
        return f"not readable as CSV: {reason}"


class _Lines:
    """The lines of a text with their endings; where they are used up, those of the next one."""

    def __init__(self, text: str, more: Iterator[str]) -> None:
        self.left = self._split(text)
        self._more = more

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if not self.left:
            self.left = self._split(next(self._more))
        return self.left.pop()

    @staticmethod
    def _split(text: str) -> list[str]:
        """Last line first."""
        return list(io.StringIO(text, newline=""))[::-1]
