"""Columns of a batch as texts, each distinct value read once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stopship.bulk.rows import has_text

T = TypeVar("T")
MOST_REMEMBERED = 200_000


def as_text(column: pa.Array) -> pa.Array:
    """A column as `string` or `large_string` without nulls; numbers and dates in their usual form."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_null(kind):
        return pa.array([""] * len(column), pa.string())
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.date32(), safe=False)  # a day is what is asked for
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        column = column.cast(pa.string())
    return column.fill_null("") if column.null_count else column


def readable(column: pa.Array) -> tuple[pa.Array, list[int]]:
    """A column with null where its text is not UTF-8, and the rows where that is so: what wrote the file didn't
    look, and Arrow's reader doesn't either."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        values: list[Any] = []
        broken: list[int] = []
        for row in range(len(column)):
            try:
                values.append(column[row].as_py())
            except UnicodeDecodeError:
                values.append(None)
                broken.append(row)
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        return pa.array(values, kind), broken
    return column, []


def as_lists(column: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """The texts of a column and the row that each belongs to; a column of lists may give a row several."""
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return as_text(column.flatten()), pc.list_parent_indices(column).to_numpy(zero_copy_only=False)
    return as_text(column), np.arange(len(column))


def bytes_and_offsets(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """The UTF-8 of a text column without nulls (uint8) and where each text begins and the last ends (int64, n + 1,
    from 0); a slice gives its own part only."""
    wide = pa.types.is_large_string(texts.type)
    _validity, offsets, data = texts.buffers()
    if offsets is None or not len(texts):
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    at = np.frombuffer(offsets, np.int64 if wide else np.int32)[texts.offset : texts.offset + len(texts) + 1]
    at = at.astype(np.int64)
    chars = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return chars[at[0] : at[-1]], at - at[0]


def with_text(texts: pa.Array) -> np.ndarray:
    """Which texts hold a letter or a digit (n booleans)."""
    plain: np.ndarray = pc.match_substring_regex(texts, "[0-9A-Za-z]").to_numpy(zero_copy_only=False)
    others = np.flatnonzero(~plain)
    if len(others):
        # Few rows, or a file in another script: what a letter is there, Python knows.
        plain = plain.copy()
        plain[others] = [has_text(text) for text in texts.take(pa.array(others)).to_pylist()]
    return plain


class ReadColumn(Generic[T]):
    """A column whose values are read once each: a value and a warning, and which rows have them.

    Args:
        column: texts or lists of texts.
        read: from a text, stripped and perhaps empty, to its value and a warning, each perhaps None.
        known: what was read before, by text; it grows.
    """

    def __init__(
        self, column: pa.Array, read: Callable[[str], tuple[T | None, str | None]], known: dict[str, Any]
    ) -> None:
        texts, self._rows = as_lists(column)
        encoded = texts.dictionary_encode()
        self._codes = encoded.indices.to_numpy(zero_copy_only=False)
        if len(known) > MOST_REMEMBERED:
            known.clear()
        self._read: list[tuple[T | None, str | None]] = []
        for text in encoded.dictionary.to_pylist():
            found = known.get(text)
            if found is None:
                found = known[text] = read(text.strip())
            self._read.append(found)
        self._one_each = len(texts) == len(column) and not pa.types.is_nested(column.type)
        self._starts = None if self._one_each else np.searchsorted(self._rows, np.arange(len(column) + 1))

    def values(self, row: int) -> tuple[T, ...]:
        """The values of a row that could be read."""
        return tuple(value for value, _warning in self._of(row) if value is not None)

    def warnings(self, row: int) -> list[str]:
        """What is odd about the values of a row."""
        return [warning for _value, warning in self._of(row) if warning]

    def warned(self) -> np.ndarray:
        """The rows with a warning, ascending."""
        odd = np.fromiter((bool(warning) for _value, warning in self._read), np.bool_, len(self._read))
        rows: np.ndarray = np.unique(self._rows[odd[self._codes]]) if odd.any() else np.zeros(0, np.int64)
        return rows

    def numbers(self, number: Callable[[T | None], int]) -> np.ndarray:
        """A number a value, for a column with one value a row (int64)."""
        each: np.ndarray = np.fromiter((number(v) for v, _w in self._read), np.int64, len(self._read))
        numbers: np.ndarray = each[self._codes]
        return numbers

    def has_values(self) -> bool:
        """Whether any cell could be read as a value."""
        return any(value is not None for value, _warning in self._read)

    def _of(self, row: int) -> list[tuple[T | None, str | None]]:
        if self._starts is None:
            return [self._read[self._codes[row]]]
        return [self._read[self._codes[n]] for n in range(self._starts[row], self._starts[row + 1])]
