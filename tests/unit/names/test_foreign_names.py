"""Names of foreigners as other scripts spell them."""

from __future__ import annotations

import pytest

from stopship.matching import compare_names
from stopship.model.values import Schema
from stopship.names import analyze
from stopship.names.kana import romanize_kana
from stopship.names.palladius import pinyin_reading


@pytest.mark.parametrize(
    ("cyrillic", "pinyin"),
    [
        ("Чжан Цзяньго", "zhang jianguo"),
        ("Сюй Юань", "xu yuan"),
        ("Гун Цзяо", "gong jiao"),
        ("Ху Хуэй", "hu hui"),
        ("Гунъаньцзюй", "gonganju"),
        ("Иванов Пётр", None),
        ("Ли Хун Иль", None),  # Korean
    ],
)
def test_palladius_is_put_back_into_pinyin(cyrillic: str, pinyin: str | None) -> None:
    assert pinyin_reading(cyrillic) == pinyin


def test_a_dot_between_words_in_han_marks_a_foreign_name() -> None:
    keys = [t.sounds for r in analyze("西万诺夫·伊万", "Person").readings for t in r.tokens if t.abjad]
    assert keys
    assert "k:sfnf" in keys[0]


def test_frequent_foreign_names_are_known() -> None:
    texts = [[t.text for t in r.tokens] for r in analyze("伊萬諾夫·彼得", "Person").readings]
    assert ["ivanov", "peter"] in texts


def test_a_chinese_name_is_no_foreign_one() -> None:
    assert not any(t.abjad for r in analyze("王 晓明", "Person").readings for t in r.tokens)


def test_a_small_kana_behind_u_is_w() -> None:
    assert romanize_kana("ウィルマー") == "wiruma"


@pytest.mark.parametrize(
    ("ours", "listed"),
    [
        ("Aleksandr Zhukov", "ZHUKOV, Alexander"),  # a family that had no room behind many sounds
        ("Хавьер Торрес Феликс", "TORRES FELIX, Javier"),
        ("خافيير توريس فيليكس", "TORRES FELIX, Javier"),
        ("منتظري محمد", "MONTAZERI, Mohammad"),
        ("Чжан Цзяньго", "ZHANG, Jianguo"),
    ],
)
def test_spellings_of_one_name_alert(ours: str, listed: str) -> None:
    assert compare_names(ours, listed, Schema.PERSON).score >= 0.8


@pytest.mark.parametrize(
    ("ours", "listed"),
    [
        ("埃雷拉·桑切斯·卡洛·奧馬爾", "HERRERA SANCHEZ, Karlo Omar"),
        ("維拉·桑切斯·豪爾赫", "VILLA SANCHEZ, Jorge"),
        ("庫茲涅佐夫·阿提歐姆", "KUZNETSOV, Artem"),
        ("雷蒙多·贝拉斯科", "RAYMUNDO VELASCO"),  # in no table
        ("瓦西里耶夫·阿尔乔姆", "VASILYEV, Artem"),
        ("賈西亞·拉米雷茲", "GARCIA RAMIREZ"),  # as Taiwan writes them
        ("穆罕默德·礼萨·侯赛尼", "HOSSEINI, Mohammad Reza"),
    ],
)
def test_foreign_names_in_han_alert(ours: str, listed: str) -> None:
    assert compare_names(ours, listed, Schema.PERSON).score >= 0.8


@pytest.mark.parametrize(
    ("ours", "listed"),
    [
        ("拉蒙多·格哈德", "RAMIREZ, Gustavo"),
        ("伊万诺夫·彼得", "IVANOVA, Petra"),
        ("马里奥·桑切斯", "MARIN, Sanchez"),
        ("费尔南德斯·卡洛斯", "HERNANDEZ, Carlos"),
    ],
)
def test_other_foreign_names_in_han_do_not(ours: str, listed: str) -> None:
    assert compare_names(ours, listed, Schema.PERSON).score < 0.8


def test_names_that_differ_in_characters_of_one_class_are_one() -> None:
    one, other = (
        analyze(name, "Person").readings[-1].tokens[0].text for name in ("埃尔南德斯·阿", "埃尔南德兹·阿")
    )
    assert one == other == "hernandez"


@pytest.mark.parametrize(
    ("ours", "listed"),
    [
        ("Ханчжоу Хайкан Вэйши Шуцзы Цзишу Гуфэнь Юсянь Гунсы", "Hangzhou Hikvision Digital Technology Co., Ltd."),
        ("Чжунго Дяньцзы Кэцзи Цзитуань Гунсы", "China Electronics Technology Group Corporation"),
        ("Синьцзян Гунъаньтин", "Xinjiang Public Security Bureau"),
    ],
)
def test_chinese_organizations_in_cyrillic_alert(ours: str, listed: str) -> None:
    assert compare_names(ours, listed, Schema.COMPANY).score >= 0.8
