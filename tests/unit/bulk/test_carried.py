"""An index that travels: whole, the one that is meant, once a machine."""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path

import pytest

from stopship.bulk import carried, terms
from stopship.bulk.carried import CACHE, locate, pack, unpack
from stopship.bulk.terms import Terms
from stopship.errors import IndexFileError, WorkerRefused
from stopship.matching import Index, IndexedList


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def other(tmp_path: Path) -> Path:
    Index.build([(IndexedList("other", "sha256:01", None, None, 0, None, "custom"), [])]).write(tmp_path / "other")
    return tmp_path / "other"


def test_what_was_packed_is_there_once_and_mapped_once(index_path: Path, cache: Path) -> None:
    wanted = Terms.of(index_path)
    packed = pack(index_path, wanted)
    threads = [threading.Thread(target=unpack, args=(packed, wanted)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in cache.iterdir() if path.is_dir()] == [wanted.key]
    folder = locate(None, wanted)
    assert wanted.open(folder) is wanted.open(unpack(memoryview(packed), wanted))
    assert wanted.open(folder).content_hash == Index.open(index_path).content_hash


def test_another_index_in_the_pack_is_refused_and_leaves_nothing(
    index_path: Path, tmp_path: Path, cache: Path
) -> None:
    foreign = other(tmp_path)
    packed = pack(foreign, Terms.of(foreign))
    with pytest.raises(WorkerRefused, match=r"has index .* the work was begun with"):
        unpack(packed, Terms.of(index_path))
    assert [path for path in cache.iterdir() if path.is_dir()] == []


def test_altered_bytes_are_refused(index_path: Path, tmp_path: Path) -> None:
    wanted = Terms.of(index_path)
    packed = pack(index_path, wanted)
    file = tmp_path / "altered.zip"
    with zipfile.ZipFile(file, "w") as target, zipfile.ZipFile(_as_file(packed)) as source:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data if name.endswith(".json") else data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(IndexFileError, match="truncated or altered"):
        unpack(file.read_bytes(), wanted)


def _as_file(data: bytes):  # type: ignore[no-untyped-def]
    import io

    return io.BytesIO(data)


def test_a_damaged_copy_in_the_cache_is_made_again(index_path: Path) -> None:
    wanted = Terms.of(index_path)
    folder = unpack(pack(index_path, wanted), wanted)
    data = next(folder.glob("*.bin"))
    data.write_bytes(data.read_bytes()[:-8])
    assert unpack(pack(index_path, wanted), wanted) == folder
    assert wanted.open(folder).content_hash == wanted.index


def test_an_index_that_nobody_brought_is_told(index_path: Path) -> None:
    with pytest.raises(IndexFileError, match="has not brought the index"):
        locate(None, Terms.of(index_path))


def test_the_same_lists_with_other_bytes_are_another_index(
    index_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the code that builds an index was changed without a new version."""
    wanted = Terms.of(index_path)
    changed = Terms(**{**wanted.to_plain(), "data": "0" * 64})
    with pytest.raises(WorkerRefused, match="bytes 000000000000"):
        changed.verify(index_path)


def test_a_process_of_another_version_makes_no_copy(
    index_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = Terms.of(index_path)
    folder = unpack(pack(index_path, wanted), wanted)
    before = folder.stat().st_ino
    monkeypatch.setattr(terms, "NORMALIZER_VERSION", "names-0")
    with pytest.raises(WorkerRefused, match="normalizer names-0"):
        locate(None, wanted)
    assert folder.stat().st_ino == before


def test_the_cache_of_another_user_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(CACHE)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(carried.os, "getuid", lambda: 4711)
    with pytest.raises(carried.StateError, match="belongs to another user"):
        carried.cache_folder()
