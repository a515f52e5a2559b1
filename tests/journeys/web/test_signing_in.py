"""People come in by name and password, and are told when their session has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.web.conftest import NOW, served

from stopship.access import Role
from stopship.access.accounts import Accounts
from stopship.access.passwords import Passwords
from stopship.app.workspace import Workspace

Watch = Callable[..., Any]
PASSWORD = "three invented otters"


@dataclass
class Desk:
    """A workbench that asks people to sign in, and its clock."""

    address: str = ""
    moment: list[datetime] = field(default_factory=lambda: [NOW])

    def wait(self, **time: float) -> None:
        self.moment[0] += timedelta(**time)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk()
    with closing(Workspace(tmp_path, today=NOW.date()).database()) as database:
        accounts = Accounts(database, Passwords())
        for name, role in (("erika", Role.ANALYST), ("vera", Role.VIEWER)):
            accounts.create(name, role, PASSWORD, actor="cli:test", now=NOW)
    with served(tmp_path, open_to_all=False, now=lambda: made.moment[0]) as address:
        made.address = address
        yield made


def sign_in(page: Any, name: str, password: str = PASSWORD) -> None:
    page.fill("#name", name)
    page.fill("#password", password)
    page.get_by_role("button", name="Sign in").click()


def sign_in_again(page: Any, name: str, password: str = PASSWORD) -> None:
    """Where the session has ended."""
    page.fill("#again-name", name)
    page.fill("#again-password", password)
    page.get_by_role("button", name="Sign in").click()


def test_who_signs_in_comes_to_the_page_that_was_asked_for(desk: Desk, watch: Watch) -> None:
    one = watch(desk.address)
    one.go("/rules?q=entity")
    assert "/sign-in?to=" in one.page.url
    one.expect_status(401)
    sign_in(one.page, "erika", "wrong")
    one.page.get_by_role("alert").wait_for()
    one.look()
    sign_in(one.page, "erika")
    one.page.wait_for_selector("table.rules")
    assert one.page.url == desk.address + "/rules?q=entity"
    one.look()
    cookies = {cookie["name"]: cookie for cookie in one.page.context.cookies()}
    assert cookies["stopship"]["httpOnly"]
    one.page.locator("summary", has_text="erika").click()
    one.page.get_by_role("button", name="Sign out").click()
    one.page.wait_for_url("**/sign-in")
    one.page.goto(desk.address + "/rules")
    assert "/sign-in" in one.page.url


def test_a_session_that_ends_during_work_says_so_and_decides_nothing(desk: Desk, watch: Watch) -> None:
    one = watch(desk.address)
    one.go("/")
    sign_in(one.page, "erika")
    one.page.wait_for_selector("h1 >> text=Quick check")
    one.page.fill("#name", "Hikvision")
    desk.wait(hours=13)
    one.expect_status(401)
    one.page.locator(".ask-form button[type=submit]").first.click()
    one.page.wait_for_selector("text=Your session has ended")
    one.page.locator("h1:focus").wait_for()
    one.look()
    sign_in_again(one.page, "erika", "wrong")
    one.page.get_by_role("alert").wait_for()
    sign_in(one.page, "erika")
    one.page.wait_for_selector("h1 >> text=You are signed in again")
    assert "Hikvision" in one.page.locator("main").inner_text()
    one.look()
    one.page.get_by_role("button", name="Send it now").click()
    one.page.wait_for_selector("#outcome")


def test_a_role_that_may_only_look_is_not_shown_what_it_may_not_do(desk: Desk, watch: Watch) -> None:
    one = watch(desk.address)
    one.go("/lists")
    sign_in(one.page, "vera")
    one.page.wait_for_selector("h1 >> text=Lists")
    pages = one.page.get_by_role("navigation").get_by_role("link").all_inner_texts()
    assert pages == ["Overview", "Queue", "Jobs", "Evidence", "Lists", "Rules"]
    one.go("/")
    assert one.page.locator("h1").inner_text() == "Overview", "the first page that they may see"
    one.expect_status(403)
    one.go("/check")
    assert one.page.locator("h1").inner_text() == "This is not for your role"
    one.page.get_by_role("link", name="To the start page").click()
    one.page.wait_for_selector("h1 >> text=Overview")


def test_a_form_without_the_token_of_the_session_is_refused(desk: Desk, watch: Watch) -> None:
    one = watch(desk.address)
    one.go("/")
    sign_in(one.page, "erika")
    one.page.wait_for_selector("h1 >> text=Quick check")
    answer = one.page.request.post(desk.address + "/check", form={"name": "Hikvision", "csrf": "AAAA"})
    assert answer.status == 403
    assert "came from another site" in answer.text()
