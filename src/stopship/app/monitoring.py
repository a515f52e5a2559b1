"""Customers that are enrolled once and screened again whenever a list changes.

`enroll` screens all of them; `rescreen` finds those whom a change may touch, screens these against all lists, and
says what is new, changed, gone: the same as screening all of them again. Both keep finished parts and go on with
them when they are called again; what they find counts all at once or not at all.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from stopship.app.enrolled import SERVICE, TakenIn, take_in
from stopship.app.reading.streams import can_be_read_again, identity_of
from stopship.app.workspace import IndexPlace, Workspace
from stopship.bulk import ScreenOptions
from stopship.bulk.local import BATCH_ROWS, map_batches
from stopship.bulk.monitored import ALL_HITS, LOOKED_UP, CustomerWork, TouchWork, has_words, learn
from stopship.bulk.parts import Parts
from stopship.errors import SettingsError, StateError
from stopship.matching import Index
from stopship.monitor import Change, Event, Known, change_between, compare, generation_of
from stopship.monitor.files import CUSTOMERS, GENERATION, KEY, WORDS, PortfolioFiles, check_name
from stopship.monitor.generation import versions
from stopship.monitor.results import by_key, key_of
from stopship.screening.screener import ENGINE
from stopship.snapshots.files import replace_file
from stopship.store import Database, matches, portfolios, runs
from stopship.store.portfolios import Portfolio

Progress = Callable[[int, int, float | None], None]
"""Is told rows done, rows with hits or touched, and how much of the work that is."""
ALL_FROM = 0.2
"""A change of so much of the lists touches nearly everybody: all customers are screened."""
_PARTS, _PART_INDEX = "run.parts", "changed.index"


@dataclass(slots=True)
class Rescreened:
    """What a run has found."""

    name: str
    index_hash: str
    customers: int = 0
    rejected: int = 0
    changed_entities: int = 0
    screened: int = 0
    complete: bool = False
    up_to_date: bool = False
    events: list[Event] = field(default_factory=list)
    taken_in: TakenIn | None = None

    def counts(self) -> dict[str, int]:
        """How many events of each kind."""
        return {what: sum(e.what == what for e in self.events) for what in ("new", "changed", "gone")}

    def to_plain(self) -> dict[str, Any]:
        """The form of `rescreen --json`."""
        return {
            "portfolio": self.name,
            "index": self.index_hash,
            "engine": ENGINE,
            "up_to_date": self.up_to_date,
            "complete": self.complete,
            "customers": self.customers,
            "rejected": self.rejected,
            "changed_entities": self.changed_entities,
            "screened": self.screened,
            **self.counts(),
            "events": [event.to_plain() for event in self.events],
        }


@dataclass(slots=True)
class _Found:
    """What a screening of some rows says: their hits and which were looked up or can't be used, by row."""

    rows: Any
    hits: dict[int, list[dict[str, Any]]]
    looked_up: list[int]
    rejected: int


def enroll(
    workspace: Workspace,
    source: Path,
    name: str,
    *,
    now: datetime,
    form: str | None = None,
    encoding: str | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
    step: Callable[[str], None] | None = None,
) -> Rescreened:
    """Take a file of customers in, or in place of the one of that name, and screen all of them.

    A customer who was there before keeps the days of his matches; matches of one who is no longer in the file are
    closed.

    Args:
        source: as of `screen_file`, with a column `id` that says who a customer is.
        name: of the portfolio: `a-z`, `0-9`, `_` and `-`.
        now: this moment, timezone-aware.

    Raises:
        TableError: the file can't be read; what was enrolled stays.
        SettingsError: the name can't be one, or another run works on this portfolio.
        StateError: no room on the disk.
    """
    check_name(name, "--as")
    if not can_be_read_again(source) and source.exists():
        raise SettingsError("customers can't be read from a pipe", where="monitor enroll", hint="Give a file")
    say = step or (lambda _text: None)
    place, options = _place(workspace), _options(workspace)
    index = place.index
    digest = str(identity_of(source)["sha256"])
    with _opened(workspace) as database:
        with database.begin() as connection:
            known = portfolios.find(connection, name)
            last = runs.last(connection, known.id) if known else None
        done = Rescreened(name, index.content_hash, complete=True)
        if known and last and known.source_sha256 == digest and _same_basis(last, index, options):
            done.customers, done.rejected, done.up_to_date = known.customers, known.rejected, True
            return done
        files = portfolio_files(workspace, name)
        folder = f"customers-{digest[:16]}-{_short(index.content_hash)}"
        identity = {"customers": digest, "lists": index.content_hash, "options": options.alerts_from}
        with _parts(files, identity | {"version": ENGINE}) as parts:
            if not (files.root / folder).is_dir():
                making = files.begin(folder)
                say(f"reading {source.name}")
                told = (lambda rows, share: progress(rows, 0, share)) if progress else None
                done.taken_in = take_in(source, making, form=form, encoding=encoding, told=told)
                _learn(making, index, say)
                files.finish(making, folder)
            _, total = _sizes(files, folder)
            say("screening")
            found = _screen(files, folder, place, options, np.arange(total), (), parts, 0, processes, progress)
            state = _write_state(files, index, _bits(found, np.zeros(total, np.bool_)))
            done.customers, done.screened, done.rejected = total, total - found.rejected, found.rejected
            values = {
                "name": name,
                "source_name": source.name,
                "source_sha256": digest,
                "enrolled": now,
                "customers": total,
                "rejected": found.rejected,
                "files": folder,
                "state": state,
            }
            _commit(database, files, folder, found, done, index, options, now, values, whole=True)
            files.keep_only(folder, state, _PARTS)
            parts.remove()
    return done


