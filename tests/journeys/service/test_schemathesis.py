"""Calls made up from the description of the API: no fault, no status that isn't described, no other form.

`STOPSHIP_API_EXAMPLES` sets how many calls are made up for each operation and kind (15 if it doesn't); the number
of calls is printed (`pytest -s`).
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient
from tests.journeys.service.conftest import LOCAL, Serve

from stopship.access import Role, Scope

EXAMPLES = int(os.environ.get("STOPSHIP_API_EXAMPLES", "15"))
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def call(client: TestClient, case: Any, *, with_key: bool) -> Any:
    """The answer to a made-up call; None where it can't be sent at all (a header that is no text)."""
    left_out = ("content-length", "authorization") if with_key else ("content-length",)
    try:
        sent = requests.Request(**case.as_transport_kwargs(base_url=LOCAL)).prepare()
        headers = {name: value for name, value in sent.headers.items() if name.lower() not in left_out}
        return client.request(sent.method or "", sent.url or "", headers=headers, content=sent.body)
    except (UnicodeError, requests.exceptions.RequestException, httpx2.InvalidURL, ValueError):
        return None


def try_out(client: TestClient, operation: Any, mode: GenerationMode, made: Counter[int]) -> None:
    """Make calls of one operation up, as described (positive) or not (negative), and look at the answers."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        answer = call(client, case, with_key=mode is GenerationMode.POSITIVE)
        if answer is not None:
            made[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

    with suppress(Unsatisfiable):  # without parameters nothing can be otherwise than described
        one()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_made_up_calls_are_answered_as_described(serve: Serve, home: Path) -> None:
    (home / "settings.yaml").write_text("access: {requests_a_minute: 1000000}\n", "utf-8")
    client = serve(home, key=tuple(Scope), person=Role.ADMIN, max_body_bytes=200_000)
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    made: Counter[int] = Counter()
    for found in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try_out(client, found.ok(), mode, made)
    print(f"{made.total()} calls: {dict(sorted(made.items()))}")
    assert made.total() > 10 * EXAMPLES
    assert not [status for status in made if status >= 500]
