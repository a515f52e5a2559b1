"""The cases of a filter as a table: CSV or XLSX, in constant memory, with no cell that a spreadsheet would run.

A table of example data says so in a last column, in each of its rows. A line above or below them would be taken
for the header or for a case by whatever reads the table, and be gone when rows are sorted, filtered or copied.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from stopship.app.casework.desk import CaseWork
from stopship.app.tables import csv_line
from stopship.app.writing.workbook import CELL, SHEET_ROWS
from stopship.cases import Actor, Wanted, queue
from stopship.cases.queue import Line
from stopship.errors import SettingsError, StateError
from stopship.store import audit

FORMS = ("csv", "xlsx")
COLUMNS = (
    "case", "subject", "best_match", "entity_id", "programs", "alerts", "score", "band", "state", "disposition",
    "priority", "opened", "due", "overdue", "changed", "closed", "assignee", "locked_by",
)  # fmt: skip
EXAMPLE = "example_data"
"""The last column of a table of example data; one of real cases doesn't have it."""
PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class QueueFile:
    """A finished table. `stream` is at its beginning and has no name on the disk: closed, it is gone."""

    stream: IO[bytes]
    form: str
    cases: int
    sha256: str


def export_queue(
    work: CaseWork,
    wanted: Wanted,
    *,
    sort: str,
    form: str,
    people: Mapping[str, str],
    actor: Actor,
    now: datetime,
    notice: str | None = None,
) -> QueueFile:
    """All cases of a filter as a table, as of one moment, with a row in the audit record.

    The record says who took how many cases out, by which filter, and the hash of the file; the words that were
    searched for are left out of it, because they name parties whom a row about none of them couldn't forget.

    Args:
        sort: of the queue. form: `csv` or `xlsx`.
        people: what to call those who act.
        notice: what each row must say of itself; None of real data.

    Raises:
        SettingsError: an unknown order or form, or more cases than a sheet holds.
        StateError: the file can't be written.
    """
    if form not in FORMS:
        raise SettingsError(f"no table is written as {form[:20]!r}", where="form", hint="Give csv or xlsx")
    stream: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        with work.database.begin() as connection:
            lines = queue.every(connection, wanted, now=now, sort=sort)
            said = () if notice is None else (notice,)
            rows = ((*_cells(line, people, now), *said) for line in lines)
            columns = (*COLUMNS, EXAMPLE) if said else COLUMNS
            count = (_csv if form == "csv" else _xlsx)(stream, columns, rows)
        digest = _digest(stream)
        asked = {name: value for name, value in wanted.to_plain().items() if name not in ("text", "entity")}
        told: dict[str, Any] = {"form": form, "cases": count, "sha256": digest, "filter": asked, "sort": sort}
        if wanted.text or wanted.entity:
            told["searched"] = True
        with work.desk.writing() as connection:
            audit.append(
                connection, actor=actor.id, action="queue.exported", subject="queue", content=told, now=now
            )
        work.desk.written()
    except OSError as bad:
        stream.close()
        raise StateError(f"the table can't be written: {bad.strerror or bad}") from None
    except BaseException:
        stream.close()
        raise
    return QueueFile(stream, form, count, digest)


def _cells(line: Line, people: Mapping[str, str], now: datetime) -> tuple[Any, ...]:
    plain = line.to_plain(now=now)
    who, locked = plain["assignee"], plain["locked_by"]
    return (
        plain["id"], plain["name"], plain["entity_name"], plain["entity_id"], " ".join(plain["programs"]),
        plain["alerts"], plain["score"], plain["band"], plain["state"], plain["disposition"], plain["priority"],
        plain["opened"], plain["due"], "yes" if plain["overdue"] else "no", plain["changed"], plain["closed"],
        people.get(who, who) if who else None, people.get(locked, locked) if locked else None,
    )  # fmt: skip


def _csv(stream: IO[bytes], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    # A byte order mark, because Excel takes a UTF-8 file without one for Latin-1.
    stream.write(csv_line(columns).encode("utf-8-sig"))
    count = 0
    for count, cells in enumerate(rows, 1):  # noqa: B007 - how many there were
        stream.write(csv_line(cells).encode("utf-8", "replace"))
    return count


def _xlsx(stream: IO[bytes], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    count = 0
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet("queue")
        sheet.freeze_panes(1, 2)
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name)
        for count, cells in enumerate(rows, 1):
            if count >= SHEET_ROWS:
                raise SettingsError(
                    "these are more cases than a sheet of XLSX holds", where="form", hint="Take CSV, or filter"
                )
            for column, value in enumerate(cells):
                if isinstance(value, str):
                    sheet.write_string(count, column, value[:CELL])
                elif value is not None:
                    sheet.write_number(count, column, value)
    return count


def _digest(stream: IO[bytes]) -> str:
    stream.seek(0)
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    stream.seek(0)
    return digest
