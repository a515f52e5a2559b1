"""METI's list: what stands in the rows beside this file, point by point."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter
import yaml

from stopship.model import Entity, NameKind
from stopship.sources.catalogue import parse
from stopship.sources.contract import ParsedList

ROWS: list[list[str]] = yaml.load((Path(__file__).parent / "rows.yml").read_text("utf-8"), Loader=yaml.BaseLoader)


def workbook(rows: list[list[str]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("EUL")
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def small() -> ParsedList:
    return parse("jp_meti", workbook(ROWS), "eul.xlsx")


def named(parsed: ParsedList, name: str) -> Entity:
    return next(entity for entity in parsed.entities if entity.caption.startswith(name))


def test_rows_are_accounted_for(small: ParsedList) -> None:
    assert (small.rows, small.loaded, small.published) == (4, 3, None)
    assert [(r.row, r.reason) for r in small.rejects] == [(5, "it has no name")]
    assert small.unread == ("No.",)


def test_names_in_two_scripts_and_aliases_behind_bullets(small: ParsedList) -> None:
    names = {name.text: (name.kind, name.script) for name in named(small, "Korea Example").names}
    assert names == {
        "Korea Example-888 Trading Corporation": (NameKind.PRIMARY, None),
        "朝鮮例八八八貿易会社": (NameKind.ALIAS, "Hani"),
        "Korea Example 888 Trading Co.": (NameKind.ALIAS, None),
        "Example 888 Muyeg Hisa": (NameKind.ALIAS, None),
        "Example 888 General Trading Corp": (NameKind.ALIAS, None),
        "例八八八総会社": (NameKind.ALIAS, "Hani"),
    }
    assert [n.text for n in named(small, "Sample").names][1:] == ["Sample Institute", "Old Sample Institute"]


def test_weapons_and_countries(small: ParsedList) -> None:
    assert named(small, "Korea Example").listings[0].tags == ("biological", "chemical", "missiles", "nuclear")
    assert named(small, "Example F").listings[0].tags == ("chemical", "conventional weapons")
    assert named(small, "Korea Example").countries == ("KP",) and named(small, "Example F").countries == ("AF",)
    assert named(small, "Sample").countries == ()
    assert "Country as printed: アトランティス Atlantis" in named(small, "Sample").listings[0].remarks


def test_an_edition_in_english_without_conventional_weapons_is_read_too(small: ParsedList) -> None:
    plain = [
        [cell.splitlines()[-1] if number == 0 else cell for cell in row[:5]] for number, row in enumerate(ROWS)
    ]
    parsed = parse("jp_meti", workbook(plain), "eul.xlsx")
    assert [entity.id for entity in parsed.entities] == [entity.id for entity in small.entities]
    assert named(parsed, "Example F").listings[0].tags == ("chemical",)
