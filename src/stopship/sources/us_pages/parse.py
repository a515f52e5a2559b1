"""Pages of US agencies to entities: the publisher's CSV where there is one, else the tables of the page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from stopship.errors import ListFileError
from stopship.model import Entity, Listing, Name, NameKind, PartialDate
from stopship.sources.containers import decode, unpack
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.countries import country_code
from stopship.sources.identity import RowEntity, assemble
from stopship.sources.printed import printed, split_packed
from stopship.sources.tables import MAX_CELL, wide_cells
from stopship.sources.us_pages.layout import Layout, layout
from stopship.sources.us_pages.names import Told, fcc_names, plain_names, uflpa_names
from stopship.sources.us_pages.pages import is_page, items, open_pages, tables

_DATES = ("%B %d, %Y", "%b %d, %Y", "%b. %d, %Y", "%m/%d/%Y", "%d %B %Y")
# "3. (U) Jane Example, (Exampleland) – for involvement in …"
_ITEM = re.compile(
    r"(?:\d+[.)]\s*)?(?:\(U\)\s*)?(?P<name>[^(),;:–—]{3,120}?),?\s*\((?P<country>[^()]{2,80})\)\s*[,:–—-]*\s*(?P<reason>.{3,})\Z"
)
_YEAR = re.compile(r"\b(20\d\d)\b")


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read a page, or a CSV with the same columns.

    Raises:
        ListFileError: another format, or a page without the list (an error page).
        SourceDrift: a table has a heading that is not known, or lacks one that is needed.
    """
    content = unpack(data, filename)
    reader = _Reader(info, layout(info.id), filename)
    if is_page(content):
        reader.page(content)
    else:
        reader.table_of_cells(decode(content, filename, "the page or the CSV of the list"))
    return reader.result()


