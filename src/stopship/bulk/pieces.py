"""Parquet files cut into pieces of rows, each of which one task screens."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import IO, Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from stopship.bulk.columns import ROW, field_names
from stopship.bulk.local import BATCH_ROWS
from stopship.bulk.places import Place
from stopship.errors import TableError
from stopship.sources.contract import is_special_category

PIECE_ROWS = 100_000
_TAIL = 8  # the length of the footer and a magic word
_NULL_KEY = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A Parquet file: its name in the folder, its bytes, its rows, and marks by which a change is seen (the
    SHA-256 of its footer, and what the store says). `keys` are columns that stand in the names of its folders
    (`country=DE/`)."""

    name: str
    size: int
    rows: int
    footer: str
    changed: str
    keys: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring rows of a file: `rows` of them from `first_row` on (the first of the file is 1). They lie in
    the row groups from `groups[0]` to before `groups[1]`, behind `skip` other rows."""

    number: int
    file: InputFile
    first_row: int
    rows: int
    groups: tuple[int, int]
    skip: int

    def to_plain(self) -> dict[str, Any]:
        """What it is made of, for hashes and manifests."""
        return asdict(self)


def cut(place: Place, names: list[str], piece_rows: int = PIECE_ROWS) -> tuple[list[Piece], pa.Schema]:
    """Cut files into pieces of about so many rows, and their columns, which all have in common.

    A piece ends where a row group ends, if that is near; a row group that is much larger is cut, too.

    Raises:
        TableError: a file is damaged, or has other columns than the first.
    """
    with ThreadPoolExecutor(16) as threads:
        looked = list(threads.map(partial(_look, place), names))
    schema = looked[0][2]
    if ours := [one for one in schema.names if one.startswith("_stopship_")]:
        raise TableError(
            f"the column {ours[0]!r} has a name that is ours",
            where=place.where(looked[0][0].name),
            hint="Leave it out, or give it another name",
        )
    for file, _groups, other in looked:
        if not other.equals(schema):
            raise TableError(
                f"the files have not the same columns: {_difference(schema, other)}",
                where=place.where(file.name),
                hint=f"Screen them one by one, or write them as {looked[0][0].name} is",
            )
    cuts = [(file, *one) for file, groups, _schema in looked for one in _cuts(groups, piece_rows)]
    if not cuts:  # so that there is an output with columns, however empty
        cuts = [(looked[0][0], 1, 0, (0, 0), 0)]
    return [Piece(number, *one) for number, one in enumerate(cuts)], schema


def _look(place: Place, name: str) -> tuple[InputFile, list[int], pa.Schema]:
    with _named(place, name):
        stamp = place.stamp(name)
        with place.open(name) as file:
            footer = footer_hash(file)
            opened = pq.ParquetFile(file, pre_buffer=False)
            groups = [opened.metadata.row_group(n).num_rows for n in range(opened.metadata.num_row_groups)]
            schema = opened.schema_arrow
        if stamp is None:
            raise FileNotFoundError(name)
    # Of a special category not even the value is kept: it would stand in plan and manifest.
    keys = tuple(
        (key, None if is_special_category(key) else value) for key, value in _keys(name) if key not in schema.names
    )
    for key, _value in keys:
        schema = schema.append(pa.field(key, pa.string()))
    found = InputFile(name, stamp[0], sum(groups), footer, stamp[1], keys)
    return found, groups, schema.remove_metadata()


def footer_hash(file: IO[bytes]) -> str:
    """SHA-256 of the footer of a Parquet file: where its pages lie, how long they are, what is least and most."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    length = int.from_bytes(tail[:4], "little") if tail[4:] == b"PAR1" else 0
    file.seek(max(0, size - _TAIL - length))
    found = hashlib.sha256(file.read(length + _TAIL)).hexdigest()
    file.seek(0)
    return found


def _keys(name: str) -> Iterator[tuple[str, str | None]]:
    for part in name.split("/")[:-1]:
        key, equals, value = part.partition("=")
        if equals and key:
            yield key, None if value == _NULL_KEY else unquote(value)


