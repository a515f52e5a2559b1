"""The batch contract: every row answered as the matcher answers it, own columns kept, odd values told."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from stopship.bulk import BatchScreener, ScreenOptions, layout_of, screen_batches
from stopship.bulk.columns import PROBLEM, RESULT, ROW, WARNING
from stopship.bulk.rows import read_query
from stopship.errors import IndexFileError, SettingsError, TableError
from stopship.matching import Index, IndexedList, Matcher
from stopship.model import Entity, Identifier, Listing, Name, NameKind
from stopship.model.values import Schema

NAMES = (
    "Fiktiv Optics Research Institute", "FORI", "fiktiv optic research institut", "Erika Mustermann",
    "Mustermann, E.", "Erika Musterfrau", "Nordwind Fiktiv", "MV Something IMO 9187629", "Bäckerei Müller",
    "海康威视", "", " ", "--",
    "3M", "Иван Петров", "x" * 300,
)  # fmt: skip
ADDRESSES = (
    "",
    "",
    "12 Jianshe Road, Chengdu",
    "c/o Erika Mustermann, Hauptstr. 1, Berlin",
    "Main St 5, Springfield",
    "-",
)
ROWS: dict[str, tuple[str, ...]] = {
    "name": NAMES,
    "schema": ("", "Company", "person", "Vessel", "Firm"),
    "country": ("", "cn", "DE", "China", "Narnia"),
    "address": ADDRESSES,
    "birth_date": ("", "1965-10-03", "1970", "yesterday"),
    "registration_date": ("", "2001", "x"),
}


def some_rows(count: int, seed: int = 3) -> dict[str, list[str]]:
    random.seed(seed)
    return {column: random.choices(values, k=count) for column, values in ROWS.items()}


def by_row(index: Index, rows: dict[str, list[str]], **options: Any) -> list[tuple[Any, ...]]:
    """The reference: one row at a time, nothing sifted."""
    matcher = Matcher(index)
    found = []
    for values in zip(*rows.values(), strict=True):
        cells = {column: value.strip() for column, value in zip(rows, values, strict=True)}
        if not any(c.isalnum() for c in cells["name"] + cells["address"]):
            found.append(("rejected", [], [], 0))
            continue
        query, warnings = read_query(cells)
        matches = matcher.match(query, **options)
        status = "hit" if any(m.alert for m in matches) else "no_hit"
        hits = [(m.entity.id, m.score, m.alert, [e.text for e in m.evidence]) for m in matches[:10]]
        found.append((status, warnings, hits, len(matches)))
    return found


def plain(batch: pa.RecordBatch) -> list[tuple[Any, ...]]:
    return [
        (
            row["status"],
            row["warnings"] if row["status"] != "rejected" else [],
            [(h["entity_id"], h["score"], h["alert"], h["evidence"]) for h in row["hits"]],
            row["hits_total"],
        )
        for row in batch.to_pylist()
    ]


@pytest.mark.parametrize("min_score", [None, 0.5])
def test_a_batch_answers_as_row_by_row(index: Index, min_score: float | None) -> None:
    rows = some_rows(150)
    found = BatchScreener(index, ScreenOptions(min_score)).screen(pa.RecordBatch.from_pydict(rows))
    assert plain(found) == by_row(index, rows, min_score=min_score)
    assert {"hit", "no_hit", "rejected"} == {row[0] for row in plain(found)}


def test_a_sieve_that_knows_the_names_changes_nothing(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that the sieve rules out are not looked up, unless their address must be."""
    rows = some_rows(150, seed=5)
    wanted = by_row(index, rows)
    given: list[tuple[list[str], list[Schema]]] = []
    looked_up: list[str] = []
    match = Matcher.match

    def sift(self: Matcher, data: Any, offsets: Any, schemas: Any, **_: Any) -> Any:
        texts = [bytes(data[a:b]).decode() for a, b in pairwise(offsets)]
        kinds = [tuple(Schema)[n] for n in schemas]
        given.append((texts, kinds))
        alone = [read_query({"name": t, "country": "CN", "birth_date": "1965-10"})[0] for t in texts]
        return np.array([bool(match(self, q)) or not t.isascii() for q, t in zip(alone, texts, strict=True)])

    def counted(self: Matcher, query: Any, **options: Any) -> Any:
        looked_up.append(query.name)
        return match(self, query, **options)

    monkeypatch.setattr(Matcher, "sift", sift)
    monkeypatch.setattr(Matcher, "match", counted)
    batch = pa.RecordBatch.from_pydict(rows)
    found = [BatchScreener(index).screen(part) for part in (batch.slice(0, 70), batch.slice(70))]
    assert [row for part in found for row in plain(part)] == wanted
    assert [text for texts, _ in given for text in texts] == rows["name"]
    kinds = [read_query({"schema": s})[0].schema for s in rows["schema"]]
    assert [kind for _, kinds in given for kind in kinds] == kinds
    assert 0 < looked_up.count("3M") < rows["name"].count("3M"), "those with an address in somebody's care only"


