"""What a file must look like before it may replace the list in use.

A download can be well formed and still be wrong: half a list, the list of something else, an empty result of a
server in trouble. Each check names the figure and the bound.
"""

from __future__ import annotations

from stopship.errors import ListFileError
from stopship.sources.contract import ParsedList, SourceInfo

MAX_SHRINK = 0.20
"""Share of rows that may vanish between two imports without a question."""
MAX_REJECTED = 0.05
"""Share of rows that may be unreadable without a question."""

_ACCEPT = "If the file is right all the same, import it with --accept"


def check_expectations(
    parsed: ParsedList,
    info: SourceInfo,
    previous_loaded: int | None = None,
    accept: bool = False,
) -> tuple[str, ...]:
    """Refuse a list that can't be right.

    Args:
        parsed: what was read.
        info: the source's catalogue line, with its row bounds.
        previous_loaded: rows loaded from the list now in use; None if there is none.
        accept: the caller has looked and accepts the list.

    Returns:
        What would have been refused, as sentences, when `accept` is set; else nothing.

    Raises:
        ListFileError: the number of rows is out of bounds or not the one that the file states, the list shrank by
            more than 20%, more than 5% of its rows are unreadable, a well-known entry is missing, or no row is
            readable (which can't be accepted).
    """
    if parsed.loaded == 0:
        reason = f"; the first: row {parsed.rejects[0].row}, {parsed.rejects[0].reason}" if parsed.rejects else ""
        raise ListFileError(
            f"none of its {parsed.rows:,} rows could be read{reason}",
            where=info.id,
            hint=f"Download the list again from {info.url}" if info.url else None,
        )
    doubts = tuple(_doubts(parsed, info, previous_loaded))
    if doubts and not accept:
        raise ListFileError("; ".join(doubts), where=info.id, hint=_ACCEPT)
    return doubts


def _doubts(parsed: ParsedList, info: SourceInfo, previous_loaded: int | None) -> list[str]:
    doubts = []
    if parsed.rows < info.min_rows:
        doubts.append(f"{parsed.rows:,} rows are fewer than the {info.min_rows:,} that this list has at the least")
    if parsed.rows > info.max_rows:
        doubts.append(f"{parsed.rows:,} rows are more than the {info.max_rows:,} that this list has at the most")
    if parsed.stated_rows is not None and parsed.stated_rows != parsed.rows:
        doubts.append(f"it says that it has {parsed.stated_rows:,} rows, and has {parsed.rows:,}")
    if previous_loaded and parsed.loaded < previous_loaded * (1 - MAX_SHRINK):
        lost = 1 - parsed.loaded / previous_loaded
        doubts.append(f"it shrank by {lost:.0%}, from {previous_loaded:,} rows to {parsed.loaded:,}")
    if len(parsed.rejects) > parsed.rows * MAX_REJECTED:
        share = len(parsed.rejects) / parsed.rows
        first = parsed.rejects[0]
        doubts.append(
            f"{len(parsed.rejects):,} of {parsed.rows:,} rows ({share:.0%}) could not be read; "
            f"the first: row {first.row}, {first.reason}"
        )
    missing = _missing(parsed, info)
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        doubts.append(f"{missing[0]!r}{more}, which this list has had for years, can't be found in it")
    return doubts


def _missing(parsed: ParsedList, info: SourceInfo) -> list[str]:
    wanted = {_folded(name): name for name in info.canaries}
    for entity in parsed.entities if wanted else ():
        for name in entity.names:
            wanted.pop(_folded(name.text), None)
    return list(wanted.values())


def _folded(text: str) -> str:
    """Letters and digits alone: a publisher may change case and commas without the entry being another."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
