"""Countries at the end of printed addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.model.values import country_names
from stopship.sources.countries import country_code, split_country


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cn", "CN"),
        ("TURKIYE", "TR"),
        ("Türkiye", "TR"),
        ("MACAU", "MO"),
        ("MAN, ISLE OF", "IM"),
        ("Korea, North", "KP"),
        ("Democratic People's Republic of Korea", "KP"),
        ("Russia", "RU"),
        ("St. Vincent and the Grenadines", "VC"),
        ("British Virgin Islands", "VG"),
        ("UK", "GB"),
        ("PRC", "CN"),
        ("CG", "CG"),
        ("None Identified", None),
        ("REGION: WEST BANK", None),
        ("Netherlands Antilles", None),
        ("undetermined", None),
        ("XX", None),
        ("", None),
    ],
)
def test_country_code(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("address", "text", "code"),
    [
        ("7 Road, Yerevan, Armenia, AM", "7 Road, Yerevan, Armenia", "AM"),
        ("AM", "", "AM"),
        ("TURKIYE", "", "TR"),
        ("MAN, ISLE OF", "", "IM"),
        ("Douglas, MAN, ISLE OF", "Douglas, MAN, ISLE OF", "IM"),
        ("12 Street, Seoul, Korea, South", "12 Street, Seoul, Korea, South", "KR"),
        ("37 RUE X, PARIS, FR, 75015", "37 RUE X, PARIS, FR, 75015", "FR"),
        ("518 X, ONTARIO, CA, N2K4G5", "518 X, ONTARIO, CA, N2K4G5", "CA"),
        ("605 X, RICHARDSON, TX, US, 75081", "605 X, RICHARDSON, TX, US, 75081", "US"),
        ("605 X, RICHARDSON, TX, 75081", "605 X, RICHARDSON, TX, 75081", "US"),
        ("1 X, WOODLAND HILLS, CA, 91367", "1 X, WOODLAND HILLS, CA, 91367", None),
        ("1 X, ATLANTA, GA, 30301, US", "1 X, ATLANTA, GA, 30301", "US"),
        ("REGION: KAFIA KINGI", "REGION: KAFIA KINGI", None),
        ("c/o GRUPO X, S.A. DE C.V.", "c/o GRUPO X, S.A. DE C.V.", None),
        ("", "", None),
    ],
)
def test_split_country(address: str, text: str, code: str | None) -> None:
    assert split_country(address) == (text, code)


@given(st.text(max_size=60))
def test_any_text_gives_a_code_or_none(text: str) -> None:
    rest, code = split_country(text)
    assert code is None or code in country_names()
    assert rest in text
