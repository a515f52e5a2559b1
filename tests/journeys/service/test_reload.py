"""Other lists are put in use while calls go on: none fails, none waits, and each is answered by one state."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.service.conftest import NOW, Serve, import_rows
from tests.journeys.test_lists import ROWS

QUERY = {"queries": {"q": {"schema": "LegalEntity", "properties": {"name": ["Beispiel Works"]}}}}
NEW = {**ROWS[0], "name": "Beispiel Works"}


def until(done: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def test_a_list_that_comes_in_is_served_and_no_call_fails(serve: Serve, home: Path, tmp_path: Path) -> None:
    client = serve(home, clock=lambda: NOW + timedelta(hours=1))
    assert client.post("/match/default", json=QUERY).json()["responses"]["q"]["results"] == []
    answers: list[tuple[int, int]] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            answer = client.post("/match/default", json=QUERY)
            found = answer.json().get("responses", {}).get("q", {}).get("total", {}).get("value", -1)
            answers.append((answer.status_code, found))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    import_rows(home, tmp_path, *ROWS, NEW, now=NOW + timedelta(minutes=5))
    until(lambda: (200, 1) in answers[-4:])
    ended.set()
    for thread in threads:
        thread.join()
    assert {status for status, _found in answers} == {200}
    assert {found for _status, found in answers} == {0, 1}
    assert client.get("/readyz").json()["last_problem"] is None


def test_a_state_that_cant_be_read_leaves_the_old_one_in_use(serve: Serve, home: Path, tmp_path: Path) -> None:
    client = serve(home)
    before = client.get("/readyz").json()["index"]
    pointer = home / "snapshots" / "us_csl" / "current"
    right = pointer.read_text("utf-8")
    pointer.write_text("f" * 64, "utf-8")
    until(lambda: client.get("/readyz").json()["last_problem"] is not None)
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["index"] == before
    assert str(home) not in ready.text
    pointer.write_text(right, "utf-8")
    until(lambda: client.get("/readyz").json()["last_problem"] is None)


def test_settings_are_read_again(serve: Serve, home: Path) -> None:
    client = serve(home)
    order = {"destination": "DE", "parties": [{"role": "end_user", "name": "Erika Mustermann"}]}

    def settings() -> Any:
        answer = client.post("/api/v1/transactions", json={"transaction": order})
        return answer.json()["decision"]["settings"]

    before = settings()
    (home / "settings.yaml").write_text("exporter: {country: DE, us_person: false}\n", "utf-8")
    until(lambda: settings() != before)


def test_a_list_grows_old_while_the_server_runs(serve: Serve, home: Path) -> None:
    now = [NOW]
    client = serve(home, clock=lambda: now[0])
    assert client.get("/readyz").json()["stale"] is False
    now[0] = NOW + timedelta(days=30)
    until(lambda: client.get("/readyz").json()["stale"] is True)
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["lists"] == [{"source": "us_csl", "age_days": 30, "limit_days": 7, "stale": True}]
    catalog = client.get("/catalog").json()
    assert catalog["outdated"] == ["us_csl"]
    assert catalog["index_stale"] is True
    order = {"destination": "DE", "parties": [{"role": "end_user", "name": "Erika Mustermann"}]}
    decision = client.post("/api/v1/transactions", json={"transaction": order}).json()["decision"]
    assert decision["outcome"] == "indeterminate"
    reason = {"transaction": order, "allow_stale": "the publisher's site is down"}
    accepted = client.post("/api/v1/transactions", json=reason).json()["decision"]
    assert accepted["outcome"] == "clear"
    assert "stale lists accepted: the publisher's site is down" in accepted["assumptions"]


def test_a_call_is_answered_to_its_end_by_the_lists_that_it_began_with(
    serve: Serve, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stopship.app.service import names

    client = serve(home, clock=lambda: NOW + timedelta(hours=1))
    monkeypatch.setattr(names, "PIECE", 1)
    slow, began = threading.Event(), threading.Event()
    screen = names.BatchScreener.screen

    def waiting(self: Any, batch: Any, *, first_row: int = 1) -> Any:
        began.set()
        if first_row == 1:
            slow.wait(20)
        return screen(self, batch, first_row=first_row)

    monkeypatch.setattr(names.BatchScreener, "screen", waiting)
    got: list[Any] = []
    body = {"names": [{"name": "Beispiel Works"}, {"name": "Beispiel Works"}]}
    thread = threading.Thread(target=lambda: got.append(client.post("/api/v1/names", json=body).json()))
    thread.start()
    began.wait(20)
    before = client.get("/readyz").json()["index"]
    import_rows(home, tmp_path, *ROWS, NEW, now=NOW + timedelta(minutes=5))
    until(lambda: client.get("/readyz").json()["index"] != before)
    slow.set()
    thread.join()
    assert got[0]["index"] == before
    assert [one["status"] for one in got[0]["results"]] == ["no_hit", "no_hit"]
    assert client.post("/api/v1/names", json=body).json()["results"][0]["status"] == "hit"
