"""One `sanctionEntity` to one entity with a listing for each regulation."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from stopship.model import Address, Entity, Identifier, Listing, Name, NameKind, Program, Schema
from stopship.sources.contract import SourceInfo
from stopship.sources.countries import country_code
from stopship.sources.eu_fsf.details import birth_dates, birth_places, identifiers
from stopship.sources.identity import entity_id
from stopship.sources.printed import names_inside, printed, unique
from stopship.sources.redaction import without_special_categories, worldly_title
from stopship.sources.references import un_references
from stopship.sources.scripts import language_code, names_by_script, script_of
from stopship.sources.xml_stream import Element, attribute, child, children, text, text_of

_SCHEMAS = {"P": Schema.PERSON, "E": Schema.ORGANIZATION}
_PARTS = (("given", "firstName"), ("middle", "middleName"), ("family", "lastName"))
_DATED = ("nameAlias", "citizenship", "birthdate", "identification", "address")
_MARKED = re.compile(r"[afd]\.?\s?[kb]\.?\s?a\b|formerly|known as", re.IGNORECASE)
_DOUBTFUL = re.compile(r"suspended|no longer valid", re.IGNORECASE)
# Which of several strong names is the primary one: English, then of no language, then the others.
_LANGUAGE_ORDER = {"en": 0, None: 1}


def entry_entity(element: Element, info: SourceInfo) -> tuple[Entity | None, list[str]]:
    """The entity of an entry.

    Returns:
        The entity and what could not be read in it; None and the reason if it has no name or no regulation.
    """
    doubts: list[str] = []
    names = _names(element)
    if not names:
        return None, ["it has no name"]
    listings = _listings(element, names[0].text, info, doubts)
    if not listings:
        return None, ["it has no regulation"]
    number = attribute(element, "euReferenceNumber") or attribute(element, "logicalId")
    kind = child(element, "subjectType")
    code = attribute(kind, "classificationCode") if kind is not None else ""
    if code not in _SCHEMAS:
        doubts.append(f"the subject type {code[:40]!r} is not known")
    addresses, countries = _addresses(element)
    numbers, document_notes = identifiers(children(element, "identification"), doubts)
    births, undated = birth_dates(children(element, "birthdate"), doubts)
    contacts, contact_notes = _contacts(element)
    entity = Entity(
        id=entity_id(Program.EU_FSF.value, number=number, name=names[0].text),
        schema=_SCHEMAS.get(code, Schema.LEGAL_ENTITY),
        names=names,
        listings=listings,
        countries=unique([*countries, *_citizenships(element)]),
        addresses=addresses,
        identifiers=unique([*numbers, *un_references(attribute(element, "unitedNationId")), *contacts]),
        birth_dates=births,
        birth_places=birth_places(children(element, "birthdate")),
        remarks="; ".join([*_titles(element), *document_notes, *undated, *contact_notes, *_notes(element)]),
    )
    return entity, doubts


def _names(element: Element) -> tuple[Name, ...]:
    spelled: list[tuple[tuple[bool, bool, int, int], Name]] = []
    for alias in children(element, "nameAlias"):
        parts = tuple((role, part) for role, key in _PARTS if (part := attribute(alias, key)))
        whole = attribute(alias, "wholeName") or " ".join(part for _, part in parts)
        if not any(letter.isalnum() for letter in whole):
            continue
        weak = attribute(alias, "strong").lower() == "false"
        language = language_code(attribute(alias, "nameLanguage"))
        script = script_of(whole)
        kind = NameKind.WEAK_ALIAS if weak else NameKind.ALIAS
        number = attribute(alias, "logicalId")
        order = (
            weak,
            script is not None,
            _LANGUAGE_ORDER.get(language, 2),
            int(number) if number.isdecimal() else 0,
        )
        spelled.append((order, Name(whole, kind, language, script, parts if len(parts) > 1 else ())))
    if not spelled:
        return ()
    ordered = [name for _, name in sorted(spelled, key=lambda pair: pair[0])]
    first = ordered[0]
    names = {first.text: Name(first.text, NameKind.PRIMARY, first.language, first.script, first.parts)}
    for name in ordered:
        known = names.setdefault(name.text, name)
        if known.kind is NameKind.WEAK_ALIAS and name.kind is NameKind.ALIAS:
            names[name.text] = name
        pieces = [(piece, name.kind) for piece in names_by_script(name.text)]
        if _MARKED.search(name.text):
            pieces += names_inside(name.text, alias=True)
        for piece, kind in pieces:
            names.setdefault(piece, Name(piece, kind, None, script_of(piece)))
    for document in children(element, "identification"):
        bearer = attribute(document, "nameOnDocument")
        if any(letter.isalpha() for letter in bearer):
            names.setdefault(bearer, Name(bearer, NameKind.ALIAS, None, script_of(bearer)))
    return tuple(names.values())


def _listings(element: Element, name: str, info: SourceInfo, doubts: list[str]) -> tuple[Listing, ...]:
    details = attribute(element, "designationDetails")
    remarks = [without_special_categories(text_of(remark)) for remark in children(element, "remark")]
    found: list[Listing] = []
    for regulation in children(element, "regulation"):
        programme = attribute(regulation, "programme")
        days = (attribute(regulation, "entryIntoForceDate"), attribute(regulation, "publicationDate"))
        found.append(
            Listing(
                source=info.id,
                program=Program.EU_FSF.value,
                name=name,
                start=_day(next((day for day in days if day), ""), doubts),
                citation=attribute(regulation, "numberTitle"),
                tags=(programme,) if programme else (),
                remarks="; ".join(remark for remark in (details, *remarks) if remark),
                url=text(regulation, "publicationUrl") or info.url,
                caveat=f"the list says of the designation: {details}" if _DOUBTFUL.search(details) else "",
            )
        )
    if not found:
        return ()
    ordered = sorted(
        unique(found), key=lambda listing: (listing.start or date.max, listing.citation, listing.tags)
    )
    earliest = _earliest(element, ordered[0].start, doubts)
    return (replace(ordered[0], start=earliest), *ordered[1:])


def _earliest(element: Element, start: date | None, doubts: list[str]) -> date | None:
    """The earliest day that the entry prints: an entry cites its last amendment, its details the acts before."""
    days = [start, _day(attribute(element, "designationDate"), doubts)]
    for tag in _DATED:
        for detail in children(element, tag):
            days += [
                _day(attribute(act, "publicationDate"), doubts) for act in children(detail, "regulationSummary")
            ]
    return min((day for day in days if day), default=None)


def _day(value: str, doubts: list[str]) -> date | None:
    """A day that can't be read is left out: the listing then counts on every date, which errs on the safe side."""
    if not value:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        doubts.append("the day of an act can't be read")
        return None


