"""Partitions: each row answered once, whatever is done twice, lost, ended or damaged on the way."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stopship.bulk import ScreenOptions, partition_work, pieces, processes, screen_batches, terms
from stopship.bulk.columns import ROW
from stopship.bulk.partition_work import NOTES, Note, PartitionWork
from stopship.bulk.partitions import MANIFEST, Plan, carry_out, plan
from stopship.bulk.pieces import Piece
from stopship.bulk.places import Place
from stopship.errors import SettingsError, StateError, TableError, WorkerError, WorkerRefused
from stopship.matching import Index, IndexedList

NAMES = (
    "Fiktiv Optics Research Institute",
    "Erika Mustermann",
    "Nobody Whatsoever",
    "",
    "Nordwind Fiktiv",
    "Plain Ltd",
)


def rows(count: int, first: int = 0) -> pa.Table:
    numbers = range(first, first + count)
    return pa.table(
        {
            "id": [f"c{n}" for n in numbers],
            "name": [NAMES[n % len(NAMES)] for n in numbers],
            "country": [("DE", "CN", None)[n % 3] for n in numbers],
            "religion": ["x"] * count,
            "amount": [n / 4 for n in numbers],
        }
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    pq.write_table(rows(250), folder / "a.parquet", row_group_size=60)
    pq.write_table(rows(130, 250), folder / "b.parquet")
    (folder / "_SUCCESS").write_bytes(b"")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def planned(source: Path, out: Path, index_path: Path, **more: Any) -> Plan:
    return plan(str(source), str(out), index_path, more.pop("options", ScreenOptions()), at=str(index_path),
                **{"piece_rows": 50, **more})  # fmt: skip


def one_after_another(
    work: PartitionWork, pieces: Sequence[Piece], _done: Callable[[int], None]
) -> Iterator[Note]:
    yield from map(work, pieces)


def result(out: Path) -> pa.Table:
    return pa.concat_tables(
        pq.read_table(path) for path in sorted(out.glob("part-*.parquet"))
    ).replace_schema_metadata()


def bytes_of(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()
    }


def reference(source: Path, index_path: Path) -> pa.Table:
    tables = []
    for file in sorted(source.glob("*.parquet")):
        table = pq.read_table(file).drop_columns(["religion"])
        table = table.append_column(ROW, pa.array(range(1, len(table) + 1), pa.int64()))
        tables += list(screen_batches(table.combine_chunks().to_batches(), index_path))
    return pa.Table.from_batches(tables)


def test_a_part_of_several_batches_is_counted_whole(
    source: Path, out: Path, index_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "BATCH_ROWS", 16)
    manifest = carry_out(planned(source, out, index_path, piece_rows=1000), one_after_another)
    states = reference(source, index_path).column("status").to_pylist()
    assert manifest["rows"] == 380
    assert [manifest[name] for name in ("hit", "no_hit", "rejected")] == [
        states.count(name) for name in ("hit", "no_hit", "rejected")
    ]


def test_every_row_is_answered_once_as_the_batch_contract_answers_it(
    source: Path, out: Path, index_path: Path
) -> None:
    work = planned(source, out, index_path)
    assert [(p.file.name, p.first_row, p.rows) for p in work.pieces] == [
        ("a.parquet", 1, 60), ("a.parquet", 61, 60), ("a.parquet", 121, 60), ("a.parquet", 181, 60),
        ("a.parquet", 241, 10), ("b.parquet", 1, 50), ("b.parquet", 51, 50), ("b.parquet", 101, 30),
    ]  # fmt: skip
    told: list[tuple[int, int, float | None]] = []
    manifest = carry_out(work, one_after_another, told=lambda *said: told.append(said))
    wanted = reference(source, index_path)
    assert result(out).schema.names == wanted.schema.names
    assert result(out).to_pylist() == wanted.to_pylist()
    states = wanted.column("status").to_pylist()
    assert manifest["rows"] == 380 == manifest["hit"] + manifest["no_hit"] + manifest["rejected"]
    assert (manifest["hit"], manifest["rejected"]) == (states.count("hit"), states.count("rejected"))
    assert manifest["reject_reasons"] == {"the row has neither a name nor an address": manifest["rejected"]}
    assert manifest["dropped_columns"] == ["religion"]
    assert manifest["parts_kept"] == 0
    assert told[-1] == (380, manifest["hit"], 1.0)
    written = orjson.loads((out / MANIFEST).read_bytes())
    assert [part["part"] for part in written["parts"]] == [path.name for path in sorted(out.glob("part-*"))]
    assert written["terms"]["index"] == Index.open(index_path).content_hash


def test_the_processes_of_one_machine_give_the_same_bytes(source: Path, tmp_path: Path, index_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    carry_out(planned(source, one, index_path), one_after_another)

    def run(work: PartitionWork, pieces: Sequence[Piece], done: Callable[[int], None]) -> Iterator[Note]:
        return processes.run(work, pieces, done, index=index_path, processes=2)

    carry_out(planned(source, two, index_path), run)
    assert bytes_of(one) == bytes_of(two)


def test_a_task_that_is_done_twice_leaves_one_part(source: Path, out: Path, index_path: Path) -> None:
    work = planned(source, out, index_path)

    def doubled(work: PartitionWork, pieces: Sequence[Piece], _done: Callable[[int], None]) -> Iterator[Note]:
        for piece in pieces:
            threads = [threading.Thread(target=work._make, args=(piece,)) for _ in range(2)]
            for thread in threads:
                thread.start()
            yield work(piece)
            for thread in threads:
                thread.join()
            yield work(piece)  # an engine that tells it twice

    manifest = carry_out(work, doubled)
    assert manifest["rows"] == 380
    assert result(out).to_pylist() == reference(source, index_path).to_pylist()
    late = work.work(work.pieces[0])  # a lost worker that is back after the end
    assert late["kept"]
    assert len(list(out.glob("part-*"))) == len(work.pieces)
    assert not list(out.rglob("*.tmp"))


def test_a_lost_task_is_no_finished_work_and_the_same_call_goes_on(
    source: Path, out: Path, index_path: Path
) -> None:
    def forgetful(work: PartitionWork, pieces: Sequence[Piece], _done: Callable[[int], None]) -> Iterator[Note]:
        yield from map(work, pieces[:-1])

    with pytest.raises(WorkerError, match="a part is missing"):
        carry_out(planned(source, out, index_path), forgetful)
    assert not (out / MANIFEST).exists()
    (out / "_part-000002-0.parquet.0.tmp").write_bytes(b"of a task that was ended")
    again = planned(source, out, index_path)
    assert again.found
    manifest = carry_out(again, one_after_another)
    assert (manifest["parts_kept"], len(manifest["parts"])) == (7, 8)
    assert result(out).to_pylist() == reference(source, index_path).to_pylist()
    assert not list(out.glob("*.tmp"))


def test_a_finished_output_is_verified_and_what_is_damaged_is_made_again(
    source: Path, out: Path, index_path: Path
) -> None:
    carry_out(planned(source, out, index_path), one_after_another)
    before = bytes_of(out)
    parts = sorted(out.glob("part-*"))
    parts[1].write_bytes(parts[1].read_bytes()[:-1] + b"?")
    parts[3].unlink()
    (out / NOTES / f"{parts[5].name}.json").write_bytes(b"{")
    manifest = carry_out(planned(source, out, index_path), one_after_another)
    assert manifest["parts_kept"] == 5
    assert bytes_of(out) == before


def test_the_manifest_is_gone_while_a_part_is_not_there(source: Path, out: Path, index_path: Path) -> None:
    carry_out(planned(source, out, index_path), one_after_another)
    next(out.glob("part-*")).unlink()

    def ended(work: PartitionWork, pieces: Sequence[Piece], _done: Callable[[int], None]) -> Iterator[Note]:
        yield work(pieces[0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(planned(source, out, index_path), ended)
    assert not (out / MANIFEST).exists()


@pytest.mark.parametrize("what", ["input", "options", "part rows", "lists"])
def test_other_work_is_refused_where_some_was_begun(
    what: str, source: Path, out: Path, index_path: Path, tmp_path: Path
) -> None:
    carry_out(planned(source, out, index_path), one_after_another)
    more: dict[str, Any] = {}
    if what == "input":
        pq.write_table(rows(130, 251), source / "b.parquet")
    elif what == "options":
        more["options"] = ScreenOptions(min_score=0.5)
    elif what == "part rows":
        more["piece_rows"] = 70
    else:
        index_path = tmp_path / "other"
        other_index().write(index_path)
    before = bytes_of(out)
    with pytest.raises(SettingsError, match=f"not the same {what}"):
        planned(source, out, index_path, **more)
    assert bytes_of(out) == before


def other_index() -> Index:
    return Index.build([(IndexedList("other", "sha256:01", None, None, 0, None, "custom"), [])])


def test_files_of_somebody_else_are_not_written_among(source: Path, out: Path, index_path: Path) -> None:
    out.mkdir()
    (out / "report.parquet").write_bytes(b"")
    with pytest.raises(TableError, match=r"other files in the output folder \(report\.parquet\)"):
        planned(source, out, index_path)


@pytest.mark.parametrize("name", ["ENGINE", "NORMALIZER_VERSION", "SCORER_VERSION"])
def test_a_process_of_another_version_is_refused_also_where_all_is_done(
    name: str, source: Path, out: Path, index_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = planned(source, out, index_path)
    carry_out(work, one_after_another)
    monkeypatch.setattr(terms, name, "another-1")
    with pytest.raises(WorkerRefused, match=r"^process \d+ on .*has .* another-1, the work was begun with"):
        carry_out(work, one_after_another)


def test_a_process_with_another_index_is_refused(
    source: Path, out: Path, index_path: Path, tmp_path: Path
) -> None:
    at = tmp_path / "shared"
    Index.open(index_path).write(at)
    work = plan(str(source), str(out), index_path, ScreenOptions(), at=str(at), piece_rows=50)
    other_index().write(at)
    with pytest.raises(WorkerRefused, match="the work was begun with"):
        carry_out(work, one_after_another)
    assert not list(out.glob("part-*"))


def test_a_shared_index_that_is_another_is_refused_before_anything_begins(
    source: Path, out: Path, index_path: Path, tmp_path: Path
) -> None:
    other_index().write(tmp_path / "shared")
    with pytest.raises(SettingsError, match="the lists in use make"):
        plan(str(source), str(out), index_path, ScreenOptions(), at=str(tmp_path / "shared"))
    assert not out.exists()


def test_an_input_that_changes_meanwhile_is_refused(source: Path, out: Path, index_path: Path) -> None:
    work = planned(source, out, index_path)
    pq.write_table(rows(131, 250), source / "b.parquet")
    with pytest.raises(TableError, match="the file was changed since the work began"):
        carry_out(work, one_after_another)


def test_a_full_disk_is_told_in_one_line(
    source: Path, out: Path, index_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = planned(source, out, index_path)

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("stopship.bulk.places.Place.write", full)
    with pytest.raises(
        StateError, match=r"can't be written: No space left on device.*give the same command again"
    ):
        carry_out(work, one_after_another)


def test_an_empty_input_has_an_output_with_columns(tmp_path: Path, out: Path, index_path: Path) -> None:
    pq.write_table(rows(0), tmp_path / "none.parquet")
    manifest = carry_out(planned(tmp_path / "none.parquet", out, index_path), one_after_another)
    assert manifest["rows"] == 0
    assert "hits" in result(out).schema.names


def test_stores_are_given_bytes(
    source: Path, out: Path, index_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client of an object store may refuse every other buffer, as that of S3 does."""
    write, given = Place.write, set()

    def watched(place: Place, name: str, data: bytes) -> None:
        given.add(type(data))
        write(place, name, data)

    monkeypatch.setattr(Place, "write", watched)
    carry_out(planned(source, out, index_path), one_after_another)
    assert given == {bytes}


