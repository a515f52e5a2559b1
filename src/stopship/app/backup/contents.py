"""What a backup holds.

A backup is a ZIP archive::

    database/<table>.jsonl    the rows of a table at one moment, as `stopship.store.dump` writes them
    home/<path>               the files of the home
    manifest.json             what is in it, each with size and SHA-256; where the audit record ended; comes last

Left out is what can be made again, or belongs to work under way: indexes, downloads, parts of unfinished jobs,
locks, and the database's own files, whose rows are in it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from stopship.app.one_at_a_time import NAME as LOCK
from stopship.app.workspace import DATABASE, UNFINISHED
from stopship.errors import BackupError
from stopship.snapshots.files import TEMP_PREFIX

FORMAT = 1
MANIFEST = "manifest.json"
MOST_MANIFEST = 256_000_000
ROWS, FILES = "database", "home"
REMADE = ("indexes", "downloads", "alive")
ANCHORS = "audit/anchors.jsonl"
"""Where `stopship.app.auditing` notes heads of the audit record."""
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,62}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Part:
    """One member: its size in bytes and SHA-256; of a table also its rows."""

    size: int
    sha256: str
    rows: int | None = None

    def to_plain(self) -> dict[str, Any]:
        plain: dict[str, Any] = {"size": self.size, "sha256": self.sha256}
        return plain if self.rows is None else plain | {"rows": self.rows}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup.

    Attributes:
        made: when.
        version: of Stopship.
        dialect: of the database that the rows are from.
        revision: the migration that it was at.
        audit_seq, audit_hash: where the audit record ended.
        sequences: the last number that each table gave out.
        tables: by name.
        files: by path in the home, with `/`.
    """

    made: datetime
    version: str
    dialect: str
    revision: str
    audit_seq: int
    audit_hash: str
    sequences: dict[str, int]
    tables: dict[str, Part]
    files: dict[str, Part]

    def to_bytes(self) -> bytes:
        """The JSON of `manifest.json`."""
        plain = {
            "format": FORMAT,
            "made": self.made.isoformat(),
            "stopship": self.version,
            "database": {"dialect": self.dialect, "revision": self.revision},
            "audit": {"seq": self.audit_seq, "hash": self.audit_hash},
            "sequences": self.sequences,
            "tables": {name: part.to_plain() for name, part in self.tables.items()},
            "files": {name: part.to_plain() for name, part in self.files.items()},
        }
        return orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)

    def members(self) -> dict[str, Part]:
        """All members but the manifest, by their names in the archive."""
        rows = {f"{ROWS}/{name}.jsonl": part for name, part in self.tables.items()}
        return rows | {f"{FILES}/{name}": part for name, part in self.files.items()}


def read_manifest(data: bytes, where: str) -> Manifest:
    """A manifest from its JSON.

    Raises:
        BackupError: it is none, or of a newer form; or it names a file that would lie outside of the home.
    """
    try:
        plain = orjson.loads(data)
        form = plain["format"]
    except (ValueError, KeyError, TypeError):
        raise BackupError("this is no backup of Stopship: its manifest can't be read", where=where) from None
    if form != FORMAT:
        raise BackupError(f"this backup has form {form!r}, this version reads {FORMAT}", where=where)
    try:
        manifest = Manifest(
            made=datetime.fromisoformat(plain["made"]),
            version=str(plain["stopship"]),
            dialect=str(plain["database"]["dialect"]),
            revision=str(plain["database"]["revision"]),
            audit_seq=int(plain["audit"]["seq"]),
            audit_hash=str(plain["audit"]["hash"]),
            sequences={str(name): int(last) for name, last in plain["sequences"].items()},
            tables={str(name): _part(part) for name, part in plain["tables"].items()},
            files={str(name): _part(part) for name, part in plain["files"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupError("this backup's manifest is malformed", where=where) from None
    for name in manifest.tables:
        if not _TABLE.fullmatch(name):
            raise BackupError(f"{name[:80]!r} is no table", where=where)
    for name in manifest.files:
        if not is_inside(name):
            raise BackupError(f"{name[:80]!r} would lie outside of the home", where=where)
    return manifest


def is_inside(name: str) -> bool:
    """Whether a path of a backup is a plain one, below the home."""
    parts = name.split("/")
    return (
        bool(name)
        and "\\" not in name
        and "\0" not in name
        and ":" not in parts[0]
        and all(part not in ("", ".", "..") for part in parts)
        and parts[0] not in (DATABASE, UNFINISHED)
    )


def files_of(home: Path, leave_out: Path | None = None) -> Iterator[tuple[str, Path]]:
    """The files of a home that belong into a backup: their paths in it, and where they are.

    Files of a folder come before its folders are looked for: one that names a folder (the snapshot in use) never
    comes without it. Links are followed; a folder that was there already is not gone into again.

    Args:
        home: the home.
        leave_out: a folder or file inside of it that is left out, too.
    """
    seen: set[str] = set()

    def below(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
        real = os.path.realpath(folder)
        if real in seen:
            return
        seen.add(real)
        for entry in sorted(folder.iterdir()):
            if entry.is_file() and not _left_out(entry, prefix) and entry != leave_out:
                yield f"{prefix}{entry.name}", entry
        for entry in sorted(folder.iterdir()):
            if entry.is_dir() and not _left_out(entry, prefix) and entry != leave_out:
                yield from below(entry, f"{prefix}{entry.name}/")

    if home.is_dir():
        yield from below(home, "")


def anchors_of(home: Path) -> bytes:
    """The heads of the audit record that were noted up to now; empty where none was."""
    path = home / ANCHORS
    return path.read_bytes() if path.is_file() else b""


def _left_out(entry: Path, prefix: str) -> bool:
    name = entry.name
    if name.startswith(TEMP_PREFIX) or name.endswith(".parts") or "\\" in name:
        return True
    if f"{prefix}{name}" == ANCHORS:
        return True  # `anchors_of` has read it before
    return not prefix and (name in (*REMADE, LOCK, UNFINISHED) or name.startswith(DATABASE))


def _part(plain: Any) -> Part:
    size, digest, rows = int(plain["size"]), str(plain["sha256"]), plain.get("rows")
    if size < 0 or not _HASH.fullmatch(digest):
        raise ValueError(plain)
    return Part(size, digest, None if rows is None else int(rows))
