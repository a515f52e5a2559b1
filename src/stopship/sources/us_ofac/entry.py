"""One entry of an OFAC list, in whatever layout it was printed, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from stopship.model import Address, Entity, Identifier, Listing, Name, NameKind, PartialDate, Program, Schema
from stopship.sources.countries import country_code
from stopship.sources.identity import RowEntity
from stopship.sources.kinds import schema_of
from stopship.sources.printed import names_inside, unquoted
from stopship.sources.treasury import (
    Facts,
    Labelled,
    is_known,
    is_number,
    is_special_remark,
    read_birth_dates,
    read_ids,
    split_label,
)
from stopship.sources.us_ofac.programs import SDN_SOURCE, programs_of

_PAGE = "https://sanctionssearch.ofac.treas.gov/Details.aspx?id="
_VESSEL = {
    "vessel_type": "Vessel type",
    "tonnage": "Gross tonnage",
    "gross_registered_tonnage": "Gross registered tonnage",
    "owner": "Vessel owner",
}
_ISSUER = "issuer name"
_ISSUED = re.compile(r"\s*,?\s*\b(?:issued|expires|expired|expiration date)\b.*\Z", re.IGNORECASE)
# Which of the dates in the ids is that of the listing: the same choice as for the Consolidated Screening List.
_LISTING_DATE_OF = {Program.US_CMIC: "CMIC", Program.US_MBS: "EO "}


@dataclass(frozen=True, slots=True)
class Alias:
    """A further name. `language` is a BCP 47 tag, e.g. "und-Cyrl" for a name in Cyrillic letters."""

    text: str
    kind: NameKind = NameKind.ALIAS
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ListedAs:
    """What the advanced layout prints of one listing."""

    program: Program
    start: date | None = None
    citation: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class Entry:
    """All that is printed of one party, not yet sorted. `listed` is filled by the advanced layout alone."""

    number: str
    kind: str = ""
    name: str = ""
    aliases: list[Alias] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    title: str = ""
    addresses: list[Address] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    birth_dates: list[str | PartialDate] = field(default_factory=list)
    birth_places: list[str] = field(default_factory=list)
    labelled: list[Labelled] = field(default_factory=list)
    vessel: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    listed: list[ListedAs] = field(default_factory=list)

    def add_labelled(self, label: str, value: str, country: str = "") -> None:
        """One number or note behind a label. "Listing Date (CMIC)" holds more than a label and is split."""
        if not is_known(label) and label.casefold().strip(" :-") != _ISSUER and (parts := split_label(label)):
            label, value = parts[0], f"{parts[1]} {value}".strip()
        if not country and is_number(label):
            value, country = _number(value)
        self.labelled.append((label, value, country))

    def add_address(self, parts: Iterable[str], country: str) -> None:
        """An address of its printed parts; a country alone becomes a country of the entry."""
        code = country_code(country) if country else None
        texts = [part for part in parts if part]
        if texts:
            self.addresses.append(Address(", ".join([*texts, country] if country else texts), code))
        elif code:
            self.addresses.append(Address("", code))


def _number(text: str) -> tuple[str, str]:
    """ "A123 (Iran) issued 08 Sep 2006 expires …" gives "A123" and "Iran"."""
    value = _ISSUED.sub("", text)
    if value.endswith(")"):
        head, _, inside = value[:-1].rpartition("(")
        if head.strip() and country_code(inside):
            return head.strip(" -,"), inside
    return value, ""


def entry_rows(entry: Entry, source: str) -> tuple[list[RowEntity], list[str]]:
    """An entry as one entity for each list that it is on (as in the Consolidated Screening List).

    Returns:
        The entities, and what could not be read in the entry, as short sentences without values.

    Raises:
        NotListed: it is on none of the lists of this source.
    """
    numbers = [item for item in entry.labelled if item[0].casefold().strip(" :-") != _ISSUER]
    issuers = [value for label, value, _ in entry.labelled if label.casefold().strip(" :-") == _ISSUER]
    facts = read_ids(numbers)
    warnings = facts.warnings
    listed = entry.listed or _listed(entry, source)
    schema = schema_of(entry.kind, entry.name, address_rows=False)
    if schema is None:
        warnings.append(f"the type {entry.kind[:40]!r} is not known")
        schema = Schema.LEGAL_ENTITY
    if call_sign := entry.vessel.get("call_sign"):
        facts.identifiers.append(Identifier("call_sign", call_sign, None))
    birth_dates, undated = read_birth_dates(entry.birth_dates, warnings)
    names = _names(entry, issuers)
    rows = []
    for listing in listed:
        entity = Entity(
            id="",
            schema=schema,
            names=names,
            listings=(_listing(entry, listing, source, facts),),
            countries=_countries(entry, facts),
            addresses=tuple(dict.fromkeys(address for address in entry.addresses if address.text)),
            identifiers=tuple(dict.fromkeys(facts.identifiers)),
            birth_dates=birth_dates,
            registration_dates=tuple(dict.fromkeys(facts.registration_dates)),
            birth_places=tuple(dict.fromkeys(entry.birth_places)),
            remarks="; ".join(_remarks(entry, facts, undated)),
        )
        country = next((address.country for address in entry.addresses[:1] if address.country), "")
        rows.append(RowEntity(entity, number=entry.number, country=country))
    return rows, warnings


def _listed(entry: Entry, source: str) -> list[ListedAs]:
    if source == SDN_SOURCE:
        return [ListedAs(Program.US_SDN)]
    return [ListedAs(program) for program in programs_of(entry.tags, entry.labelled)]


def _names(entry: Entry, issuers: list[str]) -> tuple[Name, ...]:
    names = {entry.name: Name(entry.name, NameKind.PRIMARY)}
    for text, kind in names_inside(entry.name):
        names.setdefault(text, Name(text, kind))
    for alias in (*entry.aliases, *(Alias(issuer) for issuer in issuers)):
        text = unquoted(alias.text)
        if not any(letter.isalnum() for letter in text):
            continue
        names.setdefault(text, Name(text, alias.kind, alias.language))
        for inner, kind in names_inside(text, alias=True):
            weak = alias.kind is NameKind.WEAK_ALIAS
            names.setdefault(inner, Name(inner, alias.kind if weak else kind, alias.language))
    return tuple(names.values())


def _listing(entry: Entry, listed: ListedAs, source: str, facts: Facts) -> Listing:
    program = listed.program
    start = listed.start
    if start is None and (of := _LISTING_DATE_OF.get(program)):
        start = min((day for what, day in facts.listing_dates if what.startswith(of)), default=None)
    # A remark on a PLC entry is the party of the person named: a political affiliation, which the program implies.
    remarks = [] if program is Program.US_PLC else [r for r in entry.remarks if not is_special_remark(r)]
    return Listing(
        source=source,
        program=program.value,
        name=entry.name,
        start=start,
        citation=listed.citation,
        tags=tuple(dict.fromkeys(entry.tags)),
        directives=tuple(facts.directives),
        remarks="; ".join(
            dict.fromkeys(part for part in [*remarks, *listed.remarks, *facts.listing_remarks] if part)
        ),
        url=f"{_PAGE}{entry.number}",
    )


def _countries(entry: Entry, facts: Facts) -> tuple[str, ...]:
    printed = [*entry.countries, entry.vessel.get("flag", "")]
    codes = [address.country for address in entry.addresses]
    codes += [country_code(text) for text in printed if text]
    codes += facts.countries
    return tuple(dict.fromkeys(code for code in codes if code))


def _remarks(entry: Entry, facts: Facts, undated: list[str]) -> list[str]:
    title = [f"Title: {entry.title}"] if entry.title else []
    vessel = [f"{label}: {entry.vessel[key]}" for key, label in _VESSEL.items() if entry.vessel.get(key)]
    return [*title, *vessel, *facts.entity_remarks, *undated]
