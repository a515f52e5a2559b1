"""What the schedule promises, on every database that it runs on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stopship.jobs import JobFiles, Queue
from stopship.jobs.plan import read_plan
from stopship.jobs.schedule import Entry, Schedule
from stopship.store import Database

NOW = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)


def entry(name: str, text: str) -> Entry:
    return Entry(name, read_plan(text, "UTC", name), {"of": name})


@pytest.fixture
def queue(database: Database, tmp_path: Path) -> Queue:
    return Queue(database, JobFiles(tmp_path / "jobs"))


def finish_all(queue: Queue, now: datetime) -> None:
    while (held := queue.claim(worker="w", kinds=("backup", "digest", "rescreen"), now=now)) is not None:
        queue.finish(held, "done", now=now)


def test_what_is_due_is_queued_once_and_then_again_by_its_plan(queue: Queue) -> None:
    schedule = Schedule(queue.database, (entry("backup", "daily at 08:00"), entry("digest", "every 1h")))
    assert schedule.tick(NOW) == []
    (number,) = schedule.tick(NOW + timedelta(minutes=30))
    job = queue.get(number)
    assert (job.kind, job.asked_by, job.options) == ("backup", "schedule:backup", {"of": "backup"})
    assert schedule.tick(NOW + timedelta(minutes=31)) == []
    assert [queue.get(n).kind for n in schedule.tick(NOW + timedelta(hours=1))] == ["digest"]
    finish_all(queue, NOW + timedelta(hours=1))
    (again,) = [n for n in schedule.tick(NOW + timedelta(hours=24, minutes=30)) if queue.get(n).kind == "backup"]
    assert again != number


def test_runs_that_were_missed_are_made_up_for_by_one_also_after_a_restart(queue: Queue) -> None:
    entries = (entry("backup", "daily at 08:00"),)
    Schedule(queue.database, entries).tick(NOW)
    week = NOW + timedelta(days=7)
    restarted = Schedule(queue.database, entries)
    assert len(restarted.tick(week)) == 1
    finish_all(queue, week)
    assert restarted.tick(week + timedelta(minutes=1)) == []
    (state,) = restarted.states(week)
    assert (state["next"], state["last_state"]) == ("2026-12-03T08:00:00+00:00", "done")


def test_a_run_is_not_queued_while_the_one_before_is_open(queue: Queue) -> None:
    schedule = Schedule(queue.database, (entry("digest", "every 1h"),))
    schedule.tick(NOW)
    assert len(schedule.tick(NOW + timedelta(hours=1))) == 1
    assert schedule.tick(NOW + timedelta(hours=2)) == []
    finish_all(queue, NOW + timedelta(hours=2))
    assert len(schedule.tick(NOW + timedelta(hours=3))) == 1


def test_many_processes_that_look_at_once_queue_one_job(queue: Queue) -> None:
    entries = (entry("backup", "daily at 08:00"),)
    Schedule(queue.database, entries).tick(NOW)

    def look(_: int) -> list[int]:
        return Schedule(queue.database, entries).tick(NOW + timedelta(hours=1))

    with ThreadPoolExecutor(6) as pool:
        queued = [number for some in pool.map(look, range(12)) for number in some]
    assert len(queued) == 1 and len(queue.page().jobs) == 1


def test_another_plan_is_reckoned_anew_and_one_that_is_gone_is_forgotten(queue: Queue) -> None:
    Schedule(queue.database, (entry("backup", "every 1h"), entry("digest", "every 1h"))).tick(NOW)
    changed = Schedule(queue.database, (entry("backup", "every 5h"),))
    assert changed.tick(NOW + timedelta(hours=2)) == []
    assert [state["name"] for state in changed.states(NOW)] == ["backup"]
    assert len(changed.tick(NOW + timedelta(hours=7))) == 1


def test_what_follows_another_schedule_is_queued_when_that_has_changed_something(queue: Queue) -> None:
    schedule = Schedule(queue.database, (entry("rescreen", "after lists_update"),))
    assert schedule.tick(NOW) == []
    (number,) = schedule.follow("lists_update", NOW)
    assert queue.get(number).kind == "rescreen"
    assert schedule.follow("lists_update", NOW) == []
    assert schedule.follow("backup", NOW) == []
    finish_all(queue, NOW)
    assert len(schedule.follow("lists_update", NOW)) == 1
