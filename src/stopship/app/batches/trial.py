"""The first rows of a file, screened or decided to see what would come of all. Nothing is written or kept."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from stopship.app.batches.drafts import Draft
from stopship.app.batches.look import ONE_A_LINE, called, first_rows
from stopship.app.orders.lines import OrderLines
from stopship.app.orders.rows import decide_lines
from stopship.app.reading import open_source
from stopship.app.reading.streams import HEAD, ByteStream
from stopship.app.service.edition import Edition
from stopship.app.writing.findings import to_findings
from stopship.bulk import ScreenOptions
from stopship.bulk.batch import BatchScreener
from stopship.errors import OrderError

ROWS, ORDERS = 200, 30


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of the first rows.

    Attributes:
        rows: how many were tried.
        whole: whether the file has no more.
        counts: rows by `hit`, `no_hit`, `rejected`, `warned`; of orders, by outcome and `rejected`.
        findings: rows with a hit, a reason or a warning (`writing.findings`); of orders, see `order_finding`.
        about_rows: how many rows the whole file has, as it says or as its size tells; None where nothing tells.
        seconds: that the whole file may take; None where nothing tells.
    """

    rows: int
    whole: bool
    counts: Mapping[str, int]
    findings: tuple[Mapping[str, Any], ...]
    about_rows: int | None
    seconds: float | None


def try_names(draft: Draft, edition: Edition, columns: Mapping[str, str], options: ScreenOptions) -> Trial:
    """Screen the first rows of a file of names. A look-up: for the thread that does them.

    Raises:
        TableError, SettingsError: the file can't be read so.
    """
    with called(draft), open_source(draft.path, columns=columns, rows=ROWS) as source:
        screener = BatchScreener(edition.index, options, matcher=edition.matcher)
        layout = screener.layout(source.schema)
        batch, more = first_rows(source.batches, ROWS)
        if batch is None:
            return Trial(0, True, {}, (), 0, 0.0)
        results, seconds = _timed(screener, batch)
        found = [orjson.loads(line) for line in to_findings(results, layout).splitlines()]
        states = results.column(len(layout.own) + 1).to_pylist()
        rows = len(results)
        about = source.count
        if not more:
            about = rows
        elif about is None:
            about = _rows_by_size(draft.path)
        counts = {state: states.count(state) for state in ("hit", "no_hit", "rejected")}
        counts["warned"] = sum("warnings" in one for one in found)
        estimate = seconds / rows * about if about is not None else None
        return Trial(rows, not more, counts, tuple(found), about, estimate)


def _timed(screener: BatchScreener, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, float]:
    """The answers of a batch, and the seconds that so many rows take: by its quicker half, because the first rows
    after a start may wait for what is made ready once."""
    done: list[pa.RecordBatch] = []
    rates: list[float] = []
    half = max(len(batch) // 2, 1)
    for at in range(0, len(batch), half):
        began = time.perf_counter()
        done.append(screener.screen(batch.slice(at, half)))
        rates.append((time.perf_counter() - began) / len(done[-1]))
    return pa.Table.from_batches(done).combine_chunks().to_batches()[0], min(rates) * len(batch)


def try_orders(draft: Draft, edition: Edition) -> Trial:
    """Decide the first orders of a file. A look-up, see `try_names`.

    Raises:
        OrderError, TableError: the file can't be read.
    """
    with called(draft), ByteStream(draft.path) as stream:
        lines = list(islice(OrderLines(stream), ORDERS + 1))
        if not lines:
            raise OrderError("there is no order in it", hint=ONE_A_LINE)
        whole, lines = len(lines) <= ORDERS, lines[:ORDERS]
        began = time.perf_counter()
        data, tally = decide_lines(lines, edition.decider)
        seconds = time.perf_counter() - began
        size = sum(len(line.data) + 1 for line in lines)
        about: int | None = len(lines)
        if not whole:
            about = round(draft.size / size * len(lines)) if stream.packing is None else None
        counts = {outcome: n for outcome, n in tally.outcomes.items() if n} | {"rejected": tally.rejected}
        found = tuple(order_finding(orjson.loads(line)) for line in data.splitlines())
        estimate = seconds / len(lines) * about if about is not None else None
        return Trial(len(lines), whole, counts, found, about, estimate)


def order_finding(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a list of orders shows of one line of results."""
    parties = row.get("transaction", {}).get("parties", ())
    return {
        "line": row["line"],
        "id": row.get("id"),
        "outcome": row.get("outcome"),
        "reason": row.get("reason"),
        "parties": [party["name"] for party in parties if party.get("name")],
    }


def _rows_by_size(path: Path) -> int | None:
    """About how many lines a text has, from those at its beginning and its size."""
    with ByteStream(path) as stream:
        lines = stream.read(HEAD).count(b"\n")
        share = stream.fraction()
    return round(lines / share) if share else None
