"""Logs: an object a line for programs, words for whoever looks on."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from stopship.asgi.logs import log_to_stderr


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root, server = logging.getLogger(), logging.getLogger("uvicorn")
    held = root.handlers, root.level, server.handlers, server.level
    yield
    root.handlers, server.handlers = held[0], held[2]
    root.setLevel(held[1])
    server.setLevel(held[3])
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["json", "text"])
def test_ours_and_those_of_libraries_read_alike(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("warning", form)
    structlog.get_logger("ours").info("not told")
    structlog.get_logger("ours").warning("lists not reloaded", problem="a\nb", seconds=2)
    logging.getLogger("uvicorn.error").info("Started server process")
    logging.getLogger("a.library").error("it is gone")
    ours, theirs = capsys.readouterr().err.splitlines()
    if form == "json":
        assert json.loads(ours)["problem"] == "a\nb" and json.loads(theirs)["event"] == "it is gone"
    else:
        assert ours == "stopship: warning, lists not reloaded: problem a b, seconds 2"
        assert theirs == "stopship: error, it is gone"
