"""FollowTheMoney JSON, read and written without its package."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from stopship.api.examples import MOST_NAMES, read_example
from stopship.api.followthemoney import _properties
from stopship.errors import InputError
from stopship.model.entity import Address, Entity, Identifier, Name
from stopship.model.listing import Listing
from stopship.model.values import NameKind, PartialDate, Schema


def written(entity: Entity) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in _properties(entity):
        found.setdefault(name, []).append(value)
    return found


def test_each_value_goes_where_the_model_has_a_place_for_it() -> None:
    listing = Listing(
        "us_csl", "us.sdn", "DOE, John", start=date(2020, 1, 1), tags=("SDGT",), url="https://x.example"
    )
    person = Entity(
        id="us.sdn-1",
        schema=Schema.PERSON,
        names=(
            Name("DOE, John", NameKind.PRIMARY),
            Name("J. D.", NameKind.WEAK_ALIAS),
            Name("Roe", NameKind.FORMER),
        ),
        listings=(listing,),
        countries=("IR",),
        addresses=(Address("1 Road", "DE"),),
        identifiers=(Identifier("passport", "A1"), Identifier("seaman_book", "B2")),
        birth_dates=(PartialDate.parse("circa 1965"), PartialDate.parse("1970 to 1972")),
        birth_places=("Tehran",),
    )
    assert written(person) == {
        "name": ["DOE, John"],
        "weakAlias": ["J. D."],
        "previousName": ["Roe"],
        "country": ["ir", "de"],
        "address": ["1 Road"],
        "passportNumber": ["A1"],
        "idNumber": ["B2"],
        "birthDate": ["1965", "1970", "1972"],
        "birthPlace": ["Tehran"],
        "topics": ["sanction"],
        "programId": ["us.sdn"],
        "program": ["SDGT"],
        "sourceUrl": ["https://x.example"],
    }


def test_a_vessel_has_a_flag_and_what_has_no_place_is_a_note() -> None:
    vessel = Entity(
        id="v",
        schema=Schema.VESSEL,
        names=(Name("EVER", NameKind.PRIMARY),),
        countries=("PA",),
        identifiers=(Identifier("imo", "9811000"), Identifier("hull_number", "7")),
    )
    assert written(vessel) == {
        "name": ["EVER"],
        "flag": ["pa"],
        "imoNumber": ["9811000"],
        "notes": ["hull number: 7"],
    }


def read(schema: str = "Company", **properties: Any) -> Any:
    return read_example(schema, properties)


def test_every_name_is_looked_up_with_what_else_is_known() -> None:
    found = read(
        name=["Acme", "Acme"],
        alias="ACME Trading",
        country=["Germany", "FRA", "xx"],
        leiCode="5493001KJTIIGC8Y1R12",
        incorporationDate="1999-05",
        favouriteColour=["red"],
    )
    assert [query.name for query in found.queries] == ["Acme", "ACME Trading"]
    assert {query.countries for query in found.queries} == {("DE", "FR")}
    assert found.queries[0].identifiers == (Identifier("lei", "5493001KJTIIGC8Y1R12"),)
    assert str(found.queries[0].registration_dates[0]) == "1999-05"
    assert found.understood == {
        "name": ["Acme"],
        "alias": ["ACME Trading"],
        "country": ["de", "fr"],
        "leiCode": ["5493001KJTIIGC8Y1R12"],
        "incorporationDate": ["1999-05"],
    }


def test_parts_of_a_name_are_one_where_there_is_no_name() -> None:
    assert [q.name for q in read("Person", firstName="Erika", lastName="Mustermann").queries] == [
        "Erika Mustermann"
    ]
    assert [q.name for q in read("Person", firstName="Erika", name="E. Mustermann").queries] == ["E. Mustermann"]


def test_a_number_alone_is_enough_and_nothing_is_nothing() -> None:
    (query,) = read("Vessel", imoNumber="9811000").queries
    assert (query.name, query.identifiers) == ("", (Identifier("imo", "9811000"),))
    assert read(name=["-", "", None]).queries == ()
    assert read().queries == ()


def test_schemata_are_those_that_can_be_looked_up() -> None:
    assert read("thing", name="x").queries[0].schema is Schema.LEGAL_ENTITY
    assert read("publicbody", name="x").queries[0].schema is Schema.PUBLIC_BODY
    with pytest.raises(InputError, match="Known: Person"):
        read("Document", name="x")
    with pytest.raises(InputError, match="too many"):
        read(name=[f"name {n}" for n in range(MOST_NAMES + 1)])
