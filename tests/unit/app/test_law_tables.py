"""`stopship rules refresh`: shows, writes beside what is there, and the rulebook then reads it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

import stopship
from stopship.app.law_tables import refresh_tables
from stopship.errors import RulebookError
from stopship.rules import Rulebook

EXTRACTS = Path(__file__).parents[1] / "rules" / "ecfr"
ISSUED = date(2026, 10, 1)


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "rulebook"
    shutil.copytree(Path(stopship.__file__).parent / "rulebook", target)
    return target


def files(*parts):
    return [EXTRACTS / f"part-{part}.xml" for part in parts]


def test_showing_writes_nothing(folder):
    before = sorted(folder.rglob("*"))
    found = refresh_tables(files(738, 740, 774), folder, issued=ISSUED, allow_shrink=True)
    assert {d.name for d in found.differences} >= {
        "us/ear/country-chart",
        "us/ear/ccl-entries",
        "us/ear/country-groups",
    }
    assert found.written == ()
    assert sorted(folder.rglob("*")) == before


def test_a_new_version_stands_beside_the_old_one_and_holds_from_its_day(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*.tsv")}
    found = refresh_tables(files(774), folder, issued=ISSUED, verified_on=ISSUED, allow_shrink=True, write=True)
    assert found.written
    assert all(path.read_bytes() == content for path, content in before.items())
    book = Rulebook.load(folder)
    assert book.version != Rulebook.load().version
    assert len(book.law.ccl(date(2026, 9, 30))) == 633
    assert len(book.law.ccl(ISSUED)) == 4
    table = book.law.tables.version("us/ear/ccl-entries", ISSUED)
    assert table.verified_on == ISSUED
    assert table.header["url"].endswith("/2026-10-01/title-15.xml?part=774")


def test_the_same_files_again_change_nothing(folder):
    refresh_tables(files(738), folder, issued=ISSUED, allow_shrink=True, write=True)
    assert refresh_tables(files(738), folder, issued=ISSUED, write=True).written == ()


def test_the_packaged_rulebook_is_not_written():
    with pytest.raises(RulebookError, match="packaged rulebook is not written"):
        refresh_tables(files(738), None, issued=ISSUED, allow_shrink=True, write=True)


def test_a_shrink_is_refused(folder):
    with pytest.raises(RulebookError, match="--allow-shrink"):
        refresh_tables(files(738), folder, issued=ISSUED)


def test_a_file_that_is_not_there(folder):
    with pytest.raises(RulebookError, match=r"none\.xml: can't be read"):
        refresh_tables([folder / "none.xml"], folder, issued=ISSUED)
