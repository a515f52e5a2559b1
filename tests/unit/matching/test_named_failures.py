"""The failures of other matchers that are known by name: each of them is a test here, in the order in which they
were found. What is tested more widely elsewhere stands here once, so that none of them can be lost."""

from __future__ import annotations

import pytest

from stopship.matching import Band, Matcher, MatchKind, Query, compare_names
from stopship.model.entity import Identifier
from stopship.model.values import PartialDate, Schema

HIKVISION = "Hangzhou Hikvision Digital Technology Co., Ltd."
C, P, U = Schema.COMPANY, Schema.PERSON, Schema.LEGAL_ENTITY


def alerts(matcher: Matcher, name: str, schema: Schema = U, **more: object) -> set[str]:
    found = matcher.match(Query(name, schema, **more))  # type: ignore[arg-type]
    return {match.entity.id for match in found if match.alert}


# --- Han ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("海康威视", "made-001"),
        ("科大讯飞股份有限公司", "made-002"),
        ("新疆维吾尔自治区公安厅", "made-010"),
        ("王晓明", "made-032"),
    ],
)
def test_han_meets_lists_without_a_han_character(matcher: Matcher, name: str, expected: str) -> None:
    assert expected in alerts(matcher, name)


@pytest.mark.parametrize("schema", [U, C])
def test_traditional_and_simplified_are_the_same_name(schema: Schema) -> None:
    assert compare_names("海康威視數字技術股份有限公司", "海康威视数字技术股份有限公司", schema).band is Band.EXACT
    assert compare_names("王曉明", "王晓明", P).band is Band.EXACT


# --- the distinctive word -------------------------------------------------------------------------


def test_a_name_without_the_distinctive_word_does_not_alert(matcher: Matcher) -> None:
    assert alerts(matcher, "Hangzhou Digital Technology Co., Ltd.", C) == set()
    assert compare_names("Hangzhou Digital Technology Co., Ltd.", HIKVISION, C).score < 0.3


@pytest.mark.parametrize(
    "name", ["Hikvison", "Hikvision USA Inc", "Hangzhou Hikvision Digital Co., Ltd.", "Hikvision"]
)
def test_a_slip_or_a_general_word_hardly_matters(matcher: Matcher, name: str) -> None:
    assert alerts(matcher, name) == {"made-001"}


# --- contradictions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "schema"),
    [
        ("Urumqi Municipal Public Security Bureau", "Karamay Municipal Public Security Bureau", C),
        ("CETC 38th Research Institute", "CETC 14th Research Institute", C),
        ("Huawei Device (Dongguan) Co., Ltd.", "Huawei Device (Shenzhen) Co., Ltd.", C),
        ("Ivan Petrov", "Ivana Petrov", P),
    ],
)
def test_what_differs_speaks_against_and_is_shown(left: str, right: str, schema: Schema) -> None:
    found = compare_names(left, right, schema)
    assert not found.alert
    assert found.score < 0.66
    assert any(line.relation == "mismatch" for line in found.evidence)


def test_two_names_of_a_place_are_no_contradiction() -> None:
    found = compare_names("Urumqi Public Security Bureau", "Wulumuqi Public Security Bureau")
    assert found.alert
    assert found.band is Band.STRONG


def test_a_line_of_business_too_many_is_no_certain_match() -> None:
    found = compare_names("Siemens AG", "Siemens Energy AG", C)
    assert found.band not in (Band.EXACT, Band.STRONG)
    assert found.score < 0.89


# --- acronyms, abbreviations, initials, romanization, legal form ----------------------------------


@pytest.mark.parametrize(
    ("left", "right", "schema"),
    [
        ("SMIC", "Semiconductor Manufacturing International Corporation", C),
        ("YMTC", "Yangtze Memory Technologies Co., Ltd.", C),
        ("CETC-38", "China Electronics Technology Group Corporation 38th Research Institute", C),
        ("Xinjiang Uyghur A.R. PSB", "XINJIANG PUBLIC SECURITY BUREAU", C),
        ("Prigozhin Y.V.", "PRIGOZHIN, Yevgeniy Viktorovich", P),
        ("Qaduli", "Kadouli", P),
        ("Ghasem Soleimani", "Qasim Sulaymani", P),
        ("Muammar Gaddafi", "Muammar Qadhafi", P),
        ("iFLYTEK Co., Ltd.", "IFLYTEK", C),
    ],
)
def test_two_ways_to_write_one_name(left: str, right: str, schema: Schema) -> None:
    assert compare_names(left, right, schema).alert