def _cuts(groups: list[int], piece_rows: int) -> Iterator[tuple[int, int, tuple[int, int], int]]:
    """First row, rows, row groups, rows to skip in them."""
    first_row, begin = 1, 0
    while begin < len(groups):
        if groups[begin] > piece_rows * 3 // 2:
            for skip in range(0, groups[begin], piece_rows):
                rows = min(piece_rows, groups[begin] - skip)
                yield first_row + skip, rows, (begin, begin + 1), skip
            first_row += groups[begin]
            begin += 1
            continue
        end, rows = begin + 1, groups[begin]
        while end < len(groups) and rows + groups[end] <= piece_rows * 5 // 4:
            rows += groups[end]
            end += 1
        if rows:
            yield first_row, rows, (begin, end), 0
        first_row, begin = first_row + rows, end


def read_piece(place: Place, piece: Piece) -> Iterator[pa.RecordBatch]:
    """The rows of a piece as batches of at most `BATCH_ROWS`, with the column `_stopship_row`. Columns of special
    categories are not read.

    Raises:
        TableError: the file is damaged, or another one than when the work was begun.
    """
    name = piece.file.name
    with _named(place, name), place.open(name) as file:
        if footer_hash(file) != piece.file.footer:
            raise TableError(
                "the file was changed since the work began", where=place.where(name), hint="Begin again"
            )
        opened = pq.ParquetFile(file, pre_buffer=False)
        kept = [f.name for f in opened.schema_arrow if not any(map(is_special_category, field_names(f)))]
        left, skip, number = piece.rows, piece.skip, piece.first_row
        batches = opened.iter_batches(
            BATCH_ROWS, row_groups=list(range(*piece.groups)), columns=kept, use_threads=False
        )
        if not piece.rows:
            fields = [opened.schema_arrow.field(column) for column in kept]
            empty = [pa.array([], field.type) for field in fields]
            yield _numbered(pa.RecordBatch.from_arrays(empty, schema=pa.schema(fields)), piece, number)
        for batch in batches if left else ():
            taken = batch.slice(skip, left)
            skip = max(0, skip - len(batch))
            if len(taken):
                yield _numbered(taken, piece, number)
                left, number = left - len(taken), number + len(taken)
            if not left:
                break
        if left:
            raise TableError("rows are missing in the file", where=place.where(name), hint="Fetch it again")


def _numbered(batch: pa.RecordBatch, piece: Piece, first: int) -> pa.RecordBatch:
    fields, columns = list(batch.schema.remove_metadata()), list(batch.columns)
    for key, value in piece.file.keys:
        if not is_special_category(key):
            fields.append(pa.field(key, pa.string()))
            columns.append(pa.array([value] * len(batch), pa.string()))
    fields.append(pa.field(ROW, pa.int64()))
    columns.append(pa.array(range(first, first + len(batch)), pa.int64()))
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))


def _difference(schema: pa.Schema, other: pa.Schema) -> str:
    for name in [*schema.names, *other.names]:
        one, two = schema.get_field_index(name), other.get_field_index(name)
        if one < 0 or two < 0:
            return f"{name!r} is only in {'the first' if two < 0 else 'this one'}"
        if schema.field(one).type != other.field(two).type:
            return f"{name!r} is {schema.field(one).type} in the first, {other.field(two).type} in this one"
        if schema.field(one).nullable != other.field(two).nullable:
            return f"{name!r} may be null in only one of them"
    return "they stand in another order"


@contextmanager
def _named(place: Place, name: str) -> Iterator[None]:
    """What goes wrong in a file becomes one line that names it."""
    try:
        yield
    except pa.ArrowException as bad:
        raise TableError(
            f"the Parquet data is cut off or damaged: {str(bad).splitlines()[0][:200]}",
            where=place.where(name),
            hint="Fetch it again",
        ) from None
    except FileNotFoundError:
        raise TableError("there is no such file", where=place.where(name), hint="Check the path") from None
    except OSError as bad:
        raise TableError(f"can't be read: {bad.strerror or bad}", where=place.where(name)) from None
