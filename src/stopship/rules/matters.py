"""Saying where a missing fact does not matter, because another finding decides whatever the answer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stopship.rules.finding import CONFIRMED, Finding
from stopship.rules.outcome import Outcome


def say_where_it_does_not_matter(findings: Sequence[Finding]) -> list[Finding]:
    """The same findings; an open one about an item names the finding that decides regardless, if there is one.

    Regardless means: it takes effect, it waits for no fact, its match is confirmed, it is stricter, and it bears
    on the same item (or on the order as a whole) in the same scope.
    """
    deciding = [f for f in findings if _decides(f)]
    return [_with_note(finding, deciding) for finding in findings]


def _decides(finding: Finding) -> bool:
    settled = finding.effective and not finding.missing_facts and finding.match in (None, CONFIRMED)
    return settled and finding.outcome.rank < Outcome.INDETERMINATE.rank


def _with_note(finding: Finding, deciding: list[Finding]) -> Finding:
    if finding.outcome is not Outcome.INDETERMINATE or finding.item is None or not finding.missing_facts:
        return finding
    regardless = sorted(
        {d.rule for d in deciding if d.scope is finding.scope and d.item in (None, finding.item)} - {finding.rule}
    )
    if not regardless:
        return finding
    said = f" It does not change the outcome: {', '.join(regardless)} decides whatever the answer is."
    return replace(finding, text=finding.text + said)
