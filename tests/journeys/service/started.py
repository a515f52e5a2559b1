"""`stopship serve` in processes of its own, for tests that do something to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from stopship.access.keys import Keys
from stopship.access.vocabulary import PROGRAM_SCOPES
from stopship.app.workspace import Workspace

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Started:
    """A service that runs: its process, where it answers, what it logs."""

    home: Path
    process: subprocess.Popen[bytes]
    address: str
    log: Path
    key: str

    def client(self) -> httpx2.Client:
        """A client with a key that opens everything."""
        return httpx2.Client(base_url=self.address, timeout=60, headers={"authorization": f"ApiKey {self.key}"})

    def events(self, name: str) -> list[dict[str, Any]]:
        """What was logged under a name, or one that begins so."""
        lines = self.log.read_text("utf-8", "replace").splitlines()
        found = [json.loads(line) for line in lines if line.startswith("{")]
        return [line for line in found if str(line.get("event", "")).startswith(name)]

    def workers(self) -> list[int]:
        """The processes that answer, in the order in which they began."""
        began = self.events("Started server process")
        return [int(line["event"].partition("[")[2].rstrip("]")) for line in began]


@contextmanager
def started(
    home: Path,
    log: Path,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> Iterator[Started]:
    """Serve a home on a free port until the block ends; its keys may ask as often as they like.

    Args:
        home: the directory.
        log: what it says on stderr.
        arguments: further ones of `serve`.
        environment: variables besides ours.
        before: called in the process before the program begins.
    """
    every = os.environ | {"PYTHONUNBUFFERED": "1", "STOPSHIP_WATCH_SECONDS": "0.2"} | dict(environment or {})
    every["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    key = _key(home, every.get("STOPSHIP_DATABASE_URL"))
    command: Sequence[str] = (sys.executable, "-m", "stopship", "serve", "--home", str(home), "--port", "0")
    with log.open("ab") as stderr:
        process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=stderr, env=every, preexec_fn=before
        )
    assert process.stdout is not None
    try:
        first = process.stdout.readline().decode()
        assert first.startswith("Serving "), first + log.read_text("utf-8", "replace")
        found = Started(home, process, first.split()[1], log, key)
        until(lambda: len(found.events("lists in use")) >= 1 or process.poll() is not None)
        yield found
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        process.stdout.close()


def until(done: Callable[[], object], seconds: float = 90.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def _key(home: Path, url: str | None) -> str:
    from stopship.store import Database

    now = datetime.now().astimezone()
    opened = Database(url) if url else Workspace(home, today=now.date()).database()
    with closing(opened) as database:
        keys = Keys(database)
        name = f"test {now.timestamp()}"
        ends = now + timedelta(days=1)
        return keys.create(name, PROGRAM_SCOPES, actor="cli:test", now=now, expires=ends, a_minute=1_000_000).text
