"""What a home says about its jobs: read, and refused with the field's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from stopship.app.jobs.settings import JobSettings, read_job_settings
from stopship.app.settings import READ_ELSEWHERE, database_url, read_settings
from stopship.errors import SettingsError
from stopship.screening import Settings

WHOLE = """
schedule:
  zone: Europe/Berlin
  lists_update: daily at 05:30
  rescreen: after lists_update
  reminders: daily at 06:00
  digest: weekdays at 07:00
  backup: daily at 02:00
  prune: sunday at 03:00
  audit_anchor: every 6h
jobs: {keep_days: 30, processes: 2}
webhooks: {networks: [10.20.0.0/16], loopback: yes, seconds: 5, attempts: 4, source: https://stopship.example/}
mail: {host: mail.example.com, user: stopship, password_env: MAIL_PASSWORD, from: stopship@example.com}
digest: {to: [anna@example.com], detail: cases, address: https://stopship.example, always: yes}
backup: {folder: /srv/backups, keep: 7}
audit_anchor: {file: /mnt/anchors.jsonl}
"""
WORDS = {"MAIL_PASSWORD": "hush"}


def read(tmp_path: Path, text: str) -> JobSettings:
    (tmp_path / "settings.yaml").write_text(text, "utf-8")
    return read_job_settings(tmp_path, WORDS)


def test_a_home_without_settings_has_the_usual_ones(tmp_path: Path) -> None:
    assert read_job_settings(tmp_path, {}) == JobSettings()


def test_all_of_it(tmp_path: Path) -> None:
    settings = read(tmp_path, WHOLE)
    assert [entry.name for entry in settings.schedule] == [
        "lists_update",
        "rescreen",
        "reminders",
        "digest",
        "backup",
        "prune",
        "audit_anchor",
    ]
    assert settings.schedule[0].plan.text == "daily at 05:30 (Europe/Berlin)"
    assert settings.schedule[1].plan.after == "lists_update"
    assert (settings.keep_days, settings.processes) == (30, 2)
    assert settings.webhooks.allowed.loopback and settings.webhooks.attempts == 4
    assert settings.mail is not None and settings.digest is not None and settings.backup is not None
    assert (settings.mail.port, settings.mail.security, settings.mail.password) == (587, "starttls", "hush")
    assert (settings.digest.to, settings.digest.detail, settings.digest.always) == (
        ("anna@example.com",),
        "cases",
        True,
    )
    assert (str(settings.backup.folder), settings.backup.keep) == ("/srv/backups", 7)
    assert str(settings.anchor) == "/mnt/anchors.jsonl"


def test_none_of_it_is_part_of_a_decision(tmp_path: Path) -> None:
    read(tmp_path, WHOLE + "database: sqlite:///x.db\nlists: {offline: yes}\n")
    assert read_settings(tmp_path) == Settings()
    assert {"schedule", "jobs", "webhooks", "mail", "digest", "backup"} <= set(READ_ELSEWHERE)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("schedule: {rescan: daily at 05:30}", "unknown field 'rescan'"),
        ("schedule: {prune: sometimes}", "schedule.prune: 'sometimes' is no plan"),
        ("schedule: {zone: Mars, prune: every 1d}", "schedule.zone: 'Mars' is no time zone"),
        ("schedule: {digest: every 1d}", "digest is planned, but mail and digest is not set"),
        ("schedule: {backup: every 1d}", "backup is planned, but backup is not set"),
        ("schedule: {rescreen: after lists_update}", "is to follow lists_update, which is not planned"),
        ("schedule: {prune: after lists_update}", "only rescreen can follow"),
        ("jobs: {keep_days: 1}", "'1' is no number from 7"),
        ("webhooks: {networks: [10.0.0.1/8]}", "webhooks.networks: this is no network"),
        ("webhooks: {networks: 10.0.0.0/8}", "expected a list of networks"),
        ("mail: {host: h}", "host and from are needed"),
        ("mail: {host: h, from: nobody}", "'nobody' is no address of mail"),
        ("mail: {host: h, from: a@b.c, user: u}", "a password doesn't belong into settings.yaml"),
        ("mail: {host: h, from: a@b.c, user: u, password_env: NONE}", "the variable NONE is not set"),
        (
            "mail: {host: h, from: a@b.c, user: u, security: none, password_env: MAIL_PASSWORD}",
            "isn't sent without",
        ),
        ('digest: {to: ["a@b.c\\r\\nBcc: x@y.z"]}', "is no address of mail"),
        ("digest: {to: a@b.c, detail: everything}", "'everything' is unknown"),
        ("backup: {folder: backups}", "'backups' is not a whole path"),
        ("audit_anchor: {path: x}", "unknown field 'path'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, text)
    assert says in str(refused.value) and "settings.yaml" in str(refused.value)


def test_the_database_is_that_of_the_environment_then_of_the_settings(tmp_path: Path) -> None:
    assert database_url(tmp_path, {}) is None
    read(tmp_path, "database: postgresql+psycopg://stopship@db/stopship\n")
    assert database_url(tmp_path, {}) == "postgresql+psycopg://stopship@db/stopship"
    other = {"STOPSHIP_DATABASE_URL": "sqlite:////data/x.db"}
    assert database_url(tmp_path, other) == "sqlite:////data/x.db"
    secret = tmp_path / "password"
    secret.write_text("p@ss/word\n")
    found = database_url(tmp_path, {"STOPSHIP_DATABASE_PASSWORD_FILE": str(secret)})
    assert found == "postgresql+psycopg://stopship:p%40ss%2Fword@db/stopship"
    with pytest.raises(SettingsError, match="no URL of a database"):
        database_url(tmp_path, {"STOPSHIP_DATABASE_URL": "nonsense"})
    with pytest.raises(SettingsError, match="the password can't be read"):
        database_url(tmp_path, {"STOPSHIP_DATABASE_PASSWORD_FILE": str(tmp_path / "none")})
