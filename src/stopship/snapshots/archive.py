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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from stopship.errors import SettingsError, SnapshotError
from stopship.model import Entity
from stopship.snapshots import content, files
from stopship.snapshots.reading import CURRENT, PINNED, ArchiveReader
from stopship.snapshots.snapshot import (
    META_NAME,
    RAW_NAME,
    Snapshot,
    as_utc,
    read_meta,
)


@dataclass(frozen=True, slots=True)
class PreparedSnapshot:
    """A snapshot that is finished and not yet kept: what it will be, and its files by name, packed."""

    snapshot: Snapshot
    parts: Mapping[str, bytes]

    def entities(self) -> Iterator[Entity]:
        """Its entities, in the order stored."""
        lines = content.published_bytes(self.parts[self.snapshot.entities_name]).splitlines()
        return content.parsed(lines, self.snapshot)


class Archive(ArchiveReader):
    """All snapshots below one folder, and how they get there, are chosen and go.

    Args:
        root: `<home>/snapshots`; made when the first snapshot is kept.
    """

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
        """Make a snapshot of one file, without touching the disk: an index can be built of it before it counts.

        Args:
            source: the source's id.
            raw: the file as handed in; gzip is undone before hashing.
            entities: what was read from it.
            rows, entries, rejects: rows in the file, rows loaded, and (row, reason, text) of the rest.
            published: the publisher's day, if known.
            retrieved: when it was fetched or handed in, from the caller's clock.
            parser: version of the reader.
            title, limit_days: of a list that says so itself.

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
        """Keep what was prepared, and put it in use.

        The same content again is the same snapshot: it gets the later `retrieved`, keeps the first, and takes
        `published` if one is given. Its entities stay as they are, unless they are damaged, another `parser` read
        them, or `replace_parsed` is set.

        Args:
            prepared: what `prepare` made.
            make_current: True and False decide; None puts it in use unless the one in use is dated later, so that
                importing an old file for the record doesn't turn back the clock.

        Raises:
            SnapshotError: the folder can't be written; the list in use is unchanged.
        """
        home = self._home(prepared.snapshot.source)
        try:
            snapshot = self._keep(home, prepared.snapshot, prepared.parts, replace_parsed)
            if make_current or (make_current is None and self._is_newest(snapshot)):
                files.replace_file(home / CURRENT, f"{snapshot.sha256}\n".encode("ascii"))
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

    def pin(self, snapshot: Snapshot) -> None:
        """Let every decision use this snapshot of its source, whatever comes in later, until `unpin`.

        Raises:
            SnapshotError: it is missing or damaged, or the choice can't be written.
        """
        read_meta(self._place(snapshot), snapshot.source)
        home = self._home(snapshot.source)
        try:
            files.replace_file(home / PINNED, f"{snapshot.sha256}\n".encode("ascii"))
        except OSError as error:
            raise SnapshotError(f"can't be pinned: {error.strerror or error}", where=str(home)) from error

    def unpin(self, source: str) -> None:
        """Let decisions use the snapshot of their date again. Where none is pinned, nothing happens.

        Raises:
            SnapshotError: the choice can't be removed.
        """
        path = self._home(source) / PINNED
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise SnapshotError(f"can't be unpinned: {error.strerror or error}", where=str(path)) from error

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
