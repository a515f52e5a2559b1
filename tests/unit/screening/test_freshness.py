"""Ages of lists, and what a list may carry."""

from __future__ import annotations

from datetime import date

import pytest

from stopship.matching import IndexedList
from stopship.model import Listing
from stopship.screening.freshness import ListState, clear_is_barred, in_force

DAY = date(2026, 8, 1)


def listed(
    *, published: date | None = None, retrieved: date | None = None, limit: int | None = 7, kind: str = "official"
) -> IndexedList:
    return IndexedList("us_csl", "sha256:" + "0" * 64, published, retrieved, 10, limit, kind)


@pytest.mark.parametrize(
    ("published", "retrieved", "age", "stale", "basis"),
    [
        (date(2026, 7, 31), None, 1, False, "snapshot"),
        (date(2026, 7, 25), None, 7, False, "snapshot"),
        (date(2026, 7, 24), None, 8, True, "snapshot"),
        (None, date(2026, 7, 24), 8, True, "snapshot"),
        (date(2026, 7, 31), date(2026, 1, 1), 1, False, "snapshot"),
        (date(2026, 8, 1), None, 0, False, "snapshot"),
        (date(2026, 9, 1), None, 0, False, "listing_dates"),
        (None, None, 0, False, "snapshot"),
    ],
)
def test_age_counts_from_publication_else_retrieval(
    published: date | None, retrieved: date | None, age: int, stale: bool, basis: str
) -> None:
    state = ListState(listed(published=published, retrieved=retrieved), DAY)
    assert (state.age_days, state.stale, state.basis) == (age, stale, basis)
    assert bool(state.warnings()) is (stale or basis == "listing_dates")


def test_what_bars_a_clear() -> None:
    fresh = ListState(listed(published=DAY), DAY)
    old = ListState(listed(published=date(2020, 1, 1)), DAY)
    starter = ListState(listed(published=DAY, limit=None, kind="starter"), DAY)
    assert clear_is_barred([fresh], allow_stale=None) == []
    assert "us_csl" in clear_is_barred([fresh, old], allow_stale=None)[0]
    assert clear_is_barred([fresh, old], allow_stale="publisher is down") == []
    assert "starter list only" in clear_is_barred([starter], allow_stale="whatever")[0]


def test_a_listing_counts_from_its_first_day_and_stays_while_it_is_published() -> None:
    listing = Listing("us_csl", "us.dpl", "X", start=date(2026, 8, 1), end=date(2026, 8, 2))
    assert not in_force(listing, date(2026, 7, 31))
    assert in_force(listing, date(2026, 8, 1))
    assert in_force(listing, date(2030, 1, 1))
    assert in_force(Listing("us_csl", "us.dpl", "X"), date(1990, 1, 1))
