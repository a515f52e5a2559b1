"""License exceptions: what an entry prints of them, what bars them, and what becomes of one that a person claims.

Stopship never finds that an exception is available: each has conditions of its own that a person must read. It
says what the entry prints and which restrictions of 15 CFR 740.2 apply, and it refuses a claim that those rule
out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stopship.rules.ccl import Entry
from stopship.rules.country_chart import CountryChart
from stopship.rules.items import SERIES, eccn_within, in_series
from stopship.rules.selection import ELSE, Term, paragraph_selected, read_selection
from stopship.rules.tables import Table


@dataclass(frozen=True, slots=True)
class Bar:
    """A restriction on all license exceptions, or on those that it names.

    Attributes:
        paragraph: "740.2(a)(5)".
        eccns: entries, paragraphs or series that it is about; empty: any item.
        reasons: reasons for control that it is about.
        destinations: selection of destinations.
        spares: exceptions that it leaves alone; `bars`: the only ones that it bars, if not empty.
        programs: lists; it holds where a party is on one of them.
        text: what it says, for a person.
        verified: whether it was compared with a primary text.
    """

    paragraph: str
    eccns: tuple[str, ...]
    reasons: tuple[str, ...]
    destinations: tuple[Term, ...]
    spares: tuple[str, ...]
    programs: tuple[str, ...]
    bars: tuple[str, ...]
    text: str
    verified: bool

    def concerns(self, symbol: str) -> bool:
        """Whether it rules out an exception."""
        return symbol in self.bars if self.bars else symbol not in self.spares

    @property
    def quoted(self) -> str:
        return f"{self.paragraph}: {self.text}{'' if self.verified else ' (unconfirmed)'}"


@dataclass(frozen=True, slots=True)
class Claimed:
    """The item and destination for which exceptions are looked at."""

    eccn: str
    country: str
    entry: Entry
    programs: frozenset[str]


class LicenseExceptions:
    """The catalogue of Part 740, what limits an exception, and the restrictions of 740.2, on one day."""

    def __init__(self, catalogue: Table, limits: Table, bars: Table) -> None:
        self.titles = {r["symbol"]: (r["section"], r["title"]) for r in catalogue.records()}
        self._limits = {
            r["symbol"]: (read_selection(r["destinations"]), r["printed"] == "yes") for r in limits.records()
        }
        self._evidence: dict[tuple[str, str, frozenset[str]], tuple[str, ...]] = {}
        self.bars = tuple(
            Bar(
                paragraph=r["paragraph"],
                eccns=tuple(r["eccns"].split()),
                reasons=tuple(r["reasons"].split()),
                destinations=read_selection(r["destinations"]),
                spares=tuple(r["spares"].split()),
                programs=tuple(r["programs"].split()),
                bars=tuple(r["bars"].split()),
                text=r["text"],
                verified=r["verified_on"] != "null",
            )
            for r in bars.records()
        )

    def applying(self, about: Claimed, chart: CountryChart) -> tuple[Bar, ...]:
        """Restrictions that apply to an item and a destination, or may: what an order leaves open counts."""
        return tuple(bar for bar in self.bars if self._applies(bar, about, chart))

    def _applies(self, bar: Bar, about: Claimed, chart: CountryChart) -> bool:
        if bar.programs and not about.programs & set(bar.programs):
            return False
        if bar.eccns and not any(_named(name, about.eccn) for name in bar.eccns):
            return False
        if bar.reasons and not any(_controlled(about, reason) for reason in bar.reasons):
            return False
        return chart.reaches(bar.destinations, about.country) is not False

    def evidence(self, about: Claimed, chart: CountryChart) -> tuple[str, ...]:
        """What the entry prints of license exceptions, and the restrictions that apply, for a person to read."""
        key = (about.eccn, about.country, about.programs)
        if key not in self._evidence:
            if len(self._evidence) > 10_000:
                self._evidence.clear()
            self._evidence[key] = tuple(self._quoted(about, chart))
        return self._evidence[key]

    def _quoted(self, about: Claimed, chart: CountryChart) -> Iterator[str]:
        printed = [f'{about.entry.eccn} prints {symbol}: "{text}"' for symbol, text in about.entry.exceptions]
        bars = [f"restriction on license exceptions, {bar.quoted}" for bar in self.applying(about, chart)]
        yield from (*printed, *bars)

    def refused(self, symbol: str, about: Claimed, chart: CountryChart) -> Iterator[str]:
        """Why a claimed exception can't count; nothing where neither the entry nor 740.2 rules it out."""
        destinations, must_be_printed = self._limits.get(symbol, ((), False))
        printed = about.entry.exception(symbol)
        if must_be_printed and printed is None:
            yield f"{about.entry.eccn} doesn't print {symbol}"
        if printed is not None and re.fullmatch(r"\s*N/A\.?\s*", printed):
            yield f'{about.entry.eccn} prints {symbol}: "{printed}"'
        if destinations and chart.reaches(destinations, about.country) is not True:
            groups = " or ".join(term.name for term in destinations)
            yield f"{symbol} is limited to {groups} ({self.titles[symbol][0]}, unconfirmed)"
        # (a)(2) speaks of other prohibitions, which are findings of their own here.
        barring = [bar for bar in self.applying(about, chart) if bar.concerns(symbol) and _limited(bar)]
        yield from (bar.quoted for bar in barring)


def _limited(bar: Bar) -> bool:
    return bool(bar.eccns or bar.reasons or bar.programs) or [t.name for t in bar.destinations] != ["*"]


def _named(name: str, eccn: str) -> bool:
    if name in SERIES:
        return in_series(eccn, (name,))
    return eccn_within(name, eccn) is not False


def _controlled(about: Claimed, reason: str) -> bool:
    """Whether the item is controlled for a reason, or may be."""
    stated = tuple(about.eccn.split(".")[1:])
    paths = [(*path, ELSE) for path in {*about.entry.named, stated} if path[: len(stated)] == stated]
    return any(
        paragraph_selected(control.paragraphs, path) is not False
        for control in about.entry.controls
        if control.reason == reason
        for path in paths
    )
