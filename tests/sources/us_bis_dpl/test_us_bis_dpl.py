"""The Denied Persons List: a small dpl.txt with invented rows that show what real ones do."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from stopship.errors import ListFileError, SourceDrift
from stopship.model import Entity
from stopship.sources.catalogue import parse
from stopship.sources.contract import ParsedList

DATA = (Path(__file__).parent / "dpl.txt").read_bytes()


def dpl(data: bytes = DATA) -> ParsedList:
    return parse("us_bis_dpl", data, "dpl.txt")


def named(name: str) -> Entity:
    return next(entity for entity in dpl().entities if entity.caption == name)


def test_rows_are_accounted_for() -> None:
    parsed = dpl()
    assert (parsed.rows, parsed.loaded) == (9, 7)
    assert [(r.row, r.reason) for r in parsed.rejects] == [
        (8, "it has no name"),
        (9, "2 cells where the header has 12"),
    ]
    assert parsed.unread == ("Last_Update",) and parsed.published is None


def test_an_order() -> None:
    david = named("DAVID EXAMPLE")
    listing = david.listings[0]
    assert (listing.program, listing.start, listing.end) == ("us.dpl", date(2017, 10, 16), date(2027, 10, 13))
    assert listing.standard_order is True and listing.remarks == "FR NOTICE ADDED"
    assert listing.citation == "82 F.R. 48792 10/20/2017"
    assert david.countries == ("US",), "the state and the postal code say so"
    assert david.addresses[0].text == "1 SAMPLE DRIVE, PHOENIX, AZ, 85043"


def test_odd_cells_are_named_and_kept() -> None:
    parsed = dpl()
    assert {warning.partition(":")[0] for warning in parsed.warnings} == {
        "it doesn't say whether it is a standard order",
        "the Effective_Date can't be read",
    }
    assert named("SAMPLE TRAVELLER").listings[0].start is None, "counts on every date"
    assert named("SAMPLE TRAVELLER").countries == ("CN",)
    assert named("PLACEHOLDER COOLING CO.").listings[0].standard_order is None
    assert named("PLACEHOLDER COOLING CO.").countries == (), "CY in the column of states is no US state"


def test_names_inside_of_names() -> None:
    airline = named("SAMPLE AIRLINES D/B/A EXAMPLE AIR")
    assert {"SAMPLE AIRLINES", "EXAMPLE AIR"} <= {name.text for name in airline.names}


def test_one_order_with_addresses_in_two_countries_is_one_party() -> None:
    traders = named("EXAMPLE TRADERS")
    assert len(traders.listings) == 2 and set(traders.countries) == {"CH", "LY"}
    assert traders.listings[0].end is None and traders.listings[0].standard_order is False


def test_the_order_of_rows_makes_no_difference() -> None:
    head, *rows = DATA.splitlines(keepends=True)
    random.Random(2).shuffle(rows)
    assert dpl(head + b"".join(rows)).entities == dpl().entities


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (DATA.replace(b"\t", b","), "separated by commas, not by tabs"),
        (DATA[:-40], "ends in row 10 after 9 cells of 12"),
        (b"<html><body>503</body></html>", "HTML page"),
        (DATA.splitlines(keepends=True)[0], "header but no rows"),
        (b'"Id"\t"Score"\t"X"\t"Y"\t"Z"\r\n', "this is not the Denied Persons List"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(data: bytes, says: str) -> None:
    with pytest.raises(ListFileError) as caught:
        dpl(data)
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_drift_is_named() -> None:
    with pytest.raises(SourceDrift, match="new column 'Citation'; missing column 'FR_Citation'"):
        dpl(DATA.replace(b'"FR_Citation"', b'"Citation"'))


@pytest.mark.bigdata
@pytest.mark.parametrize(("day", "rows"), [("2019-06", 546), ("2022-09", 581)])
def test_the_real_files(big_data: Path, day: str, rows: int) -> None:
    parsed = dpl((big_data / f"lists/us_bis_dpl/{day}/dpl.txt").read_bytes())
    assert (parsed.rows, parsed.loaded, parsed.rejects) == (rows, rows, ())
    assert sum(len(entity.listings) for entity in parsed.entities) == rows
    assert all(entity.listings[0].start for entity in parsed.entities)
    assert sum(any(x.standard_order is False for x in e.listings) for e in parsed.entities) >= 4
