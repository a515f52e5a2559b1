"""How old each list is at the date of a decision, and what its age does to the answer.

Age counts from the publication date, else the retrieval date; a date before it is age 0. Beyond its limit a list
still matches, but can't carry a `clear`. A snapshot that is younger than the date of the decision stands in for an
older one, cut by the listings' own dates, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stopship.matching import IndexedList
from stopship.model.listing import Listing


@dataclass(frozen=True, slots=True)
class ListState:
    """One consulted list, as seen from the date of the decision."""

    listed: IndexedList
    as_of: date

    @property
    def dated(self) -> date | None:
        """The day from which age counts."""
        return self.listed.published or self.listed.retrieved

    @property
    def age_days(self) -> int:
        return max(0, (self.as_of - self.dated).days) if self.dated else 0

    @property
    def stale(self) -> bool:
        return self.listed.limit_days is not None and self.age_days > self.listed.limit_days

    @property
    def basis(self) -> str:
        """`listing_dates` where the snapshot is younger than the decision's date, else `snapshot`."""
        return "listing_dates" if self.dated is not None and self.dated > self.as_of else "snapshot"

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values, as decisions record it."""
        plain = {
            "source": self.listed.source,
            "snapshot": self.listed.snapshot,
            "published": self.listed.published.isoformat() if self.listed.published else None,
            "retrieved": self.listed.retrieved.isoformat() if self.listed.retrieved else None,
            "age_days": self.age_days,
            "stale": self.stale,
            "basis": self.basis,
            "entries": self.listed.entries,
        }
        return {**plain, "pinned": True} if self.listed.pinned else plain

    def warnings(self) -> list[str]:
        """What a reader must know about this list before trusting the answer."""
        found = []
        if self.listed.pinned:
            found.append(
                f"list {self.listed.source}: the snapshot of {self.dated} is pinned by a person; what was "
                "published since is not used"
            )
        if self.basis == "listing_dates":
            found.append(
                f"list {self.listed.source}: no snapshot as old as {self.as_of} is held; the one of {self.dated} "
                "was cut by each listing's own dates, so listings removed since are not in it"
            )
        if self.stale:
            found.append(
                f"list {self.listed.source}: {self.age_days} days old, "
                f"beyond its limit of {self.listed.limit_days}"
            )
        return found


def list_ages(lists: Sequence[IndexedList], as_of: date) -> list[dict[str, Any]]:
    """How old each consulted list is, as plain values: `source, snapshot, dated, age_days, limit_days, stale`."""
    return [
        {
            "source": state.listed.source,
            "snapshot": state.listed.snapshot,
            "dated": state.dated.isoformat() if state.dated else None,
            "age_days": state.age_days,
            "limit_days": state.listed.limit_days,
            "stale": state.stale,
        }
        for state in (ListState(listed, as_of) for listed in lists)
    ]


def stale_line(lists: Sequence[IndexedList], as_of: date) -> str | None:
    """What must be said before an answer that rests on lists beyond their age limit; None where none is. The
    starter list is left out: it is old by nature, and is named where it is used."""
    stale = [s for s in (ListState(x, as_of) for x in lists) if s.stale and s.listed.kind != "starter"]
    if not stale:
        return None
    named = ", ".join(f"{s.listed.source} ({s.age_days} days old, limit {s.listed.limit_days})" for s in stale)
    return f"beyond the age limit: {named}; who was listed since is not found. Run: stopship lists update"


def in_force(listing: Listing, as_of: date) -> bool:
    """Whether a listing counts on a date. One without a start date counts on every date; one whose printed end
    has passed still counts, because it is still published: rules make a `review` of it."""
    return listing.start is None or listing.start <= as_of


def clear_is_barred(states: Sequence[ListState], *, allow_stale: str | None) -> list[str]:
    """Why an order without findings may not be called clear on these lists; empty if it may."""
    if not any(state.listed.kind == "official" or state.listed.kind == "custom" for state in states):
        return ["starter list only: it holds the 28 entities of 84 FR 54002 and is not for real screening"]
    if allow_stale:
        return []
    return [
        f"list {s.listed.source} is {s.age_days} days old, beyond its limit of {s.listed.limit_days} days"
        for s in states
        if s.stale
    ]
