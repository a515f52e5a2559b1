"""What one server process holds, wired: the lists, the database, who is let in, the queue of jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from stopship.app.access import Access
from stopship.app.access_settings import read_access_settings
from stopship.app.service.engine import Engine, Reloaded
from stopship.app.service.gate import Gate, KeyGate, OpenGate
from stopship.app.service.once import Once
from stopship.app.service.settings import ServiceSettings
from stopship.app.settings import resolve_home
from stopship.app.workspace import Workspace
from stopship.jobs import JobFiles, Queue
from stopship.store import Database

JOBS = "jobs"


@dataclass(frozen=True)
class Server:
    """The parts of a server. `open_to_all`: it asks for no key, and answers this machine only."""

    home: Path
    settings: ServiceSettings
    now: Callable[[], datetime]
    engine: Engine
    database: Database
    gate: Gate
    once: Once
    queue: Queue
    open_to_all: bool

    async def close(self) -> None:
        """Stop watching the lists and close the database; calls under way were done before."""
        await self.engine.close()
        self.database.close()


def this_moment() -> datetime:
    """The moment, with its zone."""
    return datetime.now(UTC)


def make_server(
    settings: ServiceSettings,
    *,
    open_to_all: bool = False,
    workers: int = 1,
    now: Callable[[], datetime] = this_moment,
    told: Callable[[Reloaded], None] = lambda _done: None,
) -> Server:
    """Wire a server for a home. The lists are not opened yet: `engine.open` does that.

    Args:
        settings: of the service.
        open_to_all: ask for no key.
        workers: how many processes serve, and so share the rates of keys.
        now: tells the moment.
        told: is told of every reload.

    Raises:
        SettingsError: the home is no folder.
        DatabaseFileError: the database can't be used.
    """
    home = resolve_home(settings.home)
    access_settings = read_access_settings(home)
    database = Workspace(home, today=now().astimezone().date()).database()
    access = Access(database, access_settings, workers)
    return Server(
        home=home,
        settings=settings,
        now=now,
        engine=Engine(home, now, watch_seconds=settings.watch_seconds, told=told),
        database=database,
        gate=OpenGate() if open_to_all else KeyGate(access),
        once=Once(database),
        queue=Queue(database, JobFiles(home / JOBS)),
        open_to_all=open_to_all,
    )
