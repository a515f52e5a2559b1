"""The packaged rulebook: every example is executed, every lint runs, and the law's golden cases are among them."""

from __future__ import annotations

import csv
import gzip
from datetime import date, timedelta
from pathlib import Path

import pytest

from stopship.model import Program
from stopship.rules import Rulebook, lint
from stopship.rules.examples import run_example
from stopship.rules.lint import LINTS
from stopship.rules.share import read_share

BOOK = Rulebook.load()


@pytest.mark.parametrize(
    ("rule", "example"),
    [pytest.param(r, e, id=f"{r.id}: {e.name}") for r in BOOK.rules for e in r.examples],
)
def test_every_example_comes_out_as_it_says(rule, example):
    assert run_example(BOOK, rule, example).problem == ""


def test_no_lint_complains():
    assert [str(problem) for problem in lint(BOOK)] == []


def test_lints_have_names_of_their_own():
    assert len({check.name for check in LINTS}) == len(LINTS)


def test_the_version_is_the_hash_of_the_content():
    assert BOOK.version.startswith("sha256:")
    assert Rulebook.load().version == BOOK.version


def test_every_program_is_ruled():
    assert set(Program) <= BOOK.ruled_programs


def test_rules_are_told_by_regime():
    table = BOOK.coverage()
    assert {"us.ear", "us.ofac", "us.itar", "us.state", "us.customs", "eu.sanctions", "eu.dual-use"} <= set(table)
    assert sum(len(rules) for rules in table.values()) == len(BOOK.rules)


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_intervals_are_half_open_at_every_edge(rule):
    for version in rule.versions:
        if version.begins:
            assert version.in_force(version.begins)
            assert rule.version_on(version.begins) is version
            assert not version.in_force(version.begins - timedelta(days=1))
        if version.ends:
            assert not version.in_force(version.ends)
            assert rule.version_on(version.ends - timedelta(days=1)) is version


def test_the_stay_of_the_affiliates_rule():
    rule = BOOK.by_id["us.ear.744.affiliates"]
    statuses = {
        date(2025, 9, 28): None,
        date(2025, 9, 29): "in_force",
        date(2025, 11, 9): "in_force",
        date(2025, 11, 10): "suspended",
        date(2026, 11, 9): "suspended",
        date(2026, 11, 10): "unconfirmed",
    }
    for day, status in statuses.items():
        version = rule.version_on(day)
        assert (version.status if version else None) == status, day


@pytest.mark.bigdata
def test_share_of_requirements_and_policies_read(big_data: Path, capsys):
    path = big_data / "lists" / "us_csl" / "consolidated.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = [(row["license_requirement"], row["license_policy"]) for row in csv.DictReader(file)]
    share = read_share([row for row in rows if any(row)])
    with capsys.disabled():
        print(f"\n{share}")
    assert share.requirements_read == share.requirements
    # Two rows print the requirement where the policy should stand.
    assert share.policies - share.policies_read == 2
    assert share.rows - share.rows_read == 2
