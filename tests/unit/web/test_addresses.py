"""Which addresses are the workbench's where REST stands beside it, and where a page leads."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Match

from stopship.api.application import first_words
from stopship.asgi.pages import Pages


async def nothing(_scope: Any, _receive: Any, _send: Any) -> None:
    raise AssertionError("nothing is asked")


@pytest.mark.parametrize(
    ("path", "accept", "ours"),
    [
        ("/cases/12", "*/*", True),
        ("/nowhere", "text/html,application/xhtml+xml,*/*;q=0.8", True),
        ("/nowhere", "*/*", False),
        ("/api/v1/nowhere", "text/html", False),
        ("/match/default", "text/html", False),
        ("/openapi.json", "text/html", False),
    ],
)
def test_a_wrong_address_is_a_page_for_a_browser_and_json_for_a_program(
    path: str, accept: str, ours: bool
) -> None:
    route = Pages(nothing, first_words(FastAPI()))
    scope = {
        "type": "http", "method": "GET", "path": path, "headers": [(b"accept", accept.encode())],
    }  # fmt: skip
    assert (route.matches(scope)[0] is Match.FULL) is ours
