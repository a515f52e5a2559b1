"""Combining outcomes."""

from __future__ import annotations

from stopship.model import Direction
from stopship.rules import Finding, Outcome, Scope, Status, combine, governing, strictest


def test_strictest_in_the_declared_order():
    assert strictest([Outcome.REVIEW, Outcome.INDETERMINATE]) is Outcome.INDETERMINATE
    assert strictest([Outcome.LICENSE_REQUIRED, Outcome.PROHIBITED]) is Outcome.PROHIBITED
    assert strictest([]) is Outcome.CLEAR


def test_scopes_that_govern():
    assert governing(Direction.TRANSFER) == (Scope.EXPORT, Scope.FINANCE)
    assert governing(Direction.PURCHASE) == (Scope.IMPORT, Scope.PROCUREMENT, Scope.FINANCE)


def test_other_scopes_are_told_and_never_raise_the_outcome():
    ban = Finding.plain(rule="r", outcome=Outcome.PROHIBITED, scope=Scope.INVESTMENT, text="t")
    outcome, by_scope = combine([ban], Direction.EXPORT)
    assert outcome is Outcome.CLEAR
    assert by_scope[Scope.INVESTMENT] is Outcome.PROHIBITED
    assert set(by_scope) == set(Scope)


def test_what_has_no_effect_does_not_count():
    for status in (Status.SUSPENDED, Status.INFORMATION):
        finding = Finding(rule="r", outcome=Outcome.PROHIBITED, scope=Scope.EXPORT, text="t", status=status)
        assert combine([finding], Direction.EXPORT)[0] is Outcome.CLEAR
    judged = Finding(rule="r", outcome=Outcome.PROHIBITED, scope=Scope.EXPORT, text="t", match="judged_false")
    assert combine([judged], Direction.EXPORT)[0] is Outcome.CLEAR
    unconfirmed = Finding(
        rule="r", outcome=Outcome.PROHIBITED, scope=Scope.EXPORT, text="t", status=Status.UNCONFIRMED
    )
    assert combine([unconfirmed], Direction.EXPORT)[0] is Outcome.PROHIBITED
