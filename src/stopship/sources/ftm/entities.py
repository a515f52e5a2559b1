"""A party of FollowTheMoney, with what belongs to it, to an entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stopship.model import Address, Entity, Identifier, Name, NameKind, PartialDate, Schema
from stopship.model.order import identifier_type
from stopship.sources.countries import country_code
from stopship.sources.ftm.listings import listings_of
from stopship.sources.ftm.records import Malformed, Record
from stopship.sources.ftm.vocabulary import vocabulary

_ADDRESS_PARTS = ("street", "street2", "street3", "place", "city", "postalCode", "region", "state")
_GIVEN_NAMES = ("firstName", "secondName", "middleName", "fatherName", "lastName", "nameSuffix")


def entity_of(record: Record, attached: Sequence[Record], source_id: str) -> tuple[Entity, list[str]]:
    """The entity of a party.

    Args:
        record: the party.
        attached: records that belong to it and stand on lines of their own (nested ones are found inside).
        source_id: of the listings.

    Returns:
        The entity, and what could not be read in it, as short sentences without values.

    Raises:
        Malformed: it has no name.
    """
    words = vocabulary()
    warnings: list[str] = []
    parts = [*attached, *(nested for schema in words.attached for nested in record.inside(schema))]
    schema, known = _schema(record.schema)
    if not known:
        warnings.append(f"the schema {record.schema[:40]!r} is not known, taken as LegalEntity")
    left: list[str] = []
    countries = list(_countries((text for name in words.countries for text in record.all(name)), left))
    addresses = tuple(dict.fromkeys((*_addresses(record, parts), *_own_address(record, schema))))
    names = _names(record, schema, addresses)
    birth = _dates(record, words.birth_dates, left, warnings, "a date of birth can't be read")
    founded = _dates(record, words.registration_dates, left, warnings, "a date of incorporation can't be read")
    entity = Entity(
        id=record.id,
        schema=schema,
        names=names,
        listings=listings_of(record, [p for p in parts if p.schema == "Sanction"], names[0].text, source_id),
        countries=tuple(dict.fromkeys((*countries, *(a.country for a in addresses if a.country)))),
        addresses=addresses,
        identifiers=tuple(dict.fromkeys(_identifiers(record, schema, parts))),
        birth_dates=birth,
        registration_dates=founded,
        birth_places=tuple(text for name in words.birth_places for text in record.all(name)),
        remarks="; ".join(dict.fromkeys((*_remarks(record), *left))),
    )
    for name in record.properties:
        if name not in words.known and name not in words.dropped:
            warnings.append(f"the property {name[:40]!r} is not known")
    return entity, warnings


def _schema(text: str) -> tuple[Schema, bool]:
    return (Schema(text), True) if text in list(Schema) else (Schema.LEGAL_ENTITY, False)


def _names(record: Record, schema: Schema, addresses: Sequence[Address]) -> tuple[Name, ...]:
    words = vocabulary()
    found: dict[str, NameKind] = {}
    for key, kind in words.names.items():
        for text in record.all(key):
            if any(letter.isalnum() for letter in text):
                found.setdefault(text, kind)
    usable = [text for text, kind in found.items() if kind is not NameKind.WEAK_ALIAS]
    if not usable and schema is Schema.PERSON:
        whole = " ".join(record.all(key)[0] for key in _GIVEN_NAMES if record.all(key))
        usable = [whole] if whole and record.all("lastName") else []
    if not usable and schema is Schema.ADDRESS and addresses:
        usable = [addresses[0].text]
    if not usable:
        raise Malformed("it has no name")
    first = record.caption if record.caption in usable else usable[0]
    others = (Name(text, kind) for text, kind in found.items() if text != first)
    return (Name(first, NameKind.PRIMARY), *others)


def _countries(texts: Iterable[str], left: list[str]) -> Iterator[str]:
    for text in texts:
        # Codes of parts of a country are written behind it: gb-sct, ua-cri.
        code = country_code(text) or (country_code(text.partition("-")[0]) if text[2:3] == "-" else None)
        if code:
            yield code
        else:
            left.append(f"Country as printed: {text}")


def _addresses(record: Record, parts: Iterable[Record]) -> Iterator[Address]:
    words = vocabulary()
    for part in parts:
        if part.schema == "Address" and (text := _address_text(part)):
            yield Address(text, next(_countries(part.all("country"), []), None))
    for name in words.addresses:
        for text in record.all(name):
            yield Address(text)


def _own_address(record: Record, schema: Schema) -> Iterator[Address]:
    if schema is Schema.ADDRESS and (text := _address_text(record)):
        yield Address(text, next(_countries(record.all("country"), []), None))


def _address_text(part: Record) -> str:
    whole = next(iter(part.all("full")), "")
    if whole:
        return whole
    box = [f"P.O. Box {text}" for text in part.all("postOfficeBox")]
    return ", ".join([*box, *(text for key in _ADDRESS_PARTS for text in part.all(key))])


def _identifiers(record: Record, schema: Schema, parts: Iterable[Record]) -> Iterator[Identifier]:
    words = vocabulary()
    documents: set[str] = set()
    for part in parts:
        country = next(_countries(part.all("country"), []), None)
        if part.schema in ("Passport", "Identification"):
            kind = "passport" if part.schema == "Passport" else next(iter(part.all("type")), "national_id")
            for value in (*part.all("number"), *part.all("passportNumber")):
                documents.add(value)
                yield Identifier(identifier_type(kind)[:40] or "national_id", value, country)
        elif part.schema == "CryptoWallet":
            for value in part.all("publicKey"):
                yield Identifier("digital_currency_address", value)
    for name, (kind, country) in words.identifiers.items():
        if name == "registrationNumber":
            kind = words.registration_of.get(schema.value, kind)
        for value in record.all(name):
            if value not in documents:
                yield Identifier(kind, value, country)


def _dates(
    record: Record, names: Iterable[str], left: list[str], warnings: list[str], problem: str
) -> tuple[PartialDate, ...]:
    found: dict[PartialDate, None] = {}
    for text in (text for name in names for text in record.all(name)):
        try:
            found[PartialDate.parse(text)] = None
        except ValueError:
            left.append(f"Date as printed: {text}")
            warnings.append(problem)
    return tuple(found)


def _remarks(record: Record) -> Iterator[str]:
    for name, label in vocabulary().remarks.items():
        for text in record.all(name):
            yield f"{label}: {text}" if label else text
