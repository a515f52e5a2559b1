"""License requirements as the lists print them."""

from __future__ import annotations

import pytest

from stopship.rules.requirement import ItemScope, parse_requirement


@pytest.mark.parametrize(
    ("text", "footnotes"),
    [
        ("For all items subject to the EAR. (See §744.11 of the EAR).", ()),
        ("For all items subject to the EAR. (See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)", ("3",)),
        ("For All Items Subject to the EAR (See §734.9(g), 3 §746.8(a)(3), and §744.21(b) of the EAR).", ("3",)),
        ("For all items subject to the EAR (See §§ 734.9(g), 746.8(a)(3), and 744.21(b) of the EAR)", ("3",)),
        ("For all items subject to the EAR, see §§ 734.9(e)1 and 744.11 of the EAR2", ("1",)),
        ("For all items subject to the EAR, see §§ 734.9(e) 1 and 744.11 of the EAR 2", ("1",)),
        ("For all items subject to the EAR. (See §§ 734.9(e)(2) and 744.11 of the EAR)4", ("4",)),
        ("For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR) 4", ("4",)),
        ("For all items subject to the EAR (See §§734.4(a)(9), 734.9(e)(3), and 744.11 of the EAR)5", ("5",)),
        ("For all items subject to the EAR. (See §734.9(e) and §744.11 of the EAR)", ("?",)),
        ("For all items subject to the EAR. (See §744.11 of the EAR)7", ("7",)),
    ],
)
def test_footnotes_go_by_the_section_first_and_the_digit_second(text, footnotes):
    read = parse_requirement(text)
    assert read.complete
    assert read.items is ItemScope.ALL
    assert read.footnotes == footnotes


def test_projects_address_rows_and_supplements():
    project = parse_requirement(
        "For all items subject to the EAR when used in projects specified in § 746.8(a)(4) of the EAR"
    )
    assert project.projects_only and project.complete
    for text in (
        "For items on the CCL and listed in supplement no. 7 to part 746 of the EAR",
        "For items on the CCL and EAR99 items listed in supplement no. 7 to part 746 of the EAR.",
    ):
        assert parse_requirement(text).items is ItemScope.CCL_AND_SUPP_7
    assert parse_requirement("For any item subject to the EAR listed in supplement no. 2 to part 744.").items is (
        ItemScope.SUPP_2
    )


def test_a_license_exception_that_the_row_allows_is_kept_as_printed():
    read = parse_requirement(
        "For all items subject to the EAR. (See § 744.11 of the EAR). This license requirement may be overcome by "
        "License Exception GOV under § 740.11(b)(2) and (e)."
    )
    assert read.complete
    assert "license exception gov" in read.exception


def test_what_is_not_understood_is_kept():
    read = parse_requirement("For all items subject to the EAR, except bicycles on Sundays")
    assert not read.complete
    assert "bicycles" in read.unread


@pytest.mark.parametrize("text", ["", "   ", "§§§", "(see", "1" * 5000, "For all items"])
def test_nothing_makes_it_fail(text):
    assert not parse_requirement(text).complete
