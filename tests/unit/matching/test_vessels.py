"""Vessels and aircraft: by name, by number, and by a number that stands in the name."""

from __future__ import annotations

import pytest

from stopship.matching import Band, Index, IndexedList, Matcher, MatchKind, Query, compare_names
from stopship.matching.compare.identifiers import compare_identifiers, identifier_keys, named_identifiers
from stopship.model.entity import Entity, Identifier, Name
from stopship.model.values import NameKind, Schema

LISTED = IndexedList("made", "sha256:" + "1" * 64, None, None, 4, None, "official")


def entity(number: int, schema: Schema, name: str, *identifiers: Identifier) -> Entity:
    return Entity(f"thing-{number}", schema, (Name(name, NameKind.PRIMARY),), identifiers=identifiers)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    ships = [
        entity(1, Schema.VESSEL, "GLAUCUS", Identifier("imo", "9187629"), Identifier("call_sign", "EPBR")),
        entity(2, Schema.VESSEL, "OCEAN STAR II", Identifier("imo", "9187655")),
        entity(3, Schema.AIRPLANE, "EP-MNA"),
        entity(
            4,
            Schema.AIRPLANE,
            "Some Jet",
            Identifier("tail_number", "EP-MMH"),
            Identifier("aircraft_serial", "23413"),
        ),
    ]
    return Matcher(Index.build([(LISTED, ships)]))


def alerts(matcher: Matcher, name: str, schema: Schema = Schema.VESSEL, *identifiers: Identifier) -> set[str]:
    found = matcher.match(Query(name, schema, identifiers=identifiers))
    return {match.entity.id for match in found if match.alert}


@pytest.mark.parametrize(
    "name",
    [
        "GLAUCUS", "M/V GLAUCUS", "MT Glaucus", "GLAUCUS Dubai", "GLAUCUS (Panama)", "GLAUCUS Shipping Ltd",
        "NEPTUNE ex GLAUCUS", "NEPTUNE (ex-GLAUCUS)", "GLAUCUS IMO 9187629", "NEPTUNE IMO 9187629",
        "NEPTUNE 9187629",
        "NEPTUNE (IMO No. 9187629)", "NEPTUNE, call sign EPBR",
    ],
)  # fmt: skip
def test_a_vessel_is_found(matcher: Matcher, name: str) -> None:
    assert alerts(matcher, name) == {"thing-1"}


def test_an_imo_number_in_the_name_of_anyone_decides(matcher: Matcher) -> None:
    match = matcher.match(Query("Neptune Shipping (vessel IMO 9187629)", Schema.COMPANY))[0]
    assert (match.entity.id, match.kind, match.band) == ("thing-1", MatchKind.IDENTIFIER, Band.EXACT)
    assert match.evidence[0].text == "The same imo: 9187629"


@pytest.mark.parametrize("name", ["OCEAN STAR 3", "OCEAN STAR III", "OCEAN STAR THREE", "M/V OCEAN STAR NO. 3"])
def test_a_sister_ship_is_another_ship(matcher: Matcher, name: str) -> None:
    assert alerts(matcher, name) == set()
    assert alerts(matcher, "OCEAN STAR 2") == {"thing-2"}


@pytest.mark.parametrize(
    "name", ["EP-MNA", "EPMNA", "EP MNA", "ep-mna", "Boeing 747 EP-MNA", "Aircraft EPMNA", "EP-MNA Services"]
)
def test_an_aircraft_is_found_by_its_mark(matcher: Matcher, name: str) -> None:
    assert alerts(matcher, name, Schema.AIRPLANE) == {"thing-3"}


def test_a_mark_is_an_identifier_wherever_it_is_told(matcher: Matcher) -> None:
    assert alerts(matcher, "Jet", Schema.AIRPLANE, Identifier("tail_number", "EPMNA")) == {"thing-3"}
    assert alerts(matcher, "EP-MMH", Schema.AIRPLANE) == {"thing-4"}
    assert alerts(matcher, "Jet MSN 23413", Schema.AIRPLANE) == {"thing-4"}


@pytest.mark.parametrize("name", ["EP-MNB", "EPMNB", "EP-NNA", "YV1009"])
def test_another_mark_is_another_aircraft(matcher: Matcher, name: str) -> None:
    assert alerts(matcher, name, Schema.AIRPLANE) == set()


def test_another_imo_number_contradicts_unless_it_is_a_slip(matcher: Matcher) -> None:
    def by(number: str) -> float:
        return matcher.match(Query("GLAUCUS", Schema.VESSEL, identifiers=(Identifier("imo", number),)))[0].score

    plain = matcher.match(Query("GLAUCUS", Schema.VESSEL))[0].score
    assert by("9074729") < plain
    assert by("9187620") == plain
    told = compare_identifiers((Identifier("imo", "9187620"),), (Identifier("imo", "9187629"),)).evidence[0]
    assert told.text == "9187620 is no IMO number: its check digit is wrong"


def test_keys_of_marks_and_call_signs_need_no_digit() -> None:
    assert identifier_keys(Identifier("tail_number", "EP-MMH")) == ("tail EPMMH",)
    assert identifier_keys(Identifier("call_sign", "EPBR")) == ("callsign EPBR",)
    assert identifier_keys(Identifier("aircraft_serial", "23413")) == ("serial 23413",)
    assert identifier_keys(Identifier("passport", "ABCDEF")) == ()


def test_numbers_in_names_of_companies_are_left_alone() -> None:
    assert named_identifiers("Muster 9187629 GmbH", Schema.COMPANY) == ()
    assert named_identifiers("Call Sign Media Ltd", Schema.COMPANY) == ()
    assert named_identifiers("EPMNA", Schema.COMPANY) == ()


def test_one_vessel_has_one_score_both_ways() -> None:
    for left, right in (("M/V OCEAN STAR II", "OCEAN STAR 2"), ("GLAUCUS Dubai", "GLAUCUS"), ("EP-MNA", "EPMNA")):
        for schema in (Schema.VESSEL, Schema.AIRPLANE):
            assert compare_names(left, right, schema).score == compare_names(right, left, schema).score
