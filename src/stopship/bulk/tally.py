"""What became of the rows of a batch, counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stopship.bulk.columns import RESULT, Layout


def tally(results: pa.RecordBatch, layout: Layout) -> dict[str, Any]:
    """The counts of a batch of results: `rows, hit, no_hit, rejected`, `alerts` of all rows, `lines` that a table
    with a line a hit has, rows that were `warned` about, `reasons` of rejects by kind, and `bands` and `programs`
    of rows with a hit, by their best one."""
    first = len(layout.own)
    column = {name: results.column(first + n) for n, name in enumerate(RESULT.names)}
    states = Counter(column["status"].to_pylist())
    shown = column["hits"].value_lengths().to_numpy(zero_copy_only=False)
    reasons: Counter[str] = Counter(_kind(r) for r in column["reason"].drop_null().to_pylist())
    hit = pc.equal(column["status"], "hit")
    best = [hits[0] for hits in column["hits"].filter(hit).to_pylist()]
    programs = (one for top in best for one in {listing["program"] for listing in top["listings"]})
    return {
        "rows": len(results),
        "hit": states["hit"],
        "no_hit": states["no_hit"],
        "rejected": states["rejected"],
        "alerts": int(column["alerts"].to_numpy().sum()),
        "lines": int((shown + (shown == 0)).sum()),
        "warned": int((column["warnings"].value_lengths().to_numpy(zero_copy_only=False) > 0).sum()),
        "reasons": dict(reasons),
        "bands": dict(Counter(top["band"] for top in best)),
        "programs": dict(Counter(programs)),
    }


def _kind(reason: str) -> str:
    """Reasons are counted by kind: figures in them would make every row its own."""
    return "another number of cells than the header" if "cells where" in reason else reason.split(":")[0]
