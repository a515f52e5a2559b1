"""Xinjiang's places are complete, and each has one key in Han, pinyin and the three Uyghur scripts."""

from __future__ import annotations

import pytest

from stopship.names import analyze
from stopship.names.places import lies_in, place_key
from stopship.names.script import Script, scripts
from stopship.names.tables import rows

# Counties, county-level cities and districts by prefecture (GB/T 2260, and the two counties of 2024).
COUNTIES = {
    "urumqi": 8, "karamay": 4, "turpan": 3, "hami": 3, "changji": 7, "bortala": 4, "bayingolin": 9, "aksu": 9,
    "kizilsu": 4, "kashgar": 12, "hotan": 10, "ili": 11, "tacheng": 7, "altay": 7,
}  # fmt: skip


def xinjiang() -> list[tuple[str, str, str, list[str]]]:
    return [
        (key, level, parent, names.split("|"))
        for key, level, parent, names in rows("places.tsv")
        if lies_in(f"place:{key}", "place:xinjiang")
    ]


@pytest.mark.parametrize(("prefecture", "count"), COUNTIES.items())
def test_every_county_is_there(prefecture: str, count: int) -> None:
    assert (
        len([key for key, level, parent, _ in xinjiang() if parent == prefecture and level == "county"]) == count
    )


def test_every_place_has_han_and_latin_letters() -> None:
    for key, _level, _parent, names in xinjiang():
        found = {script for name in names for script in scripts(name)}
        assert {Script.HAN, Script.LATIN} <= found, key


def test_most_places_have_the_three_uyghur_scripts() -> None:
    bare = [
        key
        for key, _level, _parent, names in xinjiang()
        if not {Script.ARABIC, Script.CYRILLIC, Script.LATIN} <= {s for name in names for s in scripts(name)}
    ]
    # Seats that share their prefecture's name, and names that Uyghur takes over from Chinese.
    assert len(bare) <= 16, bare


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("kuqa", ("كۇچار", "Кучар", "Kuchar", "Kuche", "Kuqa")),
        ("yarkant", ("يەكەن", "Йәкән", "Yeken", "Shache", "Yarkand")),
        ("hotan", ("خوتەن", "Хотән", "Xoten", "Hetian", "Khotan")),
        ("turpan", ("تۇرپان", "Турпан", "Turpan", "Tulufan", "Turfan")),
        ("karakax", ("قاراقاش", "Қарақаш", "Qaraqash", "Moyu County", "Karakash")),
        ("xinjiang", ("شىنجاڭ", "Шинҗаң", "Hsinchiang", "Sinkiang", "XUAR")),
    ],
)
def test_one_key_in_all_scripts(key: str, spellings: tuple[str, ...]) -> None:
    for spelling in spellings:
        assert place_key(spelling) == f"place:{key}", spelling


def test_no_spelling_is_claimed_by_two_places() -> None:
    for key, _level, _parent, names in xinjiang():
        for name in names:
            if Script.HAN not in scripts(name):
                assert place_key(name) is not None, (key, name)


@pytest.mark.parametrize(
    "name",
    [
        "烏魯木齊市公安局",
        "Wulumuqi Shi Gonganju",
        "Urumqi Municipality Public Security Bureau",
        "ئۈرۈمچى شەھەرلىك جامائەت خەۋپسىزلىك ئىدارىسى",
    ],
)
def test_a_bureau_in_every_script(name: str) -> None:
    found = [
        {t.key for t in reading.tokens if t.kind.value in ("place", "body")} for reading in analyze(name).readings
    ]
    assert {"place:urumqi", "body:psb"} in found


# The seat of a prefecture has its name: that bureau is another one. The list calls Altay a municipality.
SEATS = {"changji", "aksu", "kashgar", "hotan", "tacheng"}
PSB = {
    Script.HAN: ("{}公安局", "新疆{}公安局", "新疆维吾尔自治区{}公安局"),
    Script.ARABIC: ("{} جامائەت خەۋپسىزلىك ئىدارىسى",),
    Script.CYRILLIC: ("{} җамаәт хәвпсизлик идариси",),
    Script.LATIN: (
        "{} Public Security Bureau",
        "{} PSB",
        "{} Municipal Public Security Bureau",
        "Public Security Bureau of {}",
        "{} Gong'anju",
        "{} Jama'et Xewpsizlik Idarisi",
    ),
}


def bureau_keys(name: str) -> list[set[str]]:
    return [
        {t.key for t in reading.tokens if t.kind.value in ("place", "body")} for reading in analyze(name).readings
    ]


def test_the_bureau_of_every_place_in_every_script_and_of_no_other_place() -> None:
    missed: list[str] = []
    for key, _level, _parent, names in xinjiang():
        for name in names:
            for script in scripts(name) & PSB.keys():
                for form in PSB[script]:
                    found = bureau_keys(form.format(name))
                    if not any({f"place:{key}", "body:psb"} <= keys for keys in found):
                        missed.append(form.format(name))
                    others = {k for keys in found for k in keys if k.startswith("place:") and k != f"place:{key}"}
                    if any(not lies_in(f"place:{key}", other) for other in others):
                        missed.append(f"{form.format(name)}: {sorted(others)}")
    # Baicheng is a city of Jilin too; its name in Latin letters alone is that one's. 阿勒泰市 is the listed Altay.
    known = ("Baicheng", "Public Security Bureau of Baicheng")
    assert [m for m in missed if not m.startswith(known) and "阿勒泰市" not in m] == []


@pytest.mark.parametrize("key", sorted(SEATS))
def test_the_seat_of_a_prefecture_is_another_place_in_han(key: str) -> None:
    han = next(
        n.rstrip("市") for k, _l, _p, ns in xinjiang() if k == f"{key}_city" for n in ns if n.endswith("市")
    )
    seat, whole = bureau_keys(f"{han}市公安局"), bureau_keys(f"{han}地区公安局")
    assert any(f"place:{key}_city" in keys for keys in seat)
    assert not any(f"place:{key}_city" in keys for keys in whole)
    assert any(f"place:{key}" in keys for keys in whole)
