"""What a home says about what goes on behind the interfaces: fields of `settings.yaml`, none of which changes a
decision. `docs/reference/settings.md` has the whole of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stopship.app.documents import read_document
from stopship.app.settings import FILE, read_fields
from stopship.errors import SettingsError, WebhookError
from stopship.jobs.addresses import Allowed, read_networks
from stopship.jobs.delivery import Bounds
from stopship.jobs.digest import DETAILS
from stopship.jobs.mail import SECURITY, MailServer
from stopship.jobs.plan import Plan, read_plan, read_zone
from stopship.jobs.schedule import Entry
from stopship.model.order import parse_yes_no

SCHEDULED = ("lists_update", "rescreen", "reminders", "digest", "backup", "prune", "audit_anchor")
"""What can be done by a schedule: kinds of jobs."""
FIELDS = ("schedule", "jobs", "webhooks", "mail", "digest", "backup", "audit_anchor")
_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """To whom the digest goes, how much it says (`DETAILS`), the workbench's address, and whether it goes out when
    there is nothing to tell."""

    to: tuple[str, ...]
    detail: str = "counts"
    address: str = ""
    always: bool = False


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """The folder that scheduled backups go to, and how many of them stay."""

    folder: Path
    keep: int = 14


@dataclass(frozen=True, slots=True)
class JobSettings:
    """All of it.

    Attributes:
        schedule: what is done when.
        keep_days: how long ended jobs and told events are kept.
        processes: how many a job may use; None takes one a core.
        webhooks: bounds of deliveries.
        mail, digest, backup: None where nothing is set.
        anchor: the file that the end of the audit record is noted in.
    """

    schedule: tuple[Entry, ...] = ()
    keep_days: int = 90
    processes: int | None = None
    webhooks: Bounds = field(default_factory=Bounds)
    mail: MailServer | None = None
    digest: DigestSettings | None = None
    backup: BackupSettings | None = None
    anchor: Path | None = None


def read_job_settings(home: Path, environment: Mapping[str, str] = os.environ) -> JobSettings:
    """The fields of `settings.yaml` in the home; defaults where there is none.

    Raises:
        SettingsError: an unknown field, a value out of range, or a schedule of something that isn't set up.
    """
    path = home / FILE
    plain = (read_document(path, error=SettingsError) or {}) if path.exists() else {}
    fields = {name: plain.get(name) for name in FIELDS} if isinstance(plain, dict) else {}
    return parse_job_settings(fields, str(path), environment)


def parse_job_settings(fields: Mapping[str, Any], where: str, environment: Mapping[str, str]) -> JobSettings:
    """Job settings from plain values; see `read_job_settings`."""
    jobs = read_fields(fields.get("jobs") or {}, ("keep_days", "processes"), f"{where}, jobs")
    processes = jobs.get("processes")
    settings = JobSettings(
        schedule=_schedule(fields.get("schedule") or {}, f"{where}, schedule"),
        keep_days=_number(jobs.get("keep_days"), 90, f"{where}, jobs.keep_days", 7, 36_500),
        processes=None if processes is None else _number(processes, 1, f"{where}, jobs.processes", 1, 1_000),
        webhooks=_webhooks(fields.get("webhooks") or {}, f"{where}, webhooks"),
        mail=_mail(fields["mail"], f"{where}, mail", environment) if fields.get("mail") else None,
        digest=_digest(fields["digest"], f"{where}, digest") if fields.get("digest") else None,
        backup=_backup(fields["backup"], f"{where}, backup") if fields.get("backup") else None,
        anchor=_anchor(fields.get("audit_anchor"), f"{where}, audit_anchor"),
    )
    _complete(settings, where)
    return settings


def _complete(settings: JobSettings, where: str) -> None:
    """Refuse a schedule of something that can't work, before it is due."""
    planned = {entry.name for entry in settings.schedule}
    needs = {
        "digest": (settings.mail and settings.digest, "mail and digest"),
        "backup": (settings.backup, "backup"),
    }
    for name, (there, fields) in needs.items():
        if name in planned and not there:
            raise SettingsError(f"{name} is planned, but {fields} is not set", where=where)
    for entry in settings.schedule:
        if entry.plan.after is not None and entry.plan.after not in planned:
            raise SettingsError(
                f"{entry.name} is to follow {entry.plan.after}, which is not planned", where=f"{where}, schedule"
            )


def _schedule(plain: Any, where: str) -> tuple[Entry, ...]:
    fields = read_fields(plain, ("zone", *SCHEDULED), where)
    zone = _text(fields.get("zone"), f"{where}.zone") or "UTC"
    read_zone(zone, f"{where}.zone")
    entries = []
    for name in SCHEDULED:
        if (text := _text(fields.get(name), f"{where}.{name}")) is not None:
            plan = read_plan(text, zone, f"{where}.{name}")
            _follows(name, plan, f"{where}.{name}")
            entries.append(Entry(name, plan))
    return tuple(entries)


def _follows(name: str, plan: Plan, where: str) -> None:
    if plan.after is not None and (name, plan.after) != ("rescreen", "lists_update"):
        raise SettingsError("only rescreen can follow another one, lists_update", where=where)


