"""The Denied Persons List: bytes of dpl.txt (tab separated, UTF-8 with a byte order mark) to entities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from stopship.errors import ListFileError
from stopship.model import Address, Entity, Listing, Name, NameKind, Program, Schema
from stopship.sources.containers import decode, unpack
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.countries import country_code, is_us_state
from stopship.sources.identity import RowEntity, assemble, plain_name
from stopship.sources.kinds import schema_of
from stopship.sources.printed import names_inside, printed
from stopship.sources.tables import read_table

_TITLE = "the Denied Persons List"
_US_ZIP = re.compile(r"\d{4,5}(-\d{4})?\Z")  # spreadsheets eat a leading zero


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read dpl.txt, gzipped or not.

    Raises:
        ListFileError: it can't be read at all.
        SourceDrift: a column is new or missing.
    """
    text = decode(unpack(data, filename), filename, "dpl.txt, the tab-separated form of the Denied Persons List")
    first = text.lstrip().partition("\n")[0]
    if "\t" not in first and first.count(",") > 3:
        raise ListFileError(
            "the columns are separated by commas, not by tabs", where=filename, hint="Hand in dpl.txt as published"
        )
    rows: list[RowEntity] = []
    rejects: list[Reject] = []
    warnings: dict[str, list[int]] = {}
    for number, cells in read_table(text, info.columns, filename, _TITLE, delimiter="\t"):
        if isinstance(cells, Reject):
            rejects.append(cells)
            continue
        row = {column: printed(cell) for column, cell in cells.items()}
        if not any(letter.isalnum() for letter in row["Name"]):
            rejects.append(Reject.of(number, "it has no name", row.values()))
            continue
        entity, doubts = _row_entity(row, info)
        rows.append(entity)
        for doubt in doubts:
            warnings.setdefault(doubt, []).append(number)
    return ParsedList(
        source=info.id,
        entities=assemble(_one_country_an_order(rows)),
        rows=len(rows) + len(rejects),
        loaded=len(rows),
        rejects=tuple(rejects),
        warnings=tuple(
            f"{text}: {len(numbers)} time{'s' if len(numbers) > 1 else ''}, first in row {numbers[0]}"
            for text, numbers in warnings.items()
        ),
        unread=tuple(info.unread),
    )


def _row_entity(row: Mapping[str, str], info: SourceInfo) -> tuple[RowEntity, list[str]]:
    warnings: list[str] = []
    name, country = row["Name"], _country(row)
    names = {name: Name(name, NameKind.PRIMARY)}
    for text, kind in names_inside(name):
        names.setdefault(text, Name(text, kind))
    parts = [row["Street_Address"], row["City"], row["State"], row["Postal_Code"]]
    if row["Country"] and country is None:
        parts.append(row["Country"])
        warnings.append("a country is neither a code nor a name")
    address = ", ".join(part for part in parts if part)
    order = row["Standard_Order"].upper()
    if order not in ("Y", "N"):
        warnings.append("it doesn't say whether it is a standard order")
    listing = Listing(
        source=info.id,
        program=Program.US_DPL.value,
        name=name,
        start=_day(row["Effective_Date"], "Effective_Date", warnings),
        end=_day(row["Expiration_Date"], "Expiration_Date", warnings),
        citation=row["FR_Citation"],
        standard_order={"Y": True, "N": False}.get(order),
        remarks=row["Action"],
        url=info.url,
    )
    entity = Entity(
        id="",
        schema=schema_of("", name, address_rows=False) or Schema.LEGAL_ENTITY,
        names=tuple(names.values()),
        listings=(listing,),
        countries=(country,) if country else (),
        addresses=(Address(address, country),) if address else (),
    )
    return RowEntity(entity, country=country or ""), warnings


def _one_country_an_order(rows: list[RowEntity]) -> list[RowEntity]:
    """Rows of one name under one order are one party with several addresses, in whatever countries they are.

    The country that goes into the id is the first by its code, so that the order of rows makes no difference.
    """
    countries: dict[tuple[str, str], str] = {}
    for row in rows:
        key = (plain_name(row.entity.caption), row.listing.citation)
        if row.country and row.listing.citation:
            countries[key] = min(countries.get(key, row.country), row.country)
    return [
        replace(row, country=countries.get((plain_name(row.entity.caption), row.listing.citation), row.country))
        for row in rows
    ]


def _country(row: Mapping[str, str]) -> str | None:
    """The printed country, else the United States where state and postal code are theirs."""
    if row["Country"]:
        return country_code(row["Country"])
    postal = row["Postal_Code"]
    return "US" if is_us_state(row["State"]) and (not postal or _US_ZIP.match(postal)) else None


def _day(text: str, column: str, warnings: list[str]) -> date | None:
    """A day that can't be read is left out: the listing then counts on every date, which errs on the safe side."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 (a day has no time zone)
    except ValueError:
        warnings.append(f"the {column} can't be read")
        return None
