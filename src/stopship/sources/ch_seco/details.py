"""What the identities of a target say beside their names: addresses, dates, documents, nationalities."""

from __future__ import annotations

from stopship.model import Address, Identifier, PartialDate
from stopship.sources.ch_seco.places import Places
from stopship.sources.countries import country_code
from stopship.sources.printed import unique
from stopship.sources.redaction import without_special_categories
from stopship.sources.xml_stream import Element, attribute, child, children, text, text_of

_DOCUMENTS = {
    "passport": "passport",
    "diplomatic-passport": "passport",
    "service-passport": "passport",
    "id-card": "national_id",
    "identity-card": "national_id",
    "national-identification": "national_id",
    "resident-permit": "residence_permit",
    "driver-license": "drivers_license",
    "driving-licence": "drivers_license",
}


def addresses(identities: list[Element], places: Places) -> tuple[tuple[Address, ...], list[str], list[str]]:
    """Addresses, their countries, and what is remarked on them."""
    found: list[Address] = []
    countries: list[str] = []
    notes: list[str] = []
    for element in (one for identity in identities for one in children(identity, "address")):
        address, code = places.address(element)
        if address is not None:
            found.append(address)
        if code:
            countries.append(code)
        if note := without_special_categories(text(element, "remarks")):
            notes.append(f"Note on an address: {note}")
    return unique(found), countries, notes


def nationality(element: Element) -> str | None:
    """The ISO code of a nationality, by its code or its name."""
    country = child(element, "country")
    if country is None:
        return None
    return country_code(attribute(country, "iso-code")) or country_code(text_of(country))


def birth_places(identities: list[Element], places: Places) -> tuple[str, ...]:
    """Places of birth, as printed."""
    found = []
    for element in (one for identity in identities for one in children(identity, "place-of-birth")):
        parts = [text(element, "address-details"), places.of(element).whole, text(element, "remarks")]
        found.append(", ".join(part for part in parts if part))
    return unique(place for place in found if place)


def dates(identities: list[Element], doubts: list[str]) -> tuple[tuple[PartialDate, ...], list[str]]:
    """Dates of birth or of establishment, and those that can't be read as printed."""
    found: list[PartialDate] = []
    unread: list[str] = []
    for element in (one for identity in identities for one in children(identity, "day-month-year")):
        year, month, day = (attribute(element, key) for key in ("year", "month", "day"))
        plain = "-".join([year.zfill(4), *(part.zfill(2) for part in ((month, day) if day else (month,)) if part)])
        calendar = attribute(element, "calendar")
        precision = attribute(element, "precision").lower()
        circa = attribute(element, "quality").lower() == "low" or precision not in (
            "",
            "exact",
            "day",
            "month",
            "year",
        )
        try:
            if calendar.lower() not in ("", "gregorian") or not year:
                raise ValueError(calendar)
            found.append(PartialDate.parse(f"circa {plain}" if circa else plain))
        except ValueError:
            shown = f"{plain} ({calendar} calendar)" if calendar else plain
            unread.append(f"Date as printed: {shown}")
            doubts.append("a date can't be read or is of another calendar")
    return unique(found), unread


def documents(identities: list[Element]) -> tuple[list[Identifier], list[str]]:
    """Numbers of papers, and what else is printed of each, for the remarks."""
    found: list[Identifier] = []
    notes: list[str] = []
    for element in (one for identity in identities for one in children(identity, "identification-document")):
        sort, number = attribute(element, "document-type"), text(element, "number")
        issuer = child(element, "issuer")
        code = country_code(attribute(issuer, "code")) if issuer is not None else None
        code = code or country_code(text_of(issuer))
        if any(letter.isalnum() for letter in number):
            found.append(Identifier(_DOCUMENTS.get(sort.lower(), "other"), number, code))
        issued, expires = text(element, "date-of-issue"), text(element, "expiry-date")
        details = [
            f"issued {issued}" if issued else "",
            f"expires {expires}" if expires else "",
            without_special_categories(text(element, "remark")),
        ]
        if any(details):
            label = " ".join(part for part in (sort.replace("-", " ").capitalize(), number) if part)
            notes.append(f"{label or 'Document'}: {', '.join(detail for detail in details if detail)}")
    return found, notes
