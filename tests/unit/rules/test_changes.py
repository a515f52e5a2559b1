"""The rulebook on a day, and what began and ended between two."""

from __future__ import annotations

from datetime import date

from stopship.rules.changes import changes, on_day

AFFILIATES = "us.ear.744.affiliates"


def test_what_changed_between_two_days(book):
    found = [c for c in changes(book, since=date(2025, 9, 28), until=date(2026, 11, 10)) if c.rule == AFFILIATES]
    assert [(c.day.isoformat(), c.what, c.version.status.value) for c in found] == [
        ("2025-09-29", "begins", "in_force"),
        ("2025-11-10", "is replaced", "suspended"),
        ("2026-11-10", "is replaced", "unconfirmed"),
    ]
    assert "90 FR 47201" in str(found[0])
    assert found[0].to_plain()["day"] == "2025-09-29"


def test_the_first_day_is_not_in_it_and_the_last_is(book):
    edge = date(2025, 9, 29)
    assert AFFILIATES not in {c.rule for c in changes(book, since=edge, until=date(2025, 10, 1))}
    assert AFFILIATES in {c.rule for c in changes(book, since=date(2025, 9, 28), until=edge)}


def test_every_change_is_an_edge_of_a_version(book):
    edges = {(rule.id, day) for rule in book.rules for v in rule.versions for day in (v.begins, v.ends) if day}
    assert {(c.rule, c.day) for c in changes(book, since=date.min, until=date.max)} == edges


def test_the_rulebook_on_a_day(book):
    for day in (date(2025, 9, 28), date(2025, 9, 29), date(2026, 3, 1)):
        held = on_day(book, day)
        assert all(len(rule.versions) == 1 and rule.versions[0].in_force(day) for rule in held.rules)
        assert {rule.id for rule in held.rules} == {rule.id for rule in book.rules if rule.version_on(day)}
    assert AFFILIATES not in on_day(book, date(2025, 9, 28)).by_id
