"""Mutation test of the rulebook: is the law that it states held in place by its examples?

    python tools/mutate_rulebook.py [RULE ...]     prints the score and what survived, for all rules or some

One thing at a time is changed in one version of one rule: its outcome, a scope, its status, a date by a day, a
value of a condition, a whole condition, whom it binds, what it replaces; and the threshold of ownership. A mutant
is killed if an example fails: those of the rule and of rules that name it are run first, all others only if these
pass. The score is killed / made. What survives is a statement of the rulebook that could be wrong unnoticed.
Citations, texts and the dates of publication and verification are left alone: no decision depends on them.
"""

from __future__ import annotations

import copy
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Any

from stopship.model.values import Direction
from stopship.rules import Rulebook, ownership
from stopship.rules.docket import Docket, Entry, may_bind, may_hold
from stopship.rules.examples import PreparedExample, prepare, problem_of
from stopship.rules.outcome import Outcome, ReviewPolicy, Scope, Status
from stopship.rules.rule import Binds, FactTest, Per, Rule, Unstated, Version

DAY = timedelta(days=1)
CLOSED = date(2026, 1, 1)
"""Where an interval without an end is closed: before the day that most examples are of."""

_ALWAYS = ("answer", "unstated")


@dataclass(frozen=True)
class Mutant:
    """A rulebook with one change. `rule` is the changed rule's id; `what` says what was changed."""

    rule: str
    what: str
    changed: Rule | None = None
    threshold: float | None = None
    version: int = 0


# -- what is changed ---------------------------------------------------------------------------------------------


def mutants(book: Rulebook) -> Iterator[Mutant]:
    """Every mutant of a rulebook, in the order of its rules."""
    for rule in book.rules:
        for number, version in enumerate(rule.versions):
            since = version.begins.isoformat() if version.begins else "the beginning"
            for what, changed in _versions(version):
                yield Mutant(
                    rule.id, f"{what} [from {since}]", _with_version(rule, number, changed), version=number
                )
            for what, moved in _moved(rule, number):
                yield Mutant(rule.id, f"{what} [from {since}]", moved, version=number)
    for threshold in (ownership.THRESHOLD - 1, ownership.THRESHOLD + 1, ownership.THRESHOLD + 0.01):
        yield Mutant("ownership", f"threshold {threshold:g}", threshold=threshold)


def _with_version(rule: Rule, number: int, version: Version) -> Rule:
    versions = (*rule.versions[:number], version, *rule.versions[number + 1 :])
    return replace(rule, versions=versions)


def _moved(rule: Rule, number: int) -> Iterator[tuple[str, Rule]]:
    """An edge of the interval a day to either side, that of its neighbour with it."""
    version = rule.versions[number]
    if version.begins is not None:
        for step, word in ((DAY, "later"), (-DAY, "earlier")):
            begins = version.begins + step
            moved = _with_version(rule, number, replace(version, begins=begins))
            if number and rule.versions[number - 1].ends == version.begins:
                moved = _with_version(moved, number - 1, replace(rule.versions[number - 1], ends=begins))
            yield f"begins a day {word}", moved
    following = rule.versions[number + 1] if number + 1 < len(rule.versions) else None
    if version.ends is not None and (following is None or following.begins != version.ends):
        for step, word in ((DAY, "later"), (-DAY, "earlier")):
            yield f"ends a day {word}", _with_version(rule, number, replace(version, ends=version.ends + step))
    if version.ends is None and (version.begins is None or version.begins < CLOSED):
        yield f"ends on {CLOSED}", _with_version(rule, number, replace(version, ends=CLOSED))


def _versions(version: Version) -> Iterator[tuple[str, Version]]:
    if not version.inherits:  # else outcome, scope and policy are those of the owner's own rule
        yield from _consequences(version)
    status = Status.IN_FORCE if version.status in (Status.SUSPENDED, Status.INFORMATION) else Status.SUSPENDED
    yield f"status {version.status} -> {status}", replace(version, status=status)
    if version.as_listed:
        yield "review_policy as_listed -> none", replace(version, as_listed=False)
    for number, (fact, begins) in enumerate(version.policy_from):
        for step, word in ((DAY, "later"), (-DAY, "earlier")):
            clauses = list(version.policy_from)
            clauses[number] = (fact, begins + step)
            yield f"policy_from {fact} a day {word}", replace(version, policy_from=tuple(clauses))
    for name in ("overrides", "inherits", "missing_facts"):
        for value, rest in _without_each(getattr(version, name)):
            yield f"{name} without {value}", replace(version, **{name: rest})
    for what, when in _conditions(version.when, "when"):
        yield what, replace(version, when=when)


