"""Bundles: the lists in use, in one file, for a machine without network.

A bundle is a ZIP archive of the published bytes and a manifest::

    manifest.json                     what it holds: source, hash, days, by which version it was made
    lists/<source>/<sha256>.gz        the published bytes, gzipped

Only published bytes travel: the other machine reads them with its own reader and holds them against what it
expects of the list. What came in when is carried over, so that a list doesn't get younger on the way.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from stopship.app.intake.read import Ready, read_list
from stopship.app.lists.changes import known_source
from stopship.app.one_at_a_time import one_at_a_time
from stopship.app.workspace import Workspace
from stopship.errors import ListFileError, SettingsError, SnapshotError, StopshipError
from stopship.snapshots import Snapshot, files
from stopship.snapshots.content import pack
from stopship.snapshots.snapshot import is_sha256, utc_text
from stopship.sources.catalogue import describe, held_source
from stopship.sources.containers import MAX_UNPACKED
from stopship.version import __version__

FORMAT = 1
MANIFEST = "manifest.json"
MOST_MANIFEST = 1_000_000
MOST_LISTS = 200
_MEMBER = re.compile(r"lists/[a-z0-9][a-z0-9_.-]{0,63}/[0-9a-f]{64}\.gz")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_AGAIN = "Make the bundle again: stopship lists bundle OUT.zip"


@dataclass(frozen=True, slots=True)
class Carried:
    """One list of a bundle. `filename` is what the publisher's file was called."""

    source: str
    sha256: str
    published: date | None
    retrieved: datetime
    filename: str

    @property
    def member(self) -> str:
        return f"lists/{self.source}/{self.sha256}.gz"


@dataclass(frozen=True, slots=True)
class BundledList:
    """What became of one list of a bundle on import: `problem` says why it was refused, empty if it wasn't."""

    source: str
    snapshot: str
    dated: date | None
    entries: int
    problem: str = ""

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "source": self.source,
            "snapshot": self.snapshot,
            "dated": self.dated.isoformat() if self.dated else None,
            "entries": self.entries,
            "problem": self.problem or None,
        }


