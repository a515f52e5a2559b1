"""Switzerland's list: what stands in the small file beside this one, point by point."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stopship.errors import ListFileError
from stopship.model import Entity, NameKind, Schema
from stopship.sources.catalogue import parse
from stopship.sources.contract import ParsedList

DATA = (Path(__file__).parent / "consolidated-list.xml").read_bytes()


@pytest.fixture(scope="module")
def small() -> ParsedList:
    return parse("ch_seco", DATA, "list.xml")


def of(parsed: ParsedList, number: str) -> Entity:
    return next(entity for entity in parsed.entities if entity.id == f"ch.seco-{number}")


def test_delisted_targets_are_counted_and_not_loaded(small: ParsedList) -> None:
    assert small.published == date(2026, 8, 27)
    assert (small.rows, small.loaded) == (4, 3)
    assert [(r.row, r.reason) for r in small.rejects] == [(5, "it has no name")]
    assert "de-listed targets that the publisher keeps as history and that are not loaded: 1" in small.warnings
    assert "Taken Off" not in repr(small.entities)


def test_listed_again_counts_from_the_second_listing(small: ParsedList) -> None:
    first, second = of(small, "9001").listings
    assert first.start == second.start == date(2016, 6, 15)
    assert first.citation == (
        "Ordinance of 15 June 2016 on measures against Exampleland, article 12 -- Financial sanctions"
    )
    assert second.tags == ("Exampleland", "article 16 -- Restrictions on the money and capital market")
    assert of(small, "9200").listings[0].start == date(2016, 5, 18)


def test_names_of_parts_and_spelling_variants(small: ParsedList) -> None:
    found = {name.text: (name.kind, name.language, name.script) for name in of(small, "9001").names}
    assert next(iter(found)) == "Prykladau, Uzor Uzoravich", "parts in their order, a title left out"
    assert found["Primerov, Uzor Uzoravich"] == (NameKind.ALIAS, "ru", None)
    assert "Primerow, Uzor Uzoravich" in found
    assert found["Примеров, Узор Узорович"] == (NameKind.ALIAS, "ru", "Cyrl")
    assert found["Прыкладаў"] == (NameKind.WEAK_ALIAS, "be", "Cyrl"), "a family name alone hits everybody"
    assert found["Devichy, Uzor Uzoravich"] == (NameKind.FORMER, "en", None)
    assert found["Uzorchik"][0] is NameKind.WEAK_ALIAS and found["Uzor Starov"][0] is NameKind.FORMER
    assert found["Second Identity"][0] is NameKind.ALIAS, "only the main identity has a primary name"
    assert found.keys() & {"Mullah"} == set()


def test_dates_places_and_numbers(small: ParsedList) -> None:
    person = of(small, "9001")
    assert [str(day) for day in person.birth_dates] == ["1980-03-23", "1981-04", "circa 1982"]
    assert person.addresses[0].text == (
        "c/o Sample Club, ul. Primernaya, 4, P.O. Box 17, 220029, Minsk, Minsk Oblast, Belarus"
    ), "the place stands at the end of the file"
    assert person.countries == ("BY", "IQ", "CY")
    assert {(i.type, i.value, i.country) for i in person.identifiers} == {
        ("passport", "MP0000001", "BY"),
        ("tax_id", "7700000001", None),
        ("un_reference", "QDi.901", None),
    }
    assert "Relation: related-to ch.seco-9100" in person.remarks
    bank = of(small, "9100")
    assert {(i.type, i.value) for i in bank.identifiers} == {
        ("swift_bic", "EXMPBY2X"),
        ("registration_number", "100000001"),
    }
    assert [str(day) for day in bank.registration_dates] == ["1992"] and bank.birth_dates == ()
    assert of(small, "9200").schema is Schema.VESSEL


def test_a_part_of_the_list_is_refused() -> None:
    with pytest.raises(ListFileError, match="a part of the whole list"):
        parse("ch_seco", DATA.replace(b'"whole-list"', b'"delta"'), "list.xml")
