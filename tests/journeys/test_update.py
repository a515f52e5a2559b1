"""An officer's machine keeps its lists current by itself, whatever happens at the publishers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.journeys.conftest import Cli, Said
from tests.journeys.small_lists import FIRST, KNOWN, named, small_catalogue
from tests.journeys.test_lists import ROWS, csl
from tests.publisher import Publisher, cut, drip, publishing, sent_on, status, whole

from stopship.app.lists.refresh import refresh
from stopship.app.lists.settings import read_list_settings
from stopship.app.one_at_a_time import one_at_a_time
from stopship.app.workspace import Workspace
from stopship.screening.freshness import ListState
from stopship.sources import catalogue as catalogue_module

pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]

SECOND = csl(*ROWS[:2], {**ROWS[2], "end_date": "2030-01-01"}, named(1), named(2))
BOMB = gzip.compress(b"\0" * 300_000_000, 9, mtime=0)
Settings = Callable[..., None]


@pytest.fixture(autouse=True)
def lists(monkeypatch: pytest.MonkeyPatch) -> None:
    small = small_catalogue()
    monkeypatch.setattr(catalogue_module, "_catalogue", lambda: small)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as it:
        it.answers["/one.csv"] = whole(FIRST, etag='"1"')
        it.answers["/two.csv"] = whole(csl(*ROWS), etag='"1"')
        yield it


@pytest.fixture
def settings(home: Path, publisher: Publisher) -> Settings:
    def write(**lists: Any) -> None:
        addresses = {"us_csl": publisher.url("/one.csv"), "us_two": publisher.url("/two.csv")}
        plain = {"addresses": addresses, "wait_seconds": 0.01, "attempts": 3, "silence_seconds": 0.4, **lists}
        home.mkdir(exist_ok=True)
        (home / "settings.yaml").write_text(yaml.safe_dump({"lists": plain}), "utf-8")

    write()
    return write


@pytest.fixture
def updated(cli: Cli, settings: Settings) -> Said:
    said = cli("lists", "update", "us_csl")
    assert said.code == 0, said.err
    return said


def serving(cli: Cli, name: str = KNOWN) -> tuple[str, str]:
    """The outcome for a listed name, and the snapshot that the decision rests on."""
    decision = cli("check", "--party", f"end_user={name}", "--item", "EAR99", "--to", "CN", "--json").json
    state = next(state for state in decision["lists"] if state["source"] == "us_csl")
    return decision["outcome"], state["snapshot"]


def test_one_command_brings_every_list_that_has_an_address(cli: Cli, settings: Settings) -> None:
    said = cli("lists", "update")
    assert said.code == 0, said.err
    assert "us_csl: new here; 3 entries" in said.out
    assert "us_two: new here; 3 entries" in said.out
    assert "2 of 2 lists are up to date" in said.out
    assert said.err == ""
    assert serving(cli)[0] == "license_required"


def test_what_did_not_change_is_not_sent_again_and_is_current_again(
    cli: Cli, updated: Said, publisher: Publisher, home: Path
) -> None:
    meta = next((home / "snapshots" / "us_csl").rglob("meta.json"))
    old = json.loads(meta.read_bytes())
    meta.write_text(
        json.dumps({**old, "retrieved": "2026-01-01T00:00:00Z", "first_retrieved": "2026-01-01T00:00:00Z"})
    )
    assert "STALE" in cli("lists", "status").out
    said = cli("lists", "update", "us_csl")
    assert "us_csl: unchanged" in said.out
    assert publisher.headers()["if-none-match"] == '"1"'
    assert "STALE" not in cli("lists", "status").out
    assert not (home / "downloads" / "us_csl" / "body").exists(), "the archive has it"


def test_a_change_is_told_entity_by_entity_and_field_by_field(
    cli: Cli, updated: Said, publisher: Publisher
) -> None:
    before = serving(cli)
    publisher.answers["/one.csv"] = whole(SECOND, etag='"2"')
    said = cli("lists", "update", "us_csl")
    assert "us_csl: 2 added, 0 removed, 1 changed; 5 entries" in said.out
    assert serving(cli)[1] != before[1]
    assert serving(cli, "Beispiel 2 Works")[0] == "license_required"
    told = cli("lists", "diff", "us_csl", "--json").json
    assert told["counts"] == {"added": 2, "removed": 0, "changed": 1, "unchanged": 2}
    (change,) = told["changed"]
    assert [field["field"] for field in change["fields"]] == ["listings"]
    assert change["fields"][0]["gone"][0]["end"] == "2020-01-01"
    assert change["fields"][0]["new"][0]["end"] == "2030-01-01"
    page = cli("lists", "diff", "us_csl", "--from", before[1], "--limit", "1").out
    assert "Beispiel" in page
    assert "and 1 more added" in page


def test_a_list_that_came_in_the_evening_is_used_the_same_evening(
    settings: Settings, publisher: Publisher, home: Path
) -> None:
    """In New York it is the 1st when it is the 2nd in UTC, where snapshots are dated."""
    today, now = date(2026, 8, 1), datetime(2026, 8, 2, 1, 30, tzinfo=UTC)
    space = Workspace(home, today=today)
    for number, body in enumerate((FIRST, SECOND)):
        publisher.answers["/one.csv"] = whole(body, etag=f'"{number}"')
        when = now - timedelta(days=3 - 3 * number)
        (one,) = refresh(space, read_list_settings(home), ["us_csl"], now=when).sources
        assert one.after is not None
        assert space.snapshots(today) == (one.after,)
        assert [ListState(listed, today).basis for listed in space.index(today).lists] == ["snapshot"]


def test_one_list_that_fails_leaves_the_others(cli: Cli, settings: Settings, publisher: Publisher) -> None:
    publisher.answers["/two.csv"] = status(500)
    said = cli("lists", "update", "--json")
    assert said.code == 0, "what came in can be gone on with"
    assert cli("lists", "update", "--strict").code == 1
    assert [(one["source"], one["status"]) for one in said.json["sources"]] == [
        ("us_csl", "new"),
        ("us_two", "failed"),
    ]
    assert "us_two" in said.err
    assert "500" in said.err
    assert "no list of this source is in use" in said.err.lower()
    assert serving(cli)[0] == "license_required"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (status(500), "500"),
        (status(404), "404"),
        (sent_on("/nowhere"), "404"),
        (cut(SECOND, 700), "broke off"),
        (whole(SECOND[:-40]), "cut short"),
        (whole(b"<!DOCTYPE html><title>Sign in</title>"), "web page (HTML, 'Sign in')"),
        (whole(b'<?xml version="1.0"?><list/>'), "XML"),
        (whole(b"PK\x03\x04" + b"x" * 400), "ZIP"),
        (whole(gzip.compress(SECOND, mtime=0)[:-9]), "gzip"),
        (whole(BOMB), "MB when unpacked"),
        (whole(BOMB, Content_Encoding="gzip"), "MB when unpacked"),
        (drip(0.02), "bytes a second"),
        (whole(csl(*ROWS[:2])), "shrank by 33%"),
        (whole(csl(*ROWS[1:], named(1), named(2))), f"'{KNOWN}', which this list has had for years"),
        (whole(csl(*ROWS, *(named(n) for n in range(1_000)))), "more than the 1,000"),
        (whole(SECOND.replace(b'"license_policy"', b'"licence_policy"')), "licence_policy"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_a_publisher_does_the_last_good_list_serves(
    cli: Cli, settings: Settings, updated: Said, publisher: Publisher, answer: Any, words: str
) -> None:
    before = serving(cli)
    publisher.answers["/one.csv"] = answer
    settings(attempts=1)
    said = cli("lists", "update", "us_csl")
    assert said.code == 1
    lines = said.err.strip().splitlines()
    assert len(lines) == 1, lines
    assert words in lines[0]
    assert lines[0].startswith("stopship: us_csl: ")
    assert "stays in use" in lines[0]
    assert "fault of ours" not in lines[0]
    assert serving(cli) == before
    publisher.answers["/one.csv"] = whole(SECOND, etag='"2"')
    assert cli("lists", "update", "us_csl").code == 0
    assert serving(cli)[1] != before[1]


def test_a_list_that_is_not_as_expected_is_taken_on_a_persons_word_without_fetching_it_again(
    cli: Cli, updated: Said, publisher: Publisher
) -> None:
    publisher.answers["/one.csv"] = whole(csl(*ROWS[:2]), etag='"2"')
    assert cli("lists", "update", "us_csl").code == 1
    assert "--accept" in cli("lists", "update", "us_csl").err
    assert publisher.headers()["if-none-match"] == '"2"'
    said = cli("lists", "update", "us_csl", "--accept")
    assert said.code == 0, said.err
    assert "accepted although it shrank by 33%" in said.out


def test_offline_finishes_what_was_fetched_and_asks_nobody(
    cli: Cli, updated: Said, publisher: Publisher, settings: Settings, home: Path
) -> None:
    asked = len(publisher.asked)
    assert "us_csl: unchanged" in cli("lists", "update", "us_csl", "--offline").out
    publisher.answers["/one.csv"] = whole(csl(*ROWS[:2]), etag='"2"')
    cli("lists", "update", "us_csl")  # refused, and lies there
    settings(offline=True)
    assert cli("lists", "update", "us_csl", "--accept").code == 0
    assert len(publisher.asked) == asked + 1
    missing = cli("lists", "update", "us_two")
    assert missing.code == 1
    assert "nothing may be fetched" in missing.err


def test_a_newer_reader_reads_what_is_here_again(
    cli: Cli, updated: Said, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("stopship.app.lists.choice", "stopship.app.lists.refresh", "stopship.app.intake.read"):
        monkeypatch.setattr(f"{module}.PARSER_VERSION", "9+9")
    said = cli("lists", "update", "us_csl", "--json").json["sources"][0]
    assert said["status"] == "read_again"
    assert len(publisher.asked) == 2
    assert cli("lists", "update", "us_csl", "--json").json["sources"][0]["status"] == "unchanged"


def test_two_updates_at_once_are_refused(cli: Cli, settings: Settings, home: Path) -> None:
    with one_at_a_time(home):
        assert "another update of these lists is running" in cli("lists", "update").refused()
    assert cli("lists", "update").code == 0


def test_sources_and_settings_that_make_no_sense_are_refused(cli: Cli, settings: Settings) -> None:
    assert "us_two" in cli("lists", "update", "us_tow").refused()
    assert "lists import us_by_hand" in cli("lists", "update", "us_by_hand").refused()
    for wrong, words in (
        ({"proxy": "nonsense"}, "proxy"),
        ({"sources": ["us_tow"]}, "us_tow"),
        ({"attempts": 0}, "attempts"),
        ({"most_seconds": "soon"}, "most_seconds"),
        ({"speed": 3}, "speed"),
        ({"addresses": {"us_csl": "ftp://x/y"}}, "addresses.us_csl"),
    ):
        settings(**wrong)
        assert words in cli("lists", "update").refused()


def test_the_settings_choose_the_lists_and_how_long_old_ones_stay(
    cli: Cli, settings: Settings, publisher: Publisher, home: Path
) -> None:
    settings(sources=["us_csl"], keep_days=0)
    assert [one["source"] for one in cli("lists", "update", "--json").json["sources"]] == ["us_csl"]
    meta = next((home / "snapshots" / "us_csl").rglob("meta.json"))
    old = json.loads(meta.read_bytes())
    meta.write_text(json.dumps({**old, "published": "2026-01-01"}))
    publisher.answers["/one.csv"] = whole(SECOND, etag='"2"')
    done = cli("lists", "update", "--json").json
    assert done["sources"][0]["status"] == "updated"
    assert [(one["source"], one["dated"]) for one in done["pruned"]] == [("us_csl", "2026-01-01")]
    assert not meta.exists()
    assert cli("lists", "prune", "--dry-run").out.startswith("would remove 0")
    settings()
    assert "--older-than" in cli("lists", "prune").refused()


def test_a_pinned_snapshot_is_what_decisions_use_and_they_say_so(
    cli: Cli, updated: Said, publisher: Publisher, tmp_path: Path
) -> None:
    first = serving(cli)
    assert cli("lists", "pin", "us_csl", first[1].removeprefix("sha256:")[:8]).code == 0
    publisher.answers["/one.csv"] = whole(SECOND, etag='"2"')
    assert "which is pinned" in " ".join(cli("lists", "update", "us_csl").out.split())
    decided = cli("check", "--party", f"end_user={KNOWN}", "--item", "EAR99", "--to", "CN", "--json")
    decision = decided.json
    assert decision["lists"][0]["snapshot"] == first[1]
    assert decision["lists"][0]["pinned"] is True
    assert any("is pinned by a person" in line for line in decision["assumptions"])
    assert "PINNED" in cli("lists", "status").out
    assert "PINNED" in cli("doctor").out
    assert cli("lists", "status", "--json").json["lists"][0]["newest"] is not None
    recorded = tmp_path / "decision.json"
    recorded.write_text(decided.out, "utf-8")
    assert "PINNED" not in cli("lists", "pin", "us_csl", "--unpin").out
    assert serving(cli)[1] != first[1]
    assert cli("replay", recorded).code == 0, "a pin is recorded in the decision"


def test_snapshots_that_nobody_has_are_refused(cli: Cli, updated: Said) -> None:
    assert "begins with abcdef" in cli("lists", "pin", "us_csl", "abcdef").refused()
    assert "as old as 2001-01-01" in cli("lists", "pin", "us_csl", "2001-01-01").refused()
    assert "neither a day nor a hash" in cli("lists", "pin", "us_csl", "yesterday").refused()
    assert "--unpin" in cli("lists", "pin", "us_csl").refused()
    assert "oldest" in cli("lists", "diff", "us_csl").refused()
    assert "no snapshot of us_two" in cli("lists", "diff", "us_two").refused()
