"""Cases worked fast, by two people, with the proof at hand: single hits, keys, undo, files, evidence."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.service.conftest import import_rows
from tests.journeys.test_lists import EL, SDN
from tests.journeys.web.conftest import served
from tests.journeys.web.office import PASSWORD, come_in, open_office

Watch = Callable[..., Any]
INSTITUTE = "Fiktiv Optics Research Institute"
ROWS: tuple[dict[str, str], ...] = (
    {
        "source": EL,
        "name": INSTITUTE,
        "addresses": "9 Sample Road, Exampletown, CN",
        "start_date": "2020-01-15",
        "federal_register_notice": "85 FR 1234",
        "license_requirement": "For all items subject to the EAR. (See §744.11 of the EAR)",
        "license_policy": "Presumption of denial",
    },
    {"source": SDN, "entity_number": "99001", "type": "Entity", "programs": "SDGT", "name": INSTITUTE},
    {
        "source": SDN,
        "entity_number": "99002",
        "type": "Entity",
        "programs": "SDGT",
        "name": "Beispiel Shipping Lines",
    },
)
PARTIES: tuple[dict[str, str], ...] = (
    {"name": "Beispiel Shipping Lines Ltd", "country": "CN"},
    {"name": "Beispiel Shipping Line", "country": "DE"},
    {"name": "Fiktiv Optics Research Institute Co", "country": "CN"},
    {"name": "Beispiel Shipping", "country": "FR"},
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("work")
    import_rows(home, tmp_path_factory.mktemp("lists"), *ROWS)
    open_office(home, PARTIES)
    with served(home, open_to_all=False) as address:
        yield address


def state(one: Any) -> str:
    return str(one.page.locator(".head-row").inner_text())


def test_from_the_queue_to_a_decision_by_keyboard_alone_and_undone(desk: str, watch: Watch) -> None:
    one = come_in(watch, desk, "erika", "/cases?state=open&sort=id")
    keys = one.page.keyboard
    keys.press("j")
    keys.press("Enter")
    one.page.wait_for_selector("#case[data-case='1'] a[rel=next][data-ready=yes]")
    keys.press("f")
    assert one.page.locator("#reason").evaluate("e => e === document.activeElement")
    keys.press("1")
    assert one.page.locator("#reason").input_value() == "name_only"
    keys.press("Enter")
    one.page.wait_for_selector("#case[data-case='2']")  # the next case of the same view, with what was done
    assert "/cases/2?state=open&sort=id" in one.page.url
    assert "False match" in one.page.locator(".case-done").inner_text()
    assert one.page.locator("input[type=radio]:checked").count() == 0
    one.look()
    keys.press("u")
    one.page.wait_for_selector("#case[data-case='1']")
    assert "open" in state(one)
    assert "Your proposal was taken back" in one.page.locator(".case-done:focus").inner_text()
    assert "Proposal taken back" in one.page.locator(".timeline").inner_text()
    keys.press("n")
    one.page.wait_for_selector("#case[data-case='2']")
    keys.press("p")
    one.page.wait_for_selector("#case[data-case='1']")
    one.page.go_back()
    one.page.wait_for_selector("#case[data-case='2']")


def test_what_was_fetched_ahead_and_changed_since_decides_nothing(desk: str, watch: Watch) -> None:
    one = come_in(watch, desk, "erika", "/cases/1?state=open&sort=id")
    one.page.wait_for_selector("a[rel=next][data-ready=yes]")
    other = come_in(watch, desk, "anna", "/cases/2?state=open&sort=id")
    other.page.get_by_role("button", name="Take this case").click()
    other.page.wait_for_selector("text=Give it back")
    one.page.keyboard.press("n")
    one.page.wait_for_selector("#case[data-case='2']")
    one.expect_status(409)
    one.page.keyboard.press("f")
    one.page.keyboard.press("1")
    one.page.keyboard.press("Enter")
    one.page.get_by_role("alert").wait_for()
    assert "changed since you read it" in one.page.get_by_role("alert").inner_text()
    assert "anna" in one.page.locator("#locked").inner_text()
    one.look()
    one.page.clock.install()  # the page looks at the lock every few seconds: they pass at once
    one.page.goto(one.page.url)
    other.page.get_by_role("button", name="Give it back").click()
    other.page.wait_for_selector("text=Take this case")
    one.page.clock.fast_forward(15_000)
    one.page.locator("#locked").wait_for(state="detached")
    one.page.locator("#decide").wait_for()


def test_a_session_that_ends_while_a_case_is_judged_takes_along_what_was_typed(desk: str, watch: Watch) -> None:
    one = come_in(watch, desk, "erika", "/cases/1?state=open&sort=id")
    one.page.wait_for_selector("a[rel=next][data-ready=yes]")
    one.page.keyboard.press("f")
    one.page.keyboard.press("1")
    one.page.fill("#comment", "A bakery by its register.")
    one.page.context.clear_cookies()
    one.expect_status(401)
    one.page.locator("#decide").get_by_role("button", name="Decide").click()
    one.page.wait_for_selector("h1:focus >> text=Your session has ended")
    assert "A bakery by its register." in one.page.locator("main").inner_text()
    assert "False match" in one.page.locator("main").inner_text()
    one.page.fill("#again-name", "erika")
    one.page.fill("#again-password", PASSWORD)
    one.page.get_by_role("button", name="Sign in").click()
    one.page.get_by_role("button", name="Send it now").click()
    one.page.wait_for_selector(".case-done >> text=False match")


def test_each_hit_has_its_verdict_and_two_people_close_the_case(desk: str, watch: Watch) -> None:
    erika = come_in(watch, desk, "erika", "/cases/3")
    assert erika.page.locator(".case-hit").count() == 2
    erika.page.locator(".case-hit summary").first.focus()
    erika.page.keyboard.press("t")
    erika.page.keyboard.press("r")
    erika.page.locator("#reason").select_option("same_details")
    erika.expect_status(409)
    erika.page.locator("#decide").get_by_role("button", name="Decide").click()
    erika.page.get_by_role("alert").wait_for()
    assert f"1 hit is still open: {INSTITUTE}" in erika.page.get_by_role("alert").inner_text()
    erika.look()
    erika.page.locator(".case-hit").nth(1).get_by_label("False match").check()
    erika.page.locator("#decide").get_by_role("button", name="Decide").click()
    erika.page.wait_for_selector(".case-done")

    sam = come_in(watch, desk, "sam", "/cases/3")
    assert "True and false matches" in sam.page.locator(".decide").inner_text()
    sam.look()
    sam.page.get_by_role("button", name="Agree").click()
    sam.page.wait_for_selector(".case-done")
    sam.page.goto(desk + "/cases/3")
    assert "closed" in state(sam)
    sam.page.locator("summary", has_text="Open it again").click()
    sam.page.fill("#again", "The partner sent its registration.")
    sam.page.get_by_role("button", name="Open it again").click()
    sam.page.wait_for_selector("#decide")
    assert "The partner sent its registration." in sam.page.locator(".timeline").inner_text()
    sam.page.locator("#to").select_option(label="anna")
    sam.page.get_by_role("button", name="Assign").click()
    sam.page.wait_for_selector("text=Assignee: anna")
    assert "rows checked just now: all hold" in sam.page.locator("main").inner_text()


def test_a_file_goes_up_and_comes_back_and_the_case_is_taken_out(desk: str, watch: Watch, tmp_path: Path) -> None:
    one = come_in(watch, desk, "anna", "/cases/4")
    paper = tmp_path / "Auszug 登记.txt"
    paper.write_bytes(b"registered in Lyon since 1971\n")
    one.page.set_input_files("#file", str(paper))
    one.page.get_by_role("button", name="Add the file").click()
    link = one.page.locator("#files li a")
    link.wait_for()
    assert hashlib.sha256(paper.read_bytes()).hexdigest()[:24] in one.page.locator("#files").inner_text()
    answer = one.page.request.get(desk + str(link.get_attribute("href")))
    assert answer.body() == paper.read_bytes()
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert one.page.request.get(f"{desk}/cases/1/files/1").status == 404  # a file of another case

    one.expect_status(409)
    program = tmp_path / "page.exe"
    program.write_bytes(b"MZ\x90\x00\xff")
    one.page.set_input_files("#file", str(program))
    one.page.get_by_role("button", name="Add the file").click()
    assert "not kept" in one.page.get_by_role("alert").inner_text()

    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Archive that replays").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert {"manifest.json", "case.json", "audit.jsonl", "prov.json"} <= set(archive.namelist())
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    one.page.reload()
    told = one.page.locator(".timeline").inner_text()
    assert "As an archive that replays." in told and "Auszug 登记.txt" in told
    one.page.get_by_text("What was decided about them").click()
    one.page.wait_for_selector("#earlier [data-focus]")
    one.look()
