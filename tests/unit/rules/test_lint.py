"""Each lint finds what it is there for, and says in which file."""

from __future__ import annotations

import pytest

from stopship.rules import Rulebook
from stopship.rules.lint import lint

SOUND = """
title: A rule
per: item
versions:
  - in_force: [null, 2022-01-01]
    published: 2019-12-01
    verified_on: 2026-07-23
    cite: [{text: 15 CFR 1.1, url: "https://www.ecfr.gov/x"}]
    when: {destinations: [NO]}
    outcome: review
    scope: [export]
    text: "{item} to {destination}: look."
  - in_force: [2022-01-01, null]
    published: 2019-12-01
    verified_on: 2026-07-23
    cite: [{text: 15 CFR 1.1, url: "https://www.ecfr.gov/x"}]
    when: {destinations: [NO]}
    outcome: conditions
    scope: [export]
    text: "{item}: look."
examples:
  - name: it fires
    as_of: 2026-03-01
    order: {destination: NO, parties: [{role: end_user, name: X}], items: [{eccn: EAR99}]}
    expect: {outcome: conditions}
  - name: a near miss
    as_of: 2026-03-01
    order: {destination: SE, parties: [{role: end_user, name: X}], items: [{eccn: EAR99}]}
    expect: {fires: no}
"""
SECOND = SOUND.replace("title: A rule", "title: Another rule")


def problems(tmp_path, files):
    for path, text in ({"facts.yml": "end_user.military: {text: Is it?}\n"} | files).items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return {(problem.lint, problem.path) for problem in lint(Rulebook.load(tmp_path))}


def test_a_sound_rule(tmp_path):
    assert problems(tmp_path, {"us/ear/a.yml": SOUND, "us/ear/b.yml": SECOND}) == set()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("missing-citation", 'cite: [{text: 15 CFR 1.1, url: "https://www.ecfr.gov/x"}]', "cite: []"),
        ("missing-url", "https://www.ecfr.gov/x", "see the library"),
        ("overlap-in-force", "[2022-01-01, null]", "[2021-12-31, null]"),
        ("hole-in-force", "[2022-01-01, null]", "[2022-01-02, null]"),
        ("unverified-not-marked", "verified_on: 2026-07-23", "verified_on: null\n    status: in_force"),
        ("dates", "verified_on: 2026-07-23", "verified_on: 2019-07-23"),
        ("too-few-examples", "expect: {fires: no}", "expect: {order_outcome: clear}"),
        ("example-fails", "expect: {outcome: conditions}", "expect: {outcome: prohibited}"),
        ("example-fails", "expect: {outcome: conditions}", "expect: {outcom: conditions}"),
        ("example-fails", "role: end_user", "role: friend"),
        ("example-fails", "expect: {outcome: conditions}", "expect: {scopes: [export, finance]}"),
        ("overrides-contradict", "scope: [export]", "scope: [export]\n    overrides: [us.ear.none]"),
        ("unreachable", "when: {", "when: {programs: [us.nothing], "),
        ("unreachable", "when: {", "when: {not_destinations: [NO, SE], "),
    ],
)
def test_what_each_lint_finds(tmp_path, name, old, new):
    assert old in SOUND
    found = problems(tmp_path, {"us/ear/a.yml": SOUND.replace(old, new)})
    assert (name, "us/ear/a.yml") in found


def test_rules_that_replace_each_other(tmp_path):
    one = SOUND.replace("scope: [export]", "scope: [export]\n    overrides: [us.ear.b]")
    two = SECOND.replace("scope: [export]", "scope: [export]\n    overrides: [us.ear.a]")
    found = problems(tmp_path, {"us/ear/a.yml": one, "us/ear/b.yml": two})
    assert ("overrides-contradict", "us/ear/a.yml") in found


def test_exceptions_that_contradict(tmp_path):
    target = SOUND.replace("title: A rule", "title: The general rule")
    one = SOUND.replace("scope: [export]", "scope: [export]\n    overrides: [us.ear.c]")
    two = SECOND.replace("scope: [export]", "scope: [export]\n    overrides: [us.ear.c]").replace(
        "outcome: review", "outcome: prohibited"
    )
    found = problems(tmp_path, {"us/ear/a.yml": one, "us/ear/b.yml": two, "us/ear/c.yml": target})
    assert ("exceptions-contradict", "us/ear/b.yml") in found


def test_titles_and_paths(tmp_path):
    found = problems(tmp_path, {"us/ear/a.yml": SOUND, "us/Ear/B.yml": SOUND, "top.yml": SECOND})
    assert {path for name, path in found if name == "id-and-path"} == {"us/Ear/B.yml", "us/ear/a.yml", "top.yml"}
