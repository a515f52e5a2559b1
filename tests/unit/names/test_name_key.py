"""One key for the very same name, however its legal form is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.names.name_key import name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Holding Limited", "ACME HOLDING, LTD."),
        ("Beispiel GmbH", "Beispiel Gesellschaft mit beschränkter Haftung"),
        ("ООО Ромашка", "Ромашка, ООО"),
        ("Muster Co., Ltd.", "MUSTER COMPANY LIMITED"),
        ("Müller & Söhne", "MULLER AND SOHNE"),
    ],
)
def test_the_same_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Holding Ltd", "Acme Holdings Ltd"),
        ("Acme Ltd", "Acme AG"),
        ("Acme One Ltd", "One Acme Ltd"),
        ("Ltd", "AG"),
    ],
)
def test_another_name(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(max_size=40))
def test_any_text_has_a_key_and_case_does_not_matter(text: str) -> None:
    key = name_key(text)
    assert key == name_key(f"  {text} ")
    assert bool(key) or not any(c.isalnum() for c in text)
