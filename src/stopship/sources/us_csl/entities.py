"""One row to one entity with one listing."""

from __future__ import annotations

import re
from datetime import date

from stopship.model import Address, Entity, Identifier, Listing, Name, NameKind, Program, Schema
from stopship.model.values import parse_day
from stopship.sources.countries import country_code
from stopship.sources.identity import RowEntity
from stopship.sources.kinds import schema_of
from stopship.sources.printed import names_inside, unquoted
from stopship.sources.treasury import Facts, read_birth_dates, read_ids
from stopship.sources.us_csl.rows import Row

PROGRAMS = {
    "EL": Program.US_EL,
    "DPL": Program.US_DPL,
    "UVL": Program.US_UVL,
    "MEU": Program.US_MEU,
    "SDN": Program.US_SDN,
    "SSI": Program.US_SSI,
    "CMIC": Program.US_CMIC,
    "NS-MBS LIST": Program.US_MBS,
    "NS-MBS": Program.US_MBS,
    "MBS": Program.US_MBS,
    "PLC": Program.US_PLC,
    "NS-PLC": Program.US_PLC,
    "CAP": Program.US_CAP,
    "DTC": Program.US_DDTC,
    "ISN": Program.US_ISN,
}
"""The abbreviation in brackets in the `source` cell -> program."""

RETIRED = {
    "FSE": "the Foreign Sanctions Evaders list, which has no program here and which the publisher has retired"
}

_ABBREVIATION = re.compile(r"\(([A-Z][A-Za-z -]*)\)")
# The name under which a listed company issues its securities stands in its remarks.
_ISSUER = re.compile(r"(?:^|;\s*)(?:alt\.\s*)?Issuer Name ([^;]*[^;\s.](?:\.(?=\s*(?:;|$)))?)")
# Which of a row's hidden listing dates is the date of this listing (see the notes in source.yml).
_LISTING_DATE_OF = {Program.US_CMIC: "CMIC", Program.US_MBS: "EO "}
_VESSEL_DETAILS = (
    ("vessel_type", "Vessel type"),
    ("gross_tonnage", "Gross tonnage"),
    ("gross_registered_tonnage", "Gross registered tonnage"),
    ("vessel_owner", "Vessel owner"),
)


def program_of(source: str) -> Program | None:
    """The program of a `source` cell such as "Entity List (EL) - Bureau of Industry and Security", if known."""
    match = _ABBREVIATION.search(source)
    return PROGRAMS.get(match[1].upper()) if match else None


def retired(source: str) -> str | None:
    """Why rows of this `source` are not read although the list is known."""
    match = _ABBREVIATION.search(source)
    return RETIRED.get(match[1].upper()) if match else None


def row_entity(row: Row, program: Program, source_id: str) -> tuple[RowEntity, list[str]]:
    """The entity of a row that has a name.

    Returns:
        The entity, and what could not be read in it, as short sentences without values.
    """
    facts = read_ids(row.ids)
    warnings = facts.warnings
    name = row.cell("name")
    schema = schema_of(row.cell("type"), name, address_rows=program is Program.US_EL)
    if schema is None:
        warnings.append(f"the type {row.cell('type')[:40]!r} is not known")
        schema = Schema.LEGAL_ENTITY
    if row.cell("call_sign"):
        facts.identifiers.append(Identifier("call_sign", row.cell("call_sign"), None))
    birth_dates, undated = read_birth_dates(row.values("dates_of_birth"), warnings)
    entity = Entity(
        id="",
        schema=schema,
        names=_names(row, program, schema),
        listings=(_listing(row, program, source_id, facts, warnings),),
        countries=_countries(row, facts),
        addresses=tuple(dict.fromkeys(Address(text, code) for text, code in row.addresses if text)),
        identifiers=tuple(dict.fromkeys(facts.identifiers)),
        birth_dates=birth_dates,
        registration_dates=tuple(dict.fromkeys(facts.registration_dates)),
        birth_places=row.values("places_of_birth"),
        remarks="; ".join(_entity_remarks(row, facts, undated)),
    )
    country = next((code for _, code in row.addresses[:1] if code), "")
    return RowEntity(entity, number=row.cell("entity_number"), country=country), warnings


def _names(row: Row, program: Program, schema: Schema) -> tuple[Name, ...]:
    primary = row.cell("name")
    names = {primary: Name(primary, NameKind.PRIMARY)}
    if schema is Schema.ADDRESS:
        return tuple(names.values())
    for text, kind in names_inside(primary):
        # State's debarred list scatters the parts of a name over its columns: one word alone is a fragment.
        fragment = program is Program.US_DDTC and len(text.split()) == 1
        names.setdefault(text, Name(text, NameKind.WEAK_ALIAS if fragment else kind))
    for alias in row.aliases:
        # Quotes are the Treasury's habit for weak aliases, but this list has no mark for quality: an alias that a
        # reader of the printed list would look up must alert.
        text = unquoted(alias)
        names.setdefault(text, Name(text, NameKind.ALIAS))
        for inner, kind in names_inside(text, alias=True):
            names.setdefault(inner, Name(inner, kind))
    if program is Program.US_CMIC:
        for issuer in _ISSUER.findall(row.cell("remarks")):
            names.setdefault(issuer, Name(issuer, NameKind.ALIAS))
    return tuple(names.values())


def _listing(row: Row, program: Program, source_id: str, facts: Facts, warnings: list[str]) -> Listing:
    # A remark on a PLC row is the party of the person named: a political affiliation, which the program implies.
    remarks = [row.cell("remarks")] if program is not Program.US_PLC else []
    start = _day(row, "start_date", warnings)
    if start is None and (of := _LISTING_DATE_OF.get(program)):
        start = min((day for what, day in facts.listing_dates if what.startswith(of)), default=None)
    return Listing(
        source=source_id,
        program=program.value,
        name=row.cell("name"),
        start=start,
        end=_day(row, "end_date", warnings),
        citation=row.cell("federal_register_notice"),
        license_requirement=row.cell("license_requirement"),
        license_policy=row.cell("license_policy"),
        tags=row.values("programs"),
        standard_order={"Y": True, "N": False}.get(row.cell("standard_order").upper()),
        directives=tuple(facts.directives),
        remarks="; ".join(part for part in [*remarks, *facts.listing_remarks] if part),
        url=row.cell("source_list_url") or row.cell("source_information_url"),
    )


def _day(row: Row, column: str, warnings: list[str]) -> date | None:
    """A day that can't be read is left out: the listing then counts on every date, which errs on the safe side."""
    text = row.cell(column)
    if not text:
        return None
    try:
        return parse_day(text[:10])
    except ValueError:
        warnings.append(f"the {column} can't be read")
        return None


def _countries(row: Row, facts: Facts) -> tuple[str, ...]:
    printed = [
        *row.values("nationalities"),
        *row.values("citizenships"),
        row.cell("vessel_flag"),
        row.cell("country"),
    ]
    codes = (
        [code for _, code in row.addresses] + [country_code(text) for text in printed if text] + facts.countries
    )
    return tuple(dict.fromkeys(code for code in codes if code))


def _entity_remarks(row: Row, facts: Facts, undated: list[str]) -> list[str]:
    title = [f"Title: {row.cell('title')}"] if row.cell("title") else []
    vessel = [f"{label}: {row.cell(column)}" for column, label in _VESSEL_DETAILS if row.cell(column)]
    return [*title, *vessel, *facts.entity_remarks, *undated]
