"""A run that is killed at any step: the last one serves, nothing is half there, the next says what it would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import Cli
from tests.journeys.small_lists import named, small_catalogue
from tests.journeys.test_lists import ROWS, csl

from stopship.sources import catalogue as catalogue_module

ROOT = Path(__file__).resolve().parents[2]
CHANGED = {**named(5), "federal_register_notice": "91 FR 77"}
FIRST = csl(*ROWS, *(named(n) for n in range(1, 40)))
SECOND = csl(*ROWS, *(named(n) for n in range(1, 41) if n not in (3, 5)), CHANGED)
NAMES = [f"Beispiel {n} Works" for n in (3, 5, 7, 40)] + [f"Bakery {n}" for n in range(20)]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked, which this system can't"),
]


@pytest.fixture
def told(cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What `rescreen_to_kill` says of each step."""
    small = small_catalogue()
    monkeypatch.setattr(catalogue_module, "_catalogue", lambda: small)
    first, second, customers = tmp_path / "first.csv", tmp_path / "second.csv", tmp_path / "customers.csv"
    first.write_bytes(FIRST)
    second.write_bytes(SECOND)
    customers.write_text("id,name\n" + "".join(f"C{n},{name}\n" for n, name in enumerate(NAMES)), "utf-8")
    assert cli("lists", "import", "us_csl", first).code == 0
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.rescreen_to_kill", home, customers, second],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_killed_at_each_step(told: list[dict[str, Any]]) -> None:
    whole = {one["work"]: one for one in told if one["step"] == "none"}
    assert [(what, customer) for what, customer, *_ in whole["enroll"]["next"]] == [
        ("new", "C0"),
        ("new", "C1"),
        ("new", "C2"),
    ]
    found = {(what, customer) for what, customer, *_ in whole["rescreen"]["next"]}
    assert found >= {("gone", "C0"), ("changed", "C1"), ("new", "C3")}
    steps = [one for one in told if one["step"] != "none"]
    assert len(steps) == 43
    for one in steps:
        reference = whole[one["work"]]
        assert one["signal"] == signal.SIGKILL, one
        assert one["after"] in (one["before"], reference["then"]), one  # the last run serves, or this one
        assert one["next"] == reference["next"], one
        assert one["then"] == reference["then"], one
        assert one["again"] == [], one
        assert one["folders"] == ["customers", "state"], one
    counted = {one["step"] for one in steps if one["after"] == whole[one["work"]]["then"]}
    assert counted == {
        "the database has it",
        "before old files are removed",
        "old files are removed",
        "before it is told",
    }
