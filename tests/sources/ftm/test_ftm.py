"""FollowTheMoney JSON lines, nested and flat: two small files written for these tests, with invented parties."""

from __future__ import annotations

import gzip
import random
from datetime import date
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.errors import ListFileError
from stopship.model import Entity, Identifier, NameKind, Program, Schema
from stopship.model.serialize import entity_to_plain
from stopship.sources.catalogue import parse
from stopship.sources.contract import ParsedList, is_special_category
from stopship.sources.ftm.vocabulary import program_of, vocabulary

HERE = Path(__file__).parent
NESTED = (HERE / "targets.nested.json").read_bytes()
FLAT = (HERE / "entities.ftm.json").read_bytes()


@pytest.fixture(scope="module")
def nested() -> ParsedList:
    return parse("ftm", NESTED, "targets.nested.json")


@pytest.fixture(scope="module")
def flat() -> ParsedList:
    return parse("ftm", FLAT, "entities.ftm.json")


def by_id(parsed: ParsedList, key: str) -> Entity:
    return next(e for e in parsed.entities if e.id == key)


def line(**more: object) -> bytes:
    plain = {"id": "x", "schema": "Company", "properties": {"name": ["Example"]}} | more
    return orjson.dumps(plain) + b"\n"


def test_names_keep_their_kind_and_the_caption_leads(nested: ParsedList) -> None:
    names = by_id(nested, "NK-example1").names
    assert [(n.text, n.kind) for n in names] == [
        ("Пример Завод", NameKind.PRIMARY),
        ("Primer Zavod OOO", NameKind.ALIAS),
        ("Example Plant", NameKind.ALIAS),
        ("PZ", NameKind.WEAK_ALIAS),
        ("Old Example Plant", NameKind.FORMER),
    ]


def test_a_party_of_two_lists_has_a_listing_of_each_and_none_of_an_encyclopedia(nested: ParsedList) -> None:
    listings = by_id(nested, "NK-example1").listings
    assert [(x.program, x.start, x.tags) for x in listings] == [
        ("eu.fsf", date(2024, 6, 1), ("UKR", "sanction")),
        ("us.sdn", date(2024, 2, 23), ("RUSSIA-EO14024", "sanction")),
    ]
    assert listings[0].citation == "2024/0753 (OJ L 753)" and "EU.900.1" in listings[0].remarks
    assert {x.source for x in listings} == {"ftm"}


def test_identifiers_know_who_gave_them_and_papers_their_country(nested: ParsedList, flat: ParsedList) -> None:
    assert Identifier("inn", "7700000016", "RU") in by_id(nested, "NK-example1").identifiers
    assert by_id(nested, "Q900002").identifiers == (Identifier("passport", "X0000016", "SY"),)
    ship, plane = by_id(flat, "ship-1"), by_id(flat, "plane-1")
    assert Identifier("vessel_registration", "R-1") in ship.identifiers
    assert Identifier("tail_number", "EP-EXA") in plane.identifiers
    assert any(i.type == "digital_currency_address" for i in plane.identifiers)


def test_special_categories_leave_no_trace(nested: ParsedList) -> None:
    person = repr(entity_to_plain(by_id(nested, "Q900002"))) + repr(nested.warnings)
    for value in (
        "example ethnicity",
        "example religion",
        "example party",
        "male",
        "brown",
        "'180'",
        "rel'",
        "role.act",
    ):
        assert value not in person
    assert "pol.party" not in repr(by_id(nested, "NK-example1"))
    known = vocabulary()
    assert {"gender", "ethnicity", "religion", "political"} <= known.dropped
    assert not [name for name in known.known if is_special_category(name)]


def test_dates_countries_and_the_day_of_the_file(nested: ParsedList) -> None:
    person = by_id(nested, "Q900002")
    assert [str(d) for d in person.birth_dates] == ["1965-10", "1965-10-03"]
    assert person.countries == ("SY",) and "Country as printed: zz" in person.remarks
    assert nested.published == date(2026, 3, 1)
    assert person.listings[0].start == date(2014, 8, 15)


def test_what_belongs_to_a_party_may_stand_on_lines_of_its_own(flat: ParsedList) -> None:
    optics = by_id(flat, "csl-1")
    assert [(a.text, a.country) for a in optics.addresses] == [("9 Example Road, Hangzhou", "CN")]
    listing = optics.listings[0]
    assert (listing.program, listing.citation, listing.start) == ("us.el", "84 FR 54002", date(2019, 10, 9))
    assert listing.license_requirement == "For all items subject to the EAR. (See § 744.11 of the EAR)"
    assert listing.license_policy == "Presumption of denial"
    assert by_id(flat, "org-1").listings[0].program == "us.cmic"
    lines = FLAT.splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    if not lines[-1].endswith(b"}\n"):
        lines.reverse()
    assert parse("ftm", b"".join(lines), "x").entities == flat.entities


