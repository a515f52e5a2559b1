"""Killed in the middle of a bulk disposition: none of its cases is decided, or all are; the record verifies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.cases.people import ANNA, NOW, SUE, keep, match, party, seen

from stopship.cases import BulkDesk, Desk, Policy, Verdict, queue
from stopship.cases.wanted import Wanted
from stopship.store import Database
from stopship.store.audit_check import check

ROOT = Path(__file__).parents[2]
CASES = 40


@pytest.mark.slow
@pytest.mark.parametrize("after", ["1", "20", "40", "done"])
def test_a_kill_leaves_all_or_nothing(database_url: str, after: str) -> None:
    database = Database(database_url)
    keep(database, *(seen(match(), who=party(f"Beispiel {n}")) for n in range(CASES)))
    bulk = BulkDesk(Desk(database, Policy()))
    row = bulk.propose(
        Wanted(), Verdict.FALSE_MATCH, ANNA, count=CASES, reason="name_only", comment="same word", now=NOW
    )
    process = subprocess.Popen(
        [
            sys.executable,
            str(Path(__file__).with_name("bulk_to_kill.py")),
            database_url,
            str(row.id),
            NOW.isoformat(),
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, ["src", os.environ.get("PYTHONPATH")]))},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == after:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with database.begin() as connection:
        states = queue.facets(connection, Wanted(), now=NOW)["state"]
        assert check(connection).sound
    decided = bulk.show(row.id).state == "effective"
    assert states == ({"closed": CASES} if decided else {"open": CASES})
    if after == "done":
        assert decided
    if not decided:
        # Whoever agrees again finds everything as it was.
        assert bulk.approve(row.id, SUE, now=NOW).state == "effective"
        with database.begin() as connection:
            assert queue.facets(connection, Wanted(), now=NOW)["state"] == {"closed": CASES}
            assert check(connection).sound
    database.close()
