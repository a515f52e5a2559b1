"""What the files in `deploy` call exists: commands and options, extras, variables of the environment."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"


def from_dockerfile() -> list[list[str]]:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    entry = json.loads(re.search(r"^ENTRYPOINT (\[.*\])$", text, re.MULTILINE)[1])  # type: ignore[index]
    given = json.loads(re.search(r"^CMD (\[.*\])$", text, re.MULTILINE)[1])  # type: ignore[index]
    assert entry == ["stopship"]
    return [given]


def from_compose() -> list[list[str]]:
    plain = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return [service["command"] for service in plain["services"].values() if "command" in service]


def from_systemd() -> list[list[str]]:
    units = "\n".join(path.read_text("utf-8") for path in sorted((DEPLOY / "systemd").glob("*.service")))
    return [shlex.split(line)[1:] for line in re.findall(r"^ExecStart=(.*)$", units, re.MULTILINE)]


def from_comments() -> list[list[str]]:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    return [shlex.split(line) for line in re.findall(r"exec serve stopship (.*)$", text, re.MULTILINE)]


COMMANDS = [*from_dockerfile(), *from_compose(), *from_systemd(), *from_comments()]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_exists_with_its_options(words: list[str]) -> None:
    from stopship.cli.commands import app

    command: Any = typer.main.get_command(app)
    rest = list(words)
    while hasattr(command, "commands") and rest:
        name = rest.pop(0)
        assert name in command.commands, f"stopship {name}"
        command = command.commands[name]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in rest if word.startswith("--")} <= known


def test_there_are_commands_in_each_file() -> None:
    assert len(from_dockerfile()) == 1 and len(from_compose()) == 3
    assert len(from_systemd()) == 2 and len(from_comments()) == 1


def test_variables_are_ones_that_are_read() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    service = (ROOT / "src" / "stopship" / "app" / "service" / "settings.py").read_text("utf-8")
    text = "\n".join(path.read_text("utf-8") for path in DEPLOY.rglob("*") if path.is_file())
    named = set(re.findall(r"STOPSHIP_[A-Z_]+", text))
    assert {"STOPSHIP_HOME", "STOPSHIP_DATABASE_URL", "STOPSHIP_DATABASE_PASSWORD_FILE"} <= named
    for name in named:
        field = name.removeprefix("STOPSHIP_").lower()
        assert name in source or re.search(rf"^    {field}:", service, re.MULTILINE), name


def test_extras_and_copied_files_are_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    extras = {name for found in re.findall(r"\[([a-z,]+)\]\"", text) for name in found.split(",")}
    assert extras and extras <= project["optional-dependencies"].keys()
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in line.split()), line


def test_nothing_runs_as_root_and_the_home_can_be_renamed() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER stopship$", text, re.MULTILINE)
    home = re.search(r"STOPSHIP_HOME=(\S+)", text)[1]  # type: ignore[index]
    assert home not in json.loads(re.search(r"^VOLUME (.*)$", text, re.MULTILINE)[1])  # type: ignore[index]
    for unit in (DEPLOY / "systemd").glob("*.service"):
        assert "User=stopship" in unit.read_text("utf-8"), unit.name
