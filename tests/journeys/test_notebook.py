"""An analyst works in a notebook: one home, orders, names and lists that are imported meanwhile."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.journeys.conftest import Cli

import stopship
from stopship.app.notebook import Home
from stopship.errors import OrderError, SettingsError
from stopship.matching import Index

HIKVISION: dict[str, Any] = {
    "destination": "CN",
    "parties": [{"role": "end_user", "name": "Hikvision", "country": "CN"}],
    "items": [{"eccn": "6A993"}],
}


def test_an_order_is_decided_as_on_the_command_line(cli: Cli, home: Path, tmp_path: Path) -> None:
    opened = stopship.open(home)
    path = tmp_path / "order.json"
    path.write_text(json.dumps(HIKVISION), "utf-8")
    printed = cli("check", path, "--as-of", "2026-08-01", "--json").json
    for order in (HIKVISION, path, str(path)):
        decision = opened.check(order, as_of="2026-08-01")
        assert decision.outcome == "license_required"
        assert json.loads(decision.to_json()) == printed
    assert opened.check(HIKVISION, as_of=date(2019, 10, 8)).outcome == "indeterminate"
    assert opened.check({**HIKVISION, "date": "2019-10-08"}).as_of == date(2019, 10, 8)
    assert "license required" in opened.check(HIKVISION)._repr_html_()
    assert not home.exists(), "deciding on the starter list leaves nothing behind"


def test_values_out_of_a_frame_make_an_order(home: Path) -> None:
    row = pd.DataFrame(
        {"value": [12000], "share": [np.nan], "when": [pd.Timestamp("2026-03-01")], "use": [pd.NA]}
    ).iloc[0]
    order = {
        "date": row["when"],
        "end_use": row["use"],
        "destination": pd.NaT,
        "parties": [
            {"role": "end_user", "name": "Hikvision", "owners": [{"name": "Muster", "share": row["share"]}]}
        ],
        "items": [{"eccn": "6A993", "value": np.int64(row["value"]), "quantity": np.float64(2)}],
    }
    decision = stopship.open(home).check(order)
    assert decision.as_of == date(2026, 3, 1)
    assert json.loads(decision.to_json())["transaction"]["items"][0] == {
        "eccn": "6A993", "value": 12000, "quantity": 2.0,
    }  # fmt: skip


def test_names_are_looked_up_and_compared(home: Path) -> None:
    opened = stopship.open(home)
    found = opened.match("Hangzhou Hikvison", country="CN", schema="company")
    assert (len(found), len(found.alerts)) == (1, 1)
    assert found[0].entity.caption.startswith("Hangzhou Hikvision")
    assert [match.score for match in found] == [match.score for match in found[:]]
    assert "Hikvision" in repr(found)
    assert "<mark>" in found._repr_html_()
    nobody = opened.match("Muster <b> GmbH")
    assert list(nobody) == []
    assert (
        nobody._repr_html_()
        == '<p><bdi dir="auto">Muster &lt;b&gt; GmbH</bdi>: no match in the lists consulted</p>'
    )
    assert len(opened.match("Public Security Bureau", min_score=0, limit=3)) == 3
    assert len(opened.match("Public Security Bureau", min_score=0, limit=None)) > 3
    assert opened.compare("海康威视", "Hikvision").alert
    assert repr(opened) == f"stopship.open({str(home)!r})"
    assert [state["source"] for state in opened.lists] == ["starter"]
    assert opened.index().content_hash.startswith("sha256:")
    assert Index.open(opened.index_path()).content_hash == opened.index().content_hash


def test_lists_that_are_imported_meanwhile_and_the_next_day_count(cli: Cli, home: Path, tmp_path: Path) -> None:
    from tests.journeys.test_lists import ROWS, csl

    days = iter([date(2026, 8, 1)] * 2 + [date(2027, 8, 1)] * 2)
    opened = Home(home, clock=lambda: next(days))
    order = {"parties": [{"role": "bank", "name": "Muster Bank"}]}
    assert opened.check(order).outcome == "indeterminate"
    path = tmp_path / "consolidated.csv"
    path.write_bytes(csl(*ROWS))
    assert cli("lists", "import", "us_csl", path, "--published", "2026-07-31", "--accept").code == 0
    decision = opened.check(order)
    assert (decision.outcome, decision.as_of, decision.lists[0].listed.source) == (
        "clear",
        date(2026, 8, 1),
        "us_csl",
    )
    stale = opened.check(order)
    assert (stale.outcome, stale.as_of) == ("indeterminate", date(2027, 8, 1))
    assert opened.check(order, allow_stale="a test").outcome == "clear"


def test_mistakes_are_told_in_one_line(home: Path, tmp_path: Path) -> None:
    opened = stopship.open(home)
    with pytest.raises(OrderError, match="'buyer' is not a role"):
        opened.check({"parties": [{"role": "buyer", "name": "A"}]})
    with pytest.raises(OrderError, match="no such file"):
        opened.check(tmp_path / "none.yaml")
    with pytest.raises(OrderError, match="expected fields"):
        opened.check([HIKVISION])  # type: ignore[arg-type]
    for options, words in (
        ({"country": "Germany"}, "country"),
        ({"birth_date": "soon"}, "birth_date"),
        ({"schema": "Robot"}, "schema.*Robot"),
        ({"min_score": 3}, "not a score"),
        ({"as_of": "soon"}, "as_of"),
    ):
        with pytest.raises(SettingsError, match=words):
            opened.match("A", **options)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="no letter"):
        opened.compare("!", "A")
    with pytest.raises(SettingsError, match="reason"):
        opened.check(HIKVISION, allow_stale=" ")
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(SettingsError, match="not a folder"):
        stopship.open(file)
    assert opened.check(HIKVISION, as_of=datetime(2026, 8, 1, 12)).as_of == date(2026, 8, 1)  # noqa: DTZ001
