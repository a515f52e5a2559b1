"""Whether anybody does jobs: each worker leaves a sign of life in the home, every quarter of a minute.

It is a file and no row: it says nothing that must be kept, and a sign every few seconds is no work for a database.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

FOLDER = "alive"
EVERY = timedelta(seconds=15)
GONE_AFTER = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(days=1)


def sign_of_life(home: Path, name: str) -> Callable[[datetime], None]:
    """What a worker calls between jobs.

    Args:
        home: the directory.
        name: of the worker: its host and process.
    """
    place = home / FOLDER / hashlib.sha256(name.encode()).hexdigest()[:16]
    last: list[datetime] = []

    def tick(now: datetime) -> None:
        if last and abs(now - last[0]) < EVERY:
            return
        last[:] = [now]
        with contextlib.suppress(OSError):  # a full disk is told by what fails for it, not by this
            if not place.parent.is_dir():
                place.parent.mkdir(parents=True, exist_ok=True)
            for old in place.parent.iterdir():
                if old != place and _seen(old, now) is None:
                    old.unlink(missing_ok=True)
            place.write_text(now.isoformat(), "utf-8")

    return tick


def last_sign(home: Path, now: datetime) -> datetime | None:
    """When a worker last gave a sign of life, within a day."""
    try:
        found = [_seen(path, now) for path in (home / FOLDER).iterdir()]
    except OSError:
        return None
    return max((moment for moment in found if moment is not None), default=None)


def _seen(path: Path, now: datetime) -> datetime | None:
    try:
        moment = datetime.fromisoformat(path.read_text("utf-8"))
        return moment if now - moment < FORGOTTEN_AFTER else None
    except (OSError, ValueError, TypeError):
        return None