def test_a_row_that_is_not_utf8_is_rejected_and_the_others_are_answered(
    tmp_path: Path, out: Path, index_path: Path
) -> None:
    broken = [b"Fiktiv Optics Research Institute", b"M\xfcller", b"Erika Mustermann"]
    country = pa.array([b"CN", b"DE", b"\xff"], pa.binary())
    names = pa.array(broken, pa.binary())
    texts = [pa.Array.from_buffers(pa.string(), 3, one.buffers()) for one in (names, country)]
    pq.write_table(pa.table(texts, names=["name", "country"]), tmp_path / "in.parquet")
    manifest = carry_out(planned(tmp_path / "in.parquet", out, index_path), one_after_another)
    assert (manifest["hit"], manifest["rejected"]) == (1, 2)
    assert manifest["reject_reasons"] == {"the country is not UTF-8": 1, "the name is not UTF-8": 1}


def test_output_lies_apart_from_the_input(source: Path, tmp_path: Path, index_path: Path) -> None:
    for inside in (source, source / "screened"):
        with pytest.raises(SettingsError, match="the output would lie in the input folder"):
            planned(source, inside, index_path)
        assert not (source / "screened").exists()
    carry_out(planned(source, source / "_screened", index_path), one_after_another)
    # A single file is no folder that is read whole.
    carry_out(planned(source / "a.parquet", source / "beside", index_path), one_after_another)


