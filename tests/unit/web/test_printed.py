"""The language of a name, from its letters."""

from __future__ import annotations

import pytest

from stopship.web.presenters.printed import is_latin, language_of


@pytest.mark.parametrize(
    ("text", "country", "tag"),
    [
        ("Hangzhou Hikvision", None, "und-Latn"),
        ("杭州海康威视", None, "zh-Hans"),
        ("海康威視", "TW", "zh-Hant"),
        ("範例電子有限公司", None, "zh-Hant"),
        ("示例电子有限公司", None, "zh-Hans"),
        ("見本光学", None, "ja"),
        ("横浜見本商事", None, "ja"),
        ("台灣範例系統有限公司", None, "zh-Hant"),
        ("見本太郎", "JP", "ja"),
        ("見本電機カブシキ", None, "ja"),
        ("شىنجاڭ ئۇيغۇر", None, "ug"),
        ("شرکت تجارتی نمونه", None, "fa"),
        ("مثال للنقل البحري", None, "ar"),
        ("예제해운회사", None, "ko"),
        ("Иван Примеров", None, "und-Cyrl"),
        ("Δείγμα", None, "el"),
        ("123", None, "und-Latn"),
    ],
)
def test_the_tag_follows_from_the_letters(text: str, country: str | None, tag: str) -> None:
    assert language_of(text, country) == tag
    assert is_latin(text) == (tag == "und-Latn")
