"""Entities to and from plain JSON values, the one form in which snapshots and indexes keep them; and orders to the
form in which they are read."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from stopship.model.entity import Address, Entity, Identifier, Name
from stopship.model.listing import Listing
from stopship.model.party import Party
from stopship.model.transaction import Transaction
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


def order_to_plain(order: Transaction) -> dict[str, Any]:
    """An order in the form of `docs/reference/order.md`: `model.order.read_order` gives the same order again."""
    exporter = order.exporter
    return _filled(
        {
            "date": order.date.isoformat() if order.date else None,
            "direction": order.direction.value,
            "destination": order.destination,
            "end_use": order.end_use,
            "exporter": {"country": exporter.country, "us_person": exporter.us_person} if exporter else None,
            "parties": [_party_to_plain(party, "role") for party in order.parties],
            "items": [{key: getattr(item, key) for key in _filled_slots(item)} for item in order.items],
            "facts": dict(order.facts) or None,
            "licenses": [
                _filled(
                    {
                        "number": license.number,
                        "expires": license.expires.isoformat() if license.expires else None,
                        "covers": list(license.covers),
                    }
                )
                for license in order.licenses
            ],
        }
    )


def _party_to_plain(party: Party, kind: str) -> dict[str, Any]:
    """`kind` is what tells a party from an owner: its role or its share."""
    return _filled(
        {
            kind: str(getattr(party, kind)),
            "name": party.name,
            "schema": party.schema.value,
            "country": party.country,
            "address": party.address,
            "identifiers": [
                _filled({"type": i.type, "value": i.value, "country": i.country}) for i in party.identifiers
            ],
            "birth_date": str(party.birth_date) if party.birth_date else None,
            "registration_date": str(party.registration_date) if party.registration_date else None,
            "owners": [_party_to_plain(owner, "share") for owner in party.owners],
        }
    )


def _filled_slots(record: Any) -> list[str]:
    return [field.name for field in fields(record) if getattr(record, field.name) not in (None, "")]


def _filled(plain: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in plain.items() if value not in (None, "", [], ())}
