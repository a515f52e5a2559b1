"""An output that grows in steps, so that a run which was killed goes on where it stopped.

::

    OUT.part         the finished lines
    OUT.part.json    what the run was begun with, how much of OUT.part counts, and what is behind it

The state is replaced after the lines that it counts are on the disk. What lies in `OUT.part` beyond it was written
by a run that died before saying so: it is cut off. At the end `OUT.part` becomes OUT, whole.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from stopship.app.packed import ENDINGS, pack
from stopship.errors import SettingsError, StateError

FORMAT = 1
EVERY = 1.0
"""Seconds between two states: what a kill costs at most, beside the lines in work."""


class PartFile:
    """The part of one output. Use as a context manager; leaving it keeps the part, `finish` makes the output.

    Args:
        out: the output that it becomes; `.gz` and `.zst` are packed at the end.
        begun_with: what a run depends on, name -> JSON value. Resuming asks for the same.
        resume: go on where a part ends, if there is one. False begins anew and drops it.

    Raises:
        SettingsError: a part is there that was begun with something else; the message says with what.
        StateError: the folder is missing or can't be written, the part is damaged, or another process writes it.
    """

    def __init__(self, out: Path, begun_with: Mapping[str, Any], *, resume: bool) -> None:
        self.out = out
        self._path = out.with_name(f"{out.name}.part")
        self._state_path = out.with_name(f"{out.name}.part.json")
        self._begun_with = dict(begun_with)
        # Bytes that count and what is behind them, replaced together: Ctrl-C comes between any two steps.
        self._counted: tuple[int, dict[str, Any]] = (0, {})
        if not out.parent.is_dir():
            raise StateError("there is no such folder", where=str(out.parent), hint="Create it first")
        if out.is_dir():
            raise StateError("this is a folder, not a file", where=str(out), hint="Give the name of a file")
        try:
            self._stream = self._path.open("r+b" if self._path.exists() else "w+b")
        except OSError as bad:
            raise StateError(f"can't be written: {bad.strerror or bad}", where=str(self._path)) from None
        try:
            _lock(self._stream.fileno(), self._path)
            if resume:
                self._read_state()
            else:
                self._state_path.unlink(missing_ok=True)
            self._stream.truncate(self._counted[0])
            self._stream.seek(self._counted[0])
        except BaseException:
            self._stream.close()
            raise
        self._saved = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        if not self._state_path.exists():
            self._path.unlink(missing_ok=True)  # nothing was finished

    @property
    def done(self) -> Mapping[str, Any]:
        """What `append` was told last, by this run or by the one that is resumed; empty at the beginning."""
        return self._counted[1]

    def append(self, data: bytes, done: Mapping[str, Any]) -> None:
        """Add finished lines. `done` says what is behind them all, and is handed to the run that resumes."""
        try:
            self._stream.write(data)
            self._counted = (self._counted[0] + len(data), dict(done))
            if time.monotonic() - self._saved >= EVERY:
                self.save()
        except OSError as bad:
            raise self._unwritable(bad) from None

    def save(self) -> None:
        """Bring what was added to the disk, and then the state that counts it.

        Raises:
            StateError: the disk is full or gone; what counted before still counts.
        """
        size, done = self._counted
        state = {"format": FORMAT, "begun_with": self._begun_with, "size": size, "done": done}
        temporary = self._state_path.with_name(f"{self._state_path.name}.tmp")
        try:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            with temporary.open("wb") as file:
                file.write(orjson.dumps(state, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._state_path)
        except OSError as bad:
            raise self._unwritable(bad) from None
        self._saved = time.monotonic()

    def finish(self) -> None:
        """Make the output of the part: it appears whole, in place of one that was there.

        Raises:
            StateError: it can't be written; the part is kept.
        """
        self.save()
        try:
            if (ending := self.out.suffix.lower()) in ENDINGS:
                packed = self.out.with_name(f".{self.out.name}.{os.getpid()}.tmp")
                try:
                    pack(self._path, packed, ending)
                    packed.replace(self.out)
                finally:
                    packed.unlink(missing_ok=True)
                self._stream.close()
                self._path.unlink()
            else:
                self._stream.close()
                self._path.replace(self.out)
            self._state_path.unlink()
        except OSError as bad:
            raise self._unwritable(bad) from None

    def _read_state(self) -> None:
        try:
            state = orjson.loads(self._state_path.read_bytes())
            begun_with, size, done = dict(state["begun_with"]), int(state["size"]), dict(state["done"])
            known = state["format"] == FORMAT
        except FileNotFoundError:
            return  # nothing was finished: begin at the beginning
        except (OSError, ValueError, KeyError, TypeError):
            known, begun_with, size, done = False, {}, 0, {}
        if not known or self._path.stat().st_size < size:
            raise StateError("what is left of the earlier run is damaged", where=str(self._state_path), hint=_ANEW)
        changed = [key for key, value in self._begun_with.items() if begun_with.get(key) != value]
        if changed:
            before = "; ".join(_change(key, begun_with.get(key), self._begun_with[key]) for key in changed)
            raise SettingsError(f"can't resume: {before}", where=str(self.out), hint=_ANEW)
        self._counted = (size, done)

    def _unwritable(self, bad: OSError) -> StateError:
        return StateError(
            f"can't be written: {bad.strerror or bad}",
            where=str(self.out),
            hint="What was finished is kept: make room and go on with --resume",
        )


_ANEW = "Run again without --resume to begin anew"


def _change(key: str, before: Any, now: Any) -> str:
    """What differs, with both values where a person can tell them apart."""
    short = all(isinstance(v, str) and len(v) <= 40 for v in (before, now))
    return f"the {key} was {before}, now it is {now}" if short else f"the {key} changed since the run began"


def _lock(descriptor: int, path: Path) -> None:
    """Keep a second process from writing the same part. Windows has no such lock; there it is not checked."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise StateError(
            "another process is writing this output", where=str(path), hint="Wait for it, or give another --out"
        ) from None
