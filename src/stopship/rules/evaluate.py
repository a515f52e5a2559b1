"""Evaluating an order: every rule, every match, every item; all findings, none of them hidden by another.

The only finding that is left out is one that another rule says it replaces (`overrides`), as 738.3(a)(1) says of
the country chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from stopship.errors import SettingsError
from stopship.model.structure import Structure
from stopship.model.transaction import Exporter, Transaction
from stopship.rules.affiliates import OwnerRules
from stopship.rules.binding import bound
from stopship.rules.build import build
from stopship.rules.case import Case
from stopship.rules.claims import Claims
from stopship.rules.conditions import holds
from stopship.rules.finding import Evaluation, Finding, Question, Subject
from stopship.rules.gaps import gap_findings
from stopship.rules.licenses import apply_licenses
from stopship.rules.matters import say_where_it_does_not_matter
from stopship.rules.outcome import Scope, Status
from stopship.rules.rule import Binds, Per, Rule, Version
from stopship.rules.rulebook import Rulebook
from stopship.rules.situation import OrderItem, Situation
from stopship.rules.verdict import Truth, all_of


def evaluate(
    rulebook: Rulebook,
    transaction: Transaction,
    subjects: Sequence[Subject],
    *,
    as_of: date,
    exporter: Exporter,
    pinned: Mapping[str, str] | None = None,
    structure: Structure | None = None,
) -> Evaluation:
    """What the rules say of one order on one day.

    Args:
        rulebook: the rules.
        transaction: the order.
        subjects: matches of its parties and owners with listings, in any order.
        as_of: the day. A listing that starts later doesn't count yet.
        exporter: who sells; says which regimes bind.
        pinned: rule id to a status (`in_force`, `unconfirmed`, `suspended`) that a person decided on.
        structure: who owns the parties; None: what the order alone states.

    Raises:
        SettingsError: a pinned rule or status is unknown.
        OrderError: a stated fact isn't of its type.
    """
    situation = Situation(
        transaction, rulebook.facts, as_of=as_of, exporter=exporter, structure=structure, law=rulebook.law
    )
    run = _Run(rulebook, situation, pinned or {})
    listed = [s for s in subjects if s.listing.start is None or s.listing.start <= as_of]
    return run.all(_in_subject_order(set(listed)))


class _Run:
    """One evaluation."""

    def __init__(self, rulebook: Rulebook, situation: Situation, pinned: Mapping[str, str]) -> None:
        self._book = rulebook
        self._situation = situation
        self._pinned = {rule: _pinned_status(rulebook, rule, status) for rule, status in pinned.items()}
        self._questions: dict[tuple[str, str], Question] = {}

    def all(self, subjects: Sequence[Subject]) -> Evaluation:
        parties = [s for s in subjects if s.owner is None]
        owners = [s for s in subjects if s.owner is not None]
        findings = [f for subject in parties for f in self.about_subject(subject)]
        findings += OwnerRules(self._book, self._situation, self.about_subject, self.status).findings(owners)
        findings += self._about_items()
        findings += self._about_order()
        left = _not_overridden(dict.fromkeys(findings), self._book, self._situation.as_of)
        claimed = [*Claims(self._book, self._situation, subjects).apply(list(left))]
        claimed += gap_findings(self._book.gap_finder, self._situation)
        kept = _in_order(say_where_it_does_not_matter(claimed))
        answered, asked, licenses = apply_licenses(kept, self._situation)
        self._questions |= {(question.rule, question.fact): question for question in asked}
        self._note(licenses)
        return Evaluation(
            findings=tuple(answered),
            questions=tuple(self._questions[key] for key in sorted(self._questions)),
            assumptions=self._situation.assumptions(),
        )

    def about_subject(self, subject: Subject, only: frozenset[str] | None = None) -> list[Finding]:
        """What follows from one match, `only` by the rules named."""
        found: list[Finding] = []
        program = subject.listing.program
        alone = self._case(subject, None)
        for rule, version in self._versions(Per.MATCH, only, program):
            found += self._ask(rule, version, alone)
        with_items = [self._case(subject, item) for item in self._situation.items]
        for rule, version in self._versions(Per.MATCH_ITEM, only, program):
            for case in with_items:
                found += self._ask(rule, version, case)
        return found

    def _about_items(self) -> Iterator[Finding]:
        for rule, version in self._versions(Per.ITEM):
            asked = self._situation.items if version.when.without_items else self._situation.given_items
            for item in asked:
                yield from self._ask(rule, version, Case(self._situation, item=item))

    def _about_order(self) -> Iterator[Finding]:
        for rule, version in self._versions(Per.ORDER):
            yield from self._ask(rule, version, Case(self._situation))

    def _versions(
        self, per: Per, only: frozenset[str] | None = None, program: str | None = None
    ) -> Iterator[tuple[Rule, Version]]:
        """Rules to ask; see `docket`, which leaves out what the order or the program rules out at once."""
        case = self._situation
        where = (case.order.direction, case.destination, case.exporter.country)
        asked = self._book.docket.asked(per, case.as_of, *where, program)
        return ((rule, version) for rule, version in asked if only is None or rule.id in only)

    def _case(self, subject: Subject, item: OrderItem | None) -> Case:
        return Case(self._situation, subject, item, self._book.ruled_programs)

    def status(self, rule: Rule, version: Version) -> Status:
        """The version's status, or the one that a person pinned."""
        return self._pinned.get(rule.id, version.status)

    def _status_on_tables(self, rule: Rule, version: Version, case: Case) -> Status:
        """A rule that reads tables is unconfirmed on days before the earliest one, unless a person pinned it."""
        status = self.status(rule, version)
        reads = version.when.controls is not None and case.item is not None and case.item.eccn is not None
        if reads and status is Status.IN_FORCE and rule.id not in self._pinned:
            return Status.IN_FORCE if self._situation.tables_confirmed else Status.UNCONFIRMED
        return status

    def _ask(self, rule: Rule, version: Version, case: Case) -> list[Finding]:
        verdict = holds(version.when, case)
        if verdict.truth is Truth.NO:
            self._note(verdict.notes)
            return []
        status = self._status_on_tables(rule, version, case)
        bind = bound(version.when.binds, case, rule.per)
        if bind.truth is Truth.NO:
            # The order isn't under this regime. What a list says is told as information; what a regime says of an
            # item or a place isn't (`docket.may_bind`). OFAC follows the person, and who that is may be doubtful:
            # it is told. That an item isn't subject to the EAR is an assumption.
            if version.when.binds is not Binds.US_PERSON and rule.per in (Per.ITEM, Per.ORDER):
                return []
            status = Status.INFORMATION
        else:
            verdict = all_of((verdict, bind))
        if verdict.truth is Truth.ASKED:
            if status.takes_effect:
                for fact, text in verdict.asked:
                    self._questions.setdefault((rule.id, fact), Question(rule.id, fact, text))
            return []
        self._note(verdict.notes)
        return build(rule, version, case, verdict, status=status)

    def _note(self, notes: Sequence[str]) -> None:
        for note in notes:
            self._situation.note(note)


