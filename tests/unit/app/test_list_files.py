"""Files as they are handed in: pages of several quarters make one list."""

from __future__ import annotations

from pathlib import Path

import pytest

from stopship.app.intake.files import read_list_files
from stopship.errors import ListFileError
from stopship.sources.catalogue import parse, source_info

PAGE = (Path(__file__).parents[2] / "sources/us_state_7031c/report.html").read_bytes()
OTHER = PAGE.replace(b"Jane Example", b"Joan Placeholder").replace(b"2024 Report", b"2023 Report")
INFO = source_info("us_state_7031c")


def put(folder: Path, **pages: bytes) -> list[Path]:
    for name, page in pages.items():
        (folder / f"{name}.html").write_bytes(page)
    return [folder / f"{name}.html" for name in pages]


def test_pages_of_several_quarters_are_one_list(tmp_path: Path) -> None:
    files = put(tmp_path, q2=PAGE, q1=b"\xef\xbb\xbf" + OTHER)
    data, name = read_list_files(files, INFO, most=10_000_000)
    assert (data, name) == read_list_files(files[::-1], INFO, most=10_000_000)
    assert (data, name) == read_list_files([tmp_path], INFO, most=10_000_000)
    found = parse(INFO.id, data, name)
    assert {e.caption for e in found.entities} == {"Jane Example", "Joan Placeholder", "Jean-Paul O’Sample"}
    both = next(e for e in found.entities if e.caption == "Jean-Paul O’Sample")
    assert [one.start.year for one in both.listings if one.start] == [2023, 2024]


def test_what_is_no_page_or_is_there_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(ListFileError, match=r"q2\.html is the same page as q1\.html"):
        read_list_files(put(tmp_path, q1=PAGE, q2=PAGE), INFO, most=10_000_000)
    with pytest.raises(ListFileError, match=r"q2\.html is no page"):
        read_list_files(put(tmp_path, q1=PAGE, q2=b"a,b\n"), INFO, most=10_000_000)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ListFileError, match="no page in the folder"):
        read_list_files([tmp_path / "empty"], INFO, most=10_000_000)
