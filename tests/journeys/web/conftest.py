"""The workbench as `stopship serve` runs it, in a real Chromium that is watched.

A journey fails on any violation of the Content-Security-Policy, any error in the console, and whatever axe finds
on a page that it looks at.
"""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MISSING = (
    "The journeys of the workbench were not run: install Debian's chromium, fonts-noto-core and fonts-noto-cjk "
    "(apt-get install chromium fonts-noto-core fonts-noto-cjk) and the Python package playwright"
)
LANGUAGE = "en-GB"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.loopback)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for the journeys of a file; they are skipped, saying what to install, where there is none.

    Playwright keeps a loop running in this thread as long as it is open: no other test could run one of its own.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None or importlib.util.find_spec("playwright") is None:
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page of the browser, and everything that it complains of."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.expected: set[str] = set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => "
            "console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))"
        )

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(word in message.text for word in self.expected):
            self.complaints.append(f"{message.type}: {message.text}")

    # Waiting for a function would evaluate text in the page, which the policy forbids: journeys wait for elements.

    def expect_status(self, status: int) -> None:
        """A journey that makes the server refuse something expects the browser to note that."""
        self.expected.add(f"status of {status}")

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def look(self) -> None:
        """Have axe look at the page, and count what it finds as complaints."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(
            "async rules => (await axe.run(document, {runOnly: rules})).violations.map("
            "v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', '))",
            RULES,
        )
        self.complaints += [f"axe: {one} at {self.page.url}" for one in found]


@pytest.fixture
def watch(chromium: Any) -> Iterator[Callable[..., Watched]]:
    """Opens watched pages; at the end of the journey none may have complained."""
    opened: list[Watched] = []

    def page(address: str, **context: Any) -> Watched:
        # Without motion: axe must not measure colours on their way from one to another.
        still = {"locale": LANGUAGE, "viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
        options = {**still, **context}
        made = Watched(chromium.new_context(**options).new_page(), address)
        made.page.set_default_timeout(20_000)
        opened.append(made)
        return made

    yield page
    for one in opened:
        one.page.context.close()
    assert [complaint for one in opened for complaint in one.complaints] == []


@contextmanager
def served(home: Path, *, open_to_all: bool, now: Callable[[], datetime] = lambda: NOW) -> Iterator[str]:
    """A server of a home on a free port of 127.0.0.1; gives its address."""
    import uvicorn

    from stopship.api.application import build
    from stopship.app.service.server import make_server
    from stopship.app.service.settings import read_service_settings
    from stopship.asgi.pages import add_pages

    made: list[Any] = []

    def run() -> None:
        async def serve() -> None:
            server = make_server(read_service_settings(home), open_to_all=open_to_all, now=now)
            app = build(server)
            add_pages(app, server)
            config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False)
            made.append(uvicorn.Server(config))
            await made[0].serve()

        asyncio.run(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while not (made and made[0].started):
        thread.join(0.05)
        assert thread.is_alive(), "the server did not start"
    port = made[0].servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        made[0].should_exit = True
        thread.join(20)


@pytest.fixture(scope="session")
def open_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A workbench over the starter list that asks nobody to sign in."""
    with served(tmp_path_factory.mktemp("home"), open_to_all=True) as address:
        yield address


EXAMPLE_NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Example:
    """The example workbench, served: where it lies, its address, its passwords by name."""

    home: Path
    address: str
    passwords: dict[str, str]

    def come_in(self, watch: Callable[..., Watched], name: str, path: str = "/", **context: Any) -> Watched:
        """A page on which somebody has signed in and come to `path`; axe hasn't looked yet."""
        one = watch(self.address, **context)
        one.page.goto(self.address + path)
        one.page.fill("#name", name)
        one.page.fill("#password", self.passwords[name])
        one.page.locator("main form button").click()
        one.page.wait_for_url(lambda url: "/sign-in" not in url)
        return one


@pytest.fixture(scope="session")
def example_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as `stopship demo --serve` makes it: a month of cases, all states, twelve scripts."""
    from stopship.app.demo_home.place import prepare
    from stopship.app.demo_home.seed import seed

    home = tmp_path_factory.mktemp("demo") / "home"
    prepare(home, lambda part: seed(part, now=EXAMPLE_NOW), fresh=False, now=EXAMPLE_NOW, environment={})
    return home


@pytest.fixture(scope="session")
def example(example_home: Path) -> Iterator[Example]:
    """The example workbench, served to `erika` (analyst) and `sam` (supervisor)."""
    from stopship.app.demo_home.people import new_logins
    from stopship.app.workspace import Workspace

    logins = new_logins(Workspace(example_home, today=EXAMPLE_NOW.date()), now=EXAMPLE_NOW)
    with served(example_home, open_to_all=False, now=lambda: EXAMPLE_NOW) as address:
        yield Example(example_home, address, {login.name: login.password for login in logins})
