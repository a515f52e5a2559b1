"""Slips in fixed phrases, and forms that lost a word, are no distinctive words."""

from __future__ import annotations

import pytest

from stopship.names import Kind, analyze


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("LIMITED LIABILITY OPMANY RUSMEDTORG", "legal:llc"),  # two slips in one word
        ("JOINT TOCK COMPAYN RUSMEDTORG", "legal:jsc"),  # one slip in each of two words
        ("LIABILITY COMPANY RUSMEDTORG", "legal:llc"),  # a word is missing
        ("LIMITED LIABILITY RUSMEDTORG", "legal:llc"),
        ("OBSHCHESTVO S OTVETSTVENNOSTYU RUSMEDTORG", "legal:ooo"),
        ("OBSHCHESTVO S OGRANICHENNOI RUSMEDTORG", "legal:ooo"),
        ("RUSMEDTORG CO. International LTD.", "legal:coltd"),  # a word stands in the form
        ("RUSMEDTORG CORPORATION Group LIMITED", "legal:coltd"),
        ("RUSMEDTORG (Pvt) Technology Ltd.", "legal:pvtltd"),
        ("RUSMEDTORG FZ Services LLC", "legal:fzllc"),
        ("RUSMEDTORG PROPRIETARY Trading LTD", "legal:ptyltd"),
        ("LIMITED LIABILITI COMPANY RUSMEDTORG", "legal:llc"),  # the slip is a word of a Malay form
        ("RUSMEDTORG CSJC", "legal:cjsc"),  # two letters swapped in a short form
        ("FUGP RUSMEDTORG", "legal:fgup"),
        ("RUSMEDTORG PJZSC", "legal:pjsc"),
    ],
)
def test_a_form_is_known_in_spite_of_slips(name: str, form: str) -> None:
    tokens = analyze(name).tokens
    assert [t.key for t in tokens if t.kind is Kind.LEGAL] == [form]
    assert [t.text for t in tokens if t.kind is Kind.WORD] == ["rusmedtorg"]


@pytest.mark.parametrize("name", ["Livestock Company Rava", "Rava Stock Exchange", "Rava Joint Ventures"])
def test_other_words_of_forms_are_left_alone(name: str) -> None:
    assert all(t.key not in ("legal:jsc", "legal:llc") for t in analyze(name).tokens)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Zaltrix Moscwo LLC", "place:moscow"),
        ("Zaltrix Hogn Kong Ltd", "place:HK"),
        ("AUlan-Ude Zaltrix", "place:ulan_ude"),
        ("Zaltrix Netherlnads BV", "place:NL"),
        ("Novosibirskaya Zaltrix", "place:novosibirsk"),
    ],
)
def test_a_slip_in_a_place_is_that_place(name: str, place: str) -> None:
    tokens = analyze(name, "Company").tokens
    assert [t.key for t in tokens if t.kind is Kind.PLACE] == [place]
    assert [t.text for t in tokens if t.kind is Kind.WORD] == ["zaltrix"]


@pytest.mark.parametrize("word", ["Yamburg", "Behran", "Renova", "Kasperskogo", "Cartier", "CASC"])
def test_names_near_to_a_place_or_a_general_word_stay(word: str) -> None:
    tokens = analyze(f"{word} Zaltrix", "Company").tokens
    assert [t.text for t in tokens if t.kind is Kind.WORD] == [word.lower(), "zaltrix"]


@pytest.mark.parametrize(
    ("slip", "key"),
    [
        ("Aircrnft", "sector:aircraft"),
        ("Technolgoy", "filler:technology"),
        ("Semciondcutor", "sector:semiconductor"),
    ],
)
def test_a_slip_in_a_general_word_is_that_word(slip: str, key: str) -> None:
    assert [t.key for t in analyze(f"Zaltrix {slip} Plant", "Company").tokens][1] == key


@pytest.mark.parametrize("name", ["SB International", "AG Terminal", "SE Zaltrix"])
def test_a_short_form_in_front_is_a_name_where_forms_stand_behind(name: str) -> None:
    assert all(t.kind is not Kind.LEGAL for t in analyze(name, "Company").tokens)


def test_a_short_form_in_front_is_one_where_forms_stand_in_front() -> None:
    for name, form in (("OAO Zaltrix", "legal:ojsc"), ("PT Zaltrix", "legal:pt"), ("FZE Zaltrix", "legal:fze")):
        assert analyze(name, "Company").tokens[0].key == form


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("Zaltrix Compresso", "Zaltrix Compressor"),  # cut, sooner than a slip for Complesso
        ("Zaltrix Hong Kon", "Zaltrix Hong Kong"),
        ("Zaltrix Middle Ea", "Zaltrix Middle East"),
        ("Zaltrix Compxcany", "Zaltrix Company"),  # two slips in a form at the end
        ("Zaltrix Coprortion", "Zaltrix Corporation"),
        ("Joint Stohnk Company Zaltrix", "Joint Stock Company Zaltrix"),
        ("Oepn Joint Stock Company Zaltrix", "Open Joint Stock Company Zaltrix"),
        ("Zaltrix Public Security Brueau", "Zaltrix Public Security Bureau"),
        ("Zaltrix Far Eafst Plant", "Zaltrix Far East Plant"),
        ("Zaltrix Gruop Ltd", "Zaltrix Group Ltd"),
        ("Zaltrix Ltd Liab. Partnership", "Zaltrix Limited Liability Partnership"),
        ("Zaltrix Litda", "Zaltrix Ltda"),
        ("30thship Repair Plant", "30th Ship Repair Plant"),
    ],
)
def test_what_is_cut_or_slipped_is_read_as_what_is_meant(name: str, whole: str) -> None:
    assert [t.key for t in analyze(name, "Company").tokens] == [t.key for t in analyze(whole, "Company").tokens]


@pytest.mark.parametrize("name", ["Zaltrix Crop", "Hong K", "Zaltrix Canal", "CASC Zaltrix", "Zaltrix Canopy"])
def test_words_of_their_own_are_no_slips(name: str) -> None:
    assert [t.text for t in analyze(name, "Company").tokens] == name.lower().split()


@pytest.mark.parametrize(
    "name",
    [
        "NPP Start",
        "Zavod Meteor",
        "OKB Astron",
        "Limited Liability Company Lada Auto",
        "JSC Magistral",
        "LLC Trakt",
    ],
)
def test_names_that_begin_like_a_general_word_stay(name: str) -> None:
    """The last word of a name is not always a cut one."""
    kinds = {t.text: t.kind for t in analyze(name, "Company").tokens}
    assert Kind.WORD in kinds.values()
