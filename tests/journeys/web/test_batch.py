"""A file of 10,000 names: handed in, mapped wrongly and then well, tried, screened, looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.web.conftest import served

from stopship.access import Role
from stopship.access.accounts import Accounts
from stopship.access.passwords import Passwords
from stopship.app.jobs.settings import read_job_settings
from stopship.app.jobs.work import choose, work
from stopship.app.workspace import Workspace

Watch = Callable[..., Any]
PASSWORD = "three invented otters"
ROWS = 10_000


def this_moment() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """A server with two people; `begin` starts the worker beside it."""

    address: str
    begin: Callable[[], None]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("batch")
    (home / "settings.yaml").write_text("jobs: {processes: 1}\n", "utf-8")
    with closing(Workspace(home, today=this_moment().date()).database()) as database:
        accounts = Accounts(database, Passwords())
        for name, role in (("erika", Role.ANALYST), ("vera", Role.VIEWER)):
            accounts.create(name, role, PASSWORD, actor="cli:test", now=this_moment())
    stop = threading.Event()
    worker = threading.Thread(
        target=lambda: work(
            home, chosen=choose(("screen", "check"), ()), stop=stop, say=lambda _event, _details: None,
            settings=read_job_settings(home),
        )
    )  # fmt: skip
    with served(home, open_to_all=False, now=this_moment) as address:
        try:
            yield Desk(address, worker.start)
        finally:
            stop.set()
            if worker.ident is not None:
                worker.join(30)


@pytest.fixture(scope="module")
def partners(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export as a German ERP gives it: two listed parties, a short row, an empty one, a formula."""
    rows = [f"{n};Musterfirma {n} GmbH;DE;Kontakt {n}" for n in range(1, ROWS + 1)]
    rows[41] = "42;Hangzhou Hikvision Digital Technology Co., Ltd.;CN;=1+1"
    rows[4_999] = "5000;新疆维吾尔自治区公安厅;CN;Kontakt"
    rows[99] = "100;Zu viele Zellen GmbH;DE;a;b;c"
    rows[149] = "150;;DE;=cmd|' /C calc'!A0"
    rows[199] = "200;Musterfirma;Nirgendwo;Kontakt"
    path = tmp_path_factory.mktemp("files") / "Geschäftspartner.csv"
    path.write_text("\n".join(["Nr.;Firma;Land;Ansprechpartner", *rows, ""]), "utf-8-sig")
    return path


def come_in(watch: Watch, address: str, name: str, path: str) -> Any:
    one = watch(address)
    one.page.goto(address + path)
    one.page.fill("#name", name)
    one.page.fill("#password", PASSWORD)
    one.page.get_by_role("button", name="Sign in").click()
    one.page.wait_for_url(lambda url: "/sign-in" not in url)
    return one


def test_ten_thousand_rows_from_file_to_results(desk: Desk, watch: Watch, partners: Path) -> None:
    one = come_in(watch, desk.address, "erika", "/batch")
    one.look()
    one.page.get_by_label("Names").check()
    one.page.locator("#file").set_input_files(partners)
    one.page.get_by_role("button", name="Upload").click()
    one.page.wait_for_selector("text=guessed from their headings")
    chosen = [select.input_value() for select in one.page.locator(".means select").all()]
    assert chosen == ["id", "name", "country", ""]
    one.look()

    # a bad mapping is refused in its place, and nothing that was chosen is lost
    one.expect_status(422)
    one.page.get_by_label("What “Ansprechpartner” means").select_option("name")
    one.page.get_by_role("button", name="Try the first rows").click()
    one.page.get_by_role("alert").wait_for()
    assert "two columns can't both be the name" in one.page.get_by_role("alert").inner_text()
    assert one.page.locator(".means select[aria-invalid=true]").count() == 2
    one.page.locator("[role=alert]:focus").wait_for()  # the focus follows once the part has settled

    one.page.get_by_label("What “Ansprechpartner” means").select_option("")
    one.page.get_by_role("button", name="Try the first rows").click()
    one.page.wait_for_selector("#trial")
    tried = one.page.locator(".trial").inner_text()
    assert "The first 200 rows, tried" in tried and "Nothing was kept" in tried
    assert "Hikvision" in tried and "6 cells where the header has 4 columns" in tried
    assert one.page.locator(".trial .is-rejected dd").inner_text() == "2"
    one.look()

    one.page.get_by_role("button", name="Screen all rows").click()
    one.page.wait_for_url("**/jobs/*")
    address = one.page.url
    one.page.wait_for_selector("progress")
    one.look()
    desk.begin()
    one.page.wait_for_selector("a[download], .wrong-box", timeout=90_000)  # the page changes by itself
    assert one.page.url == address
    told = {
        tile.locator("dt").inner_text(): tile.locator("dd").inner_text()
        for tile in one.page.locator(".tiles > div").all()
    }
    assert (told["Rows"], told["Hits"], told["Rejected"], told["With a warning"]) == ("10,000", "2", "2", "1")
    assert "新疆维吾尔自治区公安厅" in one.page.locator(".found").inner_text()
    one.look()

    one.page.get_by_role("link", name="Rejected 2").click()
    one.page.wait_for_selector("text=neither a name nor an address")
    with one.page.expect_download() as got:
        one.page.get_by_role("link", name="Rejected rows (CSV)").click()
    text = Path(got.value.path()).read_text("utf-8-sig")
    assert got.value.suggested_filename.endswith("-rejects.csv")
    assert "151,the row has neither a name nor an address,150,,DE,'=cmd|' /C calc'!A0" in text
    with one.page.expect_download() as got:
        one.page.get_by_role("link", name="Results (XLSX)").click()
    assert Path(got.value.path()).read_bytes().startswith(b"PK")

    # whoever comes later finds it, and a viewer may look on but not begin anything
    vera = come_in(watch, desk.address, "vera", "/jobs")
    assert "Geschäftspartner.csv" in vera.page.locator("table.jobs").inner_text()
    assert vera.page.get_by_role("link", name="Screen a file").count() == 0
    vera.look()
