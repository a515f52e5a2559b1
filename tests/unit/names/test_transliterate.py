"""Scripts to Latin letters."""

from __future__ import annotations

import pytest

from stopship.names import normalize
from stopship.names.script import Script, script_of, scripts


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Евгений Пригожин", "yevgeniy prigozhin"),
        ("Екатеринбург", "yekaterinburg"),
        ("Щербаков", "shcherbakov"),
        ("Общество с ограниченной ответственностью", "obshchestvo s ogranichennoy otvetstvennostyu"),
        ("Київ", "kiyiv"),
        ("Νίκος", "nikos"),
        ("Παπαδόπουλος", "papadopoulos"),
        ("नरेन्द्र मोदी", "narendra modi"),
        ("राम", "ram"),
        ("شىنجاڭ", "shinjang"),  # Uyghur in Arabic letters
        ("ئۈرۈمچى", "urumchi"),
        ("Үрүмчи", "urumchi"),  # Uyghur in Cyrillic letters
        ("قاسم", "qasim"),  # a known name has its vowels
        ("김", "gim"),
        ("トヨタ", "toyota"),
        ("北京", "beijing"),
    ],
)
def test_scripts(printed: str, expected: str) -> None:
    assert normalize(printed) == expected


@pytest.mark.parametrize(
    ("char", "script"),
    [
        ("a", Script.LATIN),
        ("ß", Script.LATIN),
        ("ж", Script.CYRILLIC),
        ("ω", Script.GREEK),
        ("新", Script.HAN),
        ("か", Script.KANA),
        ("한", Script.HANGUL),
        ("ش", Script.ARABIC),
        ("ש", Script.HEBREW),
        ("ท", Script.THAI),
        ("न", Script.DEVANAGARI),
        ("7", Script.COMMON),
        ("-", Script.COMMON),
    ],
)
def test_script_of_a_character(char: str, script: Script) -> None:
    assert script_of(char) is script


def test_scripts_of_a_text() -> None:
    assert scripts("Hikvision 海康 7") == {Script.LATIN, Script.HAN}
    assert scripts("123") == frozenset()
