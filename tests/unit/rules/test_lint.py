"""Each lint finds what it is there for, and says in which file."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

import stopship
from stopship.model import Exporter
from stopship.model.order import read_order
from stopship.rules import Rulebook, evaluate
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


@pytest.fixture
def with_tables(tmp_path):
    package = Path(stopship.__file__).parent / "rulebook"
    shutil.copytree(package / "tables", tmp_path / "tables")
    shutil.copy(package / "facts.yml", tmp_path / "facts.yml")
    return tmp_path


def of_tables(folder):
    return [str(problem) for problem in lint(Rulebook.load(folder)) if problem.lint == "tables"]


def test_packaged_tables_are_sound(with_tables):
    assert of_tables(with_tables) == []


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("country-chart-footnotes", "0A501 (except for 0A501.y)", "0A501", "footnote 10 rests on"),
        ("country-chart-footnotes", "10\t", "11\t", "footnote 11 has no reading"),
        ("ccl-requirements", "3A981\tCC\t*\tCC1", "3A981\tCC\t*\t", "3A981 has a requirement without reach"),
        ("ccl-requirements", "3A981\tCC\t*\tCC1", "3A981\tCC\t-\tCC1", "'-' names nothing"),
        ("license-exceptions", "LVS\t740.3", "LVX\t740.3", "other choices than the catalogue"),
    ],
)
def test_tables_that_are_not_sound(with_tables, table, old, new, said):
    (path,) = (with_tables / "tables" / "us" / "ear" / table).iterdir()
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert any(said in problem for problem in of_tables(with_tables))


def test_a_group_that_no_table_knows_and_a_rulebook_without_tables(with_tables):
    rule = with_tables / "us" / "ear" / "a.yml"
    rule.parent.mkdir(parents=True)
    rule.write_text(SOUND.replace("destinations: [NO]", "destination_groups: [D:9, MO]"), "utf-8")
    assert any("D:9 is no Country Group" in problem for problem in of_tables(with_tables))
    shutil.rmtree(with_tables / "tables")
    assert any("reads tables that this rulebook doesn't have" in problem for problem in of_tables(with_tables))


def test_without_tables_a_person_must_look(tmp_path):
    """A rule of any kind that can't read its table stays open; it is not passed over."""
    (tmp_path / "facts.yml").write_text(
        "item.N.country_chart: {type: choice, choices: [a], text: Is it?}\n", "utf-8"
    )
    (tmp_path / "a.yml").write_text(
        SOUND.replace("when: {destinations: [NO]}", "when: {controls: {kind: [all_destinations]}}")
        .replace("outcome: review", "outcome: license_required")
        .replace("outcome: conditions", "outcome: license_required"),
        "utf-8",
    )
    order = read_order(
        {"destination": "NO", "parties": [{"role": "end_user", "name": "X"}], "items": [{"eccn": "5A980"}]}
    )
    found = evaluate(Rulebook.load(tmp_path), order, [], as_of=date(2026, 8, 1), exporter=Exporter())
    assert [f.missing_facts for f in found.findings] == [("item.0.country_chart",)]
