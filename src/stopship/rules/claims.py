"""License exceptions in the findings: what to read about them, and what a person's claim changes.

A claim (fact `item.N.license_exception`) turns a requirement of the Commerce Control List into conditions,
unless the entry or 740.2 rules the exception out, or a finding of Part 744 or 746 stands: no list-based
exception overcomes those. An Entity List requirement yields only to the exception that its own row names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stopship.rules.finding import JUDGED_FALSE, Finding, Subject
from stopship.rules.license_exceptions import Claimed, LicenseExceptions
from stopship.rules.outcome import Outcome, Scope
from stopship.rules.requirement import parse_requirement
from stopship.rules.rulebook import Rulebook
from stopship.rules.situation import OrderItem, Situation

ENTITY_LIST = "us.el"
CLAIM = "item.N.license_exception"
_OTHER_PROHIBITIONS = ("us.ear.744.", "us.ear.746.")


class Claims:
    """License exceptions of one order.

    Args:
        subjects: matches of its parties; a restriction may rest on a list that a party is on.
    """

    def __init__(self, rulebook: Rulebook, situation: Situation, subjects: Sequence[Subject]) -> None:
        self._book = rulebook
        self._situation = situation
        self._programs = frozenset(s.listing.program for s in subjects if s.match != JUDGED_FALSE)
        self._items = {item.number: item for item in situation.items}

    def apply(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings, with what must be read of license exceptions, and with claims that count."""
        if self._situation.law is None:
            return list(findings)
        by_row = [self._lifted_by_row(finding) for finding in findings]
        return [self._about(finding, by_row) for finding in by_row]

    def _claim(self, item: OrderItem) -> str | None:
        return self._situation.stated(CLAIM.replace("item.N", item.key))

    def _lifted_by_row(self, finding: Finding) -> Finding:
        """An Entity List row that names an exception yields to it; no other does."""
        item = self._items.get(finding.item)
        if item is None or finding.program != ENTITY_LIST or finding.listing is None:
            return finding
        claimed = self._claim(item)
        said = parse_requirement(finding.listing.license_requirement).exception
        stands = finding.outcome is Outcome.LICENSE_REQUIRED and finding.owner is None
        if claimed is None or not stands or f"license exception {claimed.lower()} " not in f"{said} ":
            return finding
        text = f' License exception {claimed} claimed by the exporter; the row says: "{said}".'
        return replace(finding, outcome=Outcome.CONDITIONS, review_policy=None, text=finding.text + text)

    def _about(self, finding: Finding, findings: Sequence[Finding]) -> Finding:
        item = self._items.get(finding.item)
        required = finding.outcome is Outcome.LICENSE_REQUIRED and self._by_controls(finding)
        if item is None or item.eccn is None or not required or self._situation.law is None:
            return finding
        law = self._situation.law
        entry = law.ccl.entry(item.eccn)
        if entry is None:
            return finding
        exceptions, chart = law.exceptions, law.chart
        about = Claimed(item.eccn, self._situation.destination or "", entry, self._programs)
        finding = replace(finding, evidence=(*finding.evidence, *exceptions.evidence(about, chart)))
        claimed = self._claim(item)
        if claimed is None:
            return finding
        why = [*exceptions.refused(claimed, about, chart), *_standing(findings, finding)]
        if why:
            text = f" License exception {claimed} is claimed and doesn't count: {'; '.join(why)}."
            return replace(finding, text=finding.text + text)
        return self._counted(finding, claimed, exceptions)

    def _counted(self, finding: Finding, claimed: str, exceptions: LicenseExceptions) -> Finding:
        section, _title = exceptions.titles[claimed]
        text = (
            f"License exception {claimed} (15 CFR {section}) claimed by the exporter; its conditions must be "
            f"read. Without it: {finding.text}"
        )
        return replace(finding, outcome=Outcome.CONDITIONS, text=text)

    def _by_controls(self, finding: Finding) -> bool:
        rule = self._book.by_id.get(finding.rule)
        version = rule.version_on(self._situation.as_of) if rule else None
        return version is not None and version.when.controls is not None


def _standing(findings: Sequence[Finding], about: Finding) -> list[str]:
    """Rules of Part 744 and Part 746 whose findings stand, and for which a person must decide first."""
    return sorted(
        {
            f"{finding.rule} stands"
            for finding in findings
            if finding.effective
            and finding.scope is Scope.EXPORT
            and finding.outcome.rank < Outcome.CONDITIONS.rank
            and finding.rule.startswith(_OTHER_PROHIBITIONS)
            and finding.item in (None, about.item)
        }
    )
