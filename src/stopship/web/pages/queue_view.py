"""Which cases of the queue are asked for, in what order: read from an address, and written into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from stopship.cases import State, Wanted
from stopship.cases.queue import SORTS
from stopship.errors import SettingsError

MINE = "me"
SEVERAL = ("state", "band", "program", "priority", "origin", "disposition", "who")
"""What an address may have several values of: they are alternatives."""
DAYS = ("opened", "due", "closed")
BOUNDS = tuple(f"{what}_{end}" for what in DAYS for end in ("from", "before"))
"""Days in UTC, from one to before another: what charts lead to."""
SINGLE = ("q", "entity", "overdue", "sort", *BOUNDS)
FIELDS = (*SEVERAL, *SINGLE)
"""What an address of the queue, or of a case opened from it, may ask for. Cursors are `after` and `before`."""
LIVE = (State.OPEN.value, State.ESCALATED.value, State.PROPOSED.value)
"""States that are meant where an address names none: there is something to do."""
MOST_VALUES = 100


@dataclass(frozen=True, slots=True)
class QueueView:
    """One view of the queue: what a person asked for, by the names in the address."""

    asked: Mapping[str, str]
    several: Mapping[str, tuple[str, ...]]

    @property
    def sort(self) -> str:
        """Its order, a known one."""
        return self.asked["sort"] if self.asked["sort"] in SORTS else "due"

    @property
    def states(self) -> tuple[str, ...]:
        """The states that are meant."""
        return self.several["state"] or (() if self.several["disposition"] else LIVE)

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for but an order."""
        return any(self.several.values()) or any(self.asked[name] for name in SINGLE if name != "sort")

    def wanted(self, me: str) -> Wanted:
        """The cases that are meant.

        Args:
            me: who asks, as records name them.

        Raises:
            SettingsError: a value that no case can have.
        """
        days: Any = {what: (self._day(f"{what}_from"), self._day(f"{what}_before")) for what in DAYS}
        return Wanted(
            states=self.states,
            dispositions=self.several["disposition"],
            assignees=tuple({MINE: me}.get(who, who) for who in self.several["who"]),
            priorities=self.several["priority"],
            bands=self.several["band"],
            programs=self.several["program"],
            origins=self.several["origin"],
            overdue=bool(self.asked["overdue"]),
            text=self.asked["q"],
            entity=self.asked["entity"],
            **days,
        )

    def pairs(self) -> Iterator[tuple[str, str]]:
        """What is asked for, as a form would send it."""
        for name in SEVERAL:
            for value in self.several[name]:
                yield name, value
        for name in SINGLE:
            if self.asked[name]:
                yield name, self.asked[name]

    def _day(self, name: str) -> date | None:
        text = self.asked[name]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise SettingsError(f"{text[:20]!r} is no day", where=name, hint="Write it as 2026-11-26") from None

    def query(self, **more: str) -> str:
        """What stands behind the path of an address of this view: empty, or `?` and what is asked for. What is
        given stands instead of what the view has of it."""
        return _query([*(pair for pair in self.pairs() if pair[0] not in more), *more.items()])

    def without(self, name: str, value: str = "") -> str:
        """As `query`, of this view without one value of a name, or without all of it."""
        return _query([pair for pair in self.pairs() if pair[0] != name or (value and pair[1] != value)])


def queue_view(parameters: QueryParams) -> QueueView:
    """The view that the parameters of an address ask for; others than `FIELDS` are left out."""
    several = {}
    for name in SEVERAL:
        values = (value.strip() for value in parameters.getlist(name))
        several[name] = tuple(dict.fromkeys(value for value in values if value))[:MOST_VALUES]
    if set(several["state"]) == set(LIVE):
        several["state"] = ()  # what is meant anyway
    return QueueView({name: parameters.get(name, "").strip() for name in SINGLE}, several)


def _query(pairs: list[tuple[str, str]]) -> str:
    kept = [(name, value) for name, value in pairs if value]
    return "?" + urlencode(kept) if kept else ""