def _pinned_status(rulebook: Rulebook, rule: str, status: str) -> Status:
    allowed = (Status.IN_FORCE, Status.UNCONFIRMED, Status.SUSPENDED)
    if rule not in rulebook.by_id:
        raise SettingsError(f"no rule {rule!r} to pin", where="pinned", hint="`stopship rules show` lists the ids")
    if status not in allowed:
        raise SettingsError(f"{status!r} is none of {', '.join(allowed)}", where=f"pinned, {rule}")
    return Status(status)


def _not_overridden(findings: Mapping[Finding, None], rulebook: Rulebook, as_of: date) -> Iterator[Finding]:
    """Drop findings that an effective finding on the same party (or on none), item and scope says it replaces."""
    replaced = set()
    for finding in findings:
        rule = rulebook.by_id.get(finding.rule)
        version = rule.version_on(as_of) if rule else None
        if version is not None and finding.effective and finding.outcome is version.outcome:
            for other in version.overrides:
                replaced |= {(other, *_about(finding)), (other, None, None, None, finding.item, finding.scope)}
    return (f for f in findings if (f.rule, *_about(f)) not in replaced)


def _about(finding: Finding) -> tuple[object, ...]:
    return finding.party, finding.owner, finding.entity_id, finding.item, finding.scope


_SCOPES = list(Scope)


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Ordered by what they are about; two that differ in nothing of that by all that they hold."""
    keyed = [(_finding_order(finding), finding) for finding in findings]
    if len({key for key, _finding in keyed}) < len(keyed):
        return [finding for _key, finding in sorted(keyed, key=lambda pair: (pair[0], repr(pair[1])))]
    return [finding for _key, finding in sorted(keyed, key=lambda pair: pair[0])]


def _finding_order(finding: Finding) -> tuple[object, ...]:
    return (
        -1 if finding.party is None else finding.party,
        finding.owner or "",
        -1 if finding.item is None else finding.item,
        finding.rule,
        _SCOPES.index(finding.scope),
        finding.entity_id or "",
        finding.program or "",
        finding.listing.source if finding.listing else "",
        finding.text,
    )


def _in_subject_order(subjects: Iterable[Subject]) -> list[Subject]:
    """By party, owner, entity and list; two that are alike in these by all that they hold."""
    keyed = [(_subject_order(subject), subject) for subject in subjects]
    if len({key for key, _subject in keyed}) < len(keyed):
        return [subject for _key, subject in sorted(keyed, key=lambda pair: (pair[0], repr(pair[1])))]
    return [subject for _key, subject in sorted(keyed, key=lambda pair: pair[0])]


def _subject_order(subject: Subject) -> tuple[object, ...]:
    listing = subject.listing
    return subject.party, subject.owner or "", subject.entity_id, listing.program, listing.source
