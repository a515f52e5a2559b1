"""Names cut short, with a word left out or with more than one slip: found where the rest says who is meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.matching import DEFAULT_THRESHOLD, Band, Index, compare_names
from stopship.matching.candidates import BruteForce
from stopship.matching.prepare import prepare_name
from stopship.matching.score import comparable, known_of, least_logit, score_readings
from stopship.model.values import Schema

C, P = Schema.COMPANY, Schema.PERSON
FULL = "Hangzhou Hikvision Digital Technology Co., Ltd."


@pytest.mark.parametrize(
    ("given_name", "listed", "schema"),
    [
        ("Hangzhou Hikvision Digital Techn", FULL, C),
        ("OOO Sovrakhim Altermash Mosk", "OOO Sovrakhim Altermash Moskovit", C),
        ("Jokaru Belfont Shipp", "Jokaru Belfont Shipping Agency", C),
        ("PRIGOZHIN, Yevgeniy Vik", "PRIGOZHIN, Yevgeniy Viktorovich", P),
    ],
)
def test_a_name_cut_at_the_end_alerts(given_name: str, listed: str, schema: Schema) -> None:
    found = compare_names(given_name, listed, schema)
    assert found.alert
    assert found.score < 1


def test_the_word_that_breaks_off_is_explained() -> None:
    lines = compare_names("Sovrakhim Altermash Mosk", "Sovrakhim Altermash Moskovit", C).evidence
    assert any("cut short" in line.text and line.theirs == "moskovit" for line in lines)


@pytest.mark.parametrize(
    ("given_name", "listed", "schema"),
    [
        ("Sovrakhim Altermash Trading", "Sovrakhim Altermash Velkonit Trading", C),
        ("Kalashov Zurab", "KALASHOV, Zurab Abramovich", P),
        ("Bezdenezhnykh Sergey", "BEZDENEZHNYKH, Sergey Vyacheslavovich", P),
    ],
)
def test_a_word_left_out_or_added_alerts_where_two_rare_ones_stay(
    given_name: str, listed: str, schema: Schema
) -> None:
    assert compare_names(given_name, listed, schema).alert
    assert compare_names(listed, given_name, schema).alert


@pytest.mark.parametrize(
    ("given_name", "listed", "schema"),
    [
        (FULL.replace("Hikvision", "Hikvson").replace("Digital", "Digtal"), FULL, C),
        (FULL.replace("Hikvision", "Hkvisoin"), FULL, C),
        ("BABAMORADI Jsmak Zorvani", "BABAMORADI, Jamal Zorvani", P),
        ("Sovrakhim Altermash Vlek", "Sovrakhim Altermash Velk", C),
    ],
)
def test_two_slips_alert_where_the_rest_says_who_it_is(given_name: str, listed: str, schema: Schema) -> None:
    assert compare_names(given_name, listed, schema).alert


@pytest.mark.parametrize(
    ("left", "right", "schema"),
    [
        ("Hangzhou Digital Technology Co., Ltd.", FULL, C),  # the word that matters is the one left out
        ("Ivan Petrov", "Ivan Petrenko", P),
        ("Sergey Vyacheslavovich", "BEZDENEZHNYKH, Sergey Vyacheslavovich", P),
    ],
)
def test_what_remains_must_say_who_it_is(left: str, right: str, schema: Schema) -> None:
    assert not compare_names(left, right, schema).alert


_PIECES = (
    *FULL.replace(",", "").split(),
    "Hik",
    "Urumqi",
    "Municipal",
    "Publ",
    "Security",
    "IFLYTEK",
    "Dahua",
    "Petrov",
)


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6), cut=st.integers(0, 4))
def test_candidates_hold_every_reading_that_alerts(index: Index, words: list[str], cut: int) -> None:
    text = " ".join(words)
    text = text[: max(2, len(text) - cut)]
    candidates = BruteForce(index)
    for ours in prepare_name(text, C, index.entities_with).readings:
        found = set(candidates.find(ours, least=least_logit(DEFAULT_THRESHOLD)).tolist())
        for number in range(len(index.vectors["reading.person"])):
            theirs = index.reading(number)
            if not comparable(ours.role, theirs.role):
                continue
            scored = score_readings(ours, theirs, known_of(ours, theirs))
            assert scored.score < DEFAULT_THRESHOLD or number in found, index.listed_name(number).text


@pytest.mark.parametrize("text", ["Foo Trading c/o Hikvision", "Foo Trading, formerly Hikvision"])
def test_a_name_inside_a_name_alerts_but_is_not_strong(text: str) -> None:
    found = compare_names(text, "Hikvision", C)
    assert found.alert
    assert found.band is Band.MEDIUM
