"""Runs enrollments and re-screenings that end by SIGKILL at a named step, each in a child of its own; prints one
JSON line a step.

    python -m tests.journeys.rescreen_to_kill HOME CUSTOMERS LIST

In HOME the first list is in use, and nothing is enrolled; LIST is the next one. What is told of a step: how the
child ended, what then serves, and what the next run made of it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.journeys.small_lists import small_catalogue

import stopship.app.monitoring.rescreen as monitoring
import stopship.app.monitoring.rows as rows_module
from stopship.app.workspace import Workspace
from stopship.bulk.parts import Parts
from stopship.cli import run
from stopship.matching import Index
from stopship.monitor.files import PortfolioFiles
from stopship.sources import catalogue as catalogue_module
from stopship.store import Database, matches, portfolios, runs

NOW = datetime.now(UTC).replace(microsecond=0)
NAME = "north"
# What dies, and whether before or after the call.
BOTH: dict[str, tuple[Any, str, bool]] = {
    "before the first part": (Parts, "add", True),
    "a part is kept": (Parts, "add", False),
    "screened": (monitoring, "screen_rows", False),
    "before what is known is written": (PortfolioFiles, "write_state", True),
    "it is written, not named": (monitoring, "_write_state", False),
    "before the database": (monitoring, "record", True),
    "the portfolio is put": (portfolios, "put", False),
    "customers are kept": (portfolios, "keep_customers", False),
    "matches are written": (matches, "write", False),
    "before the run is noted": (runs, "add", True),
    "the run is noted": (runs, "add", False),
    "what was found is kept": (PortfolioFiles, "keep_events", False),
    "the database has it": (monitoring, "record", False),
    "before old files are removed": (PortfolioFiles, "keep_only", True),
    "old files are removed": (PortfolioFiles, "keep_only", False),
    "before it is told": (monitoring, "told", True),
}
ENROLL = {
    "before the first row": (monitoring, "take_in", True),
    "taken in": (monitoring, "take_in", False),
    "words are read": (monitoring, "learn_words", False),
    "before the customers have their name": (PortfolioFiles, "finish", True),
    "the customers have their name": (PortfolioFiles, "finish", False),
} | BOTH
RESCREEN = {
    "what has changed is known": (monitoring, "change_between", False),
    "the index of that is built": (Index, "build", False),
    "it is written": (Index, "write", False),
    "the touched are found": (monitoring, "touched_rows", False),
    "before the state has its name": (PortfolioFiles, "finish", True),
    "matches are closed": (matches, "close", False),
} | BOTH


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(owner: Any, name: str, before: bool) -> None:
    """Let the process die before or after the call."""
    original: Callable[..., Any] = getattr(owner, name)

    def armed(*args: Any, **kwargs: Any) -> Any:
        if before:
            die()
        original(*args, **kwargs)
        die()

    setattr(owner, name, armed)


def plain(done: Any, space: Workspace) -> list[Any]:
    """What a run found, told."""
    found = sorted((e.what, e.customer, e.hit["entity_id"], round(e.hit["score"], 4)) for e in done.events)
    monitoring.told(space, done)
    return [list(one) for one in found]


def enroll(home: Path, customers: Path) -> list[Any]:
    space = Workspace(home, today=NOW.date())
    return plain(monitoring.enroll(space, customers, NAME, now=NOW, processes=1, until_told=True), space)


def rescreen(home: Path, _customers: Path) -> list[Any]:
    space = Workspace(home, today=NOW.date())
    return plain(monitoring.rescreen(space, NAME, now=NOW, processes=1, until_told=True), space)


def serving(home: Path) -> dict[str, Any]:
    """What the database and the files say now; the files that it names are read."""
    space = Workspace(home, today=NOW.date())
    database: Database = space.database()
    found: dict[str, Any] = {"customers": 0, "matches": [], "runs": 0}
    with database.begin() as connection:
        known = portfolios.find(connection, NAME)
        if known is not None:
            found["matches"] = sorted(
                [m.customer, m.entity_id] for m in matches.open_matches(connection, known.id)
            )
            found["runs"] = len(connection.execute(runs.runs.select()).all())
            files = monitoring.portfolio_files(space, NAME)
            found["customers"] = sum(len(batch) for batch in files.batches(known.files))
            files.names(known.state), files.generation(known.state), files.generation(known.files)
    database.close()
    return found


def killed_at(act: Callable[[], None], work: Callable[[], Any]) -> int:
    """The signal that ended a child which armed itself by `act`; 0 if it lived."""
    child = os.fork()
    if child == 0:
        try:
            act()
            work()
        finally:
            os._exit(0)
    _, ended = os.waitpid(child, 0)
    return os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0


def tried(
    home: Path, customers: Path, work: Callable[[Path, Path], list[Any]], steps: dict[str, tuple[Any, str, bool]]
) -> Iterator[dict[str, Any]]:
    """Each step in a copy of the home; first what a run that isn't killed makes of it."""
    for number, (step, where) in enumerate([("none", None), *steps.items()]):
        place = home.with_name(f"{home.name}-{work.__name__}-{number}")
        shutil.copytree(home, place)
        told: dict[str, Any] = {"work": work.__name__, "step": step, "before": serving(place)}
        if where is not None:
            told["signal"] = killed_at(lambda where=where: arm(*where), lambda place=place: work(place, customers))
        told["after"] = serving(place)
        told["next"] = work(place, customers)
        told["then"] = serving(place)
        told["again"] = work(place, customers)
        files = monitoring.portfolio_files(Workspace(place, today=NOW.date()), NAME)
        told["folders"] = sorted(entry.name.split("-")[0] for entry in files.root.iterdir())
        yield told


def main(home: Path, customers: Path, second: Path) -> None:
    small = small_catalogue()
    catalogue_module._catalogue = lambda: small  # type: ignore[assignment]
    rows_module.BATCH_ROWS = 8
    for told in tried(home, customers, enroll, ENROLL):
        print(json.dumps(told), flush=True)
    enroll(home, customers)
    with redirect_stdout(sys.stderr):
        assert run(["lists", "import", "us_csl", str(second), "--home", str(home)]) == 0
    for told in tried(home, customers, rescreen, RESCREEN):
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
