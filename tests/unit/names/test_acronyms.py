"""Acronyms: spelled out where the letters are one, left alone where they are many firms' name."""

from __future__ import annotations

import pytest

from stopship.names import analyze
from stopship.names.acronyms import spelled_out
from stopship.names.normalize import clean
from stopship.names.tables import rows
from stopship.names.tokenize import plain_words, words


def _read(name: str) -> list[str]:
    cleaned = clean(name)
    return [" ".join(found) for found in spelled_out(cleaned, [word.text for word in words(cleaned)])]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("SMIC", "semiconductor manufacturing international corporation"),
        ("SMIC Shanghai", "semiconductor manufacturing international corporation shanghai"),
        ("IRGC Navy", "islamic revolutionary guard corps navy"),
        ("I.R.I.S.L.", "islamic republic of iran shipping lines"),
        ("CETC-38", "china electronics technology group corporation 38"),
        ("TsAGI", "central aerohydrodynamic institute"),
        ("HIT Shenzhen", "harbin institute of technology shenzhen"),
    ],
)
def test_acronyms_are_spelled_out(name: str, read: str) -> None:
    assert _read(name) == [read]


@pytest.mark.parametrize("name", ["HIT Ltd", "tsagi", "Cast Iron Works", "ISIS PHARMACEUTICALS", "VTB Trading"])
def test_what_may_be_another_name_is_left_alone(name: str) -> None:
    assert _read(name) == []


def test_every_acronym_has_one_row_and_is_one_word() -> None:
    acronyms = [acronym.upper() for acronym, _full in rows("acronyms.tsv")]
    assert len(acronyms) == len(set(acronyms)) >= 250
    assert all(acronym.isascii() and acronym.isalpha() for acronym in acronyms)
    assert all(plain_words(full) for _acronym, full in rows("acronyms.tsv"))


def roles(text: str) -> dict[str, str]:
    return {
        r.role: r.tokens[0].text for r in analyze(text, "Company").readings if r.role in ("letters", "capitals")
    }


def test_initials_of_long_names_and_words_in_capitals_are_readings_of_their_own() -> None:
    assert roles("Zarbon Institute of Marine Physics Co., Ltd.") == {"letters": "zimp"}
    assert roles("ZIMP Co., Ltd.") == {"capitals": "zimp"}
    assert roles("Zimp Co., Ltd.") == {}  # a word like any other
    assert roles("Zarbon Marine Physics") == {}  # three letters are those of many names
    assert roles("ZIMP Trading") == {}


def test_the_full_reading_stays_the_first() -> None:
    """A second reading with the same tokens once moved it behind the initials, and the name was exact no more."""
    assert analyze("Shenzhen Shunjinxin IMP&Export Co. Ltd.", "Company").readings[0].role == "full"
