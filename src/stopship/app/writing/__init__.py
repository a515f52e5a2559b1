"""Files of results: JSON lines and CSV (also gzipped), XLSX, Parquet; made of parts that any process encodes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from stopship.app.writing.text import csv_header, packed, to_csv, to_json_lines
from stopship.app.writing.workbook import join_parquet, join_workbook, to_cells, to_ipc
from stopship.bulk.columns import Layout
from stopship.errors import TableError

ENDINGS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonl.gz": "jsonl.gz",
    ".ndjson.gz": "jsonl.gz",
    ".csv": "csv",
    ".csv.gz": "csv.gz",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
}


def result_form(path: Path) -> str:
    """In which form results are written, from the ending of the name.

    Raises:
        TableError: another ending.
    """
    name = path.name.lower()
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if name.endswith(ending):
            return ENDINGS[ending]
    raise TableError(
        f"results can't be written as {path.suffix or 'a file without an ending'}",
        where=str(path),
        hint=f"End the name in {', '.join(ENDINGS)}",
    )


def encode(batch: pa.RecordBatch, layout: Layout, form: str, lists: Mapping[str, str]) -> bytes:
    """A batch of results as a part of a file of this form."""
    if form in ("jsonl", "jsonl.gz"):
        data = to_json_lines(batch, layout, lists)
    elif form in ("csv", "csv.gz"):
        data = to_csv(batch, layout)
    elif form == "xlsx":
        return to_cells(batch, layout)
    else:
        return to_ipc(batch)
    return packed(data) if form.endswith(".gz") else data


def join(parts: Iterable[Path], layout: Layout, form: str, out: Path) -> None:
    """Write the whole file from its parts, in order.

    Raises:
        OSError: it can't be written.
    """
    if form == "xlsx":
        join_workbook(parts, layout, out)
    elif form == "parquet":
        join_parquet(parts, layout, out)
    else:
        with out.open("wb") as target:
            if form.startswith("csv"):
                head = csv_header(layout)
                target.write(packed(head) if form.endswith(".gz") else head)
            for part in parts:
                with part.open("rb") as stream:
                    shutil.copyfileobj(stream, target, 1 << 20)
