"""The worker that `serve` keeps beside itself: started again when it dies, gone when its parent is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stopship.app.jobs.supervise import Supervised
from stopship.app.jobs.work import queue_of
from stopship.app.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="no such signals there")]


def wait_for(what: Callable[[], object], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.1)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().split()[2] != "Z"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("STOPSHIP_DATABASE_URL", raising=False)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), str(ROOT)]))
    made = tmp_path / "home"
    made.mkdir()
    return made


def state(home: Path, number: int) -> str:
    with closing(Workspace(home, today=datetime.now(UTC).date()).database()) as database:
        return queue_of(home, database).get(number).state


def submit(home: Path) -> int:
    with closing(Workspace(home, today=datetime.now(UTC).date()).database()) as database:
        return queue_of(home, database).submit("prune", {}, asked_by="cli:t", now=datetime.now(UTC))[0].id


def test_it_does_jobs_is_started_again_and_ends(home: Path) -> None:
    said: list[str] = []
    with Supervised(home, say=said.append) as beside:
        first = submit(home)
        wait_for(lambda: state(home, first) == "done")
        before = beside.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        wait_for(lambda: beside.pid not in (None, before))
        second = submit(home)
        wait_for(lambda: state(home, second) == "done")
        last = beside.pid
    assert last is not None and not is_there(last)
    assert len(said) == 1 and "the worker ended with -9" in said[0]


def test_it_ends_with_a_parent_that_is_killed(home: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from stopship.app.jobs.supervise import Supervised\n"
        "with Supervised(Path(sys.argv[1])) as beside:\n"
        "    while beside.pid is None: time.sleep(0.05)\n"
        "    print(beside.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    number = submit(home)
    wait_for(lambda: state(home, number) == "done")
    parent.kill()
    parent.wait()
    wait_for(lambda: not is_there(worker))
    parent.stdout.close()
