"""The files of jobs: what they were given and what they made, one folder a job.

::

    <home>/jobs/<folder>/input.csv      what was handed in
    <home>/jobs/<folder>/result.jsonl   what came of it; appears whole or not at all

The folder is made and filled before the job is queued, so that no worker finds a job without its input. One that
no job names was left by a caller who died in between; `sweep` removes it.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from stopship.errors import JobError, StateError

YOUNG = timedelta(days=1)
"""A folder without a job that is younger than this may be on its way to one."""


class JobFiles:
    """Folders of jobs below one. Making one touches nothing.

    Args:
        root: `<home>/jobs`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(self) -> str:
        """Make an empty folder; its name.

        Raises:
            StateError: the home can't be written.
        """
        name = secrets.token_hex(16)
        try:
            (self.root / name).mkdir(parents=True)
        except OSError as bad:
            raise StateError(
                f"the files of a job can't be kept: {bad.strerror or bad}",
                where=str(self.root),
                hint="Free space or give write permission",
            ) from None
        return name

    def path(self, folder: str, name: str) -> Path:
        """A file in the folder of a job.

        Raises:
            JobError: the names are none of a file inside of it.
        """
        for part in (folder, name):
            if part in ("", ".", "..") or "/" in part or "\\" in part or "\0" in part:
                raise JobError("this is no name of a file of a job", where=repr(part)[:80])
        return self.root / folder / name

    def remove(self, folder: str) -> None:
        """Remove the folder of a job with all that is in it."""
        shutil.rmtree(self.path(folder, "x").parent, ignore_errors=True)

    def sweep(self, known: Collection[str], now: datetime) -> int:
        """Remove folders that no job names and that are a day old; how many."""
        gone = 0
        for entry in sorted(self.root.iterdir()) if self.root.is_dir() else ():
            if entry.name in known or not entry.is_dir():
                continue
            try:
                young = now.timestamp() - entry.stat().st_mtime < YOUNG.total_seconds()
            except OSError:
                continue
            if not young:
                shutil.rmtree(entry, ignore_errors=True)
                gone += 1
        return gone
