"""Which rules are worth asking about an order: those in force on its day that its direction, its destination, its
seller and the program of a listing don't rule out.

An order meets a handful of rules, and a rulebook holds hundreds. What is left out here is what `conditions.holds`
would answer no at once, before any condition that notes an assumption, so that no result depends on the docket.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stopship.model.values import Direction
from stopship.rules.regimes import TERRITORIES
from stopship.rules.rule import Binds, Per, Rule, Version, When

MOST_KEPT = 20_000
"""Answers that are remembered. A day's orders share a few days, destinations and programs."""

Entry = tuple[Rule, Version]


class Docket:
    """Finds the rules of a rulebook that may apply.

    Args:
        rules: of the rulebook, in its order, which is kept.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._on_day: dict[tuple[Per, date], tuple[Entry, ...]] = {}
        self._found: dict[tuple[Per, date, Direction, str | None, str | None, str | None], tuple[Entry, ...]] = {}

    def on(self, per: Per, day: date) -> tuple[Entry, ...]:
        """Rules of one kind with their version in force on a day."""
        key = (per, day)
        if key not in self._on_day:
            if len(self._on_day) >= MOST_KEPT:
                self._on_day.clear()
            dated = ((rule, rule.version_on(day)) for rule in self._rules if rule.per is per)
            self._on_day[key] = tuple((rule, version) for rule, version in dated if version is not None)
        return self._on_day[key]

    def asked(
        self,
        per: Per,
        day: date,
        direction: Direction,
        destination: str | None,
        exporter: str | None,
        program: str | None = None,
    ) -> tuple[Entry, ...]:
        """Rules of one kind to ask about an order, and about a listing under `program` where there is one;
        `exporter` is the seller's country."""
        key = (per, day, direction, destination, exporter, program)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= MOST_KEPT:
                self._found.clear()
            found = self._found[key] = tuple(
                (rule, version)
                for rule, version in self.on(per, day)
                if may_hold(version.when, direction, destination, program)
                and may_bind(version.when, per, exporter)
            )
        return found


def may_hold(when: When, direction: Direction, destination: str | None, program: str | None) -> bool:
    """Whether a version's plainest conditions leave it open that it holds."""
    if when.directions and direction not in when.directions:
        return False
    if when.destinations and destination not in when.destinations:
        return False
    if destination in when.not_destinations:
        return False
    return program is None or not when.programs or program in when.programs


def may_bind(when: When, per: Per, exporter: str | None) -> bool:
    """Whether a rule is told to a seller in this country at all. What a regime says of an item or a place is not
    told to sellers elsewhere, or every sale would be told the law of every country; what a list says is."""
    if (when.exporters and exporter not in when.exporters) or exporter in when.not_exporters:
        return False
    if per not in (Per.ITEM, Per.ORDER):
        return True
    if when.binds is Binds.US:
        return exporter == "US"
    return when.binds not in TERRITORIES or exporter in TERRITORIES[when.binds]
