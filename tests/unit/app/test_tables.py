"""Tables: what is read, what is refused, and that results appear whole or not at all."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from stopship.app.reading.csv_table import Row, open_table
from stopship.app.tables import ResultWriter, guard_formula
from stopship.errors import TableError


def read(path: Path) -> list[Row]:
    with open_table(path, required=("name",), drop=lambda column: column.lower() == "ethnicity") as table:
        return list(table.rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_three_delimiters_and_gzip_are_read(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(["ID", "Name ", "own"]) + "\n" + delimiter.join(["1", "Müller", "x"]) + "\n"
    for path, data in (
        (tmp_path / "a.csv", text.encode()),
        (tmp_path / "a.csv.gz", gzip.compress(text.encode(), mtime=0)),
    ):
        path.write_bytes(data)
        assert read(path) == [Row(2, {"id": "1", "name": "Müller", "own": "x"})]


def test_special_category_columns_never_reach_a_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,Ethnicity\nA,secret\n", "utf-8")
    with open_table(path, required=("name",), drop=lambda column: column.lower() == "ethnicity") as table:
        assert table.dropped == ("Ethnicity",)
        assert list(table.rows) == [Row(2, {"name": "A"})]


def test_bad_rows_are_handed_on_with_number_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'name,x\nA,1\nB\n\nC,1,2\n"D"e,1\nF,1\n')
    rows = read(path)
    assert [r.number for r in rows] == [2, 3, 4, 5, 6, 7]
    assert [bool(r.problem) for r in rows] == [False, False, True, True, True, False]
    assert [bool(r.warning) for r in rows] == [False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"id,title\n1,x\n", "no column 'name'"),
        (b"name,name\n1,x\n", "stands twice"),
        (b"PK\x03\x04" + b"x" * 50, "XLSX"),
        (b"\xd0\xcf\x11\xe0", "XLS"),
        (b"%PDF-1.7", "PDF"),
        ("name\nMüller\n".encode("latin-1"), "not UTF-8"),
        (b"name\nA\x00B\n", "NUL"),
        (b'name,x\n"A,1\nB,2\n', "ends inside a quoted cell"),
        (b"name\n" + b"x" * 10_000_000 + b"\n", "characters"),
        (b'name\n"' + b"x" * 10_000_000 + b'"\n', "characters"),
        (gzip.compress(b"name\nA\n" * 1000, mtime=0)[:-20], "gzip"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(TableError) as caught:
        read(path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_results_appear_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old", "utf-8")
    with pytest.raises(RuntimeError), ResultWriter(out) as writer:
        writer.write({"id": "1"})
        raise RuntimeError
    assert out.read_text("utf-8") == "old"
    with ResultWriter(out) as writer:
        writer.write({"id": "1"})
    assert out.read_bytes() == b'{"id":"1"}\n'
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


def test_formulas_are_guarded_in_csv(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    with ResultWriter(out, ["name", "score"]) as writer:
        for text in ("=1+1", "+1", "-1", "@x", "\t=1", 'Müller, "A"', "A\rB\nC"):
            writer.write({"name": text, "score": 0.5})
    with out.open(encoding="utf-8-sig", newline="") as stream:
        names = [row["name"] for row in csv.DictReader(stream)]
    assert names == ["'=1+1", "'+1", "'-1", "'@x", "'\t=1", 'Müller, "A"', "A\rB\nC"]
    assert guard_formula("A=1") == "A=1"


def test_an_unknown_ending_or_folder_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"ending|End"):
        ResultWriter(tmp_path / "out.txt")
    with pytest.raises(TableError, match="no such folder"):
        ResultWriter(tmp_path / "none" / "out.csv")
