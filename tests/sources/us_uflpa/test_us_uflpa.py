"""The UFLPA page, and what holds for every list that is read from a page. The layout is unconfirmed."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.errors import ListFileError, SourceDrift
from stopship.model import NameKind
from stopship.sources.catalogue import catalogue, parse
from stopship.sources.contract import ParsedList
from stopship.sources.us_pages.names import uflpa_names

PAGE = (Path(__file__).parent / "uflpa-entity-list.html").read_bytes()
PAGES = ("us_uflpa", "us_1260h", "us_fcc", "us_state_7031c")


@pytest.fixture(scope="module")
def parsed() -> ParsedList:
    return parse("us_uflpa", PAGE, "uflpa-entity-list.html")


def test_rows_of_every_table_and_what_they_tell(parsed: ParsedList) -> None:
    assert (parsed.rows, parsed.loaded) == (7, 6)
    assert [(r.row, r.reason) for r in parsed.rejects] == [(8, "1 cells where the header has 2")]
    assert {e.caption for e in parsed.entities} == {
        "Baoding LYSZD Trade and Business Co., Ltd.",
        "Hetian Haolin Hair Accessories Co. Ltd.",
        "Example Aluminum Group Co., Ltd.",
        "Sample Cotton Corporation",
        "Sample Cotton One Co., Ltd.",
        "Sample Cotton Two Co., Ltd.",
        "Sample Ginning",
        "Placeholder Yarn Co., Ltd.",
        "Placeholder Spinning Co., Ltd.",
    }
    assert "a date can't be read: 1 time, first in row 6" in parsed.warnings


def test_a_party_of_two_sub_lists_is_one_entity_with_two_listings(parsed: ParsedList) -> None:
    hair = next(e for e in parsed.entities if e.caption.startswith("Hetian Haolin"))
    assert [n.text for n in hair.names[1:]] == ["Hotan Haolin Hair Accessories", "Hollin Hair Accessories"]
    assert [x.start for x in hair.listings] == [date(2022, 6, 21)] * 2
    assert "2(d)(2)(B)(i)" in hair.listings[0].remarks and "2(d)(2)(B)(v)" in hair.listings[1].remarks
    assert hair.listings[0].name.endswith(
        "(including two aliases: Hotan Haolin Hair Accessories and Hollin Hair Accessories)"
    )
    spun = next(e for e in parsed.entities if e.caption.startswith("Placeholder Spinning"))
    assert spun.remarks == "Named in the entry of Placeholder Yarn Co., Ltd."


@pytest.mark.parametrize(
    ("cell", "name", "others", "subsidiaries"),
    [
        ("A Co., Ltd.", "A Co., Ltd.", [], ()),
        ("A (including one alias: B)", "A", [("B", NameKind.ALIAS)], ()),
        (
            "A (including two aliases: B; and C Co., Ltd.)",
            "A",
            [("B", NameKind.ALIAS), ("C Co., Ltd.", NameKind.ALIAS)],
            (),
        ),
        (
            "A (also known as B; and formerly known as C)",
            "A",
            [("B", NameKind.ALIAS), ("C", NameKind.FORMER)],
            (),
        ),
        ("A and its subordinate and affiliated entities", "A", [], ()),
        ("A, and Subsidiaries", "A", [], ()),
        ("A and its subsidiary B Co., Ltd.", "A", [], ("B Co., Ltd.",)),
        ("Xinjiang Production and Construction Corps", "Xinjiang Production and Construction Corps", [], ()),
    ],
)
def test_names_told_in_words(
    cell: str, name: str, others: list[tuple[str, NameKind]], subsidiaries: tuple[str, ...]
) -> None:
    told = uflpa_names(cell)
    assert (told.name, list(told.others), told.subsidiaries) == (name, others, subsidiaries)


def test_a_csv_with_the_same_columns_gives_the_same_entities(parsed: ParsedList) -> None:
    data = b'Name of Entity,Effective Date\n"Baoding LYSZD Trade and Business Co., Ltd.","June 21, 2022"\n'
    only = parse("us_uflpa", data, "list.csv").entities[0]
    assert only.id in {e.id for e in parsed.entities}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"<th>Effective Date</th>", b"<th>Effective Date</th><th>Region</th>", "new column 'Region'"),
        (
            b"<th>Effective Date</th>",
            b"<th>In force from</th>",
            "new column 'In force from'; missing column for 'start'",
        ),
        (b"<th>Effective Date</th>", b"<th>Entity Name</th>", "doubled column 'name'"),
    ],
)
def test_drift_is_refused(old: bytes, new: bytes, says: str) -> None:
    with pytest.raises(SourceDrift, match=says):
        parse("us_uflpa", PAGE.replace(old, new, 1), "x.html")


@pytest.mark.parametrize("source", PAGES)
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<!DOCTYPE html><html><body><h1>503</h1></body></html>", "error page"),
        (b"<html><body><table><tr><th>Menu</th></tr><tr><td>x</td></tr></table></body></html>", "error page"),
        (b"", "empty"),
        (b"%PDF-1.7", "a PDF"),
        (b"<html>\xff</html>", "not UTF-8"),
        (b"a,b\n1,2\n", "its first row is 'a', 'b'"),
        (gzip.compress(PAGE, mtime=0)[:-9], "cut short"),
    ],
)
def test_files_that_are_something_else(source: str, data: bytes, says: str) -> None:
    with pytest.raises(ListFileError, match=says) as caught:
        parse(source, data, "x.html")
    assert "\n" not in str(caught.value)


def test_the_sheets_say_that_the_layouts_are_unconfirmed() -> None:
    for source in PAGES:
        assert "Layout unconfirmed" in catalogue()[source].notes[0]


def test_deep_markup_is_bounded() -> None:
    data = b"<html><body>" + b"<div>" * 100_000 + b"<table>" + b"</div>" * 5
    with pytest.raises(ListFileError):
        parse("us_uflpa", data, "x.html")


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "<table>",
                "</table>",
                "<tr>",
                "</tr>",
                "<th>Name of Entity</th>",
                "<th>Effective Date</th>",
                "<td colspan='9'>",
                "<td>A and its subsidiary B",
                "</td>",
                "<li>A (France) - x y",
                "(",
                ")",
                "<p>",
                "&#0;",
                "<!--",
                "é",
            ]
        ),
        max_size=40,
    ),
    st.sampled_from(PAGES),
)
def test_no_markup_crashes_the_reader(parts: list[str], source: str) -> None:
    try:
        found = parse(source, ("<html><body>" + "".join(parts)).encode(), "x.html")
    except ListFileError:
        return
    assert found.rows == found.loaded + len(found.rejects)
