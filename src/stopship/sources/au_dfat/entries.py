"""The rows of one reference number to one entity."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from stopship.model import Address, Entity, Identifier, Listing, Name, NameKind, PartialDate, Program, Schema
from stopship.sources.contract import SourceInfo
from stopship.sources.countries import country_code, split_country
from stopship.sources.identity import entity_id
from stopship.sources.printed import names_inside, unique
from stopship.sources.redaction import without_special_categories
from stopship.sources.scripts import names_by_script, script_of

_SCHEMAS = {
    "individual": Schema.PERSON,
    "person": Schema.PERSON,
    "entity": Schema.ORGANIZATION,
    "vessel": Schema.VESSEL,
    "ship": Schema.VESSEL,
}
_KINDS = {
    "": NameKind.PRIMARY,
    "primary": NameKind.PRIMARY,
    "primary name": NameKind.PRIMARY,
    "a": NameKind.ALIAS,
    "aka": NameKind.ALIAS,
    "alias": NameKind.ALIAS,
    "original script": NameKind.ALIAS,
    "fka": NameKind.FORMER,
    "formerly known as": NameKind.FORMER,
    "previously listed as": NameKind.FORMER,
}
_MEASURES = ("Targeted Financial Sanction", "Travel Ban", "Arms Embargo", "Maritime Restriction")
_TRUE = ("true", "1", "yes", "y")
_NUMBERED = re.compile(r"(?:(?<=\s)|\A)(?:[a-z]{1,2}|[ivx]{1,4}|\d{1,2})\)\s+")
_DATES = re.compile(r"\s*(?:;|\n|,(?=\s*\D*\d)|(?<=\d{4})\s+and\s+|(?:(?<=\s)|\A)[a-z]\)\s*)\s*")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")
_ABBREVIATED = re.compile(r"(?<=[A-Za-z])\.")
_APPROXIMATE = re.compile(r"\A(?:approximately|approx\.?|circa|c\.|about|between)\s+", re.IGNORECASE)
_YEARS = re.compile(r"(\d{4})\s*[-–]\s*(\d{4})\Z")
_IMO = re.compile(r"(?<!\d)(\d{7})(?!\d)")

Row = dict[str, str]


def entry_entity(number: str, rows: list[Row], info: SourceInfo) -> tuple[Entity, list[str]]:
    """The entity of the rows of one reference number, and what could not be read in it."""
    doubts: list[str] = []
    ordered = sorted(rows, key=lambda row: (row["Reference"], [row[column] for column in sorted(row)]))
    schema = _schema(ordered, doubts)
    names = _names(ordered, doubts)
    births, undated = _birth_dates(_cells(ordered, "Date of Birth"), doubts)
    citizenships = [part.strip() for cell in _cells(ordered, "Citizenship") for part in re.split(r"[,;/]", cell)]
    known = [country_code(part) for part in citizenships]
    addresses, countries = _addresses(_cells(ordered, "Address"))
    remarks = [
        *(f"Citizenship: {text}" for text, code in zip(citizenships, known, strict=True) if text and not code),
        *undated,
    ]
    entity = Entity(
        id=entity_id(Program.AU_DFAT.value, number=number),
        schema=schema,
        names=names,
        listings=_listings(ordered, names[0].text, info, doubts),
        countries=unique(code for code in (*known, *countries) if code),
        addresses=addresses,
        identifiers=unique(
            Identifier("imo", number) for cell in _cells(ordered, "IMO Number") for number in _IMO.findall(cell)
        ),
        birth_dates=births if schema is Schema.PERSON else (),
        registration_dates=() if schema is Schema.PERSON else births,
        birth_places=unique(part for cell in _cells(ordered, "Place of Birth") for part in _numbered(cell)),
        remarks="; ".join(unique(remarks)),
    )
    return entity, doubts


def _cells(rows: Iterable[Row], column: str) -> list[str]:
    """The filled cells of a column, without repetition; line ends stay, because they separate values."""
    return list(unique(cell for row in rows if (cell := row[column].strip())))


def _schema(rows: list[Row], doubts: list[str]) -> Schema:
    found = unique(kind for row in rows if (kind := " ".join(row["Type"].split()).lower()))
    schemas = unique(_SCHEMAS[kind] for kind in found if kind in _SCHEMAS)
    doubts += [f"the type {kind[:40]!r} is not known" for kind in found if kind not in _SCHEMAS]
    if len(schemas) > 1:
        doubts.append("the rows of one reference number have several types")
    return schemas[0] if len(schemas) == 1 else Schema.LEGAL_ENTITY


def _names(rows: list[Row], doubts: list[str]) -> tuple[Name, ...]:
    found: list[tuple[tuple[int, str], Name]] = []
    order = {NameKind.PRIMARY: 0, NameKind.ALIAS: 1, NameKind.FORMER: 2, NameKind.WEAK_ALIAS: 3}
    primaries: set[str] = set()
    for row in rows:
        text = " ".join(row["Name of Individual or Entity"].split())
        printed_kind = " ".join(row["Name Type"].split()).lower()
        kind = _KINDS.get(printed_kind, NameKind.ALIAS)
        if printed_kind not in _KINDS:
            doubts.append(f"the name type {printed_kind[:40]!r} is not known")
        if row["Alias Strength"].strip().lower() == "weak" and kind is not NameKind.PRIMARY:
            kind = NameKind.WEAK_ALIAS
        if kind is NameKind.PRIMARY:
            primaries.add(text)
        found.append(((order[kind], text), Name(text, kind, None, script_of(text))))
    if len(primaries) > 1:
        doubts.append("a reference number has several primary names")
    found.sort(key=lambda pair: pair[0])
    names: dict[str, Name] = {}
    for place, (_, name) in enumerate(found):
        kind = NameKind.PRIMARY if place == 0 else NameKind.ALIAS if name.kind is NameKind.PRIMARY else name.kind
        names.setdefault(name.text, Name(name.text, kind, None, name.script))
    for name in list(names.values()):
        weak = name.kind is NameKind.WEAK_ALIAS
        for text, kind in names_inside(name.text):
            names.setdefault(text, Name(text, NameKind.WEAK_ALIAS if weak else kind, None, script_of(text)))
        for text in names_by_script(name.text):
            names.setdefault(
                text, Name(text, NameKind.WEAK_ALIAS if weak else NameKind.ALIAS, None, script_of(text))
            )
    return tuple(names.values())


def _listings(rows: list[Row], name: str, info: SourceInfo, doubts: list[str]) -> tuple[Listing, ...]:
    """One listing for each program and instrument under which the entry stands; usually it is one."""
    additional = unique(without_special_categories(cell) for cell in _cells(rows, "Additional Information"))
    listings: list[Listing] = []
    for row in rows:
        committee = " ".join(row["Committees"].split())
        told = " ".join(row["Listing Information"].split())
        remarks = [*additional, f"Listing information: {told}" if told else ""]
        listings.append(
            Listing(
                source=info.id,
                program=Program.AU_DFAT.value,
                name=name,
                start=_day(row["Control Date"], doubts),
                citation=" ".join(row["Instrument of Designation"].split()) or committee,
                tags=unique(
                    tag for tag in (committee, *(m for m in _MEASURES if row[m].strip().lower() in _TRUE)) if tag
                ),
                remarks="; ".join(remark for remark in remarks if remark),
                url=info.url,
            )
        )
    best: dict[tuple[str, tuple[str, ...]], Listing] = {}
    for listing in sorted(listings, key=lambda one: (one.start or date.max, one.citation, one.tags, one.remarks)):
        best.setdefault((listing.citation, listing.tags), listing)
    return tuple(best.values())


def _day(text: str, doubts: list[str]) -> date | None:
    """A day that can't be read is left out: the listing then counts on every date, which errs on the safe side."""
    if not text.strip():
        return None
    try:
        day = _birth_date(text.strip())
        if day.earliest == day.latest:
            return day.earliest
    except ValueError:
        pass
    doubts.append("the control date can't be read")
    return None


