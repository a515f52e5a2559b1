"""Cursors of pages."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.api.pages import page_of
from stopship.errors import InputError


@given(st.integers(0, 60), st.integers(1, 20))
def test_pages_hold_every_item_once_and_in_order(count: int, limit: int) -> None:
    items, found, cursor = list(range(count)), [], None
    for _ in range(count + 1):
        rows, cursor = page_of(items, of="sha256:abc", cursor=cursor, limit=limit)
        found += rows
        if cursor is None:
            break
    assert found == items


def test_a_cursor_of_another_state_is_refused() -> None:
    _rows, cursor = page_of([1, 2], of="one", cursor=None, limit=1)
    with pytest.raises(InputError, match="has changed since"):
        page_of([1, 2], of="two", cursor=cursor, limit=1)


@pytest.mark.parametrize("text", ["x", "-1 one", "99999999999999999999999 one", " one", "1"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    with pytest.raises(InputError):
        page_of([1, 2], of="one", cursor=cursor, limit=1)
    with pytest.raises(InputError):
        page_of([1, 2], of="one", cursor="ß?", limit=1)
