"""Snapshots that are finished and don't count yet, those a person pinned, and those the publisher still has."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stopship.errors import SettingsError, SnapshotError
from stopship.model import Entity, Name, NameKind, Schema
from stopship.snapshots import Archive, PreparedSnapshot

NOON = datetime(2026, 8, 2, 12, 0, tzinfo=UTC)
ENTITY = Entity("us.sdn-1", Schema.COMPANY, (Name("Ex Ample", NameKind.PRIMARY),))


def prepare(archive: Archive, raw: bytes = b"raw", **given: Any) -> PreparedSnapshot:
    values: dict[str, Any] = {"rows": 1, "entries": 1, "published": None, "retrieved": NOON, "parser": "1"} | given
    return archive.prepare("us_csl", raw, [ENTITY], **values)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "snapshots")


def test_what_is_prepared_touches_nothing_and_becomes_exactly_that(archive: Archive) -> None:
    prepared = prepare(archive)
    assert not archive.root.exists()
    assert list(prepared.entities()) == [ENTITY]
    assert archive.for_date("us_csl", date(2026, 8, 2), also=prepared.snapshot) == prepared.snapshot
    assert archive.keep(prepared) == prepared.snapshot == archive.current("us_csl")
    again = prepare(archive, retrieved=NOON + timedelta(days=3))
    assert again.snapshot.first_retrieved == NOON
    assert archive.keep(again) == again.snapshot
    assert len(archive.all()) == 1


def test_a_coming_snapshot_holds_only_from_its_day_on(archive: Archive) -> None:
    first = archive.keep(prepare(archive))
    coming = prepare(archive, b"newer", retrieved=NOON + timedelta(days=5)).snapshot
    assert archive.for_date("us_csl", date(2026, 8, 6), also=coming) == first
    assert archive.for_date("us_csl", date(2026, 8, 7), also=coming) == coming


def test_content_that_the_publisher_still_has_gets_the_later_moment(archive: Archive) -> None:
    kept = archive.keep(prepare(archive))
    later = archive.confirm(kept, retrieved=NOON + timedelta(days=1))
    assert later.retrieved == NOON + timedelta(days=1)
    assert later.first_retrieved == NOON
    assert archive.confirm(later, retrieved=NOON) == later == archive.current("us_csl")
    assert archive.problems() == ()


def test_a_pin_stays_until_it_is_taken_away(archive: Archive) -> None:
    first = archive.keep(prepare(archive))
    assert archive.pinned("us_csl") is None
    archive.pin(first)
    second = archive.keep(prepare(archive, b"newer", retrieved=NOON + timedelta(days=5)))
    assert archive.pinned("us_csl") == first
    assert archive.current("us_csl") == second
    with pytest.raises(SettingsError, match="pinned"):
        archive.remove(first)
    archive.unpin("us_csl")
    archive.unpin("us_csl")
    assert archive.pinned("us_csl") is None
    archive.remove(first)
    with pytest.raises(SnapshotError):
        archive.pin(first)


def test_a_pin_that_leads_nowhere_is_told(archive: Archive) -> None:
    first = archive.keep(prepare(archive))
    archive.pin(first)
    (archive.root / "us_csl" / "pinned").write_text("nonsense", "ascii")
    with pytest.raises(SnapshotError, match="--unpin"):
        archive.pinned("us_csl")
    assert any("pinned" in problem for problem in archive.problems())
    archive.unpin("us_csl")
    assert archive.problems() == ()
