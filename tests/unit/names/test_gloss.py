"""Names in Cyrillic, Greek, Arabic and Persian by what their words mean."""

from __future__ import annotations

import pytest

from stopship.matching import compare_names
from stopship.model.values import Schema
from stopship.names import analyze
from stopship.names.gloss import glosses
from stopship.names.normalize import clean
from stopship.names.tables import rows


def _first(name: str) -> str:
    found = glosses(clean(name))
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Московский кредитный банк", "moscow credit bank"),
        ("АО Объединённая Судостроительная Корпорация", "jsc united shipbuilding corporation"),
        ("Фонд национального благосостояния РФ", "national wealth fund russian federation"),
        ("Институт физики полупроводников", "institute semiconductor physics"),
        ("Дальневосточного завода приборостроения", "far east plant instrument making"),
        (
            "Публичное Акционерное Общество Ставропольский Радиозавод “Сигнал”",
            'pjsc stavropol radio plant "Сигнал"',
        ),
        ("Въоръжена ислямска група", "armed islamic group"),
        ("Централният затвор Isfahan", "central prison Isfahan"),
        ("Міністерство оборони України", "ministry of defense ukraine"),
        ("Міністэрства абароны Рэспублікі Беларусь", "ministry of defense republic of belarus"),
        ("Министарство одбране Србије", "ministry of defense serbia"),
        ("Κεντρικές φυλακές του Isfahan", "central prison of Isfahan"),
        ("Υπουργείο Εθνικής Άμυνας", "ministry of defense"),
        ("الجماعة الاسلامية المسلحة", "armed islamic group"),
        ("شرکت ملی حفاری ایران", "company national drilling iran"),
    ],
)
def test_general_words_are_put_in_english(name: str, meaning: str) -> None:
    assert _first(name) == meaning


@pytest.mark.parametrize(
    ("native", "listed"),
    [
        (
            "АО “Научно-Исследовательский Институт Полупроводниковых Приборов”",
            "JOINT STOCK COMPANY RESEARCH INSTITUTE OF SEMICONDUCTOR DEVICES",
        ),
        ("Московский кредитный банк", "CREDIT BANK OF MOSCOW"),
        ("дружество с ограничена отговорност „Novelko“", "LIMITED LIABILITY COMPANY NOVELKO"),
        ("Закрытое Акционерное Общество “Акута”", "ZAO AKUTA"),
        ("СТАН OOO", "STAN LLC"),
        ("Затвор Evin", "EVIN PRISON"),
        ("φυλακή Gharchak", "GHARCHAK PRISON"),
        ("7-ма бригада", "7TH BRIGADE"),
        ("7η Ταξιαρχία", "7TH BRIGADE"),
        ("Министерство на отбраната", "Ministry of Defense"),
        ("Акционерное Общество “Серовский Механический Завод”", "JOINT STOCK COMPANY SEROV MECHANICAL PLANT"),
        ("Белтехэкспорт", "CJSC BELTECHEXPORT"),
        ("ООО “МЕДИАГРУПП НЬЮСФРОНТ”", "MEDIAGROUP NEWSFRONT LLC"),
        ("بانک صنعت و معدن", "BANK OF INDUSTRY AND MINE"),
        ("وزارت نفت جمهوری اسلامی ایران", "MINISTRY OF PETROLEUM OF THE ISLAMIC REPUBLIC OF IRAN"),
    ],
)
def test_a_native_name_meets_the_listed_translation(native: str, listed: str) -> None:
    assert compare_names(native, listed, Schema.COMPANY).score >= 0.8


@pytest.mark.parametrize(
    ("native", "listed"),
    [
        (
            "НАУЧНО-ИССЛЕДОВАТЕЛЬСКИЙ ИНСТИТУТ ПРОГРАММНЫХ СРЕДСТВ",
            "NAUCHNO-ISSLEDOVATELSKII INSTITUT PROGRAMMNYKH SREDSTV",
        ),
        ("АО Воскресенский агрегатный завод", "AO VOSKRESENSKIY AGREGATNYY ZAVOD"),
    ],
)
def test_the_romanized_name_is_met_as_well(native: str, listed: str) -> None:
    assert compare_names(native, listed, Schema.COMPANY).score >= 0.9


@pytest.mark.parametrize(
    ("native", "other"),
    [
        ("ООО «Победа»", "VICTORY LLC"),
        ("ООО Победа", "VICTORY LLC"),
        ("Московский машиностроительный завод", "CREDIT BANK OF MOSCOW"),
        ("Научно-исследовательский институт садоводства", "RESEARCH INSTITUTE OF SEMICONDUCTOR DEVICES"),
        ("Затвор Shiraz", "EVIN PRISON"),
    ],
)
def test_strangers_stay_strangers(native: str, other: str) -> None:
    assert compare_names(native, other, Schema.COMPANY).score < 0.8


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Acme Trading LLC",
        "ООО",
        "Звезда",
        "海康威视",
        '"Победа"',
        "И.В. Сазыкин",
        "Александр Сергеевич Лукьянов",
    ],
)
def test_nothing_to_put_in_english(name: str) -> None:
    assert [g for g in glosses(clean(name)) if g not in ("llc",)] == []


def test_brands_in_quotes_stay_as_they_are() -> None:
    assert _first("Концерн „Алмаз – Антей“") == 'concern "Алмаз - Антей"'
    assert _first('АТ "Завод "Фіолент"') == 'jsc " plant "Фіолент"'
    assert _first("ОАО «Банк Развития»") == 'ojsc " development bank "'


def test_words_of_several_meanings_are_tried_in_turn() -> None:
    found = glosses(clean("Серовский завод точной механики"))
    assert "serov plant precision mechanics" in found
    assert "serov factory precision mechanics" in found
    assert len(found) <= 4


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("179 СРЗ", "179 ship repair plant"),
        ("38-й НИИ", "38 research institute"),
        ("7-МА БРИГАДА", "7 brigade"),
        ("9η Ταξιαρχία", "9 brigade"),
        ("150 АРЗ", "150 aircraft repair plant"),
    ],
)
def test_numbers_lose_their_endings_and_nothing_else(name: str, meaning: str) -> None:
    assert _first(name) == meaning


def test_initials_are_no_conjunctions() -> None:
    assert "and" not in _first("Завод имени И. А. Лихачева").split()
    assert "and" not in _first("Завод имени И В Сталина").split()
    assert "and" in _first("Центр науки и техники").split()
    assert "and" in _first("Институт Физики И Химии").split()


def test_names_of_fathers_tell_a_person() -> None:
    for name in ("Захаров Мир Игоревич", "محمد بن علي الاشتراكي الشرقي"):
        assert len(analyze(name, "LegalEntity").readings) < len(analyze(name, "Company").readings)


def test_arabic_given_names_are_no_general_words() -> None:
    assert glosses(clean("غازي شعبان عدنان")) == ()
    assert glosses(clean("عبد العالي")) == ()


def test_persons_are_not_put_in_english() -> None:
    assert len(analyze("Мир Завод", "Person").readings) == len(analyze("Мирр Заводд", "Person").readings)


@pytest.mark.parametrize("table", ["words_slavic.tsv", "words_southern.tsv"])
def test_tables_are_whole(table: str) -> None:
    for row in rows(table):
        assert len(row) == 4, row
        assert row[0].isascii() and row[0] == row[0].lower().strip(), row
        assert any(row[1:]), row
        for cell in row[1:]:
            words = cell.split("|")
            assert len(set(words)) == len(words), row
            assert not any(c.isascii() and c.isalpha() for c in cell), row
