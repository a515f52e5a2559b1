"""Files cut into pieces: every row in one of them, whatever the row groups are."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.bulk.columns import ROW
from stopship.bulk.inputs import parquet_files
from stopship.bulk.pieces import _cuts, cut, read_piece
from stopship.bulk.places import Place
from stopship.errors import TableError


@given(st.lists(st.integers(0, 500), max_size=30), st.integers(1, 120))
def test_every_row_lies_in_one_piece(groups: list[int], piece_rows: int) -> None:
    seen: list[int] = []
    for first_row, rows, (begin, end), skip in _cuts(groups, piece_rows):
        assert rows > 0
        assert rows <= max(piece_rows * 3 // 2, 1)
        assert first_row == sum(groups[:begin]) + skip + 1
        assert rows <= sum(groups[begin:end]) - skip
        seen += range(first_row, first_row + rows)
    assert seen == list(range(1, sum(groups) + 1))


@settings(max_examples=15, deadline=None)
@given(rows=st.integers(1, 9000), group=st.integers(1, 9000), piece=st.integers(200, 9000))
def test_pieces_together_are_the_file(
    tmp_path_factory: pytest.TempPathFactory, rows: int, group: int, piece: int
) -> None:
    folder = tmp_path_factory.mktemp("pieces")
    table = pa.table({"name": [f"n{n}" for n in range(rows)]})
    pq.write_table(table, folder / "a.parquet", row_group_size=max(group, rows // 20 + 1))
    place = Place(str(folder))
    pieces, _schema = cut(place, ["a.parquet"], piece)
    read = [batch for one in pieces for batch in read_piece(place, one)]
    whole = pa.Table.from_batches(read)
    assert whole.column("name").to_pylist() == table.column("name").to_pylist()
    assert whole.column(ROW).to_pylist() == list(range(1, rows + 1))


def test_columns_in_the_names_of_folders_are_read(tmp_path: Path) -> None:
    for part, name in (
        ("country=DE", "a"),
        ("country=__HIVE_DEFAULT_PARTITION__", "b"),
        ("country=C%C3%B4te", "c"),
    ):
        (tmp_path / part).mkdir()
        pq.write_table(pa.table({"name": [name]}), tmp_path / part / "x.parquet")
    place, names, _others = parquet_files(str(tmp_path))
    pieces, schema = cut(place, names)
    assert schema.names == ["name", "country"]
    found = [row for piece in pieces for batch in read_piece(place, piece) for row in batch.to_pylist()]
    assert sorted((row["name"], row["country"]) for row in found) == [("a", "DE"), ("b", None), ("c", "Côte")]


def test_files_with_other_columns_are_refused_by_name(tmp_path: Path) -> None:
    pq.write_table(pa.table({"name": ["a"], "zip": [1]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"name": ["a"], "zip": ["1"]}), tmp_path / "b.parquet")
    place, names, _others = parquet_files(str(tmp_path))
    with pytest.raises(TableError, match=r"b\.parquet: .*'zip' is int64 in the first, string in this one"):
        cut(place, names)


def test_a_damaged_file_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 no, not really PAR1")
    place, names, _others = parquet_files(str(tmp_path))
    with pytest.raises(TableError, match=r"a\.parquet: the Parquet data is cut off or damaged"):
        cut(place, names)


def test_a_folder_a_pattern_and_a_file_are_found(tmp_path: Path) -> None:
    for name in ("a.parquet", "sub/b.parquet", "sub/c.pq", "_old/d.parquet", "notes.txt", "sub/.e.parquet"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        pq.write_table(pa.table({"name": ["x"]}), tmp_path / name)

    def found(source: str) -> list[str]:
        place, names, _others = parquet_files(str(tmp_path / source) if source else str(tmp_path))
        return [str(Path(place.at, name).relative_to(tmp_path)) for name in names]

    assert found("") == ["a.parquet", "sub/b.parquet", "sub/c.pq"]
    assert found("sub/*.parquet") == ["sub/b.parquet"]
    assert found("**/*.parquet") == ["a.parquet", "sub/b.parquet"]
    assert found("a.parquet") == ["a.parquet"]
    for nothing in ("none", "*.csv"):
        with pytest.raises(TableError, match="no Parquet files"):
            found(nothing)
