"""Jobs, schedules, webhooks and backups from the command line, as one who operates it uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.journeys.conftest import Cli
from tests.journeys.small_lists import FIRST, named, small_catalogue
from tests.journeys.test_lists import ROWS, csl
from tests.mail_server import MailBox, mailing
from tests.publisher import publishing, whole
from tests.receiver import Receiver, receiving

from stopship.sources import catalogue as catalogue_module

pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture(autouse=True)
def no_database_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STOPSHIP_DATABASE_URL", raising=False)


def settings(home: Path, **fields: object) -> None:
    home.mkdir(exist_ok=True)
    (home / "settings.yaml").write_text(yaml.safe_dump({"jobs": {"processes": 1}, **fields}), "utf-8")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def test_a_file_is_screened_by_the_worker(cli: Cli, home: Path, tmp_path: Path) -> None:
    settings(home)
    partners = tmp_path / "partners.csv"
    partners.write_text("id,name\n1,Hikvision\n2,Nobody GmbH\n", "utf-8")
    assert cli("jobs", "list").out == "there are no jobs\n"
    assert cli("jobs", "queue", "screen", "--file", partners, "--key", "k").out == "job 1 is queued\n"
    again = cli("jobs", "queue", "screen", "--file", partners, "--key", "k")
    assert again.out == "job 1 is queued; it was queued before under this key\n"
    assert "has no file of results" in cli("jobs", "fetch", "1", "--out", tmp_path / "r.jsonl").refused()
    done = cli("work", "--once")
    events = [json.loads(line)["event"] for line in done.err.splitlines()]
    assert events == ["worker.ready", "job.begun", "job.ended"]
    shown = cli("jobs", "show", "1", "--json").json
    assert (shown["state"], shown["result"]["hit"], shown["options"]["filename"]) == ("done", 1, "partners.csv")
    assert cli("jobs", "fetch", "1", "--out", tmp_path / "r.jsonl").code == 0
    rows = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text("utf-8").splitlines()]
    assert [row["status"] for row in rows] == ["hit", "no_hit"]


def test_a_file_of_orders_is_decided_by_the_worker(cli: Cli, home: Path, tmp_path: Path) -> None:
    settings(home)
    orders = tmp_path / "orders.jsonl"
    order = {
        "parties": [{"role": "end_user", "name": "Hikvision"}],
        "items": [{"eccn": "EAR99"}],
        "destination": "CN",
    }
    orders.write_text(json.dumps(order) + "\n", "utf-8")
    cli("jobs", "queue", "check", "--file", orders)
    cli("work", "--once")
    shown = cli("jobs", "show", "1", "--json").json
    assert (shown["state"], shown["error"]) == ("done", None)
    assert shown["result"]["orders"] == 1 and shown["progress"]["total"] == 1


def test_jobs_are_cancelled_and_retried(cli: Cli, home: Path) -> None:
    settings(home)
    cli("jobs", "queue", "prune")
    assert cli("jobs", "cancel", "1").out == "job 1 is cancelled\n"
    assert "job 1 is cancelled already" in cli("jobs", "cancel", "1").refused()
    assert cli("jobs", "retry", "1").out == "job 1 is queued\n"
    cli("work", "--once", "--except", "prune")
    assert cli("jobs", "list", "--state", "queued").out.split()[0] == "1"
    cli("work", "--once", "--only", "prune")
    assert cli("jobs", "list", "--state", "done").out.split()[0] == "1"
    assert "no kind of job is called 'dance'" in cli("work", "--once", "--only", "dance").refused()
    assert "screen needs --file" in cli("jobs", "queue", "screen").refused()
    assert "there is no job 9" in cli("jobs", "show", "9").refused()


def test_lists_come_in_customers_and_endpoints_follow(
    cli: Cli, home: Path, tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = small_catalogue()
    monkeypatch.setattr(catalogue_module, "_catalogue", lambda: small)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    customers = tmp_path / "customers.csv"
    customers.write_text("id,name\nC1,Nobody GmbH\n", "utf-8")
    first = tmp_path / "consolidated.csv"
    first.write_bytes(FIRST)
    with publishing() as publisher:
        publisher.answers["/one.csv"] = whole(csl(*ROWS, named(1)), etag='"2"')
        settings(
            home,
            lists={
                "addresses": {"us_csl": publisher.url("/one.csv")},
                "sources": ["us_csl"],
                "wait_seconds": 0.01,
            },
            schedule={"lists_update": "every 1d", "rescreen": "after lists_update"},
            webhooks={"loopback": "yes"},
        )
        assert cli("lists", "import", "us_csl", first).code == 0
        assert cli("monitor", "enroll", customers, "--as", "north").code == 0
        cli("webhooks", "add", receiver.url, "--event", "lists.updated", "--event", "job.finished")
        cli("jobs", "queue", "lists_update")
        cli("work", "--once")
    states = {job["kind"]: job for job in cli("jobs", "list", "--json").json["jobs"]}
    assert states["lists_update"]["state"] == "done", states["lists_update"]
    assert states["lists_update"]["result"]["changed"] == ["us_csl"]
    assert states["rescreen"]["state"] == "done" and states["rescreen"]["asked_by"] == "schedule:rescreen"
    assert states["rescreen"]["result"]["portfolios"][0]["portfolio"] == "north"
    told = [json.loads(body) for _, body in receiver.got]
    assert [one["subject"] for one in told if one["type"] == "stopship.lists.updated"] == ["list:us_csl"]
    assert {one["data"]["kind"] for one in told if one["type"] == "stopship.job.finished"} == {
        "lists_update",
        "rescreen",
    }
    shown = cli("schedule", "show").out
    assert "lists_update: every 1d (UTC), next " in shown and "rescreen: after lists_update" in shown


def test_webhooks_are_kept_from_the_command_line(cli: Cli, home: Path, receiver: Receiver) -> None:
    settings(home, webhooks={"loopback": "yes", "attempts": 1})
    made = cli("webhooks", "add", receiver.url, "--json").json
    assert made["secret"].startswith("whsec_") and made["secret"] not in cli("webhooks", "list", "--json").out
    assert "queued as job 1" in cli("webhooks", "test", "1").out
    receiver.answers = [500]
    cli("work", "--once")
    assert "endpoint 1: it answered 500 (tried 1 times)" in cli("webhooks", "dead").out.replace("\n   ", " ")
    receiver.answers = [204]
    assert cli("webhooks", "redeliver").out == "1 deliveries queued again\n"
    cli("work", "--once")
    assert len(receiver.got) == 2 and "took a message" in cli("webhooks", "list").out
    assert cli("webhooks", "rotate", "1", "--json").json["secret"] != made["secret"]
    assert cli("webhooks", "off", "1").code == 0 and "(off)" in cli("webhooks", "list").out
    assert "switched off" in cli("webhooks", "test", "1").refused()
    assert cli("webhooks", "on", "1").code == 0 and cli("webhooks", "remove", "1").code == 0
    assert "there is no endpoint 1" in cli("webhooks", "remove", "1").refused()
    assert "this machine itself is refused" in _refused(cli, home)


def _refused(cli: Cli, home: Path) -> str:
    settings(home)
    return cli("webhooks", "add", "https://127.0.0.1/").refused()


def test_the_digest_goes_out(cli: Cli, home: Path) -> None:
    with mailing() as box:
        _digest(cli, home, box)
    ((receivers, message),) = box.letters
    assert receivers == ["anna@example.com"] and "open cases" in str(message.get_payload())


def _digest(cli: Cli, home: Path, box: MailBox) -> None:
    mail = {"host": "127.0.0.1", "port": box.port, "security": "none", "from": "stopship@example.com"}
    settings(home, mail=mail, digest={"to": ["anna@example.com"], "always": "yes"})
    assert "Subject: Stopship: nothing new" in cli("digest").out
    assert cli("digest", "--send").out == "job 1 is queued\n"
    cli("work", "--once")
    assert cli("jobs", "show", "1", "--json").json["result"] == {"receivers": 1, "sent": True}


def test_the_schedule_keeps_backups_and_heads_and_a_backup_is_restored(
    cli: Cli, home: Path, tmp_path: Path
) -> None:
    folder, anchors = tmp_path / "backups", tmp_path / "anchors.jsonl"
    settings(home, backup={"folder": str(folder), "keep": 1}, audit_anchor={"file": str(anchors)})
    for kind in ("backup", "audit_anchor", "reminders", "prune", "backup"):
        cli("jobs", "queue", kind)
    cli("work", "--once")
    assert {job["state"] for job in cli("jobs", "list", "--json").json["jobs"]} == {"done"}
    (kept,) = folder.iterdir()
    assert kept.name.endswith("-5.zip")
    assert json.loads(anchors.read_text())["seq"] > 0
    made = cli("backup", tmp_path / "b.zip", "--json").json
    assert made["files"] >= 1 and made["audit"]["seq"] > 0
    assert "is there already" in cli("backup", tmp_path / "b.zip").refused()
    assert "holds something already" in cli("restore", tmp_path / "b.zip").refused()
    assert cli("--home", tmp_path / "new", "restore", tmp_path / "b.zip").code == 0
    assert cli("--home", tmp_path / "new", "audit", "verify").code == 0
    assert len(cli("--home", tmp_path / "new", "jobs", "list", "--json").json["jobs"]) == 5
