"""What lies on disk of the downloads of one source.

::

    <home>/downloads/<source>/body        the file: whole, or as much as came in
    <home>/downloads/<source>/head.json   where it is from, what the server said of it, whether it is whole
    <home>/downloads/<source>/taken.json  the same of the last file that became a snapshot: to ask for another

`head.json` is written before the first byte of `body` and again after the last one, each time at once or not at
all. After a kill the body is therefore at worst shorter than it could be, and never of another file than the head
says.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

import orjson

from stopship.errors import StateError
from stopship.snapshots import files

_BODY, _HEAD, _TAKEN = "body", "head.json", "taken.json"


@dataclass(frozen=True, slots=True)
class Copy:
    """One file as a server gave it. `address` is the first one asked, never one that it sent us on to: those
    expire.

    `total` is the length in bytes that the server states, None where it doesn't. `encoding` is "" or "gzip": how
    the bytes were packed for the way. `whole`: all of it came in. `snapshot`: what it became, by hash. `day`: of
    which day it is, where the address is one of a day.
    """

    address: str
    etag: str = ""
    last_modified: str = ""
    total: int | None = None
    encoding: str = ""
    whole: bool = False
    snapshot: str = ""
    day: str = ""

    def conditions(self) -> dict[str, str]:
        """Headers that ask for the file only if it is another one now."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}

    @property
    def validator(self) -> str:
        """What proves that a rest belongs to the same file; empty where nothing does. A weak ETag doesn't."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


class DownloadFolder:
    """Downloads of one source. Making one touches nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.body = path / _BODY

    def head(self) -> Copy | None:
        """What lies in `body`; None if nothing usable does."""
        found = _read(self.path / _HEAD)
        return found if found is not None and self.body.is_file() else None

    def taken(self) -> Copy | None:
        """The last file that became a snapshot."""
        return _read(self.path / _TAKEN)

    @property
    def size(self) -> int:
        """Bytes of `body`; 0 where there is none."""
        try:
            return self.body.stat().st_size
        except OSError:
            return 0

    def begin(self, copy: Copy) -> IO[bytes]:
        """Start a body anew; what lay there is gone."""
        self.discard()
        self.path.mkdir(parents=True, exist_ok=True)
        _write(self.path / _HEAD, copy)
        return self.body.open("wb")

    def go_on(self) -> IO[bytes]:
        """Write at the end of the body."""
        return self.body.open("ab")

    def finish(self, copy: Copy, file: IO[bytes]) -> Copy:
        """Note that all of the body is there and on the disk."""
        file.flush()
        os.fsync(file.fileno())
        whole = replace(copy, whole=True)
        _write(self.path / _HEAD, whole)
        return whole

    def discard(self) -> None:
        """Remove the body and what is noted of it."""
        for name in (_BODY, _HEAD):
            try:
                (self.path / name).unlink(missing_ok=True)
            except OSError as bad:
                raise _unwritable(self.path, bad) from None

    def take(self, copy: Copy, snapshot: str) -> None:
        """Note which snapshot the body became, and remove it: the archive has it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            _write(self.path / _TAKEN, replace(copy, snapshot=snapshot))
        except OSError as bad:
            raise _unwritable(self.path, bad) from None
        self.discard()


def _write(path: Path, copy: Copy) -> None:
    files.replace_file(path, orjson.dumps(asdict(copy), option=orjson.OPT_INDENT_2))


def _read(path: Path) -> Copy | None:
    """What was noted; None where it is missing or damaged, which costs no more than a download."""
    try:
        plain: Mapping[str, Any] = orjson.loads(path.read_bytes())
        copy = Copy(**plain)
        texts = (copy.address, copy.etag, copy.last_modified, copy.encoding, copy.snapshot, copy.day)
        if not all(isinstance(text, str) and text.isascii() and text.isprintable() for text in texts):
            return None
        return copy if copy.total is None or isinstance(copy.total, int) else None
    except (OSError, ValueError, TypeError):
        return None


def _unwritable(path: Path, bad: OSError) -> StateError:
    return StateError(
        f"downloads can't be kept: {bad.strerror or bad}", where=str(path), hint="Free space or give permission"
    )
