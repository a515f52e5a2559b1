"""What a cell of a workbook says as text."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any


def cell_text(cell: Any) -> str:
    """A cell as one reads it: whole numbers without a point, days without a time of day."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
