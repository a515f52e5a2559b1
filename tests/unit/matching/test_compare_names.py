"""Pairs of names that peers get wrong, and the properties that every score must have."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.matching import Band, compare_names
from stopship.model.values import Schema

HIKVISION = "Hangzhou Hikvision Digital Technology Co., Ltd."
XINJIANG = "Xinjiang Uyghur Autonomous Region (XUAR) People's Government Public Security Bureau"
WORDS = [
    "Hangzhou", "Hikvision", "Digital", "Technology", "Co.,", "Ltd.", "LLC", "Urumqi", "Public", "Security",
    "Bureau", "38th", "Institute", "Petrov", "Ivan", "Y.V.", "(KRL)", "Al-Zahrani", "d.o.o.", "海康威视",
    "Роснефть", "of", "40",
]  # fmt: skip
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("SIS DOO", "SIS d.o.o."),
        ("HIKVISION", "hikvision"),
        ("Hikvision Ltd", "Hikvision Limited"),
        ("SMITH, John", "John Smith"),
        ("Société Générale", "SOCIETE GENERALE"),
        ("Hіkvision", "Hikvision"),
        ("A.Q. Khan", "Khan A Q"),
        ("Foo & Bar", "Bar and Foo"),
        ("海康威視", "海康威视"),
        ("CETC 38th Institute", "CETC Institute 38"),
        ("Foo Co., Ltd.", "Foo Company Limited"),
    ],
)
def test_the_same_tokens_are_exact(left: str, right: str) -> None:
    result = compare_names(left, right)
    assert result.band is Band.EXACT
    assert result.alert


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Hikvision Ltd", "Hikvision LLC"),
        ("iFLYTEK Co., Ltd.", "IFLYTEK"),
        ("海康威视", "Hikvision"),
        ("杭州海康威视数字技术股份有限公司", HIKVISION),
        ("HangzhouHikvision Digital Technology Co., Ltd.", HIKVISION),
        ("Sense Time", "SenseTime"),
        ("Urumqi Public Security Bureau", "Wulumuqi Municipal Public Security Bureau"),
        ("Xinjiang Uygur A.R. Public Security Department", XINJIANG),
        ("Xinjiang Public Security Bureau", XINJIANG),
        ("新疆维吾尔自治区公安厅", XINJIANG),
        ("新疆维吾尔自治区公安厅", "XINJIANG PUBLIC SECURITY BUREAU"),
        ("Xinjiang Bureau of Public Security", "XINJIANG PUBLIC SECURITY BUREAU"),
        ("Khan Research Laboratories", "Khan Research Laboratories (KRL)"),
        ("OOO Rosneft", "ROSNEFT LIMITED LIABILITY COMPANY"),
        ("Foo Technologies Ltd", "Foo Technology Ltd"),
        ("Hangzhuo Hikvision Digital Technology Co., Ltd.", HIKVISION),
    ],
)
def test_these_are_at_least_strong_or_alert(left: str, right: str) -> None:
    result = compare_names(left, right)
    assert result.alert
    assert result.band in (Band.STRONG, Band.MEDIUM)


@pytest.mark.parametrize("name", ["Hikvison", "Hikvsiion", "Hikvisiom", "Hikkvision"])
def test_one_slip_in_the_distinctive_word_alerts(name: str) -> None:
    assert compare_names(name, "Hikvision").alert
    assert compare_names(HIKVISION.replace("Hikvision", name), HIKVISION).alert


def test_a_slip_in_a_general_word_costs_no_more_than_leaving_it_out() -> None:
    listed = "Shihezi Municipality Public Security Bureau"
    for name in ("Shihezi Municpality Public Security Bureau", "Shihezi Municipalty Public Security Bureau"):
        assert compare_names(name, listed).alert
    assert compare_names("Shufu Coutny Public Security Bureau", "Shufu County Public Security Bureau").alert
    assert compare_names("Qumul Publik Security Bureau", "Hami Public Security Bureau").alert


@pytest.mark.parametrize("name", ["Yitv Technologies", "Yiitu Technologies", "Ytiu Technologies"])
def test_one_slip_in_a_word_of_four_letters_alerts(name: str) -> None:
    assert compare_names(name, "Yitu Technologies").alert


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (HIKVISION, "Hangzhou Digital Technology Co., Ltd."),
        ("Urumqi Municipal Public Security Bureau", "Karamay Municipal Public Security Bureau"),
        ("Lhasa Municipal Public Security Bureau", "Urumqi Municipal Public Security Bureau"),
        ("Nanjing Public Security Bureau", "XINJIANG PUBLIC SECURITY BUREAU"),
        ("Zzyzx Public Security Bureau", "Urumqi Municipal Public Security Bureau"),
        (
            "Xinjiang Public Security Bureau",
            "Xinjiang Production and Construction Corps (XPCC) Public Security Bureau",
        ),
        ("CETC 38th Research Institute", "CETC 14th Research Institute"),
        (
            "中国电子科技集团公司第三十八研究所",
            "China Electronics Technology Group Corporation 14th Research Institute",
        ),
        ("Huawei Device (Dongguan) Co., Ltd.", "Huawei Device (Shenzhen) Co., Ltd."),
        ("BELLETECH CORP", "11420 CORP."),
        ("Beijing Foobar Technology Co., Ltd.", "Beijing Bazqux Technology Co., Ltd."),
    ],
)
def test_these_do_not_alert(left: str, right: str) -> None:
    assert not compare_names(left, right).alert


@pytest.mark.parametrize(
    ("left", "right"),
    [("Ivan Petrov", "Ivana Petrova"), ("Ivan Petrov", "Ivana Petrov"), ("Ivan Petrov", "Igor Petrov")],
)
def test_another_given_name_is_another_person(left: str, right: str) -> None:
    result = compare_names(left, right, Schema.PERSON)
    assert not result.alert
    assert any(line.relation == "mismatch" for line in result.evidence)


def test_a_line_of_business_too_many_lowers_the_score() -> None:
    same, other = compare_names("Siemens AG", "Siemens AG"), compare_names("Siemens AG", "Siemens Energy AG")
    assert other.score < 0.9 < same.score
    assert other.band not in (Band.EXACT, Band.STRONG)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Prigozhin Y.V.", "PRIGOZHIN, Yevgeniy Viktorovich"),
        ("Y. V. Prigozhin", "PRIGOZHIN, Yevgeniy Viktorovich"),
        ("Пригожин Евгений Викторович", "PRIGOZHIN, Yevgeniy Viktorovich"),
        ("Evgeny Prigozhin", "Yevgeniy Prigozhin"),
        ("Faisal Ahmed Al Zahrani", "AL-ZAHRANI, Faysal Ahmad"),
        ("AlZahrani Faysal Ahmad", "AL-ZAHRANI, Faysal Ahmad"),
        ("Mohammed Zarqawi", "ZARQAWI, Muhammad"),
        ("王晓明", "WANG, Xiaoming"),
        ("王晓明", "Xiao Ming Wang"),
    ],
)
def test_persons_in_other_spellings_alert(left: str, right: str) -> None:
    assert compare_names(left, right, Schema.PERSON).alert


def test_scores_are_graded_by_how_common_the_name_is() -> None:
    common = compare_names("Smith, John", "John Smith", Schema.PERSON)
    rare = compare_names("Zzyzxov, Qwertiy", "Qwertiy Zzyzxov", Schema.PERSON)
    assert common.band is rare.band is Band.EXACT
    assert common.score < rare.score


def test_evidence_says_which_words_met_and_which_did_not() -> None:
    lines = compare_names("Hikvision USA Inc", "Hikvision").evidence
    assert [(line.relation, line.ours, line.theirs) for line in lines[:1]] == [("match", "hikvision", "hikvision")]
    assert ("place", "unknown", "usa") in [(line.kind, line.relation, line.ours) for line in lines]
    assert all(line.text for line in lines)


def test_a_blank_name_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="printable"):
        compare_names("Hikvision", " ")


@settings(max_examples=250, deadline=None)
@given(names, names, st.sampled_from(list(Schema)))
def test_the_score_is_symmetric(left: str, right: str, schema: Schema) -> None:
    one, other = compare_names(left, right, schema), compare_names(right, left, schema)
    assert (one.score, one.band, one.alert) == (other.score, other.band, other.alert)
    assert 0.0 <= one.score <= 1.0


@settings(max_examples=150, deadline=None)
@given(names, st.randoms(use_true_random=False), st.sampled_from(list(Schema)))
def test_word_order_never_loses_an_exact_hit(name: str, order: random.Random, schema: Schema) -> None:
    words = name.replace(",", "").split()
    order.shuffle(words)
    result = compare_names(name, " ".join(words), schema)
    assert result.band is Band.EXACT
    assert result.alert


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_name_equals_itself(name: str) -> None:
    try:
        result = compare_names(name, name)
    except ValueError:
        return
    assert result.band is Band.EXACT
    assert result.alert
    assert result.score >= 0.8


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (
            "East China Research Instituteof Electronic Engineering",
            "East China Research Institute of Electronic Engineering",
        ),
        ("TEHREEKEAZADIEKASHMIR", "TEHREEK-E-AZADI-E-KASHMIR"),
        ("AFRICAMIDDLE EAST INVESTMENT HOLDING SAL", "AFRICA MIDDLE EAST INVESTMENT HOLDING SAL"),
        ("Hik Vision Digital Techno logy", "Hikvision Digital Technology"),
    ],
)
def test_the_same_letters_joined_or_split_anywhere_are_strong(left: str, right: str) -> None:
    result = compare_names(left, right)
    assert result.alert
    assert result.band is Band.STRONG


def test_digits_joined_are_another_number() -> None:
    assert not compare_names("7-28", "728").alert


def test_a_name_in_han_is_not_misspelt() -> None:
    assert not compare_names("君立科技", "Jundi Technology").alert
    assert compare_names("君立科技", "Junli Technology").alert
