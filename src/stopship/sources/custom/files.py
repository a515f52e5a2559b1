"""Rows of a list of one's own, in one shape from CSV, XLSX and JSON lines: column -> its values, as texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from stopship.errors import ListFileError, SourceDrift
from stopship.sources.containers import decode
from stopship.sources.contract import Reject, is_special_category
from stopship.sources.custom.mapping import ListMapping
from stopship.sources.custom.sheets import open_sheet
from stopship.sources.tables import MAX_CELL, wide_cells

Row = Mapping[str, tuple[str, ...]]
"""Column -> its values; a column without any is left out."""

_ZIP = b"PK\x03\x04"
_WANTED = "a CSV, XLSX or JSON lines file, as the mapping says"
_MEND = "Add it to the mapping, or name it under ignore"
_CUT = "Fetch the file again"


@dataclass(slots=True)
class Opened:
    """The rows of a file with their numbers, and what is to be said about it once they are read."""

    rows: Iterator[tuple[int, Row | Reject]]
    notes: list[str] = field(default_factory=list)
    dropped: dict[str, None] = field(default_factory=dict)


def open_rows(data: bytes, where: str, mapping: ListMapping) -> Opened:
    """Open a list as its mapping says.

    Raises:
        ListFileError: another format or encoding, damaged, too large, no header; also while the rows are read.
        SourceDrift: a column that the mapping reads is missing, or one that it doesn't know is there.
    """
    found = mapping.file_format or _format_of(data)
    opened = Opened(iter(()))
    if found == "xlsx":
        if data[:4] != _ZIP:
            decode(data, where, _WANTED)  # names what it is instead
            raise ListFileError("this is no Excel workbook (XLSX)", where=where, hint=f"Hand in {_WANTED}")
        sheet = open_sheet(data, where, mapping.sheet)
        opened.notes.extend(sheet.notes)
        opened.rows = _table(iter(sheet.rows), where, mapping, opened, ends_open=False)
        return opened
    text = _text(data, where, mapping.encoding)
    if found == "jsonl":
        opened.rows = _json_lines(text, where, mapping, opened)
    else:
        opened.rows = _csv(text, where, mapping, opened)
    return opened


def _format_of(data: bytes) -> str:
    if data[:4] == _ZIP:
        return "xlsx"
    return "jsonl" if data[:64].lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{" else "csv"


def _text(data: bytes, where: str, encoding: str) -> str:
    if encoding in ("utf-8", "utf-8-sig"):
        return decode(data, where, _WANTED)
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        line = data[:at].count(b"\n") + 1
        raise ListFileError(
            f"the text in line {line:,} is not {encoding}",
            where=where,
            hint="Set file.encoding in the mapping to what the file is in",
        ) from None
    # What it says is checked as for any other text: emptiness, NUL, a page of HTML.
    return decode(text.removeprefix("\ufeff").encode("utf-8", "replace"), where, _WANTED)


# --- tables ---------------------------------------------------------------------------------------


def _csv(text: str, where: str, mapping: ListMapping, opened: Opened) -> Iterator[tuple[int, Row | Reject]]:
    with wide_cells():
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter, strict=True)
        yield from _table(_records(reader, where), where, mapping, opened, ends_open=True)


def _records(reader: Any, where: str) -> Iterator[list[str] | str]:
    """Cells of each row, or the reason why it has none."""
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise ListFileError(
                    f"the file is cut short: it ends in row {number:,} inside a quoted cell",
                    where=where,
                    hint=_CUT,
                ) from None
            yield f"the row is not well-formed CSV: {error}"
            continue
        yield cells


def _table(
    records: Iterator[list[str] | str],
    where: str,
    mapping: ListMapping,
    opened: Opened,
    *,
    ends_open: bool,
) -> Iterator[tuple[int, Row | Reject]]:
    header: list[str] = []
    width = 0
    short: tuple[int, int, Reject] | None = None
    count = 0
    for number, cells in enumerate(records, start=1):
        if number < mapping.header_row:
            continue
        if number == mapping.header_row:
            if isinstance(cells, str):
                raise ListFileError(f"the header can't be read: {cells}", where=where)
            header = [" ".join(cell.split()) for cell in cells]
            while header and not header[-1]:
                header.pop()
            width = len(header)
            _check_header(header, mapping, where, opened)
            continue
        if isinstance(cells, str):
            count += 1
            yield number, Reject(number, cells, "")
            continue
        if not any(cell.strip() for cell in cells):
            continue  # an empty line is no row
        count += 1
        if short is not None:
            yield short[0], short[2]
            short = None
        if max(map(len, cells)) > MAX_CELL:
            raise ListFileError(f"a cell in row {number:,} has more than {MAX_CELL:,} characters", where=where)
        if any(cell.strip() for cell in cells[width:]):
            reason = f"{len(cells)} cells where the header has {width}"
            yield number, Reject.of(number, reason, cells)
        elif len(cells) < width and ends_open:
            reject = Reject.of(number, f"{len(cells)} cells where the header has {width}", cells)
            short = (number, len(cells), reject)  # the last row, if short, means that the file is cut
        else:
            yield number, _filled(header, cells, number, where)
    if not header:
        raise ListFileError(f"there is no row {mapping.header_row}, where the header should be", where=where)
    if short is not None:
        raise ListFileError(
            f"the file is cut short: it ends in row {short[0]:,} after {short[1]} of {width} cells",
            where=where,
            hint=_CUT,
        )
    if not count:
        raise ListFileError("the file has a header but no rows", where=where)


def _filled(header: Sequence[str], cells: Sequence[str], number: int, where: str) -> Row:
    row: dict[str, tuple[str, ...]] = {}
    for place, (name, cell) in enumerate(zip(header, cells, strict=False), start=1):
        if not cell or cell.isspace():
            continue
        if not name:
            raise ListFileError(
                f"row {number:,} has a cell in column {place}, which has no name in the header", where=where
            )
        row[name] = (cell,)
    return row


def _check_header(header: list[str], mapping: ListMapping, where: str, opened: Opened) -> None:
    named = [name for name in header if name]
    doubled = sorted({name for name in named if named.count(name) > 1})
    missing = [name for name in mapping.read if name not in named]
    if len(missing) == len(mapping.read):
        shown = ", ".join(repr(name[:40]) for name in named[:4]) or "nothing"
        raise ListFileError(
            f"row {mapping.header_row} has none of the mapping's columns: it holds {shown}",
            where=where,
            hint="Set file.header_row, or file.delimiter, in the mapping",
        )
    new = [name for name in named if _unknown(name, mapping, opened)]
    changes = [
        f"{what} {', '.join(repr(name[:60]) for name in names[:5])}"
        for what, names in (("new column", new), ("missing column", missing), ("doubled column", doubled))
        if names
    ]
    if changes:
        hint = _MEND if new and not missing else "Mend the mapping, or the file"
        raise SourceDrift(
            f"the columns are not those of the mapping: {'; '.join(changes)}", where=where, hint=hint
        )


def _unknown(name: str, mapping: ListMapping, opened: Opened) -> bool:
    """Whether a column is neither read nor declared unread. One of a special category is dropped, and noted."""
    if name in mapping.read or name in mapping.ignore:
        return False
    if is_special_category(name):
        opened.dropped[name] = None
        return False
    return True


# --- JSON lines -----------------------------------------------------------------------------------


def _json_lines(text: str, where: str, mapping: ListMapping, opened: Opened) -> Iterator[tuple[int, Row | Reject]]:
    wanted = mapping.read
    known: set[str] = set()  # keys that were looked at
    seen: set[str] = set()  # columns of the mapping that some row has
    tops = {column: column.partition(".")[0].removesuffix("[]") for column in wanted}
    lines = text.split("\n")
    last = max((n for n, line in enumerate(lines, start=1) if line.strip()), default=0)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if len(line) > MAX_CELL:
            raise ListFileError(f"line {number:,} has more than {MAX_CELL:,} characters", where=where)
        try:
            plain = orjson.loads(line)
        except orjson.JSONDecodeError:
            if number == last and not line.rstrip().endswith("}"):
                raise ListFileError(f"the file is cut short in line {number:,}", where=where, hint=_CUT) from None
            yield number, Reject.of(number, "the line is not JSON", [line])
            continue
        if not isinstance(plain, dict):
            yield number, Reject.of(number, "the line is no JSON object", [line])
            continue
        for key in plain.keys() - known:
            if key not in tops.values() and key not in wanted and _unknown(key, mapping, opened):
                raise SourceDrift(
                    f"the columns are not those of the mapping: new column {key[:60]!r} in line {number:,}",
                    where=where,
                    hint=_MEND,
                )
            known.add(key)
        try:
            row = {column: texts for column in wanted if (texts := _values(plain, column))}
        except ValueError as error:
            yield number, Reject.of(number, str(error), [line])
            continue
        seen.update(column for column in wanted if column in plain or tops[column] in plain)
        yield number, row
    if not last:
        raise ListFileError("the file has no lines", where=where)
    if missing := [column for column in wanted if column not in seen]:
        raise SourceDrift(
            f"the columns are not those of the mapping: missing column {', '.join(map(repr, missing[:5]))}",
            where=where,
            hint="Mend the mapping, or the file",
        )


def _values(plain: Mapping[str, Any], column: str) -> tuple[str, ...]:
    """The texts below a key, or a path of keys joined with dots; lists on the way are gone through."""
    found: list[Any] = [plain[column]] if column in plain else [plain]
    if column not in plain:
        for key in column.split("."):
            below = [one for value in found for one in (value if isinstance(value, list) else [value])]
            found = [one[key] for one in below if isinstance(one, dict) and key in one]
    flat = [one for value in found for one in (value if isinstance(value, list) else [value])]
    return tuple(text for one in flat if (text := _scalar(one, column)).strip())


def _scalar(value: Any, column: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    kind = "an object" if isinstance(value, dict) else "a list in a list"
    raise ValueError(f"column {column!r} holds {kind} where text belongs")
