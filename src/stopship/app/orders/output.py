"""The output of a file of orders: finished lines are kept beside it, and joined at the end."""

from __future__ import annotations

import gzip
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Self

from stopship.app.orders.file import MANY, plain_suffix
from stopship.bulk.parts import Parts
from stopship.errors import OrderError, SettingsError, StateError

EVERY = 1.0
"""Seconds between two parts: what a kill costs at most, beside the orders in work."""
PART_BYTES = 16_000_000
"""A part is never much longer: it is held in memory."""
PACKINGS = (".gz", ".zst")


class OrderOutput:
    """Lines on their way to an output, with what is behind them. Use as a context manager; `finish` makes the
    output of them, leaving without it keeps them for a run that resumes.

    Args:
        out: JSON lines; `.gz` and `.zst` are packed at the end.
        identity: what the run depends on, by name. Resuming asks for the same.
        resume: go on where a run stopped, if there is anything of it.

    Raises:
        SettingsError: the output's name has another ending; another run works on it; finished lines are there and
            `resume` is False, or they are of another input, other lists, another rulebook, date or settings.
        OrderError: the folder is missing or can't be written.
    """

    def __init__(self, out: Path, identity: Mapping[str, Any], *, resume: bool) -> None:
        check_output(out)
        if not out.parent.is_dir():
            raise OrderError("there is no such folder", where=str(out.parent), hint="Create it first")
        if out.is_dir():
            raise OrderError("this is a folder, not a file", where=str(out), hint="Give the name of a file")
        self.out = out
        try:
            self._parts = Parts(out.with_name(f"{out.name}.parts"), identity, resume=resume)
        except OSError as bad:
            raise OrderError(f"can't be written: {bad.strerror or bad}", where=str(out)) from None
        # A part that a crash of the machine damaged is made again, and what came after it.
        whole = next(n for n in range(len(self._parts.done) + 1) if n not in self._parts.done)
        self._parts.done = {number: self._parts.done[number] for number in range(whole)}
        self._held: list[tuple[bytes, Mapping[str, Any]]] = []
        self._size = 0
        self._saved_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._parts.done:
            self._parts.__exit__()
        else:
            self._parts.remove()  # nothing was finished

    @property
    def done(self) -> Mapping[str, Any]:
        """What `append` was told with the last lines that are kept, by this run or by one before; or nothing."""
        kept = self._parts.done
        return kept[len(kept) - 1] if kept else {}

    def append(self, rows: bytes, done: Mapping[str, Any]) -> None:
        """Add finished lines. `done` says what is behind them all; its `line` is the number of the last one.

        Raises:
            StateError: the disk is full or gone; what was kept before stays good.
        """
        self._held.append((rows, done))
        self._size += len(rows)
        if time.monotonic() - self._saved_at >= EVERY or self._size >= PART_BYTES:
            self.save()

    def save(self) -> None:
        """Keep what was added; see `append`."""
        # Ctrl-C comes between any two steps: lines that were kept just then are not kept again.
        last = self.done.get("line", 0)
        held = [(rows, done) for rows, done in self._held if done["line"] > last]
        if held:
            try:
                self._parts.add(len(self._parts.done), b"".join(rows for rows, _done in held), held[-1][1])
            except OSError as bad:
                raise self._unwritable(bad) from None
        self._held, self._size, self._saved_at = [], 0, time.monotonic()

    def finish(self) -> None:
        """Make the output of what was added: it appears whole, in place of one that was there.

        Raises:
            StateError: it can't be written; what was added is kept.
        """
        self.save()
        temporary = self.out.with_name(f".{self.out.name}.{os.getpid()}.part")
        try:
            with temporary.open("wb") as raw:
                self._join(raw)
            temporary.replace(self.out)
        except OSError as bad:
            raise self._unwritable(bad) from None
        finally:
            temporary.unlink(missing_ok=True)
        self._parts.remove()
        self._parts.done = {}

    def _join(self, raw: IO[bytes]) -> None:
        """All parts in order, packed as the name says; the same lines give the same bytes."""
        ending = self.out.suffix.lower()
        target: Any = raw
        if ending == ".gz":
            target = gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6)
        elif ending == ".zst":
            import pyarrow as pa

            target = pa.CompressedOutputStream(pa.PythonFile(raw, mode="w"), "zstd")
        for path in self._parts.paths():
            with path.open("rb") as part:
                shutil.copyfileobj(part, target, 1 << 20)
        if target is not raw:
            target.close()

    def _unwritable(self, bad: OSError) -> StateError:
        return StateError(
            f"can't be written: {bad.strerror or bad}",
            where=str(self.out),
            hint="What was finished is kept: make room and go on with --resume",
        )


def check_output(out: Path) -> None:
    """Refuse an output that is not JSON lines.

    Raises:
        SettingsError: its name has another ending.
    """
    if plain_suffix(out) not in MANY:
        raise SettingsError(
            f"decisions can't be written as {out.suffix or 'a file without an ending'}",
            where=str(out),
            hint=f"End the name in .jsonl, .jsonl{PACKINGS[0]} or .jsonl{PACKINGS[1]}",
        )
