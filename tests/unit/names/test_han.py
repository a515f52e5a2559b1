"""Chinese names in Han: segmentation, gloss, brands, numbers, several renderings, traditional characters."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze
from stopship.names.han_segment import number_value, segment
from stopship.names.han_terms import simplify, terms
from stopship.names.tables import rows


def kinds(text: str) -> list[tuple[str, str]]:
    return [(part.kind, part.han) for part in segment(text)]


def readings(text: str, schema: str | None = None) -> list[list[str]]:
    return [[token.key for token in reading.tokens] for reading in analyze(text, schema).readings]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("四川省华盾防务科技", [("place", "四川"), ("drop", "省"), ("sound", "华盾"), ("word", "防务科技")]),
        ("山东信银博物联网科技", [("place", "山东"), ("sound", "信银博"), ("word", "物联网科技")]),
        ("深圳华大基因科技", [("place", "深圳"), ("brand", "华大基因"), ("word", "科技")]),
        ("乌鲁木齐市公安局", [("place", "乌鲁木齐"), ("drop", "市"), ("body", "公安局")]),
        ("三十八所", [("number", "三十八"), ("body", "所")]),
    ],
)
def test_the_cheapest_segmentation_is_the_meant_one(name: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(name) == expected


def test_segments_cover_the_name_in_order() -> None:
    for name in ("中国船舶重工集团公司第七一五研究所", "北京市商汤科技开发有限公司", "吖吖宝贝", "局", "第"):
        assert "".join(han for _kind, han in kinds(name)) == name


@pytest.mark.parametrize(
    ("digits", "value"),
    [("三十八", 38), ("三八", 38), ("七一五", 715), ("一百零二", 102), ("十", 10), ("五七一九", 5719)],
)
def test_numbers(digits: str, value: int) -> None:
    assert number_value(digits) == value


@pytest.mark.parametrize(
    "name",
    [
        "中国电子科技集团公司第三十八研究所",
        "中国电子科技集团公司第38研究所",
        "中電科38所",
        "CETC-38",
        "CETC38",
        "Zhongguo Dianzi Keji Jituan Gongsi Di Sanshiba Yanjiusuo",
        "China Electronics Technology Group Corporation No. 38 Research Institute",
    ],
)
def test_a_numbered_institute_keeps_its_number(name: str) -> None:
    assert any("#38" in reading for reading in readings(name))


def test_a_phrase_has_the_renderings_that_lists_use() -> None:
    found = readings("西安光电技术研究所")
    assert any("sector:optoelectronics" in keys for keys in found)
    assert any("body:institute" in keys for keys in found)
    assert len(found) <= 9


def test_a_brand_is_read_by_its_name_and_by_its_sound() -> None:
    found = readings("旷视科技")
    assert ["megvii", "filler:technology"] in found
    assert ["kuangshi", "filler:technology"] in found


def test_a_place_in_brackets_stays_part_of_the_name() -> None:
    found = readings("摩尔线程智能科技（北京）有限责任公司")
    assert found
    assert all("place:beijing" in keys for keys in found)


@pytest.mark.parametrize(("one", "other"), [("廈門市公安局", "厦门市公安局"), ("瀋陽儀錶廠", "沈阳仪表厂")])
def test_traditional_characters_are_read_as_simplified(one: str, other: str) -> None:
    assert simplify(one) == other
    assert readings(one) == readings(other)


def test_simplifying_is_idempotent() -> None:
    for _traditional, simple in rows("han_simplified.tsv"):
        assert simplify(simplify(simple)) == simplify(simple)


def test_the_vocabulary_is_large_and_whole() -> None:
    assert sum(term.kind in ("word", "body", "legal") for term in terms().values()) > 1_500
    assert len(rows("brands.tsv")) > 200
    assert {row[0] for row in rows("han.tsv")} == {"legal", "body", "word", "name", "drop"}
    assert all(fact for _han, _latin, fact, _pinyin in rows("brands.tsv"))


def test_a_bureau_of_another_city_has_another_place() -> None:
    listed, other = (analyze(name).tokens[0] for name in ("乌鲁木齐市公安局", "拉萨市公安局"))
    assert listed.kind is other.kind is Kind.PLACE
    assert listed.key != other.key


def test_a_person_is_read_as_the_mainland_hong_kong_and_taiwan_spell() -> None:
    found = [[token.text for token in reading.tokens] for reading in analyze("陳秀蓮", "Person").readings]
    assert ["chen", "xiulian"] in found
    assert ["chan", "saulin"] in found
    assert ["chen", "hsiulien"] in found


def test_a_firm_of_hong_kong_is_read_in_cantonese_too() -> None:
    assert any("cheung" in keys and "wah" in keys for keys in readings("香港昌華電子科技有限公司"))
    assert not any("wah" in keys for keys in readings("深圳昌华电子科技有限公司"))


def test_the_region_goes_without_saying_before_its_city() -> None:
    found = readings("新疆维吾尔自治区喀什地区公安局")
    assert ["place:xinjiang", "place:kashgar", "level:prefecture", "body:psb"] in found
    assert ["place:kashgar", "level:prefecture", "body:psb"] in found
    assert all("place:kashgar" in keys for keys in found)


def test_a_word_that_firms_take_as_a_name_is_read_by_sound_and_by_meaning() -> None:
    found = readings("哈尔滨航天恒星数据系统科技有限公司")
    assert any("sector:aerospace" in keys and "hengxing" in keys for keys in found)
    assert any("sector:aerospace" in keys and "adjective:star" in keys for keys in found)


@pytest.mark.parametrize("name", ["阿里", "阿里阿里", "的", "吖", "〇", "公司", "有限公司", "市"])
def test_a_name_of_any_characters_has_a_reading(name: str) -> None:
    """A place without a Latin name in the table left no reading at all, and the analysis failed."""
    for schema in ("Company", "Person", "Vessel", None):
        assert analyze(name, schema).tokens


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王晓明", ["wang xiaoming", "wong hiuming", "wang hsiaoming"]),
        ("单雄信", ["shan xiongxin"]),
        ("曾慶紅", ["zeng qinghong", "tseng chinghung"]),
        ("仇和", ["qiu he"]),
        ("解振华", ["xie zhenhua"]),
        ("查良镛", ["zha liangyong"]),
        ("尉迟恭", ["yuchi gong"]),
        ("歐陽娜娜", ["ouyang nana"]),
        ("翟志刚", ["zhai zhigang"]),
        ("骆惠宁", ["luo huining"]),
        ("林鄭月娥", ["lin zheng yuee", "lam cheng yuetngor"]),
        ("鄧炳強", ["deng bingqiang", "tang pingkeung"]),
        ("白玛赤林", ["baima chilin"]),
        ("金正恩", ["kim jongun", "jin zhengen"]),
        ("崔龙海", ["choe ryonghae"]),
        ("李明哲", ["li mingzhe"]),
    ],
)
def test_persons_by_the_reading_of_their_surname(name: str, expected: list[str]) -> None:
    found = [" ".join(token.text for token in reading.tokens) for reading in analyze(name, "Person").readings]
    assert [one for one in expected if one not in found] == []


@pytest.mark.parametrize("name", ["楊起潛", "張施大", "王勇", "方有翼"])
def test_the_syllables_of_a_given_name_are_one_word(name: str) -> None:
    """Apart, the first syllable is another person's whole name: Yang Qiqian is not Yang Qi."""
    assert all(len(reading.tokens) == 2 for reading in analyze(name, "Person").readings)


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("航天科工二院", ["casic", "#2"]),
        ("航天科工三院31所", ["casic", "#3", "#31"]),
        ("中电科电子装备集团有限公司", ["place:CN", "sector:electronics", "filler:technology", "filler:group"]),
    ],
)
def test_an_academy_and_a_brand_that_is_an_acronym(name: str, phrase: list[str]) -> None:
    assert any(set(phrase) <= set(keys) for keys in readings(name))


