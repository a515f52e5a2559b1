"""The dated tables of a rulebook as the rules use them, chosen for a day."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from stopship.rules.ccl import CommerceControlList
from stopship.rules.controls import Controls
from stopship.rules.country_chart import CountryChart
from stopship.rules.license_exceptions import LicenseExceptions
from stopship.rules.tables import Chosen, Tables

if TYPE_CHECKING:
    from stopship.rules.item_search import ItemSearch

CCL = ("us/ear/ccl-entries", "us/ear/ccl-requirements", "us/ear/ccl-exceptions", "us/ear/ccl-text")
CHART = (
    "us/ear/country-chart",
    "us/ear/country-chart-footnotes",
    "us/ear/country-chart-territories",
    "us/ear/country-chart-readings",
    "us/ear/country-groups",
)
EXCEPTIONS = ("us/ear/license-exceptions", "us/ear/license-exception-limits", "us/ear/license-exception-bars")
ALL = (*CCL, *CHART, *EXCEPTIONS)
ITEM_WORDS = ("us/ear/item-words", "us/ear/item-notes")
"""Not law: words to search by. No decision reads them."""

_Key = tuple[tuple[str, date, bool], ...]


class Law:
    """The tables of a rulebook; what was made for one day serves every day on which the same versions hold."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._by_versions: dict[_Key, LawOfDay] = {}
        self._by_day: dict[date, LawOfDay] = {}
        self._searches: dict[tuple[date, ...], ItemSearch] = {}

    @cached_property
    def is_held(self) -> bool:
        """Whether this rulebook has the tables of the Export Administration Regulations at all."""
        return all(name in self.tables for name in ALL)

    def on(self, day: date) -> LawOfDay:
        """The tables for a day. None is parsed before it is asked for.

        Raises:
            RulebookError: the rulebook doesn't have them (see `is_held`), or one is malformed.
        """
        if day not in self._by_day:
            chosen = {name: self.tables.on(name, day) for name in ALL}
            key = tuple((name, found.begins, found.confirmed) for name, found in chosen.items())
            if len(self._by_day) > 10_000:
                self._by_day.clear()
            self._by_day[day] = self._by_versions.setdefault(key, LawOfDay(chosen))
        return self._by_day[day]

    def ccl(self, day: date) -> CommerceControlList:
        """The Commerce Control List that holds on a day."""
        return self.on(day).ccl

    def item_search(self, day: date) -> ItemSearch:
        """The search for entries to read, over the list and the words of the trade of a day.

        Raises:
            RulebookError: the rulebook doesn't have these tables, or one is malformed.
        """
        from stopship.rules.item_search import ItemSearch
        from stopship.rules.item_terms import ItemTerms

        terms, notes = (self.tables.on(name, day) for name in ITEM_WORDS)
        law = self.on(day)
        key = (*(self.tables.on(name, day).begins for name in CCL), terms.begins, notes.begins)
        if key not in self._searches:
            self._searches[key] = ItemSearch(law.ccl, ItemTerms(terms.table, notes.table))
        return self._searches[key]


class LawOfDay:
    """The tables that hold on a day.

    Attributes:
        confirmed: whether all of them are known to hold on it; False before the earliest ones.
        begins: the day from which all of these versions hold.
    """

    def __init__(self, chosen: dict[str, Chosen]) -> None:
        self._chosen = chosen
        self.confirmed = all(found.confirmed for found in chosen.values())
        self.begins = max(found.begins for found in chosen.values())

    @cached_property
    def ccl(self) -> CommerceControlList:
        """The Commerce Control List (Supplement No. 1 to 15 CFR Part 774)."""
        entries, requirements, exceptions = (self._chosen[name].table for name in CCL[:3])
        return CommerceControlList(entries, requirements, exceptions, lambda: self._chosen[CCL[3]].table)

    @cached_property
    def chart(self) -> CountryChart:
        """The Country Chart (Supplement No. 1 to Part 738) with the Country Groups (to Part 740)."""
        return CountryChart(*(self._chosen[name].table for name in CHART))

    @cached_property
    def controls(self) -> Controls:
        """Both, joined."""
        return Controls(self.ccl, self.chart)

    @cached_property
    def exceptions(self) -> LicenseExceptions:
        """License exceptions and what bars them (Part 740)."""
        return LicenseExceptions(*(self._chosen[name].table for name in EXCEPTIONS))
