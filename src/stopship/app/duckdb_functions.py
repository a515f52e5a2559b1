"""Functions for DuckDB: names screened and compared inside of a query (`home.register_duckdb`)."""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from stopship.app.frame_screen import with_best
from stopship.bulk.batch import BatchScreener, ScreenOptions
from stopship.bulk.texts import as_text
from stopship.errors import SettingsError
from stopship.matching import Index, compare_names
from stopship.model.order import read_schema

if TYPE_CHECKING:
    import duckdb

SCREEN, SCORE = "stopship_screen", "stopship_score"
ARGUMENTS = ("name", "schema", "country")
"""What `stopship_screen` is called with: the name, and perhaps the others, in this order."""
ANSWER = pa.struct(
    [
        ("status", pa.string()),
        ("score", pa.float64()),
        ("band", pa.string()),
        ("entity_id", pa.string()),
        ("matched_name", pa.string()),
        ("program", pa.string()),
        ("source", pa.string()),
        ("entity_ids", pa.list_(pa.string())),
        ("alerts", pa.int32()),
        ("reason", pa.string()),
    ]
)
"""What it answers: hit, no_hit or rejected; the best hit; the ids of all hits, best first; how many alert."""
_ANSWER_SQL = (
    "STRUCT(status VARCHAR, score DOUBLE, band VARCHAR, entity_id VARCHAR, matched_name VARCHAR, program VARCHAR, "
    "source VARCHAR, entity_ids VARCHAR[], alerts INTEGER, reason VARCHAR)"
)
_OF_BEST = {"score": "score", "band": "band", "entity_id": "entity_id", "matched_name": "name"}
_OF_BEST |= {"program": "program", "source": "source"}


def register(
    connection: duckdb.DuckDBPyConnection | None, index: Index, options: ScreenOptions
) -> duckdb.DuckDBPyConnection:
    """Register `stopship_screen(name[, schema[, country]])` and `stopship_score(left, right[, schema])`.

    Functions of these names that are there are replaced. A NULL name is a rejected row, not NULL: nothing that
    wasn't screened may look as if it had been.

    Args:
        connection: None makes one, in memory.
        index: the lists; a query doesn't see lists that are imported later.
        options: threshold, limit and what is returned.

    Raises:
        SettingsError: DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise SettingsError(
            "DuckDB is not installed", where="register_duckdb", hint="Install it: pip install 'stopship[duckdb]'"
        ) from None
    if connection is None:
        connection = duckdb.connect()
    functions = _Functions(index, options)
    for name, function, answer in (
        (SCREEN, functions.screen, _ANSWER_SQL),
        (SCORE, functions.score, "DOUBLE"),
    ):
        with suppress(duckdb.Error):  # it wasn't there
            connection.remove_function(name)
        create: Any = connection.create_function  # typed in another way by each version of DuckDB
        # Without a list of parameters it takes any number of them.
        create(name, function, None, answer, type="arrow", null_handling="special")
    return connection


class _Functions:
    """The functions over one index; DuckDB calls them with some thousand rows at once, from any thread."""

    def __init__(self, index: Index, options: ScreenOptions) -> None:
        self._screener = BatchScreener(index, options)
        self._lock = Lock()

    def screen(self, *columns: pa.ChunkedArray) -> pa.Array:
        if not 1 <= len(columns) <= len(ARGUMENTS):
            raise ValueError(f"{SCREEN} takes {', '.join(ARGUMENTS)}: one to three arguments, not {len(columns)}")
        batch = pa.RecordBatch.from_arrays([_text(c) for c in columns], list(ARGUMENTS[: len(columns)]))
        with self._lock:
            result = pa.Table.from_batches([self._screener.screen(batch)])
        best = with_best(result)
        hits = result.column("hits").combine_chunks()
        ids = pa.ListArray.from_arrays(hits.offsets, hits.flatten().field("entity_id"))
        found = {"status": best.column("status"), "entity_ids": ids, "alerts": best.column("alerts")}
        found |= {"reason": best.column("reason")}
        found |= {name: best.column(f"best_{column}") for name, column in _OF_BEST.items()}
        arrays = [_one(found[field.name]) for field in ANSWER]
        return pa.StructArray.from_arrays(arrays, fields=list(ANSWER))

    def score(self, *columns: pa.ChunkedArray) -> pa.Array:
        if not 2 <= len(columns) <= 3:
            raise ValueError(f"{SCORE} takes left, right and perhaps schema, not {len(columns)} arguments")
        schemas = _text(columns[2]).to_pylist() if len(columns) == 3 else [None] * len(columns[0])
        rows = zip(_text(columns[0]).to_pylist(), _text(columns[1]).to_pylist(), schemas, strict=True)
        with self._lock:
            return pa.array([_score(*row) for row in rows], pa.float64())


def _score(left: str | None, right: str | None, schema: str | None) -> float | None:
    for name in (left, right):
        if name is None or not any(character.isalnum() for character in name):
            return None
    assert left is not None
    assert right is not None
    return compare_names(left, right, read_schema(schema or None, "schema")[0]).score


def _text(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    found = _one(column)
    # A bare NULL in SQL has no type, or an integer's.
    return pa.nulls(len(found), pa.string()) if found.null_count == len(found) else as_text(found)


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
