"""Two names side by side: nothing of the printed name is lost, and each line says how it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.app.indexes import starter_index
from stopship.matching import Evidence, Matcher, Query, compare_names
from stopship.model.values import Schema
from stopship.web.presenters.bars import bars
from stopship.web.presenters.comparison import of_comparison, of_match, pieces, spaced

HAN = "杭州海康威视数字技术股份有限公司"
LATIN = "Hangzhou Hikvision Digital Technology Co., Ltd."


def test_words_agree_with_their_reading_beside_the_script() -> None:
    view = of_comparison(compare_names(HAN, LATIN))
    assert [(p.text, p.relation, p.reading) for p in view.ours][:2] == [
        ("杭州", "match", "hangzhou"),
        ("海康威视", "match", "hikvision"),
    ]
    assert "".join(p.text for p in view.ours) == HAN
    assert "".join(p.text for p in view.theirs) == LATIN
    assert view.strongest is not None and view.strongest.ours == ("海康威视", "hikvision")
    assert view.against == ()


def test_what_contradicts_stands_apart_from_what_one_side_alone_says() -> None:
    view = of_comparison(compare_names("Fiktiv Plant 12 Ltd", "Fiktiv Plant 14 Ltd"))
    assert [row.kind for row in view.against] == ["number"]
    assert view.count("mismatch") == 1
    alone = of_comparison(compare_names("Hikvision", LATIN))
    assert alone.against == () and alone.count("unknown") > 0


def test_bars_are_the_shares_of_the_name() -> None:
    rows = of_comparison(compare_names("Fiktiv Plant 12 Ltd", "Fiktiv Plant 14 Ltd")).names
    drawing = bars(rows)
    assert [bar.share for bar in drawing.bars] == [row.weight for row in rows if row.weight]
    for bar in drawing.bars:
        assert bar.x >= 0 and bar.x + bar.length <= drawing.width
        assert (bar.x >= drawing.zero) == (bar.share > 0)
    assert bars(()).bars == () and bars(()).height == 0


def test_facts_that_one_side_lacks_are_shown_and_never_counted_against() -> None:
    matcher = Matcher(starter_index())
    (match, *_) = matcher.match(Query("Hangzhou Hikvision Digital Technology", Schema.COMPANY))
    view = of_match(match, {"name": "x", "schema": "Company", "birth_date": "1965-10"})
    facts = {row.kind: row for row in view.facts}
    assert facts["schema"].relation == "match"
    assert (facts["birth_date"].relation, facts["birth_date"].why) == ("unknown", "theirs_silent")
    assert (facts["address"].relation, facts["address"].why) == ("unknown", "ours_silent")
    assert not view.against


def test_readings_get_the_spaces_of_the_printed_words() -> None:
    assert spaced("jamaetxewpsizliknazariti", "جامائەت خەۋپسىزلىك نازارىتى") == "jamaet xewpsizlik nazariti"
    assert spaced("hikvision", "海康威视") == "hikvision"


spans = st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30)), max_size=6)


@settings(max_examples=200)
@given(name=st.text(max_size=25), where=spans, relation=st.sampled_from(["match", "mismatch", "unknown"]))
def test_the_pieces_of_a_name_are_the_name(name: str, where: list[tuple[int, int]], relation: str) -> None:
    lines = [Evidence("token", relation, "a b", "c", 0.5, "", tuple(where), ())]
    assert "".join(piece.text for piece in pieces(name, lines, ours=True)) == name


@pytest.mark.parametrize("pair", [("中国电子科技集团", "CETC"), ("Иванов", "Ivanov"), ("A", "A")])
def test_any_comparison_has_a_view(pair: tuple[str, str]) -> None:
    view = of_comparison(compare_names(*pair))
    assert view.names and 0 <= view.score <= 1
