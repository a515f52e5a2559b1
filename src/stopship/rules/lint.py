"""Lints: what must be true of a rulebook beyond being readable. One small class each; `rules lint` runs them
all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from stopship.model.values import Program, country_names
from stopship.rules.claims import CLAIM
from stopship.rules.examples import run_example
from stopship.rules.gaps import GAPS_FILE
from stopship.rules.law import ALL, CCL, ITEM_WORDS
from stopship.rules.outcome import Status
from stopship.rules.rule import AS_LISTED, Per, Rule, Version
from stopship.rules.rulebook import Rulebook
from stopship.rules.selection import read_selection
from stopship.rules.tables import Table


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: which lint says so, of which file, and what."""

    lint: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message} [{self.lint}]"


class Lint(Protocol):
    """A check of the whole rulebook."""

    name: str

    def check(self, rulebook: Rulebook) -> Iterator[Problem]: ...


def lint(rulebook: Rulebook) -> list[Problem]:
    """Run every lint.

    Returns:
        Problems in the order of the lints, then of the files; empty where the rulebook is sound.
    """
    return [problem for check in LINTS for problem in check.check(rulebook)]


def _versions(rulebook: Rulebook) -> Iterator[tuple[Rule, Version]]:
    return ((rule, version) for rule in rulebook.rules for version in rule.versions)


class MissingCitation:
    """A version without a citation."""

    name = "missing-citation"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        for rule, version in _versions(rulebook):
            if not version.cite:
                yield Problem(self.name, rule.path, f"the version from {_since(version)} cites nothing")


class MissingUrl:
    """A citation without an address that a reader can open."""

    name = "missing-url"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        for rule, version in _versions(rulebook):
            for citation in version.cite:
                if not re.match(r"https://[\w.-]+/", citation.url):
                    yield Problem(self.name, rule.path, f"{citation.text!r} has no https address")


class OverlapInForce:
    """Two versions in force on the same day."""

    name = "overlap-in-force"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        for rule in rulebook.rules:
            for earlier, later in zip(rule.versions, rule.versions[1:], strict=False):
                if earlier.ends is None or later.begins is None or later.begins < earlier.ends:
                    yield Problem(
                        self.name, rule.path, f"the version from {_since(later)} overlaps the one before"
                    )


class HoleInForce:
    """Days between two versions on which none is in force."""

    name = "hole-in-force"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        for rule in rulebook.rules:
            for earlier, later in zip(rule.versions, rule.versions[1:], strict=False):
                if earlier.ends is not None and later.begins is not None and earlier.ends < later.begins:
                    yield Problem(self.name, rule.path, f"no version from {earlier.ends} to {later.begins}")


class UnverifiedNotMarked:
    """A version that was never compared with a primary text and yet claims to be in force."""

    name = "unverified-not-marked"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        for rule, version in _versions(rulebook):
            if version.verified_on is None and version.status is Status.IN_FORCE:
                yield Problem(self.name, rule.path, f"the version from {_since(version)} has no verified_on")


class Dates:
    """Effective, published and verified are three dates, and they must be possible together."""

    name = "dates"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        for rule, version in _versions(rulebook):
            if version.published and version.verified_on and version.verified_on < version.published:
                yield Problem(self.name, rule.path, "verified before it was published")


class TooFewExamples:
    """Fewer than two examples, or none that fires, or no near miss."""

    name = "too-few-examples"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        for rule in rulebook.rules:
            if not any(example.fires for example in rule.examples):
                yield Problem(self.name, rule.path, "no example in which the rule fires")
            if all(example.fires for example in rule.examples):
                yield Problem(self.name, rule.path, "no near miss: an example with `fires: no`")


class ExampleFails:
    """An example that doesn't come out as it says."""

    name = "example-fails"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        for rule in rulebook.rules:
            for example in rule.examples:
                result = run_example(rulebook, rule, example)
                if not result.passed:
                    yield Problem(self.name, rule.path, f"{example.name}: {result.problem}")


class OverridesContradict:
    """Rules that replace each other, or name a rule that isn't there."""

    name = "overrides-contradict"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        for rule, version in _versions(rulebook):
            for other in version.overrides:
                target = rulebook.by_id.get(other)
                if target is None:
                    yield Problem(self.name, rule.path, f"overrides {other}, which doesn't exist")
                elif rule.id in _all_overridden(rulebook, other, frozenset()):
                    yield Problem(self.name, rule.path, f"and {other} override each other")
            for other in version.inherits:
                if other not in rulebook.by_id:
                    yield Problem(self.name, rule.path, f"inherits {other}, which doesn't exist")


class ExceptionsContradict:
    """Two rules that replace the same rule on the same day, under the same conditions, with different outcomes."""

    name = "exceptions-contradict"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        entries = [(r, v) for r, v in _versions(rulebook) if v.overrides]
        for number, (rule, version) in enumerate(entries):
            for other_rule, other in entries[number + 1 :]:
                same = set(version.overrides) & set(other.overrides)
                if (
                    same
                    and version.when == other.when
                    and version.outcome is not other.outcome
                    and _meet(version, other)
                ):
                    yield Problem(
                        self.name, other_rule.path, f"contradicts {rule.id} about {', '.join(sorted(same))}"
                    )


