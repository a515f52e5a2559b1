"""Where Stopship lives on this machine, and what its user has set there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stopship.app.documents import read_document
from stopship.errors import SettingsError
from stopship.model.order import parse_yes_no
from stopship.model.transaction import Exporter
from stopship.model.values import parse_country
from stopship.screening import Settings

FILE = "settings.yaml"
READ_ELSEWHERE = (
    "access",  # stopship.app.access_settings
    "cases",  # stopship.app.casework.settings
    "lists",  # stopship.app.lists.settings
    "database",  # database_url, below
    "schedule",  # and the rest: stopship.app.jobs.settings
    "jobs",
    "webhooks",
    "mail",
    "digest",
    "backup",
    "audit_anchor",
)
"""Fields of `settings.yaml` that are no part of a decision."""
PINS = ("in_force", "suspended", "unconfirmed")


def resolve_home(given: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The home: `--home`, else `STOPSHIP_HOME`, else the platform's data directory. It need not exist yet.

    Raises:
        SettingsError: it exists and is not a folder.
    """
    if given is None and environment.get("STOPSHIP_HOME"):
        given = Path(environment["STOPSHIP_HOME"])
    if given is None:
        from platformdirs import user_data_path

        given = user_data_path("stopship", appauthor=False)
    home = given.expanduser()
    if home.exists() and not home.is_dir():
        raise SettingsError("the home is not a folder", where=str(home), hint="Give another one with --home")
    return home


def database_url(home: Path, environment: Mapping[str, str] = os.environ) -> str | None:
    """The URL of the database: `STOPSHIP_DATABASE_URL`, else `database` in `settings.yaml`; None: SQLite in the
    home.

    A password needn't stand in it: the file that `STOPSHIP_DATABASE_PASSWORD_FILE` names holds it then.

    Raises:
        SettingsError: it is no URL, or the file can't be read.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    text, where = environment.get("STOPSHIP_DATABASE_URL") or None, "STOPSHIP_DATABASE_URL"
    path = home / FILE
    if text is None and path.exists():
        plain = read_document(path, error=SettingsError) or {}
        text, where = (plain.get("database") if isinstance(plain, dict) else None), f"{path}, database"
    if text is None:
        return None
    hint = "Give sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
    try:
        url = make_url(text) if isinstance(text, str) else None
    except ArgumentError:
        url = None
    if url is None:
        raise SettingsError("this is no URL of a database", where=where, hint=hint)
    if file := environment.get("STOPSHIP_DATABASE_PASSWORD_FILE"):
        try:
            url = url.set(password=Path(file).read_text("utf-8").strip("\r\n"))
        except (OSError, UnicodeDecodeError) as bad:
            raise SettingsError(
                f"the password can't be read: {bad}", where="STOPSHIP_DATABASE_PASSWORD_FILE"
            ) from None
    return url.render_as_string(hide_password=False)


def read_settings(home: Path) -> Settings:
    """Settings from `settings.yaml` in the home; defaults where there is none.

    Fields: `exporter: {country, us_person}`, `pinned: {RULE: STATUS}`, `threshold: 0.0–1.0`. Those of
    `READ_ELSEWHERE` are no part of a decision and are read where they are used.

    Raises:
        SettingsError: an unknown field or a value out of range, with the field's name.
    """
    path = home / FILE
    if not path.exists():
        return Settings()
    plain = read_document(path, error=SettingsError) or {}
    if isinstance(plain, dict):
        plain = {field: value for field, value in plain.items() if field not in READ_ELSEWHERE}
    return parse_settings(plain, str(path))


def parse_settings(plain: Any, where: str) -> Settings:
    """Settings from plain values; see `read_settings`."""
    fields = read_fields(plain, ("exporter", "pinned", "threshold"), where)
    settings = Settings()
    if exporter := fields.get("exporter"):
        values = read_fields(exporter, ("country", "us_person"), f"{where}, exporter")
        try:
            country = parse_country(str(values.get("country") or "US"))
            us_person = values.get("us_person")
            person = country == "US" if us_person is None else parse_yes_no(str(us_person))
        except ValueError as error:
            raise SettingsError(str(error), where=f"{where}, exporter") from None
        settings = replace(settings, exporter=Exporter(country, person))
    if pinned := fields.get("pinned"):
        pairs = read_fields(pinned, None, f"{where}, pinned")
        for rule, status in pairs.items():
            if status not in PINS:
                raise SettingsError(
                    f"{status!r} is not a status",
                    where=f"{where}, pinned.{rule}",
                    hint=f"Known: {', '.join(PINS)}",
                )
        settings = replace(settings, pinned=tuple(sorted(pairs.items())))
    if (threshold := fields.get("threshold")) is not None:
        settings = replace(settings, threshold=parse_score(str(threshold), f"{where}, threshold"))
    return settings


def settings_from_plain(plain: Any, where: str) -> Settings:
    """The inverse of `Settings.to_plain`, for settings that were kept with a decision.

    Raises:
        SettingsError: they weren't made by it.
    """
    fields = read_fields(plain, ("exporter", "pinned", "threshold", "allow_stale"), where)
    reason = fields.pop("allow_stale", None)
    if reason is not None and not isinstance(reason, str):
        raise SettingsError("the reason is not text", where=f"{where}, allow_stale")
    return replace(parse_settings(fields, where), allow_stale=reason)


def parse_score(text: str, where: str) -> float:
    """A score between 0 and 1.

    Raises:
        SettingsError: it is not one.
    """
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise SettingsError(f"{text!r} is not a score", where=where, hint="Give a number from 0 to 1")
    return value


def read_fields(plain: Any, allowed: tuple[str, ...] | None, where: str) -> dict[str, Any]:
    """Plain values as fields, none of which is unknown.

    Raises:
        SettingsError: they are no fields, or one is unknown.
    """
    if not isinstance(plain, dict):
        raise SettingsError("expected fields with values", where=where)
    for key in plain:
        if allowed is not None and key not in allowed:
            raise SettingsError(f"unknown field {key!r}", where=where, hint=f"Known fields: {', '.join(allowed)}")
    return plain