def test_of_two_phrases_one_may_be_rendered_otherwise() -> None:
    found = readings("贵州航天电器股份有限公司")
    assert any({"sector:space", "place:guizhou"} <= set(keys) or "space" in keys for keys in found)


def test_a_brand_is_read_without_its_seat_too() -> None:
    found = readings("上海依图网络科技有限公司", "Company")
    assert any("yitu" in keys and "place:shanghai" not in keys for keys in found)


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("伊朗国家石油公司", ["national", "iranian"]),
        ("俄罗斯国防出口公司", ["rosoboronexport"]),
        ("高麗航空", ["koryo"]),
        ("伊斯兰革命卫队", ["irgc"]),
    ],
)
def test_listed_foreign_organizations_in_han(name: str, listed: list[str]) -> None:
    found = [[token.text for token in reading.tokens] for reading in analyze(name, "Company").readings]
    assert any(set(listed) <= {*texts, *(t for text in texts for t in text.split())} for texts in found), found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王晓明 Wang Xiaoming", "wang xiaoming"),
        ("王晓明 (WANG, Xiaoming)", "wang xiaoming"),
        ("晓明 王", "wang xiaoming"),
        ("王晓明先生", "wang xiaoming"),
        ("David 陳大文", "david chan taiman"),
        ("歐陽 娜娜", "ouyang nana"),
    ],
)
def test_persons_with_a_title_in_another_order_or_in_two_scripts(name: str, expected: str) -> None:
    assert expected in [" ".join(t.text for t in reading.tokens) for reading in analyze(name, "Person").readings]


@pytest.mark.parametrize(
    "name",
    ["华为技术有限公司 Huawei Technologies Co., Ltd.", "Huawei Technologies Co., Ltd. (华为技术有限公司)"],
)
def test_a_name_printed_in_two_scripts_is_read_once(name: str) -> None:
    assert ["huawei", "filler:technology", "legal:coltd"] in readings(name, "Company")


def test_a_place_before_a_body_in_another_script_is_no_person() -> None:
    """乌 is a surname, and Wulumuqi was read as a person."""
    token = analyze("乌鲁木齐 Public Security Bureau").tokens[0]
    assert (token.kind, token.key) == (Kind.PLACE, "place:urumqi")
    assert not any("wu" in keys for keys in readings("乌鲁木齐"))
