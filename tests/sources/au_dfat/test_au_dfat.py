"""Australia's list: what stands in the rows beside this file, point by point."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from stopship.model import Entity, NameKind, Schema
from stopship.sources.catalogue import catalogue, parse
from stopship.sources.contract import ParsedList

with (Path(__file__).parent / "rows.csv").open(encoding="utf-8", newline="") as file:
    ROWS: list[list[str]] = list(csv.reader(file))


def workbook(rows: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("List")
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    sheet.write_datetime(number, place, cell, day)
                else:
                    sheet.write(number, place, cell)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def small() -> ParsedList:
    return parse("au_dfat", workbook([list(row) for row in ROWS]), "list.xlsx")


def of(parsed: ParsedList, number: str) -> Entity:
    return next(entity for entity in parsed.entities if entity.id == f"au.dfat-{number}")


def test_rows_are_accounted_for(small: ParsedList) -> None:
    assert sorted(catalogue()["au_dfat"].columns) == sorted(ROWS[0])
    assert (small.rows, small.loaded, len(small.entities)) == (11, 9, 4)
    assert [(r.row, r.reason) for r in small.rejects] == [
        (11, "it has no reference number"),
        (12, "it has no name"),
    ]


def test_letters_behind_the_number_are_further_names(small: ParsedList) -> None:
    kinds = {name.text: name.kind for name in of(small, "9001").names}
    assert kinds == {
        "Sample Example AL-MITHAL": NameKind.PRIMARY,
        "Sampel Exampel": NameKind.ALIAS,
        "مثال المثالي": NameKind.ALIAS,
        "Old Exemplar": NameKind.FORMER,
        "Abu Mithal": NameKind.WEAK_ALIAS,
    }


def test_dates_places_and_countries(small: ParsedList) -> None:
    person = of(small, "9001")
    assert [str(day) for day in person.birth_dates] == ["1957-05-05", "1957-06-05", "circa 1960", "1963 to 1965"]
    assert person.birth_places == ("Yazd", "Quetta")
    assert person.countries == ("IR", "PK")
    assert "Citizenship: Atlantean" in person.remarks and "Date of birth as printed: Aug." in person.remarks
    assert [(a.text, a.country) for a in person.addresses] == [("1 Sample Road, Quetta, Pakistan", "PK")]


def test_measures_are_tags(small: ParsedList) -> None:
    listing = of(small, "9001").listings[0]
    assert len(of(small, "9001").listings) == 1
    assert listing.tags == ("Autonomous (Iran)", "Targeted Financial Sanction", "Travel Ban")
    assert (listing.citation, listing.start) == ("Amendment Instrument 2026", date(2026, 2, 2))
    ship = of(small, "9003")
    assert ship.schema is Schema.VESSEL and ship.listings[0].tags == ("1718 (DPRK)", "Maritime Restriction")
    assert [(i.type, i.value) for i in ship.identifiers] == [("imo", "9187629")]


def test_rows_that_disagree_are_read_and_said(small: ParsedList) -> None:
    assert of(small, "9004").schema is Schema.LEGAL_ENTITY
    said = " ".join(small.warnings)
    assert "several types" in said and "'nickname' is not known" in said and "control date can't be read" in said


def test_cells_that_are_numbers_and_days(small: ParsedList) -> None:
    header, first, *rest = ([*row] for row in ROWS)
    typed: list[object] = list(first)
    typed[header.index("Reference")] = 9001
    typed[header.index("Control Date")] = datetime(2026, 2, 2)  # noqa: DTZ001 - Excel knows no time zone
    typed[header.index("Travel Ban")] = True
    parsed = parse("au_dfat", workbook([header, typed, *rest]), "list.xlsx")
    assert of(parsed, "9001") == of(small, "9001")
