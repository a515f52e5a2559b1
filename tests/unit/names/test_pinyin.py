"""Romanized Chinese: syllables, Wade-Giles, surnames, and names of organizations read by meaning."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze
from stopship.names.pinyin import (
    SYLLABLES,
    is_pinyin,
    is_pinyin_given,
    surname_in_pinyin,
    syllables_of,
)


def all_keys(text: str, schema: str | None = None) -> list[list[str]]:
    return [[token.key for token in reading.tokens] for reading in analyze(text, schema).readings]


def test_syllables() -> None:
    assert 395 <= len(SYLLABLES) <= 420
    assert syllables_of("xian") == (("xian",), ("xi", "an"))
    assert syllables_of("hikvision") == ()
    assert is_pinyin("haikangweishi")
    assert not is_pinyin("technology")
    assert not is_pinyin("")


@pytest.mark.parametrize("given", ["xiaoming", "xiaoping", "junli", "jundi", "wei"])
def test_given_names_in_pinyin(given: str) -> None:
    assert is_pinyin_given(given)


@pytest.mark.parametrize("word", ["yevgeniy", "li1", "a", "haikangweishi"])
def test_other_words_are_no_given_names_in_pinyin(word: str) -> None:
    assert not is_pinyin_given(word)


@pytest.mark.parametrize(
    ("spelling", "pinyin"),
    [("chan", "chen"), ("wong", "wang"), ("cheung", "zhang"), ("ng", "wu"), ("lee", "li"), ("tsui", "xu"),
     ("kwok", "guo"), ("chen", "chen"), ("hsieh", "xie"), ("ivanov", "")],
)  # fmt: skip
def test_surnames_of_hong_kong_and_taiwan(spelling: str, pinyin: str) -> None:
    assert surname_in_pinyin(spelling) == pinyin


@pytest.mark.parametrize(
    "name",
    [
        "Haikang Weishi",
        "HaikangWeishi",
        "Hai Kang Wei Shi",
        "Hangzhou Haikang Weishi Shuzi Jishu Gufen Youxian Gongsi",
        "HANGZHOU HAIKANGWEISHI SHUZIJISHU GUFENYOUXIANGONGSI",
    ],
)
def test_a_brand_in_pinyin_however_joined(name: str) -> None:
    assert any("hikvision" in keys for keys in all_keys(name))


@pytest.mark.parametrize(
    "name",
    [
        "Wulumuqi Shi Gonganju",
        "Wulumuqi Shi Gong An Ju",
        "Wulumuqishi Gong'anju",
        "Wu Lu Mu Qi Shi Gong An Ju",
    ],
)
def test_an_authority_in_pinyin(name: str) -> None:
    assert ["place:urumqi", "body:psb"] in all_keys(name)


def test_the_legal_form_in_pinyin() -> None:
    kinds = [
        [token.kind for token in reading.tokens]
        for reading in analyze("Langxin Keji Gufen Youxian Gongsi").readings
    ]
    assert [Kind.WORD, Kind.FILLER, Kind.LEGAL, Kind.LEGAL] in kinds


@pytest.mark.parametrize(
    "name",
    ["Siemens AG", "Machine Union Ltd", "Banco de China", "Shanghai Tang", "Dan Sun Lighting", "Hong Kong Inn"],
)
def test_other_names_are_left_alone(name: str) -> None:
    assert "sound" not in {reading.role for reading in analyze(name).readings}


def test_persons_are_not_read_by_meaning() -> None:
    assert {reading.role for reading in analyze("Gong An Ju Keji Daxue", "Person").readings} == {"full"}


def test_loose_syllables_are_joined_too() -> None:
    assert any("xinyinbo" in keys for keys in all_keys("Jinan Xin Yin Bo Electronic Equipment Co., Ltd."))


@pytest.mark.parametrize("name", ["NUDT", "CETC-38", "SMIC Beijing", "HIT Shenzhen"])
def test_acronyms_are_spelled_out(name: str) -> None:
    assert "sound" in {reading.role for reading in analyze(name).readings}


@pytest.mark.parametrize("name", ["Hit Ltd", "HIT Records Ltd", "Bit Systems", "Cast Software"])
def test_three_letters_beside_other_words_are_no_acronym(name: str) -> None:
    assert "sound" not in {reading.role for reading in analyze(name).readings}


def test_wade_giles_is_read_by_meaning() -> None:
    kinds = {
        token.kind for keys in analyze("Hua Wei Ku Fen Yu Hsien Kung Ssu").readings[1:] for token in keys.tokens
    }
    assert Kind.LEGAL in kinds


def test_syllables_apart_are_joined_to_a_name_beside_phrases() -> None:
    """He Fei is a place, and no flight (fei xing); what no phrase covers is one word."""
    texts = [[t.text for t in r.tokens] for r in analyze("He Fei Xing Bo Tong Xin Ji Shu", "Company").readings]
    assert any("hefei" in found and "xingbo" in found for found in texts)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Across the edges of words only where a syllable ends: Xi An Wei has no xian wei (fiber).
        ("Xi An Wei Dian Zi Ji Shu Yan Jiu Suo", {"place:xian", "sector:microelectronics", "filler:technology"}),
        ("Xian Weidianzi Jishu Yanjiusuo", {"place:xian", "sector:microelectronics", "filler:technology"}),
        ("XIANWEIDIANZIJISHUYANJIUSUO", {"sector:microelectronics", "filler:technology"}),
        ("Guo Jia Chao Ji Ji Suan Ji Nan Zhong Xin", {"place:jinan", "filler:center"}),
        ("Shen Zhen Shi Ke Hao Xin Xi Ji Shu You Xian Gong Si", {"place:shenzhen", "kehao", "legal:coltd"}),
        ("Nan Jing Guo Sheng Dian Zi You Xian Gong Si", {"place:nanjing", "guosheng", "sector:electronics"}),
        ("Shang Hai Suo Chen Xin Xi Ke Ji Gu Fen You Xian Gong Si", {"place:shanghai", "suochen"}),
        ("Shan Xi Hang Kong Dian Qi You Xian Ze Ren Gong Si", {"place:shaanxi"}),
        ("Shan Xi Hang Kong Dian Qi You Xian Ze Ren Gong Si", {"place:shanxi"}),
        ("Tian Jin Qi Liu Si Hang Kong Dian Zi Ji Shu You Xian Gong Si", {"#764", "place:tianjin"}),
        ("Zhong Guo Chuan Bo Ji Tuan Di Qi Wu Ling Shi Yan Chang", {"#750"}),
        ("Hua Dong Dian Zi Ce Liang Yi Qi Yan Jiu Suo", {"sector:measurement", "sector:instrument"}),
        ("Zhongguo Dianke Di 38 Yanjiusuo", {"#38", "cetc"}),
        ("Xinjiang Shengchan Jianshe Bingtuan Di Ba Shi", {"place:xpcc", "#8"}),
        ("nan2 jing1 guo2 sheng4 dian4 zi3 you3 xian4 gong1 si1", {"place:nanjing", "guosheng", "legal:coltd"}),
        ("Nán Jīng Guó Shèng Diàn Zǐ Yǒu Xiàn Gōng Sī", {"place:nanjing", "guosheng", "legal:coltd"}),
        ("nanjingguoshengdianziyouxiangongsi", {"place:nanjing", "guosheng", "legal:coltd"}),
        ("Bei Jing Lu Se Neng Yuan Ke Ji You Xian Gong Si", {"place:beijing", "filler:technology"}),
    ],
)
def test_pinyin_is_read_as_its_han_would_be(name: str, expected: set[str]) -> None:
    assert any(expected <= set(keys) for keys in all_keys(name, "Company")), all_keys(name, "Company")


def test_the_legal_form_in_pinyin_is_one_in_the_printed_words_too() -> None:
    """Two firms had the words Gufen Youxian in common, as if they were a name."""
    assert ["meidi", "filler:group", "legal:coltd"] in all_keys("Meidi Jituan Gufen Youxian Gongsi", "Company")


@pytest.mark.parametrize("name", ["Banco de China", "Can Machine Company", "Long Shan Dance Hall"])
def test_words_of_other_languages_are_no_phrases(name: str) -> None:
    assert "sound" not in {reading.role for reading in analyze(name, "Company").readings}


def test_a_short_brand_in_latin_letters_keeps_its_place() -> None:
    assert all("place:zhejiang" in keys for keys in all_keys("Zhejiang Dahua Technology Co., Ltd.", "Company"))