def _birth_dates(cells: list[str], doubts: list[str]) -> tuple[tuple[PartialDate, ...], list[str]]:
    dates: list[PartialDate] = []
    unread: list[str] = []
    for cell in cells:
        for piece in (piece.strip(" ,;") for piece in _DATES.split(cell)):
            if not piece:
                continue
            try:
                dates.append(_birth_date(piece))
            except ValueError:
                unread.append(f"Date of birth as printed: {' '.join(piece.split())}")
                doubts.append("a date of birth can't be read")
    return unique(dates), unread


def _birth_date(text: str) -> PartialDate:
    """Read 1957-05-05, 5/05/1957 (day first), "5 May 1957", "Approximately 1960", "1960-65", "between X and Y"."""
    plain = " ".join(_ABBREVIATED.sub("", text).split())
    circa = _APPROXIMATE.match(plain)
    body = _APPROXIMATE.sub("", plain)
    if slashed := _SLASHED.match(body):
        body = f"{slashed[3]}-{int(slashed[2]):02}-{int(slashed[1]):02}"
    if years := _YEARS.match(body):
        body = f"{years[1]} to {years[2]}"
    about = circa is not None and not circa[0].lower().startswith("between")
    return PartialDate.parse(f"circa {body}" if about else body)


def _addresses(cells: list[str]) -> tuple[tuple[Address, ...], list[str]]:
    addresses: list[Address] = []
    countries: list[str] = []
    for part in (part for cell in cells for part in _numbered(cell)):
        text, code = split_country(part)
        if code:
            countries.append(code)
        if text:
            addresses.append(Address(text, code))
    return unique(addresses), countries


def _numbered(cell: str) -> list[str]:
    """The values of a cell: one a line, separated by ";", or numbered a), b), i), ii)."""
    parts = [part for line in re.split(r"[\n;]", cell) for part in _NUMBERED.split(line)]
    return [text for part in parts if (text := " ".join(part.split()).strip(" ,;"))]