def test_own_columns_are_kept_and_special_categories_never_read(index: Index) -> None:
    batch = pa.RecordBatch.from_pydict(
        {"ID": [7, 8], "Name": ["FORI", "3M"], "status": ["a", None], "Religion": ["x", "y"],
         "when": [date(2020, 1, 2), None], "person": [{"ethnicity": "x"}, None], "Input": [[1], []]}
    )  # fmt: skip
    found = BatchScreener(index).screen(batch)
    assert found.schema.names == ["ID", "Name", "input_status", "when", "Input", *RESULT.names]
    assert found.column("input_status").to_pylist() == ["a", None]
    assert found.column("when").type == pa.date32()
    assert found.column("status").to_pylist() == ["hit", "no_hit"]
    assert layout_of(batch.schema).dropped == ("Religion", "person")


def test_values_of_other_types_are_read_as_text(index: Index) -> None:
    batch = pa.RecordBatch.from_arrays(
        [
            pa.array(["Erika Mustermann", "3M", "Erika Mustermann"]).dictionary_encode(),
            pa.array([date(1965, 10, 3), None, date(1999, 1, 1)]),
            pa.array([["DE", "CN"], [], None]),
            pa.array(["Person"] * 3, pa.large_string()),
            pa.array([datetime(2000, 1, 1, tzinfo=UTC)] * 3, pa.timestamp("us", "UTC")),
        ],
        names=["name", "birth_date", "country", "schema", "registration_date"],
    )
    found = BatchScreener(index).screen(batch).to_pylist()
    assert [row["warnings"] for row in found] == [[], [], []]
    assert "Birth dates agree" in " ".join(found[0]["hits"][0]["evidence"])
    assert "Birth dates agree" not in " ".join(found[2]["hits"][0]["evidence"])


def test_slices_and_nulls_do_not_shift_names(index: Index) -> None:
    names = pa.array([None, "3M", "FORI", None, "Erika Mustermann", "x"])
    for at in range(6):
        batch = pa.RecordBatch.from_arrays([names], names=["name"]).slice(at, 2)
        found = BatchScreener(index).screen(batch)
        wanted = {"FORI": "hit", "Erika Mustermann": "hit", None: "rejected"}
        assert found.column("status").to_pylist() == [
            wanted.get(n, "no_hit") for n in names.slice(at, 2).to_pylist()
        ]


def test_rows_have_numbers_problems_and_warnings_of_the_reader(index: Index) -> None:
    batch = pa.RecordBatch.from_pydict(
        {"name": ["FORI", "FORI"], ROW: [7, 9], PROBLEM: ["broken", None], WARNING: [None, "short"]}
    )
    found = BatchScreener(index).screen(batch)
    assert found.schema.names == ["name", *RESULT.names]
    assert found.column("row").to_pylist() == [7, 9]
    assert found.column("reason").to_pylist() == ["broken", None]
    assert found.column("warnings").to_pylist() == [[], ["short"]]
    assert found.column("hits_total").to_pylist() == [0, 1]


def test_limit_counts_and_hashes(index: Index, index_path: Path) -> None:
    batches = [pa.RecordBatch.from_pydict({"name": ["Fiktiv", "3M"]})] * 2
    found = list(screen_batches(batches, index_path, min_score=0.0, limit=1, first_row=5))
    assert [b.column("row").to_pylist() for b in found] == [[5, 6], [7, 8]]
    rows = [row for batch in found for row in batch.to_pylist()]
    assert len(rows[0]["hits"]) == 1 < rows[0]["hits_total"]
    assert rows[0]["alerts"] == 0
    assert {row["index"] for row in rows} == {index.content_hash}


def test_a_name_that_is_a_broken_export_is_rejected(index: Index) -> None:
    found = BatchScreener(index).screen(pa.RecordBatch.from_pydict({"name": ["A" * 100_001, "FORI"]}))
    assert found.column("status").to_pylist() == ["rejected", "hit"]
    assert "100,001 characters" in found.column("reason")[0].as_py()