def test_parts_of_other_work_in_subfolders_are_strangers(source: Path, out: Path, index_path: Path) -> None:
    carry_out(planned(source, out / "2026-01-01", index_path), one_after_another)
    with pytest.raises(TableError, match="there are other files in the output folder"):
        planned(source, out, index_path)


def test_a_task_that_comes_back_when_the_folder_is_of_other_work_writes_nothing(
    source: Path, out: Path, index_path: Path
) -> None:
    late = planned(source, out, index_path)
    shutil.rmtree(out)
    carry_out(planned(source, out, index_path, piece_rows=90), one_after_another)
    before = bytes_of(out)
    note = late.work(late.pieces[0])
    assert "other work" in note["failed"]["message"]
    shutil.rmtree(out)
    assert "other work" in late.work(late.pieces[0])["failed"]["message"]
    assert not out.exists()
    assert before


def test_the_manifest_is_gone_where_a_damaged_part_can_not_be_made_again(
    source: Path, out: Path, index_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out(planned(source, out, index_path), one_after_another)
    part = min(out.glob("part-*"))
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    again = planned(source, out, index_path)

    def damaged(*_given: Any) -> Iterator[pa.RecordBatch]:
        raise TableError("the Parquet data is cut off or damaged")

    monkeypatch.setattr(partition_work, "read_piece", damaged)
    with pytest.raises(TableError):
        carry_out(again, one_after_another)
    assert not (out / MANIFEST).exists()


def test_a_finished_output_may_be_read_only(
    source: Path, out: Path, index_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out(planned(source, out, index_path), one_after_another)

    def refused(*_given: Any) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Place, "write", refused)
    manifest = carry_out(planned(source, out, index_path), one_after_another)
    assert manifest["parts_kept"] == len(manifest["parts"])


def test_values_of_special_categories_in_names_of_folders_are_kept_nowhere_of_ours(
    tmp_path: Path, out: Path, index_path: Path
) -> None:
    folder = tmp_path / "in" / "religion=none-of-ours"
    folder.mkdir(parents=True)
    pq.write_table(rows(10).drop_columns(["religion"]), folder / "a.parquet")
    manifest = carry_out(planned(tmp_path / "in", out, index_path), one_after_another)
    assert manifest["dropped_columns"] == ["religion"]
    assert manifest["input"]["files"][0]["keys"] in ([("religion", None)], (("religion", None),))
    assert "religion" not in result(out).column_names


def test_columns_with_names_of_ours_are_refused(tmp_path: Path, out: Path, index_path: Path) -> None:
    pq.write_table(rows(3).append_column("_stopship_problem", pa.array([1, 2, 3])), tmp_path / "in.parquet")
    with pytest.raises(TableError, match="_stopship_problem"):
        planned(tmp_path / "in.parquet", out, index_path)


@pytest.mark.parametrize("raw", [b"[1]", b'"x"', b"{"])
def test_a_note_that_is_none_is_made_again(raw: bytes, source: Path, out: Path, index_path: Path) -> None:
    carry_out(planned(source, out, index_path), one_after_another)
    note = min((out / NOTES).glob("part-*.json"))
    note.write_bytes(raw)
    manifest = carry_out(planned(source, out, index_path), one_after_another)
    assert manifest["parts_kept"] == len(manifest["parts"]) - 1


def test_an_output_that_is_a_file_is_one_line(source: Path, tmp_path: Path, index_path: Path) -> None:
    (tmp_path / "hits.parquet").write_bytes(b"mine")
    with pytest.raises(StateError, match="can't be used: Not a directory"):
        planned(source, tmp_path / "hits.parquet", index_path)
    assert (tmp_path / "hits.parquet").read_bytes() == b"mine"
