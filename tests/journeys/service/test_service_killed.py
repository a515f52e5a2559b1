"""The service is killed, a switch of lists beside it is killed, its disk is full: what was acknowledged stands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select
from tests.journeys.service.conftest import import_rows
from tests.journeys.service.started import ROOT, Started, started, until
from tests.journeys.test_lists import ROWS, csl

from stopship.app.auditing import verify
from stopship.app.workspace import Workspace
from stopship.store.screenings import screenings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.loopback,
    pytest.mark.enable_socket,
    pytest.mark.skipif(os.name == "nt", reason="signals"),
]
NEW = {**ROWS[0], "name": "Beispiel Works"}
SWITCH = """
import sys
from datetime import datetime
from pathlib import Path
from tests.journeys.update_to_kill import arm, STEPS
from stopship.app.workspace import Workspace
home, file, step = sys.argv[1:]
arm(*STEPS[step])
now = datetime.now().astimezone()
Workspace(Path(home), today=now.date()).import_list("us_csl", Path(file), published=None, now=now, accept=True)
"""


class Asking:
    """Asks for one name over several connections; what was answered, and which connections were cut."""

    def __init__(self, service: Started) -> None:
        self.service = service
        self.found: list[tuple[int, int]] = []
        self.cut = 0
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(4)]

    def __enter__(self) -> Asking:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        with self.service.client() as client:
            while not self._over.is_set():
                try:
                    self.found.append(found(client))
                except httpx2.TransportError:
                    self.cut += 1


def found(client: httpx2.Client) -> tuple[int, int]:
    query = {"queries": {"q": {"schema": "LegalEntity", "properties": {"name": ["Beispiel Works"]}}}}
    answer = client.post("/match/default", json=query)
    return answer.status_code, answer.json()["responses"]["q"]["total"]["value"] if answer.is_success else -1


def switch_killed(home: Path, file: Path, step: str) -> int:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    command = [sys.executable, "-c", SWITCH, str(home), str(file), step]
    return subprocess.run(command, env=environment, check=False).returncode


def test_switch_worker_and_service_are_killed(tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "log"
    import_rows(home, tmp_path, *ROWS, now=datetime.now().astimezone())
    file = tmp_path / "new.csv"
    file.write_bytes(csl(*ROWS, NEW))
    with started(home, log, "--workers", "2", "--no-jobs") as service:
        until(lambda: len(service.events("lists in use")) == 2)
        with Asking(service) as asking:
            for step in ("index built", "its files are written"):
                assert switch_killed(home, file, step) == -signal.SIGKILL
                time.sleep(0.6)  # three looks at the home
        assert set(asking.found) == {(200, 0)} and not asking.cut
        with Asking(service) as asking:
            until(lambda: len(asking.found) > 20)
            os.kill(service.workers()[0], signal.SIGKILL)
            until(lambda: len(service.events("lists in use")) == 3)
            count = len(asking.found)
            until(lambda: len(asking.found) > count + 20)
        # Only who was connected to the killed one noticed, once.
        assert set(asking.found) == {(200, 0)} and asking.cut <= 4
        workers = service.workers()
        service.process.kill()
        service.process.wait()
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 60)
    with started(home, tmp_path / "log 2", "--workers", "2", "--no-jobs") as service, service.client() as client:
        assert found(client) == (200, 0)
        import_rows(home, tmp_path, *ROWS, NEW, now=datetime.now().astimezone())
        until(lambda: len(service.events("lists in use")) == 4)
        assert found(client) == (200, 1)


def order(number: int) -> Any:
    numbered = [{"type": "other", "value": f"order-{number}"}]
    party = {"role": "end_user", "name": "Fiktiv Optics Research Institute", "identifiers": numbered}
    return {"transaction": {"destination": "DE", "parties": [party]}}


def test_the_disk_is_full(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("a running process can be bounded on Linux only")
    home = tmp_path / "home"
    import_rows(home, tmp_path, *ROWS, now=datetime.now().astimezone())
    kept: list[str] = []
    with started(home, tmp_path / "log", "--no-jobs") as service, service.client() as client:
        pid = service.process.pid

        def post(number: int) -> httpx2.Response:
            answer = client.post("/api/v1/transactions", json=order(number))
            if answer.status_code == 201:
                kept.append(answer.json()["id"])
            return answer

        assert post(0).status_code == 201
        largest = max((home / name).stat().st_size for name in ("stopship.db-wal", "stopship.db-shm"))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest + 60_000, resource.RLIM_INFINITY))
        refused = [answer for number in range(1, 60) if (answer := post(number)).status_code != 201]
        assert refused
        for answer in refused:
            assert answer.status_code in (503, 507), answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert str(home) not in answer.text
        upload = client.post("/api/v1/jobs", files={"file": ("a.csv", b"name\n" + b"x\n" * 2_000_000)})
        assert upload.status_code in (503, 507), upload.text
        assert found(client) == (200, 0)
        assert client.get("/api/v1/cases").status_code == 200
        assert client.get(f"/api/v1/transactions/{kept[0]}").status_code == 200
        assert client.get("/readyz").status_code == 200
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert post(100).status_code == 201
        assert service.events("fault") == []
    now = datetime.now().astimezone()
    with closing(Workspace(home, today=now.date()).database()) as database:
        assert verify(home, database, now=now).sound
        with database.begin() as connection:
            recorded = set(connection.execute(select(screenings.c.reference)).scalars())
    assert set(kept) <= recorded
    assert not list((home / "jobs").glob("*/*"))
