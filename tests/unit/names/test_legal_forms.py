"""Legal forms however they are written, slipped or broken off; and names that only look like them."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze
from stopship.names.legal_forms import form_class


def _forms(name: str) -> set[str]:
    return {t.key for t in analyze(name, "Company").tokens if t.kind is Kind.LEGAL}


def _distinctive(name: str) -> list[str]:
    return [t.text for t in analyze(name, "Company").tokens if t.kind is Kind.WORD]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Zaltrix G. m. b. H.", "Zaltrix GmbH"),
        ("Zaltrix L L C", "Zaltrix LLC"),
        ("Zaltrix CO.LTD", "Zaltrix Co., Ltd."),
        ("Zaltrix Sp. z o.o.", "Zaltrix SpzOO"),
        ("SIS DOO", "SIS d.o.o."),
        ("Zaltrix PTYLTD", "Zaltrix Pty Ltd"),
        ("Zaltrix PTELTD", "Zaltrix Pte. Ltd."),
        ("Zaltrix SDNBHD", "Zaltrix Sdn. Bhd."),
        ("ZaltrixInc.", "Zaltrix Inc"),
        ("Zaltrix Co., Lt", "Zaltrix Co., Ltd."),
        ("Zaltrix Company Limi", "Zaltrix Company Limited"),
        ("Zaltrix Limted", "Zaltrix Limited"),
        ("Zaltrix Corportion", "Zaltrix Corporation"),
        ("Zaltrix Corpo", "Zaltrix Corporation"),
        ("Zaltrix Limited Liability Compan", "Zaltrix LLC"),
        ("Zaltrix Joint Stok Company", "Zaltrix JSC"),
        ("Zaltrix Joint Stock Compa", "Zaltrix JSC"),
    ],
)
def test_a_form_is_seen_however_it_is_written(name: str, other: str) -> None:
    assert _forms(name) == _forms(other) != set()
    assert _distinctive(name) == _distinctive(other)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Zaltrix Partnerselskab", "limited_partnership"),
        ("Zaltrix Osuuskunta", "cooperative"),
        ("Zaltrix PartGmbB", "partnership"),
        ("Respublikanskoe gosudarstvennoe predpriyatie Zaltrix", "state"),
        ("Zaltrix Unltd", "company"),
    ],
)
def test_forms_of_many_countries_have_their_class(name: str, kind: str) -> None:
    assert {form_class(key) for key in _forms(name)} == {kind}


@pytest.mark.parametrize("name", ["Mike Zaltrix", "Zaltrix Art", "Teo Zaltrix", "Zaltrix Partners", "CIC Zaltrix"])
def test_names_that_only_look_like_forms_stay(name: str) -> None:
    assert _forms(name) == set()


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Zaltrix Mnfctrng Ltd", "Zaltrix Manufacturing Ltd"),
        ("Zaltrix Tchnlgy Ltd", "Zaltrix Technology Ltd"),
        ("Zaltrix Engnrng Ltd", "Zaltrix Engineering Ltd"),
        ("Zaltrix Elctrncs Ltd", "Zaltrix Electronics Ltd"),
    ],
)
def test_a_general_word_without_its_vowels_is_that_word(short: str, full: str) -> None:
    assert [t.key for t in analyze(short, "Company").tokens] == [t.key for t in analyze(full, "Company").tokens]


@pytest.mark.parametrize("word", ["Hkvsn", "Tryg", "Grmv", "Brvx"])
def test_strange_words_without_vowels_stay_distinctive(word: str) -> None:
    assert word.lower() in _distinctive(f"{word} Zaltrix Ltd")
