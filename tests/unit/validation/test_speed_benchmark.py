"""The speed benchmark runs from end to end on a tiny list, and its parts say what they measure."""

from __future__ import annotations

import csv
import gzip
import json
import mmap
import os
import sys
from importlib import import_module
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

from stopship.app.own_list import read_own_list
from stopship.matching import Index, Matcher

ROOT = Path(__file__).resolve().parents[3]
SYLLABLES = ("ba", "ko", "lin", "mar", "ne", "or", "pi", "ras", "su", "ta", "ul", "ven", "wo", "xi", "yar", "zet")


def speed(name: str) -> ModuleType:
    return import_module(f"benchmarks.speed.{name}")


@pytest.fixture(scope="module", autouse=True)
def importable() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in the layout of the benchmark's: the small list of the tests and invented customers."""
    made = tmp_path_factory.mktemp("data")
    listed = made / "lists" / "us_csl" / "consolidated.csv.gz"
    listed.parent.mkdir(parents=True)
    listed.write_bytes(gzip.compress((ROOT / "tests/sources/us_csl/consolidated.csv").read_bytes(), mtime=0))
    rng = Random(1)

    def word() -> str:
        return "".join(rng.choices(SYLLABLES, k=3)).capitalize()

    companies = {f"{word()} {word()} {rng.choice(('Ltd', 'Inc.', 'GmbH'))}" for _ in range(400)}
    persons = {(word(), word()) for _ in range(400)}
    (made / "corpora").mkdir()
    with gzip.open(made / "corpora/companies.csv.gz", "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("name", "country"), *((name, "Germany") for name in sorted(companies))])
    with gzip.open(made / "corpora/persons.csv.gz", "wt", encoding="utf-8", newline="") as file:
        rows = ((f"{given} {family}", given, family, "us") for given, family in sorted(persons))
        csv.writer(file).writerows([("name", "given", "family", "culture"), *rows])
    with gzip.open(made / "corpora/cjk_companies_zh.csv.gz", "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("name",), ("吖茶",), ("海鸥贸易",), ("长江光学",)])
    return made


@pytest.fixture(scope="module")
def listed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return speed("lists").written("200", data, tmp_path_factory.mktemp("cache"))


@pytest.mark.slow
def test_a_quick_run_measures_every_section(data: Path, tmp_path: Path) -> None:
    run = speed("run")
    arguments = ["--quick", "--out", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]
    asked = run.parser().parse_args([*arguments, "--peer-python", str(tmp_path / "no-peers" / "python")])
    report = run.run(asked, data)
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {"report.md", "growth.svg", *(f"{section}-200.json" for section in run.SECTIONS)}
    assert (tmp_path / "out" / "report.md").read_text("utf-8") == report
    ElementTree.parse(tmp_path / "out" / "growth.svg")
    found = {name: json.loads((tmp_path / "out" / f"{name}-200.json").read_text("utf-8")) for name in run.SECTIONS}
    figures = {name: run["figures"] for name, run in found.items()}
    assert figures["build"]["names"] == 200 == figures["build"]["normalized"]
    assert 0 < figures["build"]["record_bytes"] < figures["build"]["bytes"]
    assert set(figures["batch"]["mixtures"]) == {"50%"}
    assert figures["batch"]["mixtures"]["50%"]["hits"] > 0
    assert figures["recall"]["classes"]["all"]["default"]["alerts"] > 0.95
    assert {"company", "person", "other script", "variant"} <= set(figures["single"]["kinds"])
    assert set(figures["peers"]["skipped"]) == set(speed("peer_worker").PEERS)
    assert figures["command"]["rows"] == 60 == figures["command"]["stats"]["rows"]
    assert "Skipped: logic-v2" in report
    assert "A quick run" in report


def test_a_made_list_is_the_same_in_every_run_and_holds_so_many_names(
    data: Path, listed: Any, tmp_path: Path
) -> None:
    again = speed("lists").written("200", data, tmp_path)
    assert again.path.name == listed.path.name
    assert again.path.read_bytes() == listed.path.read_bytes()
    held = speed("lists").composition(listed)
    assert held["names"] == 200
    assert 0 < held["real"] <= 100
    larger = speed("lists").written("300", data, tmp_path)
    made = [record["name"] for record in listed.records() if record["source"] == "made"]
    assert made == [record["name"] for record in larger.records() if record["source"] == "made"][: len(made)]


def test_no_customer_is_on_a_made_list(data: Path, listed: Any) -> None:
    key = speed("made").name_key
    customers = {key(asked.text) for asked in speed("queries").customers(data, 300)}
    assert len(customers) == 300
    assert customers.isdisjoint(key(text) for _id, text, _schema in listed.names())


def test_a_made_list_is_read_by_the_product_as_it_is_measured(data: Path, listed: Any) -> None:
    index, rejects = read_own_list(listed.path)
    assert rejects == []
    assert list(index.entities()) == list(speed("lists").entities_of(listed, data))


def test_made_names_keep_common_words_and_their_frequencies() -> None:
    made = speed("made")
    company = import_module("stopship.model.values").Schema.COMPANY
    patterns = [
        made.Pattern(made.organization_words(f"{first} of {last}", "x"), company, ())
        for first in ("Bank", "Port", "House", "City", "Farm", "Mill", "Yard", "Gate", "Hill", "Lake")
        for last in ("Arden", "Bolum", "Corva", "Delin", "Ebron", "Farso", "Gulna", "Hosta", "Ilven", "Jorda")
    ]
    maker = made.NameMaker((patterns,), (), persons_share=0.0, names_each=(1,), taken=set(), seed=3)
    entities = maker.entities()
    names = [next(entities).names[0] for _ in range(60)]
    assert len({made.name_key(name) for name in names}) == 60
    assert all(name.split()[1] == "of" for name in names)
    assert all({p[0][0] for p in (q.words for q in patterns)} >= {name.split()[0]} for name in names)


def test_mixtures_hold_the_share_they_say_and_ask_nothing_twice(data: Path, listed: Any) -> None:
    queries = speed("queries")
    customers, variants = queries.customers(data, 300), queries.variants(listed, 200)
    assert all(asked.right for asked in variants)
    assert not set(customers) & set(queries.customers(data, 300, skip=300))
    for share in (0.0, 0.1, 0.5, 1.0):
        mixed = queries.mixture(customers, variants, share, 120)
        assert len({asked.text for asked in mixed}) == 120
        assert sum(bool(asked.right) for asked in mixed) == 120 * share
        assert mixed == queries.mixture(customers, variants, share, 120)


def test_what_the_sieve_loses_is_counted_and_printed(
    data: Path, listed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recall, report = speed("recall"), speed("report")
    speed("indexes")._build(listed, data, tmp_path / "index")

    class Blind(Matcher):
        """A sieve that lets nothing pass."""

        def sift(self, _data: Any, offsets: Any, _schemas: Any, *, min_score: float | None = None) -> Any:  # noqa: ARG002
            return [False] * (len(offsets) - 1)

    def modes(index: Index) -> dict[str, Matcher]:
        return {"default": Matcher(index), "blind": Blind(index)}

    monkeypatch.setattr(recall, "modes", modes)
    asked = speed("queries").variants(listed, 40)
    found = recall._compare(tmp_path / "index", asked)
    everything = found["classes"]["all"]
    assert everything["queries"] == len(asked)
    assert everything["alerts"] > 20
    assert everything["default"]["alerts"] > 0.95
    assert everything["blind"] == {"alerts": 0.0, "queries": 0.0, "missed": everything["alerts"], "more": 0}
    lost = [miss for miss in found["missed"] if miss["mode"] == "blind"]
    assert len(lost) == everything["alerts"]
    assert all(miss["sifted_out"] and miss["score"] == miss["oracle"] for miss in lost)
    shown = "\n".join(report._recall({"200": found}))
    assert lost[0]["query"] in shown
    assert f"Missed: {len(found['missed'])}" in shown


def test_peers_rank_the_nearest_name_first() -> None:
    worker = speed("peer_worker")
    records = [
        {"id": "a", "name": "Acme Trading", "aliases": ["Acme"], "schema": "Company"},
        {"id": "b", "name": "Bolt Shipping", "aliases": [], "schema": "Company"},
    ]
    peer, owners = worker.peer_named("rapidfuzz", records)
    ranked = peer.ask([("Trading, Acme", "Company"), ("Volt Shipping", "Company")], 2)
    assert owners == ["a", "a", "b"]
    assert [owners[numbers[0]] for numbers in ranked] == ["a", "b"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells private from shared memory")
def test_memory_of_a_process() -> None:
    memory = speed("memory")
    before = memory.memory_of(os.getpid())
    block = mmap.mmap(-1, 30_000_000)  # of its own: a list may be given memory that the process has already
    block.write(b"x" * len(block))
    after = memory.memory_of(os.getpid())
    block.close()
    assert after.private - before.private > 0.8 * 30_000_000
    assert before.private <= before.pss <= before.rss
    # The kernel adds a process's pages up per processor and lets the sum that the peak is read from lag behind.
    assert memory.peak_of(os.getpid()) >= 0.9 * after.rss
    assert memory.memory_of(2**22 + 1) is None


def test_the_picture_leaves_out_what_was_not_measured() -> None:
    picture = speed("picture")
    panels = [picture.Panel("Speed & size", {"a": [(50_000, 200.0), (1_000_000, 9.0)], "b": []})]
    root = ElementTree.fromstring(picture.growth_svg([*panels, picture.Panel("Nothing", {"a": [(10, 0.0)]})]))
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f".//{space}circle")) == 2
    assert "not measured" in {text.text for text in root.iter(f"{space}text")}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--only", "batch,sped"], "no such section: sped"), (["--sizes", "50k,lots"], "'lots' is no size")],
)
def test_what_is_no_section_or_size_is_said(arguments: list[str], says: str, data: Path, tmp_path: Path) -> None:
    run = speed("run")
    with pytest.raises(SystemExit, match=says):
        run.run(run.parser().parse_args([*arguments, "--out", str(tmp_path)]), data)
