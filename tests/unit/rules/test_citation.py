"""What listings print as their citation, and where a reader finds it."""

from __future__ import annotations

import pytest

from stopship.rules.citation import Citation, printed_citations

PAGE = "https://example.org/list"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (
            "84 FR 54002; 85 FR 44159",
            [
                ("84 FR 54002", "https://www.federalregister.gov/citation/84-FR-54002"),
                ("85 FR 44159", "https://www.federalregister.gov/citation/85-FR-44159"),
            ],
        ),
        ("2022/581 (OJ L110)", [("2022/581", "https://eur-lex.europa.eu/eli/reg/2022/581/oj")]),
        ("Regulation (EU) No 269/2014", [("269/2014", "https://eur-lex.europa.eu/eli/reg/2014/269/oj")]),
        (
            "The Russia (Sanctions) (EU Exit) Regulations 2019, S.I. 2019/855",
            [("S.I. 2019/855", "https://www.legislation.gov.uk/uksi/2019/855")],
        ),
        ("Resolution 1267 (1999)", [("Resolution 1267 (1999)", "https://docs.un.org/en/S/RES/1267(1999)")]),
        # Both may be the year: nothing is guessed.
        ("Regulation (EU) No 2013/2014", [("Regulation (EU) No 2013/2014", PAGE)]),
        # Dates are no regulations.
        ("Vol. 59, No. 44, 03/07/1994", [("Vol. 59, No. 44, 03/07/1994", PAGE)]),
        ("85 F.R. 52312 8/25/2020", [("85 FR 52312", "https://www.federalregister.gov/citation/85-FR-52312")]),
        ("", []),
    ],
)
def test_printed_citations(printed, expected):
    assert list(printed_citations(printed, PAGE)) == [Citation(*pair) for pair in expected]


def test_a_text_without_any_address_is_left_to_the_rule():
    assert list(printed_citations("SR 946.231.176.72", "")) == []
