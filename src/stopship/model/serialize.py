"""Entities to and from plain JSON values: the one form in which snapshots and indexes keep them."""

from __future__ import annotations

from datetime import date
from typing import Any

from stopship.model.entity import Address, Entity, Identifier, Name
from stopship.model.listing import Listing
from stopship.model.values import NameKind, PartialDate, Schema

_TUPLES = ("tags", "directives")
_DATES = ("start", "end")


def entity_to_plain(entity: Entity) -> dict[str, Any]:
    """A dict of JSON values; empty fields are left out, so that the same entity always gives the same dict."""
    plain: dict[str, Any] = {"id": entity.id, "schema": entity.schema.value}
    plain["names"] = [_name_to_plain(name) for name in entity.names]
    plain["listings"] = [listing_to_plain(listing) for listing in entity.listings]
    plain["countries"] = list(entity.countries)
    plain["addresses"] = [_filled({"text": a.text, "country": a.country}) for a in entity.addresses]
    plain["identifiers"] = [
        _filled({"type": i.type, "value": i.value, "country": i.country}) for i in entity.identifiers
    ]
    plain["birth_dates"] = [str(d) for d in entity.birth_dates]
    plain["registration_dates"] = [str(d) for d in entity.registration_dates]
    plain["birth_places"] = list(entity.birth_places)
    plain["remarks"] = entity.remarks
    return _filled(plain)


def entity_from_plain(plain: dict[str, Any]) -> Entity:
    """The inverse of `entity_to_plain`.

    Raises:
        KeyError, ValueError, TypeError: the dict was not made by `entity_to_plain`.
    """
    return Entity(
        id=plain["id"],
        schema=Schema(plain["schema"]),
        names=tuple(_name_from_plain(n) for n in plain["names"]),
        listings=tuple(listing_from_plain(x) for x in plain.get("listings", ())),
        countries=tuple(plain.get("countries", ())),
        addresses=tuple(Address(**a) for a in plain.get("addresses", ())),
        identifiers=tuple(Identifier(**i) for i in plain.get("identifiers", ())),
        birth_dates=tuple(PartialDate.parse(d) for d in plain.get("birth_dates", ())),
        registration_dates=tuple(PartialDate.parse(d) for d in plain.get("registration_dates", ())),
        birth_places=tuple(plain.get("birth_places", ())),
        remarks=plain.get("remarks", ""),
    )


def _name_to_plain(name: Name) -> dict[str, Any]:
    return _filled(
        {
            "text": name.text,
            "kind": name.kind.value,
            "language": name.language,
            "script": name.script,
            "parts": [list(part) for part in name.parts],
        }
    )


def _name_from_plain(plain: dict[str, Any]) -> Name:
    return Name(
        plain["text"],
        NameKind(plain["kind"]),
        plain.get("language"),
        plain.get("script"),
        tuple((role, text) for role, text in plain.get("parts", ())),
    )


def listing_to_plain(listing: Listing) -> dict[str, Any]:
    """A listing as a dict of JSON values; dates are ISO text, empty fields are left out."""
    plain: dict[str, Any] = {
        "source": listing.source,
        "program": listing.program,
        "name": listing.name,
        "start": listing.start.isoformat() if listing.start else None,
        "end": listing.end.isoformat() if listing.end else None,
        "citation": listing.citation,
        "license_requirement": listing.license_requirement,
        "license_policy": listing.license_policy,
        "tags": list(listing.tags),
        "standard_order": listing.standard_order,
        "directives": list(listing.directives),
        "remarks": listing.remarks,
        "url": listing.url,
        "caveat": listing.caveat,
    }
    return _filled(plain)


def listing_from_plain(plain: dict[str, Any]) -> Listing:
    """The inverse of `listing_to_plain`."""
    values: dict[str, Any] = dict(plain)
    for key in _DATES:
        if key in values:
            values[key] = date.fromisoformat(values[key])
    for key in _TUPLES:
        if key in values:
            values[key] = tuple(values[key])
    return Listing(**values)


def _filled(plain: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in plain.items() if value not in (None, "", [], ())}
