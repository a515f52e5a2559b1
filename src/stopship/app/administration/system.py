"""The state of the machine as an administrator reads it: what `stopship doctor` says, whether jobs are done, what
is planned, who is told by webhooks, when a backup was last made, how much room is left."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from stopship.app.jobs.alive import GONE_AFTER, last_sign
from stopship.app.jobs.settings import JobSettings, read_job_settings
from stopship.app.jobs.work import endpoints_of, queue_of, schedule_of
from stopship.app.status import examine
from stopship.app.workspace import Workspace
from stopship.errors import StopshipError
from stopship.store import Database, jobs
from stopship.store.jobs import Job
from stopship.store.webhooks import Endpoint

FEW = 5
LATE = timedelta(minutes=5)
"""A job that is due for so long and is not begun waits for a worker that isn't there."""
LOW_SHARE, LOW_BYTES = 0.05, 2_000_000_000
"""Room on the disk is low when both less than this share and less than so many bytes are free."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """The queue of jobs. `sign`: when a worker last gave a sign of life; `alive`: whether that is a minute ago at
    most, or a job is being done; `late`: the oldest job that waits too long."""

    alive: bool
    sign: datetime | None
    counts: Mapping[str, int]
    late: Job | None
    failed: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Disk:
    """Room on the disk that the home lies on, in bytes."""

    free: int
    whole: int

    @property
    def low(self) -> bool:
        return self.free < LOW_SHARE * self.whole and self.free < LOW_BYTES


@dataclass(frozen=True, slots=True)
class State:
    """All of it. `doctor` is what `stopship doctor --json` says; `trouble`: what is wrong with job settings.

    `backup` is the last scheduled backup that was made, None where none is known of; `backup_folder` is empty
    where none is set up.
    """

    doctor: Mapping[str, Any]
    database: str
    jobs: Jobs
    schedule: tuple[Mapping[str, Any], ...]
    endpoints: tuple[Endpoint, ...]
    undelivered: int
    backup: Job | None
    backup_folder: str
    disk: Disk | None
    trouble: str

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, as `stopship doctor` and the settings of jobs say it."""
        return (*self.doctor["problems"], *((self.trouble,) if self.trouble else ()))


def state_of(workspace: Workspace, database: Database, *, now: datetime) -> State:
    """The state of a home.

    Args:
        workspace: the home.
        database: its database, open.
        now: this moment, timezone-aware.
    """
    trouble = ""
    try:
        settings = read_job_settings(workspace.home)
    except StopshipError as bad:
        settings, trouble = JobSettings(), str(bad)
    endpoints = endpoints_of(database, settings)
    queue = queue_of(workspace.home, database)
    return State(
        doctor=examine(workspace, database),
        database=_database(database),
        jobs=_jobs(workspace.home, database, now),
        schedule=tuple(schedule_of(database, settings).planned(now)) if not trouble else (),
        endpoints=endpoints.all(),
        undelivered=len(endpoints.dead()),
        backup=queue.last_done("backup"),
        backup_folder=str(settings.backup.folder) if settings.backup is not None else "",
        disk=_disk(workspace.home),
        trouble=trouble,
    )


def _jobs(home: Path, database: Database, now: datetime) -> Jobs:
    sign = last_sign(home, now)
    with database.begin() as connection:
        counts: dict[str, int] = {}
        for (_kind, state), number in jobs.counts(connection).items():
            counts[state] = counts.get(state, 0) + number
        held = jobs.is_held(connection, now)
        late = jobs.oldest_due(connection, now - LATE)
        failed = jobs.page(connection, states=(jobs.FAILED,), most=FEW)
    alive = held or (sign is not None and now - sign <= GONE_AFTER)
    return Jobs(alive, sign, counts, late, failed)


def _database(database: Database) -> str:
    """Which database it is, without a password."""
    url = database.engine.url
    if url.get_backend_name() == "sqlite":
        return f"SQLite, {url.database}"
    return f"PostgreSQL, {url.set(password=None, username=None, query={}).render_as_string(hide_password=True)}"


def _disk(home: Path) -> Disk | None:
    try:
        usage = shutil.disk_usage(home)
    except OSError:
        return None
    return Disk(usage.free, usage.total)
