"""Reads the data tables beside this file: tab-separated UTF-8, `#` comments, a SOURCE line first."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `data/<name>` as tuples of cells.

    Raises:
        FileNotFoundError: the package was built without its data.
    """
    text = (resources.files("stopship.names") / "data" / name).read_text("utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#"))


def alternatives(spelling: str) -> tuple[str, ...]:
    """Write out `a/b c` as `a c` and `b c`: every combination of the alternatives of each word."""
    done = [""]
    for word in spelling.split():
        done = [f"{head} {choice}".strip() for head in done for choice in word.split("/")]
    return tuple(done)
