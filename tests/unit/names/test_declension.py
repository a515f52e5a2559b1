"""Forms of Slavic words by rule."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze
from stopship.names.declension import adjectives_of_place, declined


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("mashinostroitelnyi", "mashinostroitelny"),
        ("mashinostroitelnyi", "mashinostroitelnaya"),
        ("tekhnicheskii", "tekhnicheskogo"),
        ("tekhnicheskii", "tekhnicheski"),
        ("stroenie", "stroeniya"),
        ("aviatsiya", "aviatsii"),
    ],
)
def test_a_form_follows_from_another(word: str, form: str) -> None:
    assert form in set(declined(word))


@pytest.mark.parametrize("word", ["technology", "company", "gorny", "electronics", "nippon"])
def test_other_words_have_no_such_forms(word: str) -> None:
    assert list(declined(word)) == []


def test_towns_in_sk_have_adjectives() -> None:
    assert "novosibirskaya" in set(adjectives_of_place("novosibirsk"))
    assert list(adjectives_of_place("berlin")) == []


@pytest.mark.parametrize("form", ["Gosudarstvenny", "Gosudarstvennogo", "Gosudarstvennykh"])
def test_forms_are_known_in_names(form: str) -> None:
    tokens = analyze(f"{form} Zaltrix", "Company").tokens
    assert (tokens[0].kind, tokens[0].key) == (Kind.ADJECTIVE, "adjective:state")
