"""Comma-separated tables with known columns: every row is a mapping, a reject, or the end of the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from stopship.errors import ListFileError
from stopship.sources.contract import Reject
from stopship.sources.drift import columns_changed

MAX_CELL = 1_000_000
"""Characters in one cell. The longest real one has about 4,000."""

_AGAIN = "Download it again"


def read_table(
    text: str, columns: Sequence[str], where: str, title: str, *, delimiter: str = ",", header_row: int = 1
) -> Iterator[tuple[int, dict[str, str] | Reject]]:
    """Rows of a table of text whose header must hold exactly `columns`, in any order.

    Args:
        text: the decoded file.
        columns: every column of the publisher's layout.
        where: the file's name, for messages.
        title: what the list is called, for messages.
        delimiter: what separates the cells, "," or a tab.
        header_row: the row of the header in the file, where the caller has cut off what stands above.

    Yields:
        Row number (the first row of the file is row 1) and the row as a mapping, or a `Reject` for a row of
        another width.

    Raises:
        SourceDrift: a column is new, missing or doubled; the message names it.
        ListFileError: another delimiter, no header, no rows, an oversized cell, or a file that ends inside a row.
    """
    if delimiter == ",":
        _check_delimiter(text, where)
    with wide_cells():
        reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
        try:
            header = [name.strip() for name in next(reader)]
        except StopIteration:
            raise ListFileError("the file is empty", where=where, hint=_AGAIN) from None
        except csv.Error as error:
            raise ListFileError(f"the header can't be read: {error}", where=where, hint=_AGAIN) from None
        _check_header(header, columns, where, title)
        number = header_row
        short: tuple[int, Reject] | None = None
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                if "unexpected end" in str(error):
                    raise _cut(where, number, "inside a quoted cell") from None
                yield number, Reject(number, f"the row is not well-formed CSV: {error}", "")
                continue
            if not cells or (len(cells) == 1 and not cells[0].strip()):
                number -= 1  # an empty line is no row
                continue
            if short is not None:
                yield short
                short = None
            if max(map(len, cells)) > MAX_CELL:
                raise _oversized(cells, header, where, number)
            if len(cells) == len(header):
                yield number, dict(zip(header, cells, strict=True))
                continue
            reason = f"{len(cells)} cells where the header has {len(header)}"
            reject = Reject.of(number, reason, cells)
            if len(cells) > len(header):
                yield number, reject
            else:
                short = (number, reject)  # the last row, if short, means a truncated download
        if short is not None:
            raise _cut(where, short[0], f"after {short[1].reason.split(' where ')[0]} of {len(header)}")
        if number == header_row + 1:
            raise ListFileError("the file has a header but no rows", where=where, hint=_AGAIN)


def _check_delimiter(text: str, where: str) -> None:
    first = text.lstrip().partition("\n")[0]
    for delimiter, name in (("\t", "tabs"), (";", "semicolons"), ("|", "vertical bars")):
        if first.count(delimiter) > 3 and first.count(",") < 3:
            raise ListFileError(
                f"the columns are separated by {name}, not by commas",
                where=where,
                hint="Hand in the comma-separated form",
            )


def _check_header(header: list[str], columns: Sequence[str], where: str, title: str) -> None:
    known = set(columns)
    if len(known.intersection(header)) < max(2, len(known) // 3):
        first = ", ".join(repr(cell[:40]) for cell in header[:3])
        raise ListFileError(
            f"this is not {title}: its first row is {first}",
            where=where,
            hint=f"The columns begin with {', '.join(list(columns)[:3])}",
        )
    doubled = sorted({name for name in header if header.count(name) > 1})
    missing = [name for name in columns if name not in header]
    new = [name for name in header if name not in known]
    if changed := columns_changed(where, new=new, missing=missing, doubled=doubled):
        raise changed


def _oversized(cells: list[str], header: list[str], where: str, number: int) -> ListFileError:
    index = max(range(len(cells)), key=lambda i: len(cells[i]))
    column = repr(header[index]) if index < len(header) else f"number {index + 1}"
    return ListFileError(
        f"the cell in row {number:,}, column {column} has {len(cells[index]):,} characters, "
        f"more than the {MAX_CELL:,} that are read",
        where=where,
        hint="Look for a missing quotation mark, or download it again",
    )


def _cut(where: str, number: int, how: str) -> ListFileError:
    return ListFileError(f"the file is cut short: it ends in row {number:,} {how}", where=where, hint=_AGAIN)


@contextmanager
def wide_cells() -> Iterator[None]:
    """Let the csv module read cells of any length, for as long as the context is open."""
    # The csv module's own limit (131,072) would stop without naming the column; it is process-wide, so put it
    # back.
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)
