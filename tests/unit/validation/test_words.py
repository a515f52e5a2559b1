"""Legal forms stand at the end of a name, or in front; truncation leaves something to tell a name by."""

from __future__ import annotations

import pytest

from stopship.model.values import Schema
from stopship.validation.manipulate import manipulate
from stopship.validation.words import form_in


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Zaltrix Limited", "Limited"),
        ("Zaltrix Limited Partners Group", None),
        ("Zaltrix Trading Co., Ltd.", "Co., Ltd."),
        ("Zaltrix (Private Limited)", "Private Limited"),
        ("OOO Zaltrix", "OOO"),
        ("Joint Stock Company Zaltrix", "Joint Stock Company"),
        ("SA Zaltrix", None),
        ("LLC", None),
    ],
)
def test_a_form_is_one_at_an_end_of_the_name(name: str, form: str | None) -> None:
    found = form_in(name)
    assert (name[found[0] : found[1]] if found else None) == form


def test_a_form_in_front_is_dropped() -> None:
    assert manipulate("legal_form_dropped", "OOO Zaltrix", Schema.COMPANY) == "Zaltrix"


def test_what_is_cut_off_leaves_the_first_word_and_six_letters() -> None:
    for seed in range(20):
        cut = manipulate("truncated", "Volgograd Zaltrixine Works", Schema.COMPANY, seed=seed)
        assert cut
        assert len(cut) >= len("Volgograd Zaltri")
