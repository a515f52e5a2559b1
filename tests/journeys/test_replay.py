"""An auditor, two years later: decisions are kept, made again byte for byte, and what differs is told."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import Cli
from tests.journeys.test_lists import ROWS, Order, csl

from stopship.app.records import Records
from stopship.rules import Rulebook

SALE = {
    "date": "2026-03-01",
    "destination": "CN",
    "end_use": "office use",
    "exporter": {"country": "US"},
    "parties": [
        {
            "role": "end_user",
            "name": "Fiktiv Optics Research Institute",
            "schema": "Firm",
            "country": "CN",
            "owners": [{"name": "Muster Holding", "share": "40-60", "owners": [{"name": "Erika Mustermann"}]}],
        },
        {"role": "bank", "name": "Beispielbank"},
    ],
    "items": [{"eccn": "6A993", "description": "thermal camera", "value": 1200.5}],
    "facts": {"license.0.covers_order": "yes", "party.0.owner.0.share": "45"},
    "licenses": [{"number": "D0000000", "expires": "2027-01-31", "covers": ["6A993"]}],
}


CSL = csl(*ROWS)


@pytest.fixture
def csl_file(tmp_path: Path) -> Path:
    path = tmp_path / "consolidated.csv"
    path.write_bytes(CSL)
    return path


@pytest.fixture
def listed(cli: Cli, csl_file: Path) -> Cli:
    """A home with an imported list."""
    assert cli("lists", "import", "us_csl", csl_file, "--published", "2026-02-20", "--accept").code == 0
    return cli


def decision(cli: Cli, order: Path, path: Path, *arguments: str) -> Any:
    said = cli("check", order, "--json", *arguments)
    assert said.code in (0, 1), said.err
    path.write_text(said.out, "utf-8")
    return said.json


def test_a_decision_is_made_again_byte_for_byte(listed: Cli, order: Order, tmp_path: Path) -> None:
    made = decision(listed, order(SALE), tmp_path / "d.json")
    assert made["transaction"]["licenses"] == SALE["licenses"]
    said = listed("replay", tmp_path / "d.json")
    assert (said.code, said.out.strip()) == (0, "byte for byte the same")
    assert listed("replay", tmp_path / "d.json", "--json").json == {
        "same": True,
        "outcome": made["outcome"],
        "differences": [],
        "notes": [],
    }


def test_nothing_of_today_gets_in(listed: Cli, order: Order, home: Path, csl_file: Path, tmp_path: Path) -> None:
    """Another list is in use since then, the same file was imported once more, and the settings have changed."""
    listed("check", order(SALE), "--out", tmp_path / "d.json", "--allow-stale", "weekend: no new list")
    changed = tmp_path / "later.csv"
    changed.write_bytes(CSL.replace(b"Fiktiv", b"Fictive"))
    assert listed("lists", "import", "us_csl", changed, "--published", "2026-02-25", "--accept").code == 0
    assert listed("lists", "import", "us_csl", csl_file, "--accept").code == 0
    (home / "settings.yaml").write_text("exporter: {country: DE, us_person: no}\n", "utf-8")
    other = listed("check", order(SALE | {"exporter": None}), "--json").json
    assert other["lists"] != json.loads((tmp_path / "d.json").read_text("utf-8"))["lists"]
    said = listed("replay", tmp_path / "d.json")
    assert (said.code, said.out.strip()) == (0, "byte for byte the same"), said.out


def test_settings_that_were_not_kept_are_found_by_their_hash(
    listed: Cli, order: Order, home: Path, tmp_path: Path
) -> None:
    (home / "settings.yaml").write_text("threshold: 0.9\n", "utf-8")
    decision(listed, order(SALE), tmp_path / "d.json", "--allow-stale", "weekend")
    assert listed("replay", tmp_path / "d.json").code == 0
    (home / "settings.yaml").unlink()
    assert "settings sha256:" in listed("replay", tmp_path / "d.json").refused()


def test_another_engine_is_a_difference(listed: Cli, order: Order, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    made = decision(listed, order(SALE), path)
    made["engine"] = "stopship 0.0.1"
    path.write_text(json.dumps(made), "utf-8")
    said = listed("replay", path, "--json")
    assert said.code == 1
    [difference] = said.json["differences"]
    assert (difference["kind"], difference["where"]) == ("changed", "engine")
    assert difference["recorded"] == "stopship 0.0.1"


def test_findings_that_came_went_and_changed_are_told(listed: Cli, order: Order, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    made = decision(listed, order(SALE), path)
    made["findings"][0]["outcome"] = "prohibited"
    made["findings"].append({**made["findings"][0], "rule": "us.gone"})
    made["outcome"] = "prohibited"
    made["questions"] = made["questions"][1:]
    made["assumptions"].append("the moon is made of cheese")
    path.write_text(json.dumps(made), "utf-8")
    said = listed("replay", path, "--json")
    told = {(d["kind"], d["where"]) for d in said.json["differences"]}
    assert said.code == 1
    assert ("changed", "outcome") in told
    assert any(kind == "changed" and where.endswith(".outcome") and "finding" in where for kind, where in told)
    assert any(kind == "gone" and where.startswith("finding us.gone") for kind, where in told)
    assert any(kind == "added" and where.startswith("question") for kind, where in told)
    assert ("gone", "assumption") in told
    page = listed("replay", path)
    assert "outcome: prohibited -> conditions" in page.out
    assert page.out.strip().endswith("not the same")


def test_other_bytes_are_never_the_same(listed: Cli, order: Order, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    made = decision(listed, order(SALE), path)
    for plain in (dict(reversed(made.items())), made | {"more": 1}):
        path.write_text(json.dumps(plain), "utf-8")
        assert listed("replay", path).code == 1
    path.write_text(json.dumps(made, indent=7), "utf-8")  # white space is no content
    assert listed("replay", path).code == 0


def test_a_rulebook_that_was_kept_is_used_though_another_is_packaged_now(
    listed: Cli, order: Order, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "d.json"
    assert listed("check", order(SALE), "--out", path).code == 1
    assert listed("replay", path).code == 0
    kept = next((home / "decisions" / "rulebooks").iterdir())
    later = tmp_path / "later"
    shutil.copytree(kept, later)
    rule = later / "us" / "ear" / "744" / "entity-list.yml"
    rule.write_text(rule.read_text("utf-8").replace("outcome: license_required", "outcome: prohibited"), "utf-8")
    load = Rulebook.load
    monkeypatch.setattr(Rulebook, "load", lambda folder=None: load(folder or later))
    said = listed("replay", path)
    assert (said.code, said.out.strip()) == (0, "byte for byte the same")
    # By the law of today it comes out otherwise, which is told and no fault.
    differs = listed("replay", path, "--rulebook", later)
    assert differs.code == 1
    assert "outcome: conditions -> prohibited" in differs.out
    # Where it wasn't kept, the rulebook of this version decides, and says so.
    shutil.rmtree(kept)
    said = listed("replay", path)
    assert said.code == 1
    told = " ".join(said.out.split())  # lines end where the terminal does
    assert "was not kept in this home" in told and "rulebook: sha256:" in told


def test_what_is_missing_is_named(listed: Cli, order: Order, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    made = decision(listed, order(SALE), path)
    cited = made["lists"][0]["snapshot"]
    assert cited in listed("--home", tmp_path / "other", "replay", path).refused()
    for wrong, what in (
        ({**made, "format": 2}, "format 2"),
        ({**made, "as_of": "yesterday"}, "as_of"),
        ({**made, "lists": [{}]}, "lists"),
        ({**made, "judgements": [{}]}, "judgements"),
        ({**made, "transaction": {"parties": [{"role": "king"}]}}, "role"),
        ({k: v for k, v in made.items() if k != "index"}, "no index"),
        ([], "no decision"),
    ):
        path.write_text(json.dumps(wrong), "utf-8")
        assert what in listed("replay", path).refused()
    path.write_text("{", "utf-8")
    assert "not JSON" in listed("replay", path).refused()
    assert "no such file" in listed("replay", tmp_path / "none.json").refused()
    assert "no such folder" in listed("replay", path, "--rulebook", tmp_path / "none").refused()


def test_what_was_kept_and_altered_is_refused(listed: Cli, order: Order, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    listed("check", order(SALE), "--out", path)
    decisions = home / "decisions"
    [settings] = (decisions / "settings").iterdir()
    before = settings.read_bytes()
    settings.write_bytes(before.replace(b"US", b"DE"))
    assert "settings were altered" in listed("replay", path).refused()
    settings.write_bytes(before)
    [cited] = (decisions / "cited").iterdir()
    cited.write_bytes(cited.read_bytes().replace(b"us_csl", b"us_cs1"))
    assert "was altered" in listed("lists", "prune", "--older-than", "1").refused()


def test_a_decision_never_replaces_its_order(listed: Cli, order: Order, tmp_path: Path) -> None:
    path = order(SALE)
    assert "replace the order" in listed("check", path, "--out", path).refused()
    assert json.loads(path.read_text("utf-8")) == SALE
    assert "can't be written" in listed("check", path, "--out", tmp_path / "none" / "d.json").refused()


def test_decisions_on_the_starter_list_replay_too(cli: Cli, order: Order, home: Path, tmp_path: Path) -> None:
    decision(cli, order(SALE), tmp_path / "d.json")
    assert cli("replay", tmp_path / "d.json").code == 0
    assert not (home / "decisions").exists()  # looking keeps nothing


def test_one_decision_is_kept_once_and_logged_each_time(listed: Cli, order: Order, home: Path) -> None:
    for _ in range(2):
        said = listed("check", order(SALE), "--save", "--json")
        assert said.code == 1
        assert "kept: " in said.err
    assert Records(home).count() == 1
    [kept] = (home / "decisions" / "2026-03-01").iterdir()
    assert json.loads(kept.read_bytes()) == said.json
    assert listed("replay", kept).code == 0
    log = [json.loads(line) for line in (home / "decisions" / "log.jsonl").read_text().splitlines()]
    assert [entry["decision"] for entry in log] == [kept.stem] * 2
    assert all(entry["at"].endswith("Z") for entry in log)


def test_many_decisions_replay_line_by_line(listed: Cli, home: Path, tmp_path: Path) -> None:
    orders, out = tmp_path / "orders.jsonl", tmp_path / "out.jsonl"
    lines = [{"id": "a", **SALE}, {"parties": [{"role": "king"}]}, {"id": 7, **SALE, "date": "2026-02-28"}]
    orders.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert listed("check", orders, "--out", out, "--processes", "1").code == 1
    said = listed("replay", out, "--json")
    assert (said.code, said.json["decisions"], said.json["different"]) == (0, 2, 0)
    assert [(r["line"], r["id"]) for r in said.json["replays"]] == [(1, "a"), (3, 7)]
    assert "2 of 2 byte for byte the same" in listed("replay", out).out
    assert Records(home).cited()
    out.write_text(out.read_text("utf-8").replace('"engine":"stopship', '"engine":"stopsh1p', 1), "utf-8")
    said = listed("replay", out)
    assert (said.code, "line 1 id a" in said.out) == (1, True)


def test_snapshots_that_a_kept_decision_rests_on_stay(cli: Cli, order: Order, home: Path, tmp_path: Path) -> None:
    """Five lists, one a month; the decision of the second is kept. Retention of 40 days leaves what it needs."""
    today = date.today()  # noqa: DTZ011
    days = [today - timedelta(days=30 * back) for back in (5, 4, 3, 2, 1)]
    ids = []
    for number, day in enumerate(days):
        file = tmp_path / f"csl{number}.csv"
        file.write_bytes(CSL.replace(b"MUSTERHAFEN", f"MUSTERHAFEN {number}".encode()))
        said = cli("lists", "import", "us_csl", file, "--published", day, "--accept", "--json")
        ids.append(said.json["snapshot"])
    path = tmp_path / "d.json"
    as_of = days[1].isoformat()
    assert cli("check", order(SALE), "--as-of", as_of, "--out", path).code in (0, 1)
    would = cli("lists", "prune", "--older-than", "40", "--dry-run", "--json").json
    assert would["removed"] == []
    assert [entry["snapshot"] for entry in would["removable"]] == [ids[0], ids[2]]
    assert [entry["snapshot"] for entry in would["kept_for_decisions"]] == [ids[1]]
    done = cli("lists", "prune", "--older-than", "40", "--json").json
    assert [entry["snapshot"] for entry in done["removed"]] == [ids[0], ids[2]]
    assert cli("replay", path).code == 0
    assert cli("lists", "prune", "--older-than", "0").out.count("removed: ") == 1
    left = {folder.name for folder in (home / "snapshots" / "us_csl").iterdir() if folder.is_dir()}
    assert left == {ids[1].removeprefix("sha256:"), ids[4].removeprefix("sha256:")}
    assert cli("replay", path).code == 0
    assert "future" in cli("lists", "prune", "--older-than", "-1").refused()
