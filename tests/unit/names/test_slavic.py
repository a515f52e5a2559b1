"""Forms of Slavic words in Cyrillic letters."""

from __future__ import annotations

import pytest

from stopship.names.slavic import dictionary_stems, first_part, international, place_of, stems


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("научный", "научного научная научно научных научными научную"),
        ("морской", "морская морского морских"),
        ("санаторий", "санатория санаторием санаториев"),
        ("академия", "академии академией академиями"),
        ("поставка", "поставки поставок поставкам"),
        ("прибор", "прибора приборов приборами"),
        ("государство", "государства государством"),
        ("национален", "национална националният националната националното националните"),
        ("атомная", "атомной атомную"),
        ("сияен", "сияйна сияйната"),
        ("дружество", "дружеството дружества дружествата"),
        ("доброволец", "доброволците добровольцев"),
        ("державний", "державного державна державної державне"),
        ("дзяржаўны", "дзяржаўнага дзяржаўная дзяржаўнай"),
        ("компанија", "компаније компанији компанију"),
    ],
)
def test_forms_share_a_stem(word: str, forms: str) -> None:
    for form in forms.split():
        assert not dictionary_stems(word).isdisjoint(stems(form)), form


@pytest.mark.parametrize(
    ("word", "other"),
    [("партия", "паритет"), ("банк", "банан"), ("газ", "газон"), ("суд", "судно"), ("вада", "Вадим")],
)
def test_other_words_do_not(word: str, other: str) -> None:
    assert dictionary_stems(word).isdisjoint(stems(other))


def test_compounds_are_parted_where_both_parts_are_long() -> None:
    assert ("radio", "завод") in list(first_part("радиозавод"))
    assert list(first_part("Газпром")) == []
    assert list(first_part("Промбанк")) == []


@pytest.mark.parametrize(
    ("adjective", "place"),
    [
        ("Челябинского", ("chelyabinsk", "челябин")),
        ("Серовский", ("", "серов")),
        ("Воскресенская", ("", "воскресен")),
        ("завод", None),
        ("морской", None),
    ],
)
def test_adjectives_tell_their_place(adjective: str, place: tuple[str, str] | None) -> None:
    assert place_of(adjective) == place


@pytest.mark.parametrize(
    ("word", "latin"),
    [
        ("Белтехэкспорт", "beltechexport"),
        ("Гидромаш", "hydromash"),
        ("ИННОХАБ", "innohub"),
        ("Калашников", ""),
        ("Михайлович", ""),
    ],
)
def test_international_parts_are_spelled_as_in_latin(word: str, latin: str) -> None:
    assert international(word) == latin
