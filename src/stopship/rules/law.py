"""The dated tables of a rulebook as the rules use them, chosen for a day."""

from __future__ import annotations

from datetime import date
from functools import partial

from stopship.rules.ccl import CommerceControlList
from stopship.rules.controls import Controls
from stopship.rules.country_chart import CountryChart
from stopship.rules.tables import Table, Tables

CCL = ("us/ear/ccl-entries", "us/ear/ccl-requirements", "us/ear/ccl-exceptions", "us/ear/ccl-text")
CHART = (
    "us/ear/country-chart",
    "us/ear/country-chart-footnotes",
    "us/ear/country-chart-territories",
    "us/ear/country-chart-readings",
    "us/ear/country-groups",
)


class Law:
    """Tables for a day. What was made for one day is kept for every other day on which the same versions hold."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._ccls: dict[tuple[object, ...], CommerceControlList] = {}
        self._charts: dict[tuple[object, ...], CountryChart] = {}
        self._controls: dict[tuple[object, ...], Controls] = {}

    @property
    def has_controls(self) -> bool:
        """Whether this rulebook has the Commerce Control List and the Country Chart at all."""
        return all(name in self.tables for name in (*CCL, *CHART))

    def ccl(self, day: date) -> CommerceControlList:
        """The Commerce Control List that holds on a day.

        Raises:
            RulebookError: the rulebook has no such table, or it is malformed.
        """
        entries, requirements, exceptions = (self.tables.on(name, day) for name in CCL[:3])
        confirmed = entries.confirmed and requirements.confirmed and exceptions.confirmed
        key = (entries.table.begins, requirements.table.begins, exceptions.table.begins, confirmed)
        if key not in self._ccls:
            self._ccls[key] = CommerceControlList(
                entries.table,
                requirements.table,
                exceptions.table,
                partial(self._table, CCL[3], day),
                confirmed=confirmed,
            )
        return self._ccls[key]

    def chart(self, day: date) -> CountryChart:
        """The Commerce Country Chart, with the Country Groups, that holds on a day."""
        tables = [self.tables.on(name, day).table for name in CHART]
        key = tuple(table.begins for table in tables)
        if key not in self._charts:
            self._charts[key] = CountryChart(*tables)
        return self._charts[key]

    def controls(self, day: date) -> Controls:
        """Both, joined."""
        ccl, chart = self.ccl(day), self.chart(day)
        confirmed = ccl.confirmed and all(self.tables.on(name, day).confirmed for name in CHART)
        key = (id(ccl), id(chart), confirmed)
        if key not in self._controls:
            self._controls[key] = Controls(ccl, chart, confirmed=confirmed)
        return self._controls[key]

    def _table(self, name: str, day: date) -> Table:
        return self.tables.on(name, day).table
