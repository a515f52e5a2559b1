"""Regular stretches of a CSV file, split by Arrow: whole rows, of as many cells as the header has.

`regular` decides from the bytes whether Arrow and the `csv` module of Python read a stretch alike; what is odd in
any way (a stray quote, a short row, an empty line, a lone return, a NUL) goes to the careful reader.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stopship.app.reading.records import Header, schema_of

SPACE = "".join(chr(c) for c in range(0x3001) if chr(c).isspace())
"""What `str.strip` takes off."""
_QUOTE, _RETURN, _NEWLINE = ord('"'), ord("\r"), ord("\n")


def regular(data: bytes, delimiter: str, width: int, most_line: int) -> int:
    """Up to where a stretch of UTF-8, which begins with a row, is regular whole rows.

    Args:
        data: begins at the start of a row.
        delimiter: one ASCII character.
        width: cells a row must have.
        most_line: bytes that no line may have.

    Returns:
        The bytes that can be taken, up to the end of a row; 0 where any of the whole rows is odd.
    """
    if b"\0" in data:
        return 0
    chars = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(chars == _NEWLINE)
    cuts = np.flatnonzero(chars == ord(delimiter))
    if b'"' in data:
        quotes = np.flatnonzero(chars == _QUOTE)
        if not _well_quoted(chars, quotes, ord(delimiter)):
            return 0
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        cuts = cuts[np.searchsorted(quotes, cuts) % 2 == 0]
    if not len(ends):
        return 0
    end = int(ends[-1]) + 1
    cells = np.diff(np.searchsorted(cuts, ends), prepend=0)
    if (cells != width - 1).any() or np.diff(ends, prepend=-1).max() >= most_line:
        return 0
    if b"\r" in data:
        returns = np.flatnonzero(chars[:end] == _RETURN)
        if (chars[returns + 1] != _NEWLINE).any():
            return 0
    return end


def _well_quoted(chars: np.ndarray, quotes: np.ndarray, delimiter: int) -> bool:
    """Whether quotes open at the start of a cell, close at its end, and are doubled inside of it.

    The first, third … quote opens, the second, fourth … closes; a doubled one closes and opens again. The last
    one may be left open: its row goes on in the next stretch.
    """
    opening, closing = quotes[::2], quotes[1::2]
    before = chars[opening - 1]
    starts = (before == delimiter) | (before == _NEWLINE)
    if opening[0] == 0:
        starts[0] = True
    starts[1:] |= opening[1:] == closing[: len(opening) - 1] + 1
    after = chars[np.minimum(closing + 1, len(chars) - 1)]
    stops = (after == delimiter) | (after == _NEWLINE) | (after == _RETURN) | (closing == len(chars) - 1)
    again = closing[: len(opening) - 1]
    stops[: len(again)] |= opening[1 : len(again) + 1] == again + 1
    return bool(starts.all() and stops.all())


def split(data: bytes, delimiter: str, header: Header, first: int, most_cell: int) -> pa.RecordBatch | None:
    """Regular whole rows as a batch with the schema of `records.schema_of`; the first row has the number `first`.

    None where a cell has more than `most_cell` bytes, or all cells of a row are empty.
    """
    import pyarrow.compute as pc
    import pyarrow.csv as arrow_csv

    width = len(header.columns)
    names = [str(n) for n in range(width)]
    table = arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(
            use_threads=False, column_names=names, block_size=len(data) + 1, encoding="utf8"
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, double_quote=True
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        ),
    )
    count = table.num_rows
    columns = []
    for name in header.kept:
        column = table.column(header.columns.index(name)).combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        columns.append(pc.utf8_trim(column, SPACE))
    longest = (pc.max(pc.binary_length(table.column(n))).as_py() for n in range(width))
    if any(size > most_cell for size in longest) or _any_empty(table, header):
        return None
    numbers = pa.array(np.arange(first, first + count, dtype=np.int64))
    nothing = pa.nulls(count, pa.string())
    return pa.RecordBatch.from_arrays([*columns, numbers, nothing, nothing], schema=schema_of(header))


def _any_empty(table: pa.Table, header: Header) -> bool:
    """Whether all cells of any row are empty."""
    import pyarrow.compute as pc

    empty = None
    # The name first: where it is there, nothing else is looked at.
    for n in sorted(range(len(header.columns)), key=lambda n: n != header.name_at):
        blank = pc.equal(pc.utf8_trim(table.column(n), SPACE), "")
        empty = blank if empty is None else pc.and_(empty, blank)
        if not pc.any(empty).as_py():
            return False
    return True
