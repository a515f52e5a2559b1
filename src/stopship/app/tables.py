"""Small files of results, written row by row: JSON lines or CSV. Cells of a CSV that a spreadsheet would run as a
formula are guarded with an apostrophe."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import orjson

from stopship.errors import TableError

_SPECIAL = re.compile('[",\r\n]')


def guard_formula(text: str) -> str:
    """A cell that a spreadsheet can't run: a leading `= + - @`, tab or return gets an apostrophe before it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def csv_line(cells: Iterable[Any]) -> str:
    """A line of a CSV with its ending: texts guarded, in quotes where they hold a comma, a quote, or whatever a
    reader may take for the end of a line (the `csv` module leaves a lone return as it is)."""
    return ",".join(map(_csv_cell, cells)) + "\n"


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    text = guard_formula(value)
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text


class ResultWriter:
    """Writes result rows to a file that appears whole or not at all: a temporary one beside it is renamed at the
    end. The ending of the name chooses the format: `.jsonl` (or `.ndjson`), `.csv`."""

    def __init__(self, path: Path, columns: Sequence[str] = ()) -> None:
        self.path, self.columns = path, list(columns)
        self.format = result_format(path)
        if not path.parent.is_dir():
            raise TableError("there is no such folder", where=str(path.parent), hint="Create it first")
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._stream: IO[Any] | None = None

    def __enter__(self) -> Self:
        try:
            if self.format == "csv":
                # A byte order mark, because Excel takes a UTF-8 file without one for Latin-1.
                self._stream = self._temporary.open("w", encoding="utf-8-sig", newline="")
                self._stream.write(csv_line(self.columns))
            else:
                self._stream = self._temporary.open("wb")
        except OSError as bad:
            raise TableError(f"can't be written: {bad.strerror or bad}", where=str(self.path)) from None
        return self

    def write(self, row: Mapping[str, Any]) -> None:
        assert self._stream is not None
        if self.format == "csv":
            self._stream.write(csv_line(row.get(column) for column in self.columns))
        else:
            self._stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._stream is not None
        self._stream.close()
        if kind is None:
            self._temporary.replace(self.path)
        else:
            self._temporary.unlink(missing_ok=True)


def result_format(path: Path) -> str:
    """`jsonl` or `csv`, from the ending of the name.

    Raises:
        TableError: another ending.
    """
    ending = path.suffix.lower()
    if ending in (".jsonl", ".ndjson"):
        return "jsonl"
    if ending == ".csv":
        return "csv"
    raise TableError(
        f"results can't be written as {ending or 'a file without an ending'}",
        where=str(path),
        hint="End the name in .jsonl or .csv",
    )


def write_json(path: Path, plain: Mapping[str, Any]) -> None:
    """Write a small JSON file, whole or not at all.

    Raises:
        TableError: it can't be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        temporary.replace(path)
    except OSError as bad:
        temporary.unlink(missing_ok=True)
        raise TableError(f"can't be written: {bad.strerror or bad}", where=str(path)) from None
