"""Which columns of the queue a reader wants to see, and how many rows.

That is theirs and not the view's: an address that is sent to a colleague shows the same cases, in the columns that
the colleague chose. It is kept in one cookie on their machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stopship.web.asked import whole_number

COOKIE = "stopship_queue"
COLUMNS = ("match", "lists", "why", "score", "state", "due", "assignee", "origin", "opened", "changed")
"""Columns that can be chosen, in their order; the subject is always there."""
USUAL = COLUMNS[:7]
SIZES = (25, 50, 75)
"""Rows of a page: with more it would be larger than 150 KB."""


@dataclass(frozen=True, slots=True)
class QueueLook:
    """Columns in their order, and rows of a page."""

    columns: tuple[str, ...] = USUAL
    size: int = 50

    def to_cookie(self) -> str:
        return f"{self.size}.{'-'.join(self.columns)}"


def read_look(cookie: str | None) -> QueueLook:
    """The look as the cookie has it; the usual one where it is absent or not ours."""
    size, found, columns = (cookie or "").partition(".")
    return chosen_look(columns.split("-"), size) if found else QueueLook()


def chosen_look(columns: Sequence[str], size: str) -> QueueLook:
    """The look that a form or a cookie asks for; what isn't known is left out."""
    kept = tuple(column for column in COLUMNS if column in columns)
    rows = whole_number(size, 4) or 0
    return QueueLook(kept or USUAL, rows if rows in SIZES else QueueLook().size)