def write_bundle(
    workspace: Workspace, out: Path, sources: Sequence[str] = (), *, now: datetime
) -> tuple[Snapshot, ...]:
    """Write the lists that decisions of today use to a bundle, each checked against its hash on the way.

    Args:
        workspace: the home.
        out: the file, which must not be there yet.
        sources: which lists; empty: all that are here.
        now: the moment, for the manifest.

    Returns:
        The snapshots in it.

    Raises:
        SettingsError: there is nothing to carry, or the file is there already or can't be written.
        SnapshotError: a snapshot is damaged; no bundle is written then.
    """
    for source in sources:
        known_source(source)
    held = [s for s in workspace.snapshots(workspace.today) if not sources or s.source in sources]
    missing = sorted(set(sources) - {snapshot.source for snapshot in held})
    if missing or not held:
        what = f"no snapshot of {missing[0]} is here" if missing else "no list is here"
        raise SettingsError(what, where=str(workspace.home), hint="Run: stopship lists update")
    if out.exists():
        raise SettingsError("this file is there already", where=str(out), hint="Give another name")
    manifest = {
        "format": FORMAT,
        "made": utc_text(now),
        "stopship": __version__,
        "lists": [carried_plain(Carried(s.source, s.sha256, s.published, s.retrieved, s.filename)) for s in held],
    }
    beside = out.with_name(f".{out.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as bundle:
            bundle.writestr(zipfile.ZipInfo(MANIFEST, _EPOCH), orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
            for snapshot in held:
                member = f"lists/{snapshot.source}/{snapshot.sha256}.gz"
                bundle.writestr(zipfile.ZipInfo(member, _EPOCH), pack(workspace.archive.raw(snapshot)))
        beside.replace(out)
    except OSError as bad:
        raise SettingsError(
            f"can't be written: {bad.strerror or bad}", where=str(out), hint="Give another name"
        ) from None
    finally:
        files.remove(beside)
    return tuple(held)


def import_bundle(
    workspace: Workspace, path: Path, *, now: datetime, accept: bool = False
) -> tuple[BundledList, ...]:
    """Take in the lists of a bundle. One that is refused leaves the others, and what was in use of its source.

    Args:
        workspace: the home.
        path: the bundle.
        now: the moment; nothing in a bundle may be later.
        accept: take lists that are not as expected (see `check_expectations`).

    Raises:
        ListFileError: it is no bundle, or was altered: then nothing of it is taken.
        StateError: another update is running, or the home can't be written.
    """
    with one_at_a_time(workspace.home):
        results: list[BundledList] = []
        ready: list[Ready] = []
        for carried, data in _read_bundle(path, now):
            before = _current(workspace, carried.source)
            try:
                read = read_list(
                    workspace.archive,
                    describe(carried.source, data, carried.filename),
                    data,
                    carried.filename or carried.source,
                    published=carried.published,
                    retrieved=workspace.arrival(carried.retrieved),
                    before=before,
                    accept=accept,
                )
            except StopshipError as bad:
                results.append(BundledList(carried.source, f"sha256:{carried.sha256}", None, 0, str(bad)))
                continue
            snapshot = read.ready.snapshot
            results.append(BundledList(carried.source, snapshot.id, snapshot.dated, snapshot.entries))
            ready.append(read.ready)
        if ready:
            workspace.take_in(ready, now=now)
        return tuple(results)


def _current(workspace: Workspace, source: str) -> Snapshot | None:
    try:
        return workspace.archive.current(source)
    except SnapshotError:
        return None


def _read_bundle(path: Path, now: datetime) -> Iterator[tuple[Carried, bytes]]:
    """The lists of a bundle, one at a time; all of it is checked before the first."""
    where = str(path)
    try:
        with zipfile.ZipFile(path) as bundle:
            names = [info.filename for info in bundle.infolist()]
            strange = [name for name in names if name != MANIFEST and not _MEMBER.fullmatch(name)]
            if strange:
                raise _bad(f"it holds {strange[0][:80]!r}, which no bundle does", where)
            if len(set(names)) != len(names):
                raise _bad("a name stands twice in it", where)
            if MANIFEST not in names:
                raise _bad(f"it has no {MANIFEST}", where)
            lists = _manifest(_member(bundle, MANIFEST, MOST_MANIFEST, where), where, now)
            stated = {carried.member for carried in lists}
            if stated != set(names) - {MANIFEST}:
                odd = sorted(stated ^ (set(names) - {MANIFEST}))[0]
                raise _bad(f"manifest and content differ: {odd[:120]}", where)
            for carried in lists:
                _unpacked(bundle, carried, where)
            for carried in lists:
                yield carried, _unpacked(bundle, carried, where)
    except FileNotFoundError:
        raise ListFileError("there is no such file", where=where, hint="Check the path") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as bad:
        reason = " ".join(str(bad).split())[:120]
        raise _bad(f"it is no ZIP archive, cut short or damaged ({reason})", where) from None
    except OSError as bad:
        raise ListFileError(f"can't be read: {bad.strerror or bad}", where=where) from None


def _member(bundle: zipfile.ZipFile, name: str, most: int, where: str) -> bytes:
    """A member, never more than `most` bytes of it, whatever the archive says of its size."""
    if bundle.getinfo(name).file_size > most:
        raise _bad(f"{name} has more than {most:,} bytes", where)
    with bundle.open(name) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise _bad(f"{name} has more than {most:,} bytes", where)
    return data


def _unpacked(bundle: zipfile.ZipFile, carried: Carried, where: str) -> bytes:
    packed = _member(bundle, carried.member, MAX_UNPACKED, where)
    member = zlib.decompressobj(wbits=31)
    data = member.decompress(packed, MAX_UNPACKED + 1)
    if len(data) > MAX_UNPACKED:
        raise _bad(f"{carried.source} has more than {MAX_UNPACKED:,} bytes when unpacked", where)
    if not member.eof or member.unused_data:
        raise _bad(f"{carried.source} is cut short, or has something behind it", where)
    if hashlib.sha256(data).hexdigest() != carried.sha256:
        raise _bad(f"{carried.source} was altered: its hash is not the one of the manifest", where)
    return data


def _manifest(data: bytes, where: str, now: datetime) -> list[Carried]:
    try:
        plain = orjson.loads(data)
        if plain["format"] != FORMAT:
            raise _bad(f"it has format {plain['format']!r}, this version reads {FORMAT}", where)
        lists = [read_carried(entry) for entry in plain["lists"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _bad(f"its {MANIFEST} can't be read", where) from None
    if not lists or len(lists) > MOST_LISTS or len({c.source for c in lists}) != len(lists):
        raise _bad(f"its {MANIFEST} names no list, too many, or one twice", where)
    for carried in lists:
        if held_source(carried.source) is None:
            raise ListFileError(
                f"this version doesn't read the list {carried.source!r}", where=where, hint="Update Stopship"
            )
        if carried.retrieved > now or (carried.published or date.min) > (now + timedelta(days=1)).date():
            raise ListFileError(
                f"{carried.source} is dated in the future", where=where, hint="Check the clocks of both machines"
            )
    return lists


def carried_plain(carried: Carried) -> dict[str, Any]:
    """One list as a manifest names it."""
    return {
        "source": carried.source,
        "sha256": carried.sha256,
        "published": carried.published.isoformat() if carried.published else None,
        "retrieved": utc_text(carried.retrieved),
        "filename": carried.filename,
    }


def read_carried(entry: Any) -> Carried:
    """The inverse of `carried_plain`.

    Raises:
        KeyError, ValueError, TypeError, AttributeError: it wasn't made by it.
    """
    source, sha256, filename = entry["source"], entry["sha256"], entry["filename"]
    if not (isinstance(source, str) and isinstance(filename, str) and is_sha256(sha256)):
        raise ValueError(entry)
    retrieved = datetime.fromisoformat(entry["retrieved"].replace("Z", "+00:00"))
    return Carried(
        source=source,
        sha256=sha256,
        published=date.fromisoformat(entry["published"]) if entry["published"] else None,
        retrieved=retrieved if retrieved.tzinfo else retrieved.replace(tzinfo=UTC),
        filename="".join(letter for letter in filename if letter.isprintable() and letter not in "/\\")[:100],
    )


def _bad(what: str, where: str) -> ListFileError:
    return ListFileError(f"this bundle is refused: {what}", where=where, hint=_AGAIN)
