"""XLSX: the first sheet, read whole, and only if it fits in the memory that is allowed for it."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from stopship.app.reading.csv_table import KNOWN, MAX_CELL
from stopship.app.reading.records import Chunk, Header, read_header, schema_of, to_batches
from stopship.app.reading.streams import ByteStream, can_be_read_again
from stopship.errors import TableError
from stopship.sources.cells import cell_text
from stopship.sources.sheet_bounds import look_through

MAX_BYTES = 500_000_000
"""Bytes of the unpacked sheets and texts together. Reading takes two and a half times as much memory."""
MAX_SPANNED = 64_000_000
"""Cells of the rectangle that a sheet spans, filled or not; 24 bytes each and more. A full sheet of 60 columns."""
_SAVE = "Save the sheet as CSV UTF-8 or Parquet"


class Workbook:
    """An opened workbook whose header has been read; its rows as batches, once.

    Raises:
        TableError: damaged, locked, too large, empty, a column missing or twice.
    """

    def __init__(
        self,
        path: Path,
        stream: ByteStream,
        *,
        drop: Callable[[str], bool],
        rows: int,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

        self._where, self._size = stream.where, rows
        file: Any = path if can_be_read_again(path) and not stream.packing else stream.spooled()
        _check_size(file, self._where)
        try:
            book = CalamineWorkbook.from_object(file)
            visible = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
            names = visible or book.sheet_names
            if not names:
                raise TableError("there is no sheet in it", where=self._where)
            sheet = book.get_sheet_by_name(names[0])
        except PasswordError:
            raise TableError(
                "the workbook is locked", where=self._where, hint="Save it without a password"
            ) from None
        except (CalamineError, OSError, ValueError) as bad:
            raise TableError(f"the workbook is damaged: {str(bad)[:200]}", where=self._where, hint=_SAVE) from None
        self.note = f"Only the sheet {names[0]!r} was read, of {len(names)}" if len(names) > 1 else None
        self._rows = iter(sheet.iter_rows()) if sheet.height else iter(())
        self._number = 0
        self.count = max(0, sheet.total_height - 1)
        head: list[str] = []
        for cells in self._rows:
            self._number += 1
            head = [cell_text(cell) for cell in cells]
            if any(cell.strip() for cell in head):
                break
        while head and not head[-1].strip():
            head.pop()
        if not head:
            raise TableError("the sheet is empty", where=self._where, hint="It needs a header with name")
        self.header: Header = read_header(head, self._where, ("name",), KNOWN, drop, columns)

    @property
    def schema(self) -> pa.Schema:
        """The schema of every batch."""
        return schema_of(self.header)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow batches; a row has the number that the sheet shows."""
        return to_batches(self._chunks(), self.header)

    def _chunks(self) -> Iterator[Chunk]:
        width = len(self.header.columns)
        chunk = Chunk(self._number + 1)
        held: list[Sequence[str]] = []  # empty rows, which count only when others follow
        for cells in self._rows:
            row = [cell_text(cell) for cell in cells]
            if any(len(cell) > MAX_CELL for cell in row):
                number = chunk.first + len(chunk.records) + len(held)
                raise TableError(
                    f"a cell has more than {MAX_CELL:,} characters", where=f"{self._where}, row {number}"
                )
            while len(row) > width and not row[-1].strip():
                row.pop()
            if not any(cell.strip() for cell in row):
                held.append(row)
                continue
            for one in (*held, row):
                chunk.records.append(one)
                if len(chunk.records) == self._size:
                    yield chunk
                    chunk = Chunk(chunk.first + self._size)
            held.clear()
        if chunk.records:
            yield chunk


def _check_size(file: Any, where: str) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(
                one.file_size
                for one in archive.infolist()
                if one.filename.startswith(("xl/worksheets/", "xl/sharedStrings"))
            )
            bounds = look_through(archive, 2 * MAX_BYTES)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise TableError("the workbook is cut off or damaged", where=where, hint="Fetch it again") from None
    size = max(size, bounds.size if bounds.size > 2 * MAX_BYTES else 0)
    if size > MAX_BYTES:
        raise TableError(
            f"{size / 1e6:,.0f} MB of sheets are too much to read at once (at most {MAX_BYTES / 1e6:,.0f} MB)",
            where=where,
            hint=_SAVE,
        )
    if bounds.cells > MAX_SPANNED:
        raise TableError(
            f"a sheet spans {bounds.cells:,} cells (at most {MAX_SPANNED:,}): a stray cell far off, perhaps",
            where=where,
            hint=_SAVE,
        )
    if hasattr(file, "seek"):
        file.seek(0)
