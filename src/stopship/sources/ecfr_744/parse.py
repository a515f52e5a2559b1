"""15 CFR Part 744 in the eCFR's XML.

Supplement No. 4 is the Entity List, No. 6 the Unverified List, No. 7 the Military End-User List.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from stopship.errors import ListFileError
from stopship.model import Address, Entity, Listing, Name, NameKind, Program, Schema
from stopship.sources.archives import is_archive, read_archive
from stopship.sources.containers import unpack
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.countries import country_code
from stopship.sources.ecfr_744.cell import EntityCell, read_cell, shorter_name
from stopship.sources.ecfr_744.tables import (
    CITATION,
    COUNTRY,
    ENTITY,
    POLICY,
    REQUIREMENT,
    TableRow,
    table_rows,
)
from stopship.sources.identity import RowEntity, assemble, plain_name
from stopship.sources.kinds import schema_of
from stopship.sources.printed import names_inside, printed
from stopship.sources.xml_stream import XmlLayout, XmlList

_TITLE = "15 CFR Part 744"
_ROOTS = ("DLPSTEXTCLASS", "ECFR", "ECFRBRWS", *(f"DIV{n}" for n in range(1, 10)))
_SUPPLEMENT = re.compile(r"Supplement\s+No\.?\s*(\d+)\s+to\s+Part\s+744\b", re.IGNORECASE)
_SUPPLEMENTS = {
    "4": (Program.US_EL, (COUNTRY, ENTITY, REQUIREMENT, POLICY, CITATION), "the Entity List"),
    "6": (Program.US_UVL, (COUNTRY, ENTITY, CITATION), "the Unverified List"),
    "7": (Program.US_MEU, (COUNTRY, ENTITY, CITATION), "the Military End-User List"),
}
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b")
_LAYOUT = XmlLayout(
    title=_TITLE,
    roots=frozenset(_ROOTS),
    entries=frozenset(("DIV9",)),
    containers=None,  # the text of the Part, which table_rows doesn't read
    open=True,  # table_rows tells columns by their headings, whatever the marks in a cell
)
_URL = "https://www.ecfr.gov/current/title-15/part-744/appendix-Supplement%20No.%20{}%20to%20Part%20744"
_RESERVED = re.compile(r"\[?\s*reserved\s*\]?\.?\Z", re.IGNORECASE)


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read the lists of Part 744, gzipped, zipped or plain.

    Raises:
        ListFileError: it can't be read at all, or has no Supplement No. 4.
        SourceDrift: a column of a table is new or missing.
    """
    data = unpack(data, filename)
    if is_archive(data):
        members = read_archive(data, filename)
        if len(members) != 1:
            raise ListFileError(f"the archive holds {len(members)} files where one belongs", where=filename)
        data = next(iter(members.values()))
    rows: list[RowEntity] = []
    rejects: list[Reject] = []
    warnings: dict[str, list[int]] = {}
    seen: set[str] = set()
    count = 0
    for _, appendix in XmlList(data, filename, _LAYOUT).entries():
        match = _SUPPLEMENT.search(f"{appendix.get('N') or ''} {appendix.findtext('HEAD') or ''}")
        if match is None or match[1] not in _SUPPLEMENTS:
            continue
        number = match[1]
        seen.add(number)
        program, columns, _ = _SUPPLEMENTS[number]
        for row in table_rows(appendix, columns, f"{filename}, Supplement No. {number}"):
            if isinstance(row, Reject):
                count += 1
                rejects.append(replace(row, row=count, reason=f"Supplement No. {number}: {row.reason}"))
                continue
            if _RESERVED.match(row.cells[ENTITY]) or not any(row.cells[k] for k in columns if k != COUNTRY):
                continue  # a country whose last entry was removed
            count += 1
            problem = _problem(row)
            if problem:
                rejects.append(Reject.of(count, f"Supplement No. {number}: {problem}", row.cells.values()))
                continue
            entity, doubts = _row_entity(row, program, number, info)
            rows.append(entity)
            for doubt in doubts:
                warnings.setdefault(doubt, []).append(count)
    if "4" not in seen:
        raise ListFileError(
            "there is no Supplement No. 4 to Part 744, the Entity List, in this file",
            where=filename,
            hint=f"Download the whole of Part 744: {info.url}",
        )
    absent = [
        f"there is no Supplement No. {number} in this file: it holds nothing of {what}"
        for number, (_, _, what) in _SUPPLEMENTS.items()
        if number not in seen
    ]
    return ParsedList(
        source=info.id,
        entities=assemble(_one_country_a_party(rows)),
        rows=len(rows) + len(rejects),
        loaded=len(rows),
        rejects=tuple(rejects),
        warnings=(
            *absent,
            *(
                f"{text}: {len(numbers)} time{'s' if len(numbers) > 1 else ''}, first in row {numbers[0]}"
                for text, numbers in warnings.items()
            ),
        ),
        unread=tuple(info.unread),
    )


