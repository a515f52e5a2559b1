"""The accuracy benchmark runs from end to end on a few entries, the same in every run."""

from __future__ import annotations

import csv
import gzip
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the layout of the benchmark's: the small list of the tests and a few invented customers."""
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.setattr(import_module("benchmarks.quality.lists"), "CACHE", tmp_path / "cache")
    made = tmp_path / "data"
    listed = made / "lists" / "us_csl" / "consolidated.csv.gz"
    listed.parent.mkdir(parents=True)
    listed.write_bytes(gzip.compress((ROOT / "tests/sources/us_csl/consolidated.csv").read_bytes(), mtime=0))
    (made / "corpora").mkdir()
    for name, kind, first in (("companies", "source", "Bakery"), ("persons", "culture", "Anna")):
        with gzip.open(made / "corpora" / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("name", kind))
            writer.writerows((f"{first} Number{number:02d}", number % 3) for number in range(60))
    return made


@pytest.mark.slow
def test_a_quick_run_writes_every_file_alike(data: Path, tmp_path: Path) -> None:
    run = import_module("benchmarks.quality.run")
    lines = import_module("benchmarks.quality.tables").lines
    first, second = tmp_path / "first", tmp_path / "second"
    for out in (first, second):
        summary = run.run(run.parser().parse_args(["--quick", "--out", str(out)]), data)
    names = sorted(path.name for path in first.iterdir())
    assert names == ["cases.csv", "listed.csv", "negatives.csv", "summary.json"]
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert summary["classes"]["verbatim/verbatim"]["default"] == 1.0
    assert summary["customers"]["names"] > 20
    assert any("verbatim/verbatim" in line for line in lines(summary))


def test_peers_take_the_first_of_each_class(data: Path) -> None:
    pytest.importorskip("numpy")
    fuzzy = import_module("benchmarks.quality.peer_fuzzy")
    names = ["Acme Trading", "Bolt Shipping"]
    questions = [fuzzy.Question("Trading Acme", "Company", (0,)), fuzzy.Question("Volt Shopping", "Company", ())]
    found = list(fuzzy.token_sort(names, questions))
    assert found[0].right == found[0].best == 1.0
    assert found[1].right == 0.0 < found[1].best < 1.0


def test_names_of_other_publishers_link_by_a_latin_name_that_both_print(data: Path) -> None:
    """A name that fits two entries of the list links to none; what links is asked in its own script."""
    publishers = import_module("benchmarks.quality.sets.native_publishers")
    model = import_module("stopship.model.entity")
    values = import_module("stopship.model.values")

    def entity(number: int, text: str) -> object:
        printed = model.Name(text, values.NameKind.PRIMARY)
        return model.Entity(id=f"us.sdn-{number}", schema=values.Schema.PERSON, names=(printed,))

    listed = [entity(1, "PETROV, Pyotr"), entity(2, "IVANOV, Ivan"), entity(3, "Ivan Ivanov")]
    folder = data / "lists" / "uk"
    folder.mkdir()
    columns = ["Unique ID", "Designation Type", *(f"Name {n}" for n in range(1, 7)), "Name non-latin script"]
    rows = [
        ["RUS1", "Individual", "Pyotr", "", "", "", "", "PETROV", "Петров Петр"],
        ["RUS2", "Individual", "Ivan", "", "", "", "", "IVANOV", "Иванов Иван"],
    ]
    with gzip.open(folder / "UK-Sanctions-List.csv.gz", "wt", encoding="utf-8", newline="") as file:
        file.write("Report Date: 01-Jan-2026\n")
        csv.writer(file).writerows([columns, *rows])
    cases = list(publishers.rows(listed, data))
    assert [(case.query, case.expected_ids) for case in cases] == [("Петров Петр", ("us.sdn-1",))]
    assert cases[0].class_.removesuffix("_last") == "cyrillic_person"
