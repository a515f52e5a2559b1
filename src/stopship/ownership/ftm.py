"""Reader of FollowTheMoney entities, one JSON object a line (https://followthemoney.tech/explorer/schemata/).

`Ownership` (owner, asset, percentage, startDate, endDate) is a stake. `Directorship` is control. Other links
(family, associates, memberships, payments …) say nothing of either and are passed over by name. Of persons and
companies names, countries, registration numbers and birth dates are read, and no other property: FollowTheMoney
has `ethnicity`, `religion`, `political` and more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stopship.model.entity import Identifier
from stopship.model.stake import UNKNOWN, Holder, Interest, Stake
from stopship.model.values import PartialDate, Schema, Share
from stopship.ownership.contract import (
    BadRow,
    Bytes,
    Record,
    Report,
    country_of,
    day_of,
    text_of,
)
from stopship.ownership.json_stream import json_records

KIND = "ftm"

_SCHEMAS = {
    "Person": Schema.PERSON,
    "Company": Schema.COMPANY,
    "Organization": Schema.ORGANIZATION,
    "PublicBody": Schema.PUBLIC_BODY,
    "LegalEntity": Schema.LEGAL_ENTITY,
    "Asset": Schema.LEGAL_ENTITY,
    "Vessel": Schema.VESSEL,
    "Airplane": Schema.AIRPLANE,
}
_NAMES = ("name", "alias", "previousName")
_COUNTRIES = ("jurisdiction", "country", "mainCountry", "nationality", "flag")
_NUMBERS = {
    "leiCode": ("lei", None),
    "registrationNumber": ("registration_number", None),
    "ogrnCode": ("ogrn", "RU"),
    "uscCode": ("uscc", "CN"),
    "innCode": ("inn", "RU"),
    "taxNumber": ("tax_number", None),
    "vatCode": ("vat_number", None),
    "imoNumber": ("imo", None),
}
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%?(?:\s*(?:-|–|to)\s*(\d{1,3}(?:[.,]\d+)?)\s*%?)?")


def read_ftm(stream: Bytes, where: str, report: Report, name: str = KIND) -> Iterator[Record]:
    """Holders and stakes of a FollowTheMoney file, in the order of the file; `name` begins the ids of holders.

    Raises:
        OwnershipFileError: it isn't JSON, is cut short or too large.
    """
    for row, plain in json_records(stream, where, report):
        try:
            found = _records(plain, report, name)
        except BadRow as bad:
            report.reject(row, str(bad), plain)
            continue
        if found:
            report.loaded += 1
            yield from found


def _records(plain: object, report: Report, name: str) -> list[Record]:
    """What one entity states; empty where it was passed over."""
    if not isinstance(plain, dict):
        raise BadRow("an entity is an object with fields")
    schema = text_of(plain.get("schema"), "schema")
    record = text_of(plain.get("id"), "id")
    properties = plain.get("properties")
    if not schema or not record:
        raise BadRow("no schema or no id")
    if not isinstance(properties, dict):
        raise BadRow("no properties")
    if schema in _SCHEMAS:
        return [_holder(f"{name}:{record}", schema, properties, text_of(plain.get("caption"), "caption"))]
    if schema == "Ownership":
        return _stakes(record, properties, "owner", "asset", name, report)
    if schema == "Directorship":
        return _stakes(record, properties, "director", "organization", name, report)
    report.pass_over(f"entities of schema {schema}, which state no ownership")
    return []


def _holder(holder: str, schema: str, properties: Mapping[str, Any], caption: str) -> Holder:
    names = [text for key in _NAMES for text in _values(properties, key)]
    countries = [c for key in _COUNTRIES for text in _values(properties, key) if (c := country_of(text))]
    identifiers: list[Identifier] = []
    for key, (kind, country) in _NUMBERS.items():
        if schema != "Person":
            identifiers += [Identifier(kind, value, country) for value in _values(properties, key)]
    births = _values(properties, "birthDate") if schema == "Person" else []
    try:
        birth = PartialDate.parse(births[0]) if births else None
    except ValueError:
        raise BadRow(f"birthDate {births[0][:40]!r} is not a date") from None
    return Holder(
        id=holder,  # its LEI comes later: stakes name the record, and may stand before it
        names=tuple(dict.fromkeys(names or ([caption] if caption else []))),
        schema=_SCHEMAS[schema],
        countries=tuple(dict.fromkeys(countries)),
        identifiers=tuple(identifiers),
        birth_date=birth,
    )


def _stakes(
    record: str, properties: Mapping[str, Any], owner: str, held: str, name: str, report: Report
) -> list[Record]:
    owners, assets = _values(properties, owner), _values(properties, held)
    if not owners or not assets:
        raise BadRow(f"no {owner if not owners else held}")
    share, note = UNKNOWN, "director"
    interest = Interest.CONTROL if owner == "director" else Interest.SHARES
    if interest is Interest.SHARES:
        share, note = _share(_values(properties, "percentage"), report)
    since = [day_of(text, "startDate") for text in _values(properties, "startDate")]
    until = [day_of(text, "endDate", end=True) for text in _values(properties, "endDate")]
    return [
        Stake(
            owner=f"{name}:{one}",
            held=f"{name}:{asset}",
            share=share,
            interest=interest,
            # Of several dates those that leave it longer in force.
            since=min((day for day in since if day), default=None),
            until=max((day for day in until if day), default=None),
            statement=record,
            note=note,
        )
        for one in owners
        for asset in assets
    ]


def _share(printed: list[str], report: Report) -> tuple[Share, str]:
    """What is printed as a percentage; something else is an unknown share that quotes it."""
    read: list[tuple[float, float]] = []
    for text in printed:
        match = _PERCENT.fullmatch(text.strip())
        low = float(match[1].replace(",", ".")) if match else -1.0
        high = float(match[2].replace(",", ".")) if match and match[2] else low
        if not 0 <= low <= high <= 100:
            report.notes["percentages that could not be read: the share is unknown"] += 1
            return UNKNOWN, f"percentage as printed: {text[:60]}"
        read.append((low, high))
    if not read:
        return UNKNOWN, ""
    return Share(min(low for low, _ in read), max(high for _, high in read)), ""


def _values(properties: Mapping[str, Any], key: str) -> list[str]:
    values = properties.get(key)
    if values is None:
        return []
    if not isinstance(values, list):
        values = [values]
    # References may be nested entities, which stand for their id.
    plain = [value.get("id") if isinstance(value, dict) else value for value in values]
    return [text for value in plain if (text := text_of(value, key))]
