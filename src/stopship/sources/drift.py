"""A layout that has changed: refused, with the names of what is new, missing or doubled."""

from __future__ import annotations

from collections.abc import Iterable

from stopship.errors import SourceDrift

MOST_NAMES = 5
"""Names of a kind that are said; how many more there are is said after them."""
HINT = "Update Stopship, or report the change; nothing was imported"


def layout_changed(what: str, where: str, hint: str = HINT) -> SourceDrift:
    """The refusal; `what` says what is new or missing."""
    return SourceDrift(f"the layout has changed: {what}", where=where, hint=hint)


def columns_changed(
    where: str,
    *,
    new: Iterable[str] = (),
    missing: Iterable[str] = (),
    doubled: Iterable[str] = (),
    of: str = "column",
    hint: str = HINT,
) -> SourceDrift | None:
    """The refusal of columns that are not those of the layout; None where there are none."""
    kinds = (("new", new), ("missing", missing), ("doubled", doubled))
    said = [f"{kind} {of} {names}" for kind, found in kinds if (names := quoted(found))]
    return layout_changed("; ".join(said), where, hint) if said else None


def quoted(names: Iterable[str]) -> str:
    """Up to `MOST_NAMES` names in quotes, each once and cut, and how many more there are; "" for none."""
    each = list(dict.fromkeys(" ".join(name.split())[:60] for name in names))
    more = f" and {len(each) - MOST_NAMES:,} more" if len(each) > MOST_NAMES else ""
    return ", ".join(map(repr, each[:MOST_NAMES])) + more
