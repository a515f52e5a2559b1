"""Where the example workbench lies. A file in the home marks it; a home without that file is never touched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from stopship.app.example_data import MARKER, NOTICE, is_example
from stopship.app.one_at_a_time import one_at_a_time
from stopship.errors import SettingsError, StateError
from stopship.snapshots.snapshot import utc_text
from stopship.version import __version__

RUNNING = "demo.lock"
"""Held by the one that serves it."""


@dataclass(frozen=True, slots=True)
class ExampleHome:
    """A home with example data. `made`: now, not found."""

    folder: Path
    since: str
    made: bool


def default_folder() -> Path:
    """Where the example workbench lies unless somebody says otherwise: among what may be lost."""
    from platformdirs import user_cache_path

    return user_cache_path("stopship", appauthor=False) / "demo"


def prepare(
    folder: Path,
    fill: Callable[[Path], None],
    *,
    fresh: bool,
    now: datetime,
    environment: Mapping[str, str] = os.environ,
) -> ExampleHome:
    """The example home in a folder: the one that is there, or a new one. It appears when it is complete.

    Args:
        folder: need not exist.
        fill: makes the data in a folder that is empty but for the marker.
        fresh: make it anew although one is there.
        now: this moment, timezone-aware.

    Raises:
        SettingsError: there is something else than an example home, or the environment names a real database.
        StateError: it can't be written, or somebody serves the one that is there.
    """
    if environment.get("STOPSHIP_DATABASE_URL"):
        raise SettingsError(
            "it names a database, and the example workbench may only write one of its own",
            where="STOPSHIP_DATABASE_URL",
            hint="Leave it away: env -u STOPSHIP_DATABASE_URL stopship demo --serve",
        )
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise SettingsError("this is not a folder", where=str(folder), hint="Give another one with --home")
    _refuse_others(folder)
    if is_example(folder):
        with not_running(folder):
            if not fresh:
                return ExampleHome(folder, _since(folder), made=False)
    part = folder.with_name(f".{folder.name}.part")
    try:
        if part.exists():
            if not is_example(part):
                raise SettingsError("this is in the way", where=str(part), hint="Move it away")
            shutil.rmtree(part)  # left by one that was interrupted
        part.mkdir(parents=True, mode=0o700)
        mark(part, now=now)
        try:
            fill(part)
            _refuse_others(folder)  # filling takes seconds, in which somebody may have made a home here
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        if is_example(folder):
            shutil.rmtree(folder)
        elif folder.exists():
            folder.rmdir()  # which takes nothing that is in it
        part.rename(folder)
    except OSError as bad:
        raise StateError(
            f"the example workbench can't be written: {bad.strerror or bad}",
            where=str(folder),
            hint="Give another folder with --home",
        ) from None
    return ExampleHome(folder, _since(folder), made=True)


def _refuse_others(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not is_example(folder):
        raise SettingsError(
            "this folder holds something else than example data, and was left as it is",
            where=str(folder),
            hint="Give a new folder with --home, or none",
        )


def mark(home: Path, *, now: datetime) -> None:
    """Say in a home that everything in it is example data."""
    told = {"says": NOTICE, "made": utc_text(now), "engine": f"stopship {__version__}"}
    (home / MARKER).write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


class not_running:  # noqa: N801 - reads as a word after `with`
    """Held while an example home is changed or served, so that only one does.

    Raises:
        StateError: another process holds it.
    """

    def __init__(self, folder: Path) -> None:
        self._lock = one_at_a_time(folder, name=RUNNING)
        self._folder = folder

    def __enter__(self) -> None:
        try:
            self._lock.__enter__()
        except StateError:
            raise StateError(
                "the example workbench in this folder is open already",
                where=str(self._folder),
                hint="Use it, end it with Ctrl-C, or give another folder with --home",
            ) from None

    def __exit__(self, *_error: object) -> None:
        self._lock.__exit__(None, None, None)


def _since(folder: Path) -> str:
    try:
        return str(orjson.loads((folder / MARKER).read_bytes())["made"])
    except (OSError, ValueError, KeyError, TypeError):
        return "an unknown moment"
