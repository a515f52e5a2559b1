"""Pages: a cursor says where the next one begins, and is good only for the list that it was given with."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query

from stopship.errors import InputError

T = TypeVar("T")

Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before; none for the first.")]
Limit = Annotated[int, Query(ge=1, le=500, description="At most so many.")]


def page_of(items: Sequence[T], *, of: str, cursor: str | None, limit: int) -> tuple[Sequence[T], str | None]:
    """Some of the items, and the cursor of those that follow.

    Args:
        items: all of them, in an order that stays.
        of: what they are: a version or a hash that changes where they do.
        cursor: as it came.
        limit: how many.

    Raises:
        InputError: the cursor is none, or of another state.
    """
    first = _first(cursor, of) if cursor is not None else 0
    end = first + limit
    return items[first:end], (_cursor(end, of) if end < len(items) else None)


def _cursor(first: int, of: str) -> str:
    return base64.urlsafe_b64encode(f"{first} {_short(of)}".encode()).decode().rstrip("=")


def _first(cursor: str, of: str) -> int:
    try:
        number, _, known = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        first = int(number)
    except (ValueError, binascii.Error):
        raise _bad("the cursor is none that was given") from None
    if known != _short(of):
        raise _bad("what the cursor is of has changed since")
    if not 0 <= first < 2**40:
        raise _bad("the cursor is none that was given")
    return first


def _short(of: str) -> str:
    return of.removeprefix("sha256:")[:32]


def _bad(message: str) -> InputError:
    return InputError(message, where="cursor", hint="Begin again without one")


def page(items: Sequence[Any], following: str | None, **besides: Any) -> dict[str, Any]:
    """A page as JSON values."""
    return {"items": list(items), "next": following, **besides}
