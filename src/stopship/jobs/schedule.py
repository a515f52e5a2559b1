"""The schedule: queues the jobs that are due, each once, whoever and however many look.

When each is due next stands in the database and is moved on in the transaction that queues its job. So a restart
forgets nothing, two processes never queue one run twice, and runs that were missed while nobody looked are made up
for by one. A run is not queued while the job of the one before is still open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from stopship.jobs.plan import Plan
from stopship.jobs.queue import queue_job
from stopship.store import Database, jobs, schedules
from stopship.store.schedules import Scheduled


@dataclass(frozen=True, slots=True)
class Entry:
    """One schedule: its name, which is also the kind of job, when, and the job's options."""

    name: str
    plan: Plan
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def asked_by(self) -> str:
        """Who asks for its jobs."""
        return f"schedule:{self.name}"


class Schedule:
    """What is done again and again.

    Args:
        database: where it is noted.
        entries: what the settings say, each name once.
    """

    def __init__(self, database: Database, entries: tuple[Entry, ...]) -> None:
        self.database = database
        self.entries = entries
        self._known = False

    def tick(self, now: datetime) -> list[int]:
        """Queue what is due; the numbers of the jobs.

        Args:
            now: this moment, timezone-aware.
        """
        if not self._known:
            self._take_over(now)
            self._known = True
        by_name = {entry.name: entry for entry in self.entries}
        with self.database.begin() as connection:
            due = [one for one in schedules.all_of(connection) if one.next_due <= now and one.name in by_name]
        # A process with newer settings may have noted another plan: then the run is that one's.
        due = [one for one in due if one.plan == by_name[one.name].plan.text]
        queued = []
        for one in due:
            number = self._run(by_name[one.name], one, now)
            if number is not None:
                queued.append(number)
        return queued

    def follow(self, name: str, now: datetime) -> list[int]:
        """Queue what follows a schedule whose job has changed something; the numbers of the jobs."""
        queued = []
        for entry in self.entries:
            if entry.plan.after == name:
                with self.database.write() as connection:
                    if not jobs.is_open(connection, kind=entry.name, asked_by=entry.asked_by):
                        options = entry.options
                        job = queue_job(connection, entry.name, options, asked_by=entry.asked_by, now=now)
                        queued.append(job.id)
        return queued

    def states(self, now: datetime) -> list[dict[str, Any]]:
        """One dict a schedule, for people: when it is due next, when it was last, with which job."""
        self._take_over(now)
        return self.planned(now)

    def planned(self, now: datetime) -> list[dict[str, Any]]:
        """As `states`, by looking only: of a plan that no worker has noted yet, when it would be due."""
        with self.database.begin() as connection:
            noted = {one.name: one for one in schedules.all_of(connection)}
            found = []
            for entry in self.entries:
                one = noted.get(entry.name)
                state = _state(entry, one, connection)
                if (one is None or one.plan != entry.plan.text) and entry.plan.after is None:
                    due = entry.plan.next_after(now)
                    state["next"] = due.isoformat() if due is not None else None
                found.append(state)
            return found

    def _take_over(self, now: datetime) -> None:
        """Note what is new or has another plan, forget what the settings no longer have."""
        timed = {entry.name: entry for entry in self.entries if entry.plan.after is None}
        with self.database.begin() as connection:
            noted = {one.name: one.plan for one in schedules.all_of(connection)}
        if noted == {name: entry.plan.text for name, entry in timed.items()}:
            return
        with self.database.write() as connection:
            noted = {one.name: one.plan for one in schedules.all_of(connection)}
            for name, entry in timed.items():
                if noted.get(name) != entry.plan.text:
                    due = entry.plan.next_after(now)
                    assert due is not None
                    schedules.put(connection, name, entry.plan.text, due)
            schedules.keep_only(connection, timed.keys())

    def _run(self, entry: Entry, due: Scheduled, now: datetime) -> int | None:
        following = entry.plan.next_after(now)
        assert following is not None
        with self.database.write() as connection:
            if not schedules.move_on(connection, due, following):
                return None  # another process was quicker, or the plan has changed
            if jobs.is_open(connection, kind=entry.name, asked_by=entry.asked_by):
                return None
            job = queue_job(connection, entry.name, entry.options, asked_by=entry.asked_by, now=now)
            schedules.note_job(connection, entry.name, job.id)
            return job.id


def _state(entry: Entry, noted: Scheduled | None, connection: Any) -> dict[str, Any]:
    last = jobs.find(connection, noted.last_job) if noted is not None and noted.last_job is not None else None
    return {
        "name": entry.name,
        "plan": entry.plan.text,
        "next": noted.next_due.isoformat() if noted else None,
        "last": noted.last_due.isoformat() if noted and noted.last_due else None,
        "last_job": last.id if last else None,
        "last_state": last.state if last else None,
    }
