"""Charts tell the truth: lengths from zero by one measure, and links to what is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.app.service.overview import Band, Figures, Held
from stopship.store.figures import ProgramCount
from stopship.web.presenters.charts import HEAD, RISE, WIDTH, Span, bars, columns
from stopship.web.presenters.difference import difference_page
from stopship.web.presenters.overview import overview_page

NOW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
TODAY = NOW.date()
COUNTS = st.lists(st.integers(0, 100_000), min_size=1, max_size=40)


@given(COUNTS)
def test_a_bar_is_as_long_as_its_value_and_none_leaves_the_drawing(values: list[int]) -> None:
    drawn = bars(
        [(str(n), {"late": value // 3, "in_time": value - value // 3}, "", "") for n, value in enumerate(values)]
    )
    most = max(values) or 1
    for bar, value in zip(drawn.bars, values, strict=True):
        assert bar.value == value
        end = max((part.x + part.length for part in bar.parts), default=0)
        assert end <= WIDTH + 0.2
        assert end == pytest.approx(value / most * WIDTH, abs=3.2)  # a part is never too thin to be seen


@given(COUNTS)
def test_columns_stand_on_zero_by_one_measure(values: list[int]) -> None:
    drawn = columns([Span("a", "b", value, value // 2) for value in values], step=1)
    assert drawn.top >= max(values)
    for column, value in zip(drawn.columns, values, strict=True):
        assert column.up_y + column.up_height == pytest.approx(drawn.zero, abs=0.11)
        assert column.up_height == pytest.approx(value / drawn.top * RISE, abs=0.06)
        assert column.down_height == pytest.approx(value // 2 / drawn.top * RISE, abs=0.06)
        assert column.up_y >= HEAD - 0.1 and drawn.zero + column.down_height <= drawn.height
        assert column.x >= 0 and column.x + column.width <= WIDTH + 0.01


def test_bars_beyond_the_most_are_counted_and_a_bar_of_nothing_is_empty() -> None:
    drawn = bars([(str(n), {"n": 1}, "", "") for n in range(5)], 3)
    assert (len(drawn.bars), drawn.left_out, drawn.empty) == (3, 2, False)
    assert bars([("a", {"n": 0}, "", "")]).empty and bars([]).empty


def figures(days: int = 30, **other: object) -> Figures:
    nothing = [Band(None, None, 0, 0)]
    since = TODAY - timedelta(days=days - 1)
    values: dict[str, object] = {
        "at": NOW, "days": days, "since": since, "ages": tuple(nothing * 6), "dues": tuple(nothing * 5),
        "states": {}, "holders": (Held(None, "", 0, 0),), "opened": {}, "closed": {}, "median_days": None,
        "programs": (), "screenings": 0, "parties": 0, "ending": {}, "ending_first": (), "failed": 0,
        "failed_last": (),
    }  # fmt: skip
    return Figures(**(values | other))  # type: ignore[arg-type]


def test_an_empty_desk_has_no_chart_and_no_share() -> None:
    page = overview_page(figures())
    assert page.share is None and page.stands.empty and page.rates.empty and page.throughput.empty
    assert (page.figures.waiting, page.figures.late) == (0, 0)


def test_weeks_begin_on_monday_and_are_cut_at_the_ends_of_the_period() -> None:
    closed = {
        (date(2026, 11, 22), "false_match"): 3,
        (date(2026, 11, 22), "true_match"): 2,
        (date(2026, 11, 23), "false_match"): 1,
    }
    page = overview_page(figures(closed=closed))
    weeks = page.shares.columns
    assert [(week.first, week.end) for week in weeks] == [
        ("2026-10-28", "2026-11-02"),
        ("2026-11-02", "2026-11-09"),
        ("2026-11-09", "2026-11-16"),
        ("2026-11-16", "2026-11-23"),
        ("2026-11-23", "2026-11-27"),
    ]
    assert [(week.up, week.of, week.faint) for week in weeks[3:]] == [(60.0, 5, False), (100.0, 1, True)]
    assert weeks[0].link == "" and weeks[3].link.startswith("?state=closed&closed_from=2026-11-16")
    assert (page.closed, page.share) == (6, 4 / 6)
    assert len(page.throughput.columns) == 30 and page.throughput.columns[-4].down == 1
    assert len(overview_page(figures(365)).throughput.columns) == 53


def test_links_ask_for_the_days_that_a_bar_counts() -> None:
    ages = (
        Band(TODAY, None, 2, 0),
        *(Band(None, None, 0, 0),) * 4,
        Band(None, date(2026, 10, 28), 3, 3),
    )
    page = overview_page(figures(ages=ages, holders=(Held(None, "", 5, 3), Held("user:1", "Erika", 2, 0))))
    newest, oldest = page.age.bars[0], page.age.bars[-1]
    waiting = {"state": ["open", "escalated", "proposed"]}
    assert parse_qs(newest.link[1:]) == waiting | {"opened_from": ["2026-11-26"]}
    assert parse_qs(oldest.link[1:]) == waiting | {"opened_before": ["2026-10-28"]}
    assert (oldest.value, oldest.part("late"), oldest.part("in_time")) == (3, 3, 0)
    assert [(bar.key, parse_qs(bar.link[1:])) for bar in page.work.bars] == [
        ("nobody", waiting | {"who": ["nobody"]}),
        ("user:1", waiting | {"who": ["user:1"]}),
    ]
    assert parse_qs(page.links["waiting"][1:]) == waiting, "an empty link would be no link"


def test_what_was_opened_is_counted_and_linked_whatever_became_of_it() -> None:
    states = {"state": ["open", "escalated", "proposed", "closed"]}
    page = overview_page(figures(opened={TODAY: 2}, programs=(ProgramCount("us.el", "open", 2, 1),), parties=10))
    assert parse_qs(page.throughput.columns[-1].link[1:]) == states | {
        "opened_from": ["2026-11-26"], "opened_before": ["2026-11-27"],
    }  # fmt: skip
    assert parse_qs(page.rates.bars[0].link[1:]) == states | {
        "program": ["us.el"], "opened_from": ["2026-10-28"],
    }  # fmt: skip


def test_a_list_s_closed_and_waiting_cases_are_linked_apart() -> None:
    programs = (ProgramCount("us.el", "true_match", 3, 0), ProgramCount("us.el", "open", 2, 1))
    page = overview_page(figures(programs=programs))
    assert [bar.link for bar in page.stands.bars] == [""]
    links = {name: parse_qs(link[1:]) for name, link in page.stands_links["us.el"].items()}
    closed = {"state": ["closed"], "closed_from": ["2026-10-28"], "closed_before": ["2026-11-27"]}
    assert links == {
        "true_match": closed | {"program": ["us.el"], "disposition": ["true_match"]},
        "false_match": closed | {"program": ["us.el"], "disposition": ["false_match"]},
        "waiting": {"state": ["open", "escalated", "proposed"], "program": ["us.el"]},
    }


def test_lists_are_in_the_order_of_their_cases_and_rates_are_by_parties() -> None:
    programs = (
        ProgramCount("us.el", "", 4, 4),
        ProgramCount("us.el", "open", 2, 1),
        ProgramCount("us.sdn", "false_match", 3, 0),
    )
    page = overview_page(figures(programs=programs, parties=2000, screenings=7))
    assert [(bar.key, bar.value) for bar in page.stands.bars] == [("us.sdn", 3), ("us.el", 2)]
    assert page.stands_table["us.el"] == {"true_match": 0, "false_match": 0, "possible": 0, "open": 2}
    assert [(bar.key, bar.value, bar.name) for bar in page.rates.bars] == [("us.el", 2.5, "5")]
    assert overview_page(figures(programs=programs)).rates.empty


def test_a_difference_is_filtered_by_words_and_says_how_many_are_left() -> None:
    plain = {
        "source": "us_csl", "from": {}, "to": {},
        "counts": {"added": 2, "removed": 0, "changed": 1, "unchanged": 9},
        "added": [
            {"id": "e-1", "names": [{"text": "Beispiel Optik"}], "countries": ["DE"]},
            {"id": "e-2", "names": [{"text": "Muster Handel"}]},
        ],
        "removed": [],
        "changed": [
            {
                "id": "e-3", "name": "Sample",
                "fields": [{"field": "names", "gone": [], "new": [{"text": "OPTIK Ring"}]}],
            },
        ],
    }  # fmt: skip
    page = difference_page(plain, words=" optik ")
    assert [row.id for row in page.rows] == ["e-1", "e-3"]
    assert (page.counts["added"], page.counts["changed"], page.counts["unchanged"], page.words) == (
        1,
        1,
        9,
        "optik",
    )
    assert [row.id for row in difference_page(plain, words="optik ring").rows] == ["e-3"]
    for field in ("countries", "fields", "names"):
        assert difference_page(plain, words=field).rows == (), "the name of a field is no word of an entry"
