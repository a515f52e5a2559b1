"""Customers followed through the command line, from the first screening to being erased."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.journeys.conftest import Cli

from stopship.cli import monitor as monitor_command
from stopship.cli import options

CSL = Path(__file__).parents[1] / "sources" / "us_csl"
CUSTOMERS = """id,name,country,branch,ethnicity
1,Hangzhou Hikvision Digital Technology Co Ltd,CN,north,x
2,Bäckerei Müller,DE,south,y
3,,DE,north,z
"""


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS, "utf-8")
    return path


def test_customers_are_enrolled_followed_and_erased(cli: Cli, customers: Path, tmp_path: Path, home: Path) -> None:
    said = cli("monitor", "enroll", customers, "--as", "branch")
    assert said.code == 0, said.err
    assert "3 customers enrolled, 1 of them can't be screened" in said.out
    assert "special-category data: ethnicity" in said.out
    assert "NEW 1 Hangzhou Hikvision Digital Technology Co Ltd: Hangzhou Hikvision" in " ".join(said.out.split())
    assert "1 new, 0 changed, 0 gone matches, 1 of them alerts" in said.out

    (case,) = cli("cases", "list", "--json").json["cases"]
    assert (case["name"], case["alerts"]) == ("Hangzhou Hikvision Digital Technology Co Ltd", 1)
    assert "customer 1" in cli("cases", "show", 1, "--json").json["alerts"][0]["reference"]

    state = cli("monitor", "status", "--json").json["portfolios"][0]
    assert (state["portfolio"], state["customers"], state["rejected"]) == ("branch", 3, 1)
    assert (state["matches"], state["alerts"], state["up_to_date"]) == (1, 1, True)
    assert "nothing to do" in cli("rescreen").out

    # The first real list takes the place of the starter list: everybody is screened again.
    listed = next(CSL.glob("*.csv"))
    assert cli("lists", "import", "us_csl", listed, "--accept").code == 0
    assert not cli("monitor", "status", "--json").json["portfolios"][0]["up_to_date"]
    told = cli("doctor", "--json").json
    assert (told["database"]["portfolios"], told["database"]["up_to_date"]) == (["branch"], False)
    assert any("stopship rescreen" in step for step in told["next"])
    out = tmp_path / "changes.jsonl"
    run = cli("rescreen", "branch", "--json", "--out", out, "--fail-on-new")
    done = run.json["portfolios"][0]
    assert (done["complete"], done["screened"]) == (True, 2)
    assert run.code == (1 if any(e["event"] != "gone" and e["hit"]["alert"] for e in done["events"]) else 0)
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [{k: v for k, v in line.items() if k != "portfolio"} for line in lines] == done["events"]
    assert all(line["portfolio"] == "branch" for line in lines)
    assert cli("monitor", "status", "--json").json["portfolios"][0]["up_to_date"]

    assert cli("monitor", "remove", "branch").out == "branch: 3 customers erased, with their matches and runs\n"
    assert "no customers are enrolled" in cli("monitor", "status").out
    assert not (home / "monitor" / "branch").exists()
    with sqlite3.connect(home / "stopship.db") as database:
        for table in ("customers", "monitored_matches", "monitor_runs"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    database.close()
    # What people had to judge is a record of its own, and stays until its time has come.
    (case,) = cli("cases", "list", "--json").json["cases"]
    assert case["name"] == "Hangzhou Hikvision Digital Technology Co Ltd"


def test_what_is_wrong_is_said_in_one_line(cli: Cli, customers: Path, tmp_path: Path) -> None:
    assert "no portfolio 'branch'" in cli("rescreen", "branch").refused()
    assert "no portfolio 'branch'" in cli("monitor", "remove", "branch").refused()
    assert "can't name a portfolio" in cli("monitor", "enroll", customers, "--as", "Branch 1").refused()
    assert "missing.csv" in cli("monitor", "enroll", tmp_path / "missing.csv", "--as", "branch").refused()
    nameless = tmp_path / "nameless.csv"
    nameless.write_text("id,customer\n1,x\n")
    assert "no column 'name'" in cli("monitor", "enroll", nameless, "--as", "branch").refused()
    assert cli("monitor", "status").out == "no customers are enrolled\n"


def test_a_newer_database_is_refused(cli: Cli, customers: Path, home: Path) -> None:
    assert cli("monitor", "enroll", customers, "--as", "branch").code == 0
    with sqlite3.connect(home / "stopship.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    assert re.search("newer version of Stopship.*Update Stopship", cli("rescreen").refused())
    assert re.search("newer version of Stopship", cli("monitor", "status").refused())
    told = cli("doctor")
    assert told.code == 2
    assert "newer version of Stopship" in " ".join(told.out.split())


def test_a_portfolio_that_was_replaced_reports_the_difference(cli: Cli, customers: Path) -> None:
    cli("monitor", "enroll", customers, "--as", "branch")
    customers.write_text("id,name\n2,Bäckerei Müller\n9,Dahua Technology\n", "utf-8")
    events = cli("monitor", "enroll", customers, "--as", "branch", "--json").json["events"]
    assert sorted((e["event"], e["customer"]) for e in events) == [("gone", "1"), ("new", "9")]


def test_one_portfolio_that_is_damaged_leaves_the_others(cli: Cli, customers: Path, home: Path) -> None:
    for name in ("east", "west"):
        assert cli("monitor", "enroll", customers, "--as", name).code == 0
    assert cli("lists", "import", "us_csl", next(CSL.glob("*.csv")), "--accept").code == 0
    next((home / "monitor" / "east").glob("state-*/generation.json")).write_bytes(b"{")
    run = cli("rescreen", "--json")
    assert run.code == 2
    assert [done["portfolio"] for done in run.json["portfolios"]] == ["west"]
    assert "generation.json" in run.err
    assert "Enroll the customers again" in run.err


def test_an_old_list_is_told_on_stderr_though_nothing_has_changed(
    cli: Cli, customers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("lists", "import", "us_csl", next(CSL.glob("*.csv")), "--accept").code == 0
    assert cli("monitor", "enroll", customers, "--as", "branch").code == 0
    assert cli("rescreen").err == ""
    later = datetime.now(UTC) + timedelta(days=400)
    monkeypatch.setattr(monitor_command, "now", lambda: later)
    monkeypatch.setattr(options, "today", later.date)
    run = cli("rescreen")
    assert run.code == 0
    assert "beyond the age limit: us_csl (400 days old, limit 7)" in run.err
    assert "nothing to do" in run.out
    done = cli("rescreen", "--json").json
    assert [(one["source"], one["stale"]) for one in done["lists"]] == [("us_csl", True)]


def test_what_could_not_be_written_is_told_again(cli: Cli, customers: Path, tmp_path: Path) -> None:
    assert cli("monitor", "enroll", customers, "--as", "branch").code == 0
    assert cli("lists", "import", "us_csl", next(CSL.glob("*.csv")), "--accept").code == 0
    missing = tmp_path / "no-folder" / "changes.jsonl"
    assert "changes.jsonl" in cli("rescreen", "--out", missing).refused()
    out = tmp_path / "changes.jsonl"
    again = cli("rescreen", "--out", out)
    assert again.code == 0
    assert "were found by an earlier run" in " ".join(again.out.split())
    first = json.loads(out.read_text("utf-8").splitlines()[0])
    assert (first["customer"], first["name"], first["row"]["branch"]) == (
        "1",
        "Hangzhou Hikvision Digital Technology Co Ltd",
        "north",
    )
    assert "found by an earlier run" not in cli("rescreen").out
