"""The worker, wired: what does jobs in `stopship work` and in the process that `serve` keeps beside itself."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stopship.app.jobs.alive import sign_of_life
from stopship.app.jobs.kinds import Wired, handlers
from stopship.app.jobs.news import news_of, reminding
from stopship.app.jobs.settings import JobSettings, read_job_settings
from stopship.app.service.settings import ServiceSettings
from stopship.app.workspace import Workspace
from stopship.errors import SettingsError
from stopship.jobs import KINDS, JobFiles, Queue
from stopship.jobs.delivery import Courier
from stopship.jobs.endpoints import Endpoints
from stopship.jobs.schedule import Schedule
from stopship.jobs.telling import Teller
from stopship.jobs.worker import Handler, Say, Worker
from stopship.store import Database, webhooks

FOLDER = "jobs"


def queue_of(home: Path, database: Database) -> Queue:
    """The queue of a home: what callers submit to, and what they ask for the state of a job."""
    return Queue(database, JobFiles(home / FOLDER))


def schedule_of(database: Database, settings: JobSettings) -> Schedule:
    """The schedule of a home."""
    return Schedule(database, settings.schedule)


def endpoints_of(database: Database, settings: JobSettings) -> Endpoints:
    """The endpoints of a home."""
    return Endpoints(database, settings.webhooks.allowed)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The kinds of jobs that a worker does. Empty `only`: all but those of `but`."""

    only: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()

    def __contains__(self, kind: str) -> bool:
        return (not self.only or kind in self.only) and kind not in self.but


def choose(only: Collection[str], but: Collection[str]) -> Chosen:
    """Kinds by their names.

    Raises:
        SettingsError: one is unknown.
    """
    for kind in (*only, *but):
        if kind not in KINDS:
            raise SettingsError(f"no kind of job is called {kind!r}", hint=f"Known: {', '.join(KINDS)}")
    return Chosen(frozenset(only), frozenset(but))


def work(
    home: Path,
    *,
    chosen: Chosen,
    stop: threading.Event,
    say: Say,
    once: bool = False,
    clock: Callable[[], datetime] | None = None,
    settings: JobSettings | None = None,
) -> int:
    """Do jobs until `stop` is set, or with `once` until none is due; how many were done with `once`.

    Raises:
        SettingsError: the settings can't be read.
        DatabaseFileError: the database can't be opened.
    """
    moment = clock or now
    given = settings if settings is not None else read_job_settings(home)
    space = _space(home, moment)
    with closing(space().database()) as database:
        worker = worker_of(home, database, given, chosen=chosen, stop=stop, say=say, clock=moment)
        say("worker.ready", {"worker": worker.name, "kinds": sorted(worker.handlers)})
        if once:
            return worker.run_all()
        worker.run()
        say("worker.ended", {"worker": worker.name})
    return 0


def worker_of(
    home: Path,
    database: Database,
    settings: JobSettings,
    *,
    chosen: Chosen,
    stop: threading.Event,
    say: Say,
    clock: Callable[[], datetime],
) -> Worker:
    """A worker of a home."""
    space = _space(home, clock)
    queue, schedule = queue_of(home, database), schedule_of(database, settings)
    wired = Wired(space, queue, schedule, settings, clock, news_of(space, queue), reminding(space, queue))
    doing: Mapping[str, Handler] = {
        **handlers(wired),
        webhooks.DELIVERY: Courier(database, settings.webhooks, clock),
    }
    name = f"{socket.gethostname()}:{os.getpid()}"[:200]
    return Worker(
        queue,
        {kind: handler for kind, handler in doing.items() if kind in chosen},
        name,
        clock,
        ticks=(sign_of_life(home, name), schedule.tick, Teller(database).tick),
        stop=stop,
        say=say,
    )


def now() -> datetime:
    """This moment, with its zone."""
    return datetime.now(UTC)


def say_json(event: str, details: Mapping[str, Any]) -> None:
    """A line of JSON on stderr: what happened, with numbers of jobs and no personal data."""
    import orjson

    line = {"at": now().isoformat(timespec="milliseconds"), "event": event, **details}
    sys.stderr.write(orjson.dumps(line).decode() + "\n")
    sys.stderr.flush()


def say_text(event: str, details: Mapping[str, Any]) -> None:
    """The same as a line for whoever looks on."""
    told = ", ".join(f"{name} {value}" for name, value in details.items())
    sys.stderr.write(" ".join(f"stopship: worker, {event}: {told}".split()) + "\n")
    sys.stderr.flush()


def say_as(settings: ServiceSettings) -> Say:
    """How a worker tells what it does, by the settings of logs. Trouble has an `error` with it; that alone is told
    from the level `warning` on."""
    say = say_json if settings.log_format == "json" else say_text

    def trouble(event: str, details: Mapping[str, Any]) -> None:
        if "error" in details:
            say(event, details)

    return say if settings.log_level in ("debug", "info") else trouble


def _space(home: Path, clock: Callable[[], datetime]) -> Callable[[], Workspace]:
    """Makes the workspace of the day that it is here, each time anew: a worker lives longer than a day."""
    return lambda: Workspace(home, today=clock().astimezone().date())
