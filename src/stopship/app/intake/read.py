"""From the bytes of a list file to a snapshot that is ready to be kept: read, held against expectations, prepared.

Nothing here touches the disk. What is ready is put in use by `Workspace.take_in`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from stopship.model import Entity
from stopship.snapshots import Archive, Snapshot
from stopship.snapshots.snapshot import as_utc
from stopship.sources.catalogue import CUSTOM, PARSER_VERSION, parse
from stopship.sources.contract import ParsedList, SourceInfo
from stopship.sources.expectations import check_expectations


@dataclass(frozen=True, slots=True)
class Ready:
    """A snapshot as it will be once it is kept, its entities, and how to keep it."""

    snapshot: Snapshot
    entities: Callable[[], Iterator[Entity]]
    keep: Callable[[], Snapshot]


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list file that was read. `doubts` are what it would have been refused for without `accept`."""

    parsed: ParsedList
    ready: Ready
    doubts: tuple[str, ...]


def read_list(
    archive: Archive,
    info: SourceInfo,
    data: bytes,
    filename: str,
    *,
    published: date | None,
    retrieved: datetime,
    before: Snapshot | None,
    accept: bool = False,
) -> ReadList:
    """Read a list file and hold it against what is expected of it.

    Args:
        archive: where it will be kept.
        info: what the list is, and what is expected of it.
        data: the file, gzipped or not.
        filename: what to call it.
        published: the day of its publication, where the file doesn't say.
        retrieved: when it came in, timezone-aware.
        before: the snapshot in use; a list that shrank too much is refused.
        accept: take it although it is not as expected.

    Raises:
        ListFileError: it can't be read, is in another layout, or is not as expected.
    """
    parsed = parse(info.id, data, filename)
    previous = before.entries if before is not None else None
    doubts = check_expectations(parsed, info, previous_loaded=previous, accept=accept)
    prepared = archive.prepare(
        info.id,
        data,
        parsed.entities,
        rows=parsed.rows,
        entries=parsed.loaded,
        rejects=[(r.row, r.reason, r.text) for r in parsed.rejects],
        published=published or parsed.published,
        retrieved=retrieved,
        parser=PARSER_VERSION,
        warnings=parsed.warnings,
        unread=parsed.unread,
        filename=filename,
        title=info.title if info.format == CUSTOM else "",
        limit_days=info.limit_days if info.format == CUSTOM else None,
    )
    ready = Ready(prepared.snapshot, prepared.entities, lambda: archive.keep(prepared))
    return ReadList(parsed, ready, doubts)


def confirmed(archive: Archive, snapshot: Snapshot, *, retrieved: datetime) -> Ready:
    """A kept snapshot that the publisher still had at a later moment."""
    later = replace(snapshot, retrieved=max(snapshot.retrieved, as_utc(retrieved)))
    return Ready(later, lambda: archive.entities(snapshot), lambda: archive.confirm(snapshot, retrieved=retrieved))
