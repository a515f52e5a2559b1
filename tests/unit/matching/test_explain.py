"""Every way in which two words can meet has words of its own in the explanation."""

from __future__ import annotations

import pytest

from stopship.matching import compare_names
from stopship.matching.explain import _pair_text
from stopship.matching.score import HOW, Pair


@pytest.mark.parametrize("how", sorted({how for how in HOW if how}))
def test_every_way_of_meeting_is_told(how: str) -> None:
    assert "alpha" in _pair_text("alpha", "alphabet", Pair((0,), (0,), how))


def test_a_word_of_another_script_is_told_by_sound() -> None:
    comparison = compare_names("テクノロジー・シュミット", "Schmit Technology")
    assert comparison.evidence
