"""CSV in blocks: the fast way and the careful one give the same rows as reading one by one."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stopship.app.reading import csv_lines, open_source
from stopship.app.reading.csv_blocks import regular
from stopship.app.reading.csv_table import open_table
from stopship.bulk.columns import PROBLEM, ROW, WARNING
from stopship.errors import TableError

Rows = list[tuple[int, dict[str, str], str | None, str | None]]


def one_by_one(text: str, width: int = 3) -> Rows | str:
    """The reference: what each row is, as plainly as it can be written; or the refusal."""
    columns = ("id", "name", "x")[:width]
    reader = csv.reader(iter(io.StringIO(text, newline="")), strict=True)
    rows: Rows = []
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error as error:
            if "unexpected end" in str(error):
                return "ends inside a quoted cell"
            rows.append((number, {}, f"not readable as CSV: {error}", None))
            continue
        if not any(cell.strip() for cell in cells):
            rows.append((number, {}, "the row is empty", None))
            continue
        counted = f"{len(cells)} cells where the header has {width} columns"
        problem = counted if len(cells) > width and any(c.strip() for c in cells[width:]) else None
        warning = counted if len(cells) < width else None
        rows.append((number, dict(zip(columns, (c.strip() for c in cells), strict=False)), problem, warning))


def in_blocks(path: Path, **options: Any) -> Rows | str:
    try:
        with open_source(path, rows=options.pop("rows", 4), **options) as source:
            rows = [row for batch in source.batches for row in batch.to_pylist()]
    except TableError as error:
        return str(error)
    service = (ROW, PROBLEM, WARNING)
    cells = [{k: v for k, v in r.items() if v is not None and k not in service} for r in rows]
    return [(r[ROW], c, r[PROBLEM], r[WARNING]) for r, c in zip(rows, cells, strict=True)]


def row_wise(path: Path) -> Rows | str:
    try:
        with open_table(path, required=("name",)) as table:
            return [(r.number, dict(r.cells), r.problem, r.warning) for r in table.rows]
    except TableError as error:
        return str(error)


def same(path: Path, body: str, block: int) -> None:
    path.write_bytes(b"id,name,x\n" + body.encode("utf-8"))
    wanted = one_by_one(body)
    before, csv_lines._BLOCK = csv_lines._BLOCK, block
    try:
        found = (in_blocks(path, encoding="utf-8"), row_wise(path))
    finally:
        csv_lines._BLOCK = before
    for rows in found:
        if isinstance(wanted, str):
            assert isinstance(rows, str)
            assert wanted in rows
        else:
            assert rows == wanted


regular_cell = st.sampled_from(
    ["A", "Müller", " b ", '"q, r"', '"a\nb"', '""', '"d""e"', "", "海", '"\r\n"', "\u3000x\x1f"]
)
regular_row = st.lists(regular_cell, min_size=3, max_size=3).map(",".join)
odd_row = st.text(alphabet='ab,"\n\r ', max_size=12)
ending = st.sampled_from(["\n", "\r\n", "\n", "\r"])


@settings(max_examples=400, deadline=None)
@given(
    rows=st.lists(st.tuples(st.one_of(regular_row, regular_row, regular_row, odd_row), ending), max_size=12),
    last=st.sampled_from(["", "1,A,", "1,A,b", '1,"A', "\r"]),
    block=st.sampled_from([3, 17, 64, 1 << 20]),
)
@example(rows=[('1,"a', "\n"), ('b",c', "\n")], last="", block=3)
@example(rows=[('1,A"B,c', "\n"), ('2,"D"e,1', "\n"), ("3,F,1", "\n")], last="", block=1 << 20)
@example(
    rows=[("", "\n"), (",,", "\n"), ("1,A", "\n"), ("1,A,b,c", "\n"), ("1,A,b,", "\n")], last="x", block=1 << 20
)
def test_blocks_give_the_rows_that_reading_one_by_one_gives(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], last: str, block: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "same.csv"
    same(path, "".join(text + end for text, end in rows) + last, block)


def test_regular_rows_take_the_fast_way_and_odd_ones_do_not() -> None:
    """Else the differential test would compare the careful reader with itself."""

    def taken(text: bytes) -> int:
        return regular(text, ",", 3, 1000)

    for text in (b"1,A,b\n", b'1,"A, B",c\r\n2,"d ""e""",""\n', b'"1","A\nB","c"\n', "1,Müller,海\n".encode()):
        assert taken(text) == len(text), text
    assert taken(b"1,A,b\n2,C") == 6, "an unfinished row waits for the next stretch"
    assert taken(b'1,A,b\n2,"C\n') == 6
    cells = (
        b"1,A",
        b"1,A,b,c",
        b"",
        b'1,A"B,c',
        b'1,"A"B,c',
        b"1,A\rB,c",
        b"1,A\0,b",
        b"1," + b"x" * 1000 + b",c",
    )
    for text in (one + b"\n" for one in cells):
        assert taken(text) == 0, text


def test_a_fast_stretch_and_a_careful_one_keep_their_numbers(tmp_path: Path) -> None:
    lines = [f'{n},"Name, {n}",x' for n in range(5000)]
    lines[2500] = "2500,short"
    lines[2501] = '2501,"a\nb",x'
    body = "\n".join(lines) + "\n"
    same(tmp_path / "a.csv", body, 1 << 14)
    same(tmp_path / "a.csv", body.replace("\n", "\r\n"), 1 << 14)


def test_other_delimiters_and_dropped_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for delimiter in ";\t":
        path.write_text(
            delimiter.join(["Name", "Religion", "own"]) + "\n" + delimiter.join(["A", "x", "b,c"]), "utf-8"
        )
        with open_source(path, rows=10) as source:
            assert source.dropped() == ("Religion",)
            assert [b.to_pylist()[0]["own"] for b in source.batches] == ["b,c"]
            assert "Religion" not in source.schema.names


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"1,A,b\n" * 5 + b"2,A\0,b\n", "NUL byte at line 7"),
        (b"1,A,b\n2,\"A,b\n3,C,d\n", "row 3: the file ends inside a quoted cell"),
        (b"1,A,b\n2," + b"x" * 100_001 + b",b\n", "row 3: a cell has more than 100,000 characters"),
        (b"1,A,b\n2," + b"x," * 1_000_001 + b"\n", "line 3 has more than 2,000,000 characters"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_where(tmp_path: Path, body: bytes, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,name,x\n" + body)
    assert words in in_blocks(path)
    assert words in row_wise(path)
