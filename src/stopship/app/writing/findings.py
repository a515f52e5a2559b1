"""Findings of a file of names: the rows that a person looks at, one JSON line each, in the order of the file.

They are the rows with a hit, those that could not be used, and those with a warning::

    {"status": "hit", "row": 12, "id": "C-7", "name": …, "country": …, "hits": […], "hits_total": 1, "own": {…}}
    {"status": "rejected", "row": 13, "reason": "the row is empty", "own": {}}

`own` has all columns of the row by their headings, as text. A line begins with its status, so that lines of
another one are passed over unread.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from stopship.app.tables import csv_line
from stopship.app.writing.flat import cell_texts, is_plain, own_names
from stopship.bulk.columns import READ, RESULT, Layout

SHOWN_HITS = 3
"""Hits of a row that are kept here; the file of results has all of them."""
MOST_READ = 32_000_000
"""Bytes that are looked through for one page."""


def to_findings(batch: pa.RecordBatch, layout: Layout) -> bytes:
    """The findings of a batch of results, as JSON lines."""
    first = len(layout.own)
    odd = np.flatnonzero(~is_plain(batch, first))
    if not len(odd):
        return b""
    some = batch.take(pa.array(odd))
    column = {name: some.column(first + n).to_pylist() for n, name in enumerate(RESULT.names)}
    headings = own_names(layout)
    cells = [[None if value is None else str(value) for value in values] for values in cell_texts(some, layout)]
    places = {name: layout.place(name) for name in READ}
    out: list[bytes] = []
    for n, status in enumerate(column["status"]):
        row: dict[str, Any] = {"status": status, "row": column["row"][n]}
        row |= {name: cells[place][n] for name, place in places.items() if place is not None and cells[place][n]}
        if column["reason"][n]:
            row["reason"] = column["reason"][n]
        if column["warnings"][n]:
            row["warnings"] = column["warnings"][n]
        if column["hits"][n]:
            row |= {"hits": column["hits"][n][:SHOWN_HITS], "hits_total": column["hits_total"][n]}
        row["own"] = {
            name: values[n] for name, values in zip(headings, cells, strict=True) if values[n] is not None
        }
        out.append(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    return b"".join(out)


def read_findings(path: Path, status: str, *, after: int, most: int) -> tuple[list[dict[str, Any]], int | None]:
    """Some findings of one status, and where to go on.

    Args:
        path: of the file.
        status: `hit`, `rejected`; `no_hit` are those with a warning only.
        after: byte at which to begin: 0, or what the call before gave.
        most: findings.

    Returns:
        The findings, and the byte from which further ones may be found; None at the end of the file.
    """
    begins = _begins(status)
    found: list[dict[str, Any]] = []
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        at = min(max(after, 0), size)
        stream.seek(at)
        while (line := stream.readline()) and len(found) < most and at - after < MOST_READ:
            if line.startswith(begins):
                found.append(orjson.loads(line))
            at += len(line)
    return found, at if at < size else None


def rejects_as_csv(path: Path) -> Iterator[bytes]:
    """The rows that could not be used as CSV, guarded against formulas: number, reason, and the columns as they
    were, so that they can be mended and screened again."""
    headings: dict[str, None] = {}
    for row in _all(path, "rejected"):
        headings |= dict.fromkeys(row["own"])
    yield csv_line(["row", "reason", *headings]).encode("utf-8-sig")
    for row in _all(path, "rejected"):
        yield csv_line([row["row"], row.get("reason"), *(row["own"].get(one) for one in headings)]).encode("utf-8")


def _all(path: Path, status: str) -> Iterator[Mapping[str, Any]]:
    begins = _begins(status)
    with path.open("rb") as stream:
        for line in stream:
            if line.startswith(begins):
                yield orjson.loads(line)


def _begins(status: str) -> bytes:
    return f'{{"status":"{status}",'.encode()
