"""How a file reads at first sight: columns, rows, what the headings probably mean."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from stopship.app.batches.drafts import Draft
from stopship.app.batches.look import first_rows, look_at, look_at_orders
from stopship.app.batches.meanings import chosen_meanings, guessed_meanings
from stopship.app.reading import open_source
from stopship.bulk import layout_of
from stopship.errors import OrderError, SettingsError, TableError


def draft(tmp_path: Path, content: bytes, filename: str = "Partner.csv") -> Draft:
    path = tmp_path / ("input" + Path(filename).suffix)
    path.write_bytes(content)
    return Draft("0" * 32, "user:1", "screen", path.name, filename, len(content), path)


@pytest.mark.parametrize(
    ("headings", "meanings"),
    [
        (("Kunden-Nr.", "Firma", "Straße", "Land"), ("id", "name", "address", "country")),
        (("KUNNR", "NAME1", "STRAS", "LAND1"), ("id", "name", "address", "country")),
        (("客户编号", "公司名称", "国家"), ("id", "name", "country")),
        (("Raison sociale", "Pays"), ("name", "country")),
        (("Company Name", "name", "Date of birth"), (None, "name", "birth_date")),
        (("foo", "bar"), (None, None)),
    ],
)
def test_headings_are_guessed(headings: tuple[str, ...], meanings: tuple[str | None, ...]) -> None:
    found = {heading: meaning for meaning, heading in guessed_meanings(headings).items()}
    assert tuple(found.get(heading) for heading in headings) == meanings


def test_what_was_chosen_is_held_against_sense() -> None:
    assert chosen_meanings([("Firma", "name"), ("x", ""), ("Nr", "id")]) == {"id": "Nr", "name": "Firma"}
    for chosen, where, words in (
        ([("Firma", "")], "name", "no column is the name"),
        ([("Firma", "name"), ("Kunde", "name")], "name", "both be the name: 'Firma' and 'Kunde'"),
        ([("Firma", "religion")], "columns", "is not read"),
    ):
        with pytest.raises(SettingsError, match=words) as caught:
            chosen_meanings(chosen)
        assert caught.value.where == where


def test_a_table_without_a_column_of_names_can_be_looked_at(tmp_path: Path) -> None:
    look = look_at(draft(tmp_path, "Nr;Firma;Religion\n1;Bäcker;x\n2;;\n".encode("cp1252")))
    assert (look.form, look.delimiter, look.headings, look.dropped) == (
        "csv", "semicolons", ("Nr", "Firma"), ("Religion",)
    )  # fmt: skip
    assert [column.values for column in look.columns] == [("1", "2"), ("Bäcker", "")]
    assert (look.numbers, look.encoding, look.guess) == ((2, 3), "cp1252", {"id": "Nr", "name": "Firma"})
    assert "guessed" in look.notes[0]


def test_fields_of_json_lines_keep_their_names(tmp_path: Path) -> None:
    look = look_at(draft(tmp_path, b'{"Firma":"x","name":"y","a":{"b":1}}\n', "p.jsonl"))
    assert look.headings == ("Firma", "name", "a")
    assert [column.values for column in look.columns] == [("x",), ("y",), ('{"b":1}',)]


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\1" * 50, b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0" + b"\0" * 50, b"PK\x03\x04x"],
    ids=["empty", "binary", "pdf", "xls", "zip"],
)
def test_what_is_no_table_gets_one_line_with_its_owners_name(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TableError) as caught:
        look_at(draft(tmp_path, content))
    assert "Partner.csv" in str(caught.value) and str(tmp_path) not in str(caught.value)
    with pytest.raises((OrderError, TableError)):
        look_at_orders(draft(tmp_path, content, "orders.jsonl"))


ROWS = [{"name": "contact", "Firma": "Muster", "Land": "DE"}, {"name": "", "Firma": "Beispiel", "Land": ""}]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx"])
def test_a_person_says_what_the_columns_are(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"
    if form == "csv":
        path.write_text("\n".join(["name,Firma,Land", *(",".join(row.values()) for row in ROWS)]), "utf-8")
    elif form == "jsonl":
        path.write_bytes(b"\n".join(map(orjson.dumps, ROWS)))
    elif form == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(ROWS), path)
    else:
        import xlsxwriter

        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for n, row in enumerate([list(ROWS[0]), *(list(row.values()) for row in ROWS)]):
                sheet.write_row(n, 0, row)
    with open_source(path, columns={"name": "Firma", "country": "Land"}, rows=10) as source:
        batch, more = first_rows(source.batches, 5)
        assert batch is not None and not more
        layout = layout_of(batch.schema)
        assert batch.column(layout.read["name"]).to_pylist() == ["Muster", "Beispiel"]
        assert "contact" in str(batch.to_pylist()[0])  # kept, and read as nothing
    with (
        pytest.raises((TableError, SettingsError), match="no column 'X'"),
        open_source(path, columns={"name": "X"}, rows=10),
    ):
        pass
    with (
        pytest.raises(SettingsError, match="both"),
        open_source(path, columns={"name": "Firma", "id": "Firma"}, rows=10),
    ):
        pass
