"""Names of vessels and aircraft."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze
from stopship.names.parts import inner_names
from stopship.names.things import is_imo, registration


def said(name: str, schema: str = "Vessel") -> list[tuple[str, str]]:
    return [(t.key, t.kind.value) for t in analyze(name, schema).tokens]


@pytest.mark.parametrize(
    "prefix", ["M/V", "MV", "M.V.", "MT", "M/T", "SS", "S.S.", "MY", "Tanker", "Motor Vessel", "LPG/C"]
)
def test_the_kind_of_ship_says_nothing_about_which(prefix: str) -> None:
    tokens = analyze(f"{prefix} Glaucus", "Vessel").tokens
    assert [t.text for t in tokens if t.kind is not Kind.TITLE] == ["glaucus"]


def test_a_ship_may_be_called_like_a_kind_of_ship() -> None:
    assert said("TANKER") == [("tanker", "word")]


@pytest.mark.parametrize("name", ["OCEAN STAR 2", "Ocean Star II", "OCEAN STAR-2", "Ocean Star Two"])
def test_numbers_at_the_end_are_one_however_written(name: str) -> None:
    assert said(name)[-1] == ("#2", "number")


@pytest.mark.parametrize(
    "told",
    [
        "IMO 9187629", "(IMO: 9187629)", "IMO9187629", "IMO No. 9187629", "9187629", "MMSI 422031100",
        "call sign EPBR8",
        "Callsign: 9HDQ9",
    ],
)  # fmt: skip
def test_identifiers_in_a_name_are_no_part_of_it(told: str) -> None:
    tokens = analyze(f"Glaucus {told}", "Vessel").tokens
    assert [t.text for t in tokens if t.kind is not Kind.TITLE] == ["glaucus"]


def test_seven_digits_without_the_check_digit_are_part_of_the_name() -> None:
    assert is_imo("9187629")
    assert not is_imo("9187620")
    assert not is_imo("918762")
    assert said("FU YUAN YU 9187620")[-1] == ("#9187620", "number")


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("GLAUCUS Dubai", ["word", "place"]),
        ("GLAUCUS Abu Dhabi", ["word", "place"]),
        ("GLAUCUS SHIPPING LTD", ["word", "sector", "legal"]),
        ("DUBAI", ["word"]),
        ("NEW DUBAI", ["word", "word"]),
        ("IRAN HORMUZ 12", ["word", "word", "number"]),
    ],
)
def test_a_company_or_place_behind_the_name_is_told_apart(name: str, kinds: list[str]) -> None:
    assert [kind for _key, kind in said(name)] == kinds


@pytest.mark.parametrize(
    "name",
    [
        "EP-MNA",
        "EPMNA",
        "EP MNA",
        "Boeing 747 EP-MNA",
        "Aircraft EP-MNA (MSN 23413)",
        "Mahan Air EP-MNA",
        "Space Jet EP-MNA",
    ],
)
def test_a_registration_mark_is_one_number(name: str) -> None:
    assert [key for key, kind in said(name, "Airplane") if kind == "number"] == ["#epmna"]


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        (["yv1009"], "yv1009"),
        (["ra", "85686"], "ra85686"),
        (["n", "12345"], "n12345"),
        (["p", "532"], "p532"),
        (["ew", "001pa"], "ew001pa"),
        (["glaucus"], ""),
        (["gabcd"], "gabcd"),
        (["d", "abcd"], "dabcd"),
        (["mahan", "air"], ""),
        ([], ""),
    ],
)
def test_registration_marks(words: list[str], mark: str) -> None:
    assert registration(words) == mark


@pytest.mark.parametrize(
    "name", ["NEPTUNE ex GLAUCUS", "NEPTUNE (ex-GLAUCUS)", "NEPTUNE, ex. name GLAUCUS", "NEPTUNE ex: GLAUCUS"]
)
def test_a_former_name_is_a_name(name: str) -> None:
    assert inner_names(name, ex=True) == ("NEPTUNE", "GLAUCUS")
    readings = analyze(name, "Vessel").readings
    assert ["glaucus"] in [[t.text for t in r.tokens] for r in readings]
    assert inner_names("Pont Ex Machina") == ()
