"""A command line to drive as a user would: arguments in; exit code, stdout and stderr out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stopship.cli import run


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def refused(self) -> str:
        """The one line of a refusal; fails where the command did anything else."""
        assert self.code == 2, (self.code, self.out, self.err)
        assert self.out == ""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, lines
        assert lines[0].startswith("stopship: ")
        assert "Traceback" not in lines[0]
        return lines[0]


Cli = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def cli(home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Run `stopship ARGUMENTS` in this process with a home of its own."""
    monkeypatch.setenv("STOPSHIP_HOME", str(home))
    monkeypatch.delenv("STOPSHIP_DEBUG", raising=False)

    def call(*arguments: object) -> Said:
        capfd.readouterr()
        code = run([str(a) for a in arguments])
        captured = capfd.readouterr()
        return Said(code, captured.out, captured.err)

    return call


@pytest.fixture
def order(tmp_path: Path) -> Callable[[Any], Path]:
    """Write an order to a file and return its path."""
    numbers = iter(range(1000))

    def write(plain: Any) -> Path:
        path = tmp_path / f"order{next(numbers)}.json"
        path.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
        return path

    return write
