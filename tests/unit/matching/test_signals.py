"""Single signals: countries, dates, identifiers, tokens, candidates."""

from __future__ import annotations

import pytest

from stopship.matching.compare.countries import compare_countries
from stopship.matching.compare.dates import compare_dates
from stopship.matching.compare.identifiers import compare_identifiers, family, identifier_keys
from stopship.matching.weights import information
from stopship.model.entity import Identifier
from stopship.model.values import PartialDate
from stopship.names import Kind, Token
from stopship.names.sounds import sounds_of

date = PartialDate.parse


def relation(signal: object) -> list[str]:
    return [line.relation for line in signal.evidence]  # type: ignore[attr-defined]


def test_countries() -> None:
    assert relation(compare_countries(("CN",), ("CN", "HK"))) == ["match"]
    assert relation(compare_countries(("DE",), ("CN",))) == ["mismatch"]
    assert relation(compare_countries(("HK",), ("CN",))) == ["unknown"]  # printed one for the other
    assert relation(compare_countries(("DE",), ())) == ["unknown"]
    assert compare_countries((), ()).evidence == ()
    assert compare_countries(("DE",), ()).keep == 1 and compare_countries(("DE",), ()).lift == 0


def test_dates() -> None:
    full, year = (date("1961-06-01"),), (date("1961"),)
    assert relation(compare_dates("birth_date", full, year)) == ["match"]
    assert compare_dates("birth_date", full, full).lift > compare_dates("birth_date", full, year).lift > 0
    assert relation(compare_dates("birth_date", full, (date("1970"),))) == ["mismatch"]
    swapped = compare_dates("birth_date", (date("1961-01-06"),), full)
    assert 1 > swapped.keep > compare_dates("birth_date", (date("1970"),), full).keep
    assert relation(compare_dates("birth_date", full, ())) == ["unknown"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("imo", "imo"),
        ("Vessel Registration Identification", "imo"),
        ("passport", "passport"),
        ("diplomatic_passport", "passport"),
        ("lei", "lei"),
        ("tax_id", "register"),
        ("Tax ID No.", "register"),
        ("registration_number", "register"),
        ("Unified Social Credit Code (USCC)", "register"),
        ("swift_bic", "bic"),
        ("website", ""),
        ("email_address", ""),
        ("phone_number", ""),
        ("gender", ""),
    ],
)
def test_families_of_identifiers(kind: str, expected: str) -> None:
    assert family(kind) == expected


def test_identifiers_too_short_to_identify_have_no_key() -> None:
    assert identifier_keys(Identifier("passport", "12")) == ()
    assert identifier_keys(Identifier("website", "hikvision.com")) == ()
    assert identifier_keys(Identifier("imo", "IMO 9187629")) == identifier_keys(Identifier("imo", "9187629"))
    assert len(identifier_keys(Identifier("swift_bic", "CKLBCNBJXXX"))) == 2


def test_identifiers_relate() -> None:
    listed = (Identifier("imo", "9187629"), Identifier("tax_id", "7710140679", "RU"))
    assert relation(compare_identifiers((Identifier("imo", "IMO9187629"),), listed)) == ["match"]
    assert relation(compare_identifiers((Identifier("imo", "9074729"),), listed)) == ["mismatch"]
    assert relation(compare_identifiers((Identifier("tax_id", "7710140670", "RU"),), listed)) == ["mismatch"]
    assert relation(compare_identifiers((Identifier("tax_id", "7710140670", "DE"),), listed)) == ["unknown"]
    assert compare_identifiers((), listed).evidence == ()


def test_rarity_falls_with_how_common_a_word_is() -> None:
    def says(text: str, entities: int = 0) -> float:
        return information(Token(text, Kind.WORD, text), entities)

    assert says("karovelt", 2) > says("karovelt", 20) > says("karovelt", 40) == says("karovelt", 2000) > 0
    assert says("smith") < says("karov")
    assert says("gl") < says("karo") < says("karovelt")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("yevgeniy", "evgeny"),
        ("muhammad", "mohamed"),
        ("aleksandr", "alexandr"),
        ("yusuf", "yousuf"),
        ("sergey", "sergei"),
    ],
)
def test_spellings_that_sound_alike(one: str, other: str) -> None:
    assert not set(sounds_of(one)).isdisjoint(sounds_of(other))


@pytest.mark.parametrize(
    ("one", "other"), [("maria", "mario"), ("ivan", "ivana"), ("carlos", "carla"), ("hassan", "hossein")]
)
def test_names_that_do_not_sound_alike(one: str, other: str) -> None:
    def spoken(text: str) -> set[str]:
        return {key for key in sounds_of(text) if not key.startswith("k:")}

    assert spoken(one).isdisjoint(spoken(other))
