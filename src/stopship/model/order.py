"""Reading an order: plain JSON or YAML values to a `Transaction`, every mistake named with its place.

Every scalar is taken as text and then typed, so that it doesn't matter whether it came from YAML, JSON or a
command-line flag: `NO` is Norway, `5E002` is an ECCN, `1965` is a date. The fields are those of
`docs/reference/order.md`; an unknown one is an error, because a misspelt field that is ignored is a party that
isn't screened.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from stopship.errors import OrderError
from stopship.model.entity import Identifier
from stopship.model.party import Party
from stopship.model.transaction import Exporter, Item, License, Transaction
from stopship.model.values import (
    Direction,
    PartialDate,
    Role,
    Schema,
    Share,
    parse_country,
    parse_day,
    parse_eccn,
    parse_hts,
    parse_usml,
)

T = TypeVar("T")

ORDER_FIELDS = ("date", "direction", "destination", "end_use", "exporter", "parties", "items", "facts", "licenses")
PARTY_FIELDS = (
    "role",
    "name",
    "schema",
    "country",
    "address",
    "identifiers",
    "birth_date",
    "registration_date",
    "owners",
)
OWNER_FIELDS = (*(f for f in PARTY_FIELDS if f != "role"), "share")
ITEM_FIELDS = (
    "description",
    "eccn",
    "usml",
    "hts",
    "origin",
    "us_content_percent",
    "value",
    "currency",
    "quantity",
)

MAX_TEXT = 10_000
"""Characters in one field. A longer one is a file in the wrong place, not a name."""
MAX_TIERS = 32
"""Tiers of owners in one order."""


def read_order(plain: Any, *, where: str = "") -> Transaction:
    """Read one order.

    Args:
        plain: a mapping of plain values (dict, list, str, int, float, bool, None), as JSON or YAML give it.
        where: put before the place in messages, e.g. a file name and line.

    Raises:
        OrderError: an unknown field, role, country or schema vocabulary, a malformed date, ECCN or number, no
            party; one line that names the place (`parties[0].role`).
    """
    reader = _Reader(where)
    fields = reader.mapping(plain, "order", ORDER_FIELDS, at="")
    parties = tuple(
        reader.party(value, f"parties[{i}]")
        for i, value in enumerate(reader.sequence(fields.get("parties"), "parties"))
    )
    if not parties:
        raise reader.error("parties", "an order needs at least one party", "Add parties: with a role and a name")
    items = reader.sequence(fields.get("items"), "items")
    facts = reader.mapping(fields.get("facts") or {}, "facts", None, at="facts")
    licenses = reader.sequence(fields.get("licenses"), "licenses")
    return Transaction(
        parties=parties,
        items=tuple(reader.item(value, f"items[{i}]") for i, value in enumerate(items)),
        date=reader.typed(fields, "date", parse_day),
        direction=reader.choice(fields, "direction", Direction) or Direction.EXPORT,
        destination=reader.typed(fields, "destination", parse_country),
        end_use=reader.text(fields, "end_use"),
        exporter=reader.exporter(fields.get("exporter")),
        facts=tuple(sorted((key, reader.scalar(value, f"facts.{key}") or "") for key, value in facts.items())),
        licenses=tuple(reader.license(value, f"licenses[{i}]") for i, value in enumerate(licenses)),
        warnings=tuple(reader.warnings),
        given=dict(plain),
    )


class _Reader:
    """Types values and remembers where it is, for messages."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.warnings: list[str] = []

    def error(self, at: str, message: str, hint: str | None = None) -> OrderError:
        place = ", ".join(part for part in (self.where, at) if part)
        return OrderError(message, where=place or None, hint=hint)

    def mapping(self, value: Any, what: str, allowed: tuple[str, ...] | None, *, at: str) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise self.error(at or what, f"expected fields with values, found {_kind(value)}")
        for key in value:
            if not isinstance(key, str):
                raise self.error(at or what, f"the field name {key!r} is not text")
            if not _is_unicode(key):
                raise self.error(at or what, "a field name holds half of a surrogate pair", "Write it as UTF-8")
            if allowed is not None and key not in allowed:
                near = difflib.get_close_matches(key, allowed, n=1)
                hint = f"Did you mean {near[0]}?" if near else f"Known fields: {', '.join(allowed)}"
                raise self.error(at, f"unknown field {_short(key)!r}", hint)
        return value

    def sequence(self, value: Any, at: str) -> list[Any]:
        if value is None or value == "":
            return []
        if not isinstance(value, list | tuple):
            raise self.error(at, f"expected a list, found {_kind(value)}", "Begin each entry with a dash")
        return list(value)

    def scalar(self, value: Any, at: str) -> str | None:
        """Text of a scalar, None where it is empty."""
        if value is None:
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int) and not -(2**63) <= value < 2**64:
            raise self.error(at, "a number of more than 64 bits", "Write a long number in quotes")
        if isinstance(value, int | float | date):
            return str(value)
        if not isinstance(value, str):
            raise self.error(at, f"expected one value, found {_kind(value)}")
        if len(value) > MAX_TEXT:
            raise self.error(at, f"{len(value):,} characters are too many for one field (at most {MAX_TEXT:,})")
        if not _is_unicode(value):
            raise self.error(at, "half of a surrogate pair: this is not Unicode text", "Write the text as UTF-8")
        return value.strip() or None

    def text(self, fields: Mapping[str, Any], key: str, at: str = "") -> str | None:
        return self.scalar(fields.get(key), _join(at, key))

    def typed(self, fields: Mapping[str, Any], key: str, parse: Callable[[str], T], at: str = "") -> T | None:
        text = self.text(fields, key, at)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            raise self.error(_join(at, key), str(error)) from None

    def choice(self, fields: Mapping[str, Any], key: str, kind: type[T], at: str = "") -> T | None:
        text = self.text(fields, key, at)
        if text is None:
            return None
        known: list[str] = [str(member) for member in kind]  # type: ignore[attr-defined]
        if text.lower() not in known:
            near = difflib.get_close_matches(text.lower(), known, n=1)
            hint = f"Did you mean {near[0]}? Known: {', '.join(known)}" if near else f"Known: {', '.join(known)}"
            raise self.error(_join(at, key), f"{_short(text)!r} is not a {key}", hint)
        return kind(text.lower())  # type: ignore[call-arg]

    def schema(self, fields: Mapping[str, Any], at: str) -> Schema:
        text = self.text(fields, "schema", at)
        schema, warning = read_schema(text, _join(at, "schema"))
        if warning:
            self.warnings.append(warning)
        return schema

    def number(self, fields: Mapping[str, Any], key: str, at: str, *, most: float | None = None) -> float | None:
        def parse(text: str) -> float:
            try:
                value = float(text.replace("_", "x"))
            except ValueError:
                raise ValueError(f"{_short(text)!r} is not a number: write it like 12000 or 0.5") from None
            if not 0 <= value <= (most if most is not None else 1e18):
                raise ValueError(f"{_short(text)!r} is out of range: 0 to {most if most is not None else 1e18:g}")
            return value

        return self.typed(fields, key, parse, at)

    def party(self, value: Any, at: str, *, tier: int = 0) -> Party:
        """A party (tier 0) or an owner (tier 1 and up; it has a share and no role)."""
        if tier > MAX_TIERS:
            raise self.error(at, f"more than {MAX_TIERS} tiers of owners")
        fields = self.mapping(value, "party", OWNER_FIELDS if tier else PARTY_FIELDS, at=at)
        role = Role.OWNER if tier else self.choice(fields, "role", Role, at)
        if role is None:
            raise self.error(at, "a party needs a role", f"Known: {', '.join(Role)}")
        name = self.text(fields, "name", at) or ""
        address = self.text(fields, "address", at)
        identifiers = self.identifiers(fields.get("identifiers"), _join(at, "identifiers"))
        if not (name or address or identifiers):
            raise self.error(at, "a party needs a name, an address or an identifier")
        if name and not any(character.isalnum() for character in name):
            raise self.error(
                _join(at, "name"), f"{_short(name)!r} holds no letter and no digit: it can't be screened"
            )
        share = self.typed(fields, "share", Share.parse, at) if tier else None
        above = self.sequence(fields.get("owners"), _join(at, "owners"))
        owners = tuple(self.party(o, f"{at}.owners[{i}]", tier=tier + 1) for i, o in enumerate(above))
        together = sum(owner.share.low for owner in owners if owner.share)
        if together > 100.01:
            raise self.error(_join(at, "owners"), f"the shares add up to {together:g} percent", "At most 100")
        return Party(
            role=role,
            name=name,
            schema=self.schema(fields, at),
            country=self.typed(fields, "country", parse_country, at),
            address=address,
            identifiers=identifiers,
            birth_date=self.typed(fields, "birth_date", PartialDate.parse, at),
            registration_date=self.typed(fields, "registration_date", PartialDate.parse, at),
            share=share or (Share.parse("unknown") if tier else None),
            owners=owners,
        )

    def identifiers(self, value: Any, at: str) -> tuple[Identifier, ...]:
        found = []
        for i, entry in enumerate(self.sequence(value, at)):
            place = f"{at}[{i}]"
            fields = self.mapping(entry, "identifier", ("type", "value", "country"), at=place)
            kind, number = self.text(fields, "type", place), self.text(fields, "value", place)
            if not kind or not number:
                raise self.error(place, "an identifier needs a type and a value", "Write {type: lei, value: ...}")
            country = self.typed(fields, "country", parse_country, place)
            found.append(Identifier(identifier_type(kind), number, country))
        return tuple(found)

    def item(self, value: Any, at: str) -> Item:
        fields = self.mapping(value, "item", ITEM_FIELDS, at=at)
        return Item(
            description=self.text(fields, "description", at) or "",
            eccn=self.typed(fields, "eccn", parse_eccn, at),
            usml=self.typed(fields, "usml", parse_usml, at),
            hts=self.typed(fields, "hts", parse_hts, at),
            origin=self.typed(fields, "origin", parse_country, at),
            us_content_percent=self.number(fields, "us_content_percent", at, most=100),
            value=self.number(fields, "value", at),
            currency=self.text(fields, "currency", at),
            quantity=self.number(fields, "quantity", at),
        )

    def exporter(self, value: Any) -> Exporter | None:
        if value is None or value == "":
            return None
        fields = self.mapping(value, "exporter", ("country", "us_person"), at="exporter")
        country = self.typed(fields, "country", parse_country, "exporter") or "US"
        us_person = self.typed(fields, "us_person", parse_yes_no, "exporter")
        return Exporter(country, country == "US" if us_person is None else us_person)

    def license(self, value: Any, at: str) -> License:
        fields = self.mapping(value, "license", ("number", "expires", "covers"), at=at)
        number = self.text(fields, "number", at)
        if not number:
            raise self.error(at, "a license needs its number")
        covers = self.sequence(fields.get("covers"), _join(at, "covers"))
        return License(
            number,
            self.typed(fields, "expires", parse_day, at),
            tuple(self.scalar(c, f"{at}.covers[{i}]") or "" for i, c in enumerate(covers)),
        )