def _consequences(version: Version) -> Iterator[tuple[str, Version]]:
    outcomes = list(Outcome)
    rank = version.outcome.rank
    for other in (*outcomes[max(0, rank - 1) : rank], *outcomes[rank + 1 : rank + 2]):
        yield f"outcome {version.outcome} -> {other}", replace(version, outcome=other)
    yield from _scopes(version)
    if version.review_policy is not None:
        denied = version.review_policy is ReviewPolicy.PRESUMPTION_OF_DENIAL
        policy = ReviewPolicy.CASE_BY_CASE if denied else ReviewPolicy.PRESUMPTION_OF_DENIAL
        yield f"review_policy {version.review_policy} -> {policy}", replace(version, review_policy=policy)


def _scopes(version: Version) -> Iterator[tuple[str, Version]]:
    for scope, rest in _without_each(version.scopes):
        if rest:
            yield f"scope without {scope}", replace(version, scopes=rest)
        else:
            other = Scope.TRAVEL if scope is not Scope.TRAVEL else Scope.EXPORT
            yield f"scope {scope} -> {other}", replace(version, scopes=(other,))


def _conditions(record: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every change of one value of a record of conditions, through the records inside of it. What a rule doesn't
    state is left alone: a default is the engine's, whose own tests hold it."""
    for field in fields(record):
        value, where = getattr(record, field.name), f"{path}.{field.name}"
        if value == field.default and not (isinstance(record, FactTest) and field.name in _ALWAYS):
            continue
        for what, other in _values(value, where):
            yield what, replace(record, **{field.name: other})


def _values(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value) and not isinstance(value, type):
        yield from _conditions(value, where)
    elif isinstance(value, bool):
        yield f"{where} {value} -> {not value}", not value
    elif isinstance(value, Binds):
        other = Binds.US_PERSON if value is Binds.ANYONE else Binds.ANYONE
        yield f"{where} {value} -> {other}", other
    elif isinstance(value, Unstated):
        for other in Unstated:
            if other is not value:
                yield f"{where} {value} -> {other}", other
    elif isinstance(value, tuple) and value:
        yield from _members(value, where)
    elif isinstance(value, int | float) and value is not None:
        yield f"{where} {value} -> {value + 1}", value + 1
        yield f"{where} {value} -> {value - 1}", value - 1


def _members(values: tuple[Any, ...], where: str) -> Iterator[tuple[str, Any]]:
    """Without each member, and each record among them changed."""
    for number, member in enumerate(values):
        if is_dataclass(member):
            key = member.key if isinstance(member, FactTest) else str(number)
            for what, other in _conditions(member, f"{where}[{key}]"):
                if not what.startswith(f"{where}[{key}].key"):
                    yield what, (*values[:number], other, *values[number + 1 :])
    for member, rest in _without_each(values):
        name = member.key if isinstance(member, FactTest) else member.value if isinstance(member, Enum) else member
        # An empty list is no condition at all: then the change is that it is gone.
        yield f"{where} without {name}{'' if rest else ', the only one'}", rest


def _without_each(values: tuple[Any, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    for number, value in enumerate(values):
        yield value, (*values[:number], *values[number + 1 :])


# -- what notices ------------------------------------------------------------------------------------------------


class Jury:
    """The examples of a rulebook, read once, and which of them are asked first about a rule."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.examples = {rule.id: [prepare(rule, example) for example in rule.examples] for rule in book.rules}
        self._texts = {
            (p.rule.id, p.example.name): f"{p.example.order} {p.example.listed}"
            for held in self.examples.values()
            for p in held
        }
        naming: dict[str, set[str]] = {rule.id: {rule.id} for rule in book.rules}
        for rule in book.rules:
            for version in rule.versions:
                for other in (*version.overrides, *version.inherits):
                    naming.setdefault(other, set()).add(rule.id)
                    naming[rule.id].add(other)
        self._naming = naming

    def kills(self, mutant: Mutant) -> bool:
        """Whether any example fails with the mutant."""
        book = self.book if mutant.changed is None else with_rule(self.book, mutant.changed)
        first = sorted(self._naming.get(mutant.rule, self._owners()))
        mine = [prepared for rule in first for prepared in self.examples[rule]]
        # Of a table's examples the one with the value that is gone is asked first: the others can't know.
        dropped = re.search(r" without ([^,[]+)", mutant.what)
        if dropped:
            gone = dropped[1].strip()
            mine.sort(key=lambda prepared: gone not in self._texts[prepared.rule.id, prepared.example.name])
        with _threshold(mutant.threshold):
            if any(self._fails(book, prepared) for prepared in mine):
                return True
            others = [p for rule in self.examples if rule not in first for p in self.examples[rule]]
            return any(self._fails(book, p) for p in others if self._may_notice(mutant, p))

    def _may_notice(self, mutant: Mutant, prepared: PreparedExample) -> bool:
        """Whether another rule's example looks beyond its own rule, and the changed one may apply to it."""
        if not {"order_outcome", "assumes"} & set(prepared.example.expect):
            return False
        if mutant.changed is None:
            return True
        day, order = prepared.example.as_of, prepared.order
        destination = order.destination or next((p.country for p in order.parties if p.country), None)
        programs = {None, *(subject.listing.program for subject in prepared.subjects)}
        versions = [rule.version_on(day) for rule in (self.book.by_id[mutant.rule], mutant.changed)]
        return any(
            may_hold(version.when, order.direction, destination, program)
            for version in versions
            if version is not None
            for program in programs
        )

    def _owners(self) -> Iterable[str]:
        return [rule.id for rule in self.book.rules if any(v.ownership is not None for v in rule.versions)]

    def _fails(self, book: Rulebook, prepared: PreparedExample) -> bool:
        return bool(problem_of(book, prepared))


def with_rule(book: Rulebook, rule: Rule) -> Rulebook:
    """The same rulebook with another text of one rule."""
    made = copy.copy(book)
    # What is worked out from the rules is worked out again; what isn't (tables, facts) is shared.
    kept = {name for name in vars(book) if not isinstance(getattr(type(book), name, None), _cached)}
    made.__dict__ = {name: value for name, value in vars(book).items() if name in kept}
    made.rules = tuple(rule if held.id == rule.id else held for held in book.rules)
    made.__dict__["docket"] = _Changed(book.docket, made.rules, rule)
    return made


class _Changed(Docket):
    """The docket of the unchanged rulebook, which is known by heart, with one rule in its changed form."""

    def __init__(self, known: Docket, rules: tuple[Rule, ...], rule: Rule) -> None:
        super().__init__(rules)
        self._known, self._rule = known, rule

    def on(self, per: Per, day: date) -> tuple[Entry, ...]:
        return self._with(self._known.on(per, day), per, day)

    def asked(
        self,
        per: Per,
        day: date,
        direction: Direction,
        destination: str | None,
        exporter: str | None,
        program: str | None = None,
    ) -> tuple[Entry, ...]:
        found = self._with(self._known.asked(per, day, direction, destination, exporter, program), per, day)
        return tuple(
            e
            for e in found
            if e[0] is not self._rule
            or (may_hold(e[1].when, direction, destination, program) and may_bind(e[1].when, per, exporter))
        )

    def _with(self, entries: tuple[Entry, ...], per: Per, day: date) -> tuple[Entry, ...]:
        version = self._rule.version_on(day)
        others = [entry for entry in entries if entry[0].id != self._rule.id]
        if version is None or self._rule.per is not per:
            return tuple(others)
        return tuple(sorted([*others, (self._rule, version)], key=lambda entry: entry[0].id))


_cached = type(vars(Rulebook)["by_id"])


@contextmanager
def _threshold(value: float | None) -> Iterator[None]:
    before = ownership.THRESHOLD
    ownership.THRESHOLD = before if value is None else value
    try:
        yield
    finally:
        ownership.THRESHOLD = before


@dataclass(frozen=True)
class Result:
    """How many mutants were made, and those that no example noticed."""

    made: int
    survivors: tuple[Mutant, ...]

    @property
    def score(self) -> float:
        return 1 - len(self.survivors) / self.made if self.made else 1.0


def run(book: Rulebook, only: Iterable[str] = ()) -> Result:
    """Make all mutants, or those of some rules, and hold each against the examples."""
    wanted = set(only)
    jury = Jury(book)
    made = [mutant for mutant in mutants(book) if not wanted or mutant.rule in wanted]
    return Result(len(made), tuple(mutant for mutant in made if not jury.kills(mutant)))


def main() -> int:
    book = Rulebook.load()
    unknown = [rule for rule in sys.argv[1:] if rule not in book.by_id]
    if unknown:
        print(f"no rule {unknown[0]!r}: stopship rules show lists the ids", file=sys.stderr)
        return 2
    result = run(book, sys.argv[1:])
    for mutant in result.survivors:
        print(f"{mutant.rule}: {mutant.what}")
    killed = result.made - len(result.survivors)
    print(f"{killed:,} of {result.made:,} mutants killed: score {result.score:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
