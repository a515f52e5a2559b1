"""One designation to one entity."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from stopship.model import Address, Entity, Identifier, Listing, Name, NameKind, PartialDate, Program, Schema
from stopship.sources.contract import SourceInfo
from stopship.sources.countries import country_code
from stopship.sources.identity import entity_id
from stopship.sources.printed import names_inside, unique
from stopship.sources.redaction import without_special_categories, worldly_title
from stopship.sources.references import un_references
from stopship.sources.scripts import language_code, names_by_script, script_of
from stopship.sources.uk_sl.dates import birth_date, full_day
from stopship.sources.uk_sl.designation import (
    ADDRESS_COLUMNS,
    BIRTH_COLUMNS,
    LISTING_COLUMNS,
    NAME_COLUMNS,
    SCRIPT_COLUMNS,
    Designation,
)

_SCHEMAS = {"individual": Schema.PERSON, "entity": Schema.ORGANIZATION, "ship": Schema.VESSEL}
_PRIMARY = "primary name"
_KNOWN_TYPES = (_PRIMARY, "primary name variation", "alias", "")
_IDENTIFIERS = (
    ("OFSI Group ID", "ofsi_group"),
    ("National Identifier number", "national_id"),
    ("Passport number", "passport"),
    ("Business registration number (s)", "registration_number"),
    ("Hull identification number (HIN)", "hull_number"),
    ("Website", "website"),
    ("Email address", "email"),
)
_REMARKS = (
    ("Position", "Position"),
    ("Type of entity", "Type of entity"),
    ("Parent company", "Parent company"),
    ("Subsidiaries", "Subsidiaries"),
    ("Current owner/operator (s)", "Current owner or operator"),
    ("Previous owner/operator (s)", "Previous owner or operator"),
    ("Previous flags", "Previous flags"),
    ("Type of ship", "Type of ship"),
    ("Tonnage of ship", "Tonnage"),
    ("Length of ship", "Length"),
    ("Year Built", "Year built"),
    ("Phone number", "Telephone"),
    ("National Identifier additional information", "National identifier"),
    ("Passport additional information", "Passport"),
)
_IMO = re.compile(r"(?<!\d)(\d{7})(?!\d)")
_IMO_IN_TEXT = re.compile(r"\bIMO\s+[Nn]umber\s*:?\s*(\d{7})\b")
_IMO_IN_REASONS = re.compile(r"\bIMO\W{0,3}(?:[Nn]umber\W{0,3})?(\d{7})\b")
_NUMBERED = re.compile(r"\s*\(\d{1,2}\)\s*")


def designation_entity(
    unique_id: str, designation: Designation, info: SourceInfo
) -> tuple[Entity | None, list[str]]:
    """The entity of a designation, and what could not be read in it; None if it has no name."""
    doubts: list[str] = []
    kind = designation.one("Designation Type")
    schema = _SCHEMAS.get(kind.lower())
    if schema is None:
        doubts.append(f"the designation type {kind[:40]!r} is not known")
        schema = Schema.LEGAL_ENTITY
    names = _names(designation, schema, doubts)
    if not names:
        return None, doubts
    addresses, countries = _addresses(designation)
    births, undated = _birth_dates(designation, doubts)
    printed_countries = [
        *_packed(designation, "Nationality(/ies)"),
        *_packed(designation, "Current believed flag of ship"),
    ]
    entity = Entity(
        id=entity_id(Program.UK_SL.value, number=unique_id),
        schema=schema,
        names=names,
        listings=_listings(designation, names[0].text, info, doubts),
        countries=unique(code for text in (*printed_countries, *countries) if (code := country_code(text))),
        addresses=addresses,
        identifiers=_identifiers(designation, schema),
        birth_dates=births,
        birth_places=unique(", ".join(part for part in place if part) for place in designation.of(BIRTH_COLUMNS)),
        remarks="; ".join([*_remarks(designation), *undated, *_unread_countries(printed_countries)]),
    )
    return entity, doubts


def _names(designation: Designation, schema: Schema, doubts: list[str]) -> tuple[Name, ...]:
    found: list[tuple[tuple[int, str], Name]] = []
    for surname, *given, kind, strength in designation.of(NAME_COLUMNS):
        plain = kind.lower()
        if plain not in _KNOWN_TYPES:
            doubts.append(f"the name type {kind[:40]!r} is not known")
        forenames = " ".join(part for part in given if part)
        person = schema is Schema.PERSON and surname and forenames
        text = f"{surname}, {forenames}" if person else " ".join(part for part in (forenames, surname) if part)
        if not any(letter.isalnum() for letter in text):
            continue
        parts = (("given", forenames), ("family", surname)) if person else ()
        if plain == _PRIMARY:
            found.append(((0, text), Name(text, NameKind.PRIMARY, None, script_of(text), parts)))
            continue
        weak = strength.lower().startswith("low")
        sort = NameKind.WEAK_ALIAS if weak else NameKind.ALIAS
        rank = 3 if weak else 1 if plain.startswith(_PRIMARY) else 2
        found.append(((rank, text), Name(text, sort, None, script_of(text), parts)))
    names: dict[str, Name] = {}
    for _, name in sorted(found, key=lambda pair: pair[0]):
        spelled = Name(
            name.text,
            NameKind.ALIAS if names and name.kind is NameKind.PRIMARY else name.kind,
            name.language,
            name.script,
            name.parts,
        )
        names.setdefault(name.text, spelled)
    for name in list(names.values()):
        for text, kind in [
            *names_inside(name.text),
            *((piece, name.kind) for piece in names_by_script(name.text)),
        ]:
            weak = NameKind.WEAK_ALIAS in (name.kind, kind)
            inner = NameKind.WEAK_ALIAS if weak else kind if kind is not NameKind.PRIMARY else NameKind.ALIAS
            names.setdefault(text, Name(text, inner, None, script_of(text)))
    for text, script, language in designation.of(SCRIPT_COLUMNS):
        if any(letter.isalnum() for letter in text):
            code = script_of(text) or (script if len(script) == 4 and script.isalpha() else None)
            names.setdefault(text, Name(text, NameKind.ALIAS, language_code(language), code))
    first = next(iter(names.values()), None)
    if first is not None and first.kind is not NameKind.PRIMARY:
        names[first.text] = Name(first.text, NameKind.PRIMARY, first.language, first.script, first.parts)
    return tuple(names.values())


def _listings(designation: Designation, name: str, info: SourceInfo, doubts: list[str]) -> tuple[Listing, ...]:
    """One listing for each regime under which the designation stands; usually it is one."""
    listings: list[Listing] = []
    for regime, designated, imposed, source, information, reasons, updated in designation.of(LISTING_COLUMNS):
        remarks = [
            without_special_categories(information),
            f"Statement of reasons: {told}" if (told := without_special_categories(reasons)) else "",
            f"Designation source: {source}" if source else "",
            f"Last updated: {updated}" if updated else "",
        ]
        listings.append(
            Listing(
                source=info.id,
                program=Program.UK_SL.value,
                name=name,
                start=_day(designated, doubts),
                citation=regime,
                tags=unique(tag for part in imposed.split("|") if (tag := " ".join(part.split()))),
                remarks="; ".join(remark for remark in remarks if remark),
                url=info.url,
            )
        )
    ordered = sorted(listings, key=lambda listing: (listing.start or date.max, listing.citation, repr(listing)))
    return unique(ordered) or (Listing(source=info.id, program=Program.UK_SL.value, name=name, url=info.url),)


def _day(text: str, doubts: list[str]) -> date | None:
    """A day that can't be read is left out: the listing then counts on every date, which errs on the safe side."""
    try:
        return full_day(text) if text else None
    except ValueError:
        doubts.append("the date of designation can't be read")
        return None