def read_schema(text: str | None, where: str) -> tuple[Schema, str | None]:
    """A schema by name, any case; an unknown one is taken as LegalEntity, with a warning that says so."""
    if text is None:
        return Schema.LEGAL_ENTITY, None
    for schema in Schema:
        if schema.value.lower() == text.lower().replace(" ", ""):
            return schema, None
    known = ", ".join(Schema)
    return Schema.LEGAL_ENTITY, f"{where}: unknown schema {_short(text)!r}, taken as LegalEntity (known: {known})"


def identifier_type(text: str) -> str:
    """The form in which identifier types are compared: lower-case words joined by underscores."""
    return "_".join(text.lower().replace("-", " ").replace("_", " ").replace(".", " ").split())


def parse_yes_no(text: str) -> bool:
    """`true`, `yes`, `1` or `false`, `no`, `0`, any case.

    Raises:
        ValueError: it is none of these.
    """
    word = text.strip().lower()
    if word in ("true", "yes", "y", "1"):
        return True
    if word in ("false", "no", "n", "0"):
        return False
    raise ValueError(f"{_short(text)!r} is neither true nor false")


def _join(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def _is_unicode(text: str) -> bool:
    """Whether a text can be written down: JSON's `\\ud800` alone can be read and not be written again."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "fields"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "a list"
    return f"{_short(str(value))!r}"
