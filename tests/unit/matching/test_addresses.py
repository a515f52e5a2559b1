"""Parties at listed addresses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.matching import Band, Matcher, MatchKind, Query
from stopship.matching.compare.address import address_keys, care_of, compare_addresses, parse_address
from stopship.matching.compare.address_han import hong_kong_streets

LUARD = "Unit D, 16/F, 18 Luard Road, Wan Chai, Hong Kong"


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
            "part",
        ),
        ("305 Lockhart Road, Hong Kong", "Lockhart Centre 301-307, Lockhart Rd. Wan Chai, Hong Kong", "same"),
        (
            "Office 4, 16/F, 2-16 Fa Yuen Street, Hong Kong",
            "Office 4, 16/F Ho King Centre, 2-16 Fayuen Street, Hong Kong, HK",
            "same",
        ),
        ("ul. Lenina 5, Moscow", "5 Lenina ul., Moscow, Russia, RU", "same"),
        ("ul. Lenina 5, Moscow", "ul. Lenina 7, Moscow", "street"),
        ("12 North Main Street, Springfield", "12 South Main Street, Springfield", ""),
        ("165-171 Wan Chai Road, Hong Kong", "168 Wan Chai Road, Hong Kong", "same"),
    ],
)
def test_pairs_of_addresses(one: str, other: str, expected: str) -> None:
    assert compare_addresses(parse_address(one), parse_address(other)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("香港灣仔盧押道18號15樓D室", LUARD, "building"),
        ("香港灣仔盧押道20號16樓D室", LUARD, "street"),
        ("香港灣仔駱克道18號16樓D室", LUARD, ""),
        ("135 Bonham Road, Hong Kong", "Office 704, 135 Bonham Strand, Sheung Wan, Hong Kong", ""),
        ("18A Luard Road, Hong Kong", "18B Luard Road, Hong Kong", "street"),
        ("Tower 2, 89 Queensway, Hong Kong", "Lippo Centre Tower 1, 89 Queensway, Hong Kong", "building"),
        ("浙江省宁波市前莫路555号", "No. 555 Qianmo Road, Binjiang District, Hangzhou 310052, China", ""),
        ("新疆乌鲁木齐市新华北路305号", "305 Xinhua South Road, Urumqi, China", ""),
        ("г. Тула, ул. Ленина, д. 5", "5 Lenin Street, Moscow, Russia", ""),
        ("проспект Мира, д. 5, Москва", "ul. Mira 5, Moscow", ""),
        ("ul. Lenina 5, Homiakovo", "ul. Lenina 5, Novoselki", ""),
        ("ул. Ленина, д. 5, корп. 1, Москва", "ul. Lenina, d. 5, korp. 2, Moscow", "building"),
        ("Box 61342, Dubai", "P.O. Box 61342, Sharjah, UAE", ""),
        ("P.O. Box 6134, Dubai", "P.O. Box 61342, Dubai, UAE", ""),
        ("Carrera 34 No. 35-51, Cali", "Cra. 34 #36-51, Cali", ""),
        ("12 High Street, Oxford", "12 High Street, Cambridge", ""),
        ("12 High Street, 10115", "12 High Street, Berlin 20095", ""),
        ("28 Hristo Botev Blvd., Sofia 1000", "ul. Saborna 2, Sofia 1000", ""),
        ("5th Avenue 350, New York", "5th Street 350, New York", ""),
        ("19 1st Yamskogo Polya Street, Moscow", "5th Yamskogo Polya street, 19-21, Moscow", ""),
        ("No. 8 Huanhu West 2nd Road, Shanghai", "No. 8 Nanhu East 2nd Road, Shanghai", ""),
        (
            "Federal Institution, P.O. BOX 1000, LORETTO, PA, 15940",
            "Federal Institution, P.O. BOX 1000, DULUTH, MN, 55814",
            "",
        ),
        ("4-3-1 Shinohara-honmachi, Nada-ku, Kobe", "3-6-26 Shinohara-honmachi, Nada-ku, Kobe", ""),
    ],
)
def test_what_is_no_same_address(one: str, other: str, expected: str) -> None:
    assert compare_addresses(parse_address(one), parse_address(other)) == expected
    assert compare_addresses(parse_address(other), parse_address(one)) == expected


def test_an_address_without_a_number_has_no_key() -> None:
    assert address_keys("Hong Kong, HK") == ()
    assert address_keys("Luard Road, Hong Kong") == ()
    assert address_keys("18 Luard Road, Hong Kong") == ("luard",)
    assert address_keys("PO Box 61342, Dubai") == ("box:61342",)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Flat/Rm 5, 16th Floor, 18 Luard Rd, Hong Kong", "Unit 5, 16/F, 18 Luard Road, Hong Kong"),
        ("Room 1605, 18 Luard Road, Hong Kong", "Unit 5, 16/F, 18 Luard Road, Hong Kong"),
        ("Rm4, 16F, 18 Luard Road, Hong Kong", "Office 04, Fl. 16, 18 Luard Road, Hong Kong"),
        ("5 Lenina Street, office 12, Moscow", "ul. Lenina, d. 5, str. 2, ofis 12, Moscow"),
        ("ulitsa Lenina 5, Moscow", "ул. Ленина, д. 5, корп. 2, Москва"),
        ("ул. Ленина, д. 5, корп. 2, оф. 11, г. Москва, 101000", "Office 11, 5 Lenina Street, korpus 2, Moscow"),
        ("г. Москва, ул. Садовая, 5", "5 Sadovaya Street, Moscow, Russia"),
        ("ул. 1-я Фрунзенская, д. 3, Москва", "3 1st Frunzenskaya Street, Moscow"),
        ("ул. 50 лет Октября, д. 14, Тюмень", "Ul. 50 Let Oktyabrya D. 14, Tyumen 625048"),
        ("вул. Хрещатик, буд. 22, оф. 5, Київ 01001", "22 Khreshchatyk Street, office 5, Kyiv"),
        ("P.O. Box 1234, 18 Luard Road, Hong Kong", "18 Luard Road, Hong Kong"),
        ("香港灣仔盧押道18號16樓D室", LUARD),
        ("香港湾仔卢押道１８号十六楼Ｄ室", LUARD),
        ("香港上環文咸東街135號704室", "Office 704, 135 Bonham Strand, Sheung Wan, Hong Kong"),
        ("香港旺角花園街2-16號16樓4室", "Office 4, 16/F Ho King Commercial Centre, 2-16 Fayuen Street, Hong Kong"),
        ("香港中環皇后大道中99號", "99 Queen's Road Central, Hong Kong"),
        ("前莫路555号", "555 Qianmo Road"),
        ("浙江省杭州市滨江区前莫路555号", "No. 555 Qianmo Road, Binjiang District, Hangzhou 310052, China"),
        ("新疆乌鲁木齐市新华北路305号", "305 Xinhua North Road, Wulumuqi, Xinjiang"),
        ("新疆乌鲁木齐市新华北路305号", "305 Xinhua Beilu, Urumqi, China"),
        (
            "北京市海淀区丰德东路9号院2号楼4层4034",
            "Room 4034, Floor 4, Building 2, Yard 9, Fengde East Road, Beijing",
        ),
        ("深圳市深南中路3006号B座1618室", "R1618, B Building, No. 3006 Shennan Middle Road, Shenzhen, China"),
        (
            "Merkez Mah. Hasat Sokak No:52 D:1 Şişli/İstanbul",
            "No: 52 Hasat Sk., Kamara Iç Kapi No: 1, Merkez Mah., Sisli, Istanbul, 34381, Turkey",
        ),
        ("1523 Sokak No. 4, Antalya", "No: 4, 1523 Sk., Antalya, Turkey"),
        ("Carrera 34 No. 35-51, Cali", "Cra. 34 #35-51, Cali, Valle, Colombia"),
        (
            "Calle Rio Rhin 64, Of. 501, Mexico City",
            "Calle Rio Rhin No. 64, Oficina 501, Col. Juarez, Mexico City",
        ),
        ("Leipziger Str. 64, 04600 Altenburg", "Leipziger Strasse 64, Altenburg"),
        ("Josefstraße 82, Nettetal", "Josefstr. 82, 41334 Nettetal"),
        ("10-2 Nihombashi, 2-chome, Chuo-ku, Tokyo", "2-10-2 Nihombashi, Chuo-ku, Tokyo"),
        ("18 Sin Ming Lane, Unit 07-40, Singapore", "18 Sin Ming Lane, #07-40 Midview City, 573960, Singapore"),
        ("20 Lockhart Road, Hong Kong", "18-22 Lockhart Road, Hong Kong"),
    ],
)
def test_spellings_of_one_address(ours: str, theirs: str) -> None:
    assert compare_addresses(parse_address(ours), parse_address(theirs)) == "same"
    assert set(address_keys(ours)) & set(address_keys(theirs))


@pytest.mark.parametrize(
    "text", ["Box 61342, Dubai", "PO Box 61342, Dubai", "Jebel Ali, P.O.Box: 61342, Dubai, UAE", "ص.ب 61342 دبي"]
)
def test_a_po_box_in_a_city_is_an_address(text: str) -> None:
    listed = parse_address("P.O. Box 61342, Jebel Ali, Dubai, UAE")
    assert compare_addresses(parse_address(text), listed) == "box"


STREETS = [
    "18 Luard Road",
    "No. 18, Luard Rd.",
    "555 Qianmo Road",
    "ul. Lenina 5",
    "Tower 2, 18 Luard Road",
    "20 Luard Road",
]
MORE = ["Unit D", "16/F", "Room 1605", "Wan Chai District", "One Capital Place", "310052", "P.O. Box 61342"]
TOWNS = ["Hong Kong", "Hangzhou", "Moscow", "Urumqi, Xinjiang", ""]
COUNTRIES = {"Hong Kong": "China", "Hangzhou": "China", "Moscow": "Russia", "Urumqi, Xinjiang": "China"}
addresses = st.tuples(
    st.lists(st.sampled_from(MORE), max_size=3, unique=True), st.sampled_from(STREETS), st.sampled_from(TOWNS)
)


def written(more: list[str], street: str, town: str) -> str:
    return ", ".join([*more, street, *([town] if town else [])])


@settings(max_examples=200, deadline=None)
@given(addresses, addresses)
def test_addresses_relate_the_same_both_ways(
    left: tuple[list[str], str, str], right: tuple[list[str], str, str]
) -> None:
    one, other = parse_address(written(*left)), parse_address(written(*right))
    assert compare_addresses(one, other) == compare_addresses(other, one)


@settings(max_examples=200, deadline=None)
@given(addresses, st.data())
def test_what_is_left_out_never_makes_it_another_building(
    parts: tuple[list[str], str, str], data: st.DataObject
) -> None:
    more, street, town = parts
    kept = [part for part in more if data.draw(st.booleans())]
    whole = parse_address(written(more, street, town))
    short = parse_address(written(kept, street, town if data.draw(st.booleans()) else ""))
    assert compare_addresses(short, whole) in ("same", "part")


RANK = {"": 0, "street": 1, "building": 2, "part": 3, "box": 3, "same": 4}


@settings(max_examples=200, deadline=None)
@given(addresses, addresses)
def test_a_country_that_agrees_never_lowers(
    left: tuple[list[str], str, str], right: tuple[list[str], str, str]
) -> None:
    one, other = written(*left), written(*right)
    country = COUNTRIES.get(right[2], "China")
    if COUNTRIES.get(left[2], country) != country:
        return
    plain = compare_addresses(parse_address(one), parse_address(other))
    told = compare_addresses(parse_address(f"{one}, {country}"), parse_address(f"{other}, {country}"))
    assert RANK[told] >= RANK[plain]


def test_the_name_after_care_of_is_looked_up(matcher: Matcher) -> None:
    found = matcher.match(Query("Muster GmbH", addresses=("c/o Hikvision, 1 Nowhere Road, Hamburg",)))
    assert [(m.entity.id, m.alert, m.confirmed) for m in found] == [("made-001", True, False)]
    assert found[0].evidence[0].text == "The address is in the care of Hikvision"
    both = matcher.match(Query("Muster GmbH", addresses=("c/o Hikvision, 555 Qianmo Road, Hangzhou",)))
    assert {(m.entity.id, m.kind) for m in both} == {
        ("made-001", MatchKind.NAME),
        ("made-001", MatchKind.ADDRESS),
    }
    assert care_of("Care of Sambouk Shipping FCZ, Office 101") == ("Sambouk Shipping FCZ",)
    assert care_of("C/O SHUTTLE LONG CO., LTD. 232 DES VOEUX ROAD") == ("SHUTTLE LONG CO., LTD",)
    assert care_of("Coventry 12, Carefield") == ()


def test_another_address_is_shown_and_changes_nothing(matcher: Matcher) -> None:
    plain = matcher.match(Query("Hikvision"))[0]
    for address, words in (
        ("599 Qianmo Road, Hangzhou", "The same street, but another number"),
        ("1 Nowhere Road, Hamburg", "No address in common"),
    ):
        told = matcher.match(Query("Hikvision", addresses=(address,)))[0]
        line = next(line for line in told.evidence if line.kind == "address")
        assert (told.score, told.confirmed, line.relation) == (plain.score, plain.confirmed, "unknown")
        assert line.text.startswith(words)


def test_streets_of_hong_kong_are_a_table_of_pairs() -> None:
    table = hong_kong_streets()
    assert len(table) > 100
    assert all(english.isascii() and len(han) >= 2 for han, english in table.items())
    assert table["卢押道"] == "Luard Road"
