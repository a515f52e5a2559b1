"""When a plan of the settings is due next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.errors import SettingsError
from stopship.jobs.plan import read_plan


def due(text: str, after: str, zone: str = "Europe/Berlin", runs: int = 1) -> list[str]:
    plan = read_plan(text, zone, "schedule, x")
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    found = []
    for _ in range(runs):
        following = plan.next_after(moment)
        assert following is not None and following > moment
        found.append(following.strftime("%Y-%m-%d %H:%M"))
        moment = following
    return found


def test_every_so_often() -> None:
    assert due("every 6h", "2026-11-26 07:30", runs=2) == ["2026-11-26 13:30", "2026-11-26 19:30"]
    assert due("every 30 m", "2026-11-26 07:30") == ["2026-11-26 08:00"]
    assert due("Every 2d", "2026-11-26 07:30") == ["2026-11-28 07:30"]


def test_times_of_the_day_are_those_of_the_zone() -> None:
    assert due("daily at 05:30", "2026-11-26 04:29", runs=2) == ["2026-11-26 04:30", "2026-11-27 04:30"]
    assert due("daily at 05:30", "2026-07-01 00:00") == ["2026-07-01 03:30"]
    assert due("daily at 05:30", "2026-11-26 00:00", "Asia/Kolkata") == ["2026-11-27 00:00"]
    assert due("weekdays at 7:00", "2026-11-27 12:00", "UTC") == ["2026-11-30 07:00"]
    assert due("sundays at 03:00", "2026-11-26 12:00", "UTC") == ["2026-11-29 03:00"]
    assert due("monthly on 1 at 04:00", "2026-11-26 12:00", "UTC", 2) == ["2026-12-01 04:00", "2027-01-01 04:00"]


def test_fields_of_cron() -> None:
    assert due("30 5 * * 1-5", "2026-11-27 12:00", "UTC") == ["2026-11-30 05:30"]
    assert due("*/20 8-9 * * *", "2026-11-26 08:15", "UTC", 4) == [
        "2026-11-26 08:20",
        "2026-11-26 08:40",
        "2026-11-26 09:00",
        "2026-11-26 09:20",
    ]
    assert due("0 0 29 2 *", "2026-11-26 08:15", "UTC") == ["2028-02-29 00:00"]
    assert due("0 6 * * 7", "2026-11-26 08:15", "UTC") == due("0 6 * * 0", "2026-11-26 08:15", "UTC")
    # As in cron: the first of the month, and every Monday.
    assert due("0 6 1 * 1", "2026-11-26 08:15", "UTC", 3) == [
        "2026-11-30 06:00",
        "2026-12-01 06:00",
        "2026-12-07 06:00",
    ]


def test_an_hour_that_the_clocks_leave_out_is_made_up_for_and_one_that_comes_twice_counts_once() -> None:
    # 29 March 2026: two o'clock becomes three. 25 October: three becomes two.
    assert due("daily at 02:30", "2026-03-28 12:00", runs=2) == ["2026-03-29 01:30", "2026-03-30 00:30"]
    assert due("daily at 02:30", "2026-10-24 12:00", runs=2) == ["2026-10-25 00:30", "2026-10-26 01:30"]


@given(
    st.integers(0, 6 * 365 * 24 * 60),
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]),
)
def test_daily_is_once_each_day(minutes: int, hour: int, minute: int, zone: str) -> None:
    plan = read_plan(f"daily at {hour:02}:{minute:02}", zone, "x")
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    days = []
    for _ in range(4):
        following = plan.next_after(at)
        assert following is not None and at < following <= at + timedelta(hours=50)
        days.append(following.astimezone(plan.zone).date())
        at = following
    assert days == [days[0] + timedelta(days=n) for n in range(4)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sometimes", "is no plan"),
        ("every 0m", "shorter than a minute"),
        ("every 3 weeks", "is no plan"),
        ("daily at 25:00", "25:00 is no time of the day"),
        ("monthly on 31 at 04:00", "not every month has this day"),
        ("61 5 * * *", "a minute is from 0 to 59"),
        ("*/0 5 * * *", "is no minute of a plan"),
        ("5-1 5 * * *", "a minute is from 0 to 59"),
        ("0 5 30 2 *", "there is no such day"),
        ("a b c d e", "is no minute of a plan"),
    ],
)
def test_what_can_t_be_read_is_told(text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read_plan(text, "UTC", "schedule, x")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "/etc/localtime"])
def test_a_zone_that_is_none_is_told(zone: str) -> None:
    with pytest.raises(SettingsError, match="is no time zone"):
        read_plan("daily at 05:30", zone, "schedule, x")