def _webhooks(plain: Any, where: str) -> Bounds:
    names = ("networks", "loopback", "seconds", "attempts", "proxy", "source")
    fields = read_fields(plain, names, where)
    networks = fields.get("networks") or []
    if not isinstance(networks, list) or not all(isinstance(one, str) for one in networks):
        raise SettingsError("expected a list of networks", where=f"{where}.networks")
    try:
        allowed = Allowed(
            read_networks(networks, f"{where}.networks"), _yes(fields.get("loopback"), f"{where}.loopback")
        )
    except WebhookError as bad:
        raise SettingsError(bad.message, where=bad.where, hint=bad.hint) from None
    return Bounds(
        allowed=allowed,
        seconds=float(_number(fields.get("seconds"), 15, f"{where}.seconds", 1, 120)),
        attempts=_number(fields.get("attempts"), 8, f"{where}.attempts", 1, 20),
        proxy=_web(fields.get("proxy"), f"{where}.proxy"),
        source=_text(fields.get("source"), f"{where}.source") or "urn:stopship",
    )


def _mail(plain: Any, where: str, environment: Mapping[str, str]) -> MailServer:
    names = ("host", "port", "security", "user", "password_env", "password_file", "from")
    fields = read_fields(plain, names, where)
    host = _text(fields.get("host"), f"{where}.host")
    sender = _text(fields.get("from"), f"{where}.from")
    if not host or not sender:
        raise SettingsError("host and from are needed", where=where)
    _mail_address(sender, f"{where}.from")
    security = _text(fields.get("security"), f"{where}.security") or "starttls"
    if security not in SECURITY:
        raise SettingsError(
            f"{security!r} is unknown", where=f"{where}.security", hint=f"Known: {', '.join(SECURITY)}"
        )
    user = _text(fields.get("user"), f"{where}.user") or ""
    if user and security == "none":
        raise SettingsError("a password isn't sent without encryption", where=f"{where}.security")
    usual = {"starttls": 587, "tls": 465, "none": 25}[security]
    return MailServer(
        host=host,
        port=_number(fields.get("port"), usual, f"{where}.port", 1, 65_535),
        security=security,
        sender=sender,
        user=user,
        password=_password(fields, where, environment) if user else "",
    )


def _password(fields: Mapping[str, Any], where: str, environment: Mapping[str, str]) -> str:
    name, file = fields.get("password_env"), fields.get("password_file")
    if (name is None) == (file is None):
        raise SettingsError(
            "give password_env or password_file: a password doesn't belong into settings.yaml", where=where
        )
    if name is not None:
        if not environment.get(str(name)):
            raise SettingsError(f"the variable {name} is not set", where=f"{where}.password_env")
        return environment[str(name)]
    try:
        return Path(str(file)).read_text("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as bad:
        raise SettingsError(f"{file} can't be read: {bad}", where=f"{where}.password_file") from None


def _digest(plain: Any, where: str) -> DigestSettings:
    fields = read_fields(plain, ("to", "detail", "address", "always"), where)
    to = fields.get("to") or []
    to = [to] if isinstance(to, str) else to
    if not isinstance(to, list) or not to:
        raise SettingsError("expected addresses of mail", where=f"{where}.to")
    for one in to:
        _mail_address(one, f"{where}.to")
    detail = _text(fields.get("detail"), f"{where}.detail") or "counts"
    if detail not in DETAILS:
        raise SettingsError(f"{detail!r} is unknown", where=f"{where}.detail", hint=f"Known: {', '.join(DETAILS)}")
    address = _web(fields.get("address"), f"{where}.address")
    return DigestSettings(tuple(to), detail, address, _yes(fields.get("always"), f"{where}.always"))


def _backup(plain: Any, where: str) -> BackupSettings:
    fields = read_fields(plain, ("folder", "keep"), where)
    folder = _path(fields.get("folder"), f"{where}.folder")
    if folder is None:
        raise SettingsError("a folder is needed", where=where, hint="Best on another disk")
    return BackupSettings(folder, _number(fields.get("keep"), 14, f"{where}.keep", 1, 10_000))


def _anchor(plain: Any, where: str) -> Path | None:
    if plain is None:
        return None
    return _path(read_fields(plain, ("file",), where).get("file"), f"{where}.file")


def _path(value: Any, where: str) -> Path | None:
    text = _text(value, where)
    if text is None:
        return None
    path = Path(text).expanduser()
    if not path.is_absolute():
        raise SettingsError(f"{text!r} is not a whole path", where=where, hint="Begin it with /")
    return path


def _text(value: Any, where: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise SettingsError("expected text", where=where)
    return value.strip() or None


def _web(value: Any, where: str) -> str:
    text = _text(value, where) or ""
    if text and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", text):
        raise SettingsError("this is not an address on the web", where=where, hint="Write it with https://")
    return text


def _mail_address(value: Any, where: str) -> None:
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value) or not value.isascii():
        raise SettingsError(f"{value!r} is no address of mail", where=where, hint="Write name@host")


def _yes(value: Any, where: str) -> bool:
    try:
        return parse_yes_no(str(value if value is not None else "no"))
    except ValueError as bad:
        raise SettingsError(str(bad), where=where) from None


def _number(value: Any, default: int, where: str, least: int, most: int) -> int:
    if value is None:
        return default
    try:
        number = int(str(value))
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise SettingsError(f"{value!r} is no number from {least} to {most}", where=where)
    return number
