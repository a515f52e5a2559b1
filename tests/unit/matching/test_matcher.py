"""Looking parties up: bands, alerts, confirmation, what corroborates and what contradicts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.matching import DEFAULT_THRESHOLD, Band, Index, IndexedList, Match, Matcher, MatchKind, Query
from stopship.model.entity import Entity, Identifier, Name
from stopship.model.values import NameKind, PartialDate, Schema

HIKVISION, PRIGOZHIN, PETROV = "made-001", "made-019", "made-020"


def hits(matcher: Matcher, name: str, **more: object) -> dict[str, Match]:
    query = Query(name, **more)  # type: ignore[arg-type]
    return {m.entity.id: m for m in matcher.match(query)}


def alerts(matcher: Matcher, name: str, **more: object) -> set[str]:
    return {key for key, match in hits(matcher, name, **more).items() if match.alert}


def test_every_name_verbatim_is_exact_and_alerts(index: Index, matcher: Matcher) -> None:
    for schema in (None, Schema.LEGAL_ENTITY, Schema.COMPANY, Schema.PERSON, Schema.VESSEL):
        for entity in index.entities():
            for name in entity.names:
                if name.kind is NameKind.WEAK_ALIAS:
                    continue
                found = matcher.match(Query(name.text, schema or entity.schema))
                match = next(m for m in found if m.entity.id == entity.id)
                assert (match.band, match.alert) == (Band.EXACT, True), (name, schema)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=25), min_size=1, max_size=6, unique=True))
def test_any_listed_name_verbatim_is_exact_and_alerts(texts: list[str]) -> None:
    listed = IndexedList("made", "sha256:1", None, None, len(texts), None, "custom")
    entities = [Entity(f"e{i}", Schema.LEGAL_ENTITY, (Name(t, NameKind.PRIMARY),)) for i, t in enumerate(texts)]
    matcher = Matcher(Index.build([(listed, entities)]))
    for entity in entities:
        found = matcher.match(Query(entity.caption))
        if any(c.isprintable() and not c.isspace() for c in entity.caption) and found:
            assert any(m.entity.id == entity.id and m.band is Band.EXACT and m.alert for m in found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Hikvison", "made-001"),
        ("Hikvision USA Inc", "made-001"),
        ("Hikvision Deutschland GmbH", "made-001"),
        ("Hik vision", "made-001"),
        ("HangzhouHikvision Digital Technology", "made-001"),
        ("海康威视", "made-001"),
        ("海康威視數字技術", "made-001"),
        ("科大讯飞股份有限公司", "made-002"),
        ("SenseTime", "made-003"),
        ("北京旷视科技有限公司", "made-004"),
        ("Yitu Network Technology", "made-005"),
        ("Zhejiang Dahua Technology Co., Ltd.", "made-006"),
        ("Meiya Pico", "made-007"),
        ("Wulumuqi Public Security Bureau", "made-008"),
        ("Karamay PSB", "made-009"),
        ("喀什地区公安局", "made-013"),
        ("CETC 38", "made-014"),
        ("SIS DOO", "made-018"),
        ("Prigozhin Y.V.", "made-019"),
        ("ООО Роснефть Трейд", "made-029"),
        ("王晓明", "made-032"),
        ("FU YUAN YU 7891", "made-030"),
        ("AL AL AL AL", "made-038"),
    ],
)
def test_what_must_be_found(matcher: Matcher, name: str, expected: str) -> None:
    assert expected in alerts(matcher, name)


@pytest.mark.parametrize(
    "name", ["Xinjiang Uygur A.R. Public Security Department", "Xinjiang PSB", "新疆维吾尔自治区公安厅"]
)
def test_the_xinjiang_bureau_is_found_under_both_of_its_listings(matcher: Matcher, name: str) -> None:
    found = hits(matcher, name)
    assert {key for key, match in found.items() if match.alert} == {"made-010", "made-011"}
    assert all(match.confirmed for match in found.values())


@pytest.mark.parametrize(
    "name",
    [
        "Hangzhou Digital Technology Co., Ltd.",
        "Lhasa Municipal Public Security Bureau",
        "Nanjing Public Security Bureau",
        "Zzyzx Public Security Bureau",
        "BELLETECH CORP",
        "Fu Yuan Yu 7892",
        "",
        "   ",
    ],
)
def test_what_must_not_be_found(matcher: Matcher, name: str) -> None:
    assert alerts(matcher, name) == set()


def test_one_bureau_is_not_another(matcher: Matcher) -> None:
    assert alerts(matcher, "Karamay Municipal Public Security Bureau") == {"made-009"}
    assert alerts(matcher, "CETC 14th Research Institute") == {"made-015"}
    assert alerts(matcher, "Huawei Device (Dongguan) Co., Ltd.") == {"made-016"}


def test_a_partial_match_by_a_short_alias_is_possible_not_confirmed(matcher: Matcher) -> None:
    match = hits(matcher, "Hikvision USA Inc")[HIKVISION]
    assert match.alert and not match.confirmed
    assert match.name is not None and match.name.text == "Hikvision"


def test_disagreement_lowers_and_is_shown_and_the_hit_is_returned(matcher: Matcher) -> None:
    plain = hits(matcher, "Hikvison Ltd")[HIKVISION]
    strict = Matcher(matcher.index, threshold=plain.score - 0.01)
    other = hits(strict, "Hikvison Ltd", countries=("DE",))[HIKVISION]
    assert plain.alert and not other.alert
    assert other.score < plain.score
    assert [line.relation for line in other.evidence if line.kind == "country"] == ["mismatch"]


def test_an_exact_name_alerts_whatever_disagrees_but_is_not_confirmed(matcher: Matcher) -> None:
    match = hits(matcher, "Hikvision", countries=("DE",))[HIKVISION]
    assert (match.band, match.alert, match.confirmed) == (Band.EXACT, True, False)


def test_agreement_and_absence_never_lower(matcher: Matcher) -> None:
    for name in ("Hikvision", "Hikvison Ltd", "Hikvision USA Inc", HIKVISION):
        plain = hits(matcher, name).get(HIKVISION)
        agreeing = hits(matcher, name, countries=("CN",)).get(HIKVISION)
        if plain:
            assert (agreeing and agreeing.score >= plain.score and agreeing.band <= plain.band) or agreeing
    absent = hits(matcher, "Megvii", birth_dates=(PartialDate.parse("1990"),))["made-004"]
    assert absent.score == hits(matcher, "Megvii")["made-004"].score


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["Prigozhin Yevgeniy", "Y. Prigozhin", "Prigozhyn Yevgeniy Viktorovich", "Prigozhin"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_adding_what_agrees_never_lowers(
    matcher: Matcher, name: str, country: bool, birth: bool, passport: bool
) -> None:
    plain = Query(name, Schema.PERSON)
    more = replace(
        plain,
        countries=("RU",) if country else (),
        birth_dates=(PartialDate.parse("1961-06"),) if birth else (),
        identifiers=(Identifier("passport", "711234567"),) if passport else (),
    )
    before = {m.entity.id: m.score for m in matcher.match(plain, min_score=0.0)}
    after = {m.entity.id: m.score for m in matcher.match(more, min_score=0.0)}
    assert after[PRIGOZHIN] >= before[PRIGOZHIN]


def test_a_person_is_confirmed_where_the_name_is_uncommon_or_something_agrees(matcher: Matcher) -> None:
    assert hits(matcher, "Yevgeniy Viktorovich Prigozhin", schema=Schema.PERSON)[PRIGOZHIN].confirmed
    common = hits(matcher, "Ivan Petrov", schema=Schema.PERSON)[PETROV]
    assert common.band is Band.EXACT and common.alert and not common.confirmed
    born = (PartialDate.parse("1970-05-05"),)
    assert hits(matcher, "Ivan Petrov", schema=Schema.PERSON, birth_dates=born)[PETROV].confirmed


def test_another_birth_date_contradicts(matcher: Matcher) -> None:
    born = (PartialDate.parse("1999-05-05"),)
    match = hits(matcher, "Ivan Petrov", schema=Schema.PERSON, birth_dates=born)[PETROV]
    assert match.alert and not match.confirmed
    assert match.score < hits(matcher, "Ivan Petrov", schema=Schema.PERSON)[PETROV].score


def test_a_shared_strong_identifier_decides_without_a_name(matcher: Matcher) -> None:
    for identifier in (
        Identifier("tax_id", "9111000071093019X7"),  # publishers call one number by different words
        Identifier("lei", "5493001KJTIIGC8Y1R12"),
    ):
        match = hits(matcher, "Something Else", identifiers=(identifier,))["made-033"]
        assert (match.kind, match.band, match.alert, match.confirmed) == (
            MatchKind.IDENTIFIER,
            Band.EXACT,
            True,
            True,
        )
    ship = hits(matcher, "RENAMED", schema=Schema.VESSEL, identifiers=(Identifier("imo", "IMO 9878773"),))[
        "made-030"
    ]
    assert ship.kind is MatchKind.IDENTIFIER and ship.confirmed


def test_a_passport_of_another_country_is_another_passport(matcher: Matcher) -> None:
    passport = (Identifier("passport", "711234567", "BR"),)
    assert alerts(matcher, "Nobody Atall", schema=Schema.PERSON, identifiers=passport) == set()


def test_another_number_of_the_same_register_contradicts(matcher: Matcher) -> None:
    other = (Identifier("lei", "5493001KJTIIGC8Y1R99"),)
    match = hits(matcher, "China Telecom Corporation Limited", identifiers=other)["made-033"]
    assert match.band is Band.EXACT and match.alert and not match.confirmed


def test_another_registration_date_contradicts(matcher: Matcher) -> None:
    dates = (PartialDate.parse("1985"),)
    match = hits(matcher, "China Telecom Corporation Limited", registration_dates=dates)["made-033"]
    assert match.alert and not match.confirmed


def test_a_weak_alias_alone_does_not_alert_but_is_shown(matcher: Matcher) -> None:
    match = hits(matcher, "The Falcon", schema=Schema.PERSON)["made-037"]
    assert match.band is Band.EXACT and not match.alert and not match.confirmed
    born = (PartialDate.parse("1980-01-02"),)
    assert hits(matcher, "The Falcon", schema=Schema.PERSON, birth_dates=born)["made-037"].alert


def test_another_kind_of_thing_lowers_but_keeps_an_exact_hit(matcher: Matcher) -> None:
    vessel = hits(matcher, "CAMELLIA", schema=Schema.VESSEL)["made-031"]
    company = hits(matcher, "CAMELLIA", schema=Schema.COMPANY)["made-031"]
    assert company.alert and company.band is Band.EXACT
    assert company.score < vessel.score
    assert not company.confirmed


def test_a_legal_entity_may_be_a_person(matcher: Matcher) -> None:
    unknown = hits(matcher, "Yevgeny V. Prigozhin")[PRIGOZHIN]
    assert unknown.alert
    assert not [line for line in unknown.evidence if line.kind == "schema"]


def test_best_first_limit_and_min_score(matcher: Matcher) -> None:
    found = matcher.match(Query("Hikvision"), min_score=0.0)
    assert found[0].entity.id == HIKVISION
    assert [m.score for m in found if m.alert] == sorted((m.score for m in found if m.alert), reverse=True)
    assert (
        matcher.match(Query("Public Security Bureau"), min_score=0.0, limit=3)
        == matcher.match(Query("Public Security Bureau"), min_score=0.0)[:3]
    )
    assert all(m.score >= 0.5 for m in matcher.match(Query("Urumqi Public Security"), min_score=0.5))
    assert len(matcher.match(Query("Urumqi Municipal Public Security Bureau"), min_score=0.0)) > len(
        matcher.match(Query("Urumqi Municipal Public Security Bureau"))
    )


def test_the_same_query_gets_the_same_answer(index: Index) -> None:
    for name in ("Hikvison", "Xinjiang PSB", "王晓明", "CETC 38"):
        assert Matcher(index).match(Query(name)) == Matcher(index).match(Query(name))


def test_the_threshold_is_the_callers(index: Index) -> None:
    assert alerts(Matcher(index, threshold=0.999), "Hikvison") == set()
    assert alerts(Matcher(index, threshold=DEFAULT_THRESHOLD), "Hikvison") == {HIKVISION}
