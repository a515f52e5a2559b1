"""The UK Sanctions List: what stands in the small files beside this one, point by point."""

from __future__ import annotations

import csv
import io
import random
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from stopship.errors import ListFileError, SourceDrift
from stopship.model import Entity, NameKind, Schema
from stopship.sources.catalogue import catalogue, parse
from stopship.sources.contract import ParsedList
from stopship.sources.uk_sl.dates import birth_date, full_day

HERE = Path(__file__).parent
CSV = (HERE / "UK-Sanctions-List.csv").read_bytes()
XML = (HERE / "UK-Sanctions-List.xml").read_bytes()


@pytest.fixture(scope="module")
def small() -> ParsedList:
    return parse("uk_sl", CSV, "list.csv")


def of(parsed: ParsedList, number: str) -> Entity:
    return next(entity for entity in parsed.entities if entity.id == f"uk.sl-{number}")


def rows() -> list[list[str]]:
    return list(csv.reader(io.StringIO(CSV.decode("utf-8"), newline="")))


def written(table: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(table)
    return buffer.getvalue().encode("utf-8")


def test_the_layout_has_58_columns_below_a_report_date(small: ParsedList) -> None:
    report, header, *_ = rows()
    assert report == ["Report Date: 22-Aug-2026"] and len(header) == 58
    assert sorted(catalogue()["uk_sl"].columns) == sorted(header)
    assert small.published == date(2026, 8, 22)
    assert (small.rows, small.loaded) == (10, 8)
    assert [(r.row, r.reason) for r in small.rejects] == [
        (11, "it has no Unique ID"),
        (12, "the designation has no name"),
    ], "rows are numbered as in the file, the report date is row 1"


def test_both_forms_give_the_same_entities(small: ParsedList) -> None:
    parsed = parse("uk_sl", XML, "list.xml")
    assert parsed.entities == small.entities
    assert parsed.published == small.published
    assert [(r.row, r.reason) for r in parsed.rejects] == [(5, "it has no UniqueID")]


def test_rows_may_come_in_any_order(small: ParsedList) -> None:
    report, header, *body = rows()
    for seed in range(4):
        random.Random(seed).shuffle(body)
        assert parse("uk_sl", written([report, header, *body]), "list.csv").entities == small.entities


def test_the_surname_comes_first_and_is_known(small: ParsedList) -> None:
    names = of(small, "XMP0001").names
    assert names[0].text == "AL-MITHAL, SAMPLE EXAMPLE"
    assert names[0].parts == (("given", "SAMPLE EXAMPLE"), ("family", "AL-MITHAL"))
    found = {name.text: (name.kind, name.script, name.language) for name in names}
    assert found["AL-MITHAL, SAMPEL"] == (NameKind.ALIAS, None, None)
    assert found["Abu Mithal"] == (NameKind.WEAK_ALIAS, None, None)
    assert found["Good, Alias"] == (NameKind.ALIAS, None, None)
    assert found["مثال عينة"] == (NameKind.ALIAS, "Arab", "ar")
    firm = {name.text: (name.kind, name.language) for name in of(small, "XMP0002").names}
    assert firm["Завод Пример"] == (NameKind.ALIAS, "ru") and firm["Old Example Works"] == (NameKind.FORMER, None)


def test_measures_are_tags_because_not_every_entry_is_an_asset_freeze(small: ParsedList) -> None:
    listing = of(small, "XMP0001").listings[0]
    assert listing.tags == ("Asset freeze", "Travel Ban", "Trust Services Sanctions"), "a narrow space is a space"
    assert listing.citation == "The Example (Sanctions) (EU Exit) Regulations 2020"
    assert listing.start == date(2001, 1, 25)
    assert "Designation source: UN; Last updated: 04/08/2026" in listing.remarks
    assert of(small, "XMP0003").listings[0].tags == ('Shipping sanctions: (see "Other information")',)


def test_several_rows_are_one_entity_with_one_listing(small: ParsedList) -> None:
    person = of(small, "XMP0001")
    assert len(person.listings) == 1
    assert [str(day) for day in person.birth_dates] == ["1965-10-03", "1965-10", "1965"]
    assert "Date of birth as printed: 31/02/1965" in person.remarks
    assert set(person.countries) == {"AF", "IR", "PK", "SY"}
    assert "Nationality or flag as printed: Atlantis" in person.remarks
    assert "Title: Doctor" in person.remarks


def test_ships(small: ParsedList) -> None:
    star, moon = of(small, "XMP0003"), of(small, "XMP0004")
    assert star.schema is Schema.VESSEL and star.countries == ("PA",)
    assert ("imo", "9187629") in {(i.type, i.value) for i in star.identifiers}
    assert "Year built: 2004" in star.remarks and "Current owner or operator: Sample Lines" in star.remarks
    assert [(i.type, i.value) for i in moon.identifiers] == [("imo", "9321691")], "the reasons name its number"


@pytest.mark.parametrize(
    ("printed", "read"),
    [("dd/mm/1965", "1965"), ("dd/10/1965", "1965-10"), ("3/10/1965", "1965-10-03"), ("1965", "1965")],
)
def test_dates_with_unknown_parts(printed: str, read: str) -> None:
    assert str(birth_date(printed)) == read


def test_a_listing_has_no_partial_date() -> None:
    assert full_day("29/02/2024") == date(2024, 2, 29)
    for text in ("dd/10/2024", "30/02/2024", "soon"):
        with pytest.raises(ValueError, match=r"date|calendar"):
            full_day(text)


def test_a_table_without_the_report_date_is_read_too(small: ParsedList) -> None:
    parsed = parse("uk_sl", written(rows()[1:]), "list.csv")
    assert parsed.entities == small.entities and parsed.published is None
    assert parsed.rejects[0].row == 10


def test_a_changed_column_is_drift() -> None:
    report, header, *body = rows()
    changed = ["Surname" if name == "Name 6" else name for name in header]
    with pytest.raises(SourceDrift, match="new column 'Surname'; missing column 'Name 6'"):
        parse("uk_sl", written([report, changed, *body]), "list.csv")
    with pytest.raises(ListFileError, match="cut short"):
        parse("uk_sl", CSV[: CSV.rindex(b"XMP0005")], "list.csv")


def test_values_of_the_xml_form_are_told_by_their_element_and_not_by_what_is_around_them(
    small: ParsedList,
) -> None:
    """The groups of the unconfirmed layout may be called otherwise."""
    renamed = XML.replace(b"IndividualDetails>", b"PersonDetails>").replace(b"NonLatinNames>", b"OtherScripts>")
    assert parse("uk_sl", renamed, "list.xml").entities == small.entities
    root = etree.fromstring(XML)
    etree.SubElement(root[1], "RiskScore").text = "1"
    with pytest.raises(SourceDrift, match="new element 'RiskScore' in entry 1"):
        parse("uk_sl", etree.tostring(root), "list.xml")


@pytest.mark.bigdata
def test_the_real_list(big_data: Path) -> None:
    data = (big_data / "lists" / "uk" / "UK-Sanctions-List.csv.gz").read_bytes()
    parsed = parse("uk_sl", data, "list.csv.gz")
    assert (parsed.rows, parsed.loaded, len(parsed.entities)) == (15_881, 15_881, 6_349)
    schemas = [entity.schema for entity in parsed.entities]
    assert (schemas.count(Schema.PERSON), schemas.count(Schema.VESSEL)) == (4_036, 666)
    assert sum("Asset freeze" not in entity.listings[0].tags for entity in parsed.entities) > 600
    ships = [entity for entity in parsed.entities if entity.schema is Schema.VESSEL]
    assert sum(any(i.type == "imo" for i in ship.identifiers) for ship in ships) > 550
