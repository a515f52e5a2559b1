"""`stopship serve` as a person starts it: what it refuses; a server that is asked, told of new lists, ended."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.journeys.service.conftest import import_rows
from tests.journeys.test_lists import ROWS

from stopship.cli import run


def refused(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    capfd.readouterr()
    assert run(["serve", *arguments]) == 2
    lines = capfd.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "stopship.example.org"])
def test_open_is_for_this_machine_only(host: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    line = refused(capfd, "--open", "--host", host, "--home", str(tmp_path))
    assert "only this machine may be answered" in line
    assert "stopship keys create" in line


@pytest.mark.loopback
@pytest.mark.enable_socket
def test_a_port_that_is_taken_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = refused(capfd, "--open", "--port", str(port), "--home", str(tmp_path))
    assert line == f"stopship: --port: port {port} is taken by another program. End it, or give another port"


def test_a_variable_that_cant_be_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOPSHIP_MAX_BATCH", "many")
    assert "STOPSHIP_MAX_BATCH" in refused(capfd, "--home", str(tmp_path))


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Any]:
    """Two processes over a home; gives the home, the first lines, a client, and the process."""
    home = tmp_path / "home"
    import_rows(home, tmp_path, *ROWS, now=datetime.now().astimezone())
    environment = os.environ | {"STOPSHIP_WATCH_SECONDS": "0.2", "PYTHONUNBUFFERED": "1"}
    command = [
        sys.executable,
        "-m",
        "stopship",
        "serve",
        "--home",
        str(home),
        "--open",
        "--port",
        "0",
        "--workers",
        "2",
    ]
    log = tmp_path / "log"
    with log.open("wb") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, env=environment)
    assert process.stdout is not None
    lines = [process.stdout.readline().decode() for _ in range(4)]
    address = lines[0].split()[1]
    with httpx2.Client(base_url=address, timeout=60) as client:
        yield home, lines, client, process, log
    if process.poll() is None:
        process.kill()
        process.wait()
    process.stdout.close()


def events(log: Path, name: str) -> list[Any]:
    lines = (json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{"))
    return [line for line in lines if line["event"] == name]


def until(done: Any, seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.loopback
@pytest.mark.enable_socket
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_server_is_asked_told_of_new_lists_loses_a_worker_and_is_ended(started: Any, tmp_path: Path) -> None:
    home, lines, client, process, log = started
    assert "2 processes" in lines[0]
    assert "us_csl (0 days old)" in lines[1]
    assert "No key is asked for" in lines[2]
    body = {"queries": {"q": {"schema": "LegalEntity", "properties": {"name": ["Beispiel Works"]}}}}

    def found() -> int:
        return int(client.post("/match/default", json=body).json()["responses"]["q"]["total"]["value"])

    until(lambda: len(events(log, "lists in use")) == 2)
    assert found() == 0
    new = {**ROWS[0], "name": "Beispiel Works"}
    import_rows(home, tmp_path, *ROWS, new, now=datetime.now().astimezone())
    until(lambda: len(events(log, "lists in use")) == 4)
    assert found() == 1
    process.send_signal(signal.SIGHUP)
    until(lambda: len(events(log, "lists in use")) == 6)

    figures = client.get("/metrics").text
    assert 'stopship_list_reloads_total{result="done"} 6.0' in figures
    (first, _second) = [line["event"] for line in events_with(log, "Started server process")]
    os.kill(int(first.partition("[")[2].rstrip("]")), signal.SIGKILL)
    until(lambda: len(events(log, "lists in use")) == 7)
    assert len(events(log, "worker died")) == 1
    assert found() == 1

    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(str(client.base_url))


def events_with(log: Path, begin: str) -> list[Any]:
    lines = (json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{"))
    return [line for line in lines if line["event"].startswith(begin)]
