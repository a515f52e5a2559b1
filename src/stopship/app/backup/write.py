"""Writing a backup while everything goes on: rows of one moment, then the files that they name."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from stopship.app.backup.contents import ANCHORS, FILES, MANIFEST, ROWS, Manifest, Part, anchors_of, files_of
from stopship.app.workspace import Workspace
from stopship.errors import BackupError, StateError
from stopship.snapshots import files
from stopship.store import Database, audit, dump, portfolios
from stopship.version import __version__

TIMES = 3
"""How often it is begun anew when files vanish meanwhile."""
PIECE = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PACKED = (".gz", ".zst", ".zip", ".xlsx", ".parquet", ".pdf", ".png", ".jpg")
_SCHEDULED = re.compile(r"stopship-\d{8}T\d{6}Z-\d+\.zip")
Progress = Callable[[int, int | None], None]
"""Told how many files are in the backup, of how many."""


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was written: its size in bytes and SHA-256, and what is in it."""

    path: Path
    size: int
    sha256: str
    manifest: Manifest


class _Vanished(Exception):
    """A file that belongs to the rows is gone: retention or a newer run took it away."""


def write_backup(
    workspace: Workspace,
    out: Path,
    *,
    database: Database,
    now: datetime,
    progress: Progress | None = None,
    replace: bool = False,
) -> Written:
    """Write a backup of a home. It appears whole or not at all, readable by its owner only: there are secrets in
    it.

    Args:
        workspace: the home.
        out: the file.
        database: of the home.
        now: the moment, timezone-aware.
        progress: told how far it is.
        replace: whether a file of this name may be replaced.

    Raises:
        BackupError: the file is there already.
        StateError: it can't be written, or files of the home can't be read or keep vanishing.
    """
    if out.exists() and not replace:
        raise BackupError("this file is there already", where=str(out), hint="Give another name")
    if not out.parent.is_dir():
        raise BackupError("there is no such folder", where=str(out.parent), hint="Create it first")
    for left in out.parent.glob(f".{out.name}.*.part"):
        files.remove(left)  # of one that was killed
    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        for time in range(1, TIMES + 1):
            try:
                manifest = _write(workspace, beside, out, database, now, progress or (lambda _done, _total: None))
                break
            except _Vanished as gone:
                if time == TIMES:
                    raise StateError(
                        f"files of the home keep vanishing, the last was {gone}",
                        where=str(workspace.home),
                        hint="Try again when no run works on it",
                    ) from None
        digest = _check(beside)
        size = beside.stat().st_size
        beside.replace(out)
        files.flush_folder(out.parent)
    except OSError as bad:
        raise StateError(
            f"the backup can't be written: {bad.strerror or bad}",
            where=str(bad.filename or out),
            hint="Free space or give write permission",
        ) from None
    finally:
        files.remove(beside)
    return Written(out, size, digest, manifest)


def _write(
    workspace: Workspace, beside: Path, out: Path, database: Database, now: datetime, progress: Progress
) -> Manifest:
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as raw, zipfile.ZipFile(raw, "w") as archive:
        tables: dict[str, Part] = {}
        # Heads that are noted while this goes on lie behind the rows of this moment: they aren't taken along.
        anchors = anchors_of(workspace.home)
        # The rows first: a file is finished before a row names it.
        with dump.one_moment(database) as connection:
            revision = dump.revision_of(connection)
            for table in dump.tables_of(connection):
                name = f"{ROWS}/{table.name}.jsonl"
                tables[str(table.name)] = _add(archive, name, dump.lines_of(connection, table), rows=True)
            sequences, head = dump.sequences_of(connection), audit.head(connection)
            named = [
                f"monitor/{portfolio.name}/{folder}/"
                for portfolio in portfolios.all_of(connection)
                for folder in (portfolio.files, portfolio.state)
            ]
        kept = _add_files(workspace.home, archive, out, progress)
        if anchors:
            kept[ANCHORS] = _add(archive, f"{FILES}/{ANCHORS}", [anchors])
        for folder in named:
            if not any(path.startswith(folder) for path in kept):
                raise _Vanished(folder)
        manifest = Manifest(
            made=now,
            version=__version__,
            dialect=database.engine.dialect.name,
            revision=revision,
            audit_seq=head.seq,
            audit_hash=head.hash,
            sequences=sequences,
            tables=tables,
            files=kept,
        )
        _add(archive, MANIFEST, [manifest.to_bytes()])
        archive.close()
        raw.flush()
        os.fsync(raw.fileno())
    return manifest


def _add_files(home: Path, archive: zipfile.ZipFile, out: Path, progress: Progress) -> dict[str, Part]:
    inside = out.parent.resolve() if out.parent.resolve() != home.resolve() else out.resolve()
    kept: dict[str, Part] = {}
    try:
        total = sum(1 for _ in files_of(home.resolve(), inside))
        for path, file in files_of(home.resolve(), inside):
            with file.open("rb") as content:
                kept[path] = _add(archive, f"{FILES}/{path}", iter(lambda: content.read(PIECE), b""))
            progress(len(kept), max(total, len(kept)))
    except FileNotFoundError as gone:
        raise _Vanished(gone.filename) from None
    return kept


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes], *, rows: bool = False) -> Part:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = 0o600 << 16
    info.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    digest, size, count = hashlib.sha256(), 0, 0
    with archive.open(info, "w", force_zip64=True) as member:
        for piece in _gathered(pieces):
            member.write(piece)
            digest.update(piece)
            size += len(piece)
            count += piece.count(b"\n") if rows else 0
    return Part(size, digest.hexdigest(), count if rows else None)


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of a proper length: a line at a time is slow to pack."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _check(path: Path) -> str:
    """Read a backup through as it lies on the disk; its SHA-256."""
    with zipfile.ZipFile(path) as archive:
        if (bad := archive.testzip()) is not None:
            raise StateError(f"{bad} can't be read back", where=str(path), hint="Is the disk in order?")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def scheduled_name(moment: datetime, number: int) -> str:
    """What a backup of the schedule is called: its moment, then the number of its job."""
    return f"stopship-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{number}.zip"


def keep_newest(folder: Path, count: int) -> list[str]:
    """Remove the oldest backups of the schedule from a folder; other files are left alone. What was removed."""
    found = sorted(path for path in folder.iterdir() if _SCHEDULED.fullmatch(path.name))
    for path in found[:-count]:
        files.remove(path)
    return [path.name for path in found[:-count]]


def append_line(path: Path, line: bytes) -> None:
    """Add a line at the end of a file, in one write that is on the disk when this returns.

    Raises:
        StateError: it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        try:
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as bad:
        raise StateError(f"can't be written: {bad.strerror or bad}", where=str(path)) from None