def rescreen(
    workspace: Workspace,
    name: str,
    *,
    now: datetime,
    processes: int | None = None,
    progress: Progress | None = None,
    step: Callable[[str], None] | None = None,
) -> Rescreened:
    """Screen those customers again whom a change of the lists since the last run may touch.

    The differences are the same as after screening all customers again. Where the program's scorer or the
    threshold has changed, or a fifth of the lists, all are screened.

    Raises:
        SettingsError: no portfolio of that name, or another run works on it.
        PortfolioError, DatabaseFileError: what is kept is damaged.
    """
    say = step or (lambda _text: None)
    place, options = _place(workspace), _options(workspace)
    index = place.index
    with _opened(workspace) as database:
        with database.begin() as connection:
            known = _known(connection, name)
            last = runs.last(connection, known.id)
        done = Rescreened(name, index.content_hash, known.customers, known.rejected)
        if last and _same_basis(last, index, options):
            done.up_to_date = True
            return done
        files = portfolio_files(workspace, name)
        identity = {"files": known.files, "state": known.state, "lists": index.content_hash}
        with _parts(files, identity | {"options": options.alerts_from, "version": ENGINE}) as parts:
            before = files.generation(known.state)
            learned = files.generation(known.files)
            folder = known.files
            if learned.versions != versions() or (index.searchable and not has_words(files.root / folder / WORDS)):
                folder, learned = _learned_again(files, known, index, say), generation_of(index)
            say("comparing the lists")
            same = last is not None and last.engine == ENGINE and last.threshold == options.alerts_from
            change = change_between(before, index) if before.versions == versions() else None
            size, total = _sizes(files, folder)
            looked_up = files.looked_up(known.state)[:total]
            forget = change_between(learned, index).words
            if not same or change is None or change.ids > ALL_FROM * len(index):
                rows, done.complete = np.arange(total), True
                done.changed_entities = len(index) if change is None else change.ids
            else:
                done.changed_entities = change.ids
                rows = _touched(
                    files, folder, place, options, change, looked_up, forget, parts, processes, progress, say
                )
                rows = np.union1d(rows, _rows_with_matches(database, files, folder, known, change, index))
            say("screening")
            found = _screen(files, folder, place, options, rows, forget, parts, size, processes, progress)
            done.screened = len(rows) - found.rejected
            state = _write_state(files, index, _bits(found, looked_up))
            values = {"name": name, "files": folder, "state": state}
            _commit(database, files, folder, found, done, index, options, now, values, whole=done.complete)
            files.keep_only(folder, state, _PARTS)
            parts.remove()
    return done


def write_events(out: Path, found: Sequence[Rescreened]) -> None:
    """Write what runs have found as JSON lines; the file appears whole or not at all.

    Raises:
        StateError: it can't be written.
    """
    lines = [orjson.dumps({"portfolio": done.name} | event.to_plain()) for done in found for event in done.events]
    try:
        replace_file(out, b"".join(line + b"\n" for line in lines))
    except OSError as bad:
        raise StateError(f"can't be written: {bad.strerror or bad}", where=str(out)) from None


def portfolio_files(workspace: Workspace, name: str) -> PortfolioFiles:
    """The files of a portfolio."""
    return PortfolioFiles(workspace.home / "monitor" / name)


def names(workspace: Workspace) -> list[str]:
    """The portfolios, by name."""
    with _opened(workspace) as database, database.begin() as connection:
        return [portfolio.name for portfolio in portfolios.all_of(connection)]


