"""Calls made up from the description of the API: no fault, no status that isn't described, no answer of another form.

`STOPSHIP_API_EXAMPLES` sets how many calls are made up for each operation (20 if it doesn't).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.journeys.service.conftest import Serve

EXAMPLES = int(os.environ.get("STOPSHIP_API_EXAMPLES", "20"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.mark.slow
def test_made_up_calls_are_answered_as_described(serve: Serve, home: Path) -> None:
    client = serve(home, max_body_bytes=200_000)
    app: Any = client.app
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    schema.app = app
    made: dict[str, int] = {}
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @schemathesis.GenerationMode  # placeholder
        def one() -> None: ...
    assert made
