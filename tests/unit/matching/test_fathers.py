"""A father's name says little; a surname that ends alike says who is meant."""

from __future__ import annotations

import pytest

from stopship.matching.weights import is_patronymic


@pytest.mark.parametrize("word", ["petrovich", "yevgenyevich", "valerievna", "pavlovich", "ilyich"])
def test_fathers_names(word: str) -> None:
    assert is_patronymic(word)


@pytest.mark.parametrize("word", ["vetenevich", "milosevich", "friedrich", "evich"])
def test_surnames_that_end_alike(word: str) -> None:
    assert not is_patronymic(word)
