"""What was checked is kept and found again by somebody else, and the overview shows what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote

import pytest
from tests.journeys.web.conftest import NOW, served

from stopship.access import Role
from stopship.access.accounts import Accounts
from stopship.access.passwords import Passwords
from stopship.app.workspace import Workspace

Watch = Callable[..., Any]
PASSWORD = "three invented otters"
HAN, NONE = "新疆维吾尔自治区公安厅", "見本電機株式会社"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("overview")
    with closing(Workspace(home, today=NOW.date()).database()) as database:
        accounts = Accounts(database, Passwords())
        for name, role in (("erika", Role.ANALYST), ("vera", Role.SUPERVISOR)):
            accounts.create(name, role, PASSWORD, actor="cli:test", now=NOW, full_name=f"{name.title()} Example")
    with served(home, open_to_all=False) as address:
        yield address


def come_in(watch: Watch, address: str, name: str, path: str, **look: Any) -> Any:
    one = watch(address, **look)
    one.page.goto(address + path)
    one.page.fill("#name", name)
    one.page.fill("#password", PASSWORD)
    one.page.locator("main form button").click()
    one.page.wait_for_url(lambda url: "/sign-in" not in url)
    return one


def save(one: Any, name: str, country: str) -> None:
    one.page.goto(one.address + "/")
    one.page.fill("#name", name)
    one.page.locator("#country").select_option(country)
    one.page.locator(".ask-form button[type=submit]").first.click()
    one.page.get_by_role("button", name="Save as evidence").click()
    one.page.locator(".kept a").first.wait_for()


def test_a_hit_and_none_are_kept_and_found_by_another_user(desk: str, watch: Watch) -> None:
    erika = come_in(watch, desk, "erika", "/evidence")
    assert "Nothing was kept yet" in erika.page.locator("main").inner_text()
    save(erika, HAN, "CN")
    save(erika, NONE, "JP")

    vera = come_in(watch, desk, "vera", "/evidence")
    page = vera.page
    vera.look()
    rows = page.locator(".kept-list tbody tr")
    assert [row.locator("th").inner_text() for row in rows.all()] == [NONE, HAN]
    assert "Erika Example" in rows.first.inner_text() and "Case 1" in rows.nth(1).inner_text()
    page.fill("#party", "公安厅")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/evidence/find")
    assert quote("公安厅") not in page.url
    assert [row.locator("th").inner_text() for row in rows.all()] == [HAN]
    rows.first.locator("a[data-open]").click()
    page.wait_for_selector("article.document")
    vera.look()
    told = page.locator("article.document").inner_text()
    assert "2026-03-02 09:00:00 UTC by Erika Example" in told and "stopship replay decision-2026-03-02-" in told
    page.goto(desk + "/evidence?outcome=indeterminate&kind=decision&to=2026-03-02")
    assert [row.locator("th").inner_text() for row in rows.all()] == [NONE]


def test_the_overview_shows_what_was_done_and_agrees_with_the_queue(desk: str, watch: Watch) -> None:
    erika = come_in(watch, desk, "erika", "/", viewport={"width": 360, "height": 780}, color_scheme="dark")
    save(erika, "Hangzhou Hikvision Digital Technology", "CN")
    page = erika.page
    erika.go("/dashboard")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "the page must not scroll sideways"
    waiting = page.locator(".key-figures dd").first.inner_text()
    assert int(waiting) >= 1
    closed = page.locator(".behind:not([open]) > summary")
    while closed.count():
        closed.first.click()
    erika.look()
    tables = page.locator("figure table")
    today = tables.first.locator("tbody tr").first.locator("td").first.inner_text()
    assert today == waiting, "all of them were opened today"
    for chart in ("Waiting cases by age", "Due dates ahead", "Who has what"):
        figure = page.locator("figure", has=page.get_by_role("heading", name=chart))
        counts = [int(cell.inner_text()) for cell in figure.locator("tbody td:nth-child(2)").all()]
        drawn = [int(cell.inner_text().split()[0]) for cell in figure.locator(".bar-figure").all()]
        assert counts == drawn, "the table has the same figures as the chart"
        assert sum(counts) == int(waiting)
    page.locator("figure .lying a").first.click()
    page.wait_for_selector("table.queue")
    assert page.locator("main [role=status]").first.inner_text().split()[0] == waiting
    assert "opened from 2026-03-02 on" in page.locator("main").inner_text()
