"""Files of names against the lists, a list of one's own, and two names side by side."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import Cli

OWN_LIST = (
    {"id": "x-1", "name": "Fiktiv Optics Research Institute", "aliases": ["FORI"], "schema": "Company",
     "countries": ["cn"], "source": "ours"},
    {"id": "x-2", "schema": "Person", "properties": {"name": ["Erika Mustermann"], "birthDate": ["1965-10"],
     "weakAlias": ["Zorro"]}, "datasets": ["ftm"]},
)  # fmt: skip


@pytest.fixture
def own_list(tmp_path: Path) -> Path:
    path = tmp_path / "list.jsonl"
    path.write_text("".join(json.dumps(e) + "\n" for e in OWN_LIST), "utf-8")
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_file_of_partners_is_screened_and_every_row_answered(cli: Cli, tmp_path: Path) -> None:
    source, out, stats = tmp_path / "in.csv", tmp_path / "out.jsonl", tmp_path / "stats.json"
    source.write_text(
        "id,name,schema,country,branch,Religion\n1,HIKVISION,Company,cn,north,x\n"
        "2,Muster GmbH,,de,south,x\n3,,,,,\n"
        "4,A,B,DE,east,y,surplus\n5,Hangzhou Hikvison Digital Technology,Firm,Narnia,,\n",
        "utf-8",
    )
    said = cli("screen", source, "--out", out, "--stats", stats)
    assert said.code == 0, said.err
    answers = {row["id"]: row for row in rows(out)}
    assert [answers[i]["status"] for i in "12345"] == ["hit", "no_hit", "rejected", "rejected", "hit"]
    best = answers["1"]["hits"][0]
    assert (best["band"], best["alert"], best["source"]) == ("exact", True, "starter")
    assert best["listings"][0]["program"] == "us.el"
    assert answers["1"]["lists"] == answers["2"]["lists"]
    assert answers["1"]["input"] == {"branch": "north"}
    assert answers["3"]["row"] == 4
    assert answers["3"]["reason"]
    assert len(answers["5"]["warnings"]) == 2
    counts = json.loads(stats.read_text("utf-8"))
    assert (counts["rows"], counts["hit"], counts["no_hit"], counts["rejected"]) == (5, 2, 1, 2)
    assert 0 < counts["default_threshold"] < 1
    assert "Religion" in said.out
    assert "Religion" not in out.read_text("utf-8")
    assert all("x" not in row["input"].values() for row in rows(out) if "input" in row)
    assert all({"hits", "lists", "engine", "name"} <= set(row) for row in rows(out))
    assert cli("screen", source, "--out", out, "--fail-on-hit").code == 1


def test_csv_results_keep_the_users_columns(cli: Cli, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id;name;note\n1;Hikvision;=1+1\n2;Muster GmbH;ok\n", "utf-8")
    assert cli("screen", source, "--out", out).code == 0
    with out.open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [(r["id"], r["status"], r["note"]) for r in found] == [("1", "hit", "'=1+1"), ("2", "no_hit", "ok")]
    assert found[0]["matched_name"] == "Hikvision"
    assert float(found[0]["score"]) > 0.9


def test_a_list_of_ones_own_is_screened_without_importing_it(
    cli: Cli, tmp_path: Path, own_list: Path, home: Path
) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.jsonl"
    source.write_text("id,name\na,fiktiv optics research institute\nb,Mustermann Erika\nc,Hikvision\n", "utf-8")
    assert cli("screen", source, "--out", out, "--list", own_list).code == 0
    found = {row["id"]: row for row in rows(out)}
    assert found["a"]["hits"][0]["entity_id"] == "x-1"
    assert found["a"]["hits"][0]["source"] == "ours"
    assert found["b"]["hits"][0]["entity_id"] == "x-2"
    assert found["c"]["status"] == "no_hit"
    assert not home.exists()


def test_min_score_and_limit_widen_and_narrow(cli: Cli, tmp_path: Path, own_list: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.jsonl"
    source.write_text("id,name\na,Fiktiva Brewing Works\nb,Fiktiv Optics Research Institute\n", "utf-8")
    cli("screen", source, "--out", out, "--list", own_list, "--min-score", "0", "--limit", "1")
    wide = {row["id"]: row for row in rows(out)}
    assert wide["a"]["hits"], "retrieval finds it, below the threshold"
    assert not wide["a"]["hits"][0]["alert"]
    assert wide["a"]["status"] == "no_hit"
    assert len(wide["b"]["hits"]) == 1
    scores = [hit["score"] for row in wide.values() for hit in row["hits"]]
    assert all(0 <= s <= 1 for s in scores)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("in.csv", b"", "empty"),
        ("in.csv", b"id,title\n1,A\n", "no column 'name'"),
        ("in.csv", b"PK\x03\x04....", "XLSX"),
        ("in.csv", b"name\nM\x81\x8d\x90ller\n", "not UTF-8"),
        ("in.csv", b"name\n" + b"x" * 10_000_000, "characters"),
    ],
)
def test_a_bad_table_is_one_line_and_writes_nothing(
    cli: Cli, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    source, out = tmp_path / name, tmp_path / "out.jsonl"
    source.write_bytes(content)
    assert words in cli("screen", source, "--out", out).refused()
    assert sorted(p.name for p in tmp_path.iterdir()) == [name]


def test_bad_screen_options_are_refused(cli: Cli, tmp_path: Path) -> None:
    source, bad = tmp_path / "in.csv", tmp_path / "bad.jsonl"
    source.write_text("name\nA\n", "utf-8")
    bad.write_text("not json\n", "utf-8")
    assert "jsonl" in cli("screen", source, "--out", tmp_path / "out.txt").refused()
    assert "--min-score" in cli("screen", source, "--out", tmp_path / "o.csv", "--min-score", "2").refused()
    assert "replace the input" in cli("screen", source, "--out", source).refused()
    assert "not JSON" in cli("screen", source, "--out", tmp_path / "o.csv", "--list", bad).refused()
    assert "no such file" in cli("screen", tmp_path / "none.csv", "--out", tmp_path / "o.csv").refused()


def test_two_names_are_compared_with_reasons(cli: Cli) -> None:
    same = cli("compare", "SIS DOO", "SIS d.o.o.", "--json").json
    assert same["alert"]
    assert same["score"] > 0.9
    other = cli(
        "compare", "Hangzhou Digital Technology Co., Ltd.", "Hangzhou Hikvision Digital Technology Co., Ltd."
    )
    assert other.code == 0
    assert "would not alert" in other.out
    assert "hikvision" in other.out.lower()


def test_a_file_of_pairs_keeps_its_columns(cli: Cli, tmp_path: Path) -> None:
    source, out, stats = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "stats.json"
    source.write_text(
        "id,left,right,schema,label\n1,Hikvision,HIKVISION,Company,1\n"
        "2,Ivan Petrov,Ivana Petrova,Person,0\n3,,B,,\n",
        "utf-8",
    )
    assert cli("compare", "--pairs", source, "--out", out, "--stats", stats).code == 0
    with out.open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [r["label"] for r in found] == ["1", "0", ""]
    assert (found[0]["band"], found[0]["alert"]) == ("exact", "true")
    assert float(found[1]["score"]) < float(found[0]["score"])
    assert "row 4" in found[2]["reason"]
    counts = json.loads(stats.read_text("utf-8"))
    assert (counts["rows"], counts["rejected"]) == (3, 1)
    assert "default_threshold" in counts


def test_bad_compare_options_are_refused(cli: Cli, tmp_path: Path) -> None:
    assert "two names" in cli("compare", "A").refused()
    assert "--pairs needs --out" in cli("compare", "--pairs", tmp_path / "in.csv").refused()
    assert "no such file" in cli("compare", "--pairs", tmp_path / "in.csv", "--out", tmp_path / "o.csv").refused()


def test_a_weak_alias_corroborates_and_does_not_alert_alone(cli: Cli, tmp_path: Path, own_list: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.jsonl"
    source.write_text(
        "id,name,schema,birth_date\nalone,Zorro,Person,\nother,Zorro,Person,1970-01-02\nborn,Zorro,Person,1965-10\n"
        "near,Zorro Maier Huber,Person,1965-10\n",
        "utf-8",
    )
    assert cli("screen", source, "--out", out, "--list", own_list, "--min-score", "0.5").code == 0
    found = {row["id"]: row for row in rows(out)}
    assert {key: row["status"] for key, row in found.items()} == {
        "alone": "no_hit", "other": "no_hit", "born": "hit", "near": "no_hit",
    }  # fmt: skip
    assert [hit["entity_id"] for hit in found["alone"]["hits"]] == ["x-2"], "shown, although it doesn't alert"
    assert found["alone"]["hits"][0]["alert"] is False
    assert found["born"]["hits"][0]["alert"] is True
    assert any("Birth dates agree" in line for line in found["born"]["hits"][0]["evidence"])


def test_compare_says_where_the_words_stand(cli: Cli) -> None:
    left, right = "海康威视", "Hangzhou Hikvision"
    told = cli("compare", left, right, "--schema", "Company", "--json").json
    line = next(line for line in told["evidence"] if line["right"] == "hikvision")
    assert [left[a:b] for a, b in line["left_spans"]] == ["海康威视"]
    assert [right[a:b] for a, b in line["right_spans"]] == ["Hikvision"]
    only = next(line for line in told["evidence"] if line["right"] == "hangzhou")
    assert (only["left_spans"], only["relation"]) == ([], "unknown")


def test_compare_prints_the_words_side_by_side(cli: Cli) -> None:
    page = cli("compare", "CETC 38th Institute", "CETC 14th Institute").out
    assert "x 38th" in page
    assert "'38th' and '14th' are different numbers" in page
    wide = cli("compare", "海康威视 Ltd", "Hikvision Ltd").out.splitlines()
    heads, row = (next(line for line in wide if mark in line) for mark in ("share", "= 海康威视"))
    assert row.index("Hikvision") + 4 == heads.index("right"), "Han takes two columns a character"
