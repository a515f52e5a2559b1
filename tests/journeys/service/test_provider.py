"""People come into the workbench by the company's provider, which these tests play on the loopback address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from starlette.testclient import TestClient
from tests.identity_provider import CLIENT, SECRET, IdentityProvider, providing
from tests.journeys.service.conftest import LOCAL, NOW, import_rows
from tests.journeys.test_lists import ROWS

from stopship.api.application import build
from stopship.app.service.server import make_server
from stopship.app.service.settings import ServiceSettings
from stopship.asgi.pages import add_pages
from stopship.store import audit

pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with providing(now=int(NOW.timestamp())) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STOPSHIP_OIDC_CLIENT_SECRET", SECRET)
    home = tmp_path / "home"
    import_rows(home, tmp_path, *ROWS)
    oidc = {
        "issuer": provider.issuer,
        "client_id": CLIENT,
        "redirect_uri": f"{LOCAL}/login/oidc",
        "roles": {"compliance": "analyst"},
        "label": "Sign in at Beispiel AG",
    }
    (home / "settings.yaml").write_text(yaml.safe_dump({"access": {"oidc": oidc}}), "utf-8")
    return home


@pytest.fixture
def browser(home: Path) -> Iterator[TestClient]:
    server = make_server(ServiceSettings(home=home), now=lambda: NOW)
    app = build(server)
    add_pages(app, server)
    with TestClient(app, base_url=LOCAL, follow_redirects=False) as client:
        yield client
    server.database.close()


def there_and_back(browser: TestClient, provider: IdentityProvider, **answer: str) -> Any:
    gone = browser.get("/sign-in/provider", params={"to": "/rules?q=entity"})
    assert gone.status_code == 303
    assert gone.headers["location"].startswith(f"{provider.issuer}/authorize?")
    back = provider.answer_to(gone.headers["location"]) | answer
    return browser.get("/login/oidc", params=back)


def test_who_the_provider_knows_comes_to_the_page_that_was_asked_for(
    browser: TestClient, provider: IdentityProvider
) -> None:
    asked = browser.get("/rules?q=entity")
    form = browser.get(asked.headers["location"])
    assert "Sign in at Beispiel AG" in form.text
    assert "/sign-in/provider?to=/rules%3Fq%3Dentity" in form.text
    came = there_and_back(browser, provider)
    assert (came.status_code, came.headers["location"]) == (303, "/rules?q=entity")
    assert "stopship-oidc" not in browser.cookies
    page = browser.get("/rules?q=entity")
    assert page.status_code == 200
    assert "erika" in page.text.lower()
    with browser.app.state.server.database.begin() as connection:  # type: ignore[attr-defined]
        assert "login.succeeded" in {row.action for row in audit.rows(connection)}


def test_who_has_no_role_by_the_settings_is_told_and_stays_outside(
    browser: TestClient, provider: IdentityProvider
) -> None:
    provider.groups = ["canteen"]
    refused = there_and_back(browser, provider)
    assert refused.status_code == 403
    assert "no role here" in refused.text
    assert browser.get("/rules").status_code == 303


def test_an_answer_that_was_not_asked_for_in_this_browser_is_refused(
    browser: TestClient, provider: IdentityProvider
) -> None:
    refused = there_and_back(browser, provider, state="A" * 43)
    assert refused.status_code == 401
    assert "not begun in this browser" in refused.text
    browser.cookies.clear()
    assert browser.get("/login/oidc", params={"code": "x", "state": "y"}).status_code == 401


def test_it_leads_to_no_other_host(browser: TestClient, provider: IdentityProvider) -> None:
    gone = browser.get("/sign-in/provider", params={"to": "//evil.example/x"})
    came = browser.get("/login/oidc", params=provider.answer_to(gone.headers["location"]))
    assert came.status_code == 303
    assert urlsplit(came.headers["location"]).netloc == ""
    assert not came.headers["location"].startswith("//")


def test_a_provider_that_is_down_is_told_in_one_line(browser: TestClient, provider: IdentityProvider) -> None:
    provider.description = {"issuer": "https://another.example"}
    answer = browser.get("/sign-in/provider")
    assert answer.status_code in (401, 502)
    assert "Traceback" not in answer.text
    assert "Sign in at Beispiel AG" in answer.text


def test_without_a_provider_there_is_no_such_way(home: Path) -> None:
    (home / "settings.yaml").unlink()
    server = make_server(ServiceSettings(home=home), now=lambda: NOW)
    app = build(server)
    add_pages(app, server)
    with TestClient(app, base_url=LOCAL, follow_redirects=False) as client:
        assert "/sign-in/provider" not in client.get("/sign-in").text
        assert client.get("/sign-in/provider").status_code == 404
        assert client.get("/login/oidc").status_code == 404
    server.database.close()
