"""An analyst looks a name up, sees why it was flagged, and keeps the answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Watch = Callable[..., Any]
HAN = "新疆维吾尔自治区公安厅"
UYGHUR = "شىنجاڭ ئۇيغۇر ئاپتونوم رايونلۇق جامائەت خەۋپسىزلىك نازارىتى"


def check(page: Any, **fields: str) -> None:
    for name, value in fields.items():
        field = page.locator(f"#{name}")
        field.select_option(value) if name in ("country", "destination", "schema") else field.fill(value)
    page.get_by_role("button", name="Check", exact=True).first.click()
    page.wait_for_selector("#outcome")


def test_a_hit_in_han_says_why_in_the_same_glance(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk)
    desk.go("/")
    check(desk.page, name=HAN, country="CN", eccn="EAR99", destination="CN")
    desk.look()
    page = desk.page
    assert page.locator("#outcome").inner_text() == "License required"
    page.locator("#outcome:focus").wait_for()
    assert "公安厅" in page.locator(".why").first.inner_text()
    ours = page.locator(".side bdi").first
    assert ours.get_attribute("lang") == "zh-Hans"
    assert ours.locator("rt").all_inner_texts() == ["xinjiang", "public security bureau"]
    assert page.locator(".cites a").first.get_attribute("href").startswith("https://www.federalregister.gov/")
    page.locator("#announce", has_text="License required").wait_for(state="attached")


def test_a_name_from_right_to_left_is_set_so(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk)
    desk.go("/")
    check(desk.page, name=UYGHUR, country="CN")
    desk.look()
    ours = desk.page.locator(".side bdi").first
    assert ours.get_attribute("lang") == "ug"
    assert ours.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert desk.page.locator(".says").first.evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_a_check_without_a_hit_is_kept_as_evidence_and_replays(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk)
    desk.go("/")
    check(desk.page, name="見本電機株式会社", country="JP", destination="JP")
    desk.page.get_by_role("button", name="Save as evidence").click()
    link = desk.page.locator(".kept a")
    link.wait_for()
    desk.look()
    link.click()
    desk.page.wait_for_selector("h1 >> text=Evidence")
    desk.look()
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Download as JSON").click()
    kept = json.loads(download.value.path().read_text("utf-8"))
    assert kept["outcome"] == "indeterminate" and kept["transaction"]["parties"][0]["name"] == "見本電機株式会社"


def test_a_missing_fact_is_answered_on_the_spot(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk)
    desk.go("/")
    check(desk.page, name="Hikvision", country="CN", description="a lamp", destination="CN")
    needed = desk.page.locator(".asks.needed")
    assert needed.locator("input[type=radio]:checked").count() == 0
    needed.locator("input.form-control").fill("EAR99")
    needed.get_by_role("button").click()
    needed.wait_for(state="detached")
    desk.look()


def test_a_mistake_is_named_at_its_field(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk)
    desk.expect_status(422)
    desk.go("/")
    desk.page.fill("#name", "Hikvision")
    desk.page.fill("#eccn", "banana")
    desk.page.get_by_role("button", name="Check", exact=True).first.click()
    alert = desk.page.get_by_role("alert")
    alert.wait_for()
    assert "is not an ECCN" in alert.inner_text()
    assert desk.page.input_value("#eccn") == "banana"
    desk.look()


def test_a_whole_order_shows_its_owners_as_a_picture_and_a_table(open_desk: str, watch: Watch) -> None:
    order = {
        "date": "2026-11-20",
        "destination": "CN",
        "parties": [
            {
                "role": "end_user",
                "name": "Example Vision Integrators Co., Ltd.",
                "country": "CN",
                "owners": [
                    {
                        "name": "Example Holdings Ltd",
                        "share": "60",
                        "owners": [{"name": "Hangzhou Hikvision Digital Technology Co., Ltd.", "share": "70"}],
                    }
                ],
            }
        ],
        "items": [{"description": "thermal camera", "eccn": "6A993"}],
    }
    desk = watch(open_desk)
    desk.go("/")
    desk.page.get_by_text("Check a whole order").click()
    desk.page.fill("#order_text", json.dumps(order))
    desk.page.locator("details.more[open]").get_by_role("button", name="Check").click()
    picture = desk.page.locator(".owners svg").first
    picture.wait_for()
    assert picture.locator(".box.listed").count() == 1
    table = desk.page.locator(".owners + .arithmetic + details").first
    table.locator("summary").click()
    assert table.locator("tbody tr").first.inner_text().startswith("Example Hold")
    desk.look()


def test_without_script_the_same_form_gives_the_whole_page(open_desk: str, watch: Watch) -> None:
    desk = watch(open_desk, java_script_enabled=False)
    desk.page.goto(open_desk + "/")
    check(desk.page, name=HAN, country="CN", eccn="EAR99", destination="CN")
    assert desk.page.locator("#outcome").inner_text() == "License required"
    assert desk.page.input_value("#name") == HAN


@pytest.mark.parametrize("look", ["dark", "narrow", "zoomed", "german"])
def test_every_look_is_readable_by_everyone(open_desk: str, watch: Watch, look: str) -> None:
    contexts: dict[str, dict[str, Any]] = {
        "dark": {"color_scheme": "dark"},
        "narrow": {"viewport": {"width": 390, "height": 800}},
        "zoomed": {"viewport": {"width": 320, "height": 256}},
        "german": {"locale": "de-DE"},
    }
    desk = watch(open_desk, **contexts[look])
    desk.go("/")
    desk.page.fill("#name", "Hangzhou Hikvision Digital Tech Co")
    desk.page.locator(".ask-form button[type=submit]").first.click()
    desk.page.wait_for_selector("#outcome")
    desk.look()
    wide = desk.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "the page must not scroll sideways"
    if look == "german":
        assert desk.page.locator("html").get_attribute("lang") == "de"
        assert desk.page.locator("#outcome").inner_text() == "Möglicher Treffer: erst beurteilen"
