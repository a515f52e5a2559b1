"""What the queue of jobs promises, on every database that it runs on."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stopship.errors import JobError, KeyUsed, UnknownJob
from stopship.jobs import JobFiles, Queue
from stopship.jobs.worker import Held, Stopped, TryAgain, Worker
from stopship.store import Database, audit
from stopship.store.jobs import Job

NOW = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
LEASE = timedelta(seconds=60)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def queue(database: Database, tmp_path: Path) -> Queue:
    return Queue(database, JobFiles(tmp_path / "jobs"))


def submit(queue: Queue, kind: str = "screen", **other: Any) -> Job:
    return queue.submit(kind, {"limit": 10}, **({"asked_by": "key:1", "now": NOW} | other))[0]


def actions(queue: Queue) -> list[tuple[str, str, str]]:
    with queue.database.begin() as connection:
        return [(row.actor, row.action, row.subject) for row in audit.rows(connection)]


def claim(queue: Queue, now: datetime = NOW, worker: str = "w", kinds: tuple[str, ...] = ("screen",)) -> Any:
    return queue.claim(worker=worker, kinds=kinds, now=now, lease=LEASE)


def test_a_job_is_queued_held_and_done_and_every_step_is_audited(queue: Queue) -> None:
    job = submit(queue)
    assert (job.state, job.asked_by, job.options, job.created) == ("queued", "key:1", {"limit": 10}, NOW)
    held = claim(queue)
    assert held.job.id == job.id and held.job.state == "running" and held.job.attempts == 1
    assert claim(queue) is None
    assert queue.renew(held, now=later(5), lease=LEASE, progress=(5, 10)) is False
    assert queue.get(job.id).to_plain()["progress"] == {"done": 5, "total": 10}
    assert queue.finish(held, "done", now=later(9), result={"rows": 10}, progress=(10, 10))
    ended = queue.get(job.id)
    assert (ended.state, ended.result, ended.finished, ended.done) == ("done", {"rows": 10}, later(9), 10)
    assert actions(queue) == [("key:1", "job.queued", "job:1"), ("system:jobs", "job.done", "job:1")]


def test_small_jobs_go_before_long_ones_and_each_kind_to_who_can_do_it(queue: Queue) -> None:
    first, second, quick = submit(queue), submit(queue), submit(queue, "digest")
    every = ("screen", "digest")
    assert [claim(queue, kinds=every).job.id for _ in range(3)] == [quick.id, first.id, second.id]
    submit(queue, "backup")
    assert claim(queue, kinds=every) is None


def test_no_job_is_held_twice(queue: Queue) -> None:
    for _ in range(12):
        submit(queue)

    def work(name: int) -> list[int]:
        mine = []
        while (held := claim(queue, worker=f"w{name}")) is not None:
            mine.append(held.job.id)
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [number for mine in pool.map(work, range(4)) for number in mine]
    assert sorted(taken) == list(range(1, 13))


def test_a_job_of_a_dead_worker_is_taken_up_again_and_its_word_no_longer_counts(queue: Queue) -> None:
    job = submit(queue)
    dead = claim(queue)
    assert claim(queue, later(60)) is None
    alive = claim(queue, later(61), "other")
    assert (alive.job.id, alive.job.crashes, alive.job.attempts) == (job.id, 1, 2)
    assert queue.renew(dead, now=later(62)) is None
    assert not queue.finish(dead, "done", now=later(62), result={})
    assert not queue.put_back(dead, not_before=later(62))
    assert queue.get(job.id).state == "running"
    assert queue.finish(alive, "done", now=later(63), result={})


def test_a_job_that_kills_its_workers_is_given_up(queue: Queue) -> None:
    job = submit(queue)
    other = submit(queue)
    for step in range(3):
        held = claim(queue, later(61 * step), f"w{step}")
        assert held.job.id == job.id
    assert claim(queue, later(61 * 3)).job.id == other.id
    failed = queue.get(job.id)
    assert failed.state == "failed" and failed.crashes == 3
    assert failed.error == "the process that did it died 3 times: it is not tried again"
    assert ("system:jobs", "job.failed", f"job:{job.id}") in actions(queue)


def test_the_same_key_gives_the_same_job(queue: Queue) -> None:
    files = queue.files
    one, two, three = files.begin(), files.begin(), files.begin()
    first, new = queue.submit("screen", {"a": 1}, asked_by="key:1", now=NOW, key="k", folder=one, digest="d1")
    assert new
    again, new = queue.submit("screen", {"a": 1}, asked_by="key:1", now=NOW, key="k", folder=two, digest="d1")
    assert (again.id, new) == (first.id, False)
    assert files.path(one, "x").parent.is_dir() and not files.path(two, "x").parent.exists()
    with pytest.raises(KeyUsed, match="stands for job 1"):
        queue.submit("screen", {"a": 1}, asked_by="key:1", now=NOW, key="k", folder=three, digest="other")
    other, new = queue.submit("screen", {"a": 1}, asked_by="key:2", now=NOW, key="k")
    assert new and other.id != first.id


def test_one_key_used_by_many_at_once_makes_one_job(queue: Queue) -> None:
    def ask(_: int) -> int:
        return queue.submit("screen", {}, asked_by="key:1", now=NOW, key="k")[0].id

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(12))) == {1}


def test_cancelling(queue: Queue) -> None:
    queued, running = submit(queue), submit(queue)
    assert queue.cancel(queued.id, actor="user:1", now=later(1)).state == "cancelled"
    held = claim(queue)
    assert held.job.id == running.id
    assert queue.cancel(running.id, actor="user:1", now=later(1)).state == "running"
    assert queue.renew(held, now=later(2)) is True
    assert queue.finish(held, "cancelled", now=later(3))
    with pytest.raises(JobError, match="is cancelled already"):
        queue.cancel(running.id, actor="user:1", now=later(4))
    with pytest.raises(UnknownJob, match="there is no job 99"):
        queue.cancel(99, actor="user:1", now=later(4))
    again = queue.retry(running.id, actor="user:1", now=later(5))
    assert (again.state, again.attempts, again.cancel_asked) == ("queued", 0, False)
    with pytest.raises(JobError, match="is queued"):
        queue.retry(running.id, actor="user:1", now=later(5))


def test_pages_go_back_in_time(queue: Queue) -> None:
    for n in range(5):
        submit(queue, asked_by=f"key:{n % 2}")
    first = queue.page(most=2)
    assert [job.id for job in first.jobs] == [5, 4] and first.before == 4
    second = queue.page(most=2, before=first.before)
    assert [job.id for job in second.jobs] == [3, 2]
    assert [job.id for job in queue.page(most=2, before=second.before).jobs] == [1]
    assert queue.page(most=2, before=second.before).before is None
    assert [job.id for job in queue.page(asked_by="key:1").jobs] == [4, 2]
    assert queue.page(states=("done",)).jobs == () and len(queue.page(kinds=("screen",)).jobs) == 5
    assert queue.counts() == {("screen", "queued"): 5}


def test_old_jobs_are_erased_with_their_files_and_open_ones_stay(queue: Queue) -> None:
    folder, stays = queue.files.begin(), queue.files.begin()
    queue.files.path(folder, "input.csv").write_text("name\nX\n")
    ended = submit(queue, folder=folder)
    queue.finish(claim(queue), "done", now=later(1), result={})
    submit(queue, folder=stays)
    assert queue.prune(later(2), actor="system:prune", now=later(3)) == 1
    assert not queue.files.path(folder, "x").parent.exists()
    assert queue.files.path(stays, "x").parent.is_dir()
    with pytest.raises(UnknownJob):
        queue.get(ended.id)
    assert submit(queue).id == 3, "a number is never given twice"
    assert actions(queue)[-2] == ("system:prune", "jobs.pruned", "jobs")


def test_a_folder_that_no_job_names_is_swept_when_it_is_old(queue: Queue) -> None:
    queue.files.begin()
    fresh = datetime.now(UTC)
    assert queue.files.sweep((), fresh) == 0
    assert queue.files.sweep((), fresh + timedelta(days=2)) == 1


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", "/etc/passwd"])
def test_a_file_of_a_job_lies_in_its_folder(queue: Queue, name: str) -> None:
    with pytest.raises(JobError):
        queue.files.path("folder", name)
    with pytest.raises(JobError):
        queue.files.path(name, "file")


# --- the worker ---------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def worker(queue: Queue, handler: Any, clock: Clock | None = None, **other: Any) -> Worker:
    return Worker(queue, {"screen": handler}, "test", clock or Clock(), **other)


def test_a_worker_does_what_is_queued_and_keeps_what_came_of_it(queue: Queue) -> None:
    said: list[tuple[str, dict[str, Any]]] = []

    def screen(job: Job, held: Held) -> dict[str, Any]:
        held.tell(3, 4)
        return {"limit": job.options["limit"]}

    one, two = submit(queue), submit(queue)
    assert worker(queue, screen, say=lambda e, d: said.append((e, dict(d)))).run_all() == 2
    assert queue.get(one.id).result == {"limit": 10} and queue.get(two.id).done == 3
    assert said[0] == ("job.begun", {"job": 1, "kind": "screen", "attempt": 1})
    assert said[1] == ("job.ended", {"job": 1, "kind": "screen", "state": "done"})


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (JobError("no column name", where="x.csv"), "x.csv: no column name"),
        (ZeroDivisionError("by zero"), "a fault of ours: ZeroDivisionError: by zero"),
    ],
)
def test_a_job_that_fails_says_why_and_leaves_the_others(queue: Queue, raised: Exception, error: str) -> None:
    def screen(job: Job, held: Held) -> dict[str, Any]:
        if job.id == 1:
            raise raised
        return {}

    submit(queue)
    submit(queue)
    assert worker(queue, screen).run_all() == 2
    assert (queue.get(1).state, queue.get(1).error) == ("failed", error)
    assert queue.get(2).state == "done"


def test_what_may_pass_is_tried_again_later_and_not_for_ever(queue: Queue) -> None:
    clock = Clock()

    def screen(job: Job, held: Held) -> dict[str, Any]:
        raise TryAgain("the server is down", after=10, most=3)

    submit(queue)
    busy = worker(queue, screen, clock)
    assert busy.run_all() == 1
    waits = queue.get(1)
    assert (waits.state, waits.not_before, waits.error) == ("queued", later(10), "the server is down")
    for _ in range(2):
        clock.now += timedelta(seconds=10)
        assert busy.run_all() == 1
    assert queue.get(1).state == "failed"
    assert queue.get(1).error == "the server is down (tried 3 times)"


def test_a_running_job_stops_when_it_is_cancelled(queue: Queue) -> None:
    clock = Clock()

    def screen(job: Job, held: Held) -> dict[str, Any]:
        queue.cancel(job.id, actor="user:1", now=clock.now)
        held.tell(1)
        raise AssertionError("it should have ended")

    submit(queue)
    worker(queue, screen, clock).run_all()
    assert queue.get(1).state == "cancelled"


def test_a_worker_that_ends_puts_its_job_back_without_counting_it(queue: Queue) -> None:
    stop = threading.Event()

    def screen(job: Job, held: Held) -> dict[str, Any]:
        stop.set()
        held.tell(1)
        raise AssertionError("it should have ended")

    submit(queue)
    worker(queue, screen, stop=stop).run()
    assert (queue.get(1).state, queue.get(1).attempts, queue.get(1).crashes) == ("queued", 0, 0)


def test_a_worker_that_lost_its_lease_is_told_and_its_result_thrown_away(queue: Queue) -> None:
    clock = Clock()

    def screen(job: Job, held: Held) -> dict[str, Any]:
        clock.now = later(100)
        assert claim(queue, clock.now, "other").job.id == job.id
        with pytest.raises(Stopped, match="lost"):
            held.tell(1)
        return {"of": "the first"}

    submit(queue)
    worker(queue, screen, clock).run_all()
    assert (queue.get(1).state, queue.get(1).result, queue.get(1).worker) == ("running", None, "other")


def test_a_silent_handler_keeps_its_lease(queue: Queue) -> None:
    def screen(job: Job, held: Held) -> dict[str, Any]:
        threading.Event().wait(1.2)
        assert queue.claim(worker="other", kinds=("screen",), now=datetime.now(UTC)) is None
        return {}

    queue.submit("screen", {}, asked_by="key:1", now=datetime.now(UTC))
    work = Worker(queue, {"screen": screen}, "test", lambda: datetime.now(UTC), lease=timedelta(seconds=1))
    assert work.run_all() == 1
    assert queue.get(1).state == "done"


def test_a_tick_that_fails_doesn_t_keep_jobs_from_being_done(queue: Queue) -> None:
    said: list[str] = []

    def tick(now: datetime) -> None:
        raise JobError("no such plan")

    submit(queue)
    assert worker(queue, lambda *_: {}, ticks=(tick,), say=lambda event, _: said.append(event)).run_all() == 1
    assert "schedule.trouble" in said and queue.get(1).state == "done"
