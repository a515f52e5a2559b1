"""New versions of tables: what differs, what is refused, and that older versions stay as they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stopship.errors import RulebookError
from stopship.rules.ecfr import read_ecfr
from stopship.rules.law_facts import country_code
from stopship.rules.refresh import differences, new_tables, problems
from stopship.rules.tables import Tables

HERE = Path(__file__).parent / "ecfr"
FIRST, LATER = date(2026, 10, 1), date(2026, 11, 1)
CHART = "us/ear/country-chart"


def made(part: int, day: date, old: str = "", new: str = "") -> dict[str, str]:
    data = (HERE / f"part-{part}.xml").read_text("utf-8")
    assert old in data
    return new_tables([read_ecfr(data.replace(old, new).encode(), "x.xml")], day, "a test")


def held(*texts: dict[str, str]) -> Tables:
    return Tables({path: text.encode() for each in texts for path, text in each.items()})


def test_everything_is_new_where_nothing_is_held():
    found = {d.name: d for d in differences(held(), made(738, FIRST), FIRST)}
    assert set(found) == {CHART, f"{CHART}-footnotes"}
    assert found[CHART].added[0] == "CA"
    assert found[CHART].path == "tables/us/ear/country-chart/2026-10-01.tsv"


def test_a_later_issue_with_the_same_rows_needs_no_new_version():
    first = made(738, FIRST)
    assert differences(held(first), made(738, LATER), LATER) == []


def test_a_changed_row_is_told_and_only_its_table_is_written():
    first = made(738, FIRST)
    later = made(738, LATER, "<TR><TD>Canada</TD><TD>X</TD>", "<TR><TD>Canada</TD><TD/>")
    (found,) = differences(held(first), later, LATER)
    assert (found.name, found.changed, found.added, found.removed) == (CHART, ("CA",), (), ())


def test_a_requirement_that_changes_is_one_that_goes_and_one_that_comes():
    first = made(774, FIRST)
    later = made(774, LATER, "CC Column 1", "CC Column 2")
    (found,) = differences(held(first), later, LATER)
    assert found.name == "us/ear/ccl-requirements"
    assert len(found.added) == len(found.removed) == 1
    assert found.added[0].startswith("3A981 | CC | * | CC2")


def test_a_day_before_the_latest_version_and_another_text_for_the_same_day_are_refused():
    later = made(738, LATER)
    with pytest.raises(RulebookError, match="later than 2026-10-01"):
        differences(held(later), made(738, FIRST), FIRST)
    other = made(738, LATER, "<TR><TD>Canada</TD><TD>X</TD>", "<TR><TD>Canada</TD><TD/>")
    with pytest.raises(RulebookError, match="another version for the same day"):
        differences(held(later), other, LATER)


def test_a_table_that_shrinks_is_refused_unless_a_person_says_so():
    first = made(774, FIRST)
    cut = (HERE / "part-774.xml").read_text("utf-8")
    cut = cut[: cut.index("<FP-2><B>5A001")] + "</DIV9></DIV5>"
    later = new_tables([read_ecfr(cut.encode(), "x.xml")], LATER, "a test")
    with pytest.raises(RulebookError, match="rows are gone"):
        differences(held(first), later, LATER)
    assert differences(held(first), later, LATER, allow_shrink=True)


def test_footnotes_that_nobody_has_read_are_told(book):
    texts = made(738, FIRST)
    said = list(problems(book.law.tables, texts, [read_ecfr((HERE / "part-738.xml").read_bytes(), "x.xml")]))
    assert "footnote 11 has no reading" in said
    assert any("footnote 4 rests on" in line for line in said)


def test_what_was_not_read_is_told(book):
    read = read_ecfr((HERE / "part-774.xml").read_bytes(), "x.xml")
    said = list(problems(book.law.tables, new_tables([read], FIRST, "a test"), [read]))
    assert any("2E003: a table" in line for line in said)


def test_a_country_that_is_not_known_is_refused():
    with pytest.raises(RulebookError, match="'Atlantis' is not known"):
        made(738, FIRST, "<TD>Canada</TD>", "<TD>Atlantis</TD>")
    assert country_code("Korea, South") == "KR"
    assert country_code("china") == "CN"
