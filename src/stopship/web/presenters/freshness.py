"""How old each list is beside the age from which it no longer counts as current: table and chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 340
STATES = ("current", "soon", "stale", "unlimited")
SOON = 0.75


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list. `state`: current, soon (three quarters of its limit have passed), stale, unlimited."""

    source: str
    title: str
    publisher: str
    url: str
    dated: str
    dated_by: str
    age_days: int
    limit_days: int | None
    state: str
    entries: int
    rejected: int
    pinned: bool
    newest: str
    snapshot: str
    starter: bool
    length: float
    limit_at: float | None

    @property
    def short_snapshot(self) -> str:
        return self.snapshot.removeprefix("sha256:")[:12]


@dataclass(frozen=True, slots=True)
class Freshness:
    """All lists; the drawing of each is a bar of its age, `width` at most, with a line at its limit."""

    rows: tuple[ListRow, ...]
    width: int = WIDTH

    @property
    def stale(self) -> tuple[ListRow, ...]:
        return tuple(row for row in self.rows if row.state == "stale" and not row.starter)

    @property
    def starter_only(self) -> bool:
        """Whether nothing but the bundled example list is here."""
        return bool(self.rows) and all(row.starter for row in self.rows)


def freshness(lists: Sequence[Mapping[str, Any]]) -> Freshness:
    """Rows and drawing of what `stopship lists status --json` says of the lists."""
    most = max([1, *(max(state["age_days"], state["limit_days"] or 0) for state in lists)])
    rows = []
    for state in lists:
        limit = state["limit_days"]
        rows.append(
            ListRow(
                source=state["source"],
                title=state["title"],
                publisher=state["publisher"],
                url=state["url"] or "",
                dated=state["published"] or state["retrieved"] or "",
                dated_by="published" if state["published"] else "retrieved",
                age_days=state["age_days"],
                limit_days=limit,
                state=_state(state),
                entries=state["entries"],
                rejected=state["rejected"],
                pinned=bool(state["pinned"]),
                newest=state["newest"] or "",
                snapshot=state["snapshot"],
                starter=state["source"] == "starter",
                length=round(max(2.0, state["age_days"] / most * WIDTH), 1),
                limit_at=None if limit is None else round(limit / most * WIDTH - 1, 1),
            )
        )
    return Freshness(tuple(rows))


def _state(state: Mapping[str, Any]) -> str:
    if state["stale"]:
        return "stale"
    if state["limit_days"] is None:
        return "unlimited"
    return "soon" if state["age_days"] > SOON * state["limit_days"] else "current"
