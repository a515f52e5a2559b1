"""Restoring: everything is made beside the home and checked, then takes its place at once.

Nothing of the home is touched before all hashes and the audit record have been found right. With a database of
its own (PostgreSQL) there are two places, which no system changes at one moment: the files take theirs first,
with a mark that refuses every use, then the database's transaction counts, then the mark goes. A kill in between
leaves a home that says so, and restoring again mends it.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from stopship.app.auditing import noted
from stopship.app.backup.contents import FILES, MANIFEST, MOST_MANIFEST, ROWS, Manifest, Part, read_manifest
from stopship.app.settings import database_url
from stopship.app.workspace import DATABASE, UNFINISHED
from stopship.errors import BackupError, StateError
from stopship.snapshots import files
from stopship.store import audit, dump, sqlite_url
from stopship.store.audit_check import Anchor, check

PIECE = 1 << 20
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: from which backup, its files and rows, where the audit record now ends, and where what
    was in the home before lies now."""

    manifest: Manifest
    home: Path
    database: str
    rows: int
    head: audit.Head
    before: Path | None


def restore(
    backup: Path,
    home: Path,
    *,
    actor: str,
    now: datetime,
    replace: bool = False,
    progress: Progress | None = None,
) -> Restored:
    """Make a home of a backup.

    The database is that which the environment or the restored settings name, else SQLite in the home; which kind
    the backup was made of plays no part.

    Args:
        backup: the file.
        home: the home; nothing is there, or `replace` is set.
        actor: who restores, by id.
        now: this moment, timezone-aware.
        replace: put what is there aside, and what is in the database away.
        progress: told how many members are read, of how many.

    Raises:
        BackupError: it is no backup, was altered, is of a newer version, or something is there already.
        StateError: the disk can't be written.
        DatabaseFileError: the database can't be used.
    """
    where = str(backup)
    _place_is_free(home, replace)
    beside = home.with_name(f".{home.name}.restoring-{os.getpid()}")
    try:
        files.remove(beside)
        beside.mkdir(parents=True)
        with _Opened(backup) as archive:
            manifest = _manifest(archive, where)
            told = progress or (lambda _done, _total: None)
            total = len(manifest.files) + len(manifest.tables)
            for done, (name, part) in enumerate(manifest.files.items(), 1):
                _extract(archive, f"{FILES}/{name}", part, beside / name, where)
                told(done, total)
            elsewhere = database_url(beside)
            url = elsewhere or sqlite_url(beside / DATABASE)
            if elsewhere is not None and not replace and not dump.is_empty(elsewhere):
                raise BackupError("the database holds something already", where=where, hint="Give --replace")
            digest = _digest(backup)
            with dump.rebuilding(url, manifest.revision, manifest.tables) as rebuilding:
                connection = rebuilding.connection
                rows = _load(connection, archive, manifest, where)
                head = _checked(connection, manifest, beside, where)
                rebuilding.complete()
                content = {"backup": digest, "made": manifest.made.isoformat(), "ended": head.seq}
                head = audit.append(
                    connection, actor=actor, action="backup.restored", subject="home", content=content, now=now
                )
                told(total, total)
                if elsewhere is not None:
                    files.write(beside / UNFINISHED, f"{digest}\n".encode())
                    before = _put_in_place(beside, home, now)
        if elsewhere is None:
            before = _put_in_place(beside, home, now)
        else:
            (home / UNFINISHED).unlink()
            files.flush_folder(home)
    except OSError as bad:
        raise StateError(
            f"can't be restored: {bad.strerror or bad}",
            where=str(bad.filename or home),
            hint="Free space or give write permission",
        ) from None
    finally:
        files.remove(beside)
    return Restored(manifest, home, elsewhere or str(home / DATABASE), rows, head, before)


def _place_is_free(home: Path, replace: bool) -> None:
    if home.is_dir() and any(home.iterdir()) and not replace:
        raise BackupError(
            "this home holds something already", where=str(home), hint="Give another --home, or --replace"
        )
    if os.path.ismount(home):
        raise BackupError(
            "the home is a disk of its own and can't be replaced at once",
            where=str(home),
            hint="Give a folder on it as --home",
        )


