"""Names of persons: joined names, parts, scripts, invisible characters."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze


def texts(name: str) -> list[str]:
    return [t.text for t in analyze(name, "Person").tokens if t.kind is Kind.WORD]


def sounds(name: str, schema: str | None = "Person") -> list[set[str]]:
    """For each reading the spelling families of its words."""
    return [{k for t in r.tokens for k in t.sounds} for r in analyze(name, schema).readings]


def parts(name: str) -> list[tuple[str, str]]:
    return [(t.text, t.part) for t in analyze(name, "Person").tokens]


@pytest.mark.parametrize(
    "name",
    ["Abd al-Rahman", "Abdul Rahman", "ABD EL RAHMAN", "Abdurrahman", "Abdel-Rahman", "عبد الرحمن", "عبدالرحمن"],
)
def test_the_servant_of_is_one_name(name: str) -> None:
    tokens = analyze(name, "Person").tokens
    assert len(tokens) == 1
    assert "abd+rahman" in tokens[0].sounds


def test_a_joined_name_of_a_party_of_unknown_kind_has_a_reading() -> None:
    assert any("abd+rahman" in found for found in sounds("Abd al-Rahman Khan", None))


def test_the_faith_and_god_belong_to_the_name_before() -> None:
    assert texts("Salah al-Din Karimi") == ["salahaldin", "karimi"]
    assert texts("Nasr Allah Hassan") == ["nasrallah", "hassan"]


def test_parts_of_a_name() -> None:
    assert parts("IVANOV, Ivan Ivanovich") == [
        ("ivanov", "surname"),
        ("ivan", "given"),
        ("ivanovich", "patronymic"),
    ]
    assert ("saleh", "patronymic") in parts("Ali bin Saleh Hamdan")
    assert ("heydar", "patronymic") in parts("Ilham Heydar oglu Aliyev")
    assert parts("Ivanovich")[0] == ("ivanovich", "")


@pytest.mark.parametrize(
    ("printed", "latin"),
    [
        ("محمد بن سلمان", "Muhammad bin Salman"),
        ("قاسم سليماني", "Ghasem Soleimani"),
        ("معمر القذافي", "Moammar Gaddafi"),
        ("علی خامنه‌ای", "Ali Khamenei"),
        ("حسین روحانی", "Hossein Rouhani"),
        ("בנימין נתניהו", "Binyamin Netanyahu"),
        ("Евгений Пригожин", "Yevgeniy Prigozhin"),
        ("김정은", "Kim Jong Un"),
        ("리설주", "Ri Sol Ju"),
        ("박근혜", "Park Geun Hye"),
        ("ジョン・スミス", "Jon Smith"),
        ("たなか ゆうこ", "Tanaka Yuko"),
    ],
)
def test_a_name_in_another_script_meets_its_latin_spelling(printed: str, latin: str) -> None:
    wanted = [t for t in analyze(latin, "Person").tokens if t.kind is Kind.WORD]
    readings = analyze(printed, "Person").readings

    def meets(tokens: object) -> bool:
        found = [t for t in tokens if t.kind is Kind.WORD]  # type: ignore[attr-defined]
        return all(
            any(
                w.text == t.text or {k for k in w.sounds if t.abjad or k[:2] != "k:"} & set(t.sounds)
                for t in found
            )
            for w in wanted
        )

    assert any(meets(r.tokens) for r in readings), [[t.text for t in r.tokens] for r in readings]


def test_an_unknown_arabic_name_is_marked_and_met_by_consonants() -> None:
    token = analyze("سنجرلي", "Person").tokens[0]
    assert token.abjad
    assert set(token.sounds) & set(analyze("Sanjarli", "Person").tokens[0].sounds)
    assert not analyze("محمد", "Person").tokens[0].abjad


@pytest.mark.parametrize(
    "name",
    [
        "Pri\u200bgozhin",  # zero width space
        "\u202aPrigozhin\u202c",  # direction marks
        "Prigo\u0301zhin",  # combining acute
        "\uff30\uff52igozhin",  # full width
        "Pr\u0456gozhin",  # Cyrillic i
        "PRIG\u041eZHIN",  # Cyrillic O
    ],
)
def test_invisible_and_look_alike_characters(name: str) -> None:
    assert texts(name) == ["prigozhin"]


@pytest.mark.parametrize("number", ["38", "٣٨", "۳۸", "３８", "३८"])
def test_digits_in_any_script(number: str) -> None:
    assert "#38" in [t.key for t in analyze(f"Institute {number}", "Company").tokens]
