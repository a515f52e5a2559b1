"""Tokens and what they say: legal forms, places, bodies, numbers, initials, brackets; and Han names."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze
from stopship.names.legal_forms import form_class, relation
from stopship.names.places import country_of, lies_in, place_key


def keys(text: str, schema: str | None = None) -> list[str]:
    return [token.key for token in analyze(text, schema).tokens]


def of_kind(text: str, kind: Kind, schema: str | None = None) -> list[str]:
    return [token.key for token in analyze(text, schema).tokens if token.kind is kind]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("SIS d.o.o.", "legal:doo"),
        ("SIS DOO", "legal:doo"),
        ("Foo Co., Ltd.", "legal:coltd"),
        ("Foo Company Limited", "legal:coltd"),
        ("Foo S.A.", "legal:sa"),
        ("Foo S.A. de C.V.", "legal:sadecv"),
        ("Foo GmbH & Co. KG", "legal:gmbhcokg"),
        ("Foo Sp. z o.o.", "legal:spzoo"),
        ("Foo Sp. z o. o.", "legal:spzoo"),
        ("Foo s.r.o.", "legal:sro"),
        ("LIMITED LIABILITY COMPANY FOO", "legal:llc"),
        ("OOO FOO", "legal:ooo"),
        ("ООО ФОО", "legal:ooo"),
        ("OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU FOO", "legal:ooo"),
        ("Obshchestvo s ogranichennoy otvetstvennostyu Foo", "legal:ooo"),
        ("Foo Public Joint Stock Company", "legal:pjsc"),
        ("Foo A/S", "legal:as_cz"),
        ("Foo Sdn. Bhd.", "legal:sdnbhd"),
        ("Foo Pty Ltd", "legal:ptyltd"),
        ("FooInc.", "legal:inc"),
        ("Foo Limtied Liability Company", "legal:llc"),  # a slip inside a fixed phrase
        ("FOO COMPANYLTD", "legal:coltd"),
        ("Foo Compa ny", "legal:co"),
    ],
)
def test_legal_forms(name: str, form: str) -> None:
    assert of_kind(name, Kind.LEGAL) == [form]


def test_legal_forms_relate_by_class() -> None:
    ltd, ooo, ag = frozenset(["legal:ltd"]), frozenset(["legal:ooo"]), frozenset(["legal:ag"])
    assert relation(ltd, ltd) == "same"
    assert relation(ltd, ooo) == "class"
    assert relation(ltd, ag) == "different"
    assert relation(ltd, frozenset()) == "absent"
    assert form_class("legal:ooo") == "limited"
    assert form_class("legal:unheard") == ""


@pytest.mark.parametrize(
    "name", ["EC", "Al", "AO", "SA", "Co", "Limited", "The", "of", "X", "40", "7-28", "???", "!", "☃"]
)
def test_the_shortest_names_still_have_tokens(name: str) -> None:
    for schema in (None, "Person", "Company", "Vessel"):
        analyzed = analyze(name, schema)
        assert analyzed.tokens
        assert analyzed.exact_keys


def test_a_blank_name_is_refused() -> None:
    with pytest.raises(ValueError, match="printable"):
        analyze(" \u200b ")


def test_a_short_legal_form_in_the_middle_is_a_word() -> None:
    assert of_kind("Kim As Trading", Kind.LEGAL) == []
    assert of_kind("Kim Trading AS", Kind.LEGAL) == ["legal:as_cz"]


def test_persons_have_no_legal_forms_or_places() -> None:
    kinds = {token.kind for token in analyze("JORDAN, Paris Co", "Person").tokens}
    assert kinds == {Kind.WORD}


@pytest.mark.parametrize(
    "name",
    ["Urumqi", "Wulumuqi", "Ürümqi", "Urumchi", "乌鲁木齐", "烏魯木齊", "ئۈرۈمچى", "Үрүмчи"],
)
def test_one_place_in_all_its_spellings(name: str) -> None:
    token = analyze(f"{name} Public Security Bureau").tokens[0]
    assert (token.kind, token.key) == (Kind.PLACE, "place:urumqi")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hotan", "Hetian"),
        ("Hotan", "Khotan"),
        ("Kashgar", "Kashi"),
        ("Ili", "Yili"),
        ("Hami", "Kumul"),
        ("Hami", "Qumul"),
        ("Turpan", "Turfan"),
        ("Turpan", "Tulufan"),
        ("Karamay", "Kelamayi"),
        ("Karamay", "Qaramay"),
        ("Aksu", "Aqsu"),
        ("Bortala", "Boertala"),
        ("Kizilsu", "Kezilesu"),
        ("Tumxuk", "Tumushuke"),
        ("XUAR", "Xinjiang Uyghur Autonomous Region"),
        ("XUAR", "Xinjiang Uygur A.R."),
        ("XUAR", "Sinkiang"),
        ("Russia", "Russian Federation"),
        ("Peking", "Beijing"),
        ("Saint Petersburg", "St. Petersburg"),
    ],
)
def test_exonyms_share_a_key(one: str, other: str) -> None:
    assert place_key(one) is not None
    assert place_key(one) == place_key(other)


def test_places_lie_in_places() -> None:
    urumqi, xinjiang, china = (place_key(n) for n in ("Urumqi", "Xinjiang", "China"))
    assert urumqi and xinjiang and china
    assert lies_in(urumqi, xinjiang)
    assert lies_in(urumqi, china)
    assert not lies_in(xinjiang, urumqi)
    assert country_of(urumqi) == "CN"
    assert place_key("Nowhere at all") is None


@pytest.mark.parametrize(
    "body",
    [
        "Public Security Bureau",
        "Bureau of Public Security",
        "Public Security Department",
        "PSB",
        "P.S.B.",
        "Pubilc Security Bureau",
    ],
)
def test_one_body_in_all_its_spellings(body: str) -> None:
    assert "body:psb" in keys(f"Hotan {body}")


@pytest.mark.parametrize("number", ["38", "38th", "XXXVIII", "No. 38", "038"])
def test_numbers_and_ordinals(number: str) -> None:
    assert of_kind(f"CETC {number} Institute", Kind.NUMBER) == ["#38"]


def test_words_for_numbers() -> None:
    assert of_kind("Twelfth Institute", Kind.NUMBER) == of_kind("12th Institute", Kind.NUMBER)


def test_technology_technologies_and_tech_are_one_word() -> None:
    assert keys("Foo Technology") == keys("Foo Technologies") == keys("Foo Tech")
    assert keys("Foo Intl") == keys("Foo International")
    assert keys("Foo Mfg") == keys("Foo Manufacturing")
    assert keys("Foo Bros") == keys("Foo Brothers")


def test_initials_of_persons() -> None:
    assert of_kind("Prigozhin Y.V.", Kind.INITIAL, "Person") == ["y", "v"]
    roles = {reading.role for reading in analyze("Prigozhin Y.V.").readings}
    assert roles == {"full", "initials"}


def test_brackets_give_readings_of_their_own() -> None:
    readings = {r.role: [t.text for t in r.tokens] for r in analyze("Khan Research Laboratories (KRL)").readings}
    assert readings["bracketed"][-1] == "krl"
    assert readings["short"] == ["khan", "research", "laboratories"]
    assert readings["acronym"] == ["krl"]


def test_a_place_in_brackets_is_part_of_the_name() -> None:
    assert {r.role for r in analyze("Huawei Device (Dongguan) Co., Ltd.").readings} == {"full"}


def test_order_punctuation_and_letters_do_not_change_the_exact_keys() -> None:
    one = set(analyze("A.Q. Khan Laboratories").exact_keys)
    for other in (
        "Khan Laboratories A Q",
        "AQ Khan Laboratories",
        "LABORATORIES, A. Q. KHAN",
        "Q. Khan Laboratories A.",
    ):
        assert one & set(analyze(other).exact_keys), other


@pytest.mark.parametrize(
    ("han", "expected"),
    [
        ("海康威视", "hikvision"),
        ("海康威視", "hikvision"),  # traditional
        ("科大讯飞股份有限公司", "iflytek"),
        ("科大訊飛股份有限公司", "iflytek"),
        ("商汤科技", "sensetime"),
        ("旷视科技", "megvii"),
        ("曠視科技", "megvii"),
        ("依图科技", "yitu"),
        ("浙江大华技术股份有限公司", "dahua"),
        ("颐信科技有限公司", "yixin"),
        ("华为技术有限公司", "huawei"),
        ("朗新科技有限公司", "langxin"),  # no brand of the table: by sound
    ],
)
def test_han_brands(han: str, expected: str) -> None:
    assert of_kind(han, Kind.WORD)[:1] == [expected]


def test_han_organization_by_gloss() -> None:
    assert keys("杭州海康威视数字技术股份有限公司") == [
        "place:hangzhou",
        "hikvision",
        "filler:digital",
        "filler:technology",
        "legal:jsc",
        "legal:ltd",
    ]
    assert keys("新疆维吾尔自治区公安厅") == ["place:xinjiang", "body:psb"]
    assert of_kind("中国电子科技集团公司第三十八研究所", Kind.NUMBER) == ["#38"]


@pytest.mark.parametrize(
    ("han", "expected"),
    [
        ("王晓明", ["wang", "xiaoming"]),
        ("单田芳", ["shan", "tianfang"]),  # not Dan
        ("曾庆红", ["zeng", "qinghong"]),  # not Ceng
        ("仇和", ["qiu", "he"]),  # not Chou
        ("欧阳修", ["ouyang", "xiu"]),
        ("歐陽修", ["ouyang", "xiu"]),
    ],
)
def test_han_persons(han: str, expected: list[str]) -> None:
    assert [token.text for token in analyze(han, "Person").tokens] == expected


def test_traditional_and_simplified_have_the_same_exact_keys() -> None:
    assert analyze("海康威視").exact_keys == analyze("海康威视").exact_keys
