"""What is on every page: navigation, keys, looks, the other screens, and what is said when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Watch = Callable[..., Any]
MOST_BYTES = 150_000


@pytest.mark.parametrize(
    "path", ["/", "/compare", "/lists", "/lists/starter", "/rules", "/rules/us.ofac.sdn", "/help"]
)
def test_every_screen_is_clean_and_small(open_desk: str, watch: Watch, path: str) -> None:
    desk = watch(open_desk)
    desk.go(path)
    answer = desk.page.request.get(open_desk + path)
    assert len(answer.body()) <= MOST_BYTES


def test_two_names_are_compared_by_keyboard_alone(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk)
    desk.go("/compare")
    page = desk.page
    page.keyboard.press("/")
    page.keyboard.type("海康威视")
    page.keyboard.press("Tab")
    page.keyboard.type("Hikvision")
    page.keyboard.press("Enter")
    page.wait_for_selector("#verdict")
    assert page.locator("#verdict").inner_text() == "This would alert"
    desk.look()


def test_keys_move_open_and_help_and_can_be_switched_off(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk)
    desk.go("/rules")
    page = desk.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("[data-row] [data-open]").nth(1)
    assert second.evaluate("e => e === document.activeElement")
    page.keyboard.press("k")
    page.keyboard.press("?")
    assert page.locator("#help").evaluate("e => e.open")
    desk.look()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter") if page.evaluate("document.activeElement.hasAttribute('data-open')") else None
    page.get_by_text("View", exact=True).click()
    page.get_by_label("Single keys act").uncheck()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_selector("html[data-keys=off]")
    page.keyboard.press("?")
    assert not page.locator("#help").evaluate("e => e.open")


def test_the_first_stop_is_the_way_past_the_navigation(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk)
    desk.go("/")
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.activeElement.className") == "skip"
    desk.page.keyboard.press("Enter")
    assert desk.page.evaluate("location.hash") == "#main"


def test_language_and_colours_are_kept(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk)
    desk.go("/lists")
    page = desk.page
    page.get_by_text("View", exact=True).click()
    page.get_by_label("Language").select_option("de")
    page.get_by_label("Colours").select_option("dark")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_selector("html[lang=de][data-bs-theme=dark]")
    assert page.url == open_desk + "/lists"
    desk.look()


def test_example_data_say_so_on_every_page(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk)
    desk.go("/compare")
    assert "not for real screening" in desk.page.locator(".banner.example").inner_text()


def test_a_page_that_is_not_there_is_a_page(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk)
    desk.expect_status(404)
    desk.go("/lists/nowhere")
    assert desk.page.locator("h1").inner_text() == "There is no such page"
