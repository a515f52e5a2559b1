"""Names inside names, forms that peers trip over, general words in their spellings."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze
from stopship.names.parts import inner_names


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Foo Ltd (formerly Zarbon Industries)", ("Foo Ltd", "Zarbon Industries")),
        ("Foo Ltd f/k/a Zarbon", ("Foo Ltd", "Zarbon")),
        ("John Smith t/a Zarbon Foods", ("John Smith", "Zarbon Foods")),
        ("Foo c/o Zarbon Ltd.", ("Foo", "Zarbon Ltd.")),
        ("Foo LLC, a subsidiary of Bank Melli Iran", ("Foo LLC", "Bank Melli Iran")),
        ("Foo on behalf of the Zarbon Company", ("Foo", "Zarbon Company")),
        ("Representative Office of Zarbon Co.", ("Zarbon Co.",)),
        ("Foo (ex Zarbon)", ("Foo", "Zarbon")),
        ("Bank of Zarbon", ()),
        ("Dbaya Trading", ()),
    ],
)
def test_the_names_inside_a_name(name: str, parts: tuple[str, ...]) -> None:
    assert inner_names(name) == parts


def test_each_part_is_a_reading_and_the_whole_stays_the_first() -> None:
    name = analyze("Acme Ltd f/k/a Zarbon Holding", "Company")
    assert [r.role for r in name.readings if r.role != "letters"] == ["full", "part", "part"]
    assert [t.key for t in name.readings[2].tokens] == ["zarbon", "filler:holding"]


def test_parts_of_general_words_only_are_no_names() -> None:
    readings = analyze("Zarbon, a division of the Group", "Company").readings
    assert [r.role for r in readings if r.role != "letters"] == ["full", "part"]


def test_a_form_of_two_letters_may_be_initials() -> None:
    readings = analyze("Ivanov S.A.", "LegalEntity").readings
    assert [reading.role for reading in readings] == ["full", "initials"]
    assert len(analyze("Zarbon S.A.", "Company").readings) == 1


@pytest.mark.parametrize(
    ("cut", "key"), [("Zarbon Technolo", "filler:technology"), ("Zarbon Internatio", "filler:international")]
)
def test_a_cut_last_word_is_completed(cut: str, key: str) -> None:
    assert analyze(cut, "Company").tokens[-1].key == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zarbon Electronics", "Zarbon Elektronika"),
        ("Zarbon Mfg", "Zarbon Manufacturing"),
        ("Zarbon Univ.", "Zarbon University"),
        ("Zarbon Technol.", "Zarbon Technology"),
        ("Zarbon Engrg.", "Zarbon Engineering"),
        ("Zarbon Svcs", "Zarbon Services"),
        ("Zarbon Petrochem.", "Zarbon Petrochemical"),
    ],
)
def test_spellings_of_general_words_share_a_key(one: str, other: str) -> None:
    assert [t.key for t in analyze(one, "Company").tokens] == [t.key for t in analyze(other, "Company").tokens]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Islamic", "National"), ("Heavy", "Steel"), ("Leasing", "Management"), ("Joint", "United")],
)
def test_other_words_stay_others(one: str, other: str) -> None:
    left, right = (analyze(f"Zarbon {word}", "Company").tokens[-1] for word in (one, other))
    assert left.key != right.key and Kind.WORD not in (left.kind, right.kind)


@pytest.mark.parametrize(
    "form",
    ["J.S.Co.", "JLT", "L.L.C-FZ", "Sh.p.k.", "k.s.", "CVBA", "(Mas'uliyat Mahdud)", "P.J.S.", "FZ-LLC", "d o o",
     "San. ve Tic. A.Ş.", "Ltée", "S.P.C."],
)  # fmt: skip
def test_forms_of_other_countries(form: str) -> None:
    assert [t.kind for t in analyze(f"Zarbon {form}", "Company").tokens] == [Kind.WORD, Kind.LEGAL]


@pytest.mark.parametrize("prefix", ["M/V", "MV", "M.T.", "S/S", "F/V"])
def test_the_kind_of_a_ship_is_no_part_of_its_name(prefix: str) -> None:
    tokens = analyze(f"{prefix} Ocean Star 5", "Vessel").tokens
    assert [t.kind for t in tokens] == [Kind.TITLE, Kind.WORD, Kind.WORD, Kind.NUMBER]


def test_an_imo_number_in_a_name_is_no_ship_number() -> None:
    kinds = [t.kind for t in analyze("Ocean Star IMO 9187629", "Vessel").tokens]
    assert kinds == [Kind.WORD, Kind.WORD, Kind.TITLE, Kind.TITLE]
