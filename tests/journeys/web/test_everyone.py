"""The workbench for everyone: by keyboard alone, at 400 percent zoom, with forced colours, names in any script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.journeys.web.conftest import Example

from stopship.cases import State
from stopship.web.rendering import NAVIGATION

Watch = Callable[..., Any]
ZOOMED = {"width": 320, "height": 256}
"""A screen of 1280 by 1024 at 400 percent (WCAG 1.4.10)."""
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter(e =>
  e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility()
  && !e.closest(".scroll, .visually-hidden, .who, svg, details:not([open]) > :not(summary)")
).map(e => e.tagName + "." + e.className).slice(0, 5)"""
"""What stands beyond the right edge and is neither folded nor in a part that scrolls by itself."""


def tab_to(page: Any, selector: str, most: int = 60) -> None:
    """Press Tab until the focus is on what the selector names."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} can't be reached by Tab")


def test_a_name_is_checked_and_a_case_decided_by_keyboard_alone(example: Example, watch: Watch) -> None:
    one = watch(example.address)
    page = one.page
    page.goto(example.address + "/")
    tab_to(page, "#name")
    page.keyboard.type("erika")
    tab_to(page, "#password")
    page.keyboard.type(example.passwords["erika"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)

    page.keyboard.press("/")
    page.keyboard.type("海康威视")
    page.keyboard.press("Enter")
    page.wait_for_selector("#outcome")
    page.locator("#result :focus").wait_for()  # it didn't stay behind

    page.goto(example.address + "/cases?q=科大讯飞")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(".timeline")
    tab_to(page, "form[action*='/take'] button")
    page.keyboard.press("Enter")
    page.wait_for_selector("form[action*='/release']")
    page.keyboard.press("t")
    assert page.evaluate("document.activeElement.id") == "reason"
    page.keyboard.type("name and further")
    tab_to(page, "form[action*='/decide'] button")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Awaits a second person")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") is not None


PATHS = (
    "/",
    "/cases",
    "/cases/16",
    "/cases/30",
    "/compare",
    "/lists",
    "/lists/custom.example_watch_list",
    "/rules",
    "/help",
)


def test_no_page_scrolls_sideways_at_400_percent(example: Example, watch: Watch) -> None:
    one = example.come_in(watch, "sam", "/cases/13", viewport=ZOOMED)
    page = one.page
    one.look()
    for path in PATHS:
        page.goto(example.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"], path
        assert page.evaluate(TOO_WIDE) == [], path
    page.goto(example.address + "/")
    page.fill("#name", "新疆维吾尔自治区公安厅")
    page.locator(".ask-form button[type=submit]").first.click()
    page.wait_for_selector("#outcome")
    assert page.evaluate(TOO_WIDE) == []
    page.locator(".folded summary").click()
    page.locator(".folded").get_by_role("link", name="Queue").click()
    page.wait_for_selector("table.queue")


@pytest.mark.parametrize("width", [1280, 1024, 768, 360])
def test_the_header_holds_all_pages(example: Example, watch: Watch, width: int) -> None:
    one = example.come_in(watch, "sam", "/cases", viewport={"width": width, "height": 800}, locale="de-DE")
    page = one.page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.top').offsetHeight") <= 100
    folded = page.locator(".folded summary")
    if folded.is_visible():
        folded.click()
    links = page.locator(".folded a" if folded.is_visible() else ".in-row a")
    assert links.count() == len(NAVIGATION)
    for link in links.all():
        box = link.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, link.text_content()


def test_the_menu_and_a_decision_need_no_script(example: Example, watch: Watch) -> None:
    one = example.come_in(
        watch, "erika", "/cases?q=見本光学", viewport={"width": 360, "height": 800}, java_script_enabled=False
    )
    page = one.page
    page.locator("[data-row] a").first.click()
    page.get_by_role("button", name="Take this case").click()
    page.get_by_label("False match").check()
    page.locator("#reason").select_option("name_only")
    page.locator("form[action*='/decide'] button").click()
    page.get_by_text("Awaits a second person").first.wait_for()
    page.locator(".folded summary").click()
    page.locator(".folded").get_by_role("link", name="Lists").click()
    page.wait_for_url("**/lists")


def test_names_say_their_language_and_run_their_way(example: Example, watch: Watch) -> None:
    everything = "&".join(f"state={state.value}" for state in State)
    one = example.come_in(watch, "erika", f"/cases?{everything}")
    page = one.page
    found = {
        text: (lang, way)
        for text, lang, way in page.eval_on_selector_all(
            "th bdi", "all => all.map(e => [e.textContent, e.lang, e.matches(':dir(rtl)') ? 'rtl' : 'ltr'])"
        )
    }
    expected = {
        "دوربین صنعتی نمونه": ("fa", "rtl"),
        "محمود النموذج": ("ar", "rtl"),
        "مىسال ئېلېكترون چەكلىك شىركىتى": ("ug", "rtl"),
        "דוגמה מערכות": ("he", "rtl"),
        "乌鲁木齐市公安局": ("zh-Hans", "ltr"),
        "範例電子有限公司": ("zh-Hant", "ltr"),
        "見本光学": ("ja", "ltr"),
        "(주)가상정밀": ("ko", "ltr"),
        "Хиквижн": ("und-Cyrl", "ltr"),
    }
    assert {name: found.get(name) for name in expected} == expected


def test_forced_colours_keep_what_is_told(example: Example, watch: Watch) -> None:
    one = example.come_in(watch, "erika", "/cases/16", forced_colors="active")
    page = one.page
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.in-row [aria-current]')).borderTopWidth") == "2px"
    )
    mark, ground = page.evaluate(
        "[document.querySelector('.pieces mark'), document.querySelector('.sides')]"
        ".map(e => getComputedStyle(e).backgroundColor)"
    )
    assert mark != ground
    one.look()
