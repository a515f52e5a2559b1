"""A worker's sign of life is seen while it lives, and forgotten a day later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from stopship.app.jobs.alive import EVERY, FOLDER, last_sign, sign_of_life

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_the_last_sign_of_any_worker_counts(tmp_path: Path) -> None:
    assert last_sign(tmp_path, NOW) is None
    one, other = sign_of_life(tmp_path, "host:1"), sign_of_life(tmp_path, "host:2")
    one(NOW)
    other(NOW + EVERY)
    one(NOW + EVERY / 2)  # too soon to be written
    assert last_sign(tmp_path, NOW + EVERY) == NOW + EVERY
    assert last_sign(tmp_path, NOW + 2 * DAY) is None


def test_signs_of_workers_that_are_gone_are_removed_and_what_is_no_sign_is_none(tmp_path: Path) -> None:
    sign_of_life(tmp_path, "host:1")(NOW)
    (tmp_path / FOLDER / "torn").write_text("2026-", "utf-8")
    sign_of_life(tmp_path, "host:2")(NOW + 2 * DAY)
    assert len(list((tmp_path / FOLDER).iterdir())) == 1
    assert last_sign(tmp_path, NOW + 2 * DAY) == NOW + 2 * DAY


def test_a_home_that_can_not_be_written_ends_no_worker(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file", "utf-8")
    sign_of_life(tmp_path, "host:1")(NOW)
    assert last_sign(tmp_path, NOW) is None
