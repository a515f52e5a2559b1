"""Every way in which two words can meet has words of its own in the explanation."""

from __future__ import annotations

import pytest

from stopship.matching import compare_names
from stopship.matching.explain import _pair_text
from stopship.matching.score import HOW, Pair
from stopship.model.values import Schema


@pytest.mark.parametrize("how", sorted({how for how in HOW if how}))
def test_every_way_of_meeting_is_told(how: str) -> None:
    assert "alpha" in _pair_text("alpha", "alphabet", Pair((0,), (0,), how))


def test_a_word_of_another_script_is_told_by_sound() -> None:
    comparison = compare_names("テクノロジー・シュミット", "Schmit Technology")
    assert comparison.evidence


def test_what_differs_is_one_line_with_both_sides() -> None:
    lines = compare_names("CETC 38th Institute", "CETC 14th Institute").evidence
    differs = [line for line in lines if line.relation == "mismatch"]
    assert [(line.kind, line.ours, line.theirs) for line in differs] == [("number", "38", "14")]
    assert differs[0].text == "'38th' and '14th' are different numbers"


def test_words_are_told_as_printed_and_how_they_were_read() -> None:
    texts = [line.text for line in compare_names("Wulumuqi 海康威视", "Urumqi Hikvision", Schema.COMPANY).evidence]
    assert "'Wulumuqi' and 'Urumqi' are the same place" in texts
    assert "'海康威视 (hikvision)' and 'Hikvision' are the same word" in texts


def test_the_shares_of_a_name_add_up_to_no_more_than_the_whole() -> None:
    for left, right in (("Hikvison USA Inc", "Hikvision"), ("Prigozhin Y.V.", "PRIGOZHIN, Yevgeniy Viktorovich")):
        lines = compare_names(left, right, Schema.PERSON).evidence
        assert sum(abs(line.weight) for line in lines) <= 1.001


def test_an_acronym_that_both_names_have_is_one_line() -> None:
    lines = compare_names("CETC 38th Institute", "CETC 14th Institute").evidence
    assert "Both names say 'china electronics technology group corporation'" in [line.text for line in lines]