def _known_country(element: Element) -> str | None:
    """The ISO code of an element; "00" and descriptions that are no country give None."""
    return country_code(attribute(element, "countryIso2Code")) or country_code(
        attribute(element, "countryDescription")
    )


def _citizenships(element: Element) -> list[str]:
    return [code for one in children(element, "citizenship") if (code := _known_country(one))]


def _addresses(element: Element) -> tuple[tuple[Address, ...], list[str]]:
    addresses: list[Address] = []
    countries: list[str] = []
    for one in children(element, "address"):
        code = _known_country(one)
        if code:
            countries.append(code)
        box = attribute(one, "poBox")
        parts = [
            attribute(one, "street"),
            box if not box or "box" in box.lower() else f"P.O. Box {box}",
            *(attribute(one, key) for key in ("zipCode", "city", "place", "region")),
        ]
        country = attribute(one, "countryDescription")
        country = "" if country.upper() == "UNKNOWN" else country
        if any(parts) or (country and not code):
            addresses.append(Address(", ".join(part for part in (*parts, country) if part), code))
    return unique(addresses), countries


def _contacts(element: Element) -> tuple[list[Identifier], list[str]]:
    found: list[Identifier] = []
    notes: list[str] = []
    for address in children(element, "address"):
        for contact in children(address, "contactInfo"):
            key, value = attribute(contact, "key"), attribute(contact, "value")
            if not value:
                continue
            kind = "email" if "mail" in key.lower() else "website" if "web" in key.lower() else ""
            if kind:
                found.append(Identifier(kind, value))
            else:
                notes.append(f"{key.capitalize() or 'Contact'}: {value}")
    return found, notes


def _titles(element: Element) -> list[str]:
    aliases = list(children(element, "nameAlias"))
    titles = unique(title for alias in aliases if (title := worldly_title(attribute(alias, "title"))))
    functions = unique(
        text for alias in aliases if (text := without_special_categories(attribute(alias, "function")))
    )
    return [*(f"Title: {title}" for title in titles), *(f"Position: {function}" for function in functions)]


def _notes(element: Element) -> list[str]:
    labels = {
        "nameAlias": "Note on a name",
        "citizenship": "Note on a citizenship",
        "birthdate": "Note on a date of birth",
        "address": "Note on an address",
    }
    found = (
        (label, without_special_categories(printed(text_of(remark))))
        for tag, label in labels.items()
        for detail in children(element, tag)
        for remark in children(detail, "remark")
    )
    return list(unique(f"{label}: {note}" for label, note in found if note))
