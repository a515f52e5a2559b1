"""Files of rows to screen: CSV, JSON lines, XLSX and Parquet, packed or not, also from standard input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from stopship.app.documents import STDIN
from stopship.app.reading.encodings import CHOICES, Encoding, encoding_of, is_utf8
from stopship.app.reading.streams import ByteStream, can_be_read_again, format_of
from stopship.bulk.columns import PROBLEM, ROW, WARNING
from stopship.errors import SettingsError, TableError
from stopship.sources.contract import is_special_category

__all__ = ["STDIN", "Source", "open_source"]
_BLOCK = 1 << 20


@dataclass(slots=True)
class Source:
    """An opened file of rows.

    `batches` can be read once; every one has `schema`. `count` is the number of rows where the file says it.
    `dropped` gives the special-category columns met so far, `fraction` how much has been read (0 to 1, None where
    that can't be told). `notes` is what the user should know about how it was read.
    """

    form: str
    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    dropped: Callable[[], tuple[str, ...]]
    fraction: Callable[[], float | None]
    encoding: str | None = None
    count: int | None = None
    notes: list[str] = field(default_factory=list)
    delimiter: str | None = None


@contextmanager
def open_source(
    path: Path,
    *,
    form: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    rows: int,
) -> Iterator[Source]:
    """Open a file of rows; `-` is standard input.

    Args:
        path: the file. Its format is told by `form`, by the ending of its name, or by what it begins with.
        form: `csv`, `jsonl`, `xlsx` or `parquet`.
        encoding: of CSV and JSON lines; None: as the file's mark says, UTF-8, or guessed with care.
        columns: what is read (`id`, `name` …) -> the heading of its column. None: the headings
            say it. A column that isn't named here is kept and not read.
        rows: in one batch.

    Raises:
        TableError: missing, empty, another format, an encoding that can't be told, no such column or no `name`.
        SettingsError: there is no such encoding, or the format has none; one column is said to be two things.
    """
    with ByteStream(path) as stream:
        form = format_of(path, stream, form)
        if form in ("xlsx", "parquet"):
            if encoding is not None:
                raise SettingsError(f"{form.upper()} has no encoding to choose", where="--encoding")
            source = _binary(path, stream, form, rows, columns)
        else:
            source = _text(stream, form, _encoding(path, stream, encoding), rows, columns)
        for name in (ROW, PROBLEM, WARNING):
            if source.schema.names.count(name) > 1:
                raise TableError(f"{name!r} can't be the name of a column", where=stream.where, hint="Rename it")
        yield source


def _binary(path: Path, stream: ByteStream, form: str, rows: int, columns: Mapping[str, str] | None) -> Source:
    if form == "parquet":
        from stopship.app.reading.columnar import ParquetTable

        table = ParquetTable(path, stream, drop=is_special_category, rows=rows, columns=columns)
        dropped = table.dropped
        return Source(form, table.schema, table.batches(), lambda: dropped, lambda: None, None, table.count)
    from stopship.app.reading.workbook import Workbook

    book = Workbook(path, stream, drop=is_special_category, rows=rows, columns=columns)
    notes = [book.note] if book.note else []
    return Source(
        form, book.schema, book.batches(), lambda: book.header.dropped, lambda: None, None, book.count, notes
    )


def _text(
    stream: ByteStream, form: str, encoding: Encoding, rows: int, columns: Mapping[str, str] | None
) -> Source:
    notes = [encoding.note] if encoding.note else []
    if form == "jsonl":
        from stopship.app.reading.json_lines import JsonLines

        lines = JsonLines(stream, encoding, drop=is_special_category, rows=rows, columns=columns)
        return Source(
            form,
            lines.schema,
            lines.batches(),
            lambda: lines.dropped,
            stream.fraction,
            encoding.name,
            None,
            notes,
        )
    from stopship.app.reading.csv_table import CsvTable
    from stopship.app.reading.records import schema_of

    hint = f"Save the file as CSV UTF-8, or name its encoding with --encoding, e.g. {CHOICES}"
    table = CsvTable(stream, encoding, drop=is_special_category, rows=rows, hint=hint, columns=columns)
    return Source(
        form,
        schema_of(table.header),
        table.batches(),
        lambda: table.header.dropped,
        lambda: stream.fraction(table.kept),
        encoding.name,
        None,
        notes,
        table.delimiter,
    )


def _encoding(path: Path, stream: ByteStream, given: str | None) -> Encoding:
    """The encoding; a plain file is looked through to its end, because the first accent may be far."""
    found = encoding_of(stream, given)
    if (
        given is not None
        or found.name != "utf-8"
        or not can_be_read_again(path)
        or stream.packing
        or not is_utf8(stream.head)
    ):
        return found
    with path.open("rb") as file:
        rest = b""
        while block := file.read(_BLOCK):
            if block.isascii() and not rest:
                continue
            data = rest + block
            if not is_utf8(data):
                return encoding_of(stream, None, sample=data)
            # A character may be cut at the end of a block.
            rest = _unfinished(data)
    return found


def _unfinished(data: bytes) -> bytes:
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            return data[-back:] if back < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else b""
        if byte < 0x80:
            return b""
    return b""
