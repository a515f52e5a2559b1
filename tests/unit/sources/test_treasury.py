"""Labels of the Treasury at the beginning of a text, and remarks that tell too much."""

from __future__ import annotations

import pytest

from stopship.sources.treasury import is_number, is_special_remark, split_label


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Passport A123 (Iran)", ("Passport", "A123 (Iran)")),
        ("Tax ID No. 7700000001 (Russia)", ("Tax ID No.", "7700000001 (Russia)")),
        ("Digital Currency Address - XBT 1EfM", ("Digital Currency Address - XBT", "1EfM")),
        (
            "Listing Date (EO 14024 Directive 3): 24 Feb 2022",
            ("Listing Date", "(EO 14024 Directive 3): 24 Feb 2022"),
        ),
        ("Vessel Registration Identification IMO 9074729", ("Vessel Registration Identification", "IMO 9074729")),
        ("Registration Number 12", ("Registration Number", "12")),
        ("Website www.example.com", ("Website", "www.example.com")),
        ("License revoked by the ministry", None),
        ("Passports of the family were revoked in 2001", None),
        ("Director of the Sample Bureau", None),
    ],
)
def test_a_label_and_what_follows(text: str, parts: tuple[str, str] | None) -> None:
    assert split_label(text) == parts


def test_numbers_and_notes() -> None:
    assert is_number("Passport") and is_number("Digital Currency Address - XBT")
    assert (
        not is_number("Secondary sanctions risk:") and not is_number("Listing Date") and not is_number("Nonsense")
    )


@pytest.mark.parametrize(
    "text",
    ["Gender Male", "ethnicity Kurdish", "Tribe: Sample", "Religion: Sample", "Eye Color Brown", "Race White"],
)
def test_attributes_of_special_categories(text: str) -> None:
    assert is_special_remark(text)


@pytest.mark.parametrize(
    "text",
    [
        "Minister of Women's Affairs, Gender and Community Development",
        "Health Ministry official",
        "Hair Trading Company director",
        "Linked To: GENDER EXAMPLE LTD",
        "Member of the Example Movement",
    ],
)
def test_offices_and_links_are_none(text: str) -> None:
    assert not is_special_remark(text)
