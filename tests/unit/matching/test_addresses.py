"""Parties at listed addresses."""

from __future__ import annotations

import pytest

from stopship.matching import Band, Matcher, MatchKind, Query
from stopship.matching.compare.address import compare_addresses, parse_address, street_keys


def look(matcher: Matcher, address: str, *countries: str) -> list[tuple[str, MatchKind, Band, bool, bool]]:
    found = matcher.match(Query("", addresses=(address,), countries=countries))
    return [(m.entity.id, m.kind, m.band, m.alert, m.confirmed) for m in found]


@pytest.mark.parametrize(
    "address",
    [
        "Unit D, 16/F, 18 Luard Road, HK",
        "Unit D, 16/F One Capital Place, 18 Luard Rd, Wan Chai, Hong Kong",
        "UNIT D 16/F, ONE CAPITAL PLACE, 18 LUARD ROAD, WANCHAI, HONG KONG",
        "18 Luard Rd., Flat D, 16th Floor, Hong Kong",
    ],
)
def test_the_same_unit_of_an_address_only_row_is_confirmed(matcher: Matcher, address: str) -> None:
    assert look(matcher, address, "HK") == [("made-034", MatchKind.ADDRESS, Band.EXACT, True, True)]


@pytest.mark.parametrize(
    "address", ["Unit A, 3/F, 18 Luard Road", "18 Luard Road, Wan Chai", "Unit D, 15/F, 18 Luard Road"]
)
def test_another_unit_of_the_building_is_a_flag(matcher: Matcher, address: str) -> None:
    assert look(matcher, address, "HK") == [("made-034", MatchKind.SAME_BUILDING, Band.MEDIUM, True, False)]


@pytest.mark.parametrize(
    "address",
    [
        "Hong Kong",
        "Wan Chai, Hong Kong, HK",
        "Luard Road, Hong Kong",
        "20 Luard Road, Hong Kong",
        "18 Lockhart Road, Hong Kong",
        "Hangzhou 310052, China",
        "",
    ],
)
def test_city_street_or_number_alone_is_no_match(matcher: Matcher, address: str) -> None:
    assert look(matcher, address, "HK") == []


def test_another_country_is_another_address(matcher: Matcher) -> None:
    assert look(matcher, "Unit D, 16/F, 18 Luard Road", "GB") == []
    assert look(matcher, "Unit D, 16/F, 18 Luard Road, London, United Kingdom") == []
    assert look(matcher, "Unit D, 16/F, 18 Luard Road", "CN") != []  # lists print China for Hong Kong


def test_a_range_of_rooms_holds_each_of_them(matcher: Matcher) -> None:
    found = look(matcher, "Room 1318, 13/F, Hollywood Plaza, 610 Nathan Rd, Kowloon", "HK")
    assert found == [("made-036", MatchKind.ADDRESS, Band.STRONG, True, True)]
    assert look(matcher, "Room 1320, 13/F, 610 Nathan Road", "HK")[0][1] is MatchKind.SAME_BUILDING


def test_a_street_without_its_type(matcher: Matcher) -> None:
    assert look(matcher, "Office 704, 135 Bonham Strand, Hong Kong", "HK")[0][:2] == (
        "made-035",
        MatchKind.ADDRESS,
    )


def test_the_address_of_a_named_entity_is_not_confirmed(matcher: Matcher) -> None:
    assert look(matcher, "555 Qianmo Road, Hangzhou", "CN") == [
        ("made-001", MatchKind.ADDRESS, Band.EXACT, True, False)
    ]


def test_an_address_corroborates_a_name(matcher: Matcher) -> None:
    plain = matcher.match(Query("Hikvision USA Inc"))[0]
    there = matcher.match(Query("Hikvision USA Inc", addresses=("555 Qianmo Road, Hangzhou",)))[0]
    assert there.score > plain.score
    assert there.kind is MatchKind.NAME
    assert any(line.kind == "address" for line in there.evidence)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "301-307 Lockhart Rd, Hong Kong",
            "Room 19C, Lockhart Centre 301-307, Lockhart Rd. Wan Chai, Hong Kong",
            "building",
        ),
        ("305 Lockhart Road, Hong Kong", "Lockhart Centre 301-307, Lockhart Rd. Wan Chai, Hong Kong", "same"),
        (
            "Office 4, 16/F, 2-16 Fa Yuen Street, Hong Kong",
            "Office 4, 16/F Ho King Centre, 2-16 Fayuen Street, Hong Kong, HK",
            "same",
        ),
        ("ul. Lenina 5, Moscow", "5 Lenina ul., Moscow, Russia, RU", "same"),
        ("ul. Lenina 5, Moscow", "ul. Lenina 7, Moscow", ""),
        ("12 North Main Street, Springfield", "12 South Main Street, Springfield", ""),
        ("165-171 Wan Chai Road, Hong Kong", "168 Wan Chai Road, Hong Kong", "same"),
    ],
)
def test_pairs_of_addresses(one: str, other: str, expected: str) -> None:
    assert compare_addresses(parse_address(one), parse_address(other)) == expected


def test_an_address_without_a_number_has_no_key() -> None:
    assert street_keys("Hong Kong, HK") == ()
    assert street_keys("Luard Road, Hong Kong") == ()
    assert street_keys("18 Luard Road, Hong Kong") == ("luard",)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Flat/Rm 5, 16th Floor, 18 Luard Rd, Hong Kong", "Unit 5, 16/F, 18 Luard Road, Hong Kong"),
        ("5 Lenina Street, office 12, Moscow", "ul. Lenina, d. 5, str. 2, ofis 12, Moscow"),
        ("ulitsa Lenina 5, Moscow", "ул. Ленина, д. 5, корп. 2, Москва"),
        ("P.O. Box 1234, 18 Luard Road, Hong Kong", "18 Luard Road, Hong Kong"),
    ],
)
def test_spellings_of_one_address(ours: str, theirs: str) -> None:
    assert compare_addresses(parse_address(ours), parse_address(theirs)) == "same"
