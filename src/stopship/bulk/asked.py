"""What the rows of a batch ask for: names, what they are names of, and what corroborates; odd values told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stopship.bulk.columns import LISTS, Layout
from stopship.bulk.rows import NOTHING_TO_SCREEN, read_country, read_date
from stopship.bulk.texts import ReadColumn, as_lists, as_text, bytes_and_offsets, readable, with_text
from stopship.matching import Query
from stopship.model.order import read_schema
from stopship.model.values import Schema

MAX_NAME = 100_000
"""Characters in one name. A longer one is a broken export."""
_SCHEMA_NUMBERS = {schema: number for number, schema in enumerate(Schema)}


class QueryRows:
    """The rows of one batch, as they are asked for."""

    def __init__(self, batch: pa.RecordBatch, layout: Layout, known: dict[str, dict[str, Any]]) -> None:
        self._batch, self._layout = batch, layout
        self._broken: dict[int, str] = {}
        columns: dict[str, pa.Array] = {}
        for what, position in layout.read.items():
            columns[what], broken = readable(batch.column(position))
            for row in broken:
                self._broken.setdefault(row, f"the {what.replace('_', ' ')} is not UTF-8")
        self.names = as_text(columns["name"])
        readers: dict[str, Callable[[str], tuple[Any, str | None]]] = {
            "schema": lambda text: read_schema(text or None, "schema"),
            "country": read_country,
            "birth_date": lambda text: read_date("birth_date", text),
            "registration_date": lambda text: read_date("registration_date", text),
        }
        self._columns: dict[str, ReadColumn[Any]] = {
            column: ReadColumn(columns[column], read, known.setdefault(column, {}))
            for column, read in readers.items()
            if column in layout.read
        }
        self._addresses: dict[int, list[str]] = {}
        self._spelled: set[int] = set()  # rows whose address has a letter or a digit
        if "address" in layout.read:
            texts, owners = as_lists(columns["address"])
            self._spelled.update(owners[with_text(texts)].tolist())
            given = np.flatnonzero(pc.not_equal(texts, "").to_numpy(zero_copy_only=False))
            for row, text in zip(owners[given].tolist(), texts.take(pa.array(given)).to_pylist(), strict=True):
                if text.strip():
                    self._addresses.setdefault(row, []).append(text.strip())

    def schemas(self) -> np.ndarray:
        """What each name is the name of, as a number in `tuple(Schema)`."""
        if "schema" not in self._columns:
            return np.full(len(self.names), _SCHEMA_NUMBERS[Schema.LEGAL_ENTITY], np.int64)
        return self._columns["schema"].numbers(lambda schema: _SCHEMA_NUMBERS[schema or Schema.LEGAL_ENTITY])

    def only_names(self) -> bool:
        """Whether no row has a country or a date."""
        return not any(column.has_values() for name, column in self._columns.items() if name != "schema")

    def with_address(self) -> list[int]:
        """The rows that have an address, ascending."""
        return list(self._addresses)

    def rejected(self) -> dict[int, str]:
        """Why rows can't be used, by row."""
        reasons: dict[int, str] = {}
        empty = ~with_text(self.names)
        for row in np.flatnonzero(empty).tolist():
            if row not in self._spelled:
                reasons[row] = NOTHING_TO_SCREEN
        data, offsets = bytes_and_offsets(self.names)
        if len(data) > MAX_NAME:
            for row in np.flatnonzero(np.diff(offsets) > MAX_NAME).tolist():
                if (length := len(self.names[row].as_py())) > MAX_NAME:
                    reasons[row] = f"the name is too long: {length:,} characters"
        reasons.update(self._broken)
        for row, text in self._service(self._layout.problem):
            reasons[row] = text
        return reasons

    def warnings(self, rejected: dict[int, str]) -> dict[int, list[str]]:
        """What is odd about rows that are screened all the same, by row."""
        found: dict[int, list[str]] = {}
        for column in self._columns.values():
            for row in column.warned().tolist():
                if row not in rejected:
                    found.setdefault(row, []).extend(column.warnings(row))
        for row, text in self._service(self._layout.warning):
            if row not in rejected:
                found.setdefault(row, []).append(text)
        return found

    def query(self, row: int) -> Query:
        """What a row asks for."""
        schema = self._columns["schema"].values(row) if "schema" in self._columns else ()
        values = {c: self._columns[c].values(row) if c in self._columns else () for c in LISTS if c != "address"}
        return Query(
            name=self.names[row].as_py().strip(),
            schema=schema[0] if schema else Schema.LEGAL_ENTITY,
            countries=tuple(dict.fromkeys(values["country"])),
            addresses=tuple(self._addresses.get(row, ())),
            birth_dates=values["birth_date"],
            registration_dates=values["registration_date"],
        )

    def _service(self, position: int | None) -> Iterator[tuple[int, str]]:
        if position is not None:
            column = self._batch.column(position)
            if column.null_count < len(column):
                written = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
                yield from zip(written.tolist(), column.take(pa.array(written)).to_pylist(), strict=True)