def status(workspace: Workspace) -> list[dict[str, Any]]:
    """One dict a portfolio: what is enrolled, when it was last screened, whether the lists have changed since."""
    current = workspace.index(workspace.today).content_hash
    shown: list[dict[str, Any]] = []
    with _opened(workspace) as database, database.begin() as connection:
        for portfolio in portfolios.all_of(connection):
            last = runs.last(connection, portfolio.id)
            total, alerts = matches.counts(connection, portfolio.id)
            shown.append(
                {
                    "portfolio": portfolio.name,
                    "source": portfolio.source_name,
                    "enrolled": portfolio.enrolled.isoformat(),
                    "customers": portfolio.customers,
                    "rejected": portfolio.rejected,
                    "matches": total,
                    "alerts": alerts,
                    "screened": last.finished.isoformat() if last else None,
                    "index": last.index_hash if last else None,
                    "up_to_date": bool(
                        last and _same_basis(last, workspace.index(workspace.today), _options(workspace))
                    ),
                    "current_index": current,
                }
            )
    return shown


def remove(workspace: Workspace, name: str) -> Portfolio:
    """Erase a portfolio: its customers, their matches, its runs and files.

    Raises:
        SettingsError: no portfolio of that name, or a run works on it.
    """
    with _opened(workspace) as database:
        with database.begin() as connection:
            known = _known(connection, name)
        files = portfolio_files(workspace, name)
        with _parts(files, {}):
            with database.begin() as connection:
                portfolios.remove(connection, known.id)
            database.forget_erased()
        files.remove()
    return known


# --- steps --------------------------------------------------------------------------------------------


def _opened(workspace: Workspace) -> Any:
    from contextlib import closing

    return closing(workspace.database())


def _place(workspace: Workspace) -> IndexPlace:
    return workspace.index_place(workspace.today)


def _options(workspace: Workspace) -> ScreenOptions:
    return ScreenOptions(None, ALL_HITS, workspace.settings.threshold)


def _same_basis(last: runs.Run, index: Index, options: ScreenOptions) -> bool:
    return (last.index_hash, last.engine, last.threshold) == (index.content_hash, ENGINE, options.alerts_from)


def _known(connection: Any, name: str) -> Portfolio:
    known = portfolios.find(connection, name)
    if known is None:
        there = ", ".join(p.name for p in portfolios.all_of(connection)) or "none"
        raise SettingsError(f"there is no portfolio {name!r}", where="monitor", hint=f"Enrolled: {there}")
    return known


def _parts(files: PortfolioFiles, identity: dict[str, Any]) -> Parts:
    """The parts of this run: those of an interrupted one of the same work are taken up, others thrown away."""
    files.root.mkdir(parents=True, exist_ok=True)
    directory = files.root / _PARTS
    try:
        return Parts(directory, identity, resume=True)
    except SettingsError as other:
        if "another run" in other.message:
            raise
    shutil.rmtree(directory)
    return Parts(directory, identity, resume=True)


def _learn(folder: Path, index: Index, say: Callable[[str], None]) -> None:
    """Read the words of the customers in a folder, and note by which lists they were weighed."""
    say("reading the words of the names (once)")
    place = PortfolioFiles(folder.parent)
    total = sum(len(batch) for batch in place.batches(folder.name))
    words = learn((_asked(batch) for batch in place.batches(folder.name)), index, total)
    (folder / WORDS).mkdir()
    words.write(folder / WORDS)
    generation_of(index).write(folder / GENERATION)


def _learned_again(files: PortfolioFiles, known: Portfolio, index: Index, say: Callable[[str], None]) -> str:
    """The customers in a new folder, their words read by this version of the program."""
    folder = f"customers-{known.source_sha256[:16]}-{_short(index.content_hash)}-{_short(_digest(versions()))}"
    if not (files.root / folder).is_dir():
        making = files.begin(folder)
        shutil.copyfile(files.root / known.files / CUSTOMERS, making / CUSTOMERS)
        _learn(making, index, say)
        files.finish(making, folder)
    return folder


def _sizes(files: PortfolioFiles, folder: str) -> tuple[int, int]:
    """How many batches and rows there are."""
    lengths = [len(batch) for batch in files.batches(folder)]
    return len(lengths), sum(lengths)


