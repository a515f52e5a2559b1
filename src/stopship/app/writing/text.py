"""Results as JSON lines and as CSV."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Mapping
from typing import Any

import orjson
import pyarrow as pa

from stopship.app.reading.json_lines import JSON, OTHERS
from stopship.app.tables import guard_formula
from stopship.app.writing.flat import cell_texts, header, lines
from stopship.bulk.columns import RESULT, Layout
from stopship.bulk.texts import as_text

_FORMULA = re.compile(r"[=+\-@\t\r]")


def to_json_lines(batch: pa.RecordBatch, layout: Layout, lists: Mapping[str, str]) -> bytes:
    """A line for each row: `id, status, name, hits, hits_total, lists, engine`, and `warnings` and `input` (the
    own columns) where there are any; `row` and `reason` where it was rejected."""
    first = len(layout.own)
    column = {name: batch.column(first + n) for n, name in enumerate(RESULT.names)}
    count = len(batch)
    numbers = column["row"].to_pylist()
    ids = _texts(batch, layout, "id")
    names = _texts(batch, layout, "name")
    status, engine = column["status"].to_pylist(), column["engine"].to_pylist()
    found = column["hits"].value_lengths().to_pylist()
    odd = column["warnings"].value_lengths().to_pylist()
    totals = column["hits_total"].to_pylist()
    inputs = _inputs(batch, layout)
    listed = orjson.Fragment(orjson.dumps(lists))
    out: list[bytes] = []
    for n in range(count):
        row: dict[str, Any] = {"id": ids[n] or str(numbers[n]), "status": status[n]}
        if status[n] == "rejected":
            row |= {"row": numbers[n], "reason": column["reason"][n].as_py(), "name": names[n], "hits": []}
        else:
            row["name"] = names[n]
            row["hits"] = column["hits"][n].as_py() if found[n] else []
            row["hits_total"] = totals[n]
        row["lists"] = listed
        row["engine"] = engine[n]
        if odd[n]:
            row["warnings"] = column["warnings"][n].as_py()
        if inputs[n]:
            row["input"] = inputs[n]
        out.append(orjson.dumps(row, default=str, option=orjson.OPT_APPEND_NEWLINE))
    return b"".join(out)


def _texts(batch: pa.RecordBatch, layout: Layout, column: str) -> list[str]:
    place = layout.place(column)
    if place is None:
        return [""] * len(batch)
    texts: list[str] = as_text(batch.column(place)).to_pylist()
    return texts


def _inputs(batch: pa.RecordBatch, layout: Layout) -> list[dict[str, Any]]:
    """The own columns of each row, those that it has."""
    columns: list[tuple[str, list[Any]]] = []
    others: list[Any] = [None] * len(batch)
    for place, _name, own in layout.extra:
        values = batch.column(place).to_pylist()
        if (layout.schema.field(place).metadata or {}).get(b"form") == JSON[b"form"]:
            if own == OTHERS:
                others = values
                continue
            values = [orjson.Fragment(v) if v is not None else None for v in values]
        columns.append((own, values))
    names = [own for own, _values in columns]
    if not columns:
        found: list[dict[str, Any]] = [{} for _ in range(len(batch))]
    else:
        found = [
            {name: value for name, value in zip(names, row, strict=True) if value is not None}
            for row in zip(*(values for _own, values in columns), strict=True)
        ]
    for n, more in enumerate(others):
        if more is not None:
            found[n] |= orjson.loads(more)
    return found


def to_csv(batch: pa.RecordBatch, layout: Layout) -> bytes:
    """The lines of the table, guarded against formulas, without the header."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows(lines(batch, [_guarded(column) for column in cell_texts(batch, layout)]))
    return stream.getvalue().encode("utf-8")


def csv_header(layout: Layout) -> bytes:
    """The first line, after a byte order mark: Excel takes a UTF-8 file without one for Latin-1."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerow([guard_formula(name) for name in header(layout)])
    return stream.getvalue().encode("utf-8-sig")


def _guarded(column: list[Any]) -> list[Any]:
    starts = _FORMULA.match
    return [f"'{v}" if isinstance(v, str) and starts(v) else v for v in column]


def packed(data: bytes) -> bytes:
    """A gzip member; several after one another are one file. The same bytes give the same member."""
    return gzip.compress(data, 6, mtime=0)
