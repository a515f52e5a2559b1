"""The kernels: edit distance, symmetry, and one number whether they are interpreted or compiled."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from stopship.matching import Index, IndexedList, Matcher, Query, listener, lookup
from stopship.matching.candidates import BruteForce
from stopship.matching.kernels import columns
from stopship.matching.kernels.words import osa
from stopship.matching.lookup import Lookup
from stopship.matching.prepare import prepare_name
from stopship.matching.score import best_reading, score_pair
from stopship.matching.table import signal_rows
from stopship.model.entity import Entity, Name
from stopship.model.values import NameKind, Schema
from stopship.validation.fit import bounds_of

_WORDS = [
    "Hangzhou",
    "Hikvision",
    "Hikvison",
    "Digital",
    "Technology",
    "Technologies",
    "Co",
    "Ltd",
    "LLC",
    "Urumqi",
    "Karamay",
    "Municipal",
    "Public",
    "Security",
    "Bureau",
    "No",
    "38",
    "14",
    "38th",
    "Institute",
    "Ivan",
    "Ivana",
    "Petrov",
    "Petrova",
    "I.",
    "Sergeyevich",
    "al",
    "bin",
    "iFLYTEK",
    "Flytek",
    "Hik",
    "vision",
    "Bank",
    "of",
    "Moscow",
    "Xinjiang",
    "Tech",
    "International",
    "Gen",
    "Yevgeniy",
    "Evgeny",
    "ペトロフ",
    "شفتشنكو",
    "테츠노로기",
    "Μπανκ",
    "ג'אבר",
]
_NAMES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=7).map(" ".join)
_SCHEMAS = st.sampled_from([Schema.COMPANY, Schema.PERSON, Schema.LEGAL_ENTITY])


def test_the_table_has_a_row_for_each_signal() -> None:
    numbers = {name[2:].lower(): at for name, at in vars(columns).items() if name.startswith("S_")}
    assert [numbers[row.signal] for row in signal_rows()] == list(range(columns.SIGNALS))


def test_every_weight_keeps_the_bounds_of_its_signal() -> None:
    least, most = bounds_of([row.sign for row in signal_rows()])
    for at, row in enumerate(signal_rows()):
        assert least[at] <= row.organization <= most[at], row.signal
        assert least[at] <= row.person <= most[at], row.signal


@settings(max_examples=300, deadline=None)
@given(st.text("abcd", min_size=1, max_size=14), st.text("abcd", min_size=1, max_size=14))
def test_edit_distance_is_rapidfuzzs(one: str, other: str) -> None:
    left, right = list(one.encode()), list(other.encode())
    assert osa(left, 0, len(left), right, 0, len(right)) == OSA.distance(one, other)


@settings(max_examples=200, deadline=None)
@given(_NAMES, _NAMES, _SCHEMAS)
def test_scores_are_symmetric(one: str, other: str, schema: Schema) -> None:
    left, right = prepare_name(one, schema), prepare_name(other, schema)
    there, back = best_reading(left, right), best_reading(right, left)
    assert there.score == pytest.approx(back.score, abs=1e-12)
    assert there.band is back.band


@settings(max_examples=200, deadline=None)
@given(_NAMES, _NAMES, _SCHEMAS)
def test_compiled_and_interpreted_give_one_number(one: str, other: str, schema: Schema) -> None:
    left, right = prepare_name(one, schema), prepare_name(other, schema)
    explained = best_reading(left, right)
    assert score_pair(left, right) == pytest.approx(explained.score, abs=1e-9)


def test_a_list_is_searched_alike_compiled_and_interpreted(index: Index) -> None:
    candidates = BruteForce(index)
    one, other = (Lookup(index, candidates, compiled=compiled) for compiled in (False, True))
    for text in ("Hikvison Ltd", "Hik vision", "Prigozhin Y.V.", "Karamay PSB", "Sense Time", "海康威视"):
        name = prepare_name(text, Query(text).schema, index.entities_with)
        assert [hit[:3] for hit in one.find(name, least=0.3)] == [hit[:3] for hit in other.find(name, least=0.3)]


def test_nobody_waits_while_scoring_is_compiled(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found in the example workbench: after some thirty checks the server stood still for twenty seconds."""
    go_on, asked = Event(), Event()
    real = lookup.compiled

    def slow() -> Any:
        asked.set()
        assert go_on.wait(60)
        return real()

    monkeypatch.setattr(lookup, "_aside", [])
    monkeypatch.setattr(lookup, "INTERPRETED_FIRST", 10)
    monkeypatch.setattr(lookup, "compiled", slow)
    thread = lookup.compile_aside(index)
    assert asked.wait(60)
    assert lookup.compile_aside(index) is thread
    matcher = Matcher(index)
    found = [matcher.match(Query("Hikvison Ltd")) for _ in range(3)]  # would wait for `slow` otherwise
    assert found[0] and found[0] == found[1] == found[2]
    go_on.set()
    thread.join(120)
    assert matcher.match(Query("Hikvison Ltd")) == found[0]
    assert matcher._lookup._compiled


@pytest.mark.parametrize(
    "text", ["al al al al", "a", "x y z", "Co Ltd Co Ltd", " ".join(["bank"] * 60), "a b c d e f " * 10]
)
def test_odd_names_are_compared_with_themselves(text: str) -> None:
    left, right = prepare_name(text), prepare_name(text + " ")
    assert best_reading(left, right).score >= 0.9
    assert score_pair(left, right) == pytest.approx(best_reading(left, right).score)


SPELLED = (
    ("Randolph Duncan", "ダンカン・ランドルフ", Schema.PERSON),
    ("Kuznetsov Artem", "쿠즈네초프 아르툠", Schema.PERSON),
    ("Chowdhury Abdullah", "Χοουντχυρι Αμπντυλλαχ", Schema.PERSON),
    ("Shevchenko Andrei", "شفتشنكو اندري", Schema.PERSON),
    ("Khaled Khalil", "ח'ליל ח'אלד", Schema.PERSON),
    ("Myanma Five Star Line", "먄마 피베 스타르 리네", Schema.COMPANY),
)


@pytest.mark.parametrize(("latin", "native", "schema"), SPELLED)
@pytest.mark.parametrize("interpreted", [0, 10_000])
def test_candidates_hold_what_was_spelled_by_ear(
    latin: str, native: str, schema: Schema, interpreted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "_INTERPRETED", interpreted)
    listed = IndexedList("made", "sha256:abc", None, None, 1, None, "custom")
    index = Index.build([(listed, [Entity("a", schema, (Name(latin, NameKind.PRIMARY),))])])
    search = BruteForce(index)
    assert any(len(search.find(reading, least=0.0)) for reading in prepare_name(native, schema).readings)
