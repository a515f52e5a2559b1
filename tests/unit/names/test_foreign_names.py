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
