"""Annex IV of Regulation 833/2014, from HTML and Formex XML. The layout is unconfirmed."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.errors import ListFileError
from stopship.sources.catalogue import parse

HERE = Path(__file__).parent
HTML = (HERE / "consolidated.html").read_bytes()
FORMEX = (HERE / "annex.fmx.xml").read_bytes()


def test_entries_between_the_headings_with_their_countries() -> None:
    parsed = parse("eu_833_annex4", HTML, "consolidated.html")
    assert parsed.published == date(2025, 2, 24)
    assert {(e.caption, e.countries) for e in parsed.entities} == {
        ("JSC Sirius", ()),
        ("OJSC Stankoinstrument", ()),
        ("Example Radio Plant (a.k.a. ERP Zavod)", ()),
        ("Sample Trading Co., Limited", ("CN",)),
        ("Placeholder Optics Ltd", ("HK",)),
        ("Example Aviation FZE", ("AE",)),
    }
    assert [(r.row, r.reason) for r in parsed.rejects] == [(7, "it is no name")]
    assert parsed.rows == parsed.loaded + len(parsed.rejects)
    radio = next(e for e in parsed.entities if "Radio" in e.caption)
    assert [n.text for n in radio.names[1:]] == ["Example Radio Plant", "ERP Zavod"]
    assert radio.listings[0].program == "eu.833a4"
    assert radio.listings[0].remarks == "Annex IV, entry 1"


def test_formex_gives_the_same_ids() -> None:
    formex = {e.id for e in parse("eu_833_annex4", FORMEX, "annex.xml").entities}
    assert len(formex) == 3
    assert formex < {e.id for e in parse("eu_833_annex4", HTML, "consolidated.html").entities}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html><body><p>503</p></body></html>", "no Annex IV in it"),
        (HTML.replace(b'<p class="title-annex-1">ANNEX IV</p>', b""), "no Annex IV in it"),
        (b"Annex IV", "neither HTML nor XML"),
        (b"", "empty"),
        (FORMEX[:-40], "cut short or not well formed"),
        (gzip.compress(FORMEX, mtime=0)[:-8], "cut short"),
        (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]>'
            b"<A><TI>ANNEX IV</TI><P>&z;</P></A>",
            "declares entities",
        ),
        (b"<A><TI>ANNEX IV</TI></A>", "holds no entry"),
    ],
)
def test_files_that_are_something_else(data: bytes, says: str) -> None:
    with pytest.raises(ListFileError, match=says) as caught:
        parse("eu_833_annex4", data, "x")
    assert "\n" not in str(caught.value)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.sampled_from(["<p>ANNEX IV</p>", "<p>1. A", "</p>", "<tr>", "<td>2.", "<td>B", "<li>", "►M1", "China"]),
        max_size=30,
    )
)
def test_no_markup_crashes_the_reader(parts: list[str]) -> None:
    try:
        found = parse("eu_833_annex4", ("<html><body>" + "".join(parts)).encode(), "x.html")
    except ListFileError:
        return
    assert found.rows == found.loaded + len(found.rejects)
