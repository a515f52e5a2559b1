"""What is kept for idempotency keys, on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stopship.app.service.once import Once
from stopship.errors import ConflictError, InputError
from stopship.store import Database
from stopship.store.replies import ABANDONED, KEPT

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def test_a_call_is_answered_again_for_a_day(database: Database) -> None:
    once = Once(database)
    assert once.begin("key:1", "a", b"call", now=NOW) is None
    once.finish("key:1", "a", status=201, location="/x/1", body=b"{}")
    again = once.begin("key:1", "a", b"call", now=NOW + timedelta(hours=1))
    assert again is not None
    assert (again.status, again.location, again.body) == (201, "/x/1", b"{}")
    assert once.begin("key:1", "a", b"call", now=NOW + KEPT + timedelta(seconds=1)) is None


def test_another_call_under_the_same_key_is_refused_and_another_caller_is_not(database: Database) -> None:
    once = Once(database)
    once.begin("key:1", "a", b"call", now=NOW)
    once.finish("key:1", "a", status=201, location=None, body=b"{}")
    with pytest.raises(ConflictError, match="used for another call"):
        once.begin("key:1", "a", b"other", now=NOW)
    assert once.begin("key:2", "a", b"other", now=NOW) is None


def test_a_call_under_way_is_told_so_until_its_worker_must_be_dead(database: Database) -> None:
    once = Once(database)
    once.begin("key:1", "a", b"call", now=NOW)
    with pytest.raises(ConflictError, match="under way"):
        once.begin("key:1", "a", b"call", now=NOW + timedelta(seconds=10))
    assert once.begin("key:1", "a", b"call", now=NOW + ABANDONED + timedelta(seconds=1)) is None


def test_a_call_that_came_to_nothing_leaves_its_key_free(database: Database) -> None:
    once = Once(database)
    once.begin("key:1", "a", b"call", now=NOW)
    once.give_up("key:1", "a")
    assert once.begin("key:1", "a", b"other", now=NOW) is None
    once.finish("key:1", "a", status=200, location=None, body=b"")
    once.give_up("key:1", "a")  # too late: it was answered
    assert once.begin("key:1", "a", b"other", now=NOW) is not None


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb", "ü"])
def test_what_is_no_key_is_refused(database: Database, key: str) -> None:
    with pytest.raises(InputError, match="printable"):
        Once(database).begin("key:1", key, b"call", now=NOW)
