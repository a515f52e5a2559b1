"""Which cases of the queue are asked for, in what order: read from an address, and written into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from stopship.cases import Wanted
from stopship.cases.queue import NOBODY, SORTS

MINE = "me"
FIELDS = ("state", "band", "program", "who", "q", "overdue", "sort")
"""What an address of the queue, or of a case opened from it, may ask for. The cursor of a page is `after`."""


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
        return wanted

    def query(self, **more: str) -> str:
        """What stands behind the path of an address of this view: empty, or `?` and what is asked for."""
        pairs = [(name, value) for name, value in {**self.asked, **more}.items() if value]
        return "?" + urlencode(pairs) if pairs else ""


def queue_view(parameters: QueryParams) -> QueueView:
    """The view that the parameters of an address ask for; others than `FIELDS` are left out."""
    return QueueView({name: parameters.get(name, "").strip() for name in FIELDS})
