"""The charts of the overview, from the figures of the work. A bar leads to the cases that it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from stopship.app.service.overview import AGES, Band, Figures
from stopship.cases import State
from stopship.cases.wanted import NOBODY
from stopship.web.presenters.charts import Bars, Columns, Row, Span, bars, columns

AGE_KEYS = tuple(str(first) for first in AGES)
DUE_KEYS = ("before", "today", "tomorrow", "week", "later")
ALL = tuple(State)
WAITING = tuple(state for state in State if state is not State.CLOSED)
STANDS = ("true_match", "false_match", "possible", "open")
ENDING = {"week": 7, "two_weeks": 14, "month": 30}
"""Bands of suppressions that end soon: in fewer days than this."""
FEW = 5
"""A share of fewer cases than this says little, and is drawn so."""
MOST_PROGRAMS = 12
MOST_DAYS_SINGLE = 90
"""Over more days than this, columns are weeks."""


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """All charts. `stands` and `rates` show the lists with most; `stands_table` and `rates_table` have them all,
    `stands_links` the queries of the queue for the true, false and waiting cases of each list.
    `share` is that of false matches among the cases closed in the period, None without any."""

    figures: Figures
    age: Bars
    due: Bars
    work: Bars
    stands: Bars
    stands_table: Mapping[str, Mapping[str, float]]
    stands_links: Mapping[str, Mapping[str, str]]
    rates: Bars
    rates_table: Bars
    throughput: Columns
    shares: Columns
    ending: Bars
    opened: int
    closed: int
    share: float | None
    links: Mapping[str, str]


def overview_page(figures: Figures) -> OverviewPage:
    """The charts of some figures."""
    since, after = figures.since.isoformat(), (figures.today + timedelta(days=1)).isoformat()
    closed = sum(figures.closed.values())
    false = sum(count for (_day, how), count in figures.closed.items() if how == "false_match")
    stands, rates = _stands(figures), _rates(figures, since)
    return OverviewPage(
        figures,
        bars([_banded(key, band, "opened") for key, band in zip(AGE_KEYS, figures.ages, strict=True)]),
        bars([_banded(key, band, "due") for key, band in zip(DUE_KEYS, figures.dues, strict=True)]),
        bars(
            [
                (one.who or NOBODY, _late(one.count, one.late), _link(who=one.who or NOBODY), one.name)
                for one in figures.holders
            ]
        ),
        bars([(program, values, "", "") for program, values in stands.items()], MOST_PROGRAMS),
        stands,
        {program: _stands_links(program, since, after) for program in stands},
        bars(rates, MOST_PROGRAMS),
        bars(rates),
        _throughput(figures),
        _shares(figures),
        _ending(figures),
        sum(figures.opened.values()),
        closed,
        false / closed if closed else None,
        {
            "waiting": _link(),
            "late": _link(overdue="1"),
            "nobody": _link(who=NOBODY),
            "proposed": _link(state="proposed"),
            "opened": _link(state=ALL, opened_from=since, opened_before=after),
            "closed": _link(state="closed", closed_from=since, closed_before=after),
        },
    )


def _link(*, state: str | tuple[str, ...] = WAITING, **asked: str) -> str:
    """The query of the queue's address for what is asked, of the cases that wait where no state is given."""
    return "?" + urlencode({"state": state, **{name: value for name, value in asked.items() if value}}, doseq=True)


def _stands_links(program: str, since: str, after: str) -> dict[str, str]:
    """The bar of a list counts cases that were closed in the period and cases that wait: no one view has both."""
    closed = {"state": "closed", "program": program, "closed_from": since, "closed_before": after}
    return {
        **{how: _link(**closed, disposition=how) for how in ("true_match", "false_match")},
        "waiting": _link(program=program),
    }


def _late(count: int, late: int) -> dict[str, float]:
    return {"late": late, "in_time": count - late}


def _banded(key: str, band: Band, what: str) -> Row:
    days = {f"{what}_from": band.first, f"{what}_before": band.end}
    link = _link(**{name: day.isoformat() for name, day in days.items() if day})
    return key, _late(band.count, band.late), link, ""


def _stands(figures: Figures) -> dict[str, dict[str, float]]:
    """Cases by program, then by how they stand; the program with most cases first."""
    found: dict[str, dict[str, float]] = {}
    for row in figures.programs:
        if row.stands:
            found.setdefault(row.program, dict.fromkeys(STANDS, 0.0))[row.stands] = row.cases
    return dict(sorted(found.items(), key=lambda row: (-sum(row[1].values()), row[0])))


def _rates(figures: Figures, since: str) -> list[Row]:
    """New cases of a program for each 1,000 parties that were looked up; `name` of a bar is their number."""
    new: dict[str, int] = {}
    for row in figures.programs:
        new[row.program] = new.get(row.program, 0) + row.new_cases
    return [
        (
            program,
            {"rate": 1000 * count / figures.parties},
            _link(state=ALL, program=program, opened_from=since),
            f"{count:,}",
        )
        for program, count in sorted(new.items(), key=lambda row: (-row[1], row[0]))
        if count and figures.parties
    ]


def _throughput(figures: Figures) -> Columns:
    step = 1 if figures.days <= MOST_DAYS_SINGLE else 7
    closed: dict[date, int] = {}
    for (day, _how), count in figures.closed.items():
        closed[day] = closed.get(day, 0) + count
    spans = [
        Span(
            first.isoformat(),
            end.isoformat(),
            _sum(figures.opened, first, end),
            _sum(closed, first, end),
            link=_link(state=ALL, opened_from=first.isoformat(), opened_before=end.isoformat()),
        )
        for first, end in (_weeks(figures) if step == 7 else _days(figures))
    ]
    return columns(spans, step=step)


def _shares(figures: Figures) -> Columns:
    """The share of false matches among the cases closed in each week, in percent."""
    spans = []
    for first, end in _weeks(figures):
        by_how = {
            how: _sum({day: n for (day, one), n in figures.closed.items() if one == how}, first, end)
            for how in ("true_match", "false_match")
        }
        count = sum(by_how.values())
        share = 100 * by_how["false_match"] / count if count else 0.0
        link = _link(state="closed", closed_from=first.isoformat(), closed_before=end.isoformat())
        few = count < FEW
        spans.append(Span(first.isoformat(), end.isoformat(), share, 0, count, few, link if count else ""))
    return columns(spans, step=7, top=100)


def _ending(figures: Figures) -> Bars:
    rows, begin = [], 0
    for key, before in ENDING.items():
        days = [figures.today + timedelta(days=n) for n in range(begin, before)]
        rows.append((key, {"ending": float(sum(figures.ending.get(day, 0) for day in days))}, "", ""))
        begin = before
    return bars(rows)


def _sum(by_day: Mapping[date, int], first: date, end: date) -> int:
    return sum(count for day, count in by_day.items() if first <= day < end)


def _days(figures: Figures) -> Iterator[tuple[date, date]]:
    for number in range(figures.days):
        day = figures.since + timedelta(days=number)
        yield day, day + timedelta(days=1)


def _weeks(figures: Figures) -> Iterator[tuple[date, date]]:
    """The weeks of the period, from Monday on; the first and the last are cut at its ends."""
    first, after = figures.since, figures.today + timedelta(days=1)
    while first < after:
        end = min(first + timedelta(days=7 - first.weekday()), after)
        yield first, end
        first = end
