"""Titles and particles that are names too, kunyas, and which word of a name is the given name."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze
from stopship.names.background import per_100_000
from stopship.names.given_names import given_gender
from stopship.names.tables import rows


def words(name: str) -> list[str]:
    return [t.text for t in analyze(name, "Person").tokens if t.kind is Kind.WORD]


def parts(name: str) -> dict[str, str]:
    return {t.text: t.part for t in analyze(name, "Person").tokens}


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("MARUF, Md.", ["maruf", "md"]),
        ("Md Rafiqul Alam", ["md", "rafiqul", "alam"]),
        ("John Smith, MD", ["john", "smith"]),
        ("Hafiz Muhammad", ["hafiz", "muhammad"]),
        ("Hafiz Muhammad Saeed", ["muhammad", "saeed"]),
        ("SHEIKH, Farooqi", ["sheikh", "farooqi"]),
        ("Sheikh LUMU", ["lumu"]),
        ("Engineer Ismail", ["ismail"]),
        ("Eng. Ismail", ["ismail"]),
        ("Stephen King", ["stephen", "king"]),
        ("King Salman", ["salman"]),
        ("He Jiankui", ["he", "jiankui"]),
        ("An Myong Hun", ["an", "myong", "hun"]),
        ("Kim In Chol", ["kim", "in", "chol"]),
        ("Ben Carson", ["ben", "carson"]),
        ("Iyad Ag Ghali", ["iyad", "ghali"]),
        ("Sidi Ould Ahmed", ["sidi", "ahmed"]),
        ("Mc Donald Ronald", ["mcdonald", "ronald"]),
        ("LE, Van Anh", ["le", "anh"]),
        ("Marine Le Pen", ["marine", "pen"]),
    ],
)
def test_what_is_a_name_and_what_a_title(name: str, names: list[str]) -> None:
    assert words(name) == names


def test_md_is_muhammad() -> None:
    tokens = analyze("MARUF, Md.", "Person").tokens
    assert set(tokens[1].sounds) & set(analyze("MARUF, Muhammad", "Person").tokens[1].sounds)


@pytest.mark.parametrize(
    "name", ["Abu Luqman", "Abou Lugmaan", "LUQMAN, Abu", "Luqman Abu", "Abu al-Luqman", "أبو لقمان"]
)
def test_a_kunya_is_one_name(name: str) -> None:
    tokens = [t for t in analyze(name, "Person").tokens if t.kind is Kind.WORD]
    assert len(tokens) == 1
    assert set(tokens[0].sounds) & set(analyze("Abu Luqman", "Person").tokens[0].sounds)


def test_a_kunya_is_as_common_as_its_sons() -> None:
    assert per_100_000("abuali") > per_100_000("abusamir") > per_100_000("abuzzzz") == 0
    assert per_100_000("abuali") < per_100_000("ali")


@pytest.mark.parametrize(
    ("one", "other"), [("petrova", "petrov"), ("alharbi", "harbi"), ("khan", "khan"), ("leung", "wong")]
)
def test_common_names_are_common_in_each_spelling(one: str, other: str) -> None:
    assert per_100_000(one) >= 100
    assert per_100_000(other) >= 100


def test_which_word_is_the_given_name() -> None:
    assert parts("Marwan Ali Issa") == {"marwan": "given", "ali": "given", "issa": "surname"}
    assert parts("ISSA, Marwan") == {"issa": "surname", "marwan": "given"}
    assert parts("Ivanov Ivan") == {"ivanov": "surname", "ivan": "given"}
    assert parts("Kim Jong Un") == {"kim": "surname", "jong": "given", "un": "given"}
    assert parts("Zzyzx Qwerty") == {"zzyzx": "", "qwerty": ""}


@pytest.mark.parametrize(
    ("word", "sex"),
    [
        ("ivan", "m"),
        ("ivana", "f"),
        ("fatemeh", "f"),
        ("mohamad", "m"),
        ("aljaksandr", "m"),
        ("andrea", ""),
        ("smith", ""),
    ],
)
def test_who_bears_a_given_name(word: str, sex: str) -> None:
    assert given_gender(word) == sex


def test_the_table_of_given_names_has_each_name_once() -> None:
    found: list[str] = []
    for sex, where, names in rows("given_names.tsv"):
        assert sex in ("f", "m")
        assert where
        found += names.split()
    assert len(found) == len(set(found)) >= 1500
    assert all(name.isascii() and name.isalpha() and name.islower() for name in found)
