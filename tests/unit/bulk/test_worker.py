"""The screener of a worker: one a process, the columns of frames, several threads at a time."""

from __future__ import annotations

import pickle
import threading
from pathlib import Path

import pyarrow as pa
import pytest

from stopship.bulk import screen_batches
from stopship.bulk.columns import RESULT, ROW
from stopship.bulk.worker import for_frames, frame_schema
from stopship.errors import IndexFileError, SettingsError, TableError

TABLE = pa.table(
    {
        "Name": ["Erika Mustermann", "Nobody", None],
        "religion": ["x"] * 3,
        "status": ["a", "b", "c"],
        "n": [1, 2, 3],
    }
)


def test_a_frame_keeps_its_columns_and_gets_those_of_the_contract(index_path: Path) -> None:
    work = for_frames(index_path, shared=True, limit=2)
    found = work.of_table(TABLE)
    added = [name for name in RESULT.names if name != "row"]
    assert found.schema.names == ["Name", "input_status", "n", *added]
    assert found.schema.equals(frame_schema(TABLE.schema))
    wanted = pa.Table.from_batches(list(screen_batches(TABLE.to_batches(), index_path, limit=2)))
    for name in added:
        assert found.column(name).to_pylist() == wanted.column(name).to_pylist()
    assert found.column("status").to_pylist() == ["hit", "no_hit", "rejected"]


def test_a_number_of_ones_own_is_the_row(index_path: Path) -> None:
    table = TABLE.append_column(ROW, pa.array([70, 80, 90], pa.int64()))
    found = for_frames(index_path, shared=True).of_table(table)
    assert found.column("row").to_pylist() == [70, 80, 90]
    assert ROW not in found.schema.names


def test_a_part_without_rows_has_the_columns(index_path: Path) -> None:
    found = for_frames(index_path, shared=True).of_table(TABLE.slice(0, 0))
    assert (len(found), found.schema) == (0, frame_schema(TABLE.schema))


def test_threads_of_a_worker_share_one_screener(index_path: Path) -> None:
    work = pickle.loads(pickle.dumps(for_frames(index_path, shared=True)))
    wanted, found = work.of_table(TABLE).to_pylist(), []
    threads = [threading.Thread(target=lambda: found.append(work.of_table(TABLE).to_pylist())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 4


def test_what_cant_be_screened_is_told_before_it_runs(index_path: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexFileError, match="there is no index here"):
        for_frames(tmp_path)
    with pytest.raises(SettingsError):
        for_frames(index_path, threshold=2)
    with pytest.raises(TableError, match="there is no column 'name'"):
        frame_schema(pa.schema([("title", pa.string())]))
    assert for_frames(index_path).at is None, "the engine brings it"
