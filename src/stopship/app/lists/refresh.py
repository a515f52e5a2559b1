"""`stopship lists update`: bring lists up to date, one failure not touching the others.

The order of steps is what makes a kill harmless: files are fetched beside the archive, read and held against what
is expected of them, the index of the new set is built and written, and only then do the new snapshots count, each
by one rename. What the publisher said about a file (for conditional requests) is noted last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import chain
from typing import Any

from stopship.app.fetch import Copy, Downloader, DownloadFolder
from stopship.app.fetch.many import Asked, Brought, bring
from stopship.app.intake.custom import with_mapping
from stopship.app.intake.read import ReadList, Ready, confirmed, read_list
from stopship.app.lists.choice import chosen_sources
from stopship.app.lists.retention import prune
from stopship.app.lists.settings import ListSettings
from stopship.app.one_at_a_time import one_at_a_time
from stopship.app.workspace import Workspace
from stopship.errors import ListFileError, SnapshotError, StopshipError, fault_words
from stopship.snapshots import Delta, Snapshot, delta
from stopship.snapshots.content import content_hash
from stopship.sources.catalogue import CUSTOM, PARSER_VERSION, describe, source_info
from stopship.sources.containers import unpack
from stopship.sources.expectations import MAX_SHRINK

Report = Callable[[str, str, int, int | None], None]
"""Told a source, what is done with it, and of how many bytes how many are here."""


@dataclass(frozen=True, slots=True)
class SourceUpdate:
    """What became of one source.

    Attributes:
        source: its id.
        status: `new` (none was here), `updated` (another content), `unchanged`, `read_again` (the same content,
            by a newer reader), `failed`.
        before, after: the snapshots in use; `after` is `before` where it failed.
        changes: what changed between them, where there are two.
        rejected: rows that could not be read.
        notes: what a person should know: doubts that were accepted, warnings of the reader, a pin.
        problem: why it failed.
    """

    source: str
    status: str
    before: Snapshot | None = None
    after: Snapshot | None = None
    changes: Delta | None = None
    rejected: int = 0
    notes: tuple[str, ...] = ()
    problem: str = ""

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "source": self.source,
            "status": self.status,
            "problem": self.problem or None,
            "before": self.before.id if self.before else None,
            "snapshot": self.after.id if self.after else None,
            "dated": self.after.dated.isoformat() if self.after else None,
            "entries": self.after.entries if self.after else None,
            "rejected": self.rejected,
            "changes": self.changes.counts() if self.changes is not None else None,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What an update did: one record a source, and old snapshots that were pruned by the settings."""

    sources: tuple[SourceUpdate, ...]
    pruned: tuple[Snapshot, ...] = ()

    @property
    def failed(self) -> tuple[SourceUpdate, ...]:
        return tuple(one for one in self.sources if one.status == "failed")


@dataclass(slots=True)
class _Pending:
    """A source whose list was read and waits to be put in use."""

    ready: Ready
    status: str
    before: Snapshot | None
    copy: Copy | None = None
    notes: list[str] = field(default_factory=list)


def refresh(
    workspace: Workspace,
    settings: ListSettings,
    sources: Sequence[str] = (),
    *,
    now: datetime,
    accept: bool = False,
    offline: bool = False,
    report: Report | None = None,
) -> Refreshed:
    """Bring lists up to date.

    Args:
        workspace: the home.
        settings: what the home says about updates.
        sources: which; empty: those of the settings, else all that have an address, and all that an older reader
            read.
        now: the moment, timezone-aware.
        accept: take lists that are not as expected (see `check_expectations`).
        offline: use no network: take in files that were fetched before, read lists again that an older reader
            read, and build the index.
        report: told how far each is.

    Raises:
        SettingsError: an unknown source, or one that has no address and isn't to be read again.
        StateError: another update is running, or the home can't be written; what was in use stays in use.
    """
    fetched, again = chosen_sources(settings, sources, workspace.archive)
    with one_at_a_time(workspace.home):
        return _Refresh(workspace, settings, now, accept, report or (lambda *_: None)).run(
            fetched, again, offline=offline or settings.offline
        )