class Unreachable:
    """Conditions that nothing can meet, or a program that no list has."""

    name = "unreachable"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        for rule, version in _versions(rulebook):
            when = version.when
            for program in when.programs:
                if program not in list(Program) and not program.startswith("custom."):
                    yield Problem(self.name, rule.path, f"{program!r} is not a program")
            if when.destinations and set(when.destinations) <= set(when.not_destinations):
                yield Problem(self.name, rule.path, "every destination is excluded again")
            if when.item is not None and rule.per not in (Per.ITEM, Per.MATCH_ITEM):
                yield Problem(self.name, rule.path, f"conditions on an item, but the rule is asked per {rule.per}")
            on_match = when.programs or when.tags or when.roles or when.other_programs
            if on_match and rule.per in (Per.ITEM, Per.ORDER):
                yield Problem(self.name, rule.path, f"conditions on a match, but the rule is asked per {rule.per}")
            if version.as_listed and rule.per is not Per.MATCH_ITEM:
                yield Problem(self.name, rule.path, f"review_policy {AS_LISTED} needs per: match_item")


class TablesSound:
    """Tables that can't be read, readings that no longer rest on what is printed, groups that no table knows."""

    name = "tables"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        tables = rulebook.law.tables
        for table in tables.all():
            yield from (Problem(self.name, table.name, said) for said in _unreadable(table))
        if not rulebook.law.is_held:
            for rule, version in _versions(rulebook):
                if version.when.controls or version.when.destination_groups or version.when.not_destination_groups:
                    yield Problem(self.name, rule.path, "reads tables that this rulebook doesn't have")
            return
        law = rulebook.law.on(max(day for name in ALL for day in tables.days(name)))
        yield from (Problem(self.name, "country-chart-readings", said) for said in law.chart.problems())
        if all(name in tables for name in ITEM_WORDS):
            day = max(d for name in (*ALL, *ITEM_WORDS) for d in tables.days(name))
            letters = {r["eccn"]: tuple(r["paragraphs"].split()) for r in tables.on(CCL[0], day).table.records()}
            said_of_words = rulebook.law.item_search(day).terms.problems(letters)
            yield from (Problem(self.name, ITEM_WORDS[0], said) for said in said_of_words)
        claimed = rulebook.facts.kinds.get(CLAIM)
        if claimed is not None and set(claimed.choices) != set(law.exceptions.titles):
            yield Problem(self.name, "facts.yml", f"{CLAIM} has other choices than the catalogue of exceptions")
        for rule, version in _versions(rulebook):
            for place in (*version.when.destination_groups, *version.when.not_destination_groups):
                if place not in law.chart.groups.names and place not in country_names():
                    yield Problem(self.name, rule.path, f"{place} is no Country Group and no country")


def _unreadable(table: Table) -> Iterator[str]:
    """Selections of a table that can't be read."""
    for record in table.records():
        for column in ("paragraphs", "reach", "destinations"):
            if table.name == "us/ear/ccl-entries" or column not in record:
                continue
            try:
                if not read_selection(record[column]) and table.name == "us/ear/ccl-requirements":
                    yield f"{table.begins}: {record['eccn']} has a requirement without {column}"
            except ValueError as error:
                yield f"{table.begins}: {error}"


class IdAndPath:
    """Paths that don't make a good id: lower-case words, digits and hyphens; or a title that stands twice."""

    name = "id-and-path"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        titles: dict[str, str] = {}
        for rule in rulebook.rules:
            if not re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)+\.yml", rule.path):
                yield Problem(self.name, rule.path, "a path is lower-case words with hyphens, in a folder, .yml")
            if rule.title in titles:
                yield Problem(self.name, rule.path, f"has the title of {titles[rule.title]}")
            titles[rule.title] = rule.id


class GapsSound:
    """Law that isn't covered, without an address to read it at, or under the id of a rule."""

    name = "not-covered"

    def check(self, rulebook: Rulebook) -> Iterator[Problem]:
        for gap in rulebook.gaps:
            if gap.id in rulebook.by_id:
                yield Problem(self.name, GAPS_FILE, f"{gap.id} is a rule")
            if not re.fullmatch(r"[a-z]+(\.[a-z0-9-]+)+", gap.id):
                yield Problem(self.name, GAPS_FILE, f"{gap.id} is no id: a regime, then words with hyphens")
            if not gap.cite or any(not cite.url.startswith(("https://", "http://")) for cite in gap.cite):
                yield Problem(self.name, GAPS_FILE, f"{gap.id} says nowhere to read it")


def _since(version: Version) -> str:
    return version.begins.isoformat() if version.begins else "the beginning"


def _meet(one: Version, other: Version) -> bool:
    return (one.ends is None or other.begins is None or other.begins < one.ends) and (
        other.ends is None or one.begins is None or one.begins < other.ends
    )


def _all_overridden(rulebook: Rulebook, rule_id: str, seen: frozenset[str]) -> frozenset[str]:
    rule = rulebook.by_id.get(rule_id)
    if rule is None or rule_id in seen:
        return seen
    seen |= {rule_id}
    for version in rule.versions:
        for other in version.overrides:
            seen = _all_overridden(rulebook, other, seen) | {other}
    return seen


LINTS: tuple[Lint, ...] = (
    MissingCitation(),
    MissingUrl(),
    OverlapInForce(),
    HoleInForce(),
    UnverifiedNotMarked(),
    Dates(),
    TooFewExamples(),
    ExampleFails(),
    OverridesContradict(),
    ExceptionsContradict(),
    Unreachable(),
    TablesSound(),
    IdAndPath(),
    GapsSound(),
)
