"""Addresses with a day in them: the day that the publisher states, else some days back from today."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.publisher import Publisher, publishing, status, whole

from stopship.app.fetch import Bounds, Copy, Downloader, DownloadFolder
from stopship.app.fetch.dated import MOST_DAYS_BACK, fetch_dated
from stopship.errors import FetchError
from stopship.sources.catalogue import catalogue
from stopship.sources.contract import LatestDay

pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]

TODAY = date(2026, 8, 3)
TEXT = b"<DIV5>the text of Part 744</DIV5>"
BOUNDS = Bounds(most_seconds=20, silence_seconds=0.5, attempts=2, wait_seconds=0.01, most_wait_seconds=0.02)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as it:
        yield it


@pytest.fixture
def folder(tmp_path: Path) -> DownloadFolder:
    return DownloadFolder(tmp_path / "downloads" / "us_bis_el")


def titles(day: object) -> bytes:
    others = {"number": 1, "up_to_date_as_of": "2026-08-03"}
    return json.dumps({"titles": [others, {"number": 15, "up_to_date_as_of": day}], "meta": {}}).encode()


def fetch(
    publisher: Publisher, folder: DownloadFolder, *, lookup: bool = True, known: Copy | None = None
) -> Copy | None:
    sheet = catalogue()["us_bis_el"].latest_day
    assert sheet is not None
    latest = LatestDay(publisher.url("/titles.json"), sheet.among, sheet.where, sheet.take)
    return fetch_dated(
        Downloader(BOUNDS),
        publisher.url("/full/{date}/title-15.xml?part=744"),
        folder,
        latest=latest if lookup else None,
        today=TODAY,
        known=known,
    )


def path(day: str) -> str:
    return f"/full/{day}/title-15.xml?part=744"


def test_the_day_that_the_publisher_states_is_asked_for(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/titles.json"] = whole(titles("2026-07-30"))
    publisher.answers[path("2026-07-30")] = whole(TEXT, etag='"1"')
    copy = fetch(publisher, folder)
    assert copy is not None
    assert (copy.day, copy.address) == ("2026-07-30", publisher.url(path("2026-07-30")))
    assert folder.head() == copy
    assert folder.body.read_bytes() == TEXT
    assert publisher.paths() == ["/titles.json", path("2026-07-30")]
    assert fetch(publisher, folder, known=copy) is not None
    folder.discard()
    assert fetch(publisher, folder, known=copy) is None, "the same day is asked for conditionally"


def test_a_day_that_is_still_to_come_is_not_believed(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/titles.json"] = whole(titles("2026-08-20"))
    publisher.answers[path("2026-08-03")] = whole(TEXT)
    copy = fetch(publisher, folder)
    assert copy is not None
    assert copy.day == "2026-08-03"


@pytest.mark.parametrize(
    "answer",
    [
        status(404),
        status(503),
        whole(b"<!DOCTYPE html><title>Request Access</title>"),
        whole(b"{"),
        whole(b"[]"),
        whole(b'{"titles": null}'),
        whole(titles(None)),
        whole(titles("soon")),
        whole(b'{"titles": [{"number": 16, "up_to_date_as_of": "2026-07-30"}]}'),
        whole(b"x" * 5_000_001),
    ],
)
def test_where_no_day_can_be_learned_it_is_tried_backwards(
    publisher: Publisher, folder: DownloadFolder, answer: object
) -> None:
    publisher.answers["/titles.json"] = answer
    publisher.answers[path("2026-07-31")] = whole(TEXT)
    copy = fetch(publisher, folder)
    assert copy is not None
    assert copy.day == "2026-07-31"
    asked = [asked for asked in publisher.paths() if asked != "/titles.json"]
    assert asked == [path(day) for day in ("2026-08-03", "2026-08-02", "2026-08-01", "2026-07-31")]


def test_going_back_ends(publisher: Publisher, folder: DownloadFolder) -> None:
    with pytest.raises(FetchError) as error:
        fetch(publisher, folder)
    line = str(error.value)
    assert "there is no text of 2026-08-03 nor of the 10 days before" in line
    assert "could not be learned" in line
    assert "404" in line
    assert "\n" not in line
    assert len(publisher.asked) == 1 + 1 + MOST_DAYS_BACK


def test_a_server_in_trouble_is_no_reason_to_take_an_older_text(
    publisher: Publisher, folder: DownloadFolder
) -> None:
    publisher.answers[path("2026-08-03")] = status(500)
    publisher.answers[path("2026-08-02")] = whole(TEXT)
    with pytest.raises(FetchError, match="500"):
        fetch(publisher, folder, lookup=False)
    assert set(publisher.paths()) == {path("2026-08-03")}
