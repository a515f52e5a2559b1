"""The field `access` of `settings.yaml`: sessions, passwords, the pace of attempts, rates, the provider."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from stopship.access.passwords import LEAST_LENGTH
from stopship.access.settings import AccessSettings, OidcSettings
from stopship.access.throttle import Pace
from stopship.access.vocabulary import parse_role
from stopship.app.documents import read_document
from stopship.app.settings import FILE, read_fields
from stopship.errors import SettingsError

SECRET_VARIABLE = "STOPSHIP_OIDC_CLIENT_SECRET"
_FIELDS = (
    "idle_minutes",
    "session_hours",
    "password_length",
    "refused_passwords",
    "free_attempts",
    "free_attempts_address",
    "longest_wait_minutes",
    "requests_a_minute",
    "oidc",
)
_OIDC_FIELDS = (
    "issuer",
    "client_id",
    "client_secret_file",
    "redirect_uri",
    "roles",
    "role_claim",
    "name_claim",
    "scopes",
    "label",
)


def read_access_settings(home: Path, environment: Mapping[str, str] = os.environ) -> AccessSettings:
    """The field `access` of `settings.yaml` in the home; defaults where there is none.

    Raises:
        SettingsError: an unknown field, or a value out of range, with the field's name.
    """
    path = home / FILE
    plain = (read_document(path, error=SettingsError) or {}) if path.exists() else {}
    access = plain.get("access") if isinstance(plain, dict) else None
    return parse_access_settings(access or {}, f"{path}, access", home=home, environment=environment)


def parse_access_settings(plain: Any, where: str, *, home: Path, environment: Mapping[str, str]) -> AccessSettings:
    """Access settings from plain values; see `read_access_settings`."""
    fields = read_fields(plain, _FIELDS, where)
    usual = AccessSettings()

    def number(name: str, default: float, least: float, most: float) -> float:
        return _number(fields.get(name), default, f"{where}, {name}", least, most)

    idle = timedelta(minutes=number("idle_minutes", usual.idle / timedelta(minutes=1), 5, 7 * 24 * 60))
    longest = timedelta(hours=number("session_hours", usual.longest / timedelta(hours=1), 0.25, 30 * 24))
    if idle > longest:
        raise SettingsError("a session can't be idle for longer than it holds", where=f"{where}, idle_minutes")
    refused = fields.get("refused_passwords")
    if refused is not None and not (home / str(refused)).is_file():
        raise SettingsError("there is no such file", where=f"{where}, refused_passwords: {home / str(refused)}")
    wait = number("longest_wait_minutes", usual.pace.longest_wait / timedelta(minutes=1), 1, 24 * 60)
    oidc = fields.get("oidc")
    return AccessSettings(
        idle=idle,
        longest=longest,
        password_length=int(number("password_length", LEAST_LENGTH, LEAST_LENGTH, 64)),
        refused_passwords=home / str(refused) if refused is not None else None,
        pace=Pace(
            free_account=int(number("free_attempts", usual.pace.free_account, 1, 100)),
            free_address=int(number("free_attempts_address", usual.pace.free_address, 1, 10_000)),
            longest_wait=timedelta(minutes=wait),
        ),
        a_minute=int(number("requests_a_minute", usual.a_minute, 1, 1_000_000)),
        oidc=_oidc(oidc, f"{where}, oidc", home, environment) if oidc is not None else None,
    )


def _oidc(plain: Any, where: str, home: Path, environment: Mapping[str, str]) -> OidcSettings:
    fields = read_fields(plain, _OIDC_FIELDS, where)
    text: dict[str, str] = {}
    for name in ("issuer", "client_id", "redirect_uri", "role_claim", "name_claim", "label", "client_secret_file"):
        if (value := fields.get(name)) is not None:
            if not isinstance(value, str) or not value.strip():
                raise SettingsError("expected text", where=f"{where}, {name}")
            text[name] = value.strip()
    for name in ("issuer", "client_id", "redirect_uri"):
        if name not in text:
            raise SettingsError(f"{name} is missing", where=where)
    for name in ("issuer", "redirect_uri"):
        if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", text[name]):
            raise SettingsError("this is not an address on the web", where=f"{where}, {name}")
    secret = environment.get(SECRET_VARIABLE) or None
    if path := text.pop("client_secret_file", None):
        secret = _secret(home / path, f"{where}, client_secret_file")
    given = read_fields(fields.get("roles") or {}, None, f"{where}, roles")
    if not given:
        raise SettingsError(
            "no value of the claim gives a role, so nobody could sign in",
            where=f"{where}, roles",
            hint="Write GROUP: ROLE, one a line",
        )
    roles = {value: parse_role(str(role), f"{where}, roles.{value}") for value, role in given.items()}
    found = OidcSettings(
        issuer=text["issuer"],
        client_id=text["client_id"],
        redirect_uri=text["redirect_uri"],
        roles=roles,
        client_secret=secret,
    )
    if (scopes := fields.get("scopes")) is not None:
        if not isinstance(scopes, list) or "openid" not in scopes or not all(isinstance(x, str) for x in scopes):
            raise SettingsError("expected a list of scopes with `openid` in it", where=f"{where}, scopes")
        found = replace(found, scopes=tuple(scopes))
    return replace(
        found,
        role_claim=text.get("role_claim", found.role_claim),
        name_claim=text.get("name_claim", found.name_claim),
        label=text.get("label", found.label),
    )


def _secret(path: Path, where: str) -> str:
    try:
        secret = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as bad:
        reason = bad.strerror if isinstance(bad, OSError) else "it is not UTF-8"
        raise SettingsError(f"the secret can't be read: {reason}", where=f"{where}: {path}") from None
    if not secret:
        raise SettingsError("the file is empty", where=f"{where}: {path}")
    return secret


def _number(text: Any, default: float, where: str, least: float, most: float) -> float:
    if text is None:
        return default
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = -1.0
    if not least <= value <= most:
        raise SettingsError(f"{text!r} is not a number from {least:g} to {most:g}", where=where)
    return value
