"""A list that is handed in as one file, as several, or as a folder."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from stopship.app.intake.files import read_list_files
from stopship.errors import ListFileError
from stopship.sources.archives import read_archive
from stopship.sources.catalogue import catalogue

INFO = replace(catalogue()["us_ofac_sdn"], files=("a.csv", "b.csv"))
MOST = 10_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "A.CSV").write_bytes(b"1")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"2", mtime=0))
    (tmp_path / "README.txt").write_bytes(b"not of the set")
    return tmp_path


def test_a_folder_and_its_files_give_the_same_bytes(folder: Path) -> None:
    whole, name = read_list_files([folder], INFO, most=MOST)
    parts, _ = read_list_files([folder / "b.csv.gz", folder / "A.CSV"], INFO, most=MOST)
    assert whole == parts and name == folder.name
    assert read_archive(whole, "set") == {"a.csv": b"1", "b.csv": b"2"}


def test_one_file_stays_as_it_is(folder: Path) -> None:
    packed = (folder / "b.csv.gz").read_bytes()
    assert read_list_files([folder / "b.csv.gz"], INFO, most=MOST) == (packed, "b.csv.gz")


def test_what_is_refused(folder: Path) -> None:
    def refused(*paths: Path, files: tuple[str, ...] = INFO.files) -> str:
        with pytest.raises(ListFileError) as caught:
            read_list_files(paths, replace(INFO, files=files), most=MOST)
        return str(caught.value)

    assert "this is a folder" in refused(folder, files=())
    assert "is one file, and 2 were given" in refused(folder / "A.CSV", folder / "b.csv.gz", files=())
    assert "README.txt is no file of us_ofac_sdn" in refused(folder / "A.CSV", folder / "README.txt")
    assert "there is no such file" in refused(folder / "a.csv.gz", folder / "b.csv.gz")
    assert "c.csv is missing" in refused(folder, files=("a.csv", "b.csv", "c.csv"))
    (folder / "b.csv").write_bytes(b"3")
    assert "b.csv is there twice" in refused(folder)
    assert "no file was given" in refused()
