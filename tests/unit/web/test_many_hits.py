"""A name that half of a list bears is still a page that loads at once, with every finding on it."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from pathlib import Path

from starlette.testclient import TestClient

from stopship.app.workspace import Workspace
from stopship.web.gate import OpenGate
from stopship.web.workbench import home_workbench

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MAPPING = """
format: 1
name: many
title: Many of one name
publisher: nobody
url: https://lists.invalid/
terms: invented
program: us.el
limit_days: 400
rows: {at_least: 1, at_most: 100}
file: {format: csv}
columns: {name: name, schema: {value: Company}, country: country}
"""
MOST_BYTES = 150_000
MANY = 60


def test_sixty_hits_are_one_page_below_the_bound_and_all_are_named(tmp_path: Path) -> None:
    (tmp_path / "many.yml").write_text(MAPPING, "utf-8")
    rows = [f"Fiktivhuawei Technologies Branch {number} Co. Ltd.,CN" for number in range(MANY)]
    (tmp_path / "many.csv").write_text("\n".join(["name,country", *rows]) + "\n", "utf-8")
    home = tmp_path / "home"
    space = Workspace(home, today=NOW.date())
    space.import_list("custom", tmp_path / "many.csv", published=None, now=NOW, mapping=tmp_path / "many.yml")
    desk = TestClient(home_workbench(home, OpenGate(lambda _request: True), now=lambda: NOW))
    page = desk.post("/check", data={"name": "Fiktivhuawei Technologies", "eccn": "EAR99", "destination": "CN"})
    assert page.status_code == 200 and len(page.content) <= MOST_BYTES
    assert len(set(re.findall(r"Branch (\d+) Co", page.text))) == MANY
    assert page.text.count('class="hit is-') == 6
    order = re.search(r'name="order" value="([^"]*)"', page.text)
    assert order is not None
    sent = {"order": html.unescape(order[1]), "first": "54"}
    last = desk.post("/check/answers", data=sent, headers={"hx-request": "true"})
    assert last.text.count('class="hit is-') == 6 and len(last.content) <= MOST_BYTES
