"""Results as lines of a table: a line a hit, best first, and one for a row without any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from stopship.app.reading.json_lines import JSON
from stopship.bulk.columns import RESULT, Layout

RESULT_COLUMNS = (
    "status",
    "rank",
    "entity_id",
    "matched_name",
    "score",
    "band",
    "alert",
    "program",
    "source",
    "reason",
    "warnings",
)
_WIDTH = len(RESULT_COLUMNS)
_REASON, _WARNINGS = RESULT_COLUMNS.index("reason"), RESULT_COLUMNS.index("warnings")


def own_names(layout: Layout) -> list[str]:
    """The names of the own columns; one that is called like a result is kept as `input_…`."""
    given = [layout.schema.field(place).metadata[b"own"].decode() for place in range(len(layout.own))]
    taken = {*RESULT_COLUMNS, *given}
    names = []
    for name in given:
        if name in RESULT_COLUMNS:
            name = f"input_{name}"
            while name in taken:
                name = f"input_{name}"
            taken.add(name)
        names.append(name)
    return names


def header(layout: Layout) -> list[str]:
    """The columns of the table."""
    return [*own_names(layout), *RESULT_COLUMNS]


def lines(batch: pa.RecordBatch, own: list[list[Any]]) -> Iterator[tuple[Any, ...]]:
    """The lines of a batch of results.

    Args:
        batch: with the columns of `columns.RESULT` after the own ones.
        own: the own columns as they shall be written.
    """
    for some in lines_of_rows(batch, own):
        yield from some


def lines_of_rows(batch: pa.RecordBatch, own: list[list[Any]]) -> Iterator[list[tuple[Any, ...]]]:
    """As `lines`, row by row."""
    first = len(own)
    status, reasons, warnings, hits = (
        batch.column(first + RESULT.names.index(name)) for name in ("status", "reason", "warnings", "hits")
    )
    odd = {n: "; ".join(texts) for n, texts in enumerate(warnings.to_pylist()) if texts}
    numbers = batch.column(first + RESULT.names.index("row"))
    plain = ("no_hit", *(None,) * (_WIDTH - 1))
    states = status.to_pylist()
    found = hits.value_lengths().to_pylist()
    for n, cells in enumerate(zip(*own, strict=True) if own else [()] * len(batch)):
        state, note = states[n], odd.get(n)
        if state == "rejected":
            reason = f"row {numbers[n].as_py()}: {reasons[n].as_py()}"
            yield [(*cells, state, *(None,) * (_REASON - 1), reason, note)]
        elif found[n]:
            shown = enumerate(hits[n].as_py(), start=1)
            yield [(*cells, state, rank, *_hit(hit), None, note) for rank, hit in shown]
        elif note:
            yield [(*cells, state, *(None,) * (_WARNINGS - 1), note)]
        else:
            yield [cells + plain]


def is_plain(batch: pa.RecordBatch, own: int) -> np.ndarray:
    """Which rows have neither a hit nor a reason nor a warning (n booleans), behind so many own columns."""
    at = {name: own + n for n, name in enumerate(RESULT.names)}
    clean = pc.equal(batch.column(at["status"]), "no_hit").to_numpy(zero_copy_only=False).copy()
    for name in ("hits", "warnings"):
        clean &= batch.column(at[name]).value_lengths().to_numpy(zero_copy_only=False) == 0
    plain: np.ndarray = clean
    return plain


def _hit(hit: Mapping[str, Any]) -> tuple[Any, ...]:
    programs = " ".join(dict.fromkeys(listing["program"] for listing in hit["listings"]))
    sources = " ".join(dict.fromkeys(listing["source"] for listing in hit["listings"]))
    alert = "true" if hit["alert"] else "false"
    return (hit["entity_id"], hit["name"], hit["score"], hit["band"], alert, programs, sources)


def cell_texts(batch: pa.RecordBatch, layout: Layout) -> list[list[Any]]:
    """The own columns as cells: texts, numbers as numbers, days in ISO form, nested values as JSON; None for what
    a row doesn't have."""
    return [_cells(batch.column(place), layout.schema.field(place)) for place in range(len(layout.own))]


def _cells(column: pa.Array, field: pa.Field) -> list[Any]:
    values: list[Any] = column.to_pylist()
    if (field.metadata or {}).get(b"form") == JSON[b"form"]:
        return [orjson.loads(v) if v is not None and v[:1] == '"' else v for v in values]
    kind = field.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return values
    if pa.types.is_list(kind) and pa.types.is_string(kind.value_type):
        return ["; ".join(one for one in v if one) if v is not None else None for v in values]
    return [_cell(value) for value in values]


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
