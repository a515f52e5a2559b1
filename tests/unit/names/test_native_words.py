"""General words of other scripts are known by what they mean."""

from __future__ import annotations

import pytest

from stopship.names import analyze
from stopship.names.native_words import by_meaning
from stopship.names.normalize import clean


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("شركة الفجر للتجارة المحدودة", "company الفجر trading limited"),
        ("بانک صادرات ایران", "bank export ایران"),
        ('חברת אורן לתעשיות בע"מ', "company אורן industries ltd"),
        ("บริษัทไทยเบฟจำกัด", "company ไทยเบฟ limited"),
        ("삼성전자주식회사", "삼성 electronics jusikhoesa"),
        ("김은행", "김은행"),
        ("بنك", "بنك"),
        ("Zorka", "Zorka"),
    ],
)
def test_general_words_are_put_in_latin(name: str, latin: str) -> None:
    assert by_meaning(clean(name)) == clean(latin)


def test_a_person_keeps_every_word() -> None:
    assert all(not t.key.startswith("legal") for t in analyze("شركة الفجر", "Person").tokens)
