"""Cases after lists have changed, and suppressions whose day has come: what an update or a nightly run does."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stopship.app.casework.desk import case_work
from stopship.app.casework.screenings import Entries
from stopship.app.workspace import Workspace
from stopship.cases.following import follow_lists


@dataclass(frozen=True, slots=True)
class Followed:
    """Numbers of cases that must be judged again, of suppressions that no longer hold as they were, and of those
    whose day has come."""

    cases: tuple[int, ...] = ()
    void: tuple[int, ...] = ()
    expired: tuple[int, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {"cases": list(self.cases), "void": list(self.void), "expired": list(self.expired)}


def follow(workspace: Workspace, *, now: datetime) -> Followed:
    """Hold cases and suppressions against the lists and the day; nothing where no database is."""
    if not workspace.has_database():
        return Followed()
    entries = Entries(workspace.index(workspace.today))
    with closing(workspace.database()) as database:
        work = case_work(workspace, database, now=now)
        expired = work.suppressions.sweep(now=now)
        cases, void = follow_lists(work.desk, entries.find, now=now)
    return Followed(cases, void, expired)
