"""A stray cell far off must not make the reader of workbooks ask for all memory there is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from benchmarks.lists.seeds import own, seeds, workbook

from stopship.app.reading import open_source
from stopship.errors import ListFileError, TableError
from stopship.sources.catalogue import parse
from stopship.sources.sheet_bounds import look_through

ROWS = next(seed.rows for seed in seeds() if seed.source == "jp_meti")


def changed(data: bytes, old: bytes, new: bytes, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(buffer, "w") as made:
        for entry in archive.infolist():
            content = archive.read(entry)
            if entry.filename == name:
                assert old in content
                content = content.replace(old, new, 1)
            made.writestr(entry.filename, content)
    return buffer.getvalue()


STRAY = (
    b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>',
    b"<row r='1048576'><c t='n' r='xfd1048576'><v>1</v></c></row></sheetData>",
    b'<row r="99999999"><c><v>1</v></c></row></sheetData>',
    b'<row r="9"><c r="ZZZZZZZ9"><v>1</v></c></row></sheetData>',
)


@pytest.mark.parametrize("stray", STRAY)
def test_a_stray_cell_is_refused_before_the_workbook_is_opened(stray: bytes, tmp_path: Path) -> None:
    data = changed(workbook(ROWS), b"</sheetData>", stray)
    with pytest.raises(ListFileError, match=r"spans .* cells"):
        parse("jp_meti", data, "list.xlsx")
    mine = changed(workbook((("No", "Party"), ("1", "A"))), b"</sheetData>", stray)
    with pytest.raises(ListFileError, match=r"spans .* cells"):
        parse("custom.fuzz", own(mine, "list.xlsx"), "list.xlsx")
    partners = tmp_path / "partners.xlsx"
    partners.write_bytes(changed(workbook((("id", "name"), ("1", "A"))), b"</sheetData>", stray))
    with pytest.raises(TableError, match=r"spans .* cells"), open_source(partners, rows=100):
        pass


def test_what_is_counted() -> None:
    data = workbook((("a", "b", "c"), ("1", "2", "3")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        bounds = look_through(archive, 10_000_000)
        assert (bounds.cells, bounds.formulas) == (6, 0) and bounds.size > 1_000
        assert look_through(archive, 100).size > 100
    formula = changed(data, b"</sheetData>", b'<row r="3"><c r="A3"><f>1+1</f></c></row></sheetData>')
    with zipfile.ZipFile(io.BytesIO(formula)) as archive:
        assert look_through(archive, 10_000_000).formulas == 1


def test_a_cell_is_found_wherever_a_block_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    from stopship.sources import sheet_bounds

    data = changed(workbook((("a",),)), b"</sheetData>", b" " * 500 + STRAY[0])
    for block in range(300, 700, 7):
        monkeypatch.setattr(sheet_bounds, "_BLOCK", block)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert look_through(archive, 10_000_000).cells == 1048576 * 16384


def test_texts_that_are_only_announced_are_refused() -> None:
    """Room for as many texts as the part says it has is made before the first is read."""
    for count in (b"2147483648", b"99999999999999"):
        data = changed(workbook(ROWS), b'uniqueCount="', b'uniqueCount="' + count, "xl/sharedStrings.xml")
        with pytest.raises(ListFileError, match=r"spans .* cells"):
            parse("jp_meti", data, "list.xlsx")
