"""Names as other languages write them in Latin letters, fathers' names and marked letters."""

from __future__ import annotations

import pytest

from stopship.matching import compare_names
from stopship.model.values import Schema
from stopship.names import analyze
from stopship.names.patronymics import father, is_father
from stopship.names.sounds import sounds_of
from stopship.names.traditions import respelled


def keys(word: str) -> set[str]:
    return {key for key in sounds_of(word) if not key.startswith("k:")}


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("kurtjenko", "kurchenko"),  # Swedish
        ("misjtjenko", "mishchenko"),
        ("zjeltkov", "zheltkov"),
        ("pusjkov", "pushkov"),
        ("loekasjenko", "lukashenko"),  # Dutch
        ("kusnezow", "kuznetsov"),  # German
        ("schukow", "zhukov"),
        ("szczerbakow", "shcherbakov"),  # Polish
        ("kowalenko", "kovalenko"),
        ("tchernov", "chernov"),  # French
        ("zajcev", "zaytsev"),  # Czech and Croatian without marks
        ("kuznecov", "kuznetsov"),
        ("medvegyevics", "medvedevich"),  # Hungarian
        ("nikolajevna", "nikolayevna"),
        ("chrjakov", "khryakov"),
        ("fjodorov", "fyodorov"),
        ("fiodarau", "fedorov"),  # Belarusian
        ("kavalenka", "kovalenko"),
        ("rachmanau", "rakhmanov"),
        ("kavaliou", "kovalev"),
        ("auramenka", "avramenko"),
        ("hryhoriev", "grigoriev"),
        ("eddaouahiri", "zawahiri"),  # North Africa
        ("zarkaoui", "zarqawi"),
        ("anouar", "anwar"),
        ("bouchra", "bushra"),
        ("cumar", "omar"),  # Somali
        ("xasan", "hassan"),
        ("syarif", "sharif"),  # Indonesian
        ("abdurrochman", "abdulrahman"),
        ("pyong", "byong"),
        ("tutumi", "tsutsumi"),  # Japanese
        ("sitiro", "shichiro"),
        ("syoiti", "shoichi"),
        ("qobiljon", "kabiljan"),  # Uzbek
        ("orinboyev", "urinbayev"),
    ],
)
def test_a_word_meets_how_lists_spell_it(written: str, listed: str) -> None:
    assert keys(written) & keys(listed), (respelled(written), keys(listed))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alvaro", "varo"),
        ("blanco", "blanka"),
        ("violet", "willet"),
        ("colman", "schulman"),
        ("fletcher", "fleischer"),
        ("yoshi", "yoshiji"),
        ("addison", "dyson"),
        ("kovalenko", "kovalchuk"),
        ("zaytsev", "sazhin"),
        ("paul", "pablo"),
        ("hajj", "chai"),
    ],
)
def test_different_names_do_not_meet_by_a_tradition(one: str, other: str) -> None:
    assert not keys(one) & keys(other)


def test_most_words_have_one_tradition() -> None:
    for word in ("alexander", "smith", "tanaka", "hussein", "nguyen", "wang"):
        assert respelled(word) == ()


def test_respelling_is_bounded() -> None:
    for word in ("tjajtjavskajatjau", "schtschtschukowjazcz", "aaaajjjjcccc", "zz", "tu" + "an" * 200 + "x"):
        assert len(respelled(word)) <= 8
        assert word not in respelled(word)


@pytest.mark.parametrize(
    "spellings",
    [
        ("sergeevich", "sergejevitj", "siarheevich", "sergejewitsch", "serhiyovych", "sergueievitch"),
        ("andreevich", "andrejevits", "andrejewitsch"),
        ("nikolayevna", "mikalaeuna", "mykolayivna", "nikolajevna"),
        ("dmitrievich", "dzmitryevich", "dmitrijevitj"),
        ("yevgenyevich", "jauhenavitj", "yevhenovych"),
        ("ilyich", "ilyitch"),
    ],
)
def test_patronymics_of_one_father_meet(spellings: tuple[str, ...]) -> None:
    for other in spellings[1:]:
        shared = keys(spellings[0]) & keys(other)
        assert any(key.startswith("p:") for key in shared), other


@pytest.mark.parametrize(
    ("one", "other"),
    [("ivanovich", "ivanovna"), ("petrovich", "pavlovich"), ("aleksandrovich", "alekseevich")],
)
def test_other_fathers_and_other_sexes_do_not(one: str, other: str) -> None:
    assert not keys(one) & keys(other)


def test_surnames_with_such_endings_are_no_fathers() -> None:
    assert is_father("petrovich")
    assert is_father("petrovna")
    for surname in ("markowitz", "petrovic", "browne", "levit", "davit"):
        assert not is_father(surname)
    assert father("lvovich") == ("lev", "m")


@pytest.mark.parametrize(
    ("printed", "listed"),
    [
        ("Leanid Tšuro", "Leanid Churo"),
        ("Igor Čajka", "Igor Chayka"),
        ("Abdülkadir Şahin", "Abdulkadir Shahin"),
        ("Wiktor Janukowycz", "Viktor Janukovytš"),
        ("François Lemoine", "Fransois Lemoine"),
        ("Hakan Çelik", "Hakan Chelik"),
    ],
)
def test_marks_say_how_letters_sound(printed: str, listed: str) -> None:
    for ours, theirs in zip(analyze(printed, "Person").tokens, analyze(listed, "Person").tokens, strict=True):
        assert ours.text == theirs.text or set(ours.sounds) & set(theirs.sounds), (ours, theirs)


@pytest.mark.parametrize(
    ("printed", "listed"),
    [
        ("Andrej Sergejevitj MANDEL", "MANDEL, Andrei Sergeevich"),
        ("Aljaksej Mikalajevitj AURAMENKA", "AURAMENKA, Aliaksei Mikalaevich"),
        ("Dmitri Andrejevitš Artjuhov", "ARTYUKHOV, Dmitriy Andreevich"),
        ("Alexej Morenec", "MORENETS, Aleksei"),
        ("Dmitrij Michajlovitj DOMARNATSKIJ", "Dzmitry Mikhailavich DAMARNATSKI"),
        ("Alexandra Melničenková", "Aleksandra MELNICHENKO"),
        ("Aljaksandr Mikalajevitj ZAJTSAU", "Alexander Nikolaevich ZAITSEV"),
    ],
)
def test_a_whole_name_of_another_tradition_is_found(printed: str, listed: str) -> None:
    assert compare_names(printed, listed, Schema.PERSON).alert


def test_a_and_o_are_one_beside_belarusian_names_only() -> None:
    listed = set(analyze("Dzmitry DAMARNATSKI", "Person").tokens[1].sounds)
    assert listed & keys("domarnatski")
    assert not set(analyze("Dmitry DAMARNATSKI", "Person").tokens[1].sounds) & keys("domarnatski")
