"""What follows for a party from its owners: OFAC's 50 percent rule, the BIS affiliates rule, and red flags.

A listed owner is never passed over in silence: it makes a finding by one of the rules of arithmetic or, where none
takes effect, by a red flag. Owners that stand above a party only if it is the company that ownership data describe
make possible findings: a person must judge that first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from stopship.model.structure import Structure
from stopship.rules.binding import bound
from stopship.rules.build import Extra, build
from stopship.rules.case import Case
from stopship.rules.conditions import holds
from stopship.rules.finding import CONFIRMED, POSSIBLE, Finding, Subject
from stopship.rules.outcome import Outcome, Status
from stopship.rules.ownership import Holding, Owned, Owners
from stopship.rules.ownership_shown import arithmetic, evidence
from stopship.rules.rule import OwnershipRule, Per, Rule, Version
from stopship.rules.rulebook import Rulebook
from stopship.rules.situation import Situation
from stopship.rules.verdict import NO, YES, Truth, Verdict

_RED_FLAGS = (OwnershipRule.LISTED_OWNER, OwnershipRule.LISTED_CONTROLLER)

AboutSubject = Callable[[Subject, frozenset[str]], list[Finding]]
StatusOf = Callable[[Rule, Version], Status]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sum of stakes, and whether it rests on confirmed matches and certain ties only."""

    held: Holding
    match: str
    verdict: Verdict


