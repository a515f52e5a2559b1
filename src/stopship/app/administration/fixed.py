"""The settings that are read when Stopship starts: shown with where each comes from, and changed in the file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from stopship.access.settings import AccessSettings
from stopship.app.access_settings import read_access_settings
from stopship.app.documents import parse_yaml
from stopship.app.jobs.settings import read_job_settings
from stopship.app.lists.settings import read_list_settings
from stopship.app.service.settings import ServiceSettings, read_service_settings
from stopship.app.settings import FILE
from stopship.app.settings_text import line_of
from stopship.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Fixed:
    """One of them.

    Attributes:
        name: where it stands in `settings.yaml`, or the variable of the environment.
        group: what it belongs to, for people.
        value: what it is, as text; empty: nothing is set.
        line: the line of the file that sets it.
        variable: whether a variable of the environment sets it, or would.
        given: whether anybody has set it; else it is the usual one.
        says: what it is for, where the code says it.
    """

    name: str
    group: str
    value: str
    line: int | None = None
    variable: bool = False
    given: bool = False
    says: str = ""


def fixed_settings(home: Path, environment: Mapping[str, str] = os.environ) -> tuple[Fixed, ...]:
    """All of them, without secrets.

    Raises:
        SettingsError: the settings are wrong.
    """
    path = home / FILE
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        text = ""
    plain = parse_yaml(text, str(path), SettingsError) or {}
    from_file = [
        Fixed(name, group, value, line := line_of(text, name.split(".")), given=line is not None)
        for name, group, value in (
            *_access(read_access_settings(home, environment)),
            *_lists(home),
            *_jobs(home, environment, plain),
        )
    ]
    return (*from_file, *_service(home, environment))


def _access(access: AccessSettings) -> list[tuple[str, str, str]]:
    oidc = access.oidc
    return [
        ("access.idle_minutes", "access", _number(access.idle / timedelta(minutes=1))),
        ("access.session_hours", "access", _number(access.longest / timedelta(hours=1))),
        ("access.password_length", "access", str(access.password_length)),
        ("access.refused_passwords", "access", str(access.refused_passwords or "")),
        ("access.free_attempts", "access", str(access.pace.free_account)),
        ("access.longest_wait_minutes", "access", _number(access.pace.longest_wait / timedelta(minutes=1))),
        ("access.requests_a_minute", "access", str(access.a_minute)),
        ("access.oidc", "access", f"{oidc.issuer}, {oidc.client_id}" if oidc is not None else ""),
    ]


def _lists(home: Path) -> list[tuple[str, str, str]]:
    lists = read_list_settings(home)
    return [
        ("lists.sources", "lists", ", ".join(lists.sources)),
        ("lists.addresses", "lists", ", ".join(lists.addresses)),
        ("lists.offline", "lists", "yes" if lists.offline else "no"),
    ]


def _jobs(home: Path, environment: Mapping[str, str], plain: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    settings = read_job_settings(home, environment)
    schedule = [(f"schedule.{entry.name}", "jobs", entry.plan.text) for entry in settings.schedule]
    zone = plain.get("schedule") or {}
    return [
        *([("schedule.zone", "jobs", str(zone.get("zone") or "UTC"))] if schedule else []),
        *schedule,
        ("jobs.keep_days", "jobs", str(settings.keep_days)),
        ("jobs.processes", "jobs", "" if settings.processes is None else str(settings.processes)),
        ("backup.folder", "jobs", str(settings.backup.folder) if settings.backup is not None else ""),
        ("backup.keep", "jobs", str(settings.backup.keep) if settings.backup is not None else ""),
        ("mail.host", "jobs", settings.mail.host if settings.mail is not None else ""),
        ("digest.to", "jobs", ", ".join(settings.digest.to) if settings.digest is not None else ""),
        ("audit_anchor.file", "jobs", str(settings.anchor or "")),
    ]


def _service(home: Path, environment: Mapping[str, str]) -> list[Fixed]:
    settings = read_service_settings(home)
    found = []
    for name, info in ServiceSettings.model_fields.items():
        variable = f"STOPSHIP_{name.upper()}"
        value = str(getattr(settings, name))
        says = info.description or ""
        found.append(Fixed(variable, "service", value, variable=True, given=variable in environment, says=says))
    return found


def _number(value: float) -> str:
    return f"{value:g}"
