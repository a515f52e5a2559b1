"""Part 744 as the eCFR prints it: a small file with invented entities in the publisher's patterns.

No real file was at hand. `test_the_converted_list` writes the layout from a conversion of July 2026 and reads it
back.
"""

from __future__ import annotations

import gzip
from collections import Counter
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import orjson
import pytest

from stopship.errors import ListFileError, SourceDrift
from stopship.model import Entity, NameKind, Schema
from stopship.rules.requirement import parse_requirement
from stopship.sources.catalogue import catalogue, parse
from stopship.sources.contract import ParsedList
from stopship.sources.ecfr_744.cell import read_cell

DATA = (Path(__file__).parent / "part744.xml").read_bytes()


def read(data: bytes = DATA) -> ParsedList:
    return parse("us_bis_el", data, "title-15.xml")


def named(name: str) -> Entity:
    return next(entity for entity in read().entities if entity.caption == name)


def test_rows_are_accounted_for() -> None:
    parsed = read()
    assert (parsed.rows, parsed.loaded) == (11, 10), "a reserved country is no row"
    assert [reject.reason for reject in parsed.rejects] == ["Supplement No. 4: 4 cells where the header has 5"]
    programs = Counter(listing.program for entity in parsed.entities for listing in entity.listings)
    assert programs == {"us.el": 7, "us.uvl": 1, "us.meu": 2}


def test_aliases_and_addresses_are_taken_apart() -> None:
    company = named("Example Bilal Construction Company (EBCC)")
    kinds = {name.text: name.kind for name in company.names}
    assert kinds["Sample Bilal Road Construction Company"] is NameKind.ALIAS
    assert kinds["Aimal and Example Company"] is NameKind.ALIAS, "an and inside of a name is none between names"
    assert kinds["Old Bilal Ltd."] is NameKind.FORMER
    assert {address.text for address in company.addresses} == {
        "Sample Pushta, Kabul, Afghanistan",
        "2 Example Market, Paktiya, Afghanistan",
        "12 Example Street, Peshawar, Pakistan",
    }


def test_a_party_under_two_countries_is_one_with_two_listings() -> None:
    company = named("Example Bilal Construction Company (EBCC)")
    assert len(company.listings) == 2 and set(company.countries) == {"AF", "PK"}
    assert "Alternate addresses under Pakistan" in [listing.remarks for listing in company.listings]


def test_an_entry_as_printed() -> None:
    ghoura = named("Sample Ghoura")
    listing = ghoura.listings[0]
    assert ghoura.addresses[0].text == "501, 5th Floor, Example Market, Kabul, Afghanistan"
    assert (listing.start, listing.citation) == (date(2011, 11, 21), "76 FR 71869, 11/21/11")
    assert listing.license_requirement == "For all items subject to the EAR. (See § 744.11 of the EAR)"
    assert listing.license_policy == "Presumption of denial"


def test_footnotes_stand_behind_their_section() -> None:
    optics = named("Example Opto-electronics (Chongqing) Co., Ltd.")
    assert optics.schema is Schema.COMPANY and optics.countries == ("CN", "HK")
    assert optics.listings[0].start == date(2020, 6, 5), "the earliest of its notices"
    assert parse_requirement(optics.listings[0].license_requirement).footnotes == ("3",)
    academy = named("Sample Academy of Sciences, Institute of Examples")
    assert parse_requirement(academy.listings[0].license_requirement).footnotes == ("4",)
    assert "Sample Academy of Sciences" not in [name.text for name in academy.names]


def test_a_doubtful_split_keeps_both() -> None:
    person = named("Placeholder Person, Sample Nuclear Research Institute")
    assert "Placeholder Person" in [name.text for name in person.names]
    assert (
        "As printed: Placeholder Person, Sample Nuclear Research Institute, Beijing" in person.listings[0].remarks
    )


def test_an_address_only_row_is_an_address() -> None:
    row = named("Address 01")
    assert row.schema is Schema.ADDRESS and row.countries[-1] == "HK"
    assert row.addresses[0].text == "Unit D, 16/F One Example Place, 18 Sample Rd, Wan Chai, Hong Kong"


def test_cells_that_span_rows() -> None:
    assert named("Second Example OAO").countries == ("RU",)


