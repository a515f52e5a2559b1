"""Slips in fixed phrases, and forms that lost a word, are no distinctive words."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("LIMITED LIABILITY OPMANY RUSMEDTORG", "legal:llc"),  # two slips in one word
        ("JOINT TOCK COMPAYN RUSMEDTORG", "legal:jsc"),  # one slip in each of two words
        ("LIABILITY COMPANY RUSMEDTORG", "legal:llc"),  # a word is missing
        ("LIMITED LIABILITY RUSMEDTORG", "legal:llc"),
        ("OBSHCHESTVO S OTVETSTVENNOSTYU RUSMEDTORG", "legal:ooo"),
        ("OBSHCHESTVO S OGRANICHENNOI RUSMEDTORG", "legal:ooo"),
        ("RUSMEDTORG CO. International LTD.", "legal:coltd"),  # a word stands in the form
    ],
)
def test_a_form_is_known_in_spite_of_slips(name: str, form: str) -> None:
    tokens = analyze(name).tokens
    assert [t.key for t in tokens if t.kind is Kind.LEGAL] == [form]
    assert [t.text for t in tokens if t.kind is Kind.WORD] == ["rusmedtorg"]


@pytest.mark.parametrize("name", ["Livestock Company Rava", "Rava Stock Exchange", "Rava Joint Ventures"])
def test_other_words_of_forms_are_left_alone(name: str) -> None:
    assert all(t.key not in ("legal:jsc", "legal:llc") for t in analyze(name).tokens)
