"""`stopship demo --serve`: the first five minutes of somebody who never saw the workbench."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.web.conftest import EXAMPLE_NOW as NOW
from tests.journeys.web.conftest import Example

from stopship.app.auditing import verify
from stopship.app.casework.desk import opened_case_work
from stopship.app.casework.gathered import of_case
from stopship.app.casework.pdf import evidence_pdf
from stopship.app.demo_home.place import prepare
from stopship.app.example_data import MARKER, NOTICE
from stopship.app.jobs.work import queue_of
from stopship.app.replay import Replayer, read_decisions
from stopship.app.workspace import Workspace
from stopship.cases import queue
from stopship.cases.wanted import Wanted
from stopship.errors import SettingsError, StateError
from stopship.store import audit, kept, users
from stopship.store.kept import Looked

Watch = Callable[..., Any]


def test_the_queue_has_every_state_and_more_than_five_scripts(example_home: Path) -> None:
    with opened_case_work(Workspace(example_home, today=NOW.date()), now=NOW) as work:
        with work.database.begin() as connection:
            facets = queue.facets(connection, Wanted(), now=NOW)
            page = queue.page(connection, Wanted(), now=NOW, sort="id", cursor=None, limit=100)
        assert set(facets["state"]) == {"open", "proposed", "escalated", "closed"}
        assert min(facets["disposition"][verdict] for verdict in ("true_match", "false_match")) >= 5
        assert facets["overdue"]["yes"] >= 3
        assert 35 <= page.total <= 50
        scripts = {unicodedata.name(line.case.name[0]).split()[0] for line in page.lines if line.case.name}
        assert scripts >= {"LATIN", "CJK", "CYRILLIC", "ARABIC", "HANGUL", "GREEK", "HEBREW", "THAI"}
        assert len(work.bulk.waiting()) == 1
        states = [held.row.state for held in work.suppressions.all_of()]
        assert work.suppressions.alarms(now=NOW)
        assert {"active", "proposed", "void"} <= set(states)


def test_the_record_holds_and_the_evidence_replays(example_home: Path) -> None:
    space = Workspace(example_home, today=NOW.date())
    with closing(space.database()) as database:
        checked = verify(example_home, database, now=NOW)
    assert checked.sound
    assert checked.rows > 150
    decisions = sorted(space.records.root.glob("2026-*/*.json"))
    assert len(decisions) >= 45
    replayer = Replayer(space)
    for path in (decisions[0], decisions[len(decisions) // 2], decisions[-1]):
        for _outer, recorded in read_decisions(path):
            assert not replayer.replay(recorded).differences


def test_a_file_was_screened_and_names_were_kept(example_home: Path) -> None:
    space = Workspace(example_home, today=NOW.date())
    with closing(space.database()) as database:
        (job,) = queue_of(example_home, database).page(most=10).jobs
        with database.begin() as connection:
            named = [one for one in kept.page(connection, Looked(), behind=None, most=200) if one.kind == "names"]
            accounts = {one.name: one.password_hash is not None for one in users.all_of(connection)}
    assert (job.kind, job.state, job.done) == ("screen", "done", 26) and job.result is not None
    assert job.result["hit"] >= 3 and job.result["rejected"] == 1 and job.result["notice"] == NOTICE
    assert [(one.reference, one.parties, one.outcome) for one in named] == [("New suppliers", 3, "hit")]
    assert not accounts["mina"]  # nobody knows a password of hers: there is none


def test_what_leaves_it_says_that_it_is_example_data(example_home: Path, tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf", reason="nothing to read a PDF with")
    space = Workspace(example_home, today=NOW.date())
    with opened_case_work(space, now=NOW) as work:
        gathered = of_case(space, work, 1)
        assert gathered.notice == NOTICE
        prov = gathered.prov()
        made = evidence_pdf(gathered, now=NOW)
    for kind in ("entity", "activity"):
        assert {one["stopship:notice"] for one in prov[kind].values()} == {NOTICE}
    assert not any("stopship:notice" in one for one in prov["agent"].values())
    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    assert len(pages) > 1 and all(NOTICE in text for text in pages)


def test_nothing_of_it_lies_in_the_future_or_before_five_weeks(example_home: Path) -> None:
    with closing(Workspace(example_home, today=NOW.date()).database()) as database, database.begin() as connection:
        moments = [row.moment for row in audit.rows(connection)]
    assert moments == sorted(moments)
    assert NOW - timedelta(days=38) < moments[0]
    assert moments[-1] <= NOW


def test_an_alarm_is_there_because_the_entry_changed(example: Example, watch: Watch) -> None:
    one = example.come_in(watch, "erika", "/cases?q=예시전자")
    assert "made up" in one.page.locator(".banner.example").inner_text()
    one.look()
    one.page.locator("[data-row] a").first.click()
    one.page.wait_for_selector("text=Timeline")
    assert "The listed entry changed." in one.page.locator("main").inner_text()
    assert one.page.locator("aside .banner.stale").count() == 0
    one.look()
    with one.page.expect_download() as waiting:
        one.page.get_by_role("link", name="A file to upload").click()
    lines = Path(waiting.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0].count(";") == 5
    assert len(lines) > 200


def test_the_supervisor_meets_what_waits_and_every_page_answers(example: Example, watch: Watch) -> None:
    one = example.come_in(watch, "sam", "/cases?state=proposed")
    assert one.page.locator("[data-row]").count() >= 3
    for path in [*one.page.eval_on_selector_all(".top nav a", "all => all.map(a => a.getAttribute('href'))")]:
        assert one.page.request.get(example.address + path).status == 200
    for case in range(1, 43, 5):
        assert one.page.request.get(f"{example.address}/cases/{case}").status == 200
    assert one.page.request.get(f"{example.address}/example/partners.csv").status == 200


def test_a_password_stands_in_no_file_and_the_next_start_sets_another(
    example_home: Path, example: Example
) -> None:
    words = [word.encode() for word in example.passwords.values()]
    for path in example_home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(word in data for word in words), path
    assert len(set(words)) == 2


def test_a_home_of_somebody_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("regimes: [us]\n")
    for fresh in (False, True):
        with pytest.raises(SettingsError, match="something else than example data"):
            prepare(tmp_path, _must_not_be_called, fresh=fresh, now=NOW, environment={})
    assert [path.name for path in tmp_path.iterdir()] == ["settings.yaml"]
    real = {"STOPSHIP_DATABASE_URL": "postgresql://example/real"}
    with pytest.raises(SettingsError, match="may only write one of its own"):
        prepare(tmp_path / "new", _must_not_be_called, fresh=False, now=NOW, environment=real)


def test_an_example_home_is_used_again_and_made_anew_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "demo"

    def fill(part: Path) -> None:
        (part / "filled").write_text("yes")

    assert prepare(folder, fill, fresh=False, now=NOW, environment={}).made
    (folder / "worked").write_text("on")
    assert not prepare(folder, _must_not_be_called, fresh=False, now=NOW, environment={}).made
    assert (folder / "worked").exists()

    def breaks(_part: Path) -> None:
        raise StateError("no room left")

    with pytest.raises(StateError, match="no room left"):
        prepare(folder, breaks, fresh=True, now=NOW, environment={})
    assert (folder / "worked").exists()
    assert prepare(folder, fill, fresh=True, now=NOW, environment={}).made
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo"]
    assert sorted(path.name for path in folder.iterdir()) == [MARKER, "filled"]


def _must_not_be_called(_part: Path) -> None:
    raise AssertionError("a home that is there was filled")
