"""A case is worked to its end by two people, and never by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.web.conftest import served
from tests.journeys.web.office import come_in, open_office

Watch = Callable[..., Any]
HAN = "新疆维吾尔自治区公安厅"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("cases")
    open_office(home)
    with served(home, open_to_all=False) as address:
        yield address


def raise_case(one: Any, path: Path, name: str) -> str:
    """Check a name, save it as evidence, and open the case that came of it; its address."""
    one.page.goto(one.address + "/")
    one.page.fill("#name", name)
    one.page.locator("#country").select_option("CN")
    one.page.locator(".ask-form button[type=submit]").first.click()
    one.page.get_by_role("button", name="Save as evidence").click()
    one.page.locator(".kept a", has_text="Case").first.click()
    one.page.wait_for_selector("text=Timeline")
    return str(one.page.url)


def propose(one: Any, key: str, reason: str) -> None:
    """Two keystrokes and a reason."""
    one.page.keyboard.press(key)
    assert one.page.evaluate("document.activeElement.id") == "reason"
    one.page.locator("#reason").select_option(reason)
    one.page.locator(".decide").get_by_role("button", name="Decide").click()


def test_a_false_match_needs_a_second_person(desk: str, watch: Watch, tmp_path: Path) -> None:
    erika = come_in(watch, desk, "erika")
    address = raise_case(erika, tmp_path, HAN)
    assert erika.page.locator("input[type=radio]:checked").count() == 0
    erika.look()
    erika.page.get_by_role("button", name="Take this case").click()
    erika.page.wait_for_selector("text=Give it back")
    propose(erika, "f", "known_partner")
    erika.page.wait_for_selector("text=Awaits a second person")
    assert erika.page.get_by_role("button", name="Agree").count() == 0
    erika.look()

    vera = come_in(watch, desk, "vera", "/cases?state=proposed")
    vera.look()
    vera.page.keyboard.press("j")
    vera.page.keyboard.press("Enter")
    vera.page.wait_for_selector("text=Awaits a second person")
    vera.look()
    vera.page.get_by_role("button", name="Agree").click()
    vera.page.wait_for_selector("text=False match")
    assert "closed" in vera.page.locator(".head-row").inner_text()
    assert vera.page.url.startswith(address)


def test_who_proposed_it_can_not_agree_to_it(desk: str, watch: Watch, tmp_path: Path) -> None:
    sam = come_in(watch, desk, "sam")
    address = raise_case(sam, tmp_path, "乌鲁木齐市公安局")
    sam.page.get_by_role("button", name="Take this case").click()
    sam.page.wait_for_selector("text=Give it back")
    propose(sam, "t", "same_details")
    sam.page.wait_for_selector("text=Awaits a second person")
    assert sam.page.get_by_role("button", name="Agree").count() == 0
    token = sam.page.locator("input[name=csrf]").first.input_value()
    answer = sam.page.request.post(f"{address}/approve", form={"csrf": token})
    assert answer.status == 409
    assert "Awaits a second person" in sam.page.request.get(address).text()


def test_a_case_that_somebody_works_on_says_who(desk: str, watch: Watch, tmp_path: Path) -> None:
    erika = come_in(watch, desk, "erika")
    address = raise_case(erika, tmp_path, "Hangzhou Hikvision Digital Technology")
    vera = come_in(watch, desk, "vera", address.removeprefix(desk))
    erika.page.get_by_role("button", name="Take this case").click()
    erika.page.wait_for_selector("text=Give it back")
    vera.expect_status(409)
    vera.page.keyboard.press("f")
    vera.page.locator("#reason").select_option("name_only")
    vera.page.locator(".decide").get_by_role("button", name="Decide").click()
    vera.page.get_by_role("alert").wait_for()
    assert "changed since you read it" in vera.page.get_by_role("alert").inner_text()
    assert "erika" in vera.page.locator(".note[role=status]").inner_text()
    assert vera.page.locator(".decide input[name=verdict]").count() == 0
    vera.look()
