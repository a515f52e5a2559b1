"""Files of names: screened row by row, each row answered, none lost (`stopship screen`)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from stopship.app.indexes import IndexPlace
from stopship.app.part_work import Counts, PartWork
from stopship.app.reading import Source, open_source
from stopship.app.reading.streams import can_be_read_again, identity_of
from stopship.app.writing import join, result_form
from stopship.app.writing.flat import header
from stopship.app.writing.workbook import SHEET_COLUMNS, SHEET_ROWS, too_many_lines
from stopship.bulk import ScreenOptions
from stopship.bulk.columns import Layout
from stopship.bulk.local import BATCH_ROWS, available_processes, few, map_batches
from stopship.bulk.parts import Parts
from stopship.errors import InputError, SettingsError, StateError, TableError
from stopship.matching import Index
from stopship.screening.screener import ENGINE

_ROOM = "Is the disk full?"
Progress = Callable[[int, int, float | None], None]
"""Is told the rows done, the rows with a hit, and how much of the file that is (0 to 1, None: not known)."""


class Interrupted(KeyboardInterrupt):
    """The work was interrupted; so many rows are kept in this directory."""

    def __init__(self, rows: int, directory: Path) -> None:
        super().__init__()
        self.rows, self.directory = rows, directory


def screen_file(
    source: Path,
    out: Path,
    place: IndexPlace,
    options: ScreenOptions,
    *,
    form: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    processes: int | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    findings: Path | None = None,
    counts: Counts | None = None,
) -> Counts:
    """Screen a file of names and write one answer a row.

    Args:
        source: CSV, JSON lines, XLSX or Parquet with a column `name`, also packed, or `-` for standard input; `id,
            schema, country, address, birth_date, registration_date` are read where they are there, all other
            columns are kept in the output.
        out: see `writing.ENDINGS`; appears whole or not at all. Finished parts are kept beside it meanwhile.
        place: the lists.
        options: threshold and what is returned.
        form: format of the input, where the name doesn't tell.
        encoding: of a text, where it is not UTF-8 and can't be guessed.
        columns: see `open_source`.
        processes: how many; None takes one a core.
        resume: take up an interrupted run.
        progress: see `Progress`.
        findings: where to write, too, the rows that are no plain `no_hit` (`writing.findings`).
        counts: filled while the work goes on, for who looks on; one is made else.

    Raises:
        TableError: the file can't be read or the output not written.
        SettingsError: there is nothing that can be resumed with these arguments, or an option is out of range.
        WorkerError: a process died; StateError: no room on the disk; finished parts are kept.
        Interrupted: finished parts are kept.
    """
    written = result_form(out)
    if resume and not can_be_read_again(source) and source.exists():
        raise SettingsError("a pipe can't be read again", where="--resume", hint="Give a file")
    if not out.parent.is_dir():
        raise TableError("there is no such folder", where=str(out.parent), hint="Create it first")
    counts = counts if counts is not None else Counts()
    counts.threshold, counts.index = options.alerts_from, place.index.content_hash
    started = time.perf_counter()
    with open_source(source, form=form, encoding=encoding, columns=columns, rows=BATCH_ROWS) as opened:
        counts.form, counts.encoding, counts.notes = opened.form, opened.encoding, opened.notes
        work = PartWork(place.index, options, written, findings=findings is not None)
        layout = work.screener.layout(opened.schema)
        if written == "xlsx":
            _check_sheet(source, out, opened, layout, columns)
        identity = _identity(source, opened, options, place.index, written)
        if columns is not None:
            identity["columns"] = sorted(columns.items())
        if findings is not None:
            identity["findings"] = True
        with _parts(out, identity, resume) as parts:
            if resume and not parts.found:
                counts.notes.append("There was nothing to resume: began anew")
            try:
                _screen(opened, work, place, parts, counts, processes, progress)
                if written == "xlsx" and counts.lines >= SHEET_ROWS:
                    raise too_many_lines(counts.lines, out)
                _join(parts, layout, written, out, findings)
            except InputError:
                parts.remove()
                raise
            except KeyboardInterrupt:
                raise _interrupted(parts, source) from None
            except StateError as stopped:
                if not _given_up(parts, source):
                    hint = f"{counts.rows:,} rows are done: go on with --resume. {stopped.hint or ''}"
                    raise type(stopped)(stopped.message, where=stopped.where, hint=hint) from None
                raise
            except BaseException:
                _given_up(parts, source)
                raise
    counts.seconds = time.perf_counter() - started
    return counts


def _parts(out: Path, identity: Mapping[str, Any], resume: bool) -> Parts:
    try:
        return Parts(out.with_name(f"{out.name}.parts"), identity, resume=resume)
    except OSError as bad:
        raise TableError(f"can't be written: {bad.strerror or bad}", where=str(out)) from None


def _identity(source: Path, opened: Source, options: ScreenOptions, index: Index, form: str) -> dict[str, Any]:
    return {
        "input": identity_of(source),
        "input format": [opened.form, opened.encoding],
        "options": [options.min_score, options.limit, options.alerts_from],
        "lists": index.content_hash,
        "output format": form,
        "version": [ENGINE, BATCH_ROWS],
    }


def _screen(
    opened: Source,
    work: PartWork,
    place: IndexPlace,
    parts: Parts,
    counts: Counts,
    processes: int | None,
    progress: Progress | None,
) -> None:
    """Make the parts that are missing."""
    for about in parts.done.values():
        counts.add(about)
    counts.resumed_rows = counts.rows
    handed = [0]

    def told(more: int = 0, hits: int = 0) -> None:
        if progress:
            rows = counts.rows + more
            share = opened.fraction()
            if opened.count:
                share = rows / opened.count
            elif share is not None and handed[0]:
                # What was read is ahead of what is done.
                share *= min(1.0, (rows - counts.resumed_rows) / handed[0])
            progress(rows, counts.hit + hits, share)

    def missing() -> Iterator[tuple[pa.RecordBatch, int]]:
        for number, batch in enumerate(opened.batches):
            if number not in parts.done:
                handed[0] += len(batch)
                yield batch, number

    small, pending = few(missing())
    counts.processes = 1 if small else processes or available_processes()
    if counts.processes > 1:
        work.index_path = place.directory()
    elif progress:
        work.progress = told
    for number, data, about, found in map_batches(work, pending, processes=counts.processes):
        about["dropped"] = opened.dropped()
        try:
            if found is not None:
                _found_path(parts, number).write_bytes(found)
            parts.add(number, data, about)
        except OSError as bad:
            where = str(parts.directory)
            raise StateError(f"can't be written: {bad.strerror or bad}", where=where, hint=_ROOM) from None
        counts.add(about)
        told()
        if work.form == "xlsx" and counts.lines >= SHEET_ROWS:
            return


def _check_sheet(
    source: Path, out: Path, opened: Source, layout: Layout, columns: Mapping[str, str] | None
) -> None:
    """Refuse what doesn't fit in a sheet, where the number of rows can be known before."""
    if (wide := len(header(layout))) > SHEET_COLUMNS:
        raise TableError(f"{wide:,} columns are more than a sheet holds", where=str(out), hint="Write .csv")
    count = opened.count
    if count is None and can_be_read_again(source) and source.stat().st_size > SHEET_ROWS // 100:
        with open_source(
            source, form=opened.form, encoding=opened.encoding, columns=columns, rows=BATCH_ROWS
        ) as again:
            count = sum(len(batch) for batch in again.batches)
    if count is not None and count >= SHEET_ROWS:
        raise too_many_lines(count, out)


def _join(parts: Parts, layout: Layout, form: str, out: Path, findings: Path | None) -> None:
    temporary = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        if findings is not None:
            with temporary.open("wb") as target:
                for number in range(len(parts.done)):
                    target.write(_found_path(parts, number).read_bytes())
            temporary.replace(findings)
        join(parts.paths(), layout, form, temporary)
        temporary.replace(out)
    except OSError as bad:
        raise StateError(f"can't be written: {bad.strerror or bad}", where=str(out), hint=_ROOM) from None
    finally:
        temporary.unlink(missing_ok=True)
    parts.remove()


def _found_path(parts: Parts, number: int) -> Path:
    """Where the findings of a part are kept: written before its note, so that a part with a note has them."""
    return parts.directory / f"found-{number:07}"


def _given_up(parts: Parts, source: Path) -> bool:
    """Delete parts that nothing can take up; whether that was so."""
    if parts.done and can_be_read_again(source):
        return False
    parts.remove()
    return True


def _interrupted(parts: Parts, source: Path) -> KeyboardInterrupt:
    if _given_up(parts, source):
        return KeyboardInterrupt()
    return Interrupted(sum(about["rows"] for about in parts.done.values()), parts.directory)
