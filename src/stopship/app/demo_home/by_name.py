"""What is screened by name in the story: a file that somebody handed in, and a few names of new suppliers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from stopship.access import Principal
from stopship.app.batches.board import Board, Wishes
from stopship.app.demo_home.upload import upload_bytes
from stopship.app.jobs.settings import read_job_settings
from stopship.app.jobs.work import choose, queue_of, worker_of
from stopship.app.service.edition import open_edition
from stopship.app.service.names import NameScreening, keep
from stopship.store import Database

FILE = "new-partners.csv"
ROWS = 24
"""Of the file: as many as are screened before compiling pays."""
SUPPLIERS: tuple[Mapping[str, Any], ...] = (
    {"id": "S-311", "name": "Sample Drones Estonia OU", "country": ["EE"]},
    {"id": "S-312", "name": "Fiktiv Kugellager GmbH", "country": ["DE"]},
    {"id": "S-313", "name": "Exemple Fonderie SARL", "country": ["FR"]},
)


def screen_file(home: Path, database: Database, by: Principal, *, now: datetime) -> int:
    """Hand a file in as the workbench does, and do its job; the job's number.

    Args:
        by: who hands it in.
        now: when; the work takes as long as it takes here.
    """
    began = time.perf_counter()

    def clock() -> datetime:
        return now + timedelta(seconds=time.perf_counter() - began)

    content, queue = upload_bytes(ROWS), queue_of(home, database)
    board = Board(lambda: open_edition(home, clock), database, queue, most_bytes=len(content), now=clock)
    arriving = board.arriving()
    try:
        arriving.write(content)
        draft = arriving.keep(FILE, "screen", by.actor)
    finally:
        arriving.close()
    look = board.look(draft)
    job = board.queue_names(draft, Wishes(look.guess), look, by)
    worker = worker_of(
        home,
        database,
        read_job_settings(home),
        chosen=choose(("screen",), ()),
        stop=threading.Event(),
        say=_silent,
        clock=clock,
    )
    replace(worker, ticks=()).run_all()  # the story has no schedule, and nobody waits for a sign of life in it
    return job.id


def keep_names(home: Path, database: Database, by: Principal, *, now: datetime) -> tuple[int, ...]:
    """Screen a few names and keep that; the cases that came of it."""
    edition = open_edition(home, lambda: now, warm=False)
    answers = [
        answer for piece in NameScreening(edition, SUPPLIERS, min_score=None, limit=5).pieces() for answer in piece
    ]
    made = keep(edition, SUPPLIERS, answers, name="New suppliers", database=database, actor=by.actor, now=now)
    return tuple(made.opened)


_silent: Callable[[str, Mapping[str, Any]], None] = lambda _event, _details: None  # noqa: E731
