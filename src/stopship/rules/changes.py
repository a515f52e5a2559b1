"""The rulebook over time: as it stood on a day, and what began and ended between two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from stopship.rules.rule import Rule, Version
from stopship.rules.rulebook import Rulebook

BEGINS, ENDS, REPLACED = "begins", "ends", "is replaced"


@dataclass(frozen=True, slots=True)
class Change:
    """A version that begins or ends on a day.

    Attributes:
        what: `begins` where the rule had none before, `ends` where none follows, else `is replaced`.
        version: the one that counts from the day on, or, where the rule ends, the last one.
    """

    day: date
    rule: str
    title: str
    what: str
    version: Version

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "day": self.day.isoformat(),
            "rule": self.rule,
            "title": self.title,
            "what": self.what,
            "outcome": self.version.outcome.value,
            "status": self.version.status.value,
            "citations": [{"text": c.text, "url": c.url} for c in self.version.cite],
        }

    def __str__(self) -> str:
        cited = ", ".join(c.text for c in self.version.cite)
        now = "" if self.what == ENDS else f": {self.version.outcome}, {self.version.status}"
        return f"{self.day} {self.rule} {self.what}{now} ({cited})"


def changes(book: Rulebook, *, since: date, until: date) -> list[Change]:
    """What changed after a day, up to and with another, in the order of days and ids."""
    found = [change for rule in book.rules for change in _of(rule) if since < change.day <= until]
    return sorted(found, key=lambda change: (change.day, change.rule))


def _of(rule: Rule) -> Iterator[Change]:
    for number, version in enumerate(rule.versions):
        before = rule.versions[number - 1] if number else None
        after = rule.versions[number + 1] if number + 1 < len(rule.versions) else None
        if version.begins is not None:
            follows = before is not None and before.ends == version.begins
            yield Change(version.begins, rule.id, rule.title, REPLACED if follows else BEGINS, version)
        if version.ends is not None and (after is None or after.begins != version.ends):
            yield Change(version.ends, rule.id, rule.title, ENDS, version)


def on_day(book: Rulebook, day: date) -> Rulebook:
    """The rules in force on a day, each with the version of that day alone; the rulebook's version stays."""
    dated = ((rule, rule.version_on(day)) for rule in book.rules)
    rules = tuple(replace(rule, versions=(version,)) for rule, version in dated if version is not None)
    return Rulebook(rules, book.facts, book.version, book.law, book.gaps)
