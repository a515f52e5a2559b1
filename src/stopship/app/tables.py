"""Files of rows (partners to screen, pairs to compare) and files of results, CSV and JSON lines.

Reading: UTF-8 CSV, optionally gzipped, with a header line; comma, semicolon or tab. A row that can't be read is
handed on with its number and the reason, so that the caller counts it. Writing: JSON lines or CSV; cells of a
CSV that a spreadsheet would run as a formula are guarded with an apostrophe.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import orjson

from stopship.errors import TableError

MAX_CELL = 100_000
"""Characters in one cell. Names are a few hundred; ten million are a broken export."""
MAX_LINE = 2_000_000
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_SIGNATURES = {
    b"PK\x03\x04": ("an XLSX workbook or ZIP archive", "Open it and save it as CSV UTF-8"),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook (XLS)", "Open it and save it as CSV UTF-8"),
    b"%PDF": ("a PDF", "Export the table as CSV UTF-8"),
    b"PAR1": ("a Parquet file", "Export it as CSV UTF-8"),
    b"\xff\xfe": ("UTF-16 text", "Save it as CSV UTF-8"),
    b"\xfe\xff": ("UTF-16 text", "Save it as CSV UTF-8"),
}


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
    """Open a CSV file with a header.

    Args:
        path: the file; `.gz` is unpacked on the way.
        required: columns that must be there (compared without case and surrounding space).
        drop: whether a column is never read (special-category attributes); it doesn't reach any row.

    Raises:
        TableError: missing, empty, another format, another encoding, a column missing or twice.
    """
    stream = _open_text(path)
    try:
        head = _read_line(stream, path, 1)
        header = head if head.strip("\r\n\t ;,") else ""
        if not header:
            raise TableError(
                "the file is empty", where=str(path), hint=f"It needs a header with {', '.join(required)}"
            )
        delimiter = max(DELIMITERS, key=lambda d: (header.count(d), d == ","))
        columns = [c.strip() for c in next(csv.reader([header], delimiter=delimiter))]
        lowered = [c.lower() for c in columns]
        for name in required:
            if name not in lowered:
                shown = ", ".join(c for c in columns if c) or "none"
                raise TableError(
                    f"there is no column {name!r} (found: {shown[:200]})",
                    where=f"{path}, header",
                    hint=f"Name the column {name!r} in the first line",
                )
        known = set(required) | {"id", "schema", "country", "address", "birth_date", "registration_date"}
        columns = [c.lower() if c.lower() in known else c for c in columns]
        for name in columns:
            if columns.count(name) > 1 and name:
                raise TableError(f"the column {name!r} stands twice", where=f"{path}, header")
        kept = tuple(c for c in columns if c and not drop(c))
        gone = tuple(c for c in columns if c and c not in kept)
        yield Table(kept, _rows(stream, path, columns, set(kept), delimiter), gone)
    finally:
        stream.close()


def _rows(stream: IO[str], path: Path, columns: list[str], kept: set[str], delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(MAX_CELL)
    lines = _Lines(stream, path)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = str(error)
            if "field larger" in reason:
                raise TableError(
                    f"a cell has more than {MAX_CELL:,} characters",
                    where=f"{path}, row {number}",
                    hint="A quote is probably left open",
                ) from None
            if "unexpected end" in reason:
                raise TableError(
                    "the file ends inside a quoted cell",
                    where=f"{path}, row {number}",
                    hint="The download or export was cut off; fetch the file again",
                ) from None
            yield Row(number, {}, f"not readable as CSV: {reason}")
            continue
        if not any(cell.strip() for cell in cells):
            yield Row(number, {}, "the row is empty")
            continue
        values = dict(zip(columns, (c.strip() for c in cells), strict=False))
        counted = f"{len(cells)} cells where the header has {len(columns)} columns"
        # Cells too many have shifted something; cells too few are an export that leaves out empty ones at the end.
        problem = counted if len(cells) > len(columns) and any(c.strip() for c in cells[len(columns) :]) else None
        warning = counted if len(cells) < len(columns) else None
        yield Row(number, {k: v for k, v in values.items() if k in kept}, problem, warning)


class _Lines:
    """Lines of the stream with their decoding errors told in words."""

    def __init__(self, stream: IO[str], path: Path) -> None:
        self.stream, self.path, self.number = stream, path, 1

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        self.number += 1
        line = _read_line(self.stream, self.path, self.number)
        if not line:
            raise StopIteration
        return line


def _read_line(stream: IO[str], path: Path, number: int) -> str:
    try:
        line = stream.readline(MAX_LINE)
    except UnicodeDecodeError as bad:
        raise TableError(
            f"byte {bad.object[bad.start]:#04x} is not UTF-8 (near line {number})",
            where=str(path),
            hint="Save the file as CSV UTF-8",
        ) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise TableError("the gzip data is cut off or damaged", where=str(path), hint="Fetch it again") from None
    if len(line) >= MAX_LINE:
        raise TableError(
            f"line {number} has more than {MAX_LINE:,} characters", where=str(path), hint="A line break is missing"
        )
    if "\0" in line:
        raise TableError(f"a NUL byte at line {number}: this is not a text file", where=str(path))
    return line


def _open_text(path: Path) -> IO[str]:
    try:
        raw: IO[bytes] = path.open("rb")
    except FileNotFoundError:
        raise TableError("there is no such file", where=str(path), hint="Check the path") from None
    except IsADirectoryError:
        raise TableError("this is a folder, not a file", where=str(path)) from None
    except OSError as bad:
        raise TableError(f"can't be read: {bad.strerror or bad}", where=str(path)) from None
    start = raw.read(4)
    raw.seek(0)
    for signature, (what, hint) in _SIGNATURES.items():
        if start.startswith(signature):
            raw.close()
            raise TableError(f"this is {what}, not CSV", where=str(path), hint=hint)
    if start.startswith(b"\x1f\x8b"):
        raw.close()
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    return io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")


def guard_formula(text: str) -> str:
    """A cell that a spreadsheet can't run: a leading `= + - @`, tab or return gets an apostrophe before it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


