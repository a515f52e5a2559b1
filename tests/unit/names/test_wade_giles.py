"""Persons in Wade-Giles are the persons of the pinyin; other names are left alone."""

from __future__ import annotations

import pytest

from stopship.matching import compare_names
from stopship.model.values import Schema
from stopship.names.pinyin import SYLLABLES, to_wade_giles
from stopship.names.wade_giles import pinyin_persons


@pytest.mark.parametrize(
    ("wade", "surname", "given"),
    [
        ("Ts'ai Ying-wen", "cai", "yingwen"),
        ("Ch'en Ta-wen", "chen", "dawen"),
        ("TSENG, Ch'ing-hung", "zeng", "qinghong"),
        ("Teng Hsiao-p`ing", "deng", "xiaoping"),
        ("Hsiao-p'ing Teng", "deng", "xiaoping"),
        ("Wang Hsiao Ming", "wang", "xiaoming"),
        ("Chiang Tse-min", "jiang", "zemin"),
        ("Hsieh Chen-hua", "xie", "zhenhua"),
    ],
)
def test_wade_giles_is_read_as_pinyin(wade: str, surname: str, given: str) -> None:
    assert [surname, given] in pinyin_persons(wade)


def test_marks_say_which_sound_is_meant() -> None:
    assert len(pinyin_persons("Ch'en Chien-kuo")) == 1
    assert len(pinyin_persons("Hsu Chien-kuo")) > 1


@pytest.mark.parametrize(
    "name",
    [
        "Ivanov Sergei", "Kim Jong Un", "CHOE, Ch'o'l-ryong", "John Hsu", "Hung Tsung", "Wang Xiaoming",
        "O'Brien Tim", "Tsai Ltd", "David Hsu Brown", "MA'RUF, Taha", "Chan Tai Man",
    ],
)  # fmt: skip
def test_other_names_are_left_alone(name: str) -> None:
    assert pinyin_persons(name) == []


def test_given_names_of_all_syllables_come_back_from_wade_giles() -> None:
    without = {s for s in SYLLABLES if "v" in s} | {"lue", "nue", "yo", "o", "e", "ei", "er"}
    missed = [
        syllable
        for syllable in sorted(SYLLABLES - without)
        if ["xie", f"{syllable}ming"] not in pinyin_persons(f"Hsieh {to_wade_giles(syllable).title()}-ming")
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("ours", "listed"),
    [
        ("Wang Hsiao-ming", "WANG, Xiaoming"),
        ("WANG, Xiaoming", "Wang Hsiao-ming"),
        ("Ch'en Ta-wen", "CHEN, Dawen"),
        ("陳大文", "CH'EN, Ta-wen"),
        ("陳大文", "Tai Man CHAN"),
        ("Kwangtung Nuclear Power", "Guangdong Nuclear Power"),
        ("Chungking University of Posts", "Chongqing University of Posts"),
        ("Sinkiang Police College", "Xinjiang Police College"),
        ("Tientsin University", "Tianjin University"),
        ("Shensi Aero Electric Co., Ltd.", "Shaanxi Aero Electric Co., Ltd."),
    ],
)
def test_spellings_of_one_name_alert(ours: str, listed: str) -> None:
    schema = (
        Schema.COMPANY if any(w in ours for w in ("University", "Nuclear", "College", "Co.")) else Schema.PERSON
    )
    assert compare_names(ours, listed, schema).score >= 0.8


@pytest.mark.parametrize(
    ("ours", "listed"),
    [("Wang Hsiao-ming", "WANG, Xiaoping"), ("Ch'en Ta-wen", "CHEN, Dahai"), ("Chiang Tse-min", "ZHANG, Zhibin")],
)
def test_other_people_do_not(ours: str, listed: str) -> None:
    assert compare_names(ours, listed, Schema.PERSON).score < 0.8
