"""The archive as those see it who only read it: which snapshots there are, which one counts, what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from stopship.errors import SettingsError, SnapshotError
from stopship.model import Entity
from stopship.snapshots import content
from stopship.snapshots.snapshot import RejectLine, Snapshot, damaged, is_sha256, read_meta

CURRENT = "current"
PINNED = "pinned"
_SOURCE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}\Z")


class ArchiveReader:
    """All snapshots below one folder.

    Args:
        root: `<home>/snapshots`; it need not be there.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def sources(self) -> tuple[str, ...]:
        """Ids of the sources of which something is kept, sorted."""
        if not self.root.is_dir():
            return ()
        folders = (entry.name for entry in self.root.iterdir() if entry.is_dir())
        return tuple(sorted(name for name in folders if _SOURCE.match(name)))

    def current(self, source: str) -> Snapshot | None:
        """The snapshot in use; None if nothing was ever imported.

        Raises:
            SnapshotError: it is missing or damaged.
        """
        return self._named(source, CURRENT, f"Import the list again: stopship lists import {source} FILE")

    def _named(self, source: str, name: str, mend: str) -> Snapshot | None:
        home = self._home(source)
        try:
            sha256 = (home / name).read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            sha256 = ""
        if not is_sha256(sha256):
            raise SnapshotError(f"the file {name} of {source} was altered", where=str(home), hint=mend)
        if not (home / sha256).is_dir():
            raise damaged(source, sha256, "its folder is missing")
        return read_meta(home / sha256, source)

    def pinned(self, source: str) -> Snapshot | None:
        """The snapshot that a person chose for every decision until further notice; None if none was.

        Raises:
            SnapshotError: it is missing or damaged.
        """
        return self._named(source, PINNED, f"Choose again: stopship lists pin {source} SNAPSHOT, or --unpin")

    def all(self, source: str | None = None) -> tuple[Snapshot, ...]:
        """Every snapshot of a source, or of all, ordered by source, day, retrieval, hash. Moments are kept to the
        second: of several that came in within one, the one in use is the last.

        Raises:
            SnapshotError: one is damaged. It could be the one that a date asks for, so none is passed over.
        """
        names = self.sources() if source is None else (source,)
        return tuple(snapshot for name in names for snapshot in self._of(name))

    def _of(self, source: str) -> list[Snapshot]:
        found = [read_meta(place, source) for place in self._places(source)]
        try:
            in_use = (self._home(source) / CURRENT).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            in_use = ""  # `current` tells what is wrong with it
        return sorted(found, key=lambda one: (one.dated, one.retrieved, one.sha256 == in_use, one.sha256))

    def for_date(self, source: str, as_of: date, *, also: Snapshot | None = None) -> Snapshot | None:
        """The snapshot that a decision as of a day uses: the last one dated (`Snapshot.dated`) on or before it; if
        none is that old, the earliest one held (its `dated` is then later than `as_of`, and the caller cuts it by
        the dates of its listings); None if nothing is held. `also` counts as held: one that is about to be.

        Raises:
            SnapshotError: a snapshot of the source is damaged.
        """
        held = self.all(source)
        if also is not None:
            others = [snapshot for snapshot in held if snapshot.sha256 != also.sha256]
            held = tuple(sorted([*others, also], key=lambda one: (one.dated, one.retrieved)))
        before = [snapshot for snapshot in held if snapshot.dated <= as_of]
        return before[-1] if before else (held[0] if held else None)

    def entities(self, snapshot: Snapshot) -> Iterator[Entity]:
        """The entities of a snapshot, in the order stored. The file is checked as a whole before the first.

        Raises:
            SnapshotError: the file is missing, truncated or altered.
        """
        return content.parsed(content.read_entity_lines(self._place(snapshot), snapshot), snapshot)

    def raw(self, snapshot: Snapshot) -> bytes:
        """The published bytes, unpacked, for reading them again with a newer reader.

        Raises:
            SnapshotError: the file is missing, truncated or altered.
        """
        return content.read_raw(self._place(snapshot), snapshot)

    def rejects(self, snapshot: Snapshot) -> tuple[RejectLine, ...]:
        """The rows that could not be read.

        Raises:
            SnapshotError: the file is missing or damaged.
        """
        return content.read_rejects(self._place(snapshot), snapshot)

    def problems(self, source: str | None = None) -> tuple[str, ...]:
        """What is wrong with the snapshots kept, one line each; nothing raises. Reads every file."""
        found: list[str] = []
        for name in self.sources() if source is None else (source,):
            for place in self._places(name):
                try:
                    found.extend(content.faults(place, read_meta(place, name)))
                except SnapshotError as error:
                    found.append(str(error))
            for chosen in (self.current, self.pinned):
                try:
                    chosen(name)
                except SnapshotError as error:
                    found.append(str(error))
        return tuple(dict.fromkeys(found))

    def _readable(self, place: Path, source: str) -> Snapshot | None:
        try:
            return read_meta(place, source)
        except SnapshotError:
            return None

    def _home(self, source: str) -> Path:
        if not _SOURCE.match(source) or source.endswith("."):
            raise SettingsError(
                f"{source!r} can't be the id of a source", hint="Use lower-case letters, digits, _ and ."
            )
        return self.root / source

    def _place(self, snapshot: Snapshot) -> Path:
        return self._home(snapshot.source) / snapshot.sha256

    def _places(self, source: str) -> list[Path]:
        home = self._home(source)
        if not home.is_dir():
            return []
        return sorted(entry for entry in home.iterdir() if is_sha256(entry.name) and entry.is_dir())
