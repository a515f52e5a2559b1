"""Spelling families: what is one name in many spellings, and what is not."""

from __future__ import annotations

from itertools import combinations

import pytest

from stopship.names.families import families_of
from stopship.names.sounds import sounds_of
from stopship.names.tables import rows


def keys(word: str) -> set[str]:
    return {key for key in sounds_of(word) if not key.startswith("k:")}


@pytest.mark.parametrize(
    "spellings",
    [
        "gaddafi qadhafi kadhafi qaddafi",
        "muhammad mohammed mohamed mohamad mehmet",
        "hussein husayn hossein huseyin",
        "yusuf youssef yousef",
        "abdurrahman abdelrahman abdulrahman abdulrehman",
        "abdullah abdulla abdallah",
        "uthman osman",
        "khalid khaled",
        "ghasem qasim kasem",
        "qaduli kadouli ghadouli",
        "reza ridha",
        "mahdi mehdi",
        "yevgeny evgenii jewgeni yevhen",
        "oleksandr alexander aleksandr",
        "vasilyev vasiliev",
        "skripnitskiy skripnitsky skripnitski",
        "shcherbakov shcherbakow",
        "honcharenko goncharenko",
        "rachid rashid",
        "salahuddin salahaldin salaheddine",
        "kim gim",
        "park pak bak",
        "sukarno soekarno",
        "gonzalez gonzales",
        "smith smyth",
        "catherine kathryn",
        "steven stephen",
        "chelik celik",
    ],
)
def test_spellings_of_one_name_share_a_key(spellings: str) -> None:
    for one, other in combinations(spellings.split(), 2):
        assert keys(one) & keys(other), (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hamad", "hamid"),
        ("ivan", "ivana"),
        ("aleksandr", "aleksandra"),
        ("hassan", "hussein"),
        ("mahmoud", "muhammad"),
        ("karim", "karam"),
        ("volkov", "volkova"),
        ("bill", "bob"),
        ("martin", "morton"),
        ("yun", "jin"),
        ("abdulrahman", "abdulrahim"),
    ],
)
def test_different_names_share_none(one: str, other: str) -> None:
    assert not keys(one) & keys(other)


def test_short_forms_meet_the_full_name_in_any_spelling() -> None:
    assert keys("bill") & keys("william")
    assert keys("misha") & keys("mykhailo")
    assert keys("sasha") & keys("aleksandr")
    assert keys("sasha") & keys("aleksandra")
    assert keys("pepe") & keys("jose")


def test_a_word_without_vowels_meets_by_its_consonants_only() -> None:
    bare = sounds_of("hsyn", abjad=True)
    assert all(key.startswith("k:") for key in bare)
    assert set(bare) & set(sounds_of("husayn"))
    assert set(sounds_of("ksmuf", abjad=True)) & set(sounds_of("kasimov"))


def test_numbers_and_short_words_have_no_keys_of_their_own() -> None:
    assert sounds_of("38") == ()
    assert sounds_of("k7x") == ()
    assert sounds_of("") == ()
    assert len(sounds_of("ali")) >= 1


def test_keys_are_few_and_always_the_same() -> None:
    for word in ("yevgenievich", "weissenberger", "czeslawdzhejchgh", "aeiouy", "x" * 40):
        assert sounds_of(word) == sounds_of.__wrapped__(word)
        assert len(sounds_of(word)) <= 24


def test_tables_hold_plain_words() -> None:
    for (spellings,) in rows("name_families.tsv"):
        assert spellings.isascii()
        assert len(spellings.split()) > 1
    for full, short in rows("nicknames.tsv"):
        assert full.isalpha()
        assert short.isascii()
    assert families_of("zzzz") == ()


def test_words_that_are_two_letters_without_doubles() -> None:
    """WRRR are the initials of four words."""
    for word in ("wrrr", "knnn", "ggnn", "kkkn", "mmcc"):
        assert all(key for key in sounds_of(word))