def test_every_line_is_accounted_for(flat: ParsedList, nested: ParsedList) -> None:
    assert flat.rows == flat.loaded + len(flat.rejects) == 13
    assert sorted(r.reason for r in flat.rejects) == [
        "it has no name",
        "the Sanction is of 'nobody', which is not in the file or can't be read",
        "the line is not JSON",
    ]
    assert "not read: 1 lines, Ownership" in flat.warnings and "not read: 1 lines, Family" in flat.warnings
    assert "the property 'zodiacSign' is not known: 1 time, first in line 1" in flat.warnings
    assert by_id(flat, "rock-1").schema is Schema.LEGAL_ENTITY
    assert any("'Rocket' is not known, taken as LegalEntity" in w for w in flat.warnings)
    assert "not read: 1 lines, parties that the publisher doesn't list" in nested.warnings
    assert flat.rows + 2 == len(FLAT.splitlines())


def test_programs_are_of_the_vocabulary_or_custom() -> None:
    assert program_of("us_ofac_sdn") == "us.sdn"
    assert program_of("us_trade_csl", ("Unverified List (UVL) - Bureau of Industry and Security",)) == "us.uvl"
    assert program_of("us_trade_csl", ("Something New (SN)",)) == "custom.us_trade_csl"
    assert program_of("us_ofac_cons") == "custom.us_ofac_cons"
    assert program_of("Acme's List!") == "custom.acme_s_list"
    from importlib import resources

    import yaml

    table = yaml.safe_load((resources.files("stopship.sources.ftm") / "programs.yml").read_text("utf-8"))
    used = [*table["datasets"].values()]
    used += [p for kind in ("by_authority", "by_program") for one in table[kind].values() for p in one.values()]
    assert set(used) <= {program.value for program in Program}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<!DOCTYPE html><html></html>", "HTML page"),
        (b"[" + line()[:-1] + b"]", "a JSON array"),
        (b"id,schema\n", "no JSON"),
        (b"", "empty"),
        (line() + line(id="y")[:-9], "cut short in line 2"),
        (gzip.compress(line(), mtime=0)[:-4], "cut short"),
        (line().decode().encode("utf-16"), "UTF-16"),
        (b"%PDF-1.4", "a PDF"),
    ],
)
def test_files_that_are_something_else(data: bytes, says: str) -> None:
    with pytest.raises(ListFileError, match=says) as caught:
        parse("ftm", data, "x.json")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"id": ""}, "it has no id"),
        ({"schema": None}, "it has no schema"),
        ({"properties": []}, "it has no properties"),
        ({"properties": {"name": [["a"]]}}, "the property 'name' holds something else than text"),
        ({"properties": {"name": 3}}, "the property 'name' is no list of values"),
        ({"properties": {"weakAlias": ["only weak"]}}, "it has no name"),
        ({"datasets": "us_ofac_sdn"}, "datasets is no list of names"),
        ({"id": "first"}, "the id 'first' stands twice"),
    ],
)
def test_malformed_lines_are_rejects(more: dict[str, object], reason: str) -> None:
    parsed = parse("ftm", line(id="first") + line(**more), "x.json")
    assert (parsed.rows, parsed.loaded) == (2, 1)
    assert [(r.row, r.reason) for r in parsed.rejects] == [(2, reason)]


def test_a_person_without_a_whole_name_is_called_by_its_parts() -> None:
    parts = {"firstName": ["Example"], "lastName": ["Person"]}
    parsed = parse("ftm", line(schema="Person", properties=parts), "x.json")
    assert parsed.entities[0].caption == "Example Person"


def test_deep_nesting_is_a_reject() -> None:
    inner: dict[str, object] = {"id": "a", "schema": "Address", "properties": {"full": ["x"]}}
    for n in range(20):
        inner = {"id": f"a{n}", "schema": "Address", "properties": {"addressEntity": [inner]}}
    parsed = parse("ftm", line(id="first") + line(properties={"name": ["Y"], "addressEntity": [inner]}), "x.json")
    assert parsed.rejects[0].reason == "entities are nested too deep"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "full", "entity", "x"]), inner)
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "id": st.text(max_size=4) | JSON,
                "schema": st.sampled_from(["Company", "Sanction", "Address", "Passport", "Family", "Odd"]) | JSON,
                "properties": JSON
                | st.dictionaries(st.sampled_from(["name", "entity", "holder", "birthDate"]), JSON),
                "datasets": JSON,
                "target": JSON,
                "last_seen": JSON,
                "caption": JSON,
            },
        ),
        max_size=6,
    ),
    st.binary(max_size=30),
)
def test_no_json_crashes_the_reader(entries: list[object], tail: bytes) -> None:
    data = b"".join(orjson.dumps(entry) + b"\n" for entry in entries) + tail
    try:
        parsed = parse("ftm", data, "x.json")
    except ListFileError:
        return
    assert parsed.rows == parsed.loaded + len(parsed.rejects)
