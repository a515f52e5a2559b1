"""Dates and places of birth, and documents."""

from __future__ import annotations

from collections.abc import Iterable

from stopship.model import Identifier, PartialDate
from stopship.sources.countries import country_code
from stopship.sources.printed import unique
from stopship.sources.redaction import without_special_categories
from stopship.sources.xml_stream import Element, attribute, children, text_of

_GREGORIAN = ("", "GREGORIAN")
_TYPES = {
    "birthcert": "birth_certificate",
    "drivinglicence": "drivers_license",
    "electionid": "voter_id",
    "euvat": "tax_id",
    "fiscalcode": "tax_id",
    "id": "national_id",
    "imo": "imo",
    "nationcert": "national_id",
    "other": "other",
    "passport": "passport",
    "regnumber": "registration_number",
    "residentperm": "residence_permit",
    "ssn": "social_security",
    "stlessp": "passport",
    "swiftbic": "swift_bic",
    "taxid": "tax_id",
    "tradelic": "license_number",
    "travelcardid": "passport",
    "unssn": "social_security",
}
_FLAGS = (
    ("knownExpired", "known to have expired"),
    ("knownFalse", "known to be false"),
    ("reportedLost", "reported lost"),
    ("revokedByIssuer", "revoked"),
)


def birth_dates(elements: Iterable[Element], doubts: list[str]) -> tuple[tuple[PartialDate, ...], list[str]]:
    """Dates of birth, and those that can't be read as printed.

    A full date is printed in the Gregorian calendar whatever the calendar of its parts. Parts of another calendar
    are kept as printed: a year alone doesn't say whether it is a lunar or a solar one.
    """
    dates: list[PartialDate] = []
    unread: list[str] = []
    for element in elements:
        whole, calendar = attribute(element, "birthdate")[:10], attribute(element, "calendarType").upper()
        year, month, day = (attribute(element, key) for key in ("year", "monthOfYear", "dayOfMonth"))
        years = [bound for key in ("yearRangeFrom", "yearRangeTo") if (bound := attribute(element, key))]
        text = whole
        if not text and year:
            text = "-".join(
                [year.zfill(4), *(part.zfill(2) for part in ((month, day) if day else (month,)) if part)]
            )
        text = text or " to ".join(years)
        if not text:
            continue
        if not whole and calendar not in _GREGORIAN:
            unread.append(f"Date of birth as printed: {text} ({calendar.capitalize()} calendar)")
            doubts.append(f"a date of birth is of the {calendar.lower()[:40]} calendar")
            continue
        circa = attribute(element, "circa").lower() == "true"
        try:
            dates.append(PartialDate.parse(f"circa {text}" if circa else text))
        except ValueError:
            unread.append(f"Date of birth as printed: {text}")
            doubts.append("a date of birth can't be read")
    return unique(dates), unread


def birth_places(elements: Iterable[Element]) -> tuple[str, ...]:
    """Places of birth, from the narrow to the wide."""
    places = []
    for element in elements:
        country = attribute(element, "countryDescription")
        parts = [*(attribute(element, key) for key in ("place", "city", "region")), country]
        parts = [part for part in unique(parts) if part and part.upper() != "UNKNOWN"]
        if parts:
            places.append(", ".join(parts))
    return unique(places)


def identifiers(elements: Iterable[Element], doubts: list[str]) -> tuple[list[Identifier], list[str]]:
    """Numbers of documents and registers, and what is said of them."""
    found: list[Identifier] = []
    notes: list[str] = []
    for element in elements:
        code = attribute(element, "identificationTypeCode")
        kind = _TYPES.get(code.lower())
        if kind is None:
            doubts.append(f"the identification type {code[:40]!r} is not known")
            kind = "other"
        country = country_code(attribute(element, "countryIso2Code"))
        numbers = unique(attribute(element, key) for key in ("number", "latinNumber"))
        found += [Identifier(kind, value, country) for value in numbers if any(c.isalnum() for c in value)]
        said = [words for key, words in _FLAGS if attribute(element, key).lower() == "true"]
        said += [note for r in children(element, "remark") if (note := without_special_categories(text_of(r)))]
        if said:
            label = " ".join([kind.replace("_", " ").capitalize(), *numbers[:1]])
            notes.append(f"{label}: {', '.join(said)}")
    return found, notes
