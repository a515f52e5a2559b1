"""What every answer carries, what is refused, and what a reader sees when something goes wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from stopship.app.quick_check import QuickCheck
from stopship.errors import StateError
from stopship.web.gate import OpenGate
from stopship.web.guard import CONTENT_SECURITY_POLICY
from stopship.web.pages.view import inside
from stopship.web.preferences import COOKIE
from stopship.web.rendering import Desk
from stopship.web.workbench import home_workbench, workbench

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANYONE = OpenGate(lambda _request: True)


class Broken(QuickCheck):
    """Checks that fail in the way that a test wants."""

    error: Exception = RuntimeError("inside")

    def __init__(self) -> None:
        super().__init__(starter, now=lambda: NOW)

    def lists(self) -> Any:
        return ()

    def check(self, order: Any) -> Any:  # noqa: ARG002 (the port asks for it)
        raise self.error


@pytest.fixture
def desk(tmp_path: Path) -> TestClient:
    return TestClient(home_workbench(tmp_path, ANYONE, now=lambda: NOW), base_url="http://desk")


def starter() -> Any:
    raise AssertionError("not asked for")


async def at_once(work: Any, /) -> Any:
    return work()


def broken(checks: Broken, **more: Any) -> TestClient:
    return TestClient(workbench(Desk(checks, at_once, ANYONE)), **more)


@pytest.mark.parametrize("path", ["/", "/lists", "/nothing", "/help", "/static/keys.js"])
def test_every_answer_carries_the_policy(desk: TestClient, path: str) -> None:
    answer = desk.get(path)
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_policy_is_the_strict_one() -> None:
    assert CONTENT_SECURITY_POLICY == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def test_pages_are_not_kept_by_caches_and_files_are(desk: TestClient) -> None:
    page = desk.get("/")
    assert page.headers["cache-control"] == "no-store"
    address = page.text.split('src="')[1].split('"')[0]
    assert "immutable" in desk.get(address).headers["cache-control"]
    assert "immutable" not in desk.get(address.split("?")[0]).headers["cache-control"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://desk"}, 200),
        ({}, 200),
    ],
)
def test_forms_of_other_sites_are_refused(desk: TestClient, headers: dict[str, str], status: int) -> None:
    answer = desk.post("/compare", data={"left": "A", "right": "B"}, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


def test_a_fault_shows_a_reference_and_nothing_of_theinside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = broken(Broken(), raise_server_exceptions=False)
    answer = client.post("/check", data={"name": "Fiktiv GmbH"})
    assert answer.status_code == 500
    assert "inside" not in answer.text and "Traceback" not in answer.text
    reference = answer.text.split("Reference:")[1].split("<code>")[1].split("</code>")[0]
    assert reference in caplog.text and "Fiktiv" not in caplog.text


def test_a_home_in_a_bad_state_says_so_in_its_own_line() -> None:
    checks = Broken()
    checks.error = StateError("the index is damaged", hint="Run stopship doctor")
    answer = broken(checks).post("/check", data={"name": "Fiktiv GmbH"}, headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-retarget"]) == (503, "#main")
    assert "the index is damaged. Run stopship doctor" in answer.text
    assert "<html" not in answer.text


def test_the_look_is_chosen_by_a_form_and_the_way_back_staysinside(desk: TestClient) -> None:
    sent = {"language": "de", "theme": "dark", "back": "/lists?x=1"}
    answer = desk.post("/view", data=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/lists?x=1")
    assert "httponly" in answer.headers["set-cookie"].lower()
    page = desk.get("/lists").text
    assert '<html lang="de"' in page and 'data-bs-theme="dark"' in page and 'data-keys="off"' in page
    assert desk.cookies[COOKIE] == "de.dark.nokeys"


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "x", ""])
def test_no_way_back_leads_elsewhere(address: str) -> None:
    assert inside(address) == "/"
