"""The one place where things are wired: a home directory, its lists, its indexes, the rulebook, a screener.

Nothing below knows of a home; nothing above builds its own parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stopship.app.indexes import STARTER, IndexPlace, index_of, starter_place
from stopship.app.intake.custom import ids_in_other_lists, with_mapping
from stopship.app.intake.files import read_list_files
from stopship.app.intake.read import Ready, read_list
from stopship.app.ownership.store import OwnershipStore
from stopship.app.records import Records
from stopship.app.settings import database_url, read_settings
from stopship.errors import InputError, ListFileError, StateError
from stopship.matching import Index, IndexedList, Matcher
from stopship.rules import Rulebook
from stopship.screening import Screener, Settings
from stopship.snapshots import Archive, Snapshot
from stopship.sources.catalogue import CUSTOM, catalogue, describe, source_info
from stopship.sources.contract import ParsedList, SourceInfo

if TYPE_CHECKING:
    from stopship.store import Database

MAX_LIST_BYTES = 2_000_000_000
DATABASE = "stopship.db"
UNFINISHED = "restore.unfinished"
"""Stands in a home between the moment when its files were restored and that when its database was."""
LISTS = "system:lists"
"""Who takes lists in where nobody says."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one list file. `notes` are what is to be known of it beside the other lists here."""

    info: SourceInfo
    parsed: ParsedList
    snapshot: Snapshot
    names: int
    replaced: Snapshot | None
    notes: tuple[str, ...] = ()


