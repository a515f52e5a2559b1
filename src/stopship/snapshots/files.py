"""Writing that a kill can't spoil: everything is written beside its place, flushed to disk, then renamed.

A rename within one file system replaces a name at once or not at all, on POSIX and on Windows. Whatever a killed
process leaves behind carries the prefix of temporary names and is never read.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import threading
from pathlib import Path

TEMP_PREFIX = ".tmp-"
STALE_SECONDS = 3600
"""A temporary folder this much older than a new one belongs to a process that is gone."""


def temp_folder(parent: Path) -> Path:
    """A new, empty temporary folder in `parent`, which is made if need be. Old leftovers are removed."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = _unused_name(parent)
    folder.mkdir()
    _remove_stale(parent, folder)
    return folder


def _unused_name(parent: Path) -> Path:
    # Not tempfile: its folders and files are closed to all but their owner, and renaming would keep them so.
    numbers = (f"{TEMP_PREFIX}{os.getpid()}-{threading.get_ident()}-{n}" for n in itertools.count())
    return next(parent / name for name in numbers if not (parent / name).exists())


def _remove_stale(parent: Path, newest: Path) -> None:
    # The new folder's time is the file system's own "now"; another import may be running, so young ones are left.
    now = newest.stat().st_mtime
    for entry in sorted(parent.iterdir()):
        if not entry.name.startswith(TEMP_PREFIX) or entry == newest:
            continue
        with contextlib.suppress(OSError):
            if now - entry.stat().st_mtime > STALE_SECONDS:
                remove(entry)


def remove(path: Path) -> None:
    """Remove a file or a folder if it can be removed."""
    with contextlib.suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def write(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes) -> None:
    """Give `path` a new content, at once or not at all."""
    beside = _unused_name(path.parent)
    try:
        write(beside, content)
        beside.replace(path)
    except BaseException:
        remove(beside)
        raise
    flush_folder(path.parent)


def move_folder(folder: Path, place: Path) -> None:
    """Rename a finished temporary folder to its place, which must not exist."""
    flush_folder(folder)
    folder.rename(place)
    flush_folder(place.parent)


def flush_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can do that (Windows can't)."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
