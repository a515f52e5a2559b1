"""An exporter imports ownership data, and a decision shows by which path a listed owner reaches the buyer."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.journeys.conftest import Cli

from stopship.screening import json_schema

Order = Callable[[Any], Path]
LEI = "5493001KJTIIGC8Y1R12"


def statement(record: str, kind: str, **details: Any) -> dict[str, Any]:
    return {
        "statementId": record.ljust(32, "0"), "declarationSubject": record, "recordId": record, "recordType": kind,
        "recordStatus": "new", "statementDate": "2024-05-01", "recordDetails": {"isComponent": False, **details},
    }  # fmt: skip


def company(record: str, name: str, country: str, **more: Any) -> dict[str, Any]:
    return statement(
        record,
        "entity",
        entityType={"type": "registeredEntity"},
        name=name,
        jurisdiction={"code": country},
        **more,
    )


def owns(record: str, owner: str, held: str, share: float) -> dict[str, Any]:
    interest = {
        "type": "shareholding",
        "directOrIndirect": "direct",
        "startDate": "2021-01-01",
        "share": {"exact": share},
    }
    return statement(record, "relationship", subject=held, interestedParty=owner, interests=[interest])


REGISTER = [
    company("sub", "Beispiel Vertrieb GmbH", "DE", identifiers=[{"scheme": "XI-LEI", "id": LEI}]),
    company("mid", "Zwischen Holding Limited", "HK"),
    company("top", "Hangzhou Hikvision Digital Technology Co., Ltd.", "CN"),
    owns("stake-1", "mid", "sub", 75),
    owns("stake-2", "top", "mid", 50),
]
SALE = {
    "destination": "DE",
    "parties": [{"role": "end_user", "name": "Beispiel Vertrieb GmbH", "country": "DE"}],
    "items": [{"eccn": "6A993"}],
}


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.json"
    path.write_text(json.dumps(REGISTER, ensure_ascii=False), "utf-8")
    return path


def with_lei() -> dict[str, Any]:
    [party] = SALE["parties"]
    return {**SALE, "parties": [{**party, "identifiers": [{"type": "lei", "value": LEI}]}]}


def test_import_then_check_shows_the_path(cli: Cli, order: Order, register: Path) -> None:
    before = cli("check", order(with_lei()), "--as-of", "2026-12-01", "--json").json
    assert before["ownership"] is None
    imported = cli("ownership", "import", register, "--json").json
    assert (imported["name"], imported["holders"], imported["stakes"]) == ("bods", 3, 2)
    assert imported["files"][0]["rejected"] == 0

    decision = cli("check", order(with_lei()), "--as-of", "2026-12-01", "--json").json
    jsonschema.validate(decision, json_schema())
    assert decision["ownership"] == imported["snapshot"]
    assert decision["outcome"] == "license_required"
    found = next(f for f in decision["findings"] if f["rule"] == "us.ear.744.affiliates")
    assert found["owner"] == "bods:top"
    assert ".." not in found["text"]  # names that end in a full stop bring their own
    shown = found["ownership"]
    assert {(s["owner"], s["held"], s["share"]) for s in shown["stakes"]} == {
        ("bods:mid", "party.0", "75"),
        ("bods:top", "bods:mid", "50"),
    }
    assert {s["statement"].rstrip("0") for stake in shown["stakes"] for s in stake["statements"]} == {
        "stake-1",
        "stake-2",
    }

    page = cli("check", order(with_lei()), "--as-of", "2026-12-01")
    text = re.sub(r"\s+", " ", page.out)
    assert "75% Zwischen Holding Limited" in text
    assert "50% Hangzhou Hikvision Digital Technology Co., Ltd." in text
    assert "since 2021-01-01" in text
    assert "by the same LEI" in text


def test_by_name_alone_it_is_reviewed(cli: Cli, order: Order, register: Path) -> None:
    cli("ownership", "import", register)
    decision = cli("check", order(SALE), "--as-of", "2026-12-01", "--json").json
    affiliate = next(f for f in decision["findings"] if f["rule"] == "us.ear.744.affiliates")
    assert (affiliate["outcome"], affiliate["if_confirmed"]) == ("review", "license_required")
    assert any("may be Beispiel Vertrieb GmbH" in line for line in decision["assumptions"])


def test_a_decision_replays_with_the_ownership_data_that_it_rests_on(
    cli: Cli, order: Order, register: Path, home: Path, tmp_path: Path
) -> None:
    cli("ownership", "import", register)
    kept = tmp_path / "decision.json"
    made = cli("check", order(with_lei()), "--as-of", "2026-12-01", "--json")
    kept.write_text(made.out, "utf-8")
    assert cli("ownership", "forget", "bods").code == 0
    assert cli("check", order(with_lei()), "--as-of", "2026-12-01", "--json").json["ownership"] is None
    said = cli("replay", kept)
    assert (said.code, said.out.strip()) == (0, "byte for byte the same")

    shutil.rmtree(home / "ownership")
    assert made.json["ownership"] in cli("replay", kept).refused()


def test_before_the_stake_there_was_none(cli: Cli, order: Order, register: Path) -> None:
    cli("ownership", "import", register)
    decision = cli("check", order(with_lei()), "--as-of", "2020-12-31", "--json").json
    assert not [f for f in decision["findings"] if f["owner"]]


def test_status_show_and_forget(cli: Cli, register: Path) -> None:
    assert "no ownership data" in cli("ownership", "status").out
    assert "ownership import" in cli("ownership", "show", "x").refused()
    assert cli("ownership", "import", register).code == 0
    status = cli("ownership", "status", "--json").json
    assert (status["holders"], status["stakes"], status["data"][0]["name"]) == (3, 2, "bods")
    assert status["graph"] in cli("ownership", "status").out
    shown = cli("ownership", "show", "BEISPIEL VERTRIEB GMBH")
    lines = [line.strip() for line in shown.out.splitlines()]
    assert lines[0].startswith("Beispiel Vertrieb GmbH, DE")
    assert lines[1].startswith("75%  Zwischen Holding Limited")
    assert lines[2].startswith("50%  Hangzhou Hikvision")
    for who in (LEI, f"lei:{LEI}"):
        plain = cli("ownership", "show", who, "--as-of", "2026-01-01", "--json").json
        assert [h["id"] for h in plain["found"][0]["holders"]] == [f"lei:{LEI}", "bods:mid", "bods:top"]
        assert plain["found"][0]["complete"] is True
    assert "no owner is stated" in cli("ownership", "show", LEI, "--as-of", "2020-01-01").out
    assert "word for word" in cli("ownership", "show", "Nobody").refused()
    assert cli("ownership", "forget", "bods").code == 0
    assert "no ownership data" in cli("ownership", "status").out
    assert "bods" in cli("ownership", "forget", "bods").refused()


def test_bad_rows_are_reported_with_number_and_reason(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    bad = [owns("stake-3", "nobody", "sub", 10), {"recordType": "relationship"}]
    path.write_text("\n".join(json.dumps(s) for s in [*REGISTER, *bad]), "utf-8")
    said = cli("ownership", "import", path)
    assert "7 rows = 5 loaded + 2 rejected + 0 passed over" in re.sub(r"\s+", " ", said.out)
    rejects = cli("ownership", "import", path, "--json").json["files"][0]["rejects"]
    assert [(r["row"], "isn't in the file" in r["reason"]) for r in rejects] == [(7, False), (6, True)]


@pytest.mark.parametrize("content", ["", "{", "a,b\n1,2\n", "<!DOCTYPE x><x/>", '[{"recordType": "entity"}]'])
def test_what_is_no_ownership_data_is_one_line(cli: Cli, tmp_path: Path, content: str) -> None:
    path = tmp_path / "file"
    path.write_text(content, "utf-8")
    cli("ownership", "import", path).refused()
    assert "no ownership data" in cli("ownership", "status").out


def test_orders_by_the_file_use_them_too(cli: Cli, register: Path, tmp_path: Path) -> None:
    cli("ownership", "import", register)
    orders, out = tmp_path / "orders.jsonl", tmp_path / "out.jsonl"
    orders.write_text("\n".join(json.dumps(o) for o in [with_lei(), SALE]), "utf-8")
    cli("check", orders, "--out", out, "--as-of", "2026-12-01", "--processes", "1")
    first, second = (json.loads(line) for line in out.read_text("utf-8").splitlines())
    assert (first["outcome"], second["ownership"]) == ("license_required", first["ownership"])
