"""A frame of names screened: the same frame back, each row with its answer beside it (`home.screen`)."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stopship.app.frames import Frame, columns_of, frame_of, kept_columns
from stopship.app.indexes import IndexPlace
from stopship.bulk.batch import ScreenOptions
from stopship.bulk.columns import HIT, RESULT
from stopship.bulk.local import ScreenWork, available_processes, few, map_batches

BATCH_ROWS = 4096
BEST = ("entity_id", "name", "score", "band", "program", "source")
ADDED = (
    "status",
    *(f"best_{name}" for name in BEST),
    *(name for name in RESULT.names if name not in ("row", "status")),
)
"""The columns that a frame gets. `best_…` are of the best hit, null where there is none; the others are those of
the batch contract (`stopship.bulk.columns.RESULT`)."""

Progress = Callable[[int, int], None]
"""Is told the rows done, and those of them with a hit."""


def screen_frame(
    given: Any,
    place: IndexPlace,
    options: ScreenOptions,
    *,
    columns: Mapping[str, Hashable] | None = None,
    progress: bool | Progress | None = None,
    processes: int | None = None,
) -> Any:
    """See `Home.screen`."""
    frame = frame_of(given)
    used = columns_of(frame, columns)
    kept = kept_columns(frame.labels, ADDED)
    if dropped := [str(label) for label in frame.labels if label not in kept]:
        warnings.warn(
            f"columns never read, because they hold special-category data: {', '.join(dropped)}", stacklevel=3
        )
    table = pa.table({name: frame.column(label) for name, label in used.items()})
    work = ScreenWork(Path(), options, place.index.content_hash, index=place.index)
    small, pieces = few(_numbered(table))
    count = 1 if small else available_processes() if processes is None else processes
    if count > 1:
        work.index_path = place.directory()
    done: list[pa.Table] = []
    rows = hits = 0
    with _told(progress, frame.rows) as tell:
        for batch in map_batches(work, pieces, processes=count):
            result = pa.Table.from_batches([batch]).select(RESULT.names)
            done.append(with_best(result))
            if tell:
                rows += len(batch)
                hits += result.column("status").to_pylist().count("hit")
                tell(rows, hits)
    return frame.beside(kept, _together(done, frame))


def _numbered(table: pa.Table) -> Iterator[tuple[pa.RecordBatch, int]]:
    first = 1
    for batch in table.to_batches(max_chunksize=BATCH_ROWS):
        yield batch, first
        first += len(batch)


def with_best(result: pa.Table) -> pa.Table:
    """Results in the columns of `ADDED`: those of the best hit are taken out of the hits."""
    hits = result.column("hits").combine_chunks()
    counts = hits.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(counts)[:-1]])
    first = pa.array(np.where(counts > 0, offsets, 0), mask=counts == 0)
    flat = hits.flatten()
    found = {
        name: flat.field(HIT.get_field_index(name)).take(first) for name in ("entity_id", "name", "score", "band")
    }
    listings = [listed or [] for listed in flat.field(HIT.get_field_index("listings")).take(first).to_pylist()]
    for name in ("program", "source"):
        words = [" ".join(dict.fromkeys(x[name] for x in listed)) or None for listed in listings]
        found[name] = pa.array(words, pa.string())
    columns = {f"best_{name}": found[name] for name in BEST}
    return pa.table({name: columns[name] if name in columns else result.column(name) for name in ADDED})


def _together(done: list[pa.Table], frame: Frame) -> pa.Table:
    if done:
        return pa.concat_tables(done)
    empty = pa.Table.from_batches([], schema=RESULT)
    assert frame.rows == 0
    return with_best(empty)


@contextmanager
def _told(progress: bool | Progress | None, total: int) -> Iterator[Progress | None]:
    """Who is told how far it is: the caller, a bar on stderr or in the notebook, or nobody."""
    if callable(progress):
        yield progress
        return
    in_notebook = "ipykernel" in sys.modules
    if progress is False or (progress is None and not (in_notebook or sys.stderr.isatty())):
        yield None
        return
    widgets = in_notebook and find_spec("ipywidgets") is not None  # what Rich needs there
    if not (widgets or sys.stderr.isatty()):
        yield _line(total)
        sys.stderr.write("\n")
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console() if widgets else Console(stderr=True)
    shown = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[told]}"), TimeRemainingColumn())
    with Progress(TextColumn("screening"), *shown, console=console, transient=True) as bar:
        task = bar.add_task("", total=total, told="")

        def tell(rows: int, hits: int) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:,.0f} rows/s, " if speed else ""
            bar.update(task, completed=rows, told=f"{rate}{hits:,} with hits")

        yield tell


def _line(total: int) -> Progress:
    """Tells it in one line that is written over, twice a second at most."""
    started = time.perf_counter()
    told_at = [started - 1]

    def tell(rows: int, hits: int) -> None:
        now = time.perf_counter()
        if rows < total and now - told_at[0] < 0.5:
            return
        told_at[0] = now
        rate = rows / max(now - started, 1e-6)
        left = f", {(total - rows) / rate:,.0f} s left" if rows < total else ""
        sys.stderr.write(f"\rscreened {rows:,} of {total:,}, {rate:,.0f} rows/s, {hits:,} with hits{left}   ")
        sys.stderr.flush()

    return tell
