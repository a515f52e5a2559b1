"""What a home says about case work."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from stopship.app.casework.settings import read_policy
from stopship.app.settings import read_settings
from stopship.cases import Policy, Priority
from stopship.errors import SettingsError
from stopship.screening import Settings

THURSDAY = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)


def written(home: Path, text: str) -> Path:
    (home / "settings.yaml").write_text(text, "utf-8")
    return home


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_policy(tmp_path) == Policy()
    assert read_policy(written(tmp_path, "threshold: 0.9\n")) == Policy()


def test_everything_can_be_set_and_decisions_do_not_see_it(tmp_path: Path) -> None:
    home = written(
        tmp_path,
        """
cases:
  due_days: {high: 0, low: 30}
  band_priority: {weak: high}
  program_priority: {us.sdn: high}
  needs_checker: {false_match: [], suppression: [exact]}
  lock_minutes: 5
  bulk_limit: 20
  retention_days: 3650
  reasons: {same_imo: the IMO number is the same}
""",
    )
    policy = read_policy(home)
    assert (policy.lock_minutes, policy.bulk_limit, policy.retention_days) == (5, 20, 3650)
    assert policy.priority("weak", ()) == Priority.HIGH
    assert policy.priority("medium", ("us.el", "us.sdn")) == Priority.HIGH
    assert policy.priority("medium", ("us.el",)) == Priority.LOW
    assert not policy.asks_checker("false_match", "exact")
    assert policy.asks_checker("true_match", "weak")
    assert not policy.asks_checker("suppression", "weak")
    assert policy.reasons["same_imo"] and policy.reasons["name_only"]
    assert policy.due(Priority.HIGH, THURSDAY) == THURSDAY
    assert policy.due(Priority.MEDIUM, THURSDAY).day == 1  # Friday, Monday, Tuesday
    assert read_settings(home) == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cases: {lock: 5}", "unknown field 'lock'"),
        ("cases: {lock_minutes: 0}", "lock_minutes: '0' is out of range"),
        ("cases: {lock_minutes: soon}", "lock_minutes: 'soon' is out of range"),
        ("cases: {due_days: {urgent: 1}}", "unknown field 'urgent'"),
        ("cases: {band_priority: {exact: now}}", "'now' is no priority"),
        ("cases: {program_priority: {us.xx: high}}", "unknown program 'us.xx'"),
        ("cases: {needs_checker: {false_match: [loud]}}", "expected a list of bands"),
        ("cases: {needs_checker: {escalated: []}}", "unknown field 'escalated'"),
        ("cases: {reasons: {'a b': x}}", "'a b' can't be a reason"),
        ("cases: [1]", "expected fields"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read_policy(written(tmp_path, text))
