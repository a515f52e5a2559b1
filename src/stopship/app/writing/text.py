"""Results as JSON lines and as CSV."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from stopship.app.reading.json_lines import JSON, OTHERS
from stopship.app.tables import csv_line
from stopship.app.writing.flat import RESULT_COLUMNS, cell_texts, header, is_plain, lines_of_rows
from stopship.app.writing.joined import as_strings, csv_cells, plain_json, text_lines
from stopship.bulk.columns import RESULT, Layout
from stopship.bulk.texts import as_text
from stopship.screening.screener import ENGINE


def to_json_lines(batch: pa.RecordBatch, layout: Layout, lists: Mapping[str, str]) -> bytes:
    """A line for each row: `id, status, name, hits, hits_total, lists, engine`, and `warnings` and `input` (the
    own columns) where there are any; `row` and `reason` where it was rejected."""
    first = len(layout.own)
    numbers = batch.column(first + RESULT.names.index("row"))
    names = _texts(batch, layout, "name")
    ids = _texts(batch, layout, "id")
    ids = pc.if_else(pc.equal(ids, ""), pc.cast(numbers, ids.type), ids)
    plain = is_plain(batch, first) & plain_json(ids) & plain_json(names)
    inputs: list[Any] = []
    for place, _name, own in layout.extra:
        column = batch.column(place)
        if _holds_json(layout, place):
            plain &= column.is_null().to_numpy(zero_copy_only=False) == (own == OTHERS)
            if own != OTHERS:
                inputs += [f"{',' if inputs else ''}{_quoted(own)}:", column.fill_null("null")]
        elif pa.types.is_string(column.type):
            plain &= plain_json(column)
            inputs += [f'{"," if inputs else ""}{_quoted(own)}:"', column.fill_null(""), '"']
        else:
            plain[:] = False
    listed = orjson.dumps(lists).decode()
    end = f'","hits":[],"hits_total":0,"lists":{listed},"engine":{_quoted(ENGINE)}'
    parts = ['{"id":"', ids, '","status":"no_hit","name":"', names, end]
    parts += [',"input":{', *inputs, "}}\n"] if inputs else ["}\n"]
    odd = np.flatnonzero(~plain)
    instead = _json_rows(batch.take(pa.array(odd)), layout, lists) if len(odd) else []
    return text_lines(parts, ~plain, instead)


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()


def _holds_json(layout: Layout, place: int) -> bool:
    return (layout.schema.field(place).metadata or {}).get(b"form") == JSON[b"form"]


def _json_rows(batch: pa.RecordBatch, layout: Layout, lists: Mapping[str, str]) -> list[str]:
    """The same lines, made row by row."""
    first = len(layout.own)
    column = {name: batch.column(first + n).to_pylist() for n, name in enumerate(RESULT.names)}
    ids, names = (_texts(batch, layout, name).to_pylist() for name in ("id", "name"))
    inputs = _inputs(batch, layout)
    out: list[str] = []
    for n, number in enumerate(column["row"]):
        row: dict[str, Any] = {"id": ids[n] or str(number), "status": column["status"][n]}
        if row["status"] == "rejected":
            row |= {"row": number, "reason": column["reason"][n], "name": names[n], "hits": []}
        else:
            row |= {"name": names[n], "hits": column["hits"][n], "hits_total": column["hits_total"][n]}
        row |= {"lists": lists, "engine": column["engine"][n]}
        if column["warnings"][n]:
            row["warnings"] = column["warnings"][n]
        if inputs[n]:
            row["input"] = inputs[n]
        out.append(orjson.dumps(row, default=str, option=orjson.OPT_APPEND_NEWLINE).decode())
    return out


def _texts(batch: pa.RecordBatch, layout: Layout, column: str) -> pa.Array:
    place = layout.place(column)
    if place is None:
        return pa.array([""] * len(batch), pa.string())
    return as_text(batch.column(place)).cast(pa.string())


def _inputs(batch: pa.RecordBatch, layout: Layout) -> list[dict[str, Any]]:
    """The own columns of each row, those that it has."""
    columns: list[tuple[str, list[Any]]] = []
    others: list[Any] = [None] * len(batch)
    for place, _name, own in layout.extra:
        values = batch.column(place).to_pylist()
        if _holds_json(layout, place):
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
    plain = is_plain(batch, len(layout.own))
    cells = cell_texts(batch, layout)
    parts: list[Any] = []
    for place, values in enumerate(cells):
        column, kind = batch.column(place), layout.schema.field(place).type
        texts = column if pa.types.is_string(kind) and not _holds_json(layout, place) else as_strings(values)
        if not pa.types.is_integer(kind) and not pa.types.is_floating(kind):
            texts = csv_cells(texts)
        parts += [texts.fill_null(""), ","]
    parts.append(f"no_hit{',' * (len(RESULT_COLUMNS) - 1)}\n")
    odd = np.flatnonzero(~plain)
    instead: list[str] = []
    if len(odd):
        some = [[values[n] for n in odd] for values in cells]
        for lines in lines_of_rows(batch.take(pa.array(odd)), some):
            instead.append("".join(map(csv_line, lines)))
    return text_lines(parts, ~plain, instead)


def csv_header(layout: Layout) -> bytes:
    """The first line, after a byte order mark: Excel takes a UTF-8 file without one for Latin-1."""
    return csv_line(header(layout)).encode("utf-8-sig")


def packed(data: bytes) -> bytes:
    """A gzip member; several after one another are one file. The same bytes give the same member."""
    return gzip.compress(data, 6, mtime=0)
