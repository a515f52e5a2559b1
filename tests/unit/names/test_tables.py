"""The data tables: every one says where its facts come from, and no row is malformed."""

from __future__ import annotations

from importlib import resources

import pytest

from stopship.names.phrases import Kind, legal_phrases, place_phrases, word_phrases
from stopship.names.tables import alternatives, rows
from stopship.names.tokenize import plain_words

COLUMNS = {
    "background.tsv": 2,
    "acronyms.tsv": 2,
    "brands.tsv": 4,
    "cantonese.tsv": 2,
    "han.tsv": 4,
    "han_foreign_names.tsv": 2,
    "han_foreign_sounds.tsv": 2,
    "han_simplified.tsv": 2,
    "hanja.tsv": 2,
    "legal_forms.tsv": 4,
    "places.tsv": 4,
    "surname_families.tsv": 3,
    "words.tsv": 3,
}


@pytest.mark.parametrize(
    "name",
    [path.name for path in (resources.files("stopship.names") / "data").iterdir() if path.name.endswith(".tsv")],
)
def test_every_table_names_its_source(name: str) -> None:
    first = (resources.files("stopship.names") / "data" / name).read_text("utf-8").splitlines()[0]
    assert first.startswith("# SOURCE: ")


@pytest.mark.parametrize(("name", "columns"), COLUMNS.items())
def test_every_row_is_whole(name: str, columns: int) -> None:
    assert rows(name)
    assert [row for row in rows(name) if len(row) != columns or not row[0].strip()] == []


def test_places_name_parents_that_exist() -> None:
    keys = {key for key, _level, _parent, _names in rows("places.tsv")}
    assert len(keys) == len(rows("places.tsv"))
    assert {parent for _key, _level, parent, _names in rows("places.tsv") if parent} <= keys


def test_all_prefectures_of_xinjiang_and_the_corps_cities_are_there() -> None:
    held = {key for key, level, parent, _names in rows("places.tsv") if parent == "xinjiang" and level != "county"}
    assert len(held) == 14 + 12 + 1  # prefectures, cities of the corps, the corps itself


def test_phrases_are_plain_words() -> None:
    for phrase in (*legal_phrases(), *place_phrases(), *word_phrases()):
        assert phrase.words
        assert all(word.isascii() and word == word.lower() for word in phrase.words)


def test_words_know_only_kinds_that_exist() -> None:
    assert {kind for kind, _key, _spellings in rows("words.tsv")} <= {kind.value for kind in Kind} | {"numeral"}


# Two books are looked in: that of persons holds titles and particles, that of organizations all but most titles.
# Titles may be words of organizations too, and what numbers and particles share is settled by their order.
_ALSO_ELSEWHERE = {"title", "particle", "numeral"}


def test_no_spelling_stands_in_two_rows_of_words() -> None:
    meanings: dict[tuple[str, ...], set[str]] = {}
    for kind, key, spellings in rows("words.tsv"):
        if kind not in _ALSO_ELSEWHERE:
            for spelling in spellings.split("|"):
                own = f"{kind}:{spelling}" if key.startswith("~") else f"{kind}:{key}"
                meanings.setdefault(plain_words(spelling), set()).add(own)
    assert {words: keys for words, keys in meanings.items() if len(keys) > 1} == {}


def test_a_row_of_words_has_two_spellings_or_says_why_not() -> None:
    """Rows whose key begins with ~ gather words that are printed in one spelling only."""
    lonely = [
        key
        for kind, key, spellings in rows("words.tsv")
        if kind not in _ALSO_ELSEWHERE and not key.startswith("~") and "|" not in spellings
    ]
    assert lonely == []
    assert len(rows("words.tsv")) > 600


def test_no_spelling_of_a_legal_form_stands_in_two_rows() -> None:
    """Only where alternatives are written out may one of them be another row's: the first row keeps it."""
    forms: dict[tuple[str, ...], set[str]] = {}
    for form, _class, _countries, spellings in rows("legal_forms.tsv"):
        for spelling in spellings.split("|"):
            written = alternatives(spelling)
            if len(written) == 1:
                forms.setdefault(plain_words(written[0]), set()).add(form)
    assert {words: keys for words, keys in forms.items() if len(keys) > 1} == {}


def test_alternatives_are_written_out() -> None:
    assert alternatives("a/b c/d") == ("a c", "a d", "b c", "b d")


def test_no_spelling_of_a_legal_form_means_two_forms_in_one_row() -> None:
    for form, _class, _countries, spellings in rows("legal_forms.tsv"):
        held = spellings.split("|")
        assert len(held) == len(set(held)), form


def test_every_legal_form_has_one_row() -> None:
    forms = [row[0] for row in rows("legal_forms.tsv")]
    assert len(forms) == len(set(forms))
