"""Forms, invisible characters, marks, look-alikes; and that doing it twice changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.names import clean, normalize

SAME = [
    ("ＨＩＫＶＩＳＩＯＮ", "hikvision"),  # full-width
    ("Hik\u200bvision", "hikvision"),  # zero-width space
    ("\u202eHikvision\u202c", "hikvision"),  # direction marks
    ("Hik\u00advision", "hikvision"),  # soft hyphen
    ("Hіkvіsіon", "hikvision"),  # Cyrillic і
    ("ΗΙΚVISION", "hikvision"),  # Greek capitals
    ("Ürümqi", "urumqi"),
    ("U\u0308ru\u0308mqi", "urumqi"),
    ("Société Générale", "societe generale"),
    ("Łódź Ørsted Straße Æther đ", "lodz orsted strasse aether d"),
    ("AT&T", "at and t"),
    ("AT & T", "at and t"),
    ("O’Neil", "oneil"),
    ("O'Neil", "oneil"),
    ("Xi'an", "xian"),
    ("S.A.", "sa"),
    ("S A", "sa"),
    ("d.o.o.", "doo"),
    ("D. O. O.", "doo"),
    ("38th", "38"),
    ("No. 38", "no 38"),
    ("ToyokumoInc.", "toyokumo inc"),
    ("Al-Zahrani", "al zahrani"),
    ("7-28", "7 28"),
    ("İSTANBUL", "istanbul"),
]


@pytest.mark.parametrize(("printed", "expected"), SAME)
def test_printed_forms_meet_in_one_normal_form(printed: str, expected: str) -> None:
    assert normalize(printed) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_normalizing_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert normalize(normalize(text)) == normalize(text)


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=30))
def test_normal_form_is_plain_ascii_and_never_empty_for_a_printable_name(text: str) -> None:
    result = normalize(text)
    assert result.isascii()
    assert result == result.lower()
    assert bool(result) == bool(clean(text))


def test_a_wholly_cyrillic_word_stays_cyrillic() -> None:
    assert clean("РОСНЕФТЬ") == "РОСНЕФТЬ"
    assert normalize("РОСНЕФТЬ") == "rosneft"


def test_two_words_of_two_scripts_are_not_mixed_up() -> None:
    assert normalize("ООО Rosneft") == "ooo rosneft"
