"""A kill at any moment, or a full disk: nothing that was acknowledged is lost, nothing is half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from tests.receiver import Receiver, receiving

from stopship.app.backup import restore, write_backup
from stopship.app.jobs.submit import result_file, submit_file
from stopship.app.jobs.work import choose, queue_of, work
from stopship.app.workspace import UNFINISHED, Workspace
from stopship.errors import StateError
from stopship.jobs import Queue
from stopship.jobs.addresses import Allowed
from stopship.jobs.endpoints import Endpoints
from stopship.store import audit, webhooks
from stopship.store.database import migrations

ROOT = Path(__file__).resolve().parents[2]
ROWS = 9_000
"""Rows of three parts."""

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="no such signals there"),
]


def now(after: float = 0) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=after)


@contextmanager
def queue(home: Path) -> Iterator[Queue]:
    with closing(Workspace(home, today=now().date()).database()) as database:
        yield queue_of(home, database)


def child(home: Path, act: str, step: str, *more: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "STOPSHIP_DEBUG"}
    return subprocess.run(
        [sys.executable, "-m", "tests.journeys.work_to_kill", str(home), act, step, *map(str, more)],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def killed(home: Path, act: str, step: str) -> None:
    done = child(home, act, step)
    assert done.returncode == -signal.SIGKILL, (done.returncode, done.stderr)


def go_on(home: Path, after: float = 61.0) -> None:
    """The next worker, when the lease of the dead one has run out."""
    work(
        home,
        chosen=choose((), ()),
        stop=threading.Event(),
        say=lambda _event, _details: None,
        once=True,
        clock=lambda: now(after),
    )


def chain_holds(home: Path) -> list[str]:
    """The actions of the audit record, each row of which was held against its hashes."""
    with queue(home) as opened, opened.database.begin() as connection:
        previous, seq, actions = audit.FIRST, 0, []
        for row in audit.rows(connection):
            parts = (row.seq, row.moment, row.actor, row.action, row.subject, row.content_hash, row.previous)
            assert (row.seq, row.previous, row.hash) == (seq + 1, previous, audit.row_digest(*parts))
            assert audit.content_digest(row.salt or "", row.content or "") == row.content_hash
            previous, seq = row.hash, row.seq
            actions.append(row.action)
        assert audit.head(connection) == audit.Head(seq, previous)
    return actions


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("STOPSHIP_DATABASE_URL", raising=False)
    made = tmp_path / "home"
    made.mkdir()
    (made / "settings.yaml").write_text("webhooks: {loopback: yes}\njobs: {processes: 1}\n")
    return made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def back_up(home: Path, out: Path) -> None:
    space = Workspace(home, today=now().date())
    with closing(space.database()) as database:
        write_backup(space, out, database=database, now=now())


def screening(home: Path) -> int:
    lines = ["id,name", *(f"{n},{'Hikvision' if n % 3 == 0 else f'Nobody {n} GmbH'}" for n in range(ROWS))]
    with queue(home) as opened:
        content = [("\n".join(lines) + "\n").encode()]
        return submit_file(opened, "screen", content, "p.csv", {}, asked_by="cli:test", now=now())[0].id


@pytest.mark.parametrize("step", ["claimed", "a part is there", "joined", "ended, not committed"])
def test_a_screening_that_is_killed_is_taken_up_and_done_once(home: Path, step: str) -> None:
    number = screening(home)
    killed(home, "work", step)
    with queue(home) as opened:
        assert opened.get(number).state == "running"
    go_on(home)
    with queue(home) as opened:
        job = opened.get(number)
        assert (job.state, job.error, job.crashes, job.attempts) == ("done", None, 1, 2)
        assert job.result is not None
        assert (job.result["rows"], job.result["hit"]) == (ROWS, ROWS // 3)
        assert (job.result["resumed_rows"] > 0) == (step == "a part is there")
        assert len(result_file(opened, number).read_bytes().splitlines()) == ROWS
    assert chain_holds(home).count("job.done") == 1


@pytest.mark.parametrize("step", ["claimed", "sent", "ended, not committed"])
def test_a_delivery_that_is_killed_is_made_with_the_same_id(home: Path, receiver: Receiver, step: str) -> None:
    with queue(home) as opened:
        Endpoints(opened.database, Allowed(loopback=True)).add(receiver.url, actor="cli:test", now=now())
        with opened.database.write() as connection:
            message = webhooks.emit(connection, event="case.closed", subject="case:1", data={}, now=now())
    killed(home, "work", step)
    go_on(home)
    with queue(home) as opened:
        (job,) = opened.page(kinds=("webhook",)).jobs
    assert job.state == "done"
    # At least once: a receiver tells by the id that it has this one.
    assert {headers["webhook-id"] for headers, _ in receiver.got} == {message}
    assert len(receiver.got) == (1 if step == "claimed" else 2)
    chain_holds(home)


def test_a_change_that_is_killed_before_it_counts_is_not_there_and_nor_is_its_row(home: Path) -> None:
    with queue(home) as opened:
        opened.submit("backup", {}, asked_by="cli:test", now=now())
    before = chain_holds(home)
    killed(home, "work", "audited, not committed")
    assert chain_holds(home) == before
    with queue(home) as opened:
        assert opened.get(1).state == "running"
    go_on(home)
    with queue(home) as opened:
        assert opened.get(1).state == "failed", "no folder is set"


def test_a_job_that_kills_its_worker_three_times_is_given_up(home: Path) -> None:
    number = screening(home)
    for time in range(3):
        killed(home, "work", "claimed")
        with queue(home) as opened, opened.database.begin() as connection:
            assert opened.get(number).crashes == time
            connection.execute(text("UPDATE jobs SET leased_until = '2020-01-01 00:00:00.000000'"))
    go_on(home)
    with queue(home) as opened:
        job = opened.get(number)
    assert job.state == "failed" and "died 3 times" in str(job.error)
    assert chain_holds(home)[-1] == "job.failed"


@pytest.mark.parametrize("step", ["rows are written", "all is written"])
def test_a_backup_that_is_killed_is_not_there(home: Path, tmp_path: Path, step: str) -> None:
    out = tmp_path / "b.zip"
    killed(home, "backup", f"{step}={out}")
    assert not out.exists()
    back_up(home, out)
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
    restore(out, tmp_path / "new", actor="cli:test", now=now())
    assert chain_holds(tmp_path / "new") == [*chain_holds(home), "backup.restored"]


@pytest.mark.parametrize("step", ["a table is loaded", "before it takes its place", "in its place"])
def test_a_restore_that_is_killed_leaves_the_home_of_before_or_the_new_one(
    home: Path, tmp_path: Path, step: str
) -> None:
    out = tmp_path / "b.zip"
    back_up(home, out)
    with queue(home) as opened:
        opened.submit("backup", {}, asked_by="cli:later", now=now())
    killed(home, "restore", f"{step}={out}")
    assert chain_holds(home) == ["backup.restored" if step == "in its place" else "job.queued"]
    restore(out, home, actor="cli:test", now=now(1), replace=True)
    assert chain_holds(home) == ["backup.restored"]


def test_a_migration_that_is_killed_leaves_the_database_as_it_was(empty_database_url: str, tmp_path: Path) -> None:
    config = migrations()
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(text("UPDATE audit_head SET seq = 0"))
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.yaml").write_text(f"database: {empty_database_url}\n")
    killed(home, "open", "a table is made")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0002"
        with pytest.raises(Exception, match="schedules"):
            connection.execute(text("SELECT * FROM schedules"))
    engine.dispose()
    assert child(home, "open", "").returncode == 0
    assert chain_holds(home) == []


def test_a_restore_into_a_database_of_its_own_that_is_killed_between_the_two_says_so(
    home: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = request.getfixturevalue("postgresql")
    name = server.fresh()
    out = tmp_path / "b.zip"
    back_up(home, out)
    monkeypatch.setenv("STOPSHIP_DATABASE_URL", server.url(name))
    new = tmp_path / "new"
    killed(new, "restore", f"in its place={out}")
    assert (new / UNFINISHED).exists()
    with pytest.raises(StateError, match="was interrupted"):
        Workspace(new, today=now().date()).database()
    restore(out, new, actor="cli:test", now=now(), replace=True)
    assert chain_holds(new) == ["backup.restored"]
    server.drop(name)


def test_a_full_disk_fails_the_job_with_the_reason_and_it_can_be_done_again(home: Path) -> None:
    number = screening(home)
    done = child(home, "work", "", 600_000)
    assert done.returncode == 0, done.stderr
    with queue(home) as opened:
        job = opened.get(number)
        assert job.state == "failed" and "can't be written" in str(job.error)
        opened.retry(number, actor="cli:test", now=now())
    go_on(home)
    with queue(home) as opened:
        assert opened.get(number).state == "done"
    assert chain_holds(home) == ["job.queued", "job.failed", "job.queued_again", "job.done"]


def test_a_full_disk_leaves_no_half_a_backup(home: Path, tmp_path: Path) -> None:
    (home / "packed.gz").write_bytes(os.urandom(300_000))
    with queue(home) as opened:
        opened.submit("prune", {}, asked_by="cli:test", now=now())
    out = tmp_path / "b.zip"
    done = child(home, "backup", f"={out}", 250_000)
    assert done.returncode != 0 and "the backup can't be written: File too large" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_full_disk_under_the_database_refuses_the_change(home: Path) -> None:
    with queue(home) as opened:
        opened.submit("prune", {}, asked_by="cli:test", now=now())
    before = chain_holds(home)
    done = child(home, "work", "", 4_096)
    assert done.returncode != 0
    assert chain_holds(home) == before
    go_on(home)
    with queue(home) as opened:
        assert opened.get(1).state == "done"
