"""JSON lines: an object a line. What is screened becomes text, the other fields are kept as JSON.

Columns of the table are those that the first batch has; fields that appear only later are kept together in the
column `other_fields`. `country, address, birth_date, registration_date` may be lists; a name is one text.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import orjson
import pyarrow as pa

from stopship.app.reading.csv_table import MAX_CELL
from stopship.app.reading.encodings import Encoding
from stopship.app.reading.records import EMPTY, meanings_of
from stopship.app.reading.streams import ByteStream
from stopship.bulk.columns import LISTS, PROBLEM, READ, ROW, WARNING
from stopship.errors import TableError

MAX_LINE = 16_000_000
OTHERS = "other_fields"
MAX_COLUMNS = 2000
JSON = {b"form": b"json"}
"""Metadata of a column whose texts are JSON."""
_BLOCK = 1 << 20


class JsonLines:
    """A file of JSON lines whose first batch has been read; its rows as batches, once.

    Raises:
        TableError: empty, or the first line is not a JSON object, or no row of the first batch has a name.
    """

    def __init__(
        self,
        stream: ByteStream,
        encoding: Encoding,
        *,
        drop: Callable[[str], bool],
        rows: int,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        self._where, self._drop, self._size = stream.where, drop, rows
        self._meanings = {column: meaning for meaning, column in columns.items()} if columns is not None else None
        self._dropped: dict[str, None] = {}
        self._lines = ((n, line) for n, line in enumerate(_lines(stream, encoding), start=1) if line.strip())
        self._first = [(n, *self._read(line)) for n, line in islice(self._lines, rows)]
        if not self._first:
            raise TableError("the file is empty", where=self._where, hint="It needs one JSON object a line")
        number, fields, problem = self._first[0]
        if problem is not None and not fields:
            raise TableError(
                f"line {number} is {problem}", where=self._where, hint="JSON lines have one object a line"
            )
        seen = dict.fromkeys(key for _n, fields, _p in self._first for key in fields)
        if len(seen) > MAX_COLUMNS:
            raise TableError(f"{len(seen):,} different fields are too many", where=self._where)
        if columns:
            meanings_of(columns, [columns.get(key, key) for key in seen], self._where)
        if "name" not in seen and columns is None:
            shown = ", ".join(seen) or "none"
            raise TableError(f"no object has a field 'name' (found: {shown[:200]})", where=self._where)
        self.fields: tuple[str, ...] = tuple(seen)
        """The fields of the first batch, by what they are read as."""
        self._texts: list[str] = [key for key in ("id", "name", "schema") if key in seen]
        self._lists = [key for key in LISTS if key in seen]
        self._own = [key for key in seen if key not in READ and key != OTHERS]
        # Fields that are screened and come first in a later batch have their column too.
        self._texts += [key for key in ("schema", "id") if key not in seen]
        self._lists += [key for key in LISTS if key not in seen]

    @property
    def dropped(self) -> tuple[str, ...]:
        """Fields of special categories that were met so far."""
        return tuple(self._dropped)

    @property
    def schema(self) -> pa.Schema:
        """The schema of every batch."""
        return pa.schema(
            [
                *((key, pa.string()) for key in self._texts),
                *((key, pa.list_(pa.string())) for key in self._lists),
                *(pa.field(key, pa.string(), metadata=JSON) for key in (*self._own, OTHERS)),
                (ROW, pa.int64()),
                (PROBLEM, pa.string()),
                (WARNING, pa.string()),
            ]
        )

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow batches; the row number is that of the line."""
        rows = self._first
        while rows:
            yield self._batch(rows)
            rows = [(n, *self._read(line)) for n, line in islice(self._lines, self._size)]

    def _read(self, line: bytes) -> tuple[dict[str, Any], str | None]:
        try:
            plain = orjson.loads(line)
        except orjson.JSONDecodeError:
            return {}, "not JSON"
        if not isinstance(plain, dict):
            return {}, "not a JSON object"
        fields: dict[str, Any] = {}
        for key, value in plain.items():
            if self._drop(key):
                self._dropped[key] = None
                continue
            fields[self._called(key)] = self._without(value)
        return fields, None if fields else EMPTY

    def _called(self, key: str) -> str:
        """As what a field is read. One whose name has a meaning that a person didn't give it is moved aside."""
        lowered = key.strip().lower()
        if self._meanings is None:
            return lowered if lowered in READ else key
        return self._meanings.get(key, f"input_{key}" if lowered in READ else key)

    def _without(self, value: Any) -> Any:
        """A value without the special categories in it."""
        if isinstance(value, dict):
            for key in [key for key in value if self._drop(key)]:
                self._dropped[key] = None
                del value[key]
            return {key: self._without(inner) for key, inner in value.items()}
        return [self._without(inner) for inner in value] if isinstance(value, list) else value

    def _batch(self, rows: list[tuple[int, dict[str, Any], str | None]]) -> pa.RecordBatch:
        problems: list[str | None] = []
        warnings: list[str | None] = []
        columns: dict[str, list[Any]] = {field.name: [] for field in self.schema}
        own = set(self._own)
        for number, fields, problem in rows:
            odd: list[str] = []
            for key in self._texts:
                text, wrong = _one(fields.get(key))
                if wrong and key == "name":
                    problem = problem or f"name: {wrong}"
                elif wrong:
                    odd.append(f"{key}: {wrong}; screened without it")
                columns[key].append(text)
            for key in self._lists:
                texts, wrong = _several(fields.get(key))
                if wrong:
                    odd.append(f"{key}: {wrong}; screened without it")
                columns[key].append(texts)
            for key in self._own:
                value = fields.get(key)
                columns[key].append(None if value is None else orjson.dumps(value).decode())
            rest = {k: v for k, v in fields.items() if k not in own and k not in READ}
            columns[OTHERS].append(orjson.dumps(rest).decode() if rest else None)
            columns[ROW].append(number)
            problems.append(problem)
            warnings.append("; ".join(odd) or None)
        columns[PROBLEM], columns[WARNING] = problems, warnings
        arrays = [pa.array(columns[field.name], field.type) for field in self.schema]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)


