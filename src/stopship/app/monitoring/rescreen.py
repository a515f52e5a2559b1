"""Customers that are enrolled once and screened again whenever a list changes.

`enroll` screens all of them; `rescreen` finds those whom a change may touch, screens these against all lists, and
says what is new, changed, gone: the same as screening all of them again. Both keep finished parts and go on with
them when they are called again; what they find counts all at once or not at all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from stopship.app.casework.settings import read_policy
from stopship.app.indexes import IndexPlace
from stopship.app.monitoring.enrolled import take_in
from stopship.app.monitoring.record import Rescreened, record, write_events
from stopship.app.monitoring.rows import (
    Progress,
    learn_words,
    learned_again,
    names_after,
    rows_with_matches,
    rows_with_words,
    screen_rows,
    short,
    sizes,
    touched_rows,
)
from stopship.app.reading.streams import can_be_read_again, identity_of
from stopship.app.workspace import Workspace
from stopship.bulk import ScreenOptions
from stopship.bulk.monitored import ALL_HITS, has_words
from stopship.bulk.parts import Parts
from stopship.errors import InputError, SettingsError, TableError
from stopship.matching import Index
from stopship.matching.kept_names import KeptNames
from stopship.monitor import change_between, generation_of
from stopship.monitor.files import WORDS, PortfolioFiles, check_name
from stopship.monitor.generation import versions
from stopship.screening.screener import ENGINE
from stopship.store import Database, matches, portfolios, runs
from stopship.store.portfolios import Portfolio

__all__ = [
    "Progress",
    "Rescreened",
    "enroll",
    "names",
    "portfolio_files",
    "remove",
    "rescreen",
    "status",
    "told",
    "write_events",
]

ALL_FROM = 0.2
"""A change of so much of the lists touches nearly everybody: all customers are screened."""
_PARTS = "run.parts"


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
    until_told: bool = False,
) -> Rescreened:
    """Take a file of customers in, or in place of the one of that name, and screen all of them.

    A customer who was there before keeps the days of his matches; matches of one who is no longer in the file are
    closed.

    Args:
        source: as of `screen_file`, with a column `id` that says who a customer is.
        name: of the portfolio: `a-z`, `0-9`, `_` and `-`.
        now: this moment, timezone-aware.
        until_told: see `rescreen`.

    Raises:
        TableError: the file can't be read; what was enrolled stays.
        SettingsError: the name can't be one, or another run works on this portfolio.
        StateError: no room on the disk.
    """
    check_name(name, "--as")
    if not can_be_read_again(source):
        what = "this is no file that can be read again" if source.exists() else "there is no such file"
        raise TableError(what, where=str(source), hint="Give a file")
    place, options, policy = _place(workspace), _options(workspace), read_policy(workspace.home)
    index = place.index
    digest = str(identity_of(source)["sha256"])
    with _opened(workspace) as database:
        with database.begin() as connection:
            known = portfolios.find(connection, name)
            last = runs.last(connection, known.id) if known else None
        done = Rescreened(name, index.content_hash, complete=True)
        if known and last and known.source_sha256 == digest and _same_basis(last, index, options):
            done.customers, done.rejected, done.up_to_date = known.customers, known.rejected, True
            return _with_untold(done, workspace, known, until_told=until_told)
        files = portfolio_files(workspace, name)
        folder = f"customers-{digest[:16]}-{short(index.content_hash)}"
        identity = {"customers": digest, "lists": index.content_hash, "options": options.alerts_from}
        with _parts(files, identity | {"version": ENGINE}) as parts, _clean_if_refused(files, known):
            if not (files.root / folder).is_dir():
                making = files.begin(folder)
                told = (lambda rows, share: progress(rows, 0, share)) if progress else None
                done.taken_in = take_in(source, making, form=form, encoding=encoding, told=told)
                learn_words(making, index, progress)
                files.finish(making, folder)
            _, total = sizes(files, folder)
            found = screen_rows(files, folder, place, options, np.arange(total), (), parts, 0, processes, progress)
            state = _write_state(files, index, found.names)
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
            done.events = files.untold(known.state) if known else []
            record(database, files, folder, found, done, index, options, now, values, whole=True, policy=policy)
            files.keep_only(folder, state, _PARTS)
            parts.remove()
    return _found(done, workspace, until_told=until_told)


def rescreen(
    workspace: Workspace,
    name: str,
    *,
    now: datetime,
    processes: int | None = None,
    progress: Progress | None = None,
    until_told: bool = False,
) -> Rescreened:
    """Screen those customers again whom a change of the lists since the last run may touch.

    The differences are the same as after screening all customers again. Where the program's scorer or the
    threshold has changed, or a fifth of the lists, all are screened.

    Args:
        now: this moment, timezone-aware.
        until_told: what is found is told again by the next run until `told` is called, when it has been written or
            shown; else it counts as told when this returns.

    Raises:
        SettingsError: no portfolio of that name, or another run works on it.
        PortfolioError, DatabaseFileError: what is kept is damaged.
    """
    place, options, policy = _place(workspace), _options(workspace), read_policy(workspace.home)
    index = place.index
    with _opened(workspace) as database:
        with database.begin() as connection:
            known = _known(connection, name)
            last = runs.last(connection, known.id)
        done = Rescreened(name, index.content_hash, known.customers, known.rejected)
        if last and _same_basis(last, index, options):
            done.up_to_date = True
            return _with_untold(done, workspace, known, until_told=until_told)
        files = portfolio_files(workspace, name)
        identity = {"files": known.files, "state": known.state, "lists": index.content_hash}
        with _parts(files, identity | {"options": options.alerts_from, "version": ENGINE}) as parts:
            _still(database, known)
            before = files.generation(known.state)
            learned = files.generation(known.files)
            folder = known.files
            if learned.versions != versions() or (index.searchable and not has_words(files.root / folder / WORDS)):
                folder, learned = learned_again(files, known, index, progress), generation_of(index)
            same = last is not None and last.engine == ENGINE and last.threshold == options.alerts_from
            change = change_between(before, index) if before.versions == versions() else None
            size, total = sizes(files, folder)
            names = files.names(known.state)
            forget = change_between(learned, index).words
            if not same or change is None or change.ids > ALL_FROM * len(index):
                rows, done.complete = np.arange(total), True
                done.changed_entities = len(index) if change is None else change.ids
            else:
                done.changed_entities = change.ids
                rows = touched_rows(
                    files, folder, place, options, change, known.state, forget, parts, processes, progress
                )
                rows = np.union1d(rows, rows_with_words(names, change.words))
                rows = np.union1d(rows, rows_with_matches(database, files, folder, known, change, index))
            found = screen_rows(files, folder, place, options, rows, forget, parts, size, processes, progress)
            done.screened = len(rows) - found.rejected
            state = _write_state(files, index, names_after(found, names))
            values = {"name": name, "files": folder, "state": state}
            done.events = files.untold(known.state)
            record(
                database,
                files,
                folder,
                found,
                done,
                index,
                options,
                now,
                values,
                whole=done.complete,
                policy=policy,
            )
            files.keep_only(folder, state, _PARTS)
            parts.remove()
    return _found(done, workspace, until_told=until_told)


def told(workspace: Workspace, done: Rescreened) -> None:
    """What a run with `until_told` has found has reached the one who asked. Until then the next run tells it,
    because it counts from the moment at which it is in the database, and the process may end right behind that."""
    if done.events:
        portfolio_files(workspace, done.name).told(done.state)


def portfolio_files(workspace: Workspace, name: str) -> PortfolioFiles:
    """The files of a portfolio."""
    return PortfolioFiles(workspace.home / "monitor" / name)


def names(workspace: Workspace) -> list[str]:
    """The portfolios, by name."""
    with _opened(workspace) as database, database.begin() as connection:
        return [portfolio.name for portfolio in portfolios.all_of(connection)]


def status(workspace: Workspace) -> list[dict[str, Any]]:
    """One dict a portfolio: what is enrolled, when it was last screened, whether the lists have changed since."""
    index, options = workspace.index(workspace.today), _options(workspace)
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
                    "up_to_date": bool(last and _same_basis(last, index, options)),
                    "current_index": index.content_hash,
                }
            )
    return shown


def up_to_date(workspace: Workspace, database: Database, index: Index) -> dict[str, bool]:
    """Whether each portfolio, by its name, was screened against the lists of an index; nothing is counted."""
    options = _options(workspace)
    with database.begin() as connection:
        last = {one.name: runs.last(connection, one.id) for one in portfolios.all_of(connection)}
    return {name: bool(run and _same_basis(run, index, options)) for name, run in last.items()}


def remove(workspace: Workspace, name: str) -> int:
    """Erase a portfolio: its customers, their matches, its runs and files, also those of an enrolling that was
    interrupted. How many customers it had.

    Raises:
        SettingsError: no portfolio of that name, or a run works on it.
    """
    files = portfolio_files(workspace, check_name(name, "monitor remove"))
    with _opened(workspace) as database:
        with database.begin() as connection:
            known = portfolios.find(connection, name) if files.root.is_dir() else _known(connection, name)
        with _parts(files, {}):
            if known is not None:
                with database.begin() as connection:
                    portfolios.remove(connection, known.id)
                database.forget_erased()
        files.remove()
    return known.customers if known is not None else 0


# --- steps --------------------------------------------------------------------------------------------


def _opened(workspace: Workspace) -> closing[Database]:
    return closing(workspace.database())


def _with_untold(done: Rescreened, workspace: Workspace, known: Portfolio, *, until_told: bool) -> Rescreened:
    """Nothing to do, but what the last run could not tell, or remove."""
    files = portfolio_files(workspace, known.name)
    if files.holds_more_than(known.files, known.state):
        with suppress(SettingsError), _parts(files, {}) as parts:  # another run may be at work
            files.keep_only(known.files, known.state, _PARTS)
            parts.remove()
    done.events, done.state = files.untold(known.state), known.state
    done.untold = len(done.events)
    return _found(done, workspace, until_told=until_told)


def _found(done: Rescreened, workspace: Workspace, *, until_told: bool) -> Rescreened:
    if not until_told:
        told(workspace, done)
    return done


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


def _still(database: Database, known: Portfolio) -> None:
    """Look that no other run has finished since `known` was read."""
    with database.begin() as connection:
        if portfolios.find(connection, known.name) != known:
            raise SettingsError("another run has just finished", where=known.name, hint="Call it again")


@contextmanager
def _clean_if_refused(files: PortfolioFiles, known: Portfolio | None) -> Iterator[None]:
    """Leave nothing of a file that is refused, where nothing was enrolled before."""
    try:
        yield
    except InputError:
        if known is None:
            files.remove()
        raise


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


def _write_state(files: PortfolioFiles, index: Index, names: KeptNames) -> str:
    state = f"state-{short(index.content_hash)}-{os.urandom(4).hex()}"
    files.write_state(state, generation_of(index), names)
    return state
