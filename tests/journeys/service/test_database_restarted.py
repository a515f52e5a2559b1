"""PostgreSQL fails under load and comes back: what was acknowledged is there, nothing has to be started again."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select
from tests.journeys.service.conftest import import_rows
from tests.journeys.service.started import Started, started, until
from tests.journeys.test_lists import ROWS
from tests.postgresql import KEEPS, NoServer, Server, running

from stopship.app.auditing import verify
from stopship.store import Database
from stopship.store.cases import cases
from stopship.store.screenings import screenings

pytestmark = [pytest.mark.slow, pytest.mark.loopback, pytest.mark.enable_socket]
DOWN_SECONDS = 2.0


class Load:
    """Orders kept, cases opened, names screened, cases read: by several at once, until told to end."""

    def __init__(self, service: Started) -> None:
        self.service = service
        self.kept: list[str] = []
        self.answers: list[httpx2.Response] = []
        self.over = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(4)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        turn = 0
        with self.service.client() as client:
            while not self.over.is_set():
                turn += 1
                # A listed name with a number of its own: a person must judge it, so each order opens a case.
                mark = f"order-{number}-{turn}"
                numbered = [{"type": "other", "value": mark}]
                party = {"role": "end_user", "name": "Fiktiv Optics Research Institute", "identifiers": numbered}
                order = {"transaction": {"destination": "DE", "parties": [party]}}
                headers = {"idempotency-key": mark} if turn % 2 else {}
                kept = client.post("/api/v1/transactions", json=order, headers=headers)
                if kept.status_code == 201:
                    self.kept.append(kept.json()["id"])
                names = client.post("/api/v1/names", json={"names": [{"name": "Fiktiv Optics"}]})
                self.answers += [kept, names, client.get("/api/v1/cases", params={"limit": 5})]


@contextmanager
def postgresql_of_its_own() -> Iterator[Server]:
    try:
        with running(settings=KEEPS) as server:
            yield server
    except NoServer as why:
        pytest.skip(f"PostgreSQL was not tested: {why}")


def job(client: httpx2.Client) -> Any:
    files = {"file": ("partners.csv", b"name\nFiktiv Optics Research Institute\n")}
    made = client.post("/api/v1/jobs", files=files)
    assert made.status_code == 202, made.text
    number = made.json()["id"]
    until(lambda: client.get(f"/api/v1/jobs/{number}").json()["state"] in ("done", "failed"))
    return client.get(f"/api/v1/jobs/{number}").json()


def restart(server: Server, load: Load) -> None:
    server.stop()
    time.sleep(DOWN_SECONDS)
    server.start()
    count = len(load.kept)
    until(lambda: len(load.kept) > count + 8, 60)


def test_it_is_restarted_under_load(tmp_path: Path) -> None:
    home = tmp_path / "home"
    import_rows(home, tmp_path, *ROWS, now=datetime.now().astimezone())
    with postgresql_of_its_own() as server:
        url = server.url(server.fresh())
        with started(
            home, tmp_path / "log", "--workers", "2", environment={"STOPSHIP_DATABASE_URL": url}
        ) as service:
            with service.client() as client:
                assert job(client)["state"] == "done"
            with Load(service) as load:
                until(lambda: len(load.kept) > 8)
                restart(server, load)
                restart(server, load)
            workers = service.workers()
            with service.client() as client:
                assert job(client)["state"] == "done"
                missing = [one for one in load.kept if client.get(f"/api/v1/transactions/{one}").is_error]
        bad = [answer for answer in load.answers if answer.is_error]
        told = Counter((answer.status_code, answer.text[:300]) for answer in bad)
        assert {answer.status_code for answer in bad} == {503}, told
        for answer in bad:
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) >= 1
            assert str(server.folder) not in answer.text
        assert missing == []
        assert len(workers) == 2, "a worker was started again"
        assert service.events("fault") == []
        with closing(Database(url)) as database:
            checked = verify(home, database, now=datetime.now().astimezone())
            assert checked.sound, checked.faults
            with database.begin() as connection:
                recorded = set(connection.execute(select(screenings.c.reference)).scalars())
                opened = connection.execute(select(func.count()).select_from(cases)).scalar_one()
        assert set(load.kept) <= recorded
        assert opened >= len(load.kept)
