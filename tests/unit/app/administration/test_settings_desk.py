"""Settings are changed in the file that people edit, with who, why, before and after on record; or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from stopship.app.administration.fields import BY_NAME, FIELDS, parse_value
from stopship.app.administration.settings_desk import SettingsDesk
from stopship.app.casework.settings import read_policy
from stopship.app.settings import read_settings
from stopship.errors import SettingsError, StateError
from stopship.store import Database, audit, sqlite_url

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FILE = """\
# Ours
threshold: 0.82  # since the audit
database: sqlite:///elsewhere.db
cases:
  lock_minutes: 20
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SettingsDesk]:
    database = Database(sqlite_url(tmp_path / "stopship.db"))
    (tmp_path / "settings.yaml").write_text(FILE, "utf-8")
    (tmp_path / "settings.yaml").chmod(0o600)
    yield SettingsDesk(tmp_path, database)
    database.close()


def said(desk: SettingsDesk) -> list[dict[str, object]]:
    with desk._database.begin() as connection:
        rows = [row for row in audit.rows(connection) if row.action == "settings.changed"]
    return [orjson.loads(row.content or "{}") for row in rows]


def change(desk: SettingsDesk, why: str = "as agreed", state: str | None = None, **wanted: str) -> None:
    names = {name.replace("__", "."): value for name, value in wanted.items()}
    desk.change(names, state=state or desk.sheet().state, why=why, actor="user:1", now=NOW)


def test_a_change_is_in_the_file_and_in_the_record(desk: SettingsDesk) -> None:
    change(desk, threshold="0,85", cases__lock_minutes="20", cases__needs_checker__false_match="")
    text = desk.file.read_text("utf-8")
    assert text.startswith("# Ours\nthreshold: 0.85  # since the audit\n")
    assert read_settings(desk.file.parent).threshold == 0.85
    assert not read_policy(desk.file.parent).asks_checker("false_match", "exact")
    assert desk.file.stat().st_mode & 0o777 == 0o600
    (row,) = said(desk)
    assert row["why"] == "as agreed"
    assert row["changes"] == {
        "threshold": {"before": "0.82", "after": "0.85"},
        "cases.needs_checker.false_match": {"before": "exact strong", "after": ""},
    }
    assert not list(desk.file.parent.glob(".settings*"))


def test_what_each_setting_is_and_where_it_comes_from(desk: SettingsDesk) -> None:
    shown = {one.field.name: one for one in desk.sheet().shown}
    assert (shown["threshold"].value, shown["threshold"].usual, shown["threshold"].line) == ("0.82", "0.80", 2)
    assert (shown["cases.lock_minutes"].value, shown["cases.lock_minutes"].line) == ("20", 5)
    assert (shown["cases.bulk_limit"].value, shown["cases.bulk_limit"].line) == ("500", None)
    assert shown["cases.retention_days"].value == ""


def test_setting_everything_to_what_it_is_changes_nothing(desk: SettingsDesk) -> None:
    same = {one.field.name: one.value for one in desk.sheet().shown}
    assert desk.prepare(same) == ()
    assert desk.change(same, state=desk.sheet().state, why="x", actor="user:1", now=NOW) == ()
    assert desk.file.read_text("utf-8") == FILE
    assert said(desk) == []


def test_every_setting_can_be_changed_in_a_home_without_a_file(desk: SettingsDesk) -> None:
    desk.file.unlink()
    other = {"score": "0.9", "number": "7", "bands": "weak exact", "country": "DE", "yes_no": "yes"}
    wanted = {field.name: other[field.kind] for field in FIELDS}
    desk.change(wanted, state=desk.sheet().state, why="new", actor="user:1", now=NOW)
    held = {one.field.name: one.value for one in desk.sheet().shown}
    assert held["threshold"] == "0.90"
    assert held["cases.needs_checker.suppression"] == "exact weak"
    assert held["exporter.us_person"] == "yes"
    assert all(one.line is not None for one in desk.sheet().shown if one.field.name != "exporter.us_person")


def test_a_setting_that_follows_from_another_is_told(desk: SettingsDesk) -> None:
    changes = desk.prepare({"exporter.country": "DE"})
    assert [(one.field.name, one.before, one.after) for one in changes] == [
        ("exporter.country", "US", "DE"),
        ("exporter.us_person", "yes", "no"),
    ]
    assert [one.field.name for one in desk.prepare({"exporter.country": "DE", "exporter.us_person": "yes"})] == [
        "exporter.country"
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("threshold", "0.3"),
        ("threshold", "nan"),
        ("threshold", "80"),
        ("exporter.country", "Germany"),
        ("exporter.us_person", "maybe"),
        ("cases.needs_checker.false_match", "exact feeble"),
        ("cases.lock_minutes", "0"),
        ("cases.lock_minutes", "1e3"),
        ("cases.due_days.high", "-1"),
        ("cases.due_days.high", "٣"),
        ("database", "sqlite:///x"),
    ],
)
def test_a_value_that_it_may_not_have_is_refused(desk: SettingsDesk, name: str, value: str) -> None:
    with pytest.raises(SettingsError):
        desk.change({name: value}, state=desk.sheet().state, why="x", actor="user:1", now=NOW)
    assert desk.file.read_text("utf-8") == FILE


def test_two_who_change_it_at_once(desk: SettingsDesk) -> None:
    state = desk.sheet().state
    change(desk, threshold="0.9")
    with pytest.raises(SettingsError, match="since you looked"):
        change(desk, state=state, threshold="0.7")
    assert read_settings(desk.file.parent).threshold == 0.9


def test_without_a_reason_nothing_is_changed(desk: SettingsDesk) -> None:
    for why in ("", "  ", "x" * 501):
        with pytest.raises(SettingsError, match="reason"):
            change(desk, why=why, threshold="0.9")
    assert desk.file.read_text("utf-8") == FILE


def test_what_the_record_can_not_say_is_not_in_the_file(
    desk: SettingsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise StateError("the disk is full")

    monkeypatch.setattr(audit, "append", full)
    with pytest.raises(StateError):
        change(desk, threshold="0.9")
    assert desk.file.read_text("utf-8") == FILE


def test_a_file_that_can_not_be_written_leaves_no_row(desk: SettingsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StateError, match="Read-only"):
        change(desk, threshold="0.9")
    assert said(desk) == []
    assert desk.file.read_text("utf-8") == FILE


def test_a_link_stays_one(desk: SettingsDesk, tmp_path: Path) -> None:
    real = tmp_path / "config" / "ours.yaml"
    real.parent.mkdir()
    (tmp_path / "settings.yaml").rename(real)
    (tmp_path / "settings.yaml").symlink_to(real)
    change(desk, threshold="0.9")
    assert (tmp_path / "settings.yaml").is_symlink()
    assert "threshold: 0.90" in real.read_text("utf-8")


@pytest.mark.parametrize("text", ["0", "-1", "10081", "00000000009999999999", "9" * 5_000, "1.5", "\u0663", ""])
def test_a_number_out_of_range_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(SettingsError, match="out of range"):
        parse_value(BY_NAME["cases.lock_minutes"], text)
    assert parse_value(BY_NAME["cases.lock_minutes"], " 0030 ") == "30"