def _one(value: Any) -> tuple[str | None, str | None]:
    """The text of a scalar or of a list of one."""
    if isinstance(value, list):
        if len(value) > 1:
            return None, f"a list of {len(value)}; give each its own line"
        value = value[0] if value else None
    if value is None or isinstance(value, str):
        if value is not None and len(value) > MAX_CELL:
            return None, f"more than {MAX_CELL:,} characters"
        return value, None
    if isinstance(value, bool | int | float):
        return orjson.dumps(value).decode(), None
    return None, "an object, not text"


def _several(value: Any) -> tuple[list[str] | None, str | None]:
    """The texts of a scalar or a list of scalars."""
    if value is None:
        return None, None
    texts: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        text, wrong = _one(one)
        if wrong:
            return None, wrong
        if text:
            texts.append(text)
    return texts, None


def _lines(stream: ByteStream, encoding: Encoding) -> Iterator[bytes]:
    """The lines as UTF-8."""
    decoder = None
    if encoding.name not in ("utf-8", "ascii"):
        decoder = codecs.getincrementaldecoder(encoding.name)(errors="replace")
    rest, first = b"", True
    while True:
        data = stream.read(_BLOCK)
        ended = not data
        if decoder is not None:
            data = decoder.decode(data, final=ended).encode("utf-8")
        if first:
            data, first = data.removeprefix(codecs.BOM_UTF8), False
        lines = (rest + data).split(b"\n")
        rest = lines.pop()
        if len(rest) > MAX_LINE:
            raise TableError(
                f"a line has more than {MAX_LINE:,} bytes", where=stream.where, hint="A line break is missing"
            )
        yield from lines
        if ended:
            if rest:
                yield rest
            return
