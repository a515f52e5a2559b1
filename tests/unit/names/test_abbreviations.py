"""General words abbreviated by rule, phrases with abbreviated words, and names that only look so."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze
from stopship.names.abbreviations import abbreviates, long_form, other_meanings


def _keys(name: str) -> list[str]:
    return [token.key for token in analyze(name, "Company").tokens]


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("Zaltrix Dvlpmnt Ltd", "Zaltrix Development Ltd"),
        ("Zaltrix Infrastr. Ltd", "Zaltrix Infrastructure Ltd"),
        ("Zaltrix Semicond Ltd", "Zaltrix Semiconductor Ltd"),
        ("Zaltrix Enterpr. Ltd", "Zaltrix Enterprises Ltd"),
        ("Zaltrix Avn. Services", "Zaltrix Aviation Services"),
        ("Zaltrix Mktg Svcs Ltd", "Zaltrix Marketing Services Ltd"),
        ("Zaltrix Govt Dept", "Zaltrix Government Department"),
    ],
)
def test_an_abbreviation_is_the_word(short: str, whole: str) -> None:
    assert _keys(short) == _keys(whole)


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("Zaltrix Ship Mgmt Ltd", "Zaltrix Ship Management Ltd"),
        ("Zaltrix Charitable Fdn", "Zaltrix Charitable Foundation"),
        ("Research and Production Assn Zaltrix", "Research and Production Association Zaltrix"),
        (
            "Zaltrix Scientific-Research Inst. for Avn Sys.",
            "Zaltrix Scientific Research Institute for Aviation Systems",
        ),
        ("Zaltrix Scientific Res. Institute", "Zaltrix Scientific Research Institute"),
        ("Zaltrix Special Des. Bureau", "Zaltrix Special Design Bureau"),
        ("Nauchno Proizvodstvennoe Predpriyatie Zaltrix", "Scientific Production Enterprise Zaltrix"),
    ],
)
def test_a_phrase_is_found_with_other_spellings_of_its_words(short: str, whole: str) -> None:
    assert _keys(short) == _keys(whole)
    assert all(
        token.kind is not Kind.WORD or token.text == "zaltrix" for token in analyze(whole, "Company").tokens
    )


@pytest.mark.parametrize(
    "word", ["photon", "kvant", "start", "evraz", "tryg", "mant", "gmcs", "avic", "saman", "hkvsn"]
)
def test_names_that_begin_like_a_general_word_are_none(word: str) -> None:
    assert long_form(word) == ""


def test_an_abbreviation_alone_is_the_name() -> None:
    assert [t.text for t in analyze("Infrastr Ltd", "Company").tokens if t.kind is Kind.WORD] == ["infrastr"]
    assert [t.text for t in analyze("Semicond Trading Ltd", "Company").tokens if t.kind is Kind.WORD] == [
        "semicond"
    ]


def test_shipping_and_trading_are_two_words() -> None:
    assert _keys("Zaltrix Shipping and Trading Co")[1:4] == ["sector:shipping", "particle:and", "filler:trading"]


def test_a_word_is_cut_behind_a_consonant_only() -> None:
    assert abbreviates("indust", "industry") is False  # too little is left out
    assert abbreviates("constr", "construction")
    assert not abbreviates("constru", "construction")
    assert abbreviates("tchnlgy", "technology")


def test_an_ambiguous_abbreviation_has_its_other_meanings() -> None:
    assert other_meanings(["kavan", "elec", "co"]) == [["kavan", "electronic", "co"]]
    assert other_meanings(["met", "trading"]) == []  # nothing else is left that could be the name
    assert other_meanings(["elec"]) == []
    assert any(
        "sector:electronics" in {t.key for t in reading.tokens}
        for reading in analyze("Kavan Elec. Co", "Company").readings
    )
