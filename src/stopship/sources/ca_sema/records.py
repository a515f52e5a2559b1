"""One record to one entity with one listing."""

from __future__ import annotations

import re
from datetime import date

from stopship.model import Entity, Identifier, Listing, PartialDate, Program, Schema
from stopship.sources.ca_sema.names import person_names, thing_names
from stopship.sources.contract import SourceInfo
from stopship.sources.identity import RowEntity
from stopship.sources.printed import unique
from stopship.sources.redaction import worldly_title
from stopship.sources.xml_stream import Element, text

_OR = re.compile(r"\s+or\s+", re.IGNORECASE)
_YEARS = re.compile(r"(\d{4})\s*[-–]\s*(\d{4})\Z")
_IMO = re.compile(r"(?<!\d)(\d{7})(?!\d)")


def record_entity(element: Element, info: SourceInfo) -> tuple[RowEntity | None, list[str]]:
    """The entity of a record, and what could not be read in it; None if it has no name."""
    doubts: list[str] = []
    surname, given, thing = (text(element, tag) for tag in ("LastName", "GivenName", "EntityOrShip"))
    aliases = text(element, "Aliases")
    person = bool(surname or given)
    names = person_names(surname, given, aliases) if person else thing_names(thing, aliases)
    if not names or not any(letter.isalnum() for letter in names[0].text):
        return None, doubts
    numbers = _IMO.findall(text(element, "ShipIMONumber"))
    if text(element, "ShipIMONumber") and not numbers:
        doubts.append("an IMO number can't be read")
    ship = bool(numbers) and not person
    born, remarks = _dates(text(element, "DateOfBirthOrShipBuildDate"), ship, doubts)
    title = text(element, "TitleOrShip")
    if person and (worldly := worldly_title(title)):
        remarks.insert(0, f"Title: {worldly}")
    elif title and not person:
        remarks.insert(0, f"Type of ship: {title}" if ship else title)
    entity = Entity(
        id="",
        schema=Schema.PERSON if person else Schema.VESSEL if ship else Schema.ORGANIZATION,
        names=names,
        listings=(_listing(element, names[0].text, info, doubts),),
        identifiers=unique(Identifier("imo", number) for number in numbers),
        birth_dates=born if person else (),
        registration_dates=() if person or ship else born,
        remarks="; ".join(remarks),
    )
    return RowEntity(entity), doubts


def _listing(element: Element, name: str, info: SourceInfo, doubts: list[str]) -> Listing:
    regulations = text(element, "Country").partition(" / ")[0]
    schedule, item = text(element, "Schedule"), text(element, "Item")
    if schedule and not schedule.lower().startswith(("schedule", "part")):
        schedule = f"Schedule {schedule}"
    start: date | None = None
    if listed := text(element, "DateOfListing"):
        try:
            start = date.fromisoformat(listed[:10])
        except ValueError:
            doubts.append("the date of listing can't be read")
    return Listing(
        source=info.id,
        program=Program.CA_SEMA.value,
        name=name,
        start=start,
        citation=", ".join(part for part in (regulations, schedule, f"item {item}" if item else "") if part),
        tags=(regulations,) if regulations else (),
        url=info.url,
    )


def _dates(printed_date: str, ship: bool, doubts: list[str]) -> tuple[tuple[PartialDate, ...], list[str]]:
    """Dates of birth and what can't be read as one; of a ship the year of building goes to the remarks."""
    if not printed_date:
        return (), []
    if ship:
        return (), [f"Year built: {printed_date}"]
    dates: list[PartialDate] = []
    remarks: list[str] = []
    for piece in _OR.split(printed_date):
        years = _YEARS.match(piece)
        try:
            dates.append(PartialDate.parse(f"{years[1]} to {years[2]}" if years else piece))
        except ValueError:
            remarks.append(f"Date of birth as printed: {piece}")
            doubts.append("a date of birth can't be read")
    return unique(dates), remarks