class ResultWriter:
    """Writes result rows to a file that appears whole or not at all: a temporary one beside it is renamed at the
    end. The ending of the name chooses the format: `.jsonl` (or `.ndjson`), `.csv`."""

    def __init__(self, path: Path, columns: Sequence[str] = ()) -> None:
        self.path, self.columns = path, list(columns)
        self.format = result_format(path)
        if not path.parent.is_dir():
            raise TableError("there is no such folder", where=str(path.parent), hint="Create it first")
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._stream: IO[Any] | None = None
        self._csv: Any = None

    def __enter__(self) -> Self:
        try:
            if self.format == "csv":
                # A byte order mark, because Excel takes a UTF-8 file without one for Latin-1.
                self._stream = self._temporary.open("w", encoding="utf-8-sig", newline="")
                self._csv = csv.DictWriter(self._stream, self.columns, extrasaction="ignore", lineterminator="\n")
                self._csv.writerow({c: guard_formula(c) for c in self.columns})
            else:
                self._stream = self._temporary.open("wb")
        except OSError as bad:
            raise TableError(f"can't be written: {bad.strerror or bad}", where=str(self.path)) from None
        return self

    def write(self, row: Mapping[str, Any]) -> None:
        assert self._stream is not None
        if self._csv is not None:
            self._csv.writerow({k: guard_formula(v) if isinstance(v, str) else v for k, v in row.items()})
        else:
            self._stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._stream is not None
        self._stream.close()
        if kind is None:
            self._temporary.replace(self.path)
        else:
            self._temporary.unlink(missing_ok=True)


def result_format(path: Path) -> str:
    """`jsonl` or `csv`, from the ending of the name.

    Raises:
        TableError: another ending.
    """
    ending = path.suffix.lower()
    if ending in (".jsonl", ".ndjson"):
        return "jsonl"
    if ending == ".csv":
        return "csv"
    raise TableError(
        f"results can't be written as {ending or 'a file without an ending'}",
        where=str(path),
        hint="End the name in .jsonl or .csv",
    )


def write_json(path: Path, plain: Mapping[str, Any]) -> None:
    """Write a small JSON file, whole or not at all.

    Raises:
        TableError: it can't be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        temporary.replace(path)
    except OSError as bad:
        temporary.unlink(missing_ok=True)
        raise TableError(f"can't be written: {bad.strerror or bad}", where=str(path)) from None
