"""One verdict on many cases, what stays silent, and what is taken out of the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.service.conftest import import_rows
from tests.journeys.test_lists import ROWS
from tests.journeys.web.conftest import NOW, served
from tests.journeys.web.office import PASSWORD, come_in

from stopship.access import Principal, Role
from stopship.access.accounts import Accounts
from stopship.access.passwords import Passwords
from stopship.app.casework.following import follow
from stopship.app.service.casework import Working
from stopship.app.service.edition import open_edition
from stopship.app.workspace import Workspace
from stopship.cases import Actor, SuppressionWish, Verdict
from stopship.cases import Role as CaseRole
from stopship.model.order import read_order
from stopship.store import audit

Watch = Callable[..., Any]
LISTED = "Fiktiv Optics Research Institute"
PARTIES = (f"={LISTED}", f"{LISTED} Trading", f"{LISTED} Berlin", f"{LISTED} Labs", "Musterhafen Shipping LLC")
SILENT = 5
"""The case of the last party, which is kept silent."""


@dataclass(frozen=True)
class Place:
    home: Path
    tmp: Path
    address: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    tmp = tmp_path_factory.mktemp("many")
    home = tmp / "home"
    import_rows(home, tmp, *ROWS, now=NOW)
    edition = open_edition(home, lambda: NOW)
    with closing(Workspace(home, today=NOW.date()).database()) as database:
        accounts = Accounts(database, Passwords())
        for name, role in (("erika", Role.ANALYST), ("sam", Role.SUPERVISOR), ("vera", Role.SUPERVISOR)):
            accounts.create(name, role, PASSWORD, actor="cli:test", now=NOW)
        working = Working(lambda: edition, database, now=lambda: NOW)
        for name in PARTIES:
            order = {"destination": "DE", "parties": [{"role": "end_user", "name": name}]}
            working.keep(edition.decider.decide(read_order(order)), Principal("user", "1", "erika", Role.ANALYST))
        work, erika = working.work(), Actor("user:1", CaseRole.ANALYST)
        why = {"reason": "other_identifier", "comment": "Another register number.", "now": NOW}
        work.desk.decide(SILENT, Verdict.FALSE_MATCH, erika, **why)
        work.desk.approve(SILENT, Actor("user:3", CaseRole.SUPERVISOR), now=NOW)
        work.suppressions.ask(SILENT, SuppressionWish((NOW + timedelta(days=200)).date()), erika, **why)
    with served(home, open_to_all=False) as address:
        yield Place(home, tmp, address)


def test_a_false_match_for_many_needs_a_second_person(place: Place, watch: Watch) -> None:
    sam = come_in(watch, place.address, "sam", "/cases?sort=id")
    page = sam.page
    sam.look()
    assert page.get_by_role("button", name="Judge the ticked").is_disabled()
    for key in "jxjx":
        page.keyboard.press(key)
    page.get_by_role("button", name="Judge the ticked ones (2)").click()
    page.wait_for_selector("text=One verdict on 2 cases")
    sam.look()
    assert page.locator("input[type=radio]:checked").count() == 0
    page.keyboard.press("f")
    page.locator("#reason").select_option("name_only")
    page.fill("#comment", "Only the name is alike.")
    page.get_by_role("button", name="Propose it for 2 cases").click()
    page.wait_for_selector("text=Take it back")
    assert page.get_by_role("button", name="Agree").count() == 0
    token = page.locator("input[name=csrf]").first.input_value()
    assert "Nothing is decided" in page.locator(".told:focus").inner_text()
    address = page.url.partition("?")[0]
    answer = page.request.post(f"{address}/approve", form={"csrf": token})
    assert answer.status == 409 and "must be somebody else" in answer.text()

    vera = come_in(watch, place.address, "vera", "/cases")
    vera.page.get_by_role("link", name="Many at once 1 waits").click()
    vera.page.wait_for_selector("text=Only the name is alike.")
    vera.look()
    vera.page.get_by_role("button", name="Agree: judge all 2 cases").click()
    vera.page.wait_for_selector("text=in effect: vera")
    assert vera.page.locator("main .is-case-closed").count() == 2
    vera.page.goto(f"{place.address}/cases?q=berlin")
    assert vera.page.get_by_role("link", name=PARTIES[2]).count() == 1


def test_what_changed_after_the_preview_is_not_proposed(place: Place, watch: Watch) -> None:
    sam = come_in(watch, place.address, "sam", "/cases?q=optics")
    page = sam.page
    page.get_by_role("button", name="Judge all of this view").click()
    page.wait_for_selector("text=One verdict on 2 cases")
    page.keyboard.press("t")
    page.locator("#reason").select_option("same_details")
    page.fill("#comment", "All details agree.")
    vera = come_in(watch, place.address, "vera", "/cases?q=optics")
    vera.page.get_by_role("button", name="Next unassigned").click()
    vera.page.wait_for_selector("text=Give it back")
    assert vera.page.url.endswith("?q=optics")
    sam.expect_status(409)
    page.get_by_role("button", name="Propose it for 2 cases").click()
    page.get_by_role("alert").wait_for()
    assert "no longer the cases that you saw" in page.get_by_role("alert").inner_text()
    assert "vera" in page.locator("text=is being worked on").inner_text()
    assert page.get_by_role("button", name="Propose it for 1 case").count() == 1
    assert page.locator("#comment").input_value() == "All details agree."


def test_a_suppression_ends_with_an_alarm_when_the_entry_changes(place: Place, watch: Watch) -> None:
    vera = come_in(watch, place.address, "vera", "/suppressions")
    page = vera.page
    vera.look()
    page.get_by_role("button", name="Agree").click()
    page.wait_for_selector(".note >> text=active")
    assert page.get_by_role("link", name="Active 1").count() == 1

    changed = [{**row, "programs": "SDGT; IRAN"} if row["name"].startswith("MUSTER") else row for row in ROWS]
    later = NOW + timedelta(minutes=10)
    import_rows(place.home, place.tmp, *changed, now=later)
    done = follow(Workspace(place.home, today=later.date()), now=later)
    assert (done.cases, done.void) == ((SILENT,), (1,))
    page.get_by_role("link", name="Alarms").click()
    page.wait_for_selector("text=entry changed")
    assert page.get_by_role("link", name="Alarms 1").count() == 1
    vera.look()
    page.get_by_role("link", name=PARTIES[-1]).click()
    page.wait_for_selector("text=opened again")


def test_a_table_of_the_queue_holds_no_formula_and_is_written_down(place: Place, watch: Watch) -> None:
    erika = come_in(watch, place.address, "erika", "/cases?state=open&state=closed&entity=fiktiv")
    page = erika.page
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as got:
        page.get_by_role("button", name="CSV").click()
    text = Path(got.value.path()).read_text("utf-8-sig")
    assert got.value.suggested_filename == f"queue-{NOW:%Y-%m-%d}.csv"
    assert len(text.splitlines()) == 5 and f"'={LISTED}" in text and f",={LISTED}" not in text
    with closing(Workspace(place.home, today=NOW.date()).database()) as database, database.begin() as connection:
        row = audit.last_about(connection, "queue")
    assert row is not None and (row.actor, row.action) == ("user:1", "queue.exported")
    assert '"cases":4' in (row.content or "") and "fiktiv" not in (row.content or "")