class Workspace:
    """A home directory and what is in it. Making one touches nothing; folders appear when something is kept.

    Args:
        home: the directory.
        today: the day that "now" is, given by the caller; the engine below asks no clock.
    """

    def __init__(self, home: Path, *, today: date) -> None:
        self.home = home
        self.today = today

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.home / "snapshots")

    @cached_property
    def ownership(self) -> OwnershipStore:
        return OwnershipStore(self.home / "ownership")

    @cached_property
    def records(self) -> Records:
        return Records(self.home, lambda: self.rulebook)

    def database(self) -> Database:
        """The database of this home, opened and brought up to date; the caller closes it."""
        from stopship.store import Database, sqlite_url

        self.home.mkdir(parents=True, exist_ok=True)
        if (self.home / UNFINISHED).exists():
            raise StateError(
                "a restore into this home was interrupted: its database may be the one of before",
                where=str(self.home),
                hint="Restore again: stopship restore BACKUP --replace",
            )
        return Database(database_url(self.home) or sqlite_url(self.home / DATABASE))

    def held_database(self) -> Database:
        """As `database`, where there is one.

        Raises:
            StateError: there is none yet.
        """
        if not self.has_database():
            raise StateError(
                "there is no database yet, so there are no cases and no audit record",
                where=str(self.home),
                hint="It begins with the first decision that is kept: stopship check ORDER.yaml --save",
            )
        return self.database()

    def note(self, *, actor: str, action: str, subject: str, content: Mapping[str, Any], now: datetime) -> None:
        """Write a row of the audit record about something that lies outside of the database, where there is one:
        a list that comes in, a file that was screened. Without a database nobody has begun a record."""
        if not self.has_database():
            return
        from stopship.app.auditing import note_if_due
        from stopship.store import audit

        with closing(self.database()) as database:
            with database.write() as connection:
                audit.append(connection, actor=actor, action=action, subject=subject, content=content, now=now)
            note_if_due(self.home, database, now)

    def has_database(self) -> bool:
        """Whether there is a database already: to ask for one makes one."""
        return database_url(self.home) is not None or (self.home / DATABASE).exists()

    @cached_property
    def rulebook(self) -> Rulebook:
        return Rulebook.load()

    @cached_property
    def settings(self) -> Settings:
        return read_settings(self.home)

    def screener(self, as_of: date) -> Screener:
        """The screener for a date: the lists as they were then, the whole rulebook, the ownership data in use."""
        return Screener(self.index(as_of), self.rulebook, self.ownership.graph())

    def import_list(
        self,
        source: str,
        paths: Path | Sequence[Path],
        *,
        published: date | None,
        now: datetime,
        accept: bool = False,
        mapping: Path | None = None,
        step: Callable[[str], None] | None = None,
        actor: str = LISTS,
    ) -> Imported:
        """Read a list file of a known source and keep it as the current snapshot.

        Args:
            source: an id of the catalogue, or `custom.NAME`.
            paths: the file, gzipped or not; for a source of several files their folder, or all of them.
            published: the day of its publication, where the file doesn't say.
            now: the moment of retrieval, timezone-aware.
            accept: keep it although its size is out of bounds or it shrank.
            mapping: the mapping file of a list of one's own; None takes the one that its last import had.
            step: told what is done next.
            actor: who does it, for the audit record.

        Raises:
            ListFileError: unknown source, unreadable file, another layout, out of bounds; nothing is kept then.
        """
        if source == STARTER:
            raise ListFileError("the starter list is part of the package and can't be imported", where=source)
        _check_source(source, mapping)
        if published is not None and published > self.today:
            raise ListFileError(f"{published} is in the future", where="--published")
        say = step or (lambda _text: None)
        given = [paths] if isinstance(paths, Path) else list(paths)
        say(f"reading {', '.join(path.name for path in given)}")
        own = source.partition(".")[0] == CUSTOM
        data, filename = read_list_files(given, catalogue()[CUSTOM if own else source], most=MAX_LIST_BYTES)
        if own:
            source, data = with_mapping(self.archive, source, data, filename, mapping)
        info = describe(source, data, filename)
        before = self.archive.current(source)
        read = read_list(
            self.archive,
            info,
            data,
            filename,
            published=published,
            retrieved=self.arrival(now),
            before=before,
            accept=accept,
        )
        (snapshot,) = self.take_in([read.ready], now=now, step=say, actor=actor)
        names = sum(len(entity.names) for entity in read.parsed.entities)
        notes = ids_in_other_lists(self.index(self.today), read.parsed) if info.kind == CUSTOM else ()
        return Imported(info, read.parsed, snapshot, names, before, notes)

    def arrival(self, now: datetime) -> datetime:
        """When a list that comes in at this moment counts as retrieved: never after the day that is today here.

        Snapshots are dated in UTC, orders in local time. West of Greenwich it is tomorrow in UTC every evening,
        and a list of tomorrow would not be used today.
        """
        return min(now, datetime.combine(self.today, time(23, 59, 59), UTC))

    def take_in(
        self,
        ready: Sequence[Ready],
        *,
        now: datetime,
        step: Callable[[str], None] | None = None,
        actor: str = LISTS,
    ) -> tuple[Snapshot, ...]:
        """Put lists that were read in use. The index of the new set is on disk before the first of them counts, so
        that other processes go on with the old set until then and never wait for the new one.

        Args:
            ready: what comes in, at most one a source.
            now: this moment, timezone-aware. actor: who does it. Both for the audit record.
            step: told what is done next.

        Raises:
            StateError: the home can't be written; what was in use stays in use.
        """
        say = step or (lambda _text: None)
        say("preparing names for the search")
        coming = {one.snapshot.source: one for one in ready}
        snapshots = self.snapshots(self.today, coming={source: one.snapshot for source, one in coming.items()})
        index = self.index_of([self._listed(snapshot) for snapshot in snapshots], snapshots, coming=coming).index
        say("compiling the search (about a minute, once after an update of Stopship)")
        Matcher(index).warm()  # so that the first order of the day waits for no compiler
        say("putting the lists in use")
        for one in ready:
            self._note_list(one.snapshot, actor, now)
        return tuple(one.keep() for one in ready)

    def _note_list(self, snapshot: Snapshot, actor: str, now: datetime) -> None:
        """Write that a list comes in, before it counts: no list is ever in use without its row."""
        before = self.archive.current(snapshot.source)
        if before is not None and (before.sha256, before.retrieved) == (snapshot.sha256, snapshot.retrieved):
            return
        self.note(
            actor=actor,
            action="list.taken_in",
            subject=f"list:{snapshot.source}",
            content={
                "before": before.id if before is not None else None,
                "after": snapshot.id,
                "dated": snapshot.dated.isoformat(),
                "entries": snapshot.entries,
            },
            now=now,
        )

    def sources(self) -> tuple[str, ...]:
        """Every source that may be held here, sorted: those of the catalogue and the lists of one's own."""
        own = (source for source in self.archive.sources() if source.partition(".")[0] == CUSTOM)
        return tuple(sorted({*catalogue(), *own} - {STARTER}))

    def snapshots(self, as_of: date, *, coming: Mapping[str, Snapshot] | None = None) -> tuple[Snapshot, ...]:
        """One snapshot a source, as `decision.md` chooses it for the date, or as a person pinned it; empty while
        none was imported. `coming`, by source, count as kept."""
        also = coming or {}
        chosen = (
            self.archive.pinned(source) or self.archive.for_date(source, as_of, also=also.get(source))
            for source in sorted({*self.sources(), *also})
        )
        return tuple(snapshot for snapshot in chosen if snapshot is not None)

    def index(self, as_of: date) -> Index:
        """The index for a date: of the imported lists, or of the starter list while there is none."""
        return self.index_place(as_of).index

    def index_place(self, as_of: date) -> IndexPlace:
        """As `index`, with the directory that other processes open."""
        snapshots = self.snapshots(as_of)
        if not snapshots:
            return starter_place(self.home / "indexes")
        return self.index_of([self._listed(snapshot) for snapshot in snapshots], snapshots)

    def index_of(
        self,
        lists: list[IndexedList],
        snapshots: tuple[Snapshot, ...],
        *,
        coming: Mapping[str, Ready] | None = None,
    ) -> IndexPlace:
        """The index of some snapshots, each with what is said of it as a list; see `indexes.index_of`."""
        return index_of(self.home / "indexes", self.archive, lists, snapshots, coming=coming)

    def _listed(self, snapshot: Snapshot) -> IndexedList:
        info = source_info(snapshot.source)
        return IndexedList(
            source=snapshot.source,
            snapshot=snapshot.id,
            published=snapshot.published,
            retrieved=snapshot.retrieved.date(),
            entries=snapshot.entries,
            limit_days=snapshot.limit_days if info.format == CUSTOM else info.limit_days,
            kind=info.kind,
            pinned=self.is_pinned(snapshot),
        )

    def is_pinned(self, snapshot: Snapshot) -> bool:
        """Whether a person chose this snapshot for every date."""
        pinned = self.archive.pinned(snapshot.source)
        return pinned is not None and pinned.sha256 == snapshot.sha256


def _check_source(source: str, mapping: Path | None) -> None:
    try:
        own = source_info(source).format == CUSTOM
    except InputError:
        known = ", ".join(sorted(set(catalogue()) - {STARTER}))
        raise ListFileError(
            f"unknown source {source!r}", where="lists import", hint=f"Known sources: {known}"
        ) from None
    if mapping is not None and not own:
        raise ListFileError(f"{source} needs no mapping: it is read in its publisher's layout", where="--mapping")


def list_states(workspace: Workspace) -> Iterator[tuple[Snapshot, IndexedList]]:
    """The snapshot of every imported source that decisions use, for `lists status` and `doctor`: the current one,
    or the one that is pinned."""
    archive = workspace.archive
    for source in workspace.sources():
        snapshot = archive.pinned(source) or archive.current(source)
        if snapshot is not None:
            yield snapshot, workspace._listed(snapshot)


def allow_stale(settings: Settings, reason: str | None) -> Settings:
    """Settings with a recorded reason for which stale lists are accepted."""
    return replace(settings, allow_stale=reason) if reason else settings
