"""Partitions of parties on an engine: this machine's processes, Dask, Ray or Spark (`stopship screen
--engine`)."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from stopship.app.indexes import IndexPlace
from stopship.bulk import ScreenOptions
from stopship.bulk.partition_work import Note
from stopship.bulk.partitions import carry_out, plan
from stopship.bulk.pieces import PIECE_ROWS
from stopship.errors import SettingsError

ENGINES = {
    "local": ("stopship.bulk.processes", ()),
    "dask": ("stopship.bulk.dask", ("dask", "distributed")),
    "ray": ("stopship.bulk.ray", ("ray",)),
    "spark": ("stopship.bulk.spark", ("pyspark",)),
}
"""Where the engine's adapter is, and what it needs that the extra of its name brings."""


def screen_partitions(
    source: str,
    out: str,
    place: IndexPlace,
    options: ScreenOptions,
    *,
    engine: str,
    address: str | None = None,
    processes: int | None = None,
    index_at: str | None = None,
    part_rows: int | None = None,
    say: Callable[[str], None] = lambda _text: None,
    told: Callable[[int, int, float | None], None] | None = None,
) -> dict[str, Any]:
    """Screen partitions of Parquet into partitions of Parquet.

    Args:
        source, out: see `partitions.plan`.
        place: the lists.
        options: what is asked of every row.
        engine: one of `ENGINES`.
        address: of the engine's cluster; None: this machine.
        processes: how many, on this machine; None takes one a core.
        index_at: where workers find the index, by path or URL; None: it is brought to them.
        part_rows: rows of a part, about.
        say: is told in one line what the work runs on.
        told: see `partitions.carry_out`.

    Returns:
        What `partitions.carry_out` gives, with `ran_on` and `seconds`, which the manifest doesn't hold.

    Raises:
        SettingsError: no such engine, or its extra is not installed; and as `plan` and `carry_out`.
    """
    run = _runner(engine, address, processes, say)
    started = time.perf_counter()
    index = place.directory()
    rows = PIECE_ROWS if part_rows is None else part_rows
    planned = plan(source, out, index, options, at=index_at, piece_rows=rows)
    lists = [{"source": listed.source, "snapshot": listed.snapshot} for listed in place.index.lists]
    found = carry_out(planned, partial(run, index=index), told=told, about={"lists": lists})
    return {**found, "ran_on": engine, "seconds": round(time.perf_counter() - started, 3)}


def _runner(
    engine: str, address: str | None, processes: int | None, say: Callable[[str], None]
) -> Callable[..., Iterator[Note]]:
    if engine not in ENGINES:
        raise SettingsError(f"{engine!r} is no engine", where="--engine", hint=f"Engines: {', '.join(ENGINES)}")
    if engine == "local":
        if address is not None:
            raise SettingsError("the processes of this machine have no address", where="--address")
        return partial(importlib.import_module(ENGINES[engine][0]).run, processes=processes)
    module, needs = ENGINES[engine]
    try:
        for name in needs:
            importlib.import_module(name)
    except ImportError as missing:
        raise SettingsError(
            f"{engine.capitalize()} can't be used here: {missing}",
            where="--engine",
            hint=f"pip install 'stopship[{engine}]'",
        ) from None
    return partial(importlib.import_module(module).run, address=address, processes=processes, say=say)
