"""Which files are read: nothing that was meant is left out without a word, nothing else is read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from stopship.bulk import inputs
from stopship.bulk.inputs import parquet_files
from stopship.errors import SettingsError, StateError, TableError


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_links_to_folders_are_followed_each_once_and_a_link_to_nowhere_is_missed(tmp_path: Path) -> None:
    touch(tmp_path, "in/a.parquet", "other/b.parquet")
    (tmp_path / "in" / "2026-02").symlink_to(tmp_path / "other")
    (tmp_path / "other" / "back").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "c.parquet").symlink_to(tmp_path / "nowhere")
    _place, names, others = parquet_files(str(tmp_path / "in"))
    assert names == ["2026-02/b.parquet", "a.parquet", "c.parquet"]
    assert others == 0


def test_files_of_other_names_are_counted(tmp_path: Path) -> None:
    touch(tmp_path, "a.parquet", "000000_0", "day=1/notes.txt", "_SUCCESS", ".a.parquet.crc", "_old/b.parquet")
    assert parquet_files(str(tmp_path))[1:] == (["a.parquet"], 2)


def test_a_path_that_exists_is_no_pattern(tmp_path: Path) -> None:
    touch(tmp_path, "a?.parquet", "ab.parquet", "L [x]/c.parquet")
    assert parquet_files(str(tmp_path / "a?.parquet"))[1] == ["a?.parquet"]
    assert parquet_files(str(tmp_path / "L [x]"))[1] == ["c.parquet"]
    assert parquet_files(str(tmp_path / "a*.parquet"))[1] == ["a?.parquet", "ab.parquet"]


def test_a_folder_that_can_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a.parquet", "closed/b.parquet")
    scan = os.scandir

    def refused(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr("os.scandir", refused)
    with pytest.raises(StateError, match="closed: can't be read: Permission denied"):
        parquet_files(str(tmp_path))


def test_what_can_not_be_a_pattern_or_a_name_is_one_line(tmp_path: Path) -> None:
    with pytest.raises((SettingsError, TableError)):  # newer Pythons take it as one star
        parquet_files(str(tmp_path / "2026**.parquet"))
    (tmp_path / os.fsdecode(b"\xff.parquet")).touch()
    with pytest.raises(TableError, match="not UTF-8"):
        parquet_files(str(tmp_path))


class Store:
    """Knows its files by paths without their host, as that of HDFS does."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def isfile(self, path: str) -> bool:
        return path in self.names

    def exists(self, path: str) -> bool:
        return any(name == path or name.startswith(f"{path}/") for name in self.names)

    def find(self, path: str) -> list[str]:
        return [name for name in self.names if name.startswith(f"{path}/")]

    def glob(self, path: str) -> list[str]:
        return [name for name in self.names if name.startswith(path.partition("*")[0])]


@pytest.mark.parametrize(
    ("given", "root", "folder", "names"),
    [
        ("hdfs://node:8020/x/", "/x", "hdfs://node:8020/x", ["/a.parquet", "a.parquet", "k=1/b.parquet"]),
        ("hdfs://node:8020/x/k=*/*.parquet", "/x/k=*/*.parquet", "hdfs://node:8020/x", ["k=1/b.parquet"]),
        ("hdfs://node:8020/x/a.parquet", "/x/a.parquet", "hdfs://node:8020/x", ["a.parquet"]),
    ],
)
def test_the_address_of_a_store_keeps_its_host(
    given: str, root: str, folder: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store("/x/a.parquet", "/x//a.parquet", "/x/k=1/b.parquet")
    monkeypatch.setattr(inputs, "open_store", lambda _url: (store, root))
    place, found, _others = parquet_files(given)
    assert (place.at, found) == (folder, names)


def test_a_store_without_a_folder_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "open_store", lambda _url: (Store(), ""))
    with pytest.raises(SettingsError, match="no folder is named"):
        parquet_files("s3://")
