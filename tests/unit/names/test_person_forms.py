"""Initials, commas, nicknames in quotes and names of vessels."""

from __future__ import annotations

import pytest

from stopship.matching import compare_names
from stopship.model.values import Schema
from stopship.names import Kind, analyze


def texts(name: str, schema: str = "Person") -> list[str]:
    return [t.text for t in analyze(name, schema).tokens]


@pytest.mark.parametrize(
    "name", ["Prigozhin Y.V.", "Prigozhin Y. V.", "PRIGOZHIN YV", "Prigozhin, Y.V.", "Пригожин Е.В."]
)
def test_initials_however_they_are_written(name: str) -> None:
    assert texts(name) == ["prigozhin", "y", "v"]
    assert [t.kind for t in analyze(name, "Person").tokens[1:]] == [Kind.INITIAL, Kind.INITIAL]


@pytest.mark.parametrize("name", ["Ng Wei", "Tran Ly", "Md Karim"])
def test_short_names_are_no_initials(name: str) -> None:
    assert Kind.INITIAL not in [t.kind for t in analyze(name, "Person").tokens]


def test_nothing_is_joined_across_a_comma() -> None:
    tokens = analyze("ABDUL, Salim", "Person").tokens
    assert [(t.text, t.part) for t in tokens] == [("abdul", "surname"), ("salim", "given")]
    assert texts("ABD AL-RAHMAN, Salim") == ["abdalrahman", "salim"]
    assert analyze("ABD AL-RAHMAN, Salim", "Person").tokens[0].part == "surname"


def test_a_nickname_in_quotes_may_be_left_out() -> None:
    readings = [[t.text for t in r.tokens] for r in analyze('Viktor "Vitya" Bout', "Person").readings]
    assert ["viktor", "bout"] in readings


def test_the_kind_of_ship_is_a_title_and_roman_numbers_are_numbers() -> None:
    keys = [[t.key for t in analyze(n, "Vessel").tokens] for n in ("M/V STAR II", "M.V. Star 2", "MV STAR-2")]
    assert keys[0] == keys[1] == keys[2]
    assert [t.kind for t in analyze("LPG/C NOVA", "Vessel").tokens] == [Kind.TITLE, Kind.TITLE, Kind.WORD]
    assert texts("STAR X", "Vessel") == ["star", "x"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Qaduli", "Kadouli"), ("Ghasem Soleimani", "Qasim Sulaymani"), ("Muammar Gaddafi", "Muammar Qadhafi")],
)
def test_spellings_of_one_name_share_a_sound(one: str, other: str) -> None:
    for left, right in zip(analyze(one, "Person").tokens, analyze(other, "Person").tokens, strict=True):
        assert set(left.sounds) & set(right.sounds) or left.text == right.text


def test_ivan_is_not_ivana() -> None:
    assert not compare_names("Ivan Petrov", "Ivana Petrov", Schema.PERSON).alert