class _Opened:
    """A ZIP archive; whatever is wrong with it is a `BackupError`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> zipfile.ZipFile:
        try:
            self.archive = zipfile.ZipFile(self.path)
        except FileNotFoundError:
            raise BackupError("there is no such file", where=str(self.path), hint="Check the path") from None
        except (zipfile.BadZipFile, NotImplementedError):
            raise BackupError(
                "this is no backup, or only a part of one", where=str(self.path), hint="Take another one"
            ) from None
        return self.archive

    def __exit__(self, *_error: object) -> None:
        self.archive.close()


def _manifest(archive: zipfile.ZipFile, where: str) -> Manifest:
    names = [info.filename for info in archive.infolist()]
    if MANIFEST not in names or archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
        raise BackupError("this is no backup of Stopship: it has no manifest", where=where)
    manifest = read_manifest(b"".join(_pieces(archive, MANIFEST, where)), where)
    wanted = {*manifest.members(), MANIFEST}
    if len(names) != len(set(names)) or set(names) != wanted:
        strange = sorted(set(names) ^ wanted)[:1]
        raise BackupError(
            f"this backup was altered: its manifest and its files differ ({', '.join(strange)[:80]})", where=where
        )
    return manifest


def _extract(archive: zipfile.ZipFile, name: str, part: Part, place: Path, where: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        for piece in _verified(archive, name, part, where):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _verified(archive: zipfile.ZipFile, name: str, part: Part, where: str) -> Iterator[bytes]:
    """The pieces of a member, of which the last is given only if all are what the manifest says."""
    digest, size = hashlib.sha256(), 0
    held = b""
    for piece in _pieces(archive, name, where):
        size += len(piece)
        if size > part.size:
            break
        digest.update(piece)
        if held:
            yield held
        held = piece
    if size != part.size or digest.hexdigest() != part.sha256:
        raise BackupError(f"this backup was altered or is damaged: {name}", where=where, hint="Take another one")
    if held:
        yield held


def _pieces(archive: zipfile.ZipFile, name: str, where: str) -> Iterator[bytes]:
    try:
        with archive.open(name) as member:
            while piece := member.read(PIECE):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise BackupError(f"this backup is damaged: {name}", where=where, hint="Take another one") from None


def _load(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest, where: str) -> int:
    count = 0
    there = {table.name: table for table in dump.tables_of(connection)}
    if there.keys() != manifest.tables.keys():
        strange = sorted(there.keys() ^ manifest.tables.keys())
        raise BackupError(f"this backup was altered: its tables differ ({strange[0]})", where=where)
    for table in reversed(list(there.values())):
        connection.execute(table.delete())
    for name, table in there.items():
        part = manifest.tables[name]
        rows = dump.load(connection, table, _lines(_verified(archive, f"{ROWS}/{name}.jsonl", part, where)))
        if rows != part.rows:
            raise BackupError(f"this backup was altered: {name} has {rows:,} rows", where=where)
        count += rows
    dump.set_sequences(connection, manifest.sequences)
    return count


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _checked(connection: Connection, manifest: Manifest, beside: Path, where: str) -> audit.Head:
    """The audit record, checked up to the head that the manifest and the restored files noted."""
    ended = Anchor(manifest.audit_seq, manifest.audit_hash, "the backup ended")
    checked = check(connection, [ended, *noted(beside)] if manifest.audit_seq else [])
    if not checked.sound:
        raise BackupError(f"the audit record was altered: {checked.faults[0].text}", where=where)
    if checked.head != audit.Head(manifest.audit_seq, manifest.audit_hash):
        raise BackupError("the audit record was altered: it doesn't end where it did", where=where)
    return checked.head


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put_in_place(beside: Path, home: Path, now: datetime) -> Path | None:
    """Give the new home its name; where the one before lies, if anything was in it."""
    files.flush_folder(beside)
    if not home.exists():
        beside.rename(home)
        files.flush_folder(home.parent)
        return None
    if not any(home.iterdir()):
        home.rmdir()
        beside.rename(home)
        files.flush_folder(home.parent)
        return None
    aside = home.with_name(f"{home.name}.before-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    beside.rename(aside)
    if not _exchange(aside, home):
        aside.rename(beside)
        home.rename(aside)
        beside.rename(home)
    files.flush_folder(home.parent)
    return aside


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names at once (Linux renameat2); False where the system can't, and nothing was done."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if call(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(number, os.strerror(number), str(other))
