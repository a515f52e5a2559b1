"""A home whose lists, parties and cases are made up says so by a file in it, and so does what comes out of it."""

from __future__ import annotations

from pathlib import Path

MARKER = "EXAMPLE-DATA.json"
"""Stands in a home with example data. Only such a home may be made anew by `stopship demo`."""
NOTICE = "Example data: made up, or public facts of 9 October 2019. Not for real screening."


def is_example(home: Path) -> bool:
    """Whether a home holds example data only."""
    return (home / MARKER).is_file()


def notice_of(home: Path) -> str | None:
    """What must be said on everything that leaves a home: that it is example data; None of a real one."""
    return NOTICE if is_example(home) else None
