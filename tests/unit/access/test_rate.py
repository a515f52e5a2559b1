"""How many requests a minute are taken."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.access import rate
from stopship.access.rate import RateLimit
from stopship.errors import TooOften


def taken(limit: RateLimit, count: int, a_minute: int, at: float, who: str = "key:1") -> int:
    done = 0
    for _ in range(count):
        try:
            limit.take(who, a_minute, at=at)
            done += 1
        except TooOften:
            pass
    return done


def test_ten_seconds_worth_at_once_then_the_rate() -> None:
    limit = RateLimit()
    assert taken(limit, 500, 600, at=0.0) == 100
    assert taken(limit, 500, 600, at=1.0) == 10
    assert taken(limit, 500, 600, at=1.05) == 0
    assert taken(limit, 500, 600, at=61.0) == 100


def test_a_refusal_says_how_long_to_wait_and_that_is_enough() -> None:
    limit = RateLimit()
    taken(limit, 5, 6, at=0.0)
    with pytest.raises(TooOften, match="more than 6 requests a minute: wait 10 seconds") as refused:
        limit.take("key:1", 6, at=0.0)
    assert limit.take("key:1", 6, at=float(refused.value.wait_seconds)) == 0


def test_workers_share_the_rate_and_keys_do_not() -> None:
    limit = RateLimit(workers=4)
    assert taken(limit, 500, 2400, at=0.0) == 100
    assert taken(limit, 500, 2400, at=0.0, who="key:2") == 100


def test_a_clock_that_stands_or_goes_back_gives_nothing() -> None:
    limit = RateLimit()
    assert taken(limit, 100, 600, at=10.0) == 100
    assert taken(limit, 100, 600, at=5.0) == 0
    assert taken(limit, 100, 600, at=11.0) == 10


def test_a_large_request_costs_more() -> None:
    limit = RateLimit()
    assert limit.take("key:1", 600, at=0.0, cost=40) == 60
    with pytest.raises(TooOften):
        limit.take("key:1", 600, at=0.0, cost=61)
    assert limit.take("key:1", 600, at=0.0, cost=60) == 0


def test_threads_take_no_more_than_there_is() -> None:
    limit = RateLimit()
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(taken(limit, 100, 600, at=0.0))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 100


def test_buckets_that_nobody_uses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "MOST_BUCKETS", 10)
    limit = RateLimit()
    for number in range(10):
        limit.take(f"key:{number}", 600, at=0.0)
    limit.take("key:new", 600, at=100.0)
    assert len(limit._buckets) == 1


@given(
    a_minute=st.integers(min_value=1, max_value=100_000),
    steps=st.lists(st.floats(min_value=0.0, max_value=5.0), max_size=60),
)
def test_never_more_than_the_rate_and_the_burst(a_minute: int, steps: list[float]) -> None:
    limit = RateLimit()
    at, done = 0.0, 0
    for step in steps:
        at += step
        done += taken(limit, 3, a_minute, at=at)
    most = max(a_minute / 60.0 * rate.BURST_SECONDS, rate.LEAST_BURST)
    assert done <= most + at * a_minute / 60.0 + 1e-6
