"""What a worker tells of itself: all of it for a program, trouble alone for whoever looks on."""

from __future__ import annotations

import json

import pytest

from stopship.app.jobs.work import say_as
from stopship.app.service.settings import ServiceSettings

EVENTS: list[tuple[str, dict[str, object]]] = [
    ("worker.ready", {"worker": "here:1"}),
    ("job.ended", {"job": 3, "error": "no such\nfile"}),
]


@pytest.mark.parametrize(
    ("level", "form", "lines"),
    [
        ("info", "json", 2),
        ("warning", "json", 1),
        ("info", "text", 2),
        ("error", "text", 1),
    ],
)
def test_a_worker_says_what_the_settings_of_logs_ask_for(
    level: str, form: str, lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    say = say_as(ServiceSettings.model_validate({"log_level": level, "log_format": form}))
    for event, details in EVENTS:
        say(event, details)
    said = capsys.readouterr().err.splitlines()
    assert len(said) == lines
    if form == "json":
        assert json.loads(said[-1])["event"] == "job.ended"
    else:
        assert said[-1] == "stopship: worker, job.ended: job 3, error no such file"