def _problem(row: TableRow) -> str:
    if not any(letter.isalnum() for letter in row.cells[ENTITY]):
        return "it has no name"
    return "" if row.cells[COUNTRY] else "it stands under no country"


def _row_entity(row: TableRow, program: Program, number: str, info: SourceInfo) -> tuple[RowEntity, list[str]]:
    warnings: list[str] = []
    cell = read_cell(row.cells[ENTITY])
    heading = printed(row.cells[COUNTRY]).rstrip(".")
    country = country_code(heading) or country_code(heading.title())
    if country is None:
        warnings.append(f"the country {heading[:60]!r} is not known")
    if cell.doubtful:
        warnings.append("name and address are not told apart for certain")
    schema = schema_of("", cell.name, address_rows=program is Program.US_EL) or Schema.LEGAL_ENTITY
    days = _days(row.cells[CITATION])
    if not days:
        warnings.append("the citation has no date")
    listing = Listing(
        source=info.id,
        program=program.value,
        name=cell.name,
        start=min(days, default=None),
        citation=printed(row.cells[CITATION]).rstrip("."),
        license_requirement=printed(row.cells.get(REQUIREMENT, "")),
        license_policy=printed(row.cells.get(POLICY, "")),
        remarks=_remarks(row, cell),
        url=_URL.format(number),
    )
    addresses = tuple(Address(text, _address_country(text) or country) for text in cell.addresses)
    elsewhere = [country_code(name) for name in cell.elsewhere]
    entity = Entity(
        id="",
        schema=schema,
        names=_names(cell, schema),
        listings=(listing,),
        countries=tuple(dict.fromkeys(c for c in [country, *(a.country for a in addresses), *elsewhere] if c)),
        addresses=addresses,
    )
    # Hong Kong stands under the heading China: an id goes by the country of the first address, as in us_csl.
    first = addresses[0].country if addresses else None
    return RowEntity(entity, country=first or country or ""), warnings


def _names(cell: EntityCell, schema: Schema) -> tuple[Name, ...]:
    names = {cell.name: Name(cell.name, NameKind.PRIMARY)}
    if schema is Schema.ADDRESS:
        return tuple(names.values())
    for text, kind in names_inside(cell.name):
        names.setdefault(text, Name(text, kind))
    if cell.doubtful and (short := shorter_name(cell.name)):
        names.setdefault(short, Name(short, NameKind.ALIAS))
    for alias, kind in cell.aliases:
        names.setdefault(alias, Name(alias, kind))
        for inner, inner_kind in names_inside(alias, alias=True):
            names.setdefault(inner, Name(inner, kind if kind is NameKind.FORMER else inner_kind))
    return tuple(names.values())


def _remarks(row: TableRow, cell: EntityCell) -> str:
    parts = [f"Alternate addresses under {name}" for name in cell.elsewhere]
    if cell.doubtful:
        parts.append(f"As printed: {printed(row.cells[ENTITY])}")
    return "; ".join(parts)


def _address_country(text: str) -> str | None:
    """The country that an address ends in, postal codes behind it aside ("Moscow, Russia 115583")."""
    part = text.rpartition(",")[2].strip(" .")
    end = len(part)
    while end and (part[end - 1].isspace() or part[end - 1].isdecimal() or part[end - 1] in ",-"):
        end -= 1
    last = part[:end] or text.rpartition(",")[2]
    return country_code(last) if len(last.strip()) > 2 else None


def _days(text: str) -> list[date]:
    days = []
    for month, day, year in _DAY.findall(text):
        full = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900)
        try:
            days.append(date(full, int(month), int(day)))
        except ValueError:
            continue
    return days


def _one_country_a_party(rows: list[RowEntity]) -> list[RowEntity]:
    """Rows that point at each other ("See alternate addresses under Pakistan") are one party.

    The country that goes into the id is the first by its code, so that the order of rows makes no difference.
    """
    groups: dict[tuple[str, str], list[RowEntity]] = {}
    for row in rows:
        groups.setdefault((row.listing.program, plain_name(row.entity.caption)), []).append(row)
    made: list[RowEntity] = []
    for group in groups.values():
        linked = [row for row in group if "Alternate addresses under" in row.listing.remarks and row.country]
        first = min((row.country for row in linked), default="")
        made += [replace(row, country=first) if first and row in linked else row for row in group]
    return made
