"""Scripts, languages and names of two scripts in one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.sources.references import un_references
from stopship.sources.scripts import foreign_runs, language_code, names_by_script, script_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Example", None),
        ("Société Exemple", None),
        ("7-28", None),
        ("Пример", "Cyrl"),
        ("Παράδειγμα", "Grek"),
        ("مثال", "Arab"),
        ("例示公司", "Hani"),
        ("例示カンパニー", "Jpan"),
        ("예제", "Hang"),
        ("דוגמה", "Hebr"),
        ("OOO Пример", "Cyrl"),
    ],
)
def test_the_script_of_a_name(text: str, script: str | None) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("printed", "code"),
    [("RU", "ru"), ("rus", "ru"), ("Russian", "ru"), ("", None), ("unknown", None), ("xyz", "xyz")],
)
def test_languages(printed: str, code: str | None) -> None:
    assert language_code(printed) == code


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Abu Sample (ابو مثال)", ["Abu Sample", "ابو مثال"]),
        ("Abu Sample (original script: Абу Пример)", ["Abu Sample", "Абу Пример"]),
        ("original script: Абу Пример", ["Абу Пример"]),
        ("Sample Works (SW)", []),
        ("Пример (ПР)", []),
        ("Пример (Primer)", ["Пример", "Primer"]),
        ("(مثال)", []),
        ("Plain Name", []),
    ],
)
def test_names_of_two_scripts(printed: str, names: list[str]) -> None:
    assert names_by_script(printed) == names


def test_runs_of_another_script_in_a_note() -> None:
    assert foreign_runs("previously listed as, in Arabic: مرعي زغبي") == ["مرعي زغبي"]
    assert foreign_runs("son of Example, N° 17, born in 1976") == []


@given(st.text(max_size=60))
def test_any_text_gives_names_or_none(text: str) -> None:
    assert all(name and any(c.isalpha() for c in name) for name in names_by_script(text) if name)
    assert all(script_of(run) for run in foreign_runs(text))


@pytest.mark.parametrize(
    ("printed", "references"),
    [
        ("QDi.43", ["QDi.043"]),
        ("KPe 012", ["KPe.012"]),
        ("TAi.901; QDe.4", ["TAi.901", "QDe.004"]),
        ("QDi.043 QDi.43", ["QDi.043"]),
        ("140", []),
        ("", []),
        ("XQDi.001", []),
    ],
)
def test_references_of_the_security_council(printed: str, references: list[str]) -> None:
    assert [identifier.value for identifier in un_references(printed)] == references