def _addresses(designation: Designation) -> tuple[tuple[Address, ...], list[str]]:
    addresses: list[Address] = []
    countries: list[str] = []
    for *lines, country in designation.of(ADDRESS_COLUMNS):
        if country:
            countries.append(country)
        code = country_code(country) if country else None
        if any(lines) or (country and code is None):
            addresses.append(Address(", ".join(part for part in (*lines, country) if part), code))
    return unique(addresses), countries


def _birth_dates(designation: Designation, doubts: list[str]) -> tuple[tuple[PartialDate, ...], list[str]]:
    dates: list[PartialDate] = []
    unread: list[str] = []
    for text in _packed(designation, "D.O.B"):
        try:
            dates.append(birth_date(text))
        except ValueError:
            unread.append(f"Date of birth as printed: {text}")
            doubts.append("a date of birth can't be read")
    return unique(dates), unread


def _identifiers(designation: Designation, schema: Schema) -> tuple[Identifier, ...]:
    found = [
        Identifier(kind, value)
        for column, kind in _IDENTIFIERS
        for value in _packed(designation, column)
        if any(c.isalnum() for c in value)
    ]
    found += [Identifier("imo", n) for text in designation.all("IMO number") for n in _IMO.findall(text)]
    information = [group[LISTING_COLUMNS.index("Other Information")] for group in designation.of(LISTING_COLUMNS)]
    found += [Identifier("imo", number) for text in information for number in _IMO_IN_TEXT.findall(text)]
    if schema is Schema.VESSEL and not designation.all("IMO number"):
        reasons = [
            group[LISTING_COLUMNS.index("UK Statement of Reasons")] for group in designation.of(LISTING_COLUMNS)
        ]
        told = unique(number for text in reasons for number in _IMO_IN_REASONS.findall(text))
        found += [Identifier("imo", told[0])] if len(told) == 1 else []  # several: which is this ship's isn't said
    for reference in designation.all("UN Reference Number"):
        found += un_references(reference)
    return unique(found)


def _packed(designation: Designation, column: str) -> list[str]:
    """The values of a column, taken apart where several are numbered in a cell: "(1) Iran (2) Iraq"."""
    values = []
    for cell in designation.all(column):
        pieces = _NUMBERED.split(cell) if _NUMBERED.match(cell) else [cell]
        values += [piece.strip(" ,;") for piece in pieces if piece.strip(" ,;")]
    return list(unique(values))


def _remarks(designation: Designation) -> list[str]:
    def lines(column: str, label: str, clean: Callable[[str], str]) -> list[str]:
        return [f"{label}: {text}" for cell in designation.all(column) if (text := clean(cell))]

    titles = lines("Title", "Title", worldly_title)
    return titles + [
        line for column, label in _REMARKS for line in lines(column, label, without_special_categories)
    ]


def _unread_countries(texts: list[str]) -> list[str]:
    """Nationalities and flags that are no country of ISO 3166 stay as printed."""
    return [f"Nationality or flag as printed: {text}" for text in texts if country_code(text) is None]