def test_what_cannot_be_used_is_refused_in_one_line(index: Index, index_path: Path, tmp_path: Path) -> None:
    def first(batch: pa.RecordBatch, path: Path = index_path, **options: Any) -> Any:
        return next(screen_batches([batch], path, **options))

    good = pa.RecordBatch.from_pydict({"name": ["A"]})
    with pytest.raises(TableError, match="no column 'name'"):
        first(pa.RecordBatch.from_pydict({"title": ["A"]}))
    with pytest.raises(TableError, match="twice"):
        first(pa.RecordBatch.from_pydict({"name": ["A"], "Name ": ["A"]}))
    with pytest.raises(TableError, match="not text"):
        first(pa.RecordBatch.from_pydict({"name": [["A"]]}))
    with pytest.raises(SettingsError, match="score"):
        first(good, min_score=1.5)
    with pytest.raises(SettingsError, match="limit"):
        first(good, limit=0)
    with pytest.raises(IndexFileError, match="no index"):
        first(good, tmp_path / "none")
    with pytest.raises(IndexFileError, match="same index"):
        first(good, index_hash="sha256:ffff")


def test_an_empty_batch_has_the_same_schema(index: Index) -> None:
    screener = BatchScreener(index)
    batch = pa.RecordBatch.from_pydict({"name": ["FORI"], "address": ["x"]})
    assert screener.screen(batch.slice(0, 0)).schema == screener.screen(batch).schema


def test_a_hit_names_entries_of_other_lists_that_are_the_same_party() -> None:
    def entry(key: str, program: str, name: str) -> Entity:
        listing = Listing(source=program, program=program, name=name)
        number = Identifier("tax_id", "7700000016", "RU")
        return Entity(key, Schema.COMPANY, (Name(name, NameKind.PRIMARY),), (listing,), identifiers=(number,))

    lists = [
        (IndexedList(program, f"sha256:{program}", None, None, 1, None, "official"), [entry(key, program, name)])
        for key, program, name in (
            ("a", "us.sdn", "Fiktiv Reederei Nordwind"),
            ("b", "un.sc", "Ganz Anderer Name"),
        )
    ]
    batch = pa.RecordBatch.from_pydict({"name": ["Fiktiv Reederei Nordwind"]})
    (row,) = BatchScreener(Index.build(lists), ScreenOptions()).screen(batch).to_pylist()
    assert [hit["entity_id"] for hit in row["hits"]] == ["a"]
    assert row["hits"][0]["evidence"][-1] == (
        "Also listed under un.sc as Ganz Anderer Name (b, un.sc): the same tax id, 7700000016, RU"
    )


@pytest.mark.parametrize("kind", ["fixed", "uuid"])
def test_bytes_that_are_no_text_are_refused_as_a_column_that_is_read(kind: str) -> None:
    column = pa.array([b"0123456789abcdef"], pa.binary(16))
    if kind == "uuid":
        column = pa.ExtensionArray.from_storage(pa.uuid(), column)
    with pytest.raises(TableError, match="the column 'name' holds"):
        layout_of(pa.schema([("name", column.type)]))


def test_only_rows_whose_read_text_is_not_utf8_are_rejected(index_path: Path) -> None:
    """Lists and dictionaries, too; what isn't read passes as it is."""

    def texts(values: list[bytes]) -> pa.Array:
        return pa.Array.from_buffers(pa.string(), len(values), pa.array(values, pa.binary()).buffers())

    names = texts([b"Erika Mustermann", b"Erika Mustermann", b"Erika Mustermann", b"FORI"])
    countries = pa.ListArray.from_arrays([0, 1, 2, 2, 3], texts([b"DE", b"\xfe", b"CN"]))
    schemas = pa.DictionaryArray.from_arrays(pa.array([0, 0, 1, 0]), texts([b"", b"\xff"]))
    notes = texts([b"\xff", b"", b"", b""])
    batch = pa.record_batch([names, countries, schemas, notes], ["name", "country", "schema", "notes"])
    (answered,) = screen_batches([batch], index_path)
    assert answered.column("status").to_pylist() == ["hit", "rejected", "rejected", "hit"]
    assert answered.column("reason").to_pylist()[1:3] == ["the country is not UTF-8", "the schema is not UTF-8"]
    assert answered.column("notes").equals(notes)
