"""Files of rows: formats, packing, encodings, and what is refused."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from stopship.app.reading import STDIN, open_source, workbook
from stopship.bulk.columns import PROBLEM, ROW, WARNING
from stopship.errors import SettingsError, TableError

CHINESE = (
    "name,city\n"
    + "上海微电子设备有限公司,上海\n杭州海康威视数字技术股份有限公司,杭州\n新疆维吾尔自治区公安厅,乌鲁木齐\n"
)
WESTERN = "name,city\nMüller & Söhne GmbH,Köln\nPeña Núñez S.A.,Málaga\nÉlan Fidèle,Orléans\n"
POLISH = "name,city\nŁódzka Spółka Węglowa,Łódź\nŻółkiewski i Wspólnicy,Kraków\nŚląskie Zakłady,Częstochowa\n"
RUSSIAN = "name,city\nПетров Иван Сергеевич,Москва\nООО Северный Завод,Екатеринбург\n"
KOREAN = "name,city\n김민준 주식회사,서울\n대한민국 무역,부산\n"
JAPANESE = "name,city\n東京エレクトロン株式会社,東京\nあさひ工業,大阪\n"
TURKISH = "name,city\nŞişecam Dış Ticaret,İstanbul\nYıldız Güneş,Beyoğlu\n"
JAPANESE_PERSONS = "name\n田中一郎\n佐藤花子\n鈴木健太\n高橋美咲\n渡辺直樹\n"
CZECH = "name,city\nŠkoda Plzeň,Plzeň\nTřinecké železárny,Třinec\nČeské dráhy,Praha\n"
HEBREW = "name\nבנק לאומי לישראל\nתעשיות כימיות\n"
TRADITIONAL = "name,city\n台灣積體電路製造股份有限公司,新竹\n鴻海精密工業,臺北\n"


def read(path: Path, **options: Any) -> list[dict[str, Any]]:
    with open_source(path, rows=options.pop("rows", 2), **options) as source:
        rows = [row for batch in source.batches for row in batch.to_pylist()]
    return [{k: v for k, v in row.items() if v is not None and v != []} for row in rows]


def book(path: Path, rows: Sequence[Sequence[Any]], *more: str) -> Path:
    made = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = made.add_worksheet("Partners")
    for name in more:
        made.add_worksheet(name)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, column, cell)
    made.close()
    return path


# --- encodings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoding", "known"),
    [
        (WESTERN, "cp1252", "cp1252"),
        ("name\nMüller\n", "latin-1", "cp1252"),
        (POLISH, "cp1250", "cp1250"),
        (CZECH, "cp1250", "cp1250"),
        (RUSSIAN, "cp1251", "cp1251"),
        (CHINESE, "gb18030", "gb18030"),
    ],
)
def test_an_encoding_is_guessed_and_said(tmp_path: Path, text: str, encoding: str, known: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    with open_source(path, rows=10) as source:
        names = source.schema.names
        assert source.encoding == known
        assert known in source.notes[0]
        assert "--encoding" in source.notes[0]
        first = next(source.batches).column(names.index("name"))[0].as_py()
    assert first == text.splitlines()[1].split(",")[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (KOREAN, "euc_kr"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE_PERSONS, "euc_jp"),
        (CZECH, "iso8859-2"),
        (HEBREW, "cp1255"),
        (TRADITIONAL, "big5"),
        (TURKISH, "cp1254"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        ("name\nM\x81ller\n", "latin-1"),
    ],
)
def test_an_encoding_that_cannot_be_told_is_asked_for_and_taken(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(TableError, match=r"not UTF-8.*--encoding"):
        read(path)
    assert read(path, encoding=encoding)[0]["name"] == text.splitlines()[1].split(",")[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings_and_utf8_need_no_guess(tmp_path: Path, encoding: str) -> None:
    for name, text in (("a.csv", CHINESE), ("a.jsonl", '{"name": "上海"}\n')):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        with open_source(path, rows=10) as source:
            assert source.notes == []
            assert next(source.batches).to_pylist()[0]["name"].startswith("上海")


def test_an_accent_far_into_the_file_is_seen_before_the_work_begins(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\n" + b"Plain Name\n" * 200_000 + "Müller\n".encode("cp1252"))
    with open_source(path, rows=10) as source:
        assert source.encoding == "cp1252"
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    with pytest.raises(TableError, match=r"0xfc is not UTF-8 \(near line 200002\).*--encoding"):
        read(packed, rows=10_000)
    # The same with two-byte letters cut by the end of a block.
    path.write_bytes(b"name\n" + "Müller\n".encode() * 200_000)
    with open_source(path, rows=10) as source:
        assert source.encoding == "utf-8"


def test_an_encoding_that_does_not_exist_or_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CHINESE.encode("gb18030"))
    for name in ("klingon", "rot13", "hex"):
        with pytest.raises(SettingsError, match="no encoding"):
            read(path, encoding=name)
    with pytest.raises(TableError, match="is not ASCII"):
        read(path, encoding="ascii")
    with pytest.raises(SettingsError, match="no encoding to choose"):
        read(book(tmp_path / "a.xlsx", [["name"], ["A"]]), encoding="cp1252")


# --- packing and formats --------------------------------------------------------------------------


def test_packed_files_are_unpacked_on_the_way(tmp_path: Path) -> None:
    data = b"name\nA\nB\nC\n"
    zst = pa.Codec("zstd").compress(data, asbytes=True)
    for name, content in (
        ("a.csv.gz", gzip.compress(data, mtime=0)),
        ("b.csv.gz", gzip.compress(data[:7], mtime=0) + gzip.compress(data[7:], mtime=0)),
        ("a.csv.zst", zst),
        ("packed", zst),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert [row["name"] for row in read(path)] == ["A", "B", "C"]
    for name, content in (("c.csv.gz", gzip.compress(data * 99, mtime=0)[:-9]), ("c.csv.zst", zst[:-5])):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(TableError, match="cut off or damaged"):
            read(path)


def test_standard_input_is_read_in_every_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.table({"name": ["A", "B"]})
    pq.write_table(table, tmp_path / "a.parquet")
    book(tmp_path / "a.xlsx", [["name"], ["A"], ["B"]])
    contents = {
        "csv": gzip.compress(b"name\nA\nB\n", mtime=0),
        "jsonl": b'{"name": "A"}\n{"name": "B"}\n',
        "parquet": (tmp_path / "a.parquet").read_bytes(),
        "xlsx": (tmp_path / "a.xlsx").read_bytes(),
    }
    for form, content in contents.items():
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert [row["name"] for row in read(STDIN, form=form)] == ["A", "B"], form


@pytest.mark.parametrize(
    ("name", "form", "content", "words"),
    [
        ("a.csv", None, b"PK\x03\x04....", "XLSX workbook or ZIP archive, not CSV"),
        ("a.jsonl", None, b"PAR1....", "a Parquet file, not JSONL"),
        ("a.xlsx", None, b"name\nA\n", "not XLSX"),
        ("a.xlsx", None, b"PK\x03\x04....", "cut off or damaged"),
        ("a.parquet", None, b"PAR1....", "cut off or damaged"),
        ("a", None, b"\xd0\xcf\x11\xe0", "XLS"),
        ("a.csv", "jsonl", b"name\nA\n", "line 1 is not JSON"),
        ("a.jsonl", None, b"[1]\n", "not a JSON object"),
        ("a.jsonl", None, b'{"title": "A"}\n', "no object has a field 'name'"),
        ("a.jsonl", None, b"\n", "empty"),
    ],
)
def test_another_format_is_named(tmp_path: Path, name: str, form: str | None, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TableError) as caught:
        read(path, form=form)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


# --- JSON lines -----------------------------------------------------------------------------------


def test_json_lines_keep_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        {
            "id": 7,
            "Name": "A",
            "country": ["CN", "DE"],
            "n": 1.5,
            "deep": {"a": [1], "Religion": "x"},
            "gender": "f",
        },
        {"name": ["B"], "birth_date": 1965, "n": "text", "none": None},
        {"name": "C", "later": True, "schema": "Person", "address": ["x", "y"]},
        {"name": ["D", "E"]},
        {"name": {"first": "F"}, "country": {"x": 1}},
        {"name": "G", "country": {"x": 1}},
    ]
    path.write_text("\n".join([*map(json.dumps, lines), "", "{oops", "[]", "{}"]), "utf-8")
    with open_source(path, rows=2) as source:
        rows = [row for batch in source.batches for row in batch.to_pylist()]
        assert source.dropped() == ("Religion", "gender")
    assert [row[ROW] for row in rows] == [1, 2, 3, 4, 5, 6, 8, 9, 10], "lines are counted, empty ones are none"
    first, second, third, *bad = rows
    assert (first["id"], first["country"], first["n"], first["deep"]) == ("7", ["CN", "DE"], "1.5", '{"a":[1]}')
    assert (second["name"], second["birth_date"], second["n"], second["none"]) == ("B", ["1965"], '"text"', None)
    assert (third["other_fields"], third["schema"], third["address"]) == ('{"later":true}', "Person", ["x", "y"])
    assert [row[PROBLEM] for row in bad] == [
        "name: a list of 2; give each its own line", "name: an object, not text", None, "not JSON",
        "not a JSON object", "the row is empty",
    ]  # fmt: skip
    assert "screened without it" in bad[2][WARNING]


# --- Parquet and XLSX -----------------------------------------------------------------------------


def test_parquet_keeps_types_and_drops_special_categories(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "id": [1, 2, 3],
            "name": ["A", None, "C"],
            "since": [date(2020, 1, 2)] * 3,
            "who": [{"religion": "x"}] * 3,
        }
    )
    pq.write_table(table, path, row_group_size=2)
    with open_source(path, rows=2) as source:
        assert (source.count, source.dropped()) == (3, ("who",))
        rows = [row for batch in source.batches for row in batch.to_pylist()]
    assert [row[ROW] for row in rows] == [1, 2, 3]
    assert rows[1] == {"id": 2, "name": None, "since": date(2020, 1, 2), ROW: 2}


def test_xlsx_cells_are_read_as_one_sees_them(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        [
            [],
            ["ID", "Name", "when", "Gender"],
            [1.0, "Müller", date(1965, 10, 3), "f"],
            [],
            [2.5, "B", datetime(2020, 1, 2, 3, 4), None, "more"],  # noqa: DTZ001 (a sheet has no zones)
            [True, " C "],
        ],
        "Second",
    )
    with open_source(path, rows=2) as source:
        assert source.dropped() == ("Gender",)
        assert "'Partners'" in source.notes[0]
        rows = [row for batch in source.batches for row in batch.to_pylist()]
    assert [row[ROW] for row in rows] == [3, 4, 5, 6], "as the sheet numbers them"
    assert [row["id"] for row in rows] == ["1", None, "2.5", "true"]
    assert [row["when"] for row in rows] == ["1965-10-03", None, "2020-01-02 03:04:00", ""]
    assert rows[3]["name"] == "C"
    assert rows[1][PROBLEM] == "the row is empty"
    assert rows[2][PROBLEM] == "5 cells where the header has 4 columns"


def test_a_workbook_that_would_not_fit_in_memory_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "a.xlsx", [["name"], *[["A" * 50]] * 200])
    with zipfile.ZipFile(path) as archive:
        size = sum(one.file_size for one in archive.infolist())
    monkeypatch.setattr(workbook, "MAX_BYTES", size // 10)
    monkeypatch.setattr("python_calamine.CalamineWorkbook.from_object", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(TableError, match="too much to read at once"):
        read(path)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
def test_the_columns_of_the_contract_cannot_come_from_outside(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "a.parquet":
        pq.write_table(pa.table({"name": ["A"], ROW: [7]}), path)
    else:
        path.write_text(f"name,{ROW}\nA,7\n" if name == "a.csv" else json.dumps({"name": "A", ROW: 7}), "utf-8")
    with pytest.raises(TableError, match="can't be the name of a column"):
        read(path)


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="the sheet is empty"):
        read(book(tmp_path / "a.xlsx", []))
    with pytest.raises(TableError, match="no column 'name'"):
        read(book(tmp_path / "b.xlsx", [["title"], ["A"]]))
