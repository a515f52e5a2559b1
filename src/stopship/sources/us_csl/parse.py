"""The US Consolidated Screening List: bytes of its CSV or JSON form to entities."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from stopship.errors import SourceDrift
from stopship.sources.containers import decode, unpack
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.identity import RowEntity, assemble
from stopship.sources.us_csl.entities import program_of, retired, row_entity
from stopship.sources.us_csl.rows import Row, csv_rows, json_rows

MAX_UNKNOWN_SOURCE_ROWS = 10
"""Rows of a list that is not known. A few are rejects; more are a new list, which someone must look at."""


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read the list from its CSV or JSON form, told apart by content, gzipped or not.

    Raises:
        ListFileError: it can't be read at all.
        SourceDrift: a column is new or missing, or many rows are of a list that is not known.
    """
    text = decode(unpack(data, filename), filename, "the CSV or JSON form of the Consolidated Screening List")
    reader = _Reader(filename, info)
    published = None
    if text.lstrip()[:1] in ("{", "["):
        rows, published = json_rows(text, filename, info)
        reader.read(rows)
    else:
        reader.read(csv_rows(text, filename, info))
    return reader.result(published)


class _Reader:
    """Collects rows, rejects and warnings, and counts them."""

    def __init__(self, where: str, info: SourceInfo) -> None:
        self.where = where
        self.info = info
        self.rows = 0
        self.read_rows: list[RowEntity] = []
        self.rejects: list[Reject] = []
        self.unknown: dict[str, int] = {}
        self.warnings: dict[str, list[int]] = {}

    def read(self, rows: Iterable[tuple[int, Row | Reject]]) -> None:
        for number, row in rows:
            self.rows += 1
            if isinstance(row, Reject):
                self.rejects.append(row)
            else:
                self._row(number, row)

    def _row(self, number: int, row: Row) -> None:
        source = row.cell("source")
        program = program_of(source)
        if program is None:
            reason = (
                retired(source) or f"the source {source[:80]!r} is not known" if source else "it has no source"
            )
            if source and not retired(source):
                self._unknown_source(source)
            self._reject(number, reason, row)
        elif not any(letter.isalnum() for letter in row.cell("name")):
            self._reject(number, "it has no name", row)
        else:
            entity, warnings = row_entity(row, program, self.info.id)
            self.read_rows.append(entity)
            for warning in warnings:
                self.warnings.setdefault(warning, []).append(number)

    def _reject(self, number: int, reason: str, row: Row) -> None:
        shown = [row.cell(column) for column in ("source", "name", "entity_number", "federal_register_notice")]
        self.rejects.append(Reject.of(number, reason, shown))

    def _unknown_source(self, source: str) -> None:
        self.unknown[source] = self.unknown.get(source, 0) + 1
        if sum(self.unknown.values()) > MAX_UNKNOWN_SOURCE_ROWS:
            names = ", ".join(repr(name[:80]) for name in list(self.unknown)[:3])
            raise SourceDrift(
                f"more than {MAX_UNKNOWN_SOURCE_ROWS} rows are of a list that is not known: {names}",
                where=self.where,
                hint="Update Stopship, or report the new list; nothing was imported",
            )

    def result(self, published: date | None) -> ParsedList:
        return ParsedList(
            source=self.info.id,
            entities=assemble(self.read_rows),
            rows=self.rows,
            loaded=len(self.read_rows),
            rejects=tuple(self.rejects),
            published=published,
            warnings=tuple(
                f"{text}: {len(numbers)} time{'s' if len(numbers) > 1 else ''}, first in row {numbers[0]}"
                for text, numbers in self.warnings.items()
            ),
            unread=tuple(self.info.unread),
        )
