"""Parties given by example, as FollowTheMoney JSON: what is looked up for them, and what was understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stopship.app.service.directory import schemata_under
from stopship.bulk.rows import has_text, read_country
from stopship.errors import InputError
from stopship.matching import Query
from stopship.model.entity import Identifier
from stopship.model.values import PartialDate, Schema, alpha3_codes
from stopship.sources.ftm.vocabulary import vocabulary

MOST_NAMES = 50
"""Names of one party that are looked up; more are an export of something else."""
_BROADER = {"thing": Schema.LEGAL_ENTITY, "vehicle": Schema.LEGAL_ENTITY, "asset": Schema.LEGAL_ENTITY}
_NAME_PARTS = ("firstName", "secondName", "middleName", "fatherName", "lastName")


@dataclass(frozen=True, slots=True)
class ReadExample:
    """What is looked up for a party: the same party under each of its names; none where there is nothing to look
    up. `understood` holds the properties that were used, in the form in which they were."""

    queries: tuple[Query, ...]
    understood: Mapping[str, list[str]]


def read_example(schema: str, properties: Mapping[str, Any]) -> ReadExample:
    """What a party by example asks for.

    Properties that FollowTheMoney has and that nothing is compared by are left out, as OpenSanctions' server does;
    so are values that can't be read, which only corroborate.

    Raises:
        InputError: entities of this schema can't be looked up, or there are too many names.
    """
    kind = read_ftm_schema(schema)
    words = vocabulary()
    understood: dict[str, list[str]] = {}

    def take(name: str, read: Callable[[str], str | None] = str) -> list[str]:
        if name not in properties:
            return []
        values = [value for text in _texts(properties.get(name)) if (value := read(text))]
        if values:
            understood[name] = list(dict.fromkeys(values))
        return understood.get(name, [])

    names = [text for name in words.names for text in take(name, _name)]
    if not names and (parts := [text for name in _NAME_PARTS for text in take(name)[:1]]):
        names = [" ".join(parts)]
    if kind is Schema.ADDRESS:
        names += take("full", _name)
    if len(names) > MOST_NAMES:
        raise InputError(f"{len(names)} names are too many for one party (at most {MOST_NAMES})")
    countries = [code for name in words.countries for code in take(name, _country)]
    addresses = [text for name in words.addresses for text in take(name)]
    addresses += names if kind is Schema.ADDRESS else []
    born = [text for name in words.birth_dates for text in take(name, _date)]
    registered = [text for name in words.registration_dates for text in take(name, _date)]
    numbers = []
    for name, (number_type, country) in words.identifiers.items():
        if name == "registrationNumber":
            number_type = words.registration_of.get(kind.value, number_type)
        numbers += [Identifier(number_type, text, country) for text in take(name, _name)]
    if not (names or addresses or numbers):
        return ReadExample((), understood)
    common: dict[str, Any] = {
        "schema": kind,
        "countries": tuple(dict.fromkeys(code.upper() for code in countries)),
        "addresses": tuple(dict.fromkeys(addresses)),
        "identifiers": tuple(numbers),
        "birth_dates": tuple(PartialDate.parse(text) for text in dict.fromkeys(born)),
        "registration_dates": tuple(PartialDate.parse(text) for text in dict.fromkeys(registered)),
    }
    return ReadExample(tuple(Query(name=name, **common) for name in dict.fromkeys(names or [""])), understood)


def read_ftm_schema(text: str) -> Schema:
    """What kind of party a schema of FollowTheMoney means.

    Raises:
        InputError: entities of this schema can't be looked up.
    """
    for schema in Schema:
        if schema.value.lower() == text.lower():
            return schema
    if text.lower() in _BROADER and schemata_under(text):
        return _BROADER[text.lower()]
    known = ", ".join([*Schema, "Thing"])
    raise InputError(f"no entity of schema {text[:60]!r} can be looked up", where="schema", hint=f"Known: {known}")


def _texts(value: Any) -> Sequence[str]:
    values = value if isinstance(value, list) else [value]
    return [text for one in values if one is not None and (text := _text(one))]


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _name(text: str) -> str | None:
    return text if has_text(text) else None


def _country(text: str) -> str | None:
    code, _odd = read_country(text)
    if code is None and len(text) == 3:
        code = alpha3_codes().get(text.upper())
    return code.lower() if code else None


def _date(text: str) -> str | None:
    try:
        return str(PartialDate.parse(text))
    except ValueError:
        return None
