"""Who is believed when a call says that it comes by a proxy."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from stopship.app.service.settings import read_service_settings
from stopship.asgi.workers import configured
from stopship.errors import SettingsError


def seen(proxies: str, client: str) -> tuple[str, str]:
    """Client and scheme of a call as the application sees them."""
    found: dict[str, Any] = {}

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        found.update(scope)

    config = configured(app, 1, proxies=proxies, interface="asgi3")
    config.load()
    headers = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "client": (client, 4711), "scheme": "http", "headers": headers}
    with ThreadPoolExecutor(1) as pool:  # the thread of the tests may have a loop already: that of the browser
        pool.submit(asyncio.run, config.loaded_app(scope, None, None)).result()  # type: ignore[arg-type]
    return found["client"][0], found["scheme"]


def test_a_named_proxy_is_believed() -> None:
    assert seen("127.0.0.1", "127.0.0.1") == ("203.0.113.9", "https")


@pytest.mark.parametrize(("proxies", "client"), [("", "127.0.0.1"), ("127.0.0.1", "203.0.113.7")])
def test_nobody_else_is(proxies: str, client: str) -> None:
    assert seen(proxies, client) == (client, "http")


def test_a_proxy_is_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOPSHIP_TRUSTED_PROXIES", "*")
    with pytest.raises(SettingsError, match="STOPSHIP_TRUSTED_PROXIES"):
        read_service_settings()
