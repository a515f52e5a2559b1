"""The generator makes the same changed names in every run."""

from __future__ import annotations

import pytest

from stopship.model.values import Schema
from stopship.validation.manipulate import MANIPULATIONS, manipulate, part_of
from stopship.validation.words import drop_kind

NAMES = (
    ("Hangzhou Hikvision Digital Technology Co., Ltd.", Schema.COMPANY),
    ("Khartoum Industries Corporation", Schema.ORGANIZATION),
    ("Évariste Mohammed Al-Shihabi", Schema.PERSON),
    ("PETROV, Ivan Sergeevich", Schema.PERSON),
)


@pytest.mark.parametrize("class_", MANIPULATIONS)
def test_every_class_applies_changes_and_repeats(class_: str) -> None:
    made = {name: manipulate(class_, name, schema) for name, schema in NAMES}
    assert any(made.values())
    assert all(name != other for name, other in made.items())
    assert made == {name: manipulate(class_, name, schema) for name, schema in reversed(NAMES)}


@pytest.mark.parametrize(
    ("class_", "expected"),
    [
        ("script_cyrillic", "Петров Иван"),
        ("script_kana", "ペトロヴ・イヴァン"),
        ("script_hangul", "페트로브 이반"),
        ("script_devanagari", "पेत्रोव इवन"),
        ("script_uyghur", "پەتروۋ ئىۋان"),
    ],
)
def test_scripts_are_written_by_rule(class_: str, expected: str) -> None:
    assert manipulate(class_, "Petrov Ivan", Schema.PERSON) == expected


def test_a_seed_gives_other_cases() -> None:
    name, schema = NAMES[0]
    assert len({manipulate("deleted", name, schema, seed=n) for n in range(20)}) > 3


def test_parts_are_fifths() -> None:
    assert {part_of(str(n)) for n in range(100)} == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("shorter", "kind"),
    [("Orbita Trading", "generic"), ("Trading Company", "bounded"), ("Orbita Kvant", "generic")],
)
def test_a_dropped_word_is_told_by_how_many_names_hold_it(shorter: str, kind: str) -> None:
    common = {"trading": 900, "company": 2000, "orbita": 2, "kvant": 3}
    full = "Orbita Kvant Trading" if "Kvant" in shorter else "Orbita Trading Company"
    assert drop_kind(full, shorter, common, 100) == kind
