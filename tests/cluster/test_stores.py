"""Object stores by URL: partitions and indexes that lie behind fsspec. In memory, and `file://` as other processes
see it; no real store is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.cluster.conftest import Command

from stopship.bulk import ScreenOptions
from stopship.bulk.carried import CACHE, locate
from stopship.bulk.inputs import parquet_files
from stopship.bulk.partitions import MANIFEST, carry_out, plan
from stopship.bulk.places import Place, open_store
from stopship.bulk.terms import Terms
from stopship.errors import IndexFileError, SettingsError, WorkerRefused

pytestmark = pytest.mark.cluster
fsspec = pytest.importorskip("fsspec", reason="object stores were not tested: fsspec is not installed")


@pytest.fixture
def store(source: Path, index: Path) -> Iterator[None]:
    """A store in memory with a little input and the index."""
    memory = fsspec.filesystem("memory")
    table = pq.read_table(source / "a.parquet").slice(0, 3000)
    with memory.open("/bucket/in/country=DE/a.parquet", "wb") as file:
        pq.write_table(table.drop_columns(["country"]), file, row_group_size=700)
    for path in index.iterdir():
        memory.pipe_file(f"/bucket/index/{path.name}", path.read_bytes())
    yield
    memory.rm("/bucket", recursive=True)


@pytest.mark.usefixtures("store")
def test_input_output_and_index_may_lie_in_a_store(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path))
    url = "memory://bucket"
    work = plan(f"{url}/in", f"{url}/out", index, ScreenOptions(), at=f"{url}/index", piece_rows=700)
    manifest = carry_out(work, lambda work, pieces, _done: map(work, pieces))
    assert (manifest["rows"], len(manifest["parts"])) == (3000, 5)
    assert manifest["input"]["files"][0]["keys"] == [("country", "DE")] or manifest["input"]["files"][0]["keys"]
    out = Place(f"{url}/out")
    assert json.loads(out.read(MANIFEST) or b"")["rows"] == 3000
    assert sorted(out.sizes()) == [MANIFEST, *(part["part"] for part in manifest["parts"])]
    with out.open(manifest["parts"][0]["part"]) as file:
        assert set(pq.read_table(file).column("country").to_pylist()) == {"DE"}
    again = plan(f"{url}/in", f"{url}/out", index, ScreenOptions(), at=f"{url}/index", piece_rows=700)
    assert carry_out(again, lambda work, pieces, _done: map(work, pieces))["parts_kept"] == 5
    out.remove(manifest["parts"][2]["part"])
    assert carry_out(again, lambda work, pieces, _done: map(work, pieces))["parts_kept"] == 4
    assert parquet_files(f"{url}/in/**/*.parquet")[1] == ["country=DE/a.parquet"]


@pytest.mark.usefixtures("store")
def test_an_index_of_a_store_is_copied_once_and_held_against_its_hash(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path))
    url, memory = "memory://bucket/index", fsspec.filesystem("memory")
    terms = Terms.of(url)
    assert terms == Terms.of(index)
    folder = locate(url, terms)
    data = next(path.name for path in index.glob("*.bin"))
    memory.rm_file(f"/bucket/index/{data}")
    assert locate(url, terms) == folder  # it is here already
    (folder / "index.json").unlink()
    memory.pipe_file(f"/bucket/index/{data}", b"cut off")
    with pytest.raises((IndexFileError, WorkerRefused)):
        locate(url, terms)
    assert not (folder / "index.json").exists()


def test_workers_read_and_write_by_url(command: Command, source: Path, index: Path, tmp_path: Path) -> None:
    pq.write_table(pq.read_table(source / "a.parquet").slice(0, 4000), tmp_path / "in.parquet")
    said = [
        command(given, "--engine", "local", "--out", out, "--part-rows", 1000, "--processes", 2, "--index-at", at)
        for given, out, at in (
            (tmp_path / "in.parquet", tmp_path / "by-path", index),
            (f"file://{tmp_path}/in.parquet", f"file://{tmp_path}/by-url", f"file://{index}"),
        )
    ]
    assert said[0]["hit"] == said[1]["hit"] > 0
    one, two = ([p.read_bytes() for p in sorted((tmp_path / o).glob("part-*"))] for o in ("by-path", "by-url"))
    assert one == two
    assert len(one) == 4


def test_a_store_whose_part_is_not_installed_is_told() -> None:
    with pytest.raises(SettingsError, match="nosuchstore"):
        open_store("nosuchstore://x/y")
