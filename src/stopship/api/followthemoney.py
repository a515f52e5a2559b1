"""Entities as FollowTheMoney JSON, written without its package.

Each property that is written is one that FollowTheMoney's model gives the schema; what it has no property for goes
into `idNumber` or `notes`, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from stopship.app.service.directory import datasets_of, topics_of
from stopship.app.service.edition import Edition
from stopship.errors import InputError
from stopship.model.entity import Entity, Identifier
from stopship.model.listing import Listing
from stopship.model.values import NameKind, PartialDate, Schema
from stopship.sources.catalogue import source_info

_NAMES = {
    NameKind.PRIMARY: "name",
    NameKind.ALIAS: "alias",
    NameKind.WEAK_ALIAS: "weakAlias",
    NameKind.FORMER: "previousName",
}
_PARTIES = frozenset({Schema.PERSON, Schema.ORGANIZATION, Schema.COMPANY, Schema.LEGAL_ENTITY, Schema.PUBLIC_BODY})
# Of persons and organizations; FollowTheMoney has these at LegalEntity.
_OF_PARTIES = {
    "national_id": "idNumber",
    "tax_id": "taxNumber",
    "vat_number": "vatCode",
    "registration_number": "registrationNumber",
    "license_number": "licenseNumber",
    "lei": "leiCode",
    "duns": "dunsCode",
    "swift_bic": "swiftBic",
    "inn": "innCode",
    "ogrn": "ogrnCode",
    "okpo": "okpoCode",
    "npi": "npiCode",
    "uei": "uniqueEntityId",
    "uscc": "uscCode",
}
_OF_PERSONS = {"passport": "passportNumber", "ssn": "socialSecurityNumber"}
_OF_ORGANIZATIONS = {"imo": "imoNumber", "giin": "giiNumber", "cage": "cageCode"}
_OF_COMPANIES = {"kpp": "kppCode", "bik": "bikCode", "cik": "cikCode"}
_OF_VESSELS = {
    "imo": "imoNumber",
    "mmsi": "mmsi",
    "call_sign": "callSign",
    "crs_number": "crsNumber",
    "vessel_registration": "registrationNumber",
}
_OF_AIRPLANES = {"aircraft_serial": "serialNumber", "mode_s": "icaoCode", "tail_number": "registrationNumber"}


def entity_to_ftm(entities: Sequence[Entity], edition: Edition, *, nested: bool = False) -> dict[str, Any]:
    """One entity as OpenSanctions' server gives it.

    Args:
        entities: every list's entry of it, the one to show first.
        edition: the lists that they are of.
        nested: with its sanctions as entities of their own.

    Returns:
        A dict of JSON values: `id, caption, schema, properties, datasets, referents, target, first_seen,
        last_seen, last_change`. What isn't known (when it was seen first, and when it changed) is null.
    """
    first = entities[0]
    properties: dict[str, list[Any]] = {}
    for entity in entities:
        for name, value in _properties(entity):
            values = properties.setdefault(name, [])
            if value not in values:
                values.append(value)
    datasets = list(dict.fromkeys(name for entity in entities for name in datasets_of(entity)))
    if nested:
        sanctions = [
            _sanction(entity, number, listing, edition)
            for entity in entities
            for number, listing in enumerate(entity.listings)
        ]
        if sanctions:
            properties["sanctions"] = sanctions
    return {
        "id": first.id,
        "caption": first.caption,
        "schema": first.schema.value,
        "properties": properties,
        "datasets": datasets,
        "referents": [],
        "target": True,
        "first_seen": None,
        "last_seen": _last_seen(datasets, edition),
        "last_change": None,
    }


def _properties(entity: Entity) -> Iterator[tuple[str, str]]:
    for name in entity.names:
        yield ("full" if entity.schema is Schema.ADDRESS else _NAMES[name.kind]), name.text
    country = "flag" if entity.schema is Schema.VESSEL else "country"
    for code in entity.countries:
        yield country, code.lower()
    for address in entity.addresses:
        yield ("full" if entity.schema is Schema.ADDRESS else "address"), address.text
        if address.country and address.country not in entity.countries:
            yield "country", address.country.lower()
    for identifier in entity.identifiers:
        yield _number(entity.schema, identifier)
    if entity.schema is Schema.PERSON:
        yield from (("birthDate", text) for known in entity.birth_dates for text in _dates(known))
        yield from (("birthPlace", place) for place in entity.birth_places)
    elif entity.schema in _PARTIES:
        yield from (("incorporationDate", text) for known in entity.registration_dates for text in _dates(known))
    for topic in topics_of(entity):
        yield "topics", topic
    for listing in entity.listings:
        yield "programId", listing.program
        yield from (("program", tag) for tag in listing.tags)
        if listing.url:
            yield "sourceUrl", listing.url
    if entity.remarks:
        yield "notes", entity.remarks


def _number(schema: Schema, identifier: Identifier) -> tuple[str, str]:
    tables: list[dict[str, str]] = []
    if schema in _PARTIES:
        tables.append(_OF_PARTIES)
        tables += [_OF_PERSONS] if schema is Schema.PERSON else [_OF_ORGANIZATIONS]
        tables += [_OF_COMPANIES] if schema is Schema.COMPANY else []
    elif schema is Schema.VESSEL:
        tables.append(_OF_VESSELS)
    elif schema is Schema.AIRPLANE:
        tables.append(_OF_AIRPLANES)
    for table in tables:
        if identifier.type in table:
            return table[identifier.type], identifier.value
    if schema in _PARTIES:
        return "idNumber", identifier.value
    return "notes", f"{identifier.type.replace('_', ' ')}: {identifier.value}"


def _dates(known: PartialDate) -> Iterable[str]:
    """FollowTheMoney's dates are beginnings of ISO dates; a range is its first and its last year."""
    text = str(known).removeprefix("circa ")
    if " to " not in text:
        return (text,)
    return dict.fromkeys((f"{known.earliest.year:04}", f"{known.latest.year:04}"))


def _sanction(entity: Entity, number: int, listing: Listing, edition: Edition) -> dict[str, Any]:
    try:
        authority = source_info(listing.source).publisher
    except InputError:
        authority = listing.source
    values = {
        "entity": entity.id,
        "authority": authority,
        "programId": listing.program,
        "listingDate": listing.start.isoformat() if listing.start else None,
        "startDate": listing.start.isoformat() if listing.start else None,
        "endDate": listing.end.isoformat() if listing.end else None,
        "reason": listing.citation,
        "summary": listing.remarks,
        "sourceUrl": listing.url,
    }
    properties: dict[str, list[str]] = {name: [value] for name, value in values.items() if value}
    if provisions := [text for text in (listing.license_requirement, listing.license_policy) if text]:
        properties["provisions"] = provisions
    if listing.tags:
        properties["program"] = list(listing.tags)
    datasets = [listing.source, listing.program]
    return {
        "id": f"{entity.id}-listing-{number}",
        "caption": listing.program,
        "schema": "Sanction",
        "properties": properties,
        "datasets": datasets,
        "referents": [],
        "target": False,
        "first_seen": None,
        "last_seen": _last_seen(datasets, edition),
        "last_change": None,
    }


def _last_seen(datasets: Sequence[str], edition: Edition) -> str | None:
    days = [state["retrieved"] or state["published"] for state in edition.lists if state["source"] in datasets]
    known = [date.fromisoformat(day) for day in days if day]
    return datetime.combine(max(known), time(), UTC).isoformat() if known else None
