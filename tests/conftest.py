"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def big_data() -> Path:
    """The folder with the real list files; the test is skipped, saying so, where it is not set."""
    value = os.environ.get("STOPSHIP_TEST_DATA")
    if not value:
        pytest.skip("STOPSHIP_TEST_DATA is not set: the tests on the real lists were not run")
    folder = Path(value)
    if not folder.is_dir():
        pytest.fail(f"STOPSHIP_TEST_DATA points at {folder}, which is not a folder")
    return folder.resolve()