# --- graded scores --------------------------------------------------------------------------------


def test_there_is_no_wall_of_ones() -> None:
    pairs = [
        ("John Smith", "Smith, John"), ("Viktor Bout", "Bout, Viktor"), ("Li Wei", "Wei Li"),
        ("Qwertiy Zzyzxov", "Zzyzxov, Qwertiy"), ("Viktor Anatolievich Bout", "Viktor Bout"),
    ]  # fmt: skip
    scores = [compare_names(left, right, P).score for left, right in pairs]
    assert len(set(scores)) == len(scores)
    assert scores.count(1.0) <= 1, "only the rarest name is certain"


# --- enforcement cases ----------------------------------------------------------------------------


def test_a_legal_form_with_dots_is_the_same_form(matcher: Matcher) -> None:
    assert compare_names("SIS DOO", "SIS d.o.o.").band is Band.EXACT
    assert alerts(matcher, "SIS DOO") == {"made-018"}


def test_a_listed_address_is_not_ignored(matcher: Matcher) -> None:
    found = matcher.match(Query("Muster Trading Ltd", addresses=("Unit D, 16/F, 18 Luard Road, Hong Kong",)))
    assert [(m.entity.id, m.kind, m.confirmed) for m in found] == [("made-034", MatchKind.ADDRESS, True)]


# --- digits, extra words, extra facts, missing facts ----------------------------------------------


def test_digits_are_part_of_a_name(matcher: Matcher) -> None:
    assert alerts(matcher, "BELLETECH CORP", C) == set()
    assert alerts(matcher, "11420 CORP.", C) == {"made-028"}
    assert alerts(matcher, "11421 CORP.", C) == set()


@pytest.mark.parametrize("extra", ["Trading", "Germany", "Group", "Branch", "Holding GmbH"])
def test_an_extra_word_does_not_remove_a_hit(matcher: Matcher, extra: str) -> None:
    assert "made-001" in alerts(matcher, f"Hikvision {extra}")
    assert "made-001" in alerts(matcher, f"{HIKVISION} {extra}")


@pytest.mark.parametrize(
    "more",
    [
        {"countries": ("CN",)},
        {"addresses": ("555 Qianmo Road, Hangzhou",)},
        {"addresses": ("1 Nowhere Road, Hamburg",)},
        {"identifiers": (Identifier("tax_id", "123456789"),)},
        {"registration_dates": (PartialDate.parse("2001"),)},
    ],
)
def test_more_input_does_not_remove_a_hit(matcher: Matcher, more: dict[str, object]) -> None:
    for name in ("Hikvision", "Hikvison"):
        assert "made-001" in alerts(matcher, name, **more)


def test_an_entry_without_a_country_is_found_from_any_country(matcher: Matcher) -> None:
    entity = next(e for e in matcher.index.entities() if e.id == "made-009")
    assert entity.countries == ()
    for country in ("CN", "DE", "US"):
        assert "made-009" in alerts(matcher, "Karamay Municipality Public Security Bureau", countries=(country,))


# --- traps of an index ----------------------------------------------------------------------------


def test_repeated_words_are_found(matcher: Matcher) -> None:
    assert "made-038" in alerts(matcher, "al al al al")


@pytest.mark.parametrize("name", ["Al", "40", "EC", "KRL"])
def test_aliases_of_two_or_three_characters_are_found(matcher: Matcher, name: str) -> None:
    assert alerts(matcher, name) != set()


def test_a_name_of_sixty_words_is_found_in_any_order(matcher: Matcher) -> None:
    words = next(e.caption for e in matcher.index.entities() if e.id == "made-040").split()
    assert alerts(matcher, " ".join(reversed(words))) == {"made-040"}
