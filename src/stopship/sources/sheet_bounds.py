"""How far the cells of a workbook reach, before it is opened.

The reader of workbooks holds a sheet as a full rectangle of cells: one stray cell in the last row and column makes
it ask for more memory than there is, which ends the program. So the parts are looked through as a stream first.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import Any

MAX_CELLS = 20_000_000
"""Cells of the rectangle that a sheet spans, filled or not; 24 bytes each and more."""
_BLOCK = 1 << 20
_TAIL = 256
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,9})(\d{1,12})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["'](\d{1,12})["']""")
_COUNT = re.compile(rb"""\b(?:uniqueCount|count)\s*=\s*["']\s*\+?(\d{1,20})""", re.IGNORECASE)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


@dataclass(frozen=True, slots=True)
class Bounds:
    """`size`: bytes of all parts when unpacked, counted up to the room there is. `cells`: of the largest rectangle
    that a sheet may span, or the texts that a part says it has, for which room is made before they are read."""

    size: int
    cells: int
    formulas: int


def look_through(archive: zipfile.ZipFile, room: int) -> Bounds:
    """Look through every XML part of a workbook, whatever it is called: any may be a sheet.

    Args:
        archive: the workbook.
        room: bytes; nothing is read beyond, and `size` is more than that then.

    Raises:
        zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError: it is damaged.
    """
    size = cells = formulas = 0
    for part in archive.infolist():
        if not part.filename.lower().endswith((".xml", ".rels")) or size > room:
            continue
        with archive.open(part) as stream:
            read, spanned, found = _scan(stream, room - size)
        size += read
        cells = max(cells, spanned)
        formulas += found
    return Bounds(size, cells, formulas)


def _scan(stream: Any, room: int) -> tuple[int, int, int]:
    """Bytes read (more than `room` only by a block), the cells or texts, and the number of formulas."""
    read = formulas = rows = columns = said = 0
    tail = b""
    more = True
    while more:
        block = stream.read(_BLOCK)
        more = bool(block)
        read += len(block)
        if read > room:
            break
        text = tail + block
        keep = len(text)
        if more:  # an element may be cut at the end of a block
            keep = max(text.rfind(b"<", len(text) - _TAIL), len(text) - _TAIL, 0)
        whole, tail = text[:keep], text[keep:]
        for match in _CELL.finditer(whole):
            columns = max(columns, _column_number(match[1]))
            rows = max(rows, int(match[2]))
        for match in _ROW.finditer(whole):
            rows = max(rows, int(match[1]))
        for match in _COUNT.finditer(whole):
            said = max(said, int(match[1]))
        formulas += len(_FORMULA.findall(whole))
    return read, max(rows * max(columns, 1), said), formulas


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
