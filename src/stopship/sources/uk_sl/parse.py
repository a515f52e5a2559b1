"""The UK Sanctions List: bytes of its CSV or XML form to entities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from stopship.model import Entity
from stopship.sources.containers import decode, unpack
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.printed import printed
from stopship.sources.tables import read_table
from stopship.sources.uk_sl.designation import Designation
from stopship.sources.uk_sl.entities import designation_entity
from stopship.sources.uk_sl.xml_form import is_xml, xml_designations
from stopship.sources.warnings import Warnings

_TITLE = "the UK Sanctions List"
_REPORT_DATE = re.compile(
    r"\s*\"?Report Date:?[\s,]*(?P<day>\d{1,2}-[A-Za-z]{3}-\d{4}|\d{1,2}/\d{1,2}/\d{4})[\",\s]*\Z"
)
_NAMED = ("Unique ID", "Name 6", "Name 1", "Regime Name")


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read the list from its CSV or XML form, told apart by content, gzipped or not.

    Raises:
        ListFileError: it can't be read at all.
        SourceDrift: a column or an element is new or missing.
    """
    plain = unpack(data, filename)
    rejects: list[Reject] = []
    if is_xml(plain):
        found, rows, published = xml_designations(plain, filename, info, rejects)
    else:
        text = decode(plain, filename, f"the CSV or XML form of {_TITLE}")
        body, published, header_row = _without_report_date(text)
        found, rows = _csv_designations(body, filename, info, header_row, rejects)
    entities: list[Entity] = []
    warnings = Warnings()
    for unique_id, designation in found.items():
        entity, doubts = designation_entity(unique_id, designation, info)
        warnings.add(min(designation.rows), doubts)
        if entity is not None:
            entities.append(entity)
            continue
        rejects.extend(Reject.of(row, "the designation has no name", [unique_id]) for row in designation.rows)
    return ParsedList(
        source=info.id,
        entities=tuple(sorted(entities, key=lambda entity: entity.id)),
        rows=rows,
        loaded=rows - len(rejects),
        rejects=tuple(sorted(rejects, key=lambda reject: reject.row)),
        published=published,
        warnings=warnings.lines(),
        unread=tuple(info.unread),
    )


def _without_report_date(text: str) -> tuple[str, date | None, int]:
    """The table without the line above it, the day in that line, and the row of the header."""
    first, _, rest = text.lstrip("\ufeff").partition("\n")
    if not (match := _REPORT_DATE.match(first.rstrip("\r"))):
        return text, None, 1
    form = "%d-%b-%Y" if "-" in match["day"] else "%d/%m/%Y"
    try:
        return rest, datetime.strptime(match["day"], form).date(), 2  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return rest, None, 2


def _csv_designations(
    text: str, where: str, info: SourceInfo, header_row: int, rejects: list[Reject]
) -> tuple[dict[str, Designation], int]:
    found: dict[str, Designation] = {}
    rows = 0
    for number, cells in _rows(text, where, info, header_row):
        rows += 1
        if isinstance(cells, Reject):
            rejects.append(cells)
            continue
        if not cells["Unique ID"]:
            rejects.append(Reject.of(number, "it has no Unique ID", [cells[column] for column in _NAMED]))
            continue
        found.setdefault(cells["Unique ID"], Designation()).add(number, cells)
    return found, rows


def _rows(
    text: str, where: str, info: SourceInfo, header_row: int
) -> Iterator[tuple[int, dict[str, str] | Reject]]:
    for number, cells in read_table(text, info.columns, where, _TITLE, header_row=header_row):
        if isinstance(cells, Reject):
            yield number, cells
        else:
            yield number, {column: printed(cell) for column, cell in cells.items() if column not in info.unread}
