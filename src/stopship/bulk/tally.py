"""What became of the rows of a batch, counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa

from stopship.bulk.columns import RESULT, Layout


def tally(results: pa.RecordBatch, layout: Layout) -> dict[str, Any]:
    """The counts of a batch of results: `rows, hit, no_hit, rejected`, `alerts` of all rows, `lines` that a
    table with a line a hit has, and `reasons` of rejects by kind."""
    first = len(layout.own)
    column = {name: results.column(first + n) for n, name in enumerate(RESULT.names)}
    states = Counter(column["status"].to_pylist())
    shown = column["hits"].value_lengths().to_numpy(zero_copy_only=False)
    reasons: Counter[str] = Counter(_kind(r) for r in column["reason"].drop_null().to_pylist())
    return {
        "rows": len(results),
        "hit": states["hit"],
        "no_hit": states["no_hit"],
        "rejected": states["rejected"],
        "alerts": int(column["alerts"].to_numpy().sum()),
        "lines": int((shown + (shown == 0)).sum()),
        "reasons": dict(reasons),
    }


def _kind(reason: str) -> str:
    """Reasons are counted by kind: figures in them would make every row its own."""
    return "another number of cells than the header" if "cells where" in reason else reason.split(":")[0]
