"""A file of customers, taken in once: its rows in the columns of the batch contract, each with who it is of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa

from stopship.app.reading import open_source
from stopship.bulk.columns import PROBLEM, READ, ROW, WARNING, layout_of
from stopship.bulk.local import BATCH_ROWS
from stopship.errors import StateError, TableError
from stopship.monitor.files import CUSTOMERS, KEY

SERVICE = (ROW, PROBLEM, WARNING, KEY)


@dataclass(slots=True)
class TakenIn:
    """What became of the rows of a file."""

    rows: int = 0
    without_id: int = 0
    repeated: int = 0
    dropped: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def take_in(
    source: Path,
    folder: Path,
    *,
    form: str | None,
    encoding: str | None,
    told: Callable[[int, float | None], None] | None,
) -> TakenIn:
    """Write the rows of a file to `folder`, without the columns of special categories.

    A customer is told by the column `id`. A row without one is told by what it says, so that it is the same
    customer when the file comes again; a second row with one id is another one, `id (2)`.

    Raises:
        TableError: the file can't be read, or has no rows. StateError: no room on the disk.
    """
    found = TakenIn()
    keys: Counter[str] = Counter()
    try:
        with open_source(source, form=form, encoding=encoding, rows=BATCH_ROWS) as opened:
            layout = layout_of(opened.schema)
            kept = [n for n, name in enumerate(opened.schema.names) if name not in layout.dropped and name != KEY]
            schema = pa.schema([*(opened.schema.field(n) for n in kept), (KEY, pa.string())])
            with pa.ipc.new_file(str(folder / CUSTOMERS), schema) as writer:
                for batch in opened.batches:
                    names = _keys(batch, layout.read, keys, found)
                    columns = [*(batch.column(n) for n in kept), pa.array(names, pa.string())]
                    writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
                    found.rows += len(batch)
                    if told:
                        told(found.rows, opened.fraction())
            found.dropped = tuple(dict.fromkeys((*opened.dropped(), *layout.dropped)))
            found.notes = opened.notes
    except OSError as bad:
        raise StateError(
            f"can't be written: {bad.strerror or bad}", where=str(folder), hint="Is the disk full?"
        ) from None
    if not found.rows:
        raise TableError("there are no rows", where=str(source))
    return found


def _keys(batch: pa.RecordBatch, read: Any, keys: Counter[str], found: TakenIn) -> list[str]:
    """Who each row is of."""
    columns = {name: batch.column(read[name]).to_pylist() for name in READ if name in read}
    ids = columns.pop("id", [None] * len(batch))
    names: list[str] = []
    for row, given in enumerate(ids):
        key = str(given).strip() if given is not None else ""
        if not key:
            found.without_id += 1
            said = "\0".join(f"{name}={values[row] or ''}" for name, values in columns.items())
            key = f"row:{blake2b(said.encode(), digest_size=12).hexdigest()}"
        keys[key] += 1
        if (count := keys[key]) > 1:
            found.repeated += 1
            while keys[f"{key} ({count})"]:
                count += 1
            key = f"{key} ({count})"
            keys[key] += 1
        names.append(key)
    return names
