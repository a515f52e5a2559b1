"""The archive: every file that was ever imported, as published and as read, kept for good.

::

    <root>/<source>/current                     the content hash of the snapshot in use
    <root>/<source>/pinned                      the content hash of the one that a person chose for every date
    <root>/<source>/<sha256>/meta.json          what it is; names the two files below
    <root>/<source>/<sha256>/raw.gz             the published bytes
    <root>/<source>/<sha256>/entities-….jsonl.gz  one entity a line, as `stopship.model.serialize` gives it
    <root>/<source>/<sha256>/rejects-….jsonl    one unreadable row a line

A snapshot comes into being by one rename of a finished folder; `current` moves by one rename of a file. A kill
between any two steps leaves the last good snapshot in use.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from stopship.errors import SettingsError, SnapshotError
from stopship.model import Entity
from stopship.snapshots import content, files
from stopship.snapshots.snapshot import (
    META_NAME,
    RAW_NAME,
    RejectLine,
    Snapshot,
    as_utc,
    damaged,
    is_sha256,
    read_meta,
)

_CURRENT = "current"
_PINNED = "pinned"
_SOURCE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}\Z")


@dataclass(frozen=True, slots=True)
class PreparedSnapshot:
    """A snapshot that is finished and not yet kept: what it will be, and its files by name, packed."""

    snapshot: Snapshot
    parts: Mapping[str, bytes]

    def entities(self) -> Iterator[Entity]:
        """Its entities, in the order stored."""
        lines = content.published_bytes(self.parts[self.snapshot.entities_name]).splitlines()
        return content.parsed(lines, self.snapshot)


class Archive:
    """All snapshots below one folder.

    Args:
        root: `<home>/snapshots`; made on the first `add`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def add(
        self,
        source: str,
        raw: bytes,
        entities: Iterable[Entity],
        *,
        rows: int,
        entries: int,
        rejects: Sequence[tuple[int, str, str]] = (),
        published: date | None,
        retrieved: datetime | date,
        parser: str,
        warnings: Sequence[str] = (),
        unread: Sequence[str] = (),
        filename: str = "",
        title: str = "",
        limit_days: int | None = None,
        replace_parsed: bool = False,
        make_current: bool | None = None,
    ) -> Snapshot:
        """Keep one imported file, and put it in use.

        The same content again is the same snapshot: it gets the later `retrieved`, keeps the first, and takes
        `published` if one is given. Its entities stay as they are, unless they are damaged, another `parser` read
        them, or `replace_parsed` is set.

        Args:
            source: the source's id.
            raw: the file as handed in; gzip is undone before hashing.
            entities: what was read from it.
            rows, entries, rejects: rows in the file, rows loaded, and (row, reason, text) of the rest.
            published: the publisher's day, if known.
            retrieved: when it was fetched or handed in, from the caller's clock.
            parser: version of the reader.
            title, limit_days: of a list that says so itself.
            make_current: True and False decide; None puts it in use unless the one in use is dated later, so that
                importing an old file for the record doesn't turn back the clock.

        Raises:
            SettingsError: the source's id can't be a folder name.
            SnapshotError: the folder can't be written; the list in use is unchanged.
        """
        prepared = self.prepare(
            source,
            raw,
            entities,
            rows=rows,
            entries=entries,
            rejects=rejects,
            published=published,
            retrieved=retrieved,
            parser=parser,
            warnings=warnings,
            unread=unread,
            filename=filename,
            title=title,
            limit_days=limit_days,
        )
        return self.keep(prepared, replace_parsed=replace_parsed, make_current=make_current)

    def prepare(
        self,
        source: str,
        raw: bytes,
        entities: Iterable[Entity],
        *,
        rows: int,
        entries: int,
        rejects: Sequence[tuple[int, str, str]] = (),
        published: date | None,
        retrieved: datetime | date,
        parser: str,
        warnings: Sequence[str] = (),
        unread: Sequence[str] = (),
        filename: str = "",
        title: str = "",
        limit_days: int | None = None,
    ) -> PreparedSnapshot:
        """What `add` would keep, without touching the disk: an index can be built of it before it counts.

        Raises:
            SettingsError: the source's id can't be a folder name.
        """
        self._home(source)
        published_bytes = content.published_bytes(raw)
        moment = as_utc(retrieved)
        kept = content.entity_lines(entities)
        dropped = content.reject_lines(rejects)
        digest = hashlib.sha256(kept).hexdigest()
        made = Snapshot(
            source=source,
            sha256=hashlib.sha256(published_bytes).hexdigest(),
            published=published,
            first_retrieved=moment,
            retrieved=moment,
            rows=rows,
            entries=entries,
            rejects=len(rejects),
            entities=kept.count(b"\n"),
            parser=parser,
            entities_name=f"entities-{digest[:16]}.jsonl.gz",
            entities_sha256=digest,
            rejects_name=content.rejects_name(dropped),
            warnings=tuple(warnings),
            unread=tuple(unread),
            filename=filename,
            title=title,
            limit_days=limit_days,
        )
        parts = {RAW_NAME: content.pack(published_bytes), made.entities_name: content.pack(kept)}
        parts[made.rejects_name] = dropped
        known = self._readable(self._place(made), source)
        return PreparedSnapshot(_with_history(made, known), parts)

    def keep(
        self, prepared: PreparedSnapshot, *, replace_parsed: bool = False, make_current: bool | None = None
    ) -> Snapshot:
        """Keep what was prepared, and put it in use; see `add`.

        Raises:
            SnapshotError: the folder can't be written; the list in use is unchanged.
        """
        home = self._home(prepared.snapshot.source)
        try:
            snapshot = self._keep(home, prepared.snapshot, prepared.parts, replace_parsed)
            if make_current or (make_current is None and self._is_newest(snapshot)):
                files.replace_file(home / _CURRENT, f"{snapshot.sha256}\n".encode("ascii"))
        except OSError as error:
            raise SnapshotError(
                f"the snapshot can't be written: {error.strerror or error}",
                where=str(home),
                hint="Free space or give write permission; the list in use is unchanged",
            ) from error
        return snapshot

    def confirm(self, snapshot: Snapshot, *, retrieved: datetime) -> Snapshot:
        """Note that the publisher still had the same content at a later moment.

        Raises:
            SnapshotError: it is missing or damaged, or can't be written.
        """
        place = self._place(snapshot)
        known = read_meta(place, snapshot.source)
        confirmed = replace(known, retrieved=max(known.retrieved, as_utc(retrieved)))
        if confirmed != known:
            try:
                files.replace_file(place / META_NAME, confirmed.meta_bytes())
            except OSError as error:
                raise SnapshotError(
                    f"the snapshot can't be written: {error.strerror or error}", where=str(place)
                ) from error
        return confirmed

    def _keep(self, home: Path, made: Snapshot, parts: Mapping[str, bytes], replace_parsed: bool) -> Snapshot:
        place = home / made.sha256
        if not place.is_dir() and self._new_folder(place, made, parts):
            return made
        known = self._readable(place, made.source)
        if (
            known is not None
            and known.parser == made.parser
            and not replace_parsed
            and not content.faults(place, known)
        ):
            kept = replace(known, filename=made.filename or known.filename)
        else:
            # The parts first, under names of their own; meta.json, which names them, makes them count.
            for name, part in parts.items():
                files.replace_file(place / name, part)
            kept = made
        if known is not None:
            kept = replace(
                kept,
                published=made.published or known.published,
                first_retrieved=min(known.first_retrieved, made.first_retrieved),
                retrieved=max(known.retrieved, made.retrieved),
            )
        if kept != known:
            files.replace_file(place / META_NAME, kept.meta_bytes())
        for entry in sorted(place.iterdir()):
            if entry.name not in (META_NAME, RAW_NAME, kept.entities_name, kept.rejects_name):
                files.remove(entry)
        return kept

    def _new_folder(self, place: Path, made: Snapshot, parts: Mapping[str, bytes]) -> bool:
        """Make the folder of a new snapshot; False if another process made it meanwhile."""
        folder = files.temp_folder(place.parent)
        try:
            for name, part in parts.items():
                files.write(folder / name, part)
            files.write(folder / META_NAME, made.meta_bytes())
            files.move_folder(folder, place)
        except BaseException as error:
            files.remove(folder)
            if isinstance(error, OSError) and place.is_dir():
                return False
            raise
        return True

    def _is_newest(self, snapshot: Snapshot) -> bool:
        try:
            current = self.current(snapshot.source)
        except SnapshotError:
            return True
        return current is None or current.dated <= snapshot.dated

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
        return self._named(source, _CURRENT, f"Import the list again: stopship lists import {source} FILE")

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
        return self._named(source, _PINNED, f"Choose again: stopship lists pin {source} SNAPSHOT, or --unpin")

    def pin(self, snapshot: Snapshot) -> None:
        """Let every decision use this snapshot of its source, whatever comes in later, until `unpin`.

        Raises:
            SnapshotError: it is missing or damaged, or the choice can't be written.
        """
        read_meta(self._place(snapshot), snapshot.source)
        home = self._home(snapshot.source)
        try:
            files.replace_file(home / _PINNED, f"{snapshot.sha256}\n".encode("ascii"))
        except OSError as error:
            raise SnapshotError(f"can't be pinned: {error.strerror or error}", where=str(home)) from error

    def unpin(self, source: str) -> None:
        """Let decisions use the snapshot of their date again. Where none is pinned, nothing happens.

        Raises:
            SnapshotError: the choice can't be removed.
        """
        path = self._home(source) / _PINNED
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise SnapshotError(f"can't be unpinned: {error.strerror or error}", where=str(path)) from error

    def all(self, source: str | None = None) -> tuple[Snapshot, ...]:
        """Every snapshot of a source, or of all, ordered by source, day, retrieval and hash.

        Raises:
            SnapshotError: one is damaged. It could be the one that a date asks for, so none is passed over.
        """
        names = self.sources() if source is None else (source,)
        found = [read_meta(place, name) for name in names for place in self._places(name)]
        return tuple(sorted(found, key=_order))

    def for_date(self, source: str, as_of: date, *, also: Snapshot | None = None) -> Snapshot | None:
        """The snapshot that a decision as of a day uses: the last one dated (`Snapshot.dated`) on or before it; if
        none is that old, the earliest one held (its `dated` is then later than `as_of`, and the caller cuts it by
        the dates of its listings); None if nothing is held. `also` counts as held: one that is about to be.

        Raises:
            SnapshotError: a snapshot of the source is damaged.
        """
        held = self.all(source)
        if also is not None:
            held = tuple(sorted([*(s for s in held if s.sha256 != also.sha256), also], key=_order))
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

    def remove(self, snapshot: Snapshot) -> None:
        """Take a snapshot out of the archive for good. One that is gone already is no error.

        Raises:
            SettingsError: it is the one in use, or pinned.
            SnapshotError: it can't be removed.
        """
        current = self.current(snapshot.source)
        if current is not None and current.sha256 == snapshot.sha256:
            raise SettingsError("the snapshot in use can't be removed", where=snapshot.id)
        pinned = self.pinned(snapshot.source)
        if pinned is not None and pinned.sha256 == snapshot.sha256:
            raise SettingsError("a pinned snapshot can't be removed", where=snapshot.id)
        place = self._place(snapshot)
        try:
            # Gone by one rename: a kill in between leaves a temporary folder, which the next import clears away.
            aside = files.temp_folder(place.parent)
            place.rename(aside / place.name)
            files.flush_folder(place.parent)
            files.remove(aside)
        except FileNotFoundError:
            return
        except OSError as error:
            raise SnapshotError(
                f"the snapshot can't be removed: {error.strerror or error}", where=str(place)
            ) from error

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


def _with_history(made: Snapshot, known: Snapshot | None) -> Snapshot:
    """A snapshot with what is known of the same content from before: when it first came in, and its day."""
    if known is None:
        return made
    return replace(
        made,
        published=made.published or known.published,
        first_retrieved=min(known.first_retrieved, made.first_retrieved),
        retrieved=max(known.retrieved, made.retrieved),
    )


def _order(snapshot: Snapshot) -> tuple[str, date, datetime, str]:
    return (snapshot.source, snapshot.dated, snapshot.retrieved, snapshot.sha256)
