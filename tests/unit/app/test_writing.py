"""Files of results: what is put together column by column is what is made row by row; spreadsheets run nothing."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from stopship.app.tables import guard_formula
from stopship.app.writing import encode, join, result_form, text, workbook
from stopship.app.writing.flat import RESULT_COLUMNS
from stopship.bulk.columns import HIT, RESULT, Layout, layout_of
from stopship.errors import TableError
from stopship.screening.screener import ENGINE

HIT_ROW = {
    "entity_id": "t-1", "name": "=Fiktiv", "caption": "Fiktiv", "score": 0.91, "band": "strong", "alert": True,
    "kind": "name", "source": "test", "countries": ["CN"], "evidence": ["'x' is in both names"],
    "listings": [{"program": "p", "source": "s", "name": "n", "start": date(2019, 10, 9), "end": None,
                  "citation": None}],
}  # fmt: skip
LISTS = {"test": "sha256:00"}


def results(rows: list[dict[str, Any]], own: pa.Schema) -> tuple[pa.RecordBatch, Layout]:
    layout = layout_of(own)
    plain = {
        "reason": None,
        "warnings": [],
        "hits": [],
        "hits_total": 0,
        "alerts": 0,
        "index": "i",
        "engine": ENGINE,
    }
    full = [{**plain, "row": n, **row} for n, row in enumerate(rows, start=2)]
    arrays = [pa.array([row.get(f.name) for row in full], f.type) for f in layout.schema]
    return pa.RecordBatch.from_arrays(arrays, schema=layout.schema), layout


OWN = pa.schema([("id", pa.string()), ("name", pa.string()), ("note", pa.string()), ("status", pa.string())])
cell = st.one_of(
    st.none(), st.text(st.characters(codec="utf-8"), max_size=6), st.sampled_from(['=1,"a"', "-1\n", "\t@"])
)
row = st.fixed_dictionaries(
    {
        "id": cell, "name": cell, "note": cell, "input_status": cell,
        "status": st.sampled_from(["no_hit", "no_hit", "no_hit", "hit", "rejected"]),
        "warnings": st.sampled_from([[], [], ["odd"]]),
    }
)  # fmt: skip


def completed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for one in rows:
        if one["status"] == "hit":
            one |= {"hits": [HIT_ROW], "hits_total": 3, "alerts": 1}
        if one["status"] == "rejected":
            one |= {"reason": "the row is empty", "warnings": []}
    return rows


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(row, max_size=6).map(completed))
def test_json_lines_say_the_same_in_both_ways(rows: list[dict[str, Any]]) -> None:
    batch, layout = results(rows, OWN)
    data = text.to_json_lines(batch, layout, LISTS)
    assert data.decode() == "".join(text._json_rows(batch, layout, LISTS))
    for wanted, line in zip(rows, data.splitlines(), strict=True):
        found = json.loads(line)
        assert found["status"] == wanted["status"]
        assert found["name"] == (wanted["name"] or "")
        own = {"note": wanted["note"], "status": wanted["input_status"]}
        assert found.get("input", {}) == {k: v for k, v in own.items() if v is not None}


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(row, max_size=6).map(completed))
def test_csv_holds_every_cell_and_runs_none(rows: list[dict[str, Any]]) -> None:
    batch, layout = results(rows, OWN)
    data = text.csv_header(layout) + text.to_csv(batch, layout)
    # What a reader may take for the end of a line stands in quotes.
    found = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig").replace("\0", "0"), newline="")))
    assert len(found) == len(rows)
    for wanted, line in zip(rows, found, strict=True):
        for own, name in (("id", "id"), ("name", "name"), ("note", "note"), ("input_status", "input_status")):
            assert line[name] == guard_formula(wanted[own] or "").replace("\0", "0")
            assert line[name][:1] not in tuple("=+-@\t\r")
        assert line["status"] == wanted["status"]
        assert line["rank"] == ("1" if wanted["status"] == "hit" else "")
        assert line["matched_name"] == ("'=Fiktiv" if wanted["status"] == "hit" else "")


def test_typed_columns_are_written_as_they_read(tmp_path: Path) -> None:
    own = pa.schema([("id", pa.int64()), ("name", pa.string()), ("since", pa.date32()), ("rate", pa.float64()), ("tags", pa.list_(pa.string())), ("deep", pa.struct([("a", pa.int64())])), ("ok", pa.bool_())])  # fmt: skip  # noqa: E501
    rows = [{"id": -5, "name": "A", "since": date(2020, 1, 2), "rate": -0.5, "tags": ["x", "y"], "deep": {"a": 1}, "ok": True, "status": "no_hit"}]  # fmt: skip  # noqa: E501
    batch, layout = results(rows, own)
    line = next(csv.reader([text.to_csv(batch, layout).decode()]))
    assert line[:7] == ["-5", "A", "2020-01-02", "-0.5", "x; y", '{"a":1}', "true"]
    found = json.loads(text.to_json_lines(batch, layout, LISTS))
    assert found["id"] == "-5"
    assert found["input"] == {
        "since": "2020-01-02",
        "rate": -0.5,
        "tags": ["x", "y"],
        "deep": {"a": 1},
        "ok": True,
    }


def written(tmp_path: Path, name: str, batch: pa.RecordBatch, layout: Layout) -> Path:
    out = tmp_path / name
    form = result_form(out)
    parts = []
    for number, at in enumerate(range(0, len(batch), 2)):
        parts.append(tmp_path / f"{name}-{number}")
        parts[-1].write_bytes(encode(batch.slice(at, 2), layout, form, LISTS))
    join(parts, layout, form, out)
    return out


ROWS = completed(
    [
        {"id": "1", "name": "=1+1", "note": "http://example.org", "status": "hit", "warnings": ["odd"]},
        {"id": "2", "name": "+1", "note": "007", "status": "no_hit"},
        {"id": None, "name": None, "note": "x" * 40_000, "status": "rejected"},
    ]
)


def test_a_workbook_holds_texts_and_no_formula_and_no_link(tmp_path: Path) -> None:
    batch, layout = results(ROWS, OWN)
    out = written(tmp_path, "out.xlsx", batch, layout)
    with zipfile.ZipFile(out) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert not [n for n in archive.namelist() if "rels" in n and "sheet1" in n], "links have relations"
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    head, first, second, third = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert head == ["id", "name", "note", "input_status", *RESULT_COLUMNS]
    assert first[:4] == ["1", "=1+1", "http://example.org", ""]
    assert first[head.index("score")] == 0.91
    assert first[head.index("warnings")] == "odd"
    assert second[2] == "007"
    assert third[head.index("reason")] == "row 4: the row is empty"
    assert len(third[2]) == 32_767


def test_parquet_keeps_the_batch_contract(tmp_path: Path) -> None:
    batch, layout = results(ROWS, OWN)
    found = pq.read_table(written(tmp_path, "out.parquet", batch, layout))
    assert found.schema.field("hits").type.value_type == HIT
    assert found.schema.names == ["id", "name", "note", "input_status", *RESULT.names]
    assert found.to_pylist() == batch.to_pylist()


@pytest.mark.parametrize(("name", "packed"), [("out.csv", "out.csv.gz"), ("out.jsonl", "out.jsonl.gz")])
def test_packed_output_unpacks_to_the_plain_one(tmp_path: Path, name: str, packed: str) -> None:
    batch, layout = results(ROWS, OWN)
    plain = written(tmp_path, name, batch, layout).read_bytes()
    assert gzip.decompress(written(tmp_path, packed, batch, layout).read_bytes()) == plain


def test_no_part_is_an_empty_file_with_a_header(tmp_path: Path) -> None:
    batch, layout = results([], OWN)
    assert written(tmp_path, "out.jsonl", batch, layout).read_bytes() == b""
    assert written(tmp_path, "out.csv", batch, layout).read_text("utf-8-sig").startswith("id,name,note,")
    assert pq.read_table(written(tmp_path, "out.parquet", batch, layout)).num_rows == 0


def test_unknown_endings_are_refused() -> None:
    for name in ("out.txt", "out", "out.gz", "out.xlsx.gz", "out.xls"):
        with pytest.raises(TableError, match=r"End the name in \.jsonl"):
            result_form(Path(name))
    assert workbook.too_many_lines(2_000_000, Path("o.xlsx")).hint is not None
