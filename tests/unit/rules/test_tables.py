"""Dated tables: which version holds on a day, what a file is refused for, that they count in the version."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from stopship.errors import RulebookError
from stopship.rules import Rulebook
from stopship.rules.tables import Tables, read_table, render_table

HEADER = {
    "title": "T",
    "source": "S",
    "url": "https://example.org/x",
    "issued": "2026-07-23",
    "in_force": "[2026-07-23, null]",
    "verified_on": "null",
    "made_by": "hand",
}


def text(begins: str = "2026-07-23", ends: str = "null", rows=(("A", "1"),)) -> bytes:
    header = HEADER | {"in_force": f"[{begins}, {ends}]"}
    return render_table(header, ("name", "number"), iter(rows)).encode()


def tables(*days: str, **more) -> Tables:
    return Tables({f"tables/us/t/{day}.tsv": text(day, **more) for day in days})


def test_the_last_version_that_has_begun_holds():
    held = tables("2026-07-23", "2026-10-01")
    assert held.on("us/t", date(2026, 7, 23)).begins == date(2026, 7, 23)
    assert held.on("us/t", date(2026, 9, 30)).begins == date(2026, 7, 23)
    assert held.on("us/t", date(2026, 10, 1)).begins == date(2026, 10, 1)
    assert held.on("us/t", date(2026, 9, 30)).table.ends == date(2026, 10, 1)


def test_before_the_earliest_version_it_is_taken_unconfirmed():
    chosen = tables("2026-07-23").on("us/t", date(2026, 7, 22))
    assert chosen.begins == date(2026, 7, 23)
    assert not chosen.confirmed
    assert tables("2026-07-23").on("us/t", date(2026, 7, 23)).confirmed


def test_rows_by_the_names_of_their_columns():
    assert list(tables("2026-07-23").version("us/t", date(2026, 7, 23)).records()) == [
        {"name": "A", "number": "1"}
    ]


def test_white_space_of_a_cell_cannot_break_a_row():
    rendered = render_table(HEADER, ("a", "b"), iter([("x\ty", "1\n 2")]))
    assert read_table(rendered.encode(), "f", "us/t").rows == (("x y", "1 2"),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text().replace(b"# source: S\n", b""), "the header has no `source`"),
        (text().replace(b"# source: S", b"# sauce: S"), "not a line of the header"),
        (text().replace(b"A\t1", b"A"), "1 cells, 2 columns"),
        (text().replace(b"[2026-07-23, null]", b"2026-07-23"), "in_force"),
        (text().replace(b"[2026-07-23, null]", b"[2026-07-23, 2026-07-23]"), "ends before it begins"),
        (text().replace(b"[2026-07-23", b"[23 July 2026"), "is not a date"),
        (text().replace(b"A\t1", b"\xff\t1"), "not UTF-8"),
        (text().partition(b"name\t")[0], "no line of column names"),
    ],
)
def test_a_malformed_file_is_refused_with_its_name(content, said):
    with pytest.raises(RulebookError, match=said) as error:
        read_table(content, "tables/us/t/2026-07-23.tsv", "us/t")
    assert "tables/us/t/2026-07-23.tsv" in str(error.value)


def test_a_name_that_is_no_day_and_a_day_that_is_not_the_name():
    with pytest.raises(RulebookError, match="named for the day"):
        Tables({"tables/us/t/latest.tsv": text()})
    with pytest.raises(RulebookError, match="its name says 2026-08-01"):
        Tables({"tables/us/t/2026-08-01.tsv": text()}).version("us/t", date(2026, 8, 1))


def test_an_unknown_table_is_refused():
    with pytest.raises(RulebookError, match="there is no such table"):
        tables().on("us/none", date(2026, 8, 1))


def test_tables_count_in_the_version_of_the_rulebook(tmp_path):
    (tmp_path / "facts.yml").write_text("end_user.military: {text: Is it?}\n", "utf-8")
    bare = Rulebook.load(tmp_path).version
    path = tmp_path / "tables" / "us" / "t" / "2026-07-23.tsv"
    path.parent.mkdir(parents=True)
    path.write_bytes(text())
    one = Rulebook.load(tmp_path).version
    path.write_bytes(text(rows=(("A", "2"),)))
    assert len({bare, one, Rulebook.load(tmp_path).version}) == 3
    path.write_bytes(text(rows=(("A", "2"),)).replace(b"\n", b"\r\n"))
    assert Rulebook.load(tmp_path).version not in (bare, one)
    shutil.rmtree(tmp_path / "tables")
    assert Rulebook.load(tmp_path).version == bare


def test_every_packaged_table_can_be_read_and_says_where_it_is_from(book):
    held = list(book.law.tables.all())
    assert len(held) >= 12
    for table in held:
        assert table.header["url"].startswith("https://www.ecfr.gov/"), table.name
        assert table.rows, table.name
        assert table.verified_on is None or table.verified_on >= table.begins
