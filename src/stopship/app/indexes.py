"""Indexes on disk: which snapshots make one, when it is opened and when built, and how many are kept.

::

    <home>/indexes/<key>/             of the imported lists; the key is a hash of what it is made of
    <home>/indexes/starter-<hash>/    of the starter list, written when another process needs it
"""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from stopship.app.intake.read import Ready
from stopship.errors import IndexFileError, StateError
from stopship.matching import Index, IndexedList
from stopship.model.entity import Entity
from stopship.names import NORMALIZER_VERSION
from stopship.snapshots import Archive, Snapshot
from stopship.sources.catalogue import catalogue, parse, starter_bytes
from stopship.sources.contract import ParsedList
from stopship.version import __version__

STARTER = "starter"
KEPT_INDEXES = 6


@dataclass(frozen=True, slots=True)
class IndexPlace:
    """An index that is open here, and how to get at a directory with it for other processes."""

    index: Index
    directory: Callable[[], Path]


def index_of(
    folder: Path,
    archive: Archive,
    lists: Sequence[IndexedList],
    snapshots: Sequence[Snapshot],
    *,
    coming: Mapping[str, Ready] | None = None,
) -> IndexPlace:
    """The index of some snapshots, kept on disk: opened, or built where none is there that can be used.

    Args:
        folder: where indexes are kept.
        archive: where the snapshots are.
        lists: what is said of each snapshot as a list.
        snapshots: the same number, in the same order.
        coming: snapshots that need not be in the archive yet, by source.

    Raises:
        StateError: a snapshot or the index can't be read or written.
    """
    directory = folder / _index_key(lists, snapshots)
    try:
        return IndexPlace(Index.open(directory), lambda: directory)
    except IndexFileError:
        # Missing, of another version or damaged: an index holds nothing that the snapshots don't.
        if directory.exists():
            shutil.rmtree(directory)

    def entities(snapshot: Snapshot) -> Iterable[Entity]:
        ready = (coming or {}).get(snapshot.source)
        return ready.entities() if ready and ready.snapshot == snapshot else archive.entities(snapshot)

    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        # Held by nothing here, so that what it was built of is gone before the search is compiled.
        Index.build([(x, entities(s)) for x, s in zip(lists, snapshots, strict=True)]).write(directory)
    except OSError as bad:
        raise _unwritable(directory, bad, "Free space or give write permission") from None
    _give_back_memory()
    forget_old_indexes(directory)
    return IndexPlace(Index.open(directory), lambda: directory)


def _unwritable(directory: Path, bad: OSError, hint: str) -> StateError:
    return StateError(f"the index can't be written: {bad.strerror or bad}", where=str(directory), hint=hint)


def _give_back_memory() -> None:
    """Hand freed memory back to the system, where the C library can: building leaves hundreds of megabytes of it,
    and compiling the search takes as many anew."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def forget_old_indexes(current: Path) -> None:
    """Indexes can be made again; the newest few beside this one are kept."""
    others = [p for p in current.parent.iterdir() if p.is_dir() and p != current]
    for old in sorted(others, key=lambda p: p.stat().st_mtime, reverse=True)[KEPT_INDEXES - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def kept_index(index: Index, directory: Path) -> IndexPlace:
    """An index in memory that is written to a directory when other processes need it, and not before."""

    def written() -> Path:
        try:
            if Index.open(directory).content_hash == index.content_hash:
                return directory
        except IndexFileError:
            pass  # not there yet, or of another version: written now
        try:
            index.write(directory)
            forget_old_indexes(directory)
        except OSError as bad:
            raise _unwritable(directory, bad, "Give another --home, or --processes 1") from None
        return directory

    return IndexPlace(index, written)


def starter_place(folder: Path) -> IndexPlace:
    """The index of the starter list, for a home without any other."""
    index = starter_index()
    return kept_index(index, folder / f"starter-{_short(index.content_hash)}")


def _short(content_hash: str) -> str:
    return content_hash.removeprefix("sha256:")[:32]


def starter_index() -> Index:
    """An index in memory over the bundled starter list."""
    parsed = starter_list()
    listed = IndexedList(
        source=STARTER,
        snapshot=_digest_of(parsed.entities),
        published=parsed.published,
        retrieved=None,
        entries=parsed.loaded,
        limit_days=catalogue()[STARTER].limit_days,
        kind="starter",
    )
    return Index.build([(listed, parsed.entities)])


def starter_list() -> ParsedList:
    """The bundled starter list: the 28 entities of 84 FR 54002."""
    return parse(STARTER, starter_bytes(), "entities.yml")


def _digest_of(entities: tuple[Entity, ...]) -> str:
    from stopship.model.serialize import entity_to_plain

    digest = hashlib.sha256()
    for entity in entities:
        digest.update(
            orjson.dumps(entity_to_plain(entity), option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
        )
    return f"sha256:{digest.hexdigest()}"


def _index_key(lists: Sequence[IndexedList], snapshots: Sequence[Snapshot]) -> str:
    parts: list[object] = [__version__, NORMALIZER_VERSION]
    for listed, snapshot in zip(lists, snapshots, strict=True):
        plain = [listed.source, listed.snapshot, snapshot.entities_sha256, str(listed.published)]
        parts.append([*plain, str(listed.retrieved), listed.limit_days, listed.entries, *([True] * listed.pinned)])
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()[:32]
