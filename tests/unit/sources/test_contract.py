"""What no source and no table may hand over."""

from __future__ import annotations

import pytest

from stopship.sources.contract import SPECIAL_CATEGORIES, Reject, is_special_category


@pytest.mark.parametrize(
    "label",
    [
        "Gender",
        "ETHNICITY:",
        "ethnic_group",
        "Ethnic Groups",
        "religion",
        "Religions",
        "sexualOrientation",
        "Sexual Orientation -",
        "political-opinion",
        "Trade Union Membership",
        "trade unions",
        "Biometrics",
        "Blood type",
        "Race",
        "Disabilities",
        "Health information",
    ],
)
def test_special_categories_are_known_in_any_spelling(label: str) -> None:
    assert is_special_category(label)


@pytest.mark.parametrize(
    "label",
    ["name", "party", "Trade License No.", "race track", "address", "hs", "grace", "nationalities", "", "title"],
)
def test_other_labels_are_not(label: str) -> None:
    assert not is_special_category(label)


def test_the_vocabulary_covers_what_the_design_names() -> None:
    for word in (
        "ethnicity",
        "race",
        "religion",
        "political opinion",
        "health",
        "biometric",
        "sexual orientation",
    ):
        assert word in SPECIAL_CATEGORIES
    assert all(is_special_category(category) for category in SPECIAL_CATEGORIES)


def test_a_reject_shows_the_beginning_of_its_row() -> None:
    reject = Reject.of(7, "why", ["a  b", "", " ", "c" * 500])
    assert reject.text.startswith("a b | ccc") and len(reject.text) == 200
