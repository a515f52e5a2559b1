"""Frames of pandas, polars and Arrow: their columns as Arrow, and results put beside the rows that they belong to.

Neither pandas nor polars is imported here: only a frame of theirs needs them, and then they are loaded already.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from stopship.bulk.columns import READ
from stopship.errors import SettingsError, TableError
from stopship.sources.contract import is_special_category


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame, whatever it is of.

    `labels` are its columns in order, `rows` how many rows it has. `column(label)` is one of them as Arrow.
    `beside(kept, result)` is a new frame of the same kind and with the same rows: the own columns in `kept` (label
    -> name there) and those of a table.
    """

    labels: tuple[Hashable, ...]
    rows: int
    column: Callable[[Hashable], pa.ChunkedArray]
    beside: Callable[[Mapping[Hashable, Hashable], pa.Table], Any]


def frame_of(given: Any) -> Frame:
    """The frame of an object: a pandas or polars DataFrame, an Arrow table, or anything with `__arrow_c_stream__`.

    Raises:
        TableError: it is none of these.
    """
    pandas, polars = sys.modules.get("pandas"), sys.modules.get("polars")
    if pandas is not None and isinstance(given, pandas.DataFrame):
        return _pandas(given, pandas)
    if polars is not None and isinstance(given, polars.DataFrame):
        return _polars(given, polars)
    if polars is not None and isinstance(given, polars.LazyFrame):
        raise TableError("a LazyFrame has no rows yet", where="screen", hint="Give frame.collect()")
    if isinstance(given, pa.RecordBatch):
        return _arrow(pa.Table.from_batches([given]))
    if isinstance(given, pa.RecordBatchReader):
        return _arrow(given.read_all())
    if isinstance(given, pa.Table):
        return _arrow(given)
    if hasattr(given, "__arrow_c_stream__"):
        return _arrow(pa.table(given))
    raise TableError(
        f"{type(given).__name__} is not a frame",
        where="screen",
        hint="Give a pandas or polars DataFrame, an Arrow table, or what has __arrow_c_stream__",
    )


def _arrow(table: pa.Table) -> Frame:
    def beside(kept: Mapping[Hashable, Hashable], result: pa.Table) -> pa.Table:
        fields = [table.schema.field(label).with_name(name) for label, name in kept.items()]
        columns = [table.column(label) for label in kept]
        schema = pa.schema([*fields, *result.schema], metadata=table.schema.metadata)
        return pa.table([*columns, *result.columns], schema=schema)

    return Frame(tuple(table.column_names), table.num_rows, table.column, beside)


def _polars(frame: Any, polars: Any) -> Frame:
    def beside(kept: Mapping[Hashable, Hashable], result: pa.Table) -> Any:
        own = frame.select([polars.col(label).alias(name) for label, name in kept.items()])
        return own.hstack(polars.from_arrow(result).get_columns())

    return Frame(
        tuple(frame.columns), frame.height, lambda label: frame.select(label).to_arrow().column(0), beside
    )


def _pandas(frame: Any, pandas: Any) -> Frame:
    def column(label: Hashable) -> pa.ChunkedArray:
        series = frame[label]
        try:
            found = pa.Array.from_pandas(series)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            # A column of objects, some of them text and some not.
            texts = [None if missing else str(v) for v, missing in zip(series, pandas.isna(series), strict=True)]
            found = pa.array(texts, pa.string())
        return found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found])

    def beside(kept: Mapping[Hashable, Hashable], result: pa.Table) -> Any:
        own = frame[list(kept)].copy()
        if list(kept) != list(kept.values()):
            own.columns = list(kept.values())
        found = result.to_pandas()
        found.index = frame.index
        return pandas.concat([own, found], axis=1)

    return Frame(tuple(frame.columns), len(frame), column, beside)


def columns_of(frame: Frame, wanted: Mapping[str, Hashable] | None) -> dict[str, Hashable]:
    """Which of the frame's columns is read as what: as the caller says, else by its name, in any case.

    Args:
        wanted: what is read (`id`, `name`, `schema` …) -> label of the frame's column.

    Raises:
        TableError: there is no such column, it stands twice, or none is the name.
        SettingsError: `wanted` asks for something that is not read, or for a special-category column.
    """
    wanted = wanted or {}
    for name, label in wanted.items():
        if name not in READ:
            raise SettingsError(f"{name!r} is not read", where="columns", hint=f"Known: {', '.join(READ)}")
        if label not in frame.labels:
            raise TableError(f"there is no column {label!r}", where="columns", hint=_found(frame.labels))
        if is_special_category(str(label)):
            raise SettingsError(f"the column {label!r} holds special-category data", where="columns")
    used = dict(wanted)
    for label in frame.labels:
        name = str(label).strip().lower()
        if name in READ and name not in wanted and label not in wanted.values():
            if name in used:
                raise TableError(f"the column {name!r} stands twice", where="screen", hint="Rename one of them")
            used[name] = label
    for label in used.values():
        if frame.labels.count(label) > 1:
            raise TableError(f"the column {label!r} stands twice", where="screen", hint="Rename one of them")
    if "name" not in used:
        raise TableError(
            "there is no column 'name'",
            where="screen",
            hint=f"Say which it is: columns={{'name': …}}. {_found(frame.labels)}",
        )
    return used


def kept_columns(labels: Sequence[Hashable], taken: Sequence[str]) -> dict[Hashable, Hashable]:
    """The own columns, label -> name in the result: `input_…` where a column of the result is called so.

    Columns of special categories are dropped.
    """
    kept: dict[Hashable, Hashable] = {}
    for label in labels:
        if is_special_category(str(label)):
            continue
        name: Hashable = label
        while name in taken or (name != label and (name in labels or name in kept.values())):
            name = f"input_{name}"
        kept[label] = name
    return kept


def _found(labels: Sequence[Hashable]) -> str:
    return f"Found: {', '.join(str(label) for label in labels)[:200] or 'none'}"
