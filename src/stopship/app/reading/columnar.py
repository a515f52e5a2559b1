"""Parquet: typed columns, read batch by batch; a row's number is its place in the file, from 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from stopship.app.reading.records import meanings_of
from stopship.app.reading.streams import ByteStream, can_be_read_again
from stopship.bulk.columns import MEANS, ROW, field_names
from stopship.errors import TableError


class ParquetTable:
    """An opened Parquet file; its rows as batches, once.

    Raises:
        TableError: damaged, or without rows and columns that can be read.
    """

    def __init__(
        self,
        path: Path,
        stream: ByteStream,
        *,
        drop: Callable[[str], bool],
        rows: int,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        import pyarrow.parquet as pq

        self._where, self._size = stream.where, rows
        file: Any = path
        if not can_be_read_again(path) or stream.packing:
            file = stream.spooled()
        try:
            self._file = pq.ParquetFile(file, pre_buffer=False)
            schema = self._file.schema_arrow
        except (pa.ArrowException, OSError) as bad:
            raise self._damaged(bad) from None
        self.dropped = tuple(field.name for field in schema if any(drop(name) for name in field_names(field)))
        self._columns = [name for name in schema.names if name not in self.dropped]
        self.count: int = self._file.metadata.num_rows
        fields = [schema.field(name) for name in self._columns]
        if columns is not None:
            meanings = meanings_of(columns, self._columns, self._where)
            fields = [field.with_metadata({MEANS: meanings.get(field.name, "").encode()}) for field in fields]
        self.schema = pa.schema([*fields, (ROW, pa.int64())])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow batches."""
        first = 1
        try:
            for batch in self._file.iter_batches(self._size, columns=self._columns):
                numbers = pa.array(range(first, first + len(batch)), pa.int64())
                yield pa.RecordBatch.from_arrays([*batch.columns, numbers], schema=self.schema)
                first += len(batch)
        except (pa.ArrowException, OSError) as bad:
            raise self._damaged(bad) from None

    def _damaged(self, bad: Exception) -> TableError:
        return TableError(
            f"the Parquet data is cut off or damaged: {str(bad).splitlines()[0][:200]}",
            where=self._where,
            hint="Fetch it again",
        )
