"""Canada's list: what stands in the small file beside this one, point by point."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stopship.model import Entity, NameKind, Schema
from stopship.sources.ca_sema.names import person_names, thing_names
from stopship.sources.catalogue import parse
from stopship.sources.contract import ParsedList

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def small() -> ParsedList:
    return parse("ca_sema", (HERE / "sema-lmes.xml").read_bytes(), "sema.xml")


def named(parsed: ParsedList, name: str) -> list[Entity]:
    return [entity for entity in parsed.entities if entity.caption == name]


def test_records_are_accounted_for(small: ParsedList) -> None:
    assert (small.rows, small.loaded, small.published) == (8, 7, None)
    assert [(r.row, r.reason) for r in small.rejects] == [(8, "it has no name")]
    assert sum(len(entity.listings) for entity in small.entities) == small.loaded


def test_one_person_under_two_regulations_is_one_entity_with_two_listings(small: ParsedList) -> None:
    both, other = sorted(named(small, "Exemplar Moros, Nicolás"), key=lambda entity: -len(entity.listings))
    assert [listing.citation for listing in both.listings] == [
        "Justice for Victims of Corrupt Foreign Officials Regulations (JVCFOR), item 1",
        "Venezuela, Part 1, item 4",
    ]
    assert both.names[0].parts == (("given", "Nicolás"), ("family", "Exemplar Moros"))
    assert [listing.tags for listing in other.listings] == [("Syria",)], "born in another year: another person"
    assert both.id != other.id
    assert both.remarks == "", "a title of religion is dropped"


def test_packed_aliases_of_a_person(small: ParsedList) -> None:
    (person,) = named(small, "PRYKLAD (PRIMER), Uzor Uzoravich")
    found = {name.text: (name.language, name.script) for name in person.names}
    assert {"PRYKLAD, Uzor Uzoravich", "PRIMER, Uzor Uzoravich", "Primer Uzor Uzorovich"} <= set(found)
    assert found["Узор Узоравіч ПРЫКЛАД"] == ("be", "Cyrl") and found["Узор Узорович ПРИМЕР"] == ("ru", "Cyrl")
    assert [str(day) for day in person.birth_dates] == ["1967-05-01", "1967-05-10"]
    assert person.remarks == "Title: Brigadier"
    assert person.listings[0].citation == "Belarus, Schedule 1, Part 1, item 1"


def test_packed_aliases_of_a_firm(small: ParsedList) -> None:
    (army,) = named(small, "Example Army/Armée exemplaire")
    texts = {name.text for name in army.names}
    assert {"Example Army", "Armée exemplaire", "ПРИМЕР-АРМИЯ", "ОБРАЗЕЦ", "ЦКБ", "Example Works, JSC"} <= texts
    assert "Oil" not in texts and "Gas Example Company" not in texts and "JSC" not in texts
    assert army.listings[0].start is None and army.schema is Schema.ORGANIZATION


def test_what_is_one_name_and_what_are_two() -> None:
    assert [n.text for n in person_names("Sample", "A.", "Sampel, Example")][1:] == ["Sampel, Example"]
    assert [n.text for n in person_names("Sample", "A.", "Alexander, or Alexandr Sample")][1:] == [
        "Alexander, or Alexandr Sample",
        "Alexander",
        "Alexandr Sample",
    ]
    assert [n.text for n in thing_names("Bureau 24/7", "")] == ["Bureau 24/7"]
    assert [n.text for n in thing_names("Example A/S", "")] == ["Example A/S"]
    assert person_names("", "", "Alias Alone")[0].kind is not NameKind.PRIMARY


def test_ships(small: ParsedList) -> None:
    (ship,) = named(small, "Example Star")
    assert ship.schema is Schema.VESSEL and [(i.type, i.value) for i in ship.identifiers] == [("imo", "9187629")]
    assert ship.remarks == "Type of ship: Oil Tanker; Year built: 2003"
    assert ship.listings[0].start == date(2025, 2, 21)


@pytest.mark.bigdata
def test_the_real_list(big_data: Path) -> None:
    data = (big_data / "lists" / "ca" / "sema-lmes.xml.gz").read_bytes()
    parsed = parse("ca_sema", data, "sema.xml.gz")
    assert (parsed.rows, parsed.loaded) == (4_759, 4_759)
    assert len(parsed.entities) == 4_752, "seven persons stand under two regulations or schedules"
    assert sum(entity.schema is Schema.VESSEL for entity in parsed.entities) == 109
    assert all(entity.names[0].kind is NameKind.PRIMARY for entity in parsed.entities)
