"""Mutation test: a statement of the rulebook that changes makes an example fail, or it is held by nothing."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from stopship.rules import Rulebook
from stopship.rules.facts import FactBook
from stopship.rules.rule_reader import read_rule

TOOLS = Path(__file__).resolve().parents[2] / "tools"
LEAST = 0.95


@cache
def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


RULE = """
title: An example
per: match
versions:
  - in_force: [null, 2025-01-01]
    cite: [{text: a, url: "https://example.org"}]
    when: {programs: [us.el, us.meu], directions: [export]}
    outcome: conditions
    scope: [export]
    text: earlier
  - in_force: [2025-01-01, null]
    cite: [{text: a, url: "https://example.org"}]
    when: {programs: [us.el, us.meu], directions: [export]}
    outcome: license_required
    scope: [export, finance]
    text: later
examples: []
"""
HELD = """
  - name: later
    each: [{program: us.el}, {program: us.meu}]
    as_of: 2025-01-01
    order: {destination: CN, parties: [{role: end_user, name: A}]}
    listed: {"0": {program: $program, name: A}}
    expect: {outcome: license_required, scopes: [export, finance], status: unconfirmed}
  - name: last day of the earlier
    each: [{program: us.el}, {program: us.meu}]
    as_of: 2024-12-31
    order: {destination: CN, parties: [{role: end_user, name: A}]}
    listed: {"0": {program: $program, name: A}}
    expect: {outcome: conditions, scope: export, status: unconfirmed}
  - name: bought, or of another list
    each: [{direction: import, program: us.el, day: 2025-01-01},
      {direction: export, program: us.uvl, day: 2025-01-01}, {direction: import, program: us.el, day: 2024-12-31},
      {direction: export, program: us.uvl, day: 2024-12-31}]
    as_of: $day
    order: {destination: CN, direction: $direction, parties: [{role: end_user, name: A}]}
    listed: {"0": {program: $program, name: A}}
    expect: {fires: no}
  - name: still in force
    as_of: 2027-01-01
    order: {destination: CN, parties: [{role: end_user, name: A}]}
    listed: {"0": {program: us.el, name: A}}
    expect: {outcome: license_required}
"""


def book(examples: str) -> Rulebook:
    facts = FactBook({})
    return Rulebook((read_rule(RULE.replace(" []\n", f"{examples}\n"), "a/b.yml", facts),), facts, "test")


def test_a_rule_that_its_examples_hold_has_no_survivors() -> None:
    result = tool("mutate_rulebook").run(book(HELD), ["a.b"])
    assert [f"{m.rule}: {m.what}" for m in result.survivors] == []
    assert result.made > 15


def test_what_no_example_holds_survives() -> None:
    lines = HELD.replace("{program: us.meu}", "{program: us.el}")
    result = tool("mutate_rulebook").run(book(lines), ["a.b"])
    assert {m.what.split(" [")[0] for m in result.survivors} == {"when.programs without us.meu"}


def test_a_proposal_kills_what_survived() -> None:
    """And says the same as the rulebook does today."""
    proposing = tool("propose_examples")
    weak = book(HELD.replace("{program: us.meu}", "{program: us.el}"))
    proposals, left = proposing.propose(weak, [])
    assert left == []
    lines = [line for proposal in proposals for line in proposing.as_yaml(proposal)]
    plain: list[dict[str, Any]] = yaml.load("\n".join(lines), Loader=yaml.BaseLoader)
    assert {row["listed"]["0"]["program"] for row in plain} == {"us.meu"}
    strong = book(HELD.replace("{program: us.meu}", "{program: us.el}") + "\n".join(lines))
    assert tool("mutate_rulebook").run(strong, ["a.b"]).survivors == ()


@pytest.mark.slow
def test_the_examples_hold_the_rulebook(capsys: pytest.CaptureFixture[str]) -> None:
    result = tool("mutate_rulebook").run(Rulebook.load())
    with capsys.disabled():
        print(f"\nrulebook: mutation score {result.score:.3f} of {result.made:,}")
    told = "\n".join(f"{mutant.rule}: {mutant.what}" for mutant in result.survivors)
    assert result.score >= LEAST, f"python tools/propose_examples.py RULE proposes examples for:\n{told}"
    assert [m for m in result.survivors if m.threshold is not None] == []