def _asked(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch.drop_columns([KEY])


def _touched(
    files: PortfolioFiles,
    folder: str,
    place: IndexPlace,
    options: ScreenOptions,
    change: Change,
    looked_up: Any,
    forget: Iterable[str],
    parts: Parts,
    processes: int | None,
    progress: Progress | None,
    say: Callable[[str], None],
) -> Any:
    """The rows that a change of entities or words may touch."""
    if change.nothing:
        return np.zeros(0, np.int64)
    part_path = None
    entities = change.touched(place.index)
    if entities:
        part_path = parts.directory / _PART_INDEX
        Index.build([(place.index.lists[0], entities)], whole=place.index).write(part_path)
    work = TouchWork(
        place.directory(), place.index.content_hash, part_path, options, files.root / folder / WORDS,
        tuple(forget), change.words,
    )  # fmt: skip
    say("looking for customers that the change may touch")

    def missing() -> Iterator[tuple[pa.RecordBatch, int]]:
        at = 0
        for number, batch in enumerate(files.batches(folder)):
            if number not in parts.done:
                bits = pa.array(looked_up[at : at + len(batch)])
                yield _asked(batch).append_column(LOOKED_UP, bits), number
            at += len(batch)

    count = touched = 0
    size, total = _sizes(files, folder)
    for number, data in map_batches(work, missing(), processes=processes):
        parts.add(number, data, {})
        count, touched = count + 1, touched + len(data) // 8
        if progress:
            progress(min(total, count * BATCH_ROWS), touched, count / size)
    found: list[Any] = []
    at = 0
    for number, batch in enumerate(files.batches(folder)):
        data = (parts.directory / f"part-{number:07}").read_bytes()
        found.append(np.frombuffer(data, "<i8") + at)
        at += len(batch)
    return np.concatenate(found)


def _rows_with_matches(
    database: Database, files: PortfolioFiles, folder: str, known: Portfolio, change: Change, index: Index
) -> Any:
    """The rows of customers with an open match on an entity that is no longer there as it was."""
    touched = {*change.entities, *change.weighed}
    with database.begin() as connection:
        held = list(matches.open_matches(connection, known.id))
    customers: set[str] = set()
    for match in held:
        numbers = [n for n in index.lookup("id", match.entity_id) if index.entity_number(n).id == match.entity_id]
        sources = {_source(index, n) for n in numbers}
        if match.source not in sources or not touched.isdisjoint(numbers):
            customers.add(match.customer)
    return _rows_of(files, folder, customers)


def _source(index: Index, number: int) -> str:
    listings = index.entity_number(number).listings
    return listings[0].source if listings else ""


def _rows_of(files: PortfolioFiles, folder: str, customers: set[str]) -> Any:
    if not customers:
        return np.zeros(0, np.int64)
    import pyarrow.compute as pc

    wanted = pa.array(sorted(customers), pa.string())
    found: list[Any] = []
    at = 0
    for batch in files.batches(folder):
        found.append(np.flatnonzero(pc.is_in(batch.column(KEY), wanted).to_numpy(zero_copy_only=False)) + at)
        at += len(batch)
    return np.concatenate(found)


def _screen(
    files: PortfolioFiles,
    folder: str,
    place: IndexPlace,
    options: ScreenOptions,
    rows: Any,
    forget: Iterable[str],
    parts: Parts,
    first_part: int,
    processes: int | None,
    progress: Progress | None,
) -> _Found:
    """Screen some rows against all lists; parts of it are numbered from `first_part`."""
    words = files.root / folder / WORDS
    work = CustomerWork(place.directory(), place.index.content_hash, options, words, tuple(forget))
    sent = [0]

    def missing() -> Iterator[tuple[pa.RecordBatch, int]]:
        for number, batch in enumerate(_chosen(files, folder, rows), start=first_part):
            if number not in parts.done:
                yield _asked(batch), number
                sent[0] = number

    done = hits = 0
    for number, data in map_batches(work, missing(), processes=processes):
        found = orjson.loads(data)
        parts.add(number, data, {})
        done += BATCH_ROWS
        hits += len(found["hits"])
        if progress:
            progress(min(done, len(rows)), hits, min(1.0, done / max(1, len(rows))))
    all_hits: dict[int, list[dict[str, Any]]] = {}
    looked: list[int] = []
    rejected = 0
    for number in range(-(-len(rows) // BATCH_ROWS)):
        plain = orjson.loads((parts.directory / f"part-{first_part + number:07}").read_bytes())
        at = number * BATCH_ROWS
        looked += [int(rows[at + row]) for row in plain["looked_up"]]
        rejected += len(plain["rejected"])
        all_hits.update((int(rows[at + row]), hits_of) for row, hits_of in plain["hits"])
    return _Found(rows, all_hits, looked, rejected)


def _chosen(files: PortfolioFiles, folder: str, rows: Any) -> Iterator[pa.RecordBatch]:
    """Some rows, in batches of the usual size."""
    pieces: list[pa.RecordBatch] = []
    count = at = 0
    for batch in files.batches(folder):
        first, end = np.searchsorted(rows, [at, at + len(batch)])
        if end > first:
            whole = end - first == len(batch)
            pieces.append(batch if whole else batch.take(pa.array(rows[first:end] - at)))
            count += end - first
        at += len(batch)
        while count >= BATCH_ROWS:
            joined = pa.Table.from_batches(pieces).combine_chunks().to_batches()[0]
            yield joined.slice(0, BATCH_ROWS)
            pieces, count = [joined.slice(BATCH_ROWS)], count - BATCH_ROWS
    if count:
        yield pa.Table.from_batches(pieces).combine_chunks().to_batches()[0]


def _bits(found: _Found, before: Any) -> Any:
    """Which rows were looked up when they were last screened."""
    bits = before.copy()
    bits[found.rows] = False
    bits[found.looked_up] = True
    return bits


def _write_state(files: PortfolioFiles, index: Index, bits: Any) -> str:
    state = f"state-{_short(index.content_hash)}-{os.urandom(4).hex()}"
    files.write_state(state, generation_of(index), bits)
    return state


def _commit(
    database: Database,
    files: PortfolioFiles,
    folder: str,
    found: _Found,
    done: Rescreened,
    index: Index,
    options: ScreenOptions,
    now: datetime,
    values: dict[str, Any],
    *,
    whole: bool,
) -> None:
    """Write all that a run has found, at once. `whole`: all customers were screened, others have no matches."""
    customers = _customers(files, folder, found, whole=whole)
    with database.begin() as connection:
        number = portfolios.put(connection, values)
        open_now: dict[str, dict[Any, Known]] = {}
        for match in matches.open_matches(connection, number):
            kept = Known(match.id, orjson.loads(match.hit))
            open_now.setdefault(match.customer, {})[(match.entity_id, match.source)] = kept
        asked = sorted(open_now.keys() | customers.keys()) if whole else list(customers)
        for customer in asked:
            hits = customers[customer][1] if customer in customers else []
            done.events += compare(customer, open_now.get(customer, {}), hits)
        told = [event for event in done.events if event.what != "gone"]
        involved = dict.fromkeys(event.customer for event in told)
        ids = portfolios.keep_customers(connection, number, [customers[c][0] for c in involved])
        snapshots = {listed.source: listed.snapshot for listed in index.lists}
        matches.write(connection, [_row(event, ids, snapshots) for event in told], now)
        matches.close(connection, [e.number for e in done.events if e.what == "gone" and e.number], now)
        run = {
            "finished": now,
            "index_hash": index.content_hash,
            "engine": ENGINE,
            "threshold": options.alerts_from,
            "complete": done.complete,
            "changed_entities": done.changed_entities,
            "screened": done.screened,
            **done.counts(),
        }
        runs.add(connection, number, run)


def _row(event: Event, ids: dict[str, int], snapshots: dict[str, str]) -> dict[str, Any]:
    hit = event.hit
    entity, source = key_of(hit)
    return {
        "customer_id": ids[event.customer],
        "entity_id": entity,
        "source": source,
        "score": hit["score"],
        "band": hit["band"],
        "alert": hit["alert"],
        "snapshot": snapshots.get(source, ""),
        "hit": orjson.dumps(hit).decode(),
    }


def _customers(
    files: PortfolioFiles, folder: str, found: _Found, *, whole: bool
) -> dict[str, tuple[dict[str, str], list[dict[str, Any]]]]:
    """What is kept of the customers that were screened, and their hits; of all customers only those with hits."""
    rows = np.array(sorted(found.hits), np.int64) if whole else found.rows
    shown: dict[str, tuple[dict[str, str], list[dict[str, Any]]]] = {}
    at = 0
    for batch in files.batches(folder):
        first, end = np.searchsorted(rows, [at, at + len(batch)])
        some = rows[first:end]
        for row, plain in zip(some.tolist(), batch.take(pa.array(some - at)).to_pylist(), strict=True):
            fields = {
                name: value for name, value in plain.items() if name not in SERVICE and value not in (None, "")
            }
            name = next((str(v) for k, v in plain.items() if k.strip().lower() == "name" and v is not None), "")
            kept = {"customer": plain[KEY], "name": name, "fields": orjson.dumps(fields, default=str).decode()}
            shown[plain[KEY]] = kept, [dict(hit) for hit in by_key(found.hits.get(row, ())).values()]
        at += len(batch)
    return shown


def _short(content_hash: str) -> str:
    return content_hash.removeprefix("sha256:")[:12]


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
