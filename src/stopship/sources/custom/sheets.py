"""XLSX: one sheet as rows of text, read only where it fits in the memory that is allowed for it.

The reader holds a sheet as a full rectangle of cells. So before it is opened, the sheets are looked through as a
stream: their size when unpacked, how far the cells reach, and whether there are formulas, of which only the last
computed values can be read.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from stopship.errors import ListFileError
from stopship.sources.cells import cell_text
from stopship.sources.sheet_bounds import MAX_CELLS, look_through

MAX_SHEETS = 200_000_000
"""Bytes of all sheets and texts when unpacked."""
MAX_MEMBERS = 2_000
_SAVE = "Save the sheet as CSV UTF-8"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet, beginning with row 1, each a list of texts; and what is to be said about it."""

    rows: Iterator[list[str]]
    notes: tuple[str, ...]


def open_sheet(data: bytes, where: str, wanted: str) -> Sheet:
    """The rows of a sheet: of the one that is wanted by name, or of the first that is visible.

    Raises:
        ListFileError: damaged, locked, too large, or there is no such sheet.
    """
    formulas = _look_through(data, where)
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_object(io.BytesIO(data))
        names = book.sheet_names
        if wanted and wanted not in names:
            shown = ", ".join(repr(name[:40]) for name in names[:8])
            raise ListFileError(f"there is no sheet {wanted!r}", where=where, hint=f"There are {shown}")
        visible = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible] or names
        if not visible:
            raise ListFileError("there is no sheet in it", where=where)
        chosen = wanted or visible[0]
        sheet = book.get_sheet_by_name(chosen)
    except PasswordError:
        raise ListFileError("the workbook is locked", where=where, hint="Save it without a password") from None
    except (CalamineError, OSError, ValueError) as bad:
        raise ListFileError(f"the workbook is damaged: {str(bad)[:120]}", where=where, hint=_SAVE) from None
    notes = []
    if len(visible) > 1 and not wanted:
        notes.append(f"only the sheet {chosen!r} was read, of {len(visible)}; file.sheet names another")
    if formulas:
        notes.append(
            f"the workbook holds {formulas:,} formulas: the values last computed were read, not the formulas"
        )
    rows = ([cell_text(cell) for cell in row] for row in sheet.iter_rows())
    return Sheet(rows if sheet.height else iter(()), tuple(notes))


def _look_through(data: bytes, where: str) -> int:
    """How many formulas there are, after checking every bound."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise ListFileError(f"{len(members):,} parts are too many for a workbook", where=where, hint=_SAVE)
            if not any(member.filename == "xl/workbook.xml" for member in members):
                raise ListFileError("this ZIP archive is no Excel workbook", where=where, hint=_SAVE)
            bounds = look_through(archive, MAX_SHEETS)
        if bounds.size > MAX_SHEETS:
            raise ListFileError(
                f"its sheets have more than {MAX_SHEETS // 1_000_000} MB when unpacked", where=where, hint=_SAVE
            )
        if bounds.cells > MAX_CELLS:
            raise ListFileError(
                f"a sheet spans {bounds.cells:,} cells (at most {MAX_CELLS:,}): a stray cell far off, perhaps",
                where=where,
                hint=_SAVE,
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise ListFileError("the workbook is cut off or damaged", where=where, hint="Fetch it again") from None
    return bounds.formulas
