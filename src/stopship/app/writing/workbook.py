"""Results as XLSX and Parquet, joined from parts with constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from stopship.app.reading.json_lines import JSON
from stopship.app.writing.flat import cell_texts, header, lines
from stopship.bulk.columns import Layout
from stopship.errors import TableError

SHEET_ROWS = 1_048_576
SHEET_COLUMNS = 16_384
CELL = 32_767
"""What a sheet and a cell of XLSX hold."""
_EXACT = 1e15  # whole numbers up to here are exact in a sheet


def to_cells(batch: pa.RecordBatch, layout: Layout) -> bytes:
    """The lines of the table as JSON lines of arrays, for `join_workbook`."""
    return b"".join(
        orjson.dumps(line, default=str, option=orjson.OPT_APPEND_NEWLINE)
        for line in lines(batch, cell_texts(batch, layout))
    )


def join_workbook(parts: Iterable[Path], layout: Layout, out: Path) -> None:
    """Write one sheet from the parts, in constant memory. Texts are written as texts: no formula, no link."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(out),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "tmpdir": str(out.parent),
        },
    )
    try:
        sheet = book.add_worksheet("screening")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header(layout)):
            sheet.write_string(0, column, name[:CELL])
        for number, cells in enumerate(_cells(parts), start=1):
            for column, value in enumerate(cells):
                if isinstance(value, str):
                    if value:
                        sheet.write_string(number, column, value[:CELL])
                elif value is not None:
                    exact = isinstance(value, float) or abs(value) < _EXACT
                    if exact:
                        sheet.write_number(number, column, value)
                    else:
                        sheet.write_string(number, column, str(value))
    finally:
        book.close()


def _cells(parts: Iterable[Path]) -> Iterator[list[Any]]:
    for part in parts:
        with part.open("rb") as stream:
            for line in stream:
                yield orjson.loads(line)


def too_many_lines(count: int, out: Path) -> TableError:
    """The refusal of more rows than a sheet has."""
    return TableError(
        f"{count:,} rows are more than a sheet of XLSX holds ({SHEET_ROWS:,} with the header)",
        where=str(out),
        hint="Write .csv or .parquet, or split the input",
    )


def to_ipc(batch: pa.RecordBatch) -> bytes:
    """The batch as it is, for `join_parquet`; JSON texts of own columns become plain ones."""
    arrays, fields = list(batch.columns), list(batch.schema)
    for place, field in enumerate(fields):
        if (field.metadata or {}).get(b"form") == JSON[b"form"]:
            values = [
                orjson.loads(v) if v is not None and v[:1] == '"' else v for v in batch.column(place).to_pylist()
            ]
            arrays[place] = pa.array(values, pa.string())
        fields[place] = field.with_metadata(None)
    plain = pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, plain.schema) as writer:
        writer.write_batch(plain)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def join_parquet(parts: Iterable[Path], layout: Layout, out: Path) -> None:
    """Write one Parquet file from the parts, a row group a part."""
    import pyarrow.parquet as pq

    schema = pa.schema([field.with_metadata(None) for field in layout.schema])
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for part in parts:
            with pa.OSFile(str(part)) as stream, pa.ipc.open_stream(stream) as reader:
                for batch in reader:
                    writer.write_batch(batch)