class _Refresh:
    """One update."""

    def __init__(
        self, workspace: Workspace, settings: ListSettings, now: datetime, accept: bool, report: Report
    ) -> None:
        self.workspace = workspace
        self.archive = workspace.archive
        self.settings = settings
        self.now = workspace.arrival(now)
        self.accept = accept
        self.report = report
        self.pending: dict[str, _Pending] = {}
        self.done: dict[str, SourceUpdate] = {}

    def run(self, fetched: tuple[str, ...], again: tuple[str, ...], *, offline: bool) -> Refreshed:
        asked = [one for source in fetched if (one := self._guarded(source, self._asked)) is not None]
        here = (Brought(source, None, confirmed=False) for source in again)
        for brought in chain(self._lying(asked) if offline else self._fetched(asked), here):
            self._guarded(brought.source, partial(self._read, brought=brought))
        if self.pending:
            self._put_in_use()
        pruned: tuple[Snapshot, ...] = ()
        if self.settings.keep_days is not None:
            pruned = prune(self.workspace, days=self.settings.keep_days).removable
        return Refreshed(tuple(self.done[source] for source in sorted({*fetched, *again})), pruned)

    def _guarded(self, source: str, work: Callable[[str], Any]) -> Any:
        """Do the work on one source; whatever goes wrong with it is its own problem."""
        try:
            return work(source)
        except StopshipError as bad:
            self._fail(source, str(bad))
        except Exception as bad:  # a fault of ours in one reader must not keep the other lists from being current
            self._fail(source, fault_words(bad))
        return None

    def _fail(self, source: str, problem: str) -> None:
        try:
            before = self.archive.current(source)
        except SnapshotError:
            before = None
        self.done[source] = SourceUpdate(source, "failed", before, before, problem=problem)
        self.report(source, "failed", 0, None)

    # -- fetching ----------------------------------------------------------------------------------------------

    def _folder(self, source: str) -> DownloadFolder:
        return DownloadFolder(self.workspace.home / "downloads" / source)

    def _asked(self, source: str) -> Asked:
        folder, current = self._folder(source), self._current(source)
        taken = folder.taken()
        held = current is not None and taken is not None and taken.snapshot == current.sha256
        info, address = source_info(source), self.settings.address(source)
        return Asked(
            source,
            address,
            folder,
            taken if held else None,
            page=info.fetched_as_page,
            latest=info.latest_day if address == info.fetch else None,  # a mirror is asked for nothing else
        )

    def _current(self, source: str) -> Snapshot | None:
        """The snapshot in use; None where it is damaged: then the list is fetched as if none were here."""
        try:
            return self.archive.current(source)
        except SnapshotError:
            return None

    def _fetched(self, asked: Sequence[Asked]) -> Iterator[Brought]:
        downloader = Downloader(self.settings.bounds, proxy=self.settings.proxy)
        for brought in bring(downloader, asked, lambda *told: self.report(*told), today=self.workspace.today):
            if brought.problem is None:
                yield brought
            else:
                self._fail(brought.source, brought.problem)

    def _lying(self, asked: Sequence[Asked]) -> Iterator[Brought]:
        """What was fetched whole before, or nothing."""
        for one in asked:
            head = one.folder.head()
            yield Brought(one.source, head if head is not None and head.whole else None, confirmed=False)

    # -- reading -----------------------------------------------------------------------------------------------

    def _read(self, source: str, *, brought: Brought) -> None:
        self.report(source, "reading", 0, None)
        before = self._current(source)
        if brought.copy is None:
            self._same(source, before, brought)
            return
        folder = self._folder(source)
        data = folder.body.read_bytes()
        if brought.copy.encoding:
            data = unpack(data, source)
        filename = _filename(brought.copy.address, source)
        if source.startswith(f"{CUSTOM}."):
            _source, data = with_mapping(self.archive, source, data, filename, None)
        same = before is not None and before.sha256 == content_hash(data)
        read = read_list(
            self.archive,
            describe(source, data, filename),
            data,
            filename,
            published=None,
            retrieved=_as_of(brought.copy, self.now),
            before=before,
            accept=self.accept or same,  # the same bytes were judged when they came in first
        )
        status = "new" if before is None else "updated"
        if before is not None and same:
            self._still_whole(read, before)
            status = "unchanged" if before.parser == PARSER_VERSION else "read_again"
        notes = [f"accepted although {doubt}" for doubt in read.doubts]
        notes += read.parsed.warnings
        if before is not None and read.ready.snapshot.dated < before.dated:
            notes.append(f"it is dated {read.ready.snapshot.dated}, before the one in use, which stays in use")
        self.pending[source] = _Pending(read.ready, status, before, brought.copy, notes)

    def _confirmed_at(self, source: str) -> datetime:
        taken = self._folder(source).taken()
        return _as_of(taken, self.now) if taken is not None else self.now

    def _same(self, source: str, before: Snapshot | None, brought: Brought) -> None:
        """The publisher still has what is in use, or nothing was asked."""
        if before is None:
            raise ListFileError(
                "nothing of it is here, and nothing may be fetched",
                where=source,
                hint=f"Run: stopship lists import {source} FILE, or import a bundle, or leave --offline away",
            )
        retrieved = self._confirmed_at(source) if brought.confirmed else before.retrieved
        if before.parser == PARSER_VERSION:
            ready = confirmed(self.archive, before, retrieved=retrieved)
            self.pending[source] = _Pending(ready, "unchanged", before)
            return
        raw = self.archive.raw(before)
        read = read_list(
            self.archive,
            describe(source, raw, source),
            raw,
            before.filename or source,
            published=before.published,
            retrieved=retrieved,
            before=before,
            accept=True,  # the same bytes were judged when they came in first
        )
        self._still_whole(read, before)
        self.pending[source] = _Pending(read.ready, "read_again", before, notes=list(read.parsed.warnings))

    def _still_whole(self, read: ReadList, before: Snapshot) -> None:
        """Refuse a newer reader that makes much less of the same bytes."""
        loaded = read.parsed.loaded
        if loaded < before.entries * (1 - MAX_SHRINK) and not self.accept:
            raise ListFileError(
                f"this version reads {loaded:,} rows of the same file where {before.entries:,} are in use",
                where=before.source,
                hint="Tell the makers of Stopship; --accept takes it all the same",
            )

    # -- putting in use ----------------------------------------------------------------------------------------

    def _put_in_use(self) -> None:
        differences = {}
        for source, one in list(self.pending.items()):
            if one.status in ("updated", "read_again") and one.before is not None:
                found = self._guarded(source, partial(self._delta, before=one.before, one=one))
                if source in self.done:
                    del self.pending[source]
                    continue
                differences[source] = found
        ordered = [self.pending[source] for source in sorted(self.pending)]
        kept = self.workspace.take_in(
            [one.ready for one in ordered], now=self.now, step=lambda text: self.report("", text, 0, None)
        )
        for one, snapshot in zip(ordered, kept, strict=True):
            source = snapshot.source
            if one.copy is not None:
                self._folder(source).take(one.copy, snapshot.sha256)
            in_use = self.archive.current(source) or snapshot
            pinned = self.archive.pinned(source)
            if pinned is not None and pinned.sha256 != in_use.sha256:
                one.notes.append(f"decisions go on using the snapshot of {pinned.dated}, which is pinned")
            self.done[source] = SourceUpdate(
                source,
                one.status,
                one.before,
                in_use,
                changes=differences.get(source),
                rejected=snapshot.rejects,
                notes=tuple(one.notes),
            )
            self.report(source, one.status, 0, None)

    def _delta(self, _source: str, *, before: Snapshot, one: _Pending) -> Delta | None:
        try:
            return delta(self.archive.entities(before), one.ready.entities())
        except SnapshotError as bad:
            # What was in use is damaged: the new list mends that, and there is nothing to compare it with.
            one.notes.append(f"can't be compared with the one before: {bad.message}")
            return None


def _as_of(copy: Copy, now: datetime) -> datetime:
    """Until when the content is known to be current: now, or the end of the day that was asked for."""
    return min(now, datetime.combine(date.fromisoformat(copy.day), time(23, 59, 59), UTC)) if copy.day else now


def _filename(address: str, source: str) -> str:
    """What to call the file: the last part of its address, as far as that is plain."""
    name = address.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    plain = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "._-"))
    return plain if "." in plain and len(plain) <= 100 else source
