"""Files of pairs of names, compared row by row (`stopship compare --pairs`)."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stopship.app.reading.csv_table import open_table
from stopship.app.tables import ResultWriter, result_format
from stopship.matching import DEFAULT_THRESHOLD, compare_names
from stopship.model.order import read_schema
from stopship.screening.screener import ENGINE

COLUMNS = ("score", "band", "alert")


def compare_file(source: Path, out: Path, *, progress: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Compare the names of each row of a CSV (`id,left,right,schema`) and write the row with its score.

    Returns:
        Counts and times, the form of `--stats`.

    Raises:
        TableError: the file can't be read or the output not written; nothing is written then.
    """
    result_format(out)
    rows = alerts = rejected = 0
    started = time.perf_counter()
    with open_table(source, required=("left", "right")) as table:
        columns = [*table.columns, *(c for c in (*COLUMNS, "reason") if c not in table.columns)]
        with ResultWriter(out, columns) as writer:
            for row in table.rows:
                rows += 1
                cells: dict[str, Any] = dict(row.cells)
                left, right = row.cells.get("left", ""), row.cells.get("right", "")
                problem = row.problem or (None if left and right else "left or right is empty")
                if problem:
                    rejected += 1
                    writer.write({**cells, "reason": f"row {row.number}: {problem}"})
                    continue
                schema, warning = read_schema(row.cells.get("schema") or None, "schema")
                found = compare_names(left, right, schema)
                alerts += found.alert
                alert: Any = found.alert if writer.format == "jsonl" else str(found.alert).lower()
                result = {"score": found.score, "band": found.band.value, "alert": alert}
                writer.write({**cells, **result, **({"reason": warning} if warning else {})})
                if progress:
                    progress(rows)
    seconds = time.perf_counter() - started
    return {
        "rows": rows,
        "alerts": alerts,
        "rejected": rejected,
        "seconds": round(seconds, 3),
        "rows_per_second": round(rows / seconds, 1) if seconds else None,
        "default_threshold": DEFAULT_THRESHOLD,
        "engine": ENGINE,
    }
