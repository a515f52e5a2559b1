"""Decides orders on the lists of a home: as of which day, and on which lists."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import TYPE_CHECKING

from stopship.app.indexes import IndexPlace
from stopship.app.workspace import Workspace
from stopship.matching import Index
from stopship.model.transaction import Transaction
from stopship.ownership import OwnershipGraph
from stopship.screening import Decision, Judgement, Screener, Settings

if TYPE_CHECKING:
    from stopship.app.casework.screenings import Entries
    from stopship.store import Database

HELD = 3
"""Indexes that stay open. Orders of one file bear few dates; each date before the last import may mean another."""


class Decider:
    """Decides one order after the other, each as of one day and on the lists as they were then.

    Args:
        workspace: the home.
        as_of: the day for all orders; None takes each order's own date, and the workspace's day where it has none.
        settings: None takes those of the home.
        opening: makes what is entered while an index is opened or built.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        as_of: date | None = None,
        settings: Settings | None = None,
        opening: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.workspace = workspace
        self.as_of = as_of
        self.settings = workspace.settings if settings is None else settings
        self._opening = opening
        self._days: dict[date, tuple[str, ...]] = {}
        self._places: OrderedDict[tuple[str, ...], IndexPlace] = OrderedDict()
        self._screeners: dict[tuple[str, ...], Screener] = {}
        self._graph: OwnershipGraph | None = None
        self._stakes_open = False
        self._database: Database | None = None
        self._entries: tuple[Index, Entries] | None = None

    def day_of(self, transaction: Transaction) -> date:
        """The day as of which an order is decided."""
        return self.as_of or transaction.date or self.workspace.today

    def decide(
        self, transaction: Transaction, *, as_of: date | None = None, settings: Settings | None = None
    ) -> Decision:
        """The decision on one order; `as_of` and `settings` for this one alone.

        Raises:
            OrderError: the order states a fact that no rule knows.
            StateError: the lists or the index of that day, or the ownership data, can't be read.
        """
        day = as_of or self.day_of(transaction)
        place = self.place(day)
        key = self._days[day]
        if key not in self._screeners:
            self._screeners[key] = Screener(place.index, self.workspace.rulebook, self.stakes())
        screener, chosen = self._screeners[key], settings or self.settings
        decision = screener.screen(transaction, as_of=day, settings=chosen)
        # What people decided bears on matches alone: an order without any needs no database.
        if any(finding.match is not None for finding in decision.findings):
            judged = self._judgements(decision, place.index)
            if judged:
                return screener.screen(transaction, as_of=day, settings=chosen, judgements=judged)
        return decision

    def _judgements(self, decision: Decision, index: Index) -> tuple[Judgement, ...]:
        """What people have decided about the matches of a decision, where cases are worked in this home."""
        if self._database is None:
            if not self.workspace.has_database():
                return ()
            self._database = self.workspace.database()
            weakref.finalize(self, self._database.close)
        from stopship.app.casework.judgements import judgements_for
        from stopship.app.casework.screenings import Entries

        if self._entries is None or self._entries[0] is not index:
            self._entries = (index, Entries(index))
        return judgements_for(
            self._database, decision, self._entries[1], self.stakes(), today=self.workspace.today
        )

    def stakes(self) -> OwnershipGraph | None:
        """The ownership data that were in use when the first order was decided."""
        if not self._stakes_open:
            self._graph = self.workspace.ownership.graph()
            self._stakes_open = True
        return self._graph

    def place(self, day: date) -> IndexPlace:
        """The index of the lists as they were on a day; days with the same snapshots share one.

        Raises:
            StateError: the lists or the index of that day can't be read.
        """
        key = self._days.get(day)
        if key is None or key not in self._places:
            with self._opening():
                key = self._days[day] = tuple(s.id for s in self.workspace.snapshots(day))
                if key not in self._places:
                    self._places[key] = self.workspace.index_place(day)
        self._places.move_to_end(key)
        while len(self._places) > HELD:
            dropped, _place = self._places.popitem(last=False)
            self._screeners.pop(dropped, None)
        return self._places[key]
