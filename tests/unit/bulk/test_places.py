"""Stores: each has errors of its own, and they become one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stopship.bulk import places
from stopship.bulk.places import Place
from stopship.errors import StateError


class EndpointConnectionError(Exception):
    """As a client of a store has them: no `OSError`."""


EndpointConnectionError.__module__ = "botocore.exceptions"


class Store:
    """Fails each time, with an error of one kind."""

    protocol = "s3"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fail(*_given: Any, **_named: Any) -> Any:
            raise self.error

        return fail


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], Place]:
    def there(error: Exception) -> Place:
        monkeypatch.setattr(places, "open_store", lambda _url: (Store(error), "bucket"))
        return Place("s3://bucket")

    return there


CALLS: list[Callable[[Place], Any]] = [
    lambda place: place.read("x"),
    lambda place: place.write("x", b""),
    lambda place: place.sizes(),
    lambda place: place.remove("x"),
    lambda place: place.stamp("x"),
    lambda place: place.digest("x"),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("error", [EndpointConnectionError("Could not connect"), PermissionError("Forbidden")])
def test_what_a_store_refuses_is_one_line(
    call: Callable[[Place], Any], error: Exception, asked: Callable[[Exception], Place]
) -> None:
    with pytest.raises(StateError, match=rf"the store can't be used: {error}") as refused:
        call(asked(error))
    assert str(refused.value.where).startswith("s3://bucket")


@pytest.mark.parametrize("call", CALLS)
def test_a_fault_of_ours_is_not_laid_at_the_store(
    call: Callable[[Place], Any], asked: Callable[[Exception], Place]
) -> None:
    with pytest.raises(KeyError):
        call(asked(KeyError("x")))


def test_a_file_that_is_not_there_is_no_error_of_the_store(asked: Callable[[Exception], Place]) -> None:
    place = asked(FileNotFoundError("x"))
    assert place.read("x") is None
    assert place.sizes() == {}
    assert place.stamp("x") is None
    assert place.digest("x") is None