@pytest.mark.parametrize(
    ("cell", "name", "aliases", "addresses"),
    [
        ("Huawei Example, OOO, Moscow, Russia.", "Huawei Example, OOO", [], ["Moscow, Russia"]),
        ("Xi'an Example Co., Ltd., Xi'an, China.", "Xi'an Example Co., Ltd.", [], ["Xi'an, China"]),
        (
            "Rosexample, OAO (a.k.a. X, Y), Address: 26/1 Embankment, Moscow",
            "Rosexample, OAO (a.k.a. X, Y)",
            [],
            None,
        ),
        (
            "Magex, a.k.a., the following one alias:\n—M.A.G. Example.\n1 Street, Dubai, U.A.E.; and 2 Street",
            "Magex",
            ["M.A.G. Example."],
            ["1 Street, Dubai, U.A.E", "2 Street"],
        ),
        (
            "Example Lab, a.k.a., the following two aliases: Alpha Lab; and Beta Lab. 5 Road, Lahore, Pakistan.",
            "Example Lab",
            ["Alpha Lab", "Beta Lab"],
            ["5 Road, Lahore, Pakistan"],
        ),
        (
            "P2, f.k.a., the following one alias:\n—Old.\na.k.a., the following one alias:\n—New.\n3 Road, Minsk.",
            "P2",
            ["Old", "New"],
            ["3 Road, Minsk"],
        ),
    ],
)
def test_cells(cell: str, name: str, aliases: list[str], addresses: list[str] | None) -> None:
    read_ = read_cell(cell)
    assert read_.name == name
    assert [alias.rstrip(".") for alias, _ in read_.aliases] == [alias.rstrip(".") for alias in aliases]
    if addresses is not None:
        assert list(read_.addresses) == addresses


def test_bad_files() -> None:
    for data, says in (
        (DATA.replace(b"Supplement No. 4 to", b"Supplement No. 9 to"), "no Supplement No. 4"),
        (b"<html><body>x</body></html>", "HTML page"),
        (DATA[:2000], "cut short"),
        (b"<sdnList/>", "its outermost element is 'sdnList'"),
        (b"just text", "this is not XML"),
        (DATA.replace(b"<DIV5 ", b"<!DOCTYPE a [<!ENTITY b 'c'>]><DIV5 "), "document type"),
    ):
        with pytest.raises(ListFileError) as caught:
            read(data)
        assert says in str(caught.value), says
    with pytest.raises(SourceDrift, match="new column 'Risk'; missing column 'policy'"):
        read(DATA.replace(b"License review policy", b"Risk"))
    with pytest.raises(SourceDrift, match="a table has no header row"):
        read(DATA.replace(b"<TH>Country", b"<TD>Nation").replace(b"</TH>", b"</TD>").replace(b"<TH>", b"<TD>"))


def test_supplements_that_are_absent_are_named() -> None:
    parsed = read(DATA.replace(b"Supplement No. 7 to Part 744", b"Supplement No. 8 to Part 744"))
    assert (
        parsed.warnings[0]
        == "there is no Supplement No. 7 in this file: it holds nothing of the Military End-User List"
    )
    assert any("unconfirmed" in note for note in catalogue()["us_bis_el"].notes)


@pytest.mark.bigdata
def test_the_converted_list(big_data: Path) -> None:
    """3,409 real entries written into the layout and read back: names, dates and footnotes are the same."""
    packed = (big_data / "lists/us_bis_entity_list/entity_list.jsonl.gz").read_bytes()
    rows = [orjson.loads(line) for line in gzip.decompress(packed).splitlines()]
    parsed = read(_written(rows))
    assert (parsed.rows, parsed.loaded, parsed.rejects) == (len(rows), len(rows), ())
    ours = {plain(name.text) for entity in parsed.entities for name in entity.names}
    lost = [name for row in rows for name in (row["name"], *row["aliases"]) if plain(name) not in ours]
    assert len(lost) <= 20, f"{len(lost)} of the names are not found: {lost[:8]}"
    starts = [min(cited["date"] for cited in row["federal_register"]) for row in rows if row["federal_register"]]
    printed = {str(listing.start) for entity in parsed.entities for listing in entity.listings}
    assert set(starts) <= printed
    wanted = Counter(str(n) for row in rows for n in row["footnotes"])
    read_back = Counter(
        n
        for entity in parsed.entities
        for listing in entity.listings
        for n in parse_requirement(listing.license_requirement).footnotes
    )
    assert all(abs(wanted[n] - read_back[n]) <= 10 for n in ("3", "4", "5")), (wanted, read_back)


def plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def _written(rows: list[dict[str, Any]]) -> bytes:
    numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    out = [DATA[: DATA.index(b"<TR><TD>AFGHANISTAN")].decode()]
    for row in rows:
        cell, address = escape(row["name"]), escape(row["address_verbatim"] or "")
        if names := [escape(alias) for alias in row["aliases"]]:
            count = numbers[len(names)] if len(names) < len(numbers) else str(len(names))
            lines = [f"<br/>—{name};" for name in names]
            lines[-1] = f"<br/>—{names[-1]}."
            if len(lines) > 1:
                lines[-2] = f"{lines[-2]} <I>and</I>"
            cell += f", a.k.a., the following {count} alias{'es' if len(names) > 1 else ''}:{''.join(lines)}"
            cell += f"<br/><br/> {address}" if address else ""
        elif address:
            cell += f", {address}"
        cited = escape(row["federal_register_verbatim"]).replace("\n", "<br/>")
        cells = (
            escape(row["country"].upper()),
            cell,
            escape(row["license_requirement"]),
            "Presumption of denial",
            cited,
        )
        out.append(f"<TR>{''.join(f'<TD>{text}</TD>' for text in cells)}</TR>\n")
    return ("".join(out) + "</TBODY></TABLE></DIV></DIV></DIV9></DIV5>").encode()
