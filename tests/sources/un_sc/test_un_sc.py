"""The Security Council's list: what stands in the small file beside this one, point by point."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stopship.model import Entity, NameKind, Schema
from stopship.sources.catalogue import catalogue, parse
from stopship.sources.contract import ParsedList

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def small() -> ParsedList:
    return parse("un_sc", (HERE / "consolidated.xml").read_bytes(), "consolidated.xml")


def of(parsed: ParsedList, reference: str) -> Entity:
    return next(entity for entity in parsed.entities if entity.id == f"un.sc-{reference}")


def test_the_day_of_the_file_and_what_was_not_read(small: ParsedList) -> None:
    assert small.published == date(2026, 2, 27)
    assert (small.rows, small.loaded) == (4, 3)
    assert [(r.row, r.reason) for r in small.rejects] == [(3, "it has no name")]
    assert "the quality 'Middling' of an alias is not known: 1 time, first in row 2" in small.warnings
    assert "INDIVIDUAL/GENDER" in small.unread


def test_four_parts_stay_in_their_order(small: ParsedList) -> None:
    name = of(small, "TAi.901").names[0]
    assert name.text == "SAMPLE EXAMPLE PLACEHOLDER AL-MITHAL"
    assert [role for role, _ in name.parts] == ["first", "second", "third", "fourth"]
    assert of(small, "KPi.901").names[0].parts == (("first", "KIM"), ("second", "EX AMPLE"))


def test_names_in_their_own_script(small: ParsedList) -> None:
    found = {name.text: (name.kind, name.script) for name in of(small, "TAi.901").names}
    assert found["مثال عينة المثال"] == (NameKind.ALIAS, "Arab"), "a line break inside of it is folded"
    assert found["ابو عينة"] == (NameKind.ALIAS, "Arab") and found["Abu Sample"] == (NameKind.ALIAS, None)
    assert found["Абу Митал"] == (NameKind.WEAK_ALIAS, "Cyrl"), "a name in a note is as weak as its alias"
    firm = {name.text: name.script for name in of(small, "KPe.901").names}
    assert firm["예제해운회사"] == "Hang" and firm["كتيبة المثال"] == "Arab" and firm["Katibat al Mithal"] is None


def test_qualities_of_aliases(small: ParsedList) -> None:
    kinds = {name.text: name.kind for name in of(small, "TAi.901").names}
    assert kinds["Abu Mithal"] is NameKind.WEAK_ALIAS
    assert kinds["Former Exemplar"] is NameKind.FORMER
    assert kinds["Sampel Exampel"] is NameKind.ALIAS and kinds["Sambel Exambel"] is NameKind.ALIAS
    assert kinds["Sample Born"] is NameKind.ALIAS
    assert {n.text: n.kind for n in of(small, "KPi.901").names}["Kim Exemplary"] is NameKind.ALIAS
    assert {n.text: n.kind for n in of(small, "KPe.901").names}["OLD EXAMPLE LINES"] is NameKind.FORMER


def test_dates_of_birth_of_every_type(small: ParsedList) -> None:
    person = of(small, "TAi.901")
    assert [str(day) for day in person.birth_dates] == [
        "1961-02-03",
        "1965-10-03",
        "1966",
        "1958-09",
        "circa 1968",
        "1984 to 1986",
        "circa 1970 to 1973",
        "1973-11",
        "1979-03-03",
    ]
    assert "Date of birth as printed: 24/06/1402 (Hijri Calendar)" in person.remarks
    assert "Date of birth 1979-03-03: from false passport" in person.remarks


def test_documents(small: ParsedList) -> None:
    found = {(i.type, i.value, i.country) for i in of(small, "TAi.901").identifiers}
    assert {
        ("passport", "D0000001", "PK"),
        ("passport", "D0000002", "LY"),
        ("tax_id", "XMPLAA70A01Z000A", None),
        ("national_id", "57000", None),
        ("passport", "L 100000", None),
        ("un_reference", "TAi.901", None),
    } == found
    assert ("imo", "5571322", None) in {(i.type, i.value, i.country) for i in of(small, "KPe.901").identifiers}


def test_listing_and_countries(small: ParsedList) -> None:
    person = of(small, "TAi.901")
    listing = person.listings[0]
    assert (listing.start, listing.citation, listing.tags) == (
        date(2001, 1, 25),
        "UN list Taliban, TAi.901",
        ("Taliban",),
    )
    assert listing.remarks == (
        "Member of the Example Council. Review concluded on 4 Dec. 2019.; Last updated: 2022-11-08"
    )
    assert person.countries == ("PK", "IR", "SY")
    assert [a.text for a in person.addresses] == ["1 Sample Road, Quetta, Baluchistan, 0578, Pakistan"]
    assert of(small, "KPi.901").listings[0].start is None
    assert [(a.text, a.country) for a in of(small, "KPe.901").addresses][1] == ("Atlantis", None)


def test_titles_of_religion_go_and_ranks_stay(small: ParsedList) -> None:
    remarks = of(small, "TAi.901").remarks
    assert remarks.startswith("Title: Major General; Position: Deputy Minister of Examples")


@pytest.mark.bigdata
@pytest.mark.parametrize(("folder", "rows", "names"), [("2025-04-19", 877, 4_000), ("2026-02-27", 1_003, 4_200)])
def test_the_real_lists(big_data: Path, folder: str, rows: int, names: int) -> None:
    data = (big_data / "lists" / "un" / folder / "consolidated.xml.gz").read_bytes()
    parsed = parse("un_sc", data, "consolidated.xml.gz")
    assert (parsed.rows, parsed.loaded, len(parsed.entities)) == (rows, rows, rows)
    assert sum(len(entity.names) for entity in parsed.entities) > names
    assert str(parsed.published) == folder
    info = catalogue()["un_sc"]
    assert info.min_rows <= parsed.rows <= info.max_rows
    deputy = of(parsed, "TAi.024")
    assert deputy.schema is Schema.PERSON and any(name.script == "Arab" for name in deputy.names)
    assert any(name.kind is NameKind.WEAK_ALIAS for entity in parsed.entities for name in entity.names)