class _Reader:
    """Collects rows, rejects and warnings, and counts them."""

    def __init__(self, info: SourceInfo, known: Layout, where: str) -> None:
        self.info, self.layout, self.where = info, known, where
        self.rows = 0
        self.loaded = 0
        self.read: list[RowEntity] = []
        self.rejects: list[Reject] = []
        self.warnings: dict[str, list[int]] = {}
        self.classes = 0

    def page(self, content: bytes) -> None:
        """Every table of the list, or its items."""
        roots = open_pages(content, self.where)
        found = False
        for table in (table for root in roots for table in tables(root)):
            if self.layout.fields(table.header) is not None:
                found = True
                fields = self.layout.check(table.header, self.where)
                for cells in table.rows:
                    self._cells(cells, fields, table.before)
        if not found and self.layout.items:
            for item in (item for root in roots for item in items(root)):
                found = self._item(item.text, item.heading) or found
        if not found:
            wanted = ", ".join(self.layout.needs)
            raise ListFileError(
                f"the page holds no list with {wanted}: another page, perhaps an error page",
                where=self.where,
                hint=f"Save {self.info.url} again",
            )

    def table_of_cells(self, text: str) -> None:
        """A CSV."""
        with wide_cells():
            reader = csv.reader(io.StringIO(text, newline=""), strict=True)
            try:
                records = list(_bounded(reader))
            except csv.Error as error:
                raise ListFileError(f"this is not well-formed CSV: {error}", where=self.where) from None
        header = [printed(cell) for cell in records[0]] if records else []
        if self.layout.fields(header) is None:
            shown = ", ".join(repr(cell[:40]) for cell in header[:3])
            raise ListFileError(f"this is not {self.info.title}: its first row is {shown}", where=self.where)
        fields = self.layout.check(header, self.where)
        for cells in records[1:]:
            if any(cell.strip() for cell in cells):
                self._cells([printed(cell) for cell in cells], fields, "")

    # --- rows -------------------------------------------------------------------------------------

    def _cells(self, cells: Sequence[str], fields: Sequence[str], before: str) -> None:
        if not any(cells) or (list(cells) == [cells[0]] * len(cells) and len(cells) > 1):
            return  # empty, or a heading across all columns
        if len(cells) != len(fields):
            self.rows += 1
            reason = f"{len(cells)} cells where the header has {len(fields)}"
            self.rejects.append(Reject.of(self.rows + 1, reason, cells))
            return
        self._row({field: cell for field, cell in zip(fields, cells, strict=True) if field}, cells, before)

    def _item(self, text: str, heading: str) -> bool:
        match = _ITEM.match(text)
        if match is None:
            return False
        countries = [part.strip() for part in match["country"].split("/")]
        if not all(country_code(part) for part in countries):
            return False  # a sentence with brackets
        year = _YEAR.search(heading)
        row = {"name": printed(match["name"]), "country": match["country"], "remarks": printed(match["reason"])}
        self._row(row | ({"start": year[1]} if year else {}), [text], heading)
        return True

    def _row(self, row: Mapping[str, str], cells: Sequence[str], before: str) -> None:
        number = self.rows + 2
        told = self._told(row)
        if told is None and not row.get("name") and row.get("remarks"):
            self.classes += 1
            return
        self.rows += 1
        if told is None or not any(letter.isalnum() for letter in told.name):
            self.rejects.append(Reject.of(number, "it has no name", cells))
            return
        start = _day(row.get("start", ""))
        if start is None and row.get("start"):
            self.warnings.setdefault("a date can't be read", []).append(number)
        for entity in self._entities(told, row, start, before):
            self.read.append(entity)
        self.loaded += 1

    def _told(self, row: Mapping[str, str]) -> Told | None:
        name = row.get("name", "")
        if self.layout.names == "fcc":
            return plain_names(name) if name else fcc_names(row.get("remarks", ""))
        if not name:
            return None
        return uflpa_names(name) if self.layout.names == "uflpa" else plain_names(name)

    def _entities(
        self, told: Told, row: Mapping[str, str], start: date | None, before: str
    ) -> Iterator[RowEntity]:
        countries = [country_code(part) for part in row.get("country", "").split("/") if part.strip()]
        codes = tuple(code for code in countries if code)
        left = f"Country as printed: {row['country']}" if row.get("country") and None in countries else ""
        parent = f"Parent as printed: {row['parent']}" if row.get("parent") else ""
        aliases = [(text, NameKind.ALIAS) for text in split_packed(row.get("aliases", ""))]
        remarks = "; ".join(part for part in (row.get("remarks", ""), before, told.note) if part)
        subsidiaries = (*told.subsidiaries, *split_packed(row.get("subsidiaries", "")))
        for name, others, note in [
            (told.name, [*told.others, *aliases], "; ".join(part for part in (left, parent) if part)),
            *((text, [], f"Named in the entry of {told.name}") for text in subsidiaries),
        ]:
            names = {name: Name(name, NameKind.PRIMARY)}
            for text, kind in others:
                names.setdefault(text, Name(text, kind))
            printed_name = row.get("name") or name  # the whole cell, with what it tells of aliases and others
            listing = Listing(
                self.info.id, self.layout.program, printed_name, start=start, remarks=remarks, url=self.info.url
            )
            entity = Entity(
                "", self.layout.schema, tuple(names.values()), (listing,), countries=codes, remarks=note
            )
            yield RowEntity(entity, country=codes[0] if codes else "")

    def result(self) -> ParsedList:
        if not self.rows:
            raise ListFileError("the list has no rows", where=self.where, hint=f"Save {self.info.url} again")
        notes = [f"not read: {self.classes} rows that cover equipment and name no company"] if self.classes else []
        for text, numbers in self.warnings.items():
            notes.append(
                f"{text}: {len(numbers)} time{'s' if len(numbers) > 1 else ''}, first in row {numbers[0]}"
            )
        return ParsedList(
            source=self.info.id,
            entities=assemble(self.read),
            rows=self.rows,
            loaded=self.loaded,
            rejects=tuple(self.rejects),
            warnings=tuple(notes),
            unread=tuple(self.info.unread),
        )


def _bounded(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    for row in rows:
        if row and max(map(len, row)) > MAX_CELL:
            raise csv.Error(f"a cell has more than {MAX_CELL:,} characters")
        yield row


def _day(text: str) -> date | None:
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    try:
        return PartialDate.parse(text).earliest
    except ValueError:
        return None
