"""Finished parts of a piece of work, kept in a directory until all are there, so that it can be taken up again.

Each part is two files: its data, and a note with its length, its checksum and what the caller knows about it. The
note comes last and under its final name at once: a part with a note is whole, one without never happened. The
manifest says what the parts are parts of.
"""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Self

import orjson

from stopship.errors import SettingsError

FORMAT = 1
_MANIFEST = "manifest.json"


class Parts:
    """The parts of one piece of work.

    Args:
        directory: where they are kept; made if it isn't there.
        identity: what the work depends on, by name: plain values. Parts of other work are never mixed in.
        resume: take up what is there. Without it, parts of an earlier run are in the way.

    Raises:
        SettingsError: another run works here; parts are there and `resume` is False; or they are of other work
            (the line says of which).
        OSError: the directory can't be written.
    """

    def __init__(self, directory: Path, identity: Mapping[str, Any], *, resume: bool) -> None:
        self.directory = directory
        self.done: dict[int, dict[str, Any]] = {}
        """What the caller noted about each finished part, by number."""
        self._lock: IO[bytes] | None = None
        if directory.exists() and not directory.is_dir():
            raise SettingsError("this is in the way: finished parts are kept there", where=str(directory))
        self.found = (directory / _MANIFEST).is_file()
        """Whether parts of an earlier run were there."""
        if directory.exists() and not self.found and any(p.name != "lock" for p in directory.iterdir()):
            raise SettingsError(
                "this folder is in the way: finished parts are kept there", where=str(directory), hint="Rename it"
            )
        if self.found and not resume:
            self._claim()
            self._release()
            raise SettingsError(
                "finished parts of an interrupted run are there",
                where=str(directory),
                hint="Go on with --resume, or delete the folder to start anew",
            )
        directory.mkdir(exist_ok=True)
        self._claim()
        try:
            if self.found:
                self._take_up(identity)
            else:
                plain = {"format": FORMAT, "identity": identity}
                self._write(_MANIFEST, orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
        except BaseException:
            self._release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._release()

    def add(self, number: int, data: bytes, about: Mapping[str, Any]) -> None:
        """Keep a part; a kill at any moment leaves it whole or absent."""
        self._write(self._name(number), data)
        note = {"bytes": len(data), "crc32": zlib.crc32(data), "about": dict(about)}
        self._write(f"{self._name(number)}.json", orjson.dumps(note))
        self.done[number] = dict(about)

    def paths(self) -> Iterator[Path]:
        """The data files of all parts, in order; the numbers must have no gap."""
        for number in range(len(self.done)):
            if number not in self.done:
                raise ValueError(f"part {number} of {len(self.done)} is missing")
            yield self.directory / self._name(number)

    def data(self, number: int) -> bytes:
        """The data of one finished part."""
        return (self.directory / self._name(number)).read_bytes()

    def remove(self) -> None:
        """Delete the directory."""
        self._release()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _take_up(self, identity: Mapping[str, Any]) -> None:
        try:
            plain = orjson.loads((self.directory / _MANIFEST).read_bytes())
            before = plain["identity"] if plain["format"] == FORMAT else None
        except (orjson.JSONDecodeError, KeyError, TypeError):
            before = None
        now = orjson.loads(orjson.dumps(identity))
        if before != now:
            what = [key for key in now if not isinstance(before, dict) or before.get(key) != now[key]]
            raise SettingsError(
                f"the finished parts can't be used: not the same {', '.join(what) or 'work'}",
                where=str(self.directory),
                hint="Give what the interrupted run was given, or delete the folder to start anew",
            )
        for note in self.directory.glob("part-*.json"):
            number = int(note.name.split(".")[0].removeprefix("part-"))
            about = self._whole(note)
            if about is not None:
                self.done[number] = about

    def _whole(self, note: Path) -> dict[str, Any] | None:
        """What was noted about a part, if its data is as it was."""
        try:
            plain = orjson.loads(note.read_bytes())
            data = note.with_name(note.name.removesuffix(".json")).read_bytes()
            if len(data) == plain["bytes"] and zlib.crc32(data) == plain["crc32"]:
                about: dict[str, Any] = plain["about"]
                return about
        except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
            pass  # a part that is not whole is made again
        return None

    def _name(self, number: int) -> str:
        return f"part-{number:07}"

    def _write(self, name: str, data: bytes) -> None:
        temporary = self.directory / f"{name}.tmp"
        temporary.write_bytes(data)
        temporary.replace(self.directory / name)

    def _claim(self) -> None:
        """One run at a time; the claim goes with the process that has it."""
        self._lock = (self.directory / "lock").open("wb")
        try:
            import fcntl
        except ImportError:
            return  # Windows: a file that is open can't be replaced there, which tells of a second run as well
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._release()
            raise SettingsError(
                f"another run works here (this is process {os.getpid()})", where=str(self.directory)
            ) from None

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
