"""Which cases of the queue are asked for, in what order: read from an address, and written into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from stopship.cases import Wanted
from stopship.cases.queue import NOBODY, SORTS
from stopship.errors import SettingsError

MINE = "me"
DAYS = ("opened", "due", "closed")
FIELDS = ("state", "band", "program", "who", "q", "overdue", "sort")
"""What an address of the queue, or of a case opened from it, may ask for. The cursor of a page is `after`."""
FROM_CHARTS = ("live", "disposition", *(f"{what}_{end}" for what in DAYS for end in ("from", "before")))
"""The same, what only charts lead to: cases that aren't closed, how they were closed, and days in UTC, from one to
before another."""


@dataclass(frozen=True, slots=True)
class QueueView:
    """One view of the queue: what a person asked for, by the names in the address."""

    asked: Mapping[str, str]

    @property
    def sort(self) -> str:
        """Its order, a known one."""
        return self.asked["sort"] if self.asked["sort"] in SORTS else "due"

    def wanted(self, me: str) -> Wanted:
        """The cases that are meant.

        Args:
            me: who asks, as records name them.

        Raises:
            SettingsError: a value that no case can have.
        """
        who = self.asked["who"]
        assignee = {"": (), MINE: (me,), NOBODY: (NOBODY,)}.get(who, (who,))
        wanted = Wanted(assignees=assignee, text=self.asked["q"], overdue=bool(self.asked["overdue"]))
        for name, field in (("state", "states"), ("band", "bands"), ("program", "programs")):
            if value := self.asked[name]:
                values: Any = {field: (value,)}
                wanted = replace(wanted, **values)
        days: Any = {what: (self._day(f"{what}_from"), self._day(f"{what}_before")) for what in DAYS}
        how = (self.asked["disposition"],) if self.asked["disposition"] else ()
        return replace(wanted, live=bool(self.asked["live"]), dispositions=how, **days)

    def _day(self, name: str) -> date | None:
        text = self.asked[name]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise SettingsError(f"{text[:20]!r} is no day", where=name, hint="Write it as 2026-11-26") from None

    @property
    def from_charts(self) -> Mapping[str, str]:
        """What is asked for that the form of the queue has no field for."""
        return {name: self.asked[name] for name in FROM_CHARTS if self.asked[name]}

    def query(self, **more: str) -> str:
        """What stands behind the path of an address of this view: empty, or `?` and what is asked for."""
        pairs = [(name, value) for name, value in {**self.asked, **more}.items() if value]
        return "?" + urlencode(pairs) if pairs else ""


def queue_view(parameters: QueryParams) -> QueueView:
    """The view that the parameters of an address ask for; others than these are left out."""
    return QueueView({name: parameters.get(name, "").strip() for name in (*FIELDS, *FROM_CHARTS)})
