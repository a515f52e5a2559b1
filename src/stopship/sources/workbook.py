"""XLSX lists: the sheet that has the publisher's header, as rows of text.

A workbook is a ZIP archive. Its unpacked size is summed up before anything is unpacked, nothing is written to
disk, and formulas and links are not followed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from stopship.errors import ListFileError
from stopship.sources.cells import cell_text
from stopship.sources.containers import name_of_kind, unpack
from stopship.sources.drift import columns_changed
from stopship.sources.sheet_bounds import MAX_CELLS, look_through
from stopship.sources.tables import MAX_CELL

MAX_UNPACKED = 100_000_000
"""Bytes of the unpacked parts together. The largest real list has about 15 million."""
MAX_ROWS_ABOVE = 20
"""Rows in which the header is looked for."""

_XLSX = b"PK\x03\x04"
_AGAIN = "Download it again"


def read_workbook(
    data: bytes, columns: Sequence[str], where: str, title: str, *, optional: Sequence[str] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of the sheet whose header holds `columns`, in any order; `optional` ones may be missing.

    A header cell may hold several lines, of which one is the column's name ("国名" over "Country or Region").
    Case and white space make no difference.

    Yields:
        Row number as the sheet shows it, and the row as a mapping. Empty rows are left out.

    Raises:
        ListFileError: it is no workbook, damaged, locked, too large, or no sheet has the header.
        SourceDrift: a column is new, missing or doubled; the message names it.
    """
    plain = unpack(data, where)
    if not plain.startswith(_XLSX):
        start = plain[:200].lstrip().lower()
        html = "an HTML page, perhaps an error page" if start.startswith((b"<!doctype html", b"<html")) else None
        what = name_of_kind(plain) or html or "no XLSX file"
        raise ListFileError(f"this is {what}", where=where, hint=f"Hand in the XLSX form of {title}")
    _check_archive(plain, where)
    known = {_plain(name): name for name in (*columns, *optional)}
    for rows in _sheets(plain, where):
        for above in range(min(MAX_ROWS_ABOVE, len(rows))):
            header = [_column(cell, known) for cell in rows[above]]
            if len(set(header) & set(columns)) >= max(2, len(columns) * 2 // 3):
                _check_header(header, columns, optional, where)
                yield from _rows(rows, above, header, where)
                return
    raise ListFileError(
        f"this is not {title}: no sheet has a row with the columns {', '.join(columns[:3])}",
        where=where,
        hint=f"Hand in the XLSX form of {title}",
    )


def _rows(
    rows: list[list[Any]], above: int, header: list[str], where: str
) -> Iterator[tuple[int, dict[str, str]]]:
    found = False
    for number, cells in enumerate(rows[above + 1 :], start=above + 2):
        texts = [_text(cell) for cell in cells]
        if max(map(len, texts), default=0) > MAX_CELL:
            raise ListFileError(
                f"a cell in row {number:,} has more than {MAX_CELL:,} characters", where=where, hint=_AGAIN
            )
        row = {name: text for name, text in zip(header, texts, strict=False) if name}
        if any(text.strip() for text in row.values()):
            found = True
            yield number, row
    if not found:
        raise ListFileError("the sheet has a header but no rows", where=where, hint=_AGAIN)


def _check_archive(data: bytes, where: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            bounds = look_through(archive, MAX_UNPACKED)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError):
        raise ListFileError("the workbook is cut short or damaged", where=where, hint=_AGAIN) from None
    if bounds.size > MAX_UNPACKED or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise ListFileError(
            f"the workbook has more than {MAX_UNPACKED // 1_000_000} MB when unpacked, no list is that large",
            where=where,
        )
    if bounds.cells > MAX_CELLS:
        raise ListFileError(
            f"a sheet spans {bounds.cells:,} cells (at most {MAX_CELLS:,}): a stray cell far off, perhaps",
            where=where,
            hint=_AGAIN,
        )
    # Nothing is unpacked to disk, so such a name could do no harm; but no honest workbook has one.
    if any(member.filename.startswith(("/", "\\")) or ".." in member.filename.split("/") for member in members):
        raise ListFileError("the workbook holds a path that leads out of it", where=where, hint=_AGAIN)


def _sheets(data: bytes, where: str) -> Iterator[list[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_object(io.BytesIO(data))
        for name in book.sheet_names:
            yield book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except PasswordError:
        raise ListFileError("the workbook is locked", where=where, hint="Save it without a password") from None
    except (CalamineError, OSError, ValueError) as bad:
        what = " ".join(str(bad).split())[:160]
        raise ListFileError(f"the workbook is damaged: {what}", where=where, hint=_AGAIN) from None


def _column(cell: Any, known: dict[str, str]) -> str:
    """The known name in a header cell, else the cell as printed."""
    text = _text(cell)
    lines = [text, *text.splitlines()]
    return next((known[plain] for line in lines if (plain := _plain(line)) in known), " ".join(text.split()))


def _check_header(header: list[str], columns: Sequence[str], optional: Sequence[str], where: str) -> None:
    names = [name for name in header if name]
    new = [name for name in names if name not in columns and name not in optional]
    missing = [name for name in columns if name not in names]
    doubled = [name for name in names if names.count(name) > 1]
    if changed := columns_changed(where, new=new, missing=missing, doubled=doubled):
        raise changed


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _text(cell: Any) -> str:
    """As `cell_text`, but as these publishers' sheets show it: TRUE, and no escaped returns."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return cell_text(cell).replace("_x000D_", "")
