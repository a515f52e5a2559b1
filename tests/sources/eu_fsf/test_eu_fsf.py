"""The EU's list: what stands in the small file beside this one, point by point."""

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
    return parse("eu_fsf", (HERE / "full_1_1.xml").read_bytes(), "full.xml")


def of(parsed: ParsedList, reference: str) -> Entity:
    return next(entity for entity in parsed.entities if entity.id == f"eu.fsf-{reference}")


def test_the_day_of_the_file_and_what_was_not_read(small: ParsedList) -> None:
    assert small.published == date(2026, 5, 1)
    assert [(r.row, r.reason) for r in small.rejects] == [(3, "it has no name"), (4, "it has no regulation")]
    assert "sanctionEntity/nameAlias@gender" in small.unread


def test_names_keep_script_language_parts_and_weakness(small: ParsedList) -> None:
    names = of(small, "EU.901.1").names
    assert names[0].text == "Primer Obraztsovich EKZEMPLYAROV", "the strong English one leads, whatever its place"
    assert names[0].parts == (("given", "Primer"), ("middle", "Obraztsovich"), ("family", "EKZEMPLYAROV"))
    found = {name.text: (name.kind, name.language, name.script) for name in names}
    assert found["Пример Образцович ЭКЗЕМПЛЯРОВ"] == (NameKind.ALIAS, "ru", "Cyrl")
    assert found["Παράδειγμα Εξαμπλιάροφ"] == (NameKind.ALIAS, "el", "Grek")
    assert found["مثال المثالي"] == (NameKind.ALIAS, None, "Arab")
    assert found["Primerchik"] == (NameKind.WEAK_ALIAS, None, None)
    assert found["EXEMPLAROV Primer"] == (NameKind.ALIAS, None, None), "the name on a passport"
    assert [n.text for n in of(small, "EU.902.2").names][1:3] == ["Example Battery Company", "Sample Batteries"]


def test_one_entry_with_two_regulations_is_one_entity_with_two_listings(small: ParsedList) -> None:
    first, second = of(small, "EU.901.1").listings
    assert (first.citation, first.tags, first.url) == (
        "2022/1529 (OJ L239)",
        ("UKR",),
        "https://eur-lex.europa.eu/example/1529",
    )
    assert first.start == date(2014, 3, 21), "a name was published under an act before the one that is cited"
    assert (second.citation, second.start) == ("2024/753 (OJ L23022024)", date(2024, 2, 24))


def test_a_suspended_designation_is_doubted(small: ParsedList) -> None:
    listing = of(small, "EU.902.2").listings[0]
    assert "suspended since 16.1.2016" in listing.caveat and listing.start == date(2010, 7, 27)


def test_dates_of_birth_and_calendars(small: ParsedList) -> None:
    person = of(small, "EU.901.1")
    assert [str(d) for d in person.birth_dates] == [
        "1965-10-03",
        "circa 1966",
        "1967-02",
        "1970 to 1973",
        "1982-04-19",
    ]
    assert "Date of birth as printed: 1343 (Islamic calendar)" in person.remarks
    assert person.birth_places[0] == "Sample, near Moscow, Moscow region, RUSSIAN FEDERATION"


def test_numbers_addresses_and_links(small: ParsedList) -> None:
    person = of(small, "EU.901.1")
    assert {(i.type, i.value) for i in person.identifiers} == {
        ("passport", "00 0000001"),
        ("other", "X-1"),
        ("un_reference", "QDi.043"),
        ("email", "primer@example.org"),
    }
    assert [a.text for a in person.addresses] == [
        "1 Sample Street, P.O. Box 17, 119000, Moscow, RUSSIAN FEDERATION"
    ]
    assert person.countries == ("RU", "SY")
    assert "known to have expired" in person.remarks and "Position: Member of the Example Duma" in person.remarks
    assert of(small, "EU.902.2").schema is Schema.ORGANIZATION


@pytest.mark.bigdata
def test_the_real_list(big_data: Path) -> None:
    data = (big_data / "lists" / "eu" / "xmlFullSanctionsList_1_1.xml.gz").read_bytes()
    parsed = parse("eu_fsf", data, "full.xml.gz")
    info = catalogue()["eu_fsf"]
    assert (parsed.rows, parsed.loaded, len(parsed.entities)) == (5_860, 5_860, 5_860)
    assert info.min_rows <= parsed.rows <= info.max_rows
    names = [name for entity in parsed.entities for name in entity.names]
    assert len(names) > 29_000
    assert {"Cyrl", "Grek", "Arab"} <= {name.script for name in names}
    bank = of(parsed, "EU.7394.37")
    assert "Банк “Россия”" in {name.text for name in bank.names}
    assert bank.listings[0].start == date(2022, 2, 23) and bank.listings[0].tags == ("UKR",)
