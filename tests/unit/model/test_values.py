"""Partial dates, shares, countries and item codes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.model.values import (
    PartialDate,
    Share,
    parse_country,
    parse_eccn,
    parse_hts,
    parse_usml,
)


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "circa", "printed"),
    [
        ("1965", date(1965, 1, 1), date(1965, 12, 31), False, "1965"),
        ("1965-10", date(1965, 10, 1), date(1965, 10, 31), False, "1965-10"),
        ("1965-10-03", date(1965, 10, 3), date(1965, 10, 3), False, "1965-10-03"),
        ("03 Oct 1965", date(1965, 10, 3), date(1965, 10, 3), False, "1965-10-03"),
        ("Feb 1964", date(1964, 2, 1), date(1964, 2, 29), False, "1964-02"),
        ("circa 1956", date(1956, 1, 1), date(1956, 12, 31), True, "circa 1956"),
        ("1951 to 1953", date(1951, 1, 1), date(1953, 12, 31), False, "1951 to 1953"),
        ("01 Jan 1973 to 31 Dec 1973", date(1973, 1, 1), date(1973, 12, 31), False, "1973"),
        ("01 Mar 1970 to 15 Apr 1971", date(1970, 3, 1), date(1971, 4, 15), False, "1970-03-01 to 1971-04-15"),
    ],
)
def test_partial_dates_are_read_as_lists_print_them(
    text: str, earliest: date, latest: date, circa: bool, printed: str
) -> None:
    read = PartialDate.parse(text)
    assert (read.earliest, read.latest, read.circa) == (earliest, latest, circa)
    assert str(read) == printed
    assert PartialDate.parse(printed) == read


@pytest.mark.parametrize("text", ["", "yesterday", "1965-13", "1965-02-30", "31 Foo 1965", "1970 to 1960", "65"])
def test_what_is_no_date_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|calendar|range"):
        PartialDate.parse(text)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_range_survives_printing(first: date, last: date) -> None:
    low, high = min(first, last), max(first, last)
    span = PartialDate(low, high)
    assert PartialDate.parse(str(span)) == span


@pytest.mark.parametrize(
    ("left", "right", "agrees"),
    [
        ("1965", "1965-10-03", True),
        ("1965-10", "1965-11", False),
        ("circa 1965", "1966", True),
        ("circa 1965", "1968", False),
        ("1951 to 1953", "1952-07-01", True),
    ],
)
def test_dates_agree_where_they_may_be_the_same_day(left: str, right: str, agrees: bool) -> None:
    a, b = PartialDate.parse(left), PartialDate.parse(right)
    assert a.agrees(b) is agrees
    assert b.agrees(a) is agrees


@pytest.mark.parametrize(
    ("text", "low", "high", "known"),
    [("60", 60, 60, True), ("40-60", 40, 60, True), ("33.3%", 33.3, 33.3, True), ("unknown", 0, 100, False)],
)
def test_shares(text: str, low: float, high: float, known: bool) -> None:
    assert Share.parse(text) == Share(low, high, known)
    assert Share.parse(str(Share.parse(text))) == Share(low, high, known)


@pytest.mark.parametrize("text", ["60-40", "101", "-5", "most of it"])
def test_a_share_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="share"):
        Share.parse(text)


def test_countries_are_two_letters_in_any_case_and_others_get_a_hint() -> None:
    assert parse_country("no") == "NO"
    assert parse_country(" xk ") == "XK"
    with pytest.raises(ValueError, match="did you mean CN"):
        parse_country("CHN")
    for wrong in ("UK", "EU", "Germany", "", "ZZ"):
        with pytest.raises(ValueError, match="ISO 3166"):
            parse_country(wrong)


@pytest.mark.parametrize(
    ("text", "code"),
    [("6a993", "6A993"), ("EAR99", "EAR99"), ("ear99", "EAR99"), ("3A001.B.2", "3A001.b.2"), ("5E002", "5E002")],
)
def test_item_codes_take_their_usual_form(text: str, code: str) -> None:
    assert parse_eccn(text) == code


@pytest.mark.parametrize("text", ["", "6F993", "A6993", "6A99", "6A9933", "6A993 or 6A003", "500.0", "EAR98"])
def test_a_malformed_item_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ECCN"):
        parse_eccn(text)


def test_munitions_categories_and_tariff_codes() -> None:
    assert parse_usml("XI(c)") == "XI(c)"
    assert parse_usml("viii") == "VIII"
    assert parse_hts("8471.50") == "847150"
    for wrong in ("XXII", "IIII", "11"):
        with pytest.raises(ValueError, match="USML"):
            parse_usml(wrong)
    for wrong in ("847", "84715X", "12345678901"):
        with pytest.raises(ValueError, match="tariff"):
            parse_hts(wrong)
