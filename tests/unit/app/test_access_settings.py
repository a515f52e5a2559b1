"""The field `access` of the settings."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from stopship.access import Role
from stopship.access.settings import AccessSettings
from stopship.app.access_settings import SECRET_VARIABLE, read_access_settings
from stopship.app.settings import read_settings
from stopship.errors import SettingsError
from stopship.screening import Settings

OIDC = """
access:
  oidc:
    issuer: https://id.example.com/realms/main
    client_id: stopship
    redirect_uri: https://stopship.example.com/login/oidc
    roles: {compliance: analyst, "IT Admins": admin}
"""


def write(home: Path, text: str) -> Path:
    (home / "settings.yaml").write_text(text, "utf-8")
    return home


def test_without_a_file_or_a_field_the_usual_values_hold(tmp_path: Path) -> None:
    assert read_access_settings(tmp_path, {}) == AccessSettings()
    assert read_access_settings(write(tmp_path, "threshold: 0.7\n"), {}) == AccessSettings()


def test_what_is_set_is_read_and_is_no_part_of_a_decision(tmp_path: Path) -> None:
    (tmp_path / "leaked.txt").write_text("x\n", "utf-8")
    write(
        tmp_path,
        "access:\n  idle_minutes: 15\n  session_hours: 8\n  password_length: 16\n  refused_passwords: leaked.txt\n"
        "  free_attempts: 3\n  free_attempts_address: 50\n  longest_wait_minutes: 5\n  requests_a_minute: 60\n",
    )
    found = read_access_settings(tmp_path, {})
    assert (found.idle, found.longest) == (timedelta(minutes=15), timedelta(hours=8))
    assert found.refused_passwords == tmp_path / "leaked.txt" and found.password_length == 16
    assert (found.pace.free_account, found.pace.free_address) == (3, 50)
    assert found.pace.longest_wait == timedelta(minutes=5) and found.a_minute == 60
    assert read_settings(tmp_path) == Settings()


def test_a_provider(tmp_path: Path) -> None:
    found = read_access_settings(write(tmp_path, OIDC), {SECRET_VARIABLE: "from outside"}).oidc
    assert found is not None
    assert found.roles == {"compliance": Role.ANALYST, "IT Admins": Role.ADMIN}
    assert found.client_secret == "from outside" and "from outside" not in repr(found)
    (tmp_path / "secret").write_text("from the file\n", "utf-8")
    write(
        tmp_path,
        OIDC + "    client_secret_file: secret\n    role_claim: realm_access.roles\n    scopes: [openid]\n",
    )
    found = read_access_settings(tmp_path, {}).oidc
    assert found is not None
    assert (found.client_secret, found.role_claim, found.scopes) == (
        "from the file",
        "realm_access.roles",
        ("openid",),
    )
    public = read_access_settings(write(tmp_path, OIDC), {}).oidc
    assert public is not None and public.client_secret is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("access: 5", "expected fields"),
        ("access: {idle: 5}", "unknown field 'idle'"),
        ("access: {idle_minutes: 1}", "not a number from 5"),
        ("access: {idle_minutes: nan}", "not a number from 5"),
        ("access: {idle_minutes: 1000}", "idle for longer than it holds"),
        ("access: {password_length: 8}", "not a number from 12"),
        ("access: {free_attempts: 0}", "not a number from 1"),
        ("access: {requests_a_minute: [1]}", "not a number"),
        ("access: {refused_passwords: gone.txt}", "no such file"),
        ("access: {oidc: {issuer: https://a.example}}", "client_id is missing"),
        (OIDC.replace("https://id.example.com/realms/main", "id.example.com"), "not an address"),
        (OIDC.replace("analyst", "chief"), "unknown role 'chief'"),
        (OIDC.replace('{compliance: analyst, "IT Admins": admin}', "{}"), "nobody could sign in"),
        (OIDC + "    client_secret: x\n", "unknown field 'client_secret'"),
        (OIDC + "    client_secret_file: gone\n", "can't be read"),
        (OIDC + "    scopes: [email]\n", "with `openid` in it"),
        (OIDC + "    label: [x]\n", "expected text"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        read_access_settings(write(tmp_path, text), {})
    assert "\n" not in str(refused.value) and "settings.yaml" in str(refused.value)
