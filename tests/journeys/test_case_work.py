"""Case work through the command line: from a decision that is kept to evidence that replays, and to erasure."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import Cli

FUTURE = (date.today() + timedelta(days=100)).isoformat()  # noqa: DTZ011
ORDER = {
    "destination": "DE",
    "parties": [
        {"role": "end_user", "name": "Megvi Technology", "country": "DE"},
        {"role": "purchaser", "name": "Müller Optik GmbH", "country": "DE"},
    ],
    "items": [{"eccn": "EAR99"}],
}


@pytest.fixture
def kept(cli: Cli, order: Callable[[Any], Path]) -> Path:
    path = order(ORDER)
    said = cli("check", path, "--save", "--json", "--as", "erp")
    assert said.json["outcome"] == "review" or said.json["findings"], said.out
    assert "case 1 opened" in said.err
    return path


def test_a_match_is_judged_by_two_and_then_silent(cli: Cli, kept: Path) -> None:
    (line,) = cli("cases", "list", "--json").json["cases"]
    assert (line["id"], line["name"], line["state"]) == (1, "Megvi Technology", "open")
    assert cli("cases", "next", "--as", "anna").out == "case 1, Megvi Technology: open, cli:anna has it\n"
    assert (
        "cli:anna works on it until"
        in cli("cases", "decide", 1, "false_match", "--reason", "name_only", "--as", "ben").refused()
    )
    decided = cli(
        *("cases", "decide", 1, "false_match", "--reason", "other_country", "--comment", "a bakery"),
        *("--suppress-until", FUTURE, "--as", "anna", "--json"),
    ).json
    if decided["state"] == "closed":  # a weak match: only the suppression waits
        assert "must be somebody else" in cli("cases", "approve", "--suppression", 1, "--as", "anna").refused()
        assert "active" in cli("cases", "approve", "--suppression", 1, "--as", "sue").out
    else:
        assert "must be somebody else" in cli("cases", "approve", 1, "--as", "anna").refused()
        assert "false match" in cli("cases", "approve", 1, "--as", "sue", "--comment", "agreed").out

    page = cli("cases", "show", 1).out
    for words in ("Megvi Technology: false match", "other_country: a bakery", "What happened", "case.opened"):
        assert words in page
    again = cli("check", kept, "--json").json
    assert [j["verdict"] for j in again["judgements"]] == ["false"]
    assert {f["match"] for f in again["findings"] if f["entity_id"]} == {"judged_false"}
    assert again["judgements"][0]["by"] == "suppression:1"
    said = cli("check", kept, "--save")
    assert "case 1 as before" in said.err

    assert "Megvi Technology is not" in cli("cases", "suppressions", "--state", "active").out
    assert "ended" in cli("cases", "suppressions", "--end", 1, "--comment", "was wrong", "--as", "sue").out
    assert cli("check", kept, "--json").json["judgements"] == []
    assert cli("cases", "show", 1, "--json").json["state"] == "open"


def test_a_true_match_confirms_later_decisions(cli: Cli, kept: Path) -> None:
    assert cli("cases", "decide", 1, "true_match", "--reason", "same_details", "--as", "anna").code == 0
    assert cli("check", kept, "--json").json["judgements"] == []  # nobody has agreed yet
    assert "TRUE MATCH" in cli("cases", "approve", 1, "--as", "sue").out
    later = cli("check", kept, "--json").json
    assert [(j["verdict"], j["by"]) for j in later["judgements"]] == [("true", "case:1")]
    assert {f["match"] for f in later["findings"] if f["entity_id"]} == {"confirmed"}


def test_a_closed_case_is_opened_again_saying_why(cli: Cli, kept: Path) -> None:
    again = ("cases", "reopen", 1, "--comment", "the customer has a new owner")
    assert "it is open" in cli(*again, "--as", "sue").refused()
    cli("cases", "decide", 1, "true_match", "--reason", "same_details", "--as", "anna")
    cli("cases", "approve", 1, "--as", "sue")
    version = cli("cases", "show", 1, "--json").json["version"]
    assert "it was changed" in cli(*again, "--as", "sue", "--version", version - 1).refused()
    opened = cli(*again, "--as", "sue", "--version", version, "--json").json
    assert (opened["state"], opened["disposition"], opened["assignee"]) == ("open", None, None)
    assert cli("check", kept, "--json").json["judgements"] == []
    last = cli("cases", "show", 1, "--json").json["timeline"][-1]
    assert (last["action"], last["actor"]) == ("case.reopened", "cli:sue")
    assert last["content"]["comment"] == "the customer has a new owner"


def test_evidence_holds_all_and_replays_without_the_home(cli: Cli, kept: Path, tmp_path: Path, home: Path) -> None:
    cli("cases", "note", 1, "called them", "--as", "anna")
    paper = tmp_path / "letter.txt"
    paper.write_text("We are a bakery.", "utf-8")
    assert "text/plain" in cli("cases", "attach", 1, paper, "--as", "anna").out
    out = tmp_path / "case.zip"
    assert "1 decision," in cli("cases", "export", 1, "--out", out).out
    with zipfile.ZipFile(out) as archive:
        names = set(archive.namelist())
        case = json.loads(archive.read("case.json"))
        rules = json.loads(archive.read("rules.json"))
        prov = json.loads(archive.read("prov.json"))
        rows = [json.loads(line) for line in archive.read("audit.jsonl").splitlines()]
    assert {"manifest.json", "case.json", "audit.jsonl", "prov.json", "rules.json"} <= names
    assert any(name.startswith("files/1-") for name in names)
    assert case["alerts"][0]["entity"][0]["names"]
    assert all(rule["citations"] for rule in rules)
    assert {row["subject"] for row in rows} == {"case:1", "screening:1"}
    assert all(len(row["hash"]) == 64 for row in rows)
    assert {"prefix", "entity", "activity", "agent", "used", "wasGeneratedBy", "wasDerivedFrom"} <= prov.keys()
    assert {"stopship:case/1", "stopship:screening/1"} <= prov["entity"].keys() | prov["activity"].keys()

    elsewhere = tmp_path / "elsewhere"
    said = cli("replay", out, "--json", "--home", elsewhere)
    assert (said.code, said.json["decisions"], said.json["different"]) == (0, 1, 0)
    with zipfile.ZipFile(out) as archive, zipfile.ZipFile(tmp_path / "forged.zip", "w") as forged:
        for name in archive.namelist():
            data = archive.read(name)
            forged.writestr(name, data.replace(b"bakery", b"brewery") if name.startswith("files/") else data)
    assert "was altered" in cli("replay", tmp_path / "forged.zip", "--home", elsewhere).refused()


def test_evidence_carries_the_lists_that_its_decisions_rest_on(
    cli: Cli, order: Callable[[Any], Path], tmp_path: Path, home: Path
) -> None:
    listed = next((Path(__file__).parents[1] / "sources" / "us_csl").glob("*.csv"))
    assert cli("lists", "import", "us_csl", listed, "--accept", "--published", "2026-01-02").code == 0
    parties = [{"role": "end_user", "name": "Hangzhou Hikvision Digital Technology", "country": "CN"}]
    cli("check", order({"destination": "CN", "parties": parties}), "--save")
    kept = next((home / "decisions").glob("2*/*.json")).stem
    whole, small = tmp_path / "whole.zip", tmp_path / "small.zip"
    assert cli("audit", "evidence", kept, "--out", whole).code == 0
    assert cli("audit", "evidence", kept, "--out", small, "--no-lists").code == 0
    with zipfile.ZipFile(whole) as archive:
        assert any(name.startswith("lists/us_csl/") for name in archive.namelist())
    elsewhere = ("--home", tmp_path / "elsewhere")
    assert cli("replay", whole, *elsewhere).code == 0
    assert cli("replay", small).code == 0
    assert "is not here" in cli("replay", small, *elsewhere).refused()


def test_a_decision_that_found_nothing_is_evidence_too(
    cli: Cli, order: Callable[[Any], Path], tmp_path: Path, home: Path
) -> None:
    plain = {"destination": "DE", "parties": [{"role": "end_user", "name": "Müller Optik GmbH", "country": "DE"}]}
    said = cli("check", order(plain), "--save")
    assert "case" not in said.err
    digest = next((home / "decisions").glob("2*/*.json")).stem
    out = tmp_path / "decision.zip"
    assert "1 decision," in cli("audit", "evidence", digest[:8], "--out", out).out
    assert cli("replay", out, "--home", tmp_path / "elsewhere").code == 0
    prov = tmp_path / "prov.json"
    assert cli("audit", "evidence", digest, "--out", prov).code == 0
    assert f"stopship:decision/{digest}" in json.loads(prov.read_text("utf-8"))["entity"]
    assert "no kept decision begins" in cli("audit", "evidence", "abcdef", "--out", out).refused()
    assert "no kept decision begins" in cli("audit", "evidence", "../x", "--out", out).refused()


def test_a_case_is_printed_with_the_right_text(cli: Cli, order: Callable[[Any], Path], tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf", reason="nothing to read a PDF with")
    parties = [{"role": "end_user", "name": "杭州海康威视数字技术股份有限公司", "country": "CN"}]
    said = cli("check", order({"destination": "CN", "parties": parties, "items": [{"eccn": "EAR99"}]}), "--save")
    assert "case 1 opened" in said.err, said.err
    cli("cases", "note", 1, "Сообщение по-русски; ملاحظة", "--as", "anna")
    out = tmp_path / "case.pdf"
    made = cli("cases", "export", 1, "--out", out)
    if "PDF needs" in made.err:
        pytest.skip(made.err.strip())
    assert made.code == 0, made.err
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(out).pages)
    for words in (
        "Case 1",
        "杭州海康威视数字技术股份有限公司",
        "84 FR 54002",
        "Сообщение по-русски",
        "ملاحظة",
        "case.opened",
    ):
        assert words in text, (words, text)


def test_the_record_is_verified_and_what_was_altered_is_named(
    cli: Cli, kept: Path, home: Path, tmp_path: Path
) -> None:
    said = cli("audit", "verify", "--json").json
    assert (said["verified"], said["rows"]) == (True, 2)
    assert cli("audit", "verify", "--anchor", said["head"]["hash"]).code == 0
    out = tmp_path / "audit.jsonl"
    assert cli("audit", "export", "--out", out).out == f"2 rows: {out}\n"
    assert [json.loads(line)["action"] for line in out.read_text("utf-8").splitlines()] == [
        "case.opened",
        "screening.recorded",
    ]
    with sqlite3.connect(home / "stopship.db") as database:
        database.execute("DROP TRIGGER audit_log_update")
        database.execute("UPDATE audit_log SET actor = 'user:nobody' WHERE seq = 2")
    database.close()
    found = cli("audit", "verify")
    assert found.code == 1
    assert "row 2: altered" in found.out and "NOT VERIFIED" in found.out


def test_lists_pins_and_files_are_in_the_record(cli: Cli, kept: Path, tmp_path: Path) -> None:
    listed = next((Path(__file__).parents[1] / "sources" / "us_csl").glob("*.csv"))
    assert (
        cli("lists", "import", "us_csl", listed, "--accept", "--published", "2026-01-02", "--as", "anna").code == 0
    )
    assert cli("lists", "pin", "us_csl", "2026-01-02", "--as", "ben").code == 0
    names = tmp_path / "names.csv"
    names.write_text("id,name\n1,Hikvision\n", "utf-8")
    assert cli("screen", names, "--out", tmp_path / "hits.jsonl", "--processes", "1").code == 0
    out = tmp_path / "audit.jsonl"
    cli("audit", "export", "--out", out)
    told = [(row["actor"], row["action"]) for row in map(json.loads, out.read_text("utf-8").splitlines())]
    assert ("cli:anna", "list.taken_in") in told
    assert ("cli:ben", "list.pinned") in told
    assert "file.screened" in {action for _, action in told}
    assert cli("audit", "verify").code == 0


def test_parties_are_erased_and_the_record_still_verifies(cli: Cli, kept: Path, home: Path) -> None:
    with sqlite3.connect(home / "stopship.db") as database:
        database.execute("UPDATE subjects SET last_seen = '2020-01-01 00:00:00.000000'")
    database.close()
    before = ("cases", "erase", "--before", "2021-01-01")
    assert "they stay, their cases are not closed: 1" in cli(*before, "--dry-run").out
    cli("cases", "decide", 1, "true_match", "--reason", "same_details", "--comment", "Megvi it is", "--as", "anna")
    cli("cases", "approve", 1, "--as", "sue")
    planned = cli(*before, "--dry-run", "--json").json
    assert (planned["parties"], planned["cases"], planned["decisions"]) == (2, [1], 1)
    assert list((home / "decisions").glob("*/*.json"))
    done = cli(*before, "--json").json
    assert (done["parties"], done["cases"]) == (2, [1]) and done["audit_rows"] >= 3
    case = cli("cases", "show", 1, "--json").json
    assert (case["name"], case["party"], case["disposition"]) == ("", None, "true_match")
    assert not list((home / "decisions").glob("2*/*.json"))
    for path in home.rglob("*"):
        assert not path.is_file() or b"Megvi Technology" not in path.read_bytes(), path
    said = cli("audit", "verify", "--json").json
    assert said["verified"] and said["erased"] >= 3
    assert "how long are parties kept?" in cli("cases", "erase").refused()


def test_what_is_wrong_is_said_in_one_line(cli: Cli, kept: Path, tmp_path: Path) -> None:
    assert "there is no case 9" in cli("cases", "show", 9).refused()
    assert "'because' is no reason" in cli("cases", "decide", 1, "false_match", "--reason", "because").refused()
    assert "unknown verdict" in cli("cases", "decide", 1, "maybe", "--reason", "other").refused()
    assert "approve can't be done: it is open" in cli("cases", "approve", 1).refused()
    assert "what is meant?" in cli("cases", "approve").refused()
    assert "unknown value 'shut'" in cli("cases", "list", "--state", "shut").refused()
    assert "which cases?" in cli("cases", "bulk", "false_match").refused()
    assert "what is it to be?" in cli("cases", "export", 1, "--out", tmp_path / "x.doc").refused()
    assert "is no hash" in cli("audit", "verify", "--anchor", "x").refused()
    assert "no database yet" in cli("cases", "list", "--home", tmp_path / "other").refused()
    assert not (tmp_path / "other").exists()
    program = tmp_path / "run.exe"
    program.write_bytes(b"MZ\x90\x00\x03")
    assert "files of this kind are not kept" in cli("cases", "attach", 1, program).refused()
