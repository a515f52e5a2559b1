"""Words of other scripts are heard as the foreign or general words that they spell."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze
from stopship.names.foreign import foreign_latin, native_words
from stopship.names.general import general_word
from stopship.names.greek import romanize_greek
from stopship.names.sounds import sounds_of
from stopship.names.thai import romanize_thai


@pytest.mark.parametrize(
    ("word", "printed", "foreign"),
    [
        ("Μπορίς", "boris", "boris"),
        ("Λάμπρος", "lampros", "labros"),
        ("Ντούμπροφ", "doumprof", "dubrof"),
        ("Γκρέγκορι", "gregkori", "gregori"),
        ("Αχμέτ", "achmet", "ahmet"),
        ("Ευθύμιος", "efthymios", "efthimios"),
        ("Μάιος", "maios", "maios"),
    ],
)
def test_greek_is_read_as_it_is_printed_and_as_foreign(word: str, printed: str, foreign: str) -> None:
    assert romanize_greek(word) == printed
    assert foreign_latin(word) == foreign


@pytest.mark.parametrize(("thai", "latin"), [("ทักษิณ", "thaksin"), ("เชียงใหม่", "chiyanghaim"), ("สมชาย", "smchay")])
def test_thai_vowels_before_their_consonant_are_read_behind_it(thai: str, latin: str) -> None:
    assert bone_of(romanize_thai(thai)) == bone_of(latin)


def bone_of(latin: str) -> str:
    return "".join(c for c in latin if c not in "aeiouy")


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("アレクサンドル", "Aleksandr"),
        ("블라디미르", "Vladimir"),
        ("페트로브", "Petrov"),
        ("Γκόρμπατσοφ", "Gorbachov"),
        ("Γκεόργκι", "Georgi"),
        ("ब्लादिमीर", "Bladimir"),
    ],
)
def test_a_foreign_name_shares_a_key_with_its_latin_spelling(native: str, latin: str) -> None:
    tokens = [t for reading in analyze(native, "Person").readings for t in reading.tokens]
    ours = {key for token in tokens for key in (*token.sounds, token.text)}
    assert ours & {*sounds_of(latin.lower()), latin.lower()}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("サイエンス・テクノロジー・ゾルカ", "filler:technology"),
        ("トレーディング・ゾルカ", "filler:trading"),
        ("Γκλόμπαλ Τρέιντινγκ Ζόρκα", "filler:global"),
        ("조르카 트레이딩 컴퍼니", "filler:trading"),
        ("Зорка Индастриз", "filler:industry"),
        ("トレーディング日本ゾルカ", "filler:trading"),
    ],
)
def test_general_words_are_heard_in_every_script(name: str, key: str) -> None:
    readings = analyze(name, "Company").readings
    assert any(t.key == key for reading in readings for t in reading.tokens)
    assert any(t.kind is Kind.WORD for reading in readings for t in reading.tokens)


def test_names_are_not_heard_as_general_words() -> None:
    for spelled in ("letters", "syllables"):
        assert [general_word(w, spelled) for w in ("putin", "gorbachov", "hamid")] == [None] * 3
    assert not any(
        t.kind not in (Kind.WORD, Kind.INITIAL, Kind.PARTICLE)
        for reading in analyze("アリ・ハミド", "Person").readings
        for t in reading.tokens
    )


def test_latin_names_have_no_foreign_words() -> None:
    assert native_words("Évariste Hikvision") == {}
    assert native_words("Évariste Иванов") == {"ivanov": "Иванов"}


def test_a_hamza_that_carries_a_vowel_is_not_read() -> None:
    """Uyghur writes it before every vowel that begins a word."""
    assert [t.text for t in analyze("ئال ئانزى", "Person").tokens] == ["al", "anzi"]


def test_letters_taken_for_the_article_are_read_as_part_of_the_word_too() -> None:
    readings = analyze("الكسندرو", "Company").readings
    assert any([t.text.startswith("alks") for t in r.tokens] == [True] for r in readings)


def test_the_words_of_a_form_are_known_by_sound() -> None:
    readings = analyze("ليميتد ليابيليتي كومباني راوينا", "Company").readings
    assert any("legal:llc" in [t.key for t in r.tokens] for r in readings)


def test_a_word_that_may_be_foreign_keeps_a_reading_of_its_own() -> None:
    """The letters are the same, the sounds are not: the second reading was once lost as a repetition."""
    readings = analyze("페르난데스 발렌시아", "Person").readings
    assert {all(t.abjad for t in r.tokens) for r in readings} == {True, False}


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("リミテド・リアビリティ・コムパニ・ゾルカ", "legal:llc"),
        ("조인트 스톡 콤파니 조르카", "legal:jsc"),
        ("ג'וינט סטוק קומפאני זורקא", "legal:jsc"),
        ("Τζόιντ Στοκ Κομπάνι Ζόρκα", "legal:jsc"),
        ("كۋانتۇم للك", "legal:llc"),
        ("ज़ोर्का ल्त्द", "legal:ltd"),
    ],
)
def test_forms_of_several_words_are_heard_word_by_word(name: str, form: str) -> None:
    assert any(t.key == form for reading in analyze(name, "Company").readings for t in reading.tokens)


def test_a_name_of_general_words_only_is_heard_as_a_whole() -> None:
    """The reading was once left out, because no distinctive word was left in it."""
    readings = analyze("502・レセアルチ・インスティトゥテ", "Company").readings
    assert any([t.text for t in r.tokens] == ["502", "researchinstitute"] for r in readings)


@pytest.mark.parametrize(
    ("name", "title"), [("이스마일 엔지니어", "title:engineer"), ("シェイク・アフマド", "title:sheikh")]
)
def test_titles_are_heard(name: str, title: str) -> None:
    assert any(t.key == title for reading in analyze(name, "Person").readings for t in reading.tokens)


def test_a_servants_name_is_joined_by_ear() -> None:
    readings = analyze("サード・アブドゥル・ラティフ", "Person").readings
    assert any([t.text for t in r.tokens] == ["sad", "abdurratif"] for r in readings)


@pytest.mark.parametrize(
    ("native", "latin"),
    [("앨런", "allen"), ("쿠즈네초프", "kujnechop"), ("スー", "su"), ("इन्क", "ink"), ("세베르", "seber")],
)
def test_foreign_words_by_sound(native: str, latin: str) -> None:
    assert foreign_latin(native) == latin


def test_hebrew_letters_with_an_apostrophe_are_one_sound() -> None:
    assert [t.text for t in analyze("ח'ליל ג'ברי", "Person").tokens] == ["khlil", "jbri"]
