"""What is known of one entry and what is not; no destination is free where the chart points elsewhere."""

from __future__ import annotations

from datetime import date

import pytest

from stopship.rules import Rulebook
from stopship.rules.item_sheet import destination_rules, entry_url, item_sheet, lacks_paragraphs
from stopship.rules.verdict import Truth

BOOK = Rulebook.load()
DAY = date(2026, 7, 23)
LAW = BOOK.law.on(DAY)


def sheet(eccn: str, country: str | None = None):
    found = item_sheet(LAW, eccn, country)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("eccn", "country", "required"),
    [
        ("3A981", "CN", Truth.YES),
        ("3A981", "HK", Truth.YES),
        ("3A981", "JP", Truth.NO),
        ("6A993", "CN", Truth.NO),
        ("5A980", "GB", Truth.YES),
        ("5A001.f.1", "GB", Truth.YES),
        ("5A001.f.2", "GB", Truth.NO),
        ("3A991", "CU", Truth.MISSING),
        ("3A991", "IR", Truth.MISSING),
        ("3A991", "KP", Truth.MISSING),
        ("3A991", "SY", Truth.MISSING),
        ("5A980", "IR", Truth.YES),
    ],
)
def test_what_entry_and_chart_say(eccn, country, required):
    assert sheet(eccn, country).required is required


def test_an_empty_row_of_the_chart_is_never_a_no():
    pointed = [c for c in ("CU", "IR", "KP", "SY") if (row := LAW.chart.row(c)) is not None and row.pointer]
    assert len(pointed) == 4
    for country in pointed:
        assert not [e.eccn for e in LAW.ccl if sheet(e.eccn, country).required is Truth.NO]


def test_a_paragraph_shows_what_lies_above_and_below_it():
    paragraphs = [text.paragraph for text in sheet("5A001.f").paragraphs]
    assert {"f", "f.1", "f.3.a"} <= set(paragraphs)
    assert not [paragraph for paragraph in paragraphs if not paragraph.startswith("f")]
    assert [text.paragraph for text in sheet("5A001.f.2").paragraphs] == ["f", "f.2"]


def test_requirements_of_other_paragraphs_are_left_out():
    assert {r.control.reason for r in sheet("5A001.f.1").requirements} == {"NS", "SL", "AT"}
    assert {r.control.reason for r in sheet("5A001.f.2").requirements} == {"NS", "AT"}
    partly = {r.control.reason: r.concerns for r in sheet("5A001").requirements}
    assert partly["SL"] is None
    assert partly["AT"] is True


def test_what_the_table_lacks_is_said():
    assert "paragraphs of 6A003 are not in the table" in " ".join(sheet("6A003").not_held)
    assert "no paragraph .q of 3A001" in " ".join(sheet("3A001.q").not_held)
    assert "paragraphs" not in " ".join(sheet("3A981").not_held)
    assert not lacks_paragraphs(LAW.ccl.entry("5A001"))


def test_no_entry_no_sheet():
    assert item_sheet(LAW, "2B352") is None


def test_without_a_destination_nothing_is_answered():
    found = sheet("3A981")
    assert found.destination is None
    assert {r.reached for r in found.requirements} == {None}


@pytest.mark.parametrize(
    ("country", "rules"),
    [
        ("RU", {"us.ear.746.russia-belarus-ccl"}),
        ("CU", {"us.ear.746.cuba"}),
        ("IR", {"us.ear.746.iran"}),
        ("JP", set()),
    ],
)
def test_rules_beside_the_chart_are_named(country, rules):
    found = {rule.id for rule in destination_rules(BOOK, "3A991", country, DAY)}
    assert rules <= found
    assert bool(found) == bool(rules)
    assert "us.ear.746.russia-belarus-tariff-codes" not in found


def test_rules_about_other_items_are_not_named():
    rules = {eccn: {rule.id for rule in destination_rules(BOOK, eccn, "CN", DAY)} for eccn in ("4A994", "6A993")}
    assert "us.ear.744.supercomputers" in rules["4A994"] - rules["6A993"]
    assert all(rule.startswith("us.") for rule in rules["4A994"] | rules["6A993"])


def test_the_address_jumps_to_the_heading():
    assert entry_url(LAW.ccl.entry("6A003")).endswith("#:~:text=6A003%20Cameras")
    assert "#" not in entry_url(None)
    for entry in LAW.ccl:
        assert entry_url(entry).isascii()
        assert " " not in entry_url(entry)