class OwnerRules:
    """The rules of ownership, applied to one order.

    Args:
        about_subject: what the named rules say of a match; asked as if the party were its listed owner.
        status: of a version, after pinning.
    """

    def __init__(
        self, rulebook: Rulebook, situation: Situation, about_subject: AboutSubject, status: StatusOf
    ) -> None:
        self._book = rulebook
        self._situation = situation
        self._about_subject = about_subject
        self._status = status
        self._explained: set[Subject] = set()
        self._owners: dict[tuple[int, bool], Owners] = {}

    def findings(self, owners: Sequence[Subject]) -> list[Finding]:
        """All findings that matches of owners lead to, party by party."""
        found: list[Finding] = []
        for party in sorted({subject.party for subject in owners}):
            mine = [subject for subject in owners if subject.party == party]
            found += [f for rule, version in self._versions() for f in self._by_sum(rule, version, mine)]
            found += self._red_flags([s for s in mine if s not in self._explained])
        return found

    def _above(self, party: int, *, sure: bool) -> Owners:
        """The stakes above a party, with or without those that may belong to another of its name."""
        key = (party, sure)
        if key not in self._owners:
            self._owners[key] = Owners(self._situation, party, sure=sure)
        return self._owners[key]

    def _owns(self, subject: Subject, *, sure: bool) -> bool:
        """Whether a chain of ownership, not of control, leads from an owner to the party."""
        number = self._situation.structure.number_of(subject.party, subject.owner)
        return number in self._above(subject.party, sure=sure).above

    def _versions(self, red_flag: OwnershipRule | None = None) -> Iterator[tuple[Rule, Version]]:
        for rule, version in self._book.docket.on(Per.OWNERSHIP, self._situation.as_of):
            if red_flag is (version.ownership if version.ownership in _RED_FLAGS else None):
                yield rule, version

    def _case(self, subject: Subject) -> Case:
        return Case(self._situation, subject, None, self._book.ruled_programs)

    def _caught(self, version: Version, subjects: Sequence[Subject]) -> list[Subject]:
        """Owners whose listing the rule is about; where it inherits, those that an inherited rule is about."""
        caught = [s for s in subjects if holds(version.when, self._case(s)).truth is not Truth.NO]
        return [s for s in caught if not version.inherits or self._inherits_from(version, s)]

    def _inherits_from(self, version: Version, subject: Subject) -> bool:
        """Only programs and tags are asked here: an SDN counts only by the tags of 744.8."""
        rules = (self._book.by_id[rule] for rule in version.inherits)
        whens = [v.when for rule in rules for v in [rule.version_on(self._situation.as_of)] if v is not None]
        listing = subject.listing
        return any(
            listing.program in when.programs and (not when.tags or bool(set(when.tags) & set(listing.tags)))
            for when in whens
        )

    def _by_sum(self, rule: Rule, version: Version, subjects: Sequence[Subject]) -> Iterator[Finding]:
        caught = self._caught(version, subjects)
        groups = [caught]
        if version.ownership is OwnershipRule.SSI_50:
            directives = sorted({d for s in caught for d in s.listing.directives})
            groups = [[s for s in caught if d in s.listing.directives] for d in directives]
        for group in groups:
            yield from self._by_group(rule, version, group)

    def _by_group(self, rule: Rule, version: Version, caught: Sequence[Subject]) -> Iterator[Finding]:
        if not caught:
            return
        for reading in self._readings(caught):
            paths = reading.held.listed_paths()
            counts = (CONFIRMED,) if reading.match == CONFIRMED else (POSSIBLE, CONFIRMED)
            counted = [s for match in counts for s in caught if s.match == match and s.owner in paths]
            if version.ownership is OwnershipRule.AFFILIATES:
                yield from self._inherited(rule, version, counted, reading)
            elif counted:
                subject = replace(counted[0], match=reading.match)
                made = self._plain(rule, version, subject, reading)
                if any(finding.effective for finding in made):
                    self._explained.update(counted)
                yield from made

    def _readings(self, caught: Sequence[Subject]) -> Iterator[_Reading]:
        """The sum over confirmed matches, and over possible ones too where that changes the answer."""
        sure = {s.owner for s in caught if s.match == CONFIRMED and s.owner}
        perhaps = sure | {s.owner for s in caught if s.match == POSSIBLE and s.owner}
        party = caught[0].party
        confirmed = self._above(party, sure=True).holding(sure)
        if confirmed.owned is not Owned.NO:
            yield _Reading(confirmed, CONFIRMED, _as_verdict(confirmed))
        possible = self._above(party, sure=False).holding(perhaps)
        if possible.owned > confirmed.owned:
            yield _Reading(possible, POSSIBLE, _as_verdict(possible))

    def _plain(self, rule: Rule, version: Version, subject: Subject, reading: _Reading) -> list[Finding]:
        case = self._case(subject)
        status = self._status(rule, version)
        if bound(version.when.binds, case, rule.per).truth is Truth.NO:
            status = Status.INFORMATION
        return build(rule, version, case, reading.verdict, status=status, extra=self._extra(subject, reading))

    def _inherited(
        self, rule: Rule, version: Version, counted: Sequence[Subject], reading: _Reading
    ) -> Iterator[Finding]:
        """What the owners' own rules would say of the party, under the affiliates rule's name, status and text.

        All owners' requirements are listed; combining them strictest first is the rule's own order.
        """
        inherited_rules = frozenset(version.inherits)
        for subject in counted:
            role = self._situation.order.parties[subject.party].role
            as_party = replace(subject, owner=None, role=role, match=CONFIRMED)
            for finding in self._about_subject(as_party, inherited_rules):
                made = self._as_affiliate(rule, version, subject, reading, finding)
                if made.effective:
                    self._explained.add(subject)
                yield made

    def _as_affiliate(
        self, rule: Rule, version: Version, subject: Subject, reading: _Reading, own: Finding
    ) -> Finding:
        status = self._status(rule, version)
        if not own.status.takes_effect:
            status = own.status
        missing = dict.fromkeys((*own.missing_facts, *reading.verdict.missing))
        subject = replace(subject, match=reading.match)
        [made, *_] = build(
            rule,
            version,
            self._case(subject),
            YES if reading.held.owned is Owned.YES else reading.verdict,
            status=status,
            extra=self._extra(subject, reading),
        )
        would_be = own.outcome
        if reading.held.owned is Owned.MAYBE and would_be.rank < Outcome.INDETERMINATE.rank:
            would_be = Outcome.INDETERMINATE
        possible = reading.match == POSSIBLE
        return replace(
            made,
            scope=own.scope,
            outcome=Outcome.REVIEW if possible else would_be,
            if_confirmed=would_be if possible else None,
            review_policy=own.review_policy,
            item=own.item,
            missing_facts=tuple(missing),
            text=f"{made.text} Its owner's rule: {own.text}",
            citations=tuple(dict.fromkeys((*made.citations, *own.citations))),
        )

    def _red_flags(self, subjects: Sequence[Subject]) -> Iterator[Finding]:
        for subject in subjects:
            owns = self._owns(subject, sure=False)
            flag = OwnershipRule.LISTED_OWNER if owns else OwnershipRule.LISTED_CONTROLLER
            for rule, version in self._versions(flag):
                yield from self._red_flag(rule, version, subject)

    def _red_flag(self, rule: Rule, version: Version, subject: Subject) -> list[Finding]:
        case = self._case(subject)
        if holds(version.when, case).truth is Truth.NO:
            return []
        status = self._status(rule, version)
        if bound(version.when.binds, case, rule.per).truth is Truth.NO:
            status = Status.INFORMATION
        sure = self._owns(subject, sure=True) or reached(self._situation.structure, subject, sure=True)
        if subject.match == CONFIRMED and not sure:
            subject = replace(subject, match=POSSIBLE)
        held = self._above(subject.party, sure=sure).holding({subject.owner or ""})
        extra = self._extra(subject, _Reading(held, subject.match, YES))
        return build(rule, version, self._case(subject), YES, status=status, extra=extra)

    def _extra(self, subject: Subject, reading: _Reading) -> Extra:
        structure = self._situation.structure
        number = structure.number_of(subject.party, subject.owner)
        name = structure.nodes[number].name if number is not None else ""
        held = reading.held
        return Extra(
            owner=name or subject.entity_name, arithmetic=arithmetic(held), evidence=evidence(held, structure)
        )


def _as_verdict(held: Holding) -> Verdict:
    if held.owned is Owned.MAYBE:
        return Verdict(Truth.MISSING, missing=held.missing)
    return YES if held.owned is Owned.YES else NO


def reached(structure: Structure, subject: Subject, *, sure: bool) -> bool:
    """Whether a chain of stakes of any kind, control among them, leads from an owner to the party."""
    target = structure.number_of(subject.party, None)
    waiting, seen = [structure.number_of(subject.party, subject.owner)], set[int | None]()
    while waiting:
        number = waiting.pop()
        if number == target:
            return True
        if number not in seen:
            seen.add(number)
            waiting += [link.held for link in structure.links if link.owner == number and (link.sure or not sure)]
    return False
