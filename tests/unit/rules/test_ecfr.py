"""The official XML, on an extract written by hand in its layout; what has another form is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from stopship.errors import RulebookError
from stopship.rules.ecfr import COLUMNS, read_ecfr
from stopship.rules.law_facts import ChartRow

HERE = Path(__file__).parent / "ecfr"


def content(part: int) -> bytes:
    return (HERE / f"part-{part}.xml").read_bytes()


def read(part: int):
    return read_ecfr(content(part), f"part-{part}.xml")


def test_entries_of_the_commerce_control_list():
    entries = {entry.eccn: entry for entry in read(774).entries}
    assert list(entries) == ["3A981", "5A001", "0E982", "2E003"]
    police = entries["3A981"]
    assert police.heading.startswith("Polygraphs; fingerprint analyzers")
    assert police.reasons == "CC"
    assert police.rows == (("CC applies to entire entry", "CC Column 1"),)
    assert police.exceptions == (("LVS", "N/A"), ("GBS", "N/A"))
    assert police.texts[0] == ("related", "", "See ECCN 0A982 for other types of restraint devices.")


def test_paragraphs_and_notes():
    telecom = next(entry for entry in read(774).entries if entry.eccn == "5A001")
    assert "“components”" in telecom.heading
    assert ("item", "a.1", "“Specially designed” to withstand transitory electronic effects;") in telecom.texts
    assert ("note", "1", "A numbered note.") in telecom.texts
    assert len(telecom.rows) == 4


def test_a_row_of_one_cell_an_empty_cell_and_a_table_of_another_kind():
    found = read(774)
    entries = {entry.eccn: entry for entry in found.entries}
    assert entries["0E982"].rows[0][1] is None
    assert entries["2E003"].rows == (
        ("NS applies to entire entry", "NS Column 1"),
        ("AT applies to entire entry", None),
    )
    assert found.unread == ["2E003: a table that begins with 1. Coating process, 2. Substrate"]


def test_the_country_chart():
    found = read(738)
    rows = {row.country: row for row in found.chart}
    assert rows["Canada"] == ChartRow("Canada", ("CB1", "FC1"))
    assert rows["Japan"] == ChartRow("Japan", ("CB1", "NS1", "MT1", "RS1"), ("3",))
    assert rows["Cyprus"].footnotes == ("2", "3", "4")
    assert rows["Cuba"].pointer.startswith("See part 746") and not rows["Cuba"].marks
    assert "CC1" in rows["China"].marks and "FC1" not in rows["China"].marks
    assert found.footnotes["3"].endswith("ECCN 0A919.")


def test_country_groups_and_exceptions():
    found = read(740)
    assert found.groups["A:2"] == ["Japan", "Ukraine"]
    assert found.groups["D:5"] == ["China (PRC)"]
    assert found.groups["B"] == ["Japan", "Taiwan"]
    assert found.groups["E:2"] == ["Cuba"]
    assert [symbol for symbol, _section, _title in found.exceptions] == ["LVS", "NAC", "ACA"]


def swapped(part: int, old: str, new: str) -> bytes:
    data = content(part).decode()
    assert old in data
    return data.replace(old, new).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not readable as XML"),
        (b"<html><body>Service unavailable</body></html>", "there is no Part 738, 740 or 774"),
        (content(738)[:2000], "not readable as XML"),
        (swapped(738, "<TH>NS 1</TH><TH>NS 2</TH>", "<TH>NS 2</TH><TH>NS 1</TH>"), "columns .* have changed"),
        (swapped(738, "<TR><TD>Canada</TD><TD>X</TD><TD/>", "<TR><TD>Canada</TD><TD>X</TD>"), "row of Canada"),
        (swapped(738, "<TR><TD>Canada</TD><TD>X</TD>", "<TR><TD>Canada</TD><TD>?</TD>"), "row of Canada"),
        (swapped(774, "<FP-2><B>", "<FP-2><I>").replace(b"</B></FP-2>", b"</I></FP-2>"), "has no entry"),
        (swapped(774, "<B>2E003 ", "<B>5A001 "), "5A001 stands twice"),
        (swapped(740, "[D:5] U.S. Arms embargoed countries", "[D:6] New"), "Country Group D has other columns"),
        (swapped(740, "<TR><TD>Macau</TD><TD>X</TD>", "<TR><TD>Macau</TD>"), "row of Macau has 4 columns"),
        (swapped(740, "<SCOL2><LI>Japan</LI><LI>Taiwan</LI></SCOL2>", ""), "no list of Country Group B"),
    ],
)
def test_another_form_is_refused(data, said):
    with pytest.raises(RulebookError, match=said) as error:
        read_ecfr(data, "title-15.xml")
    assert "title-15.xml" in str(error.value)


def test_entities_and_document_types_are_refused():
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        b'<DIV5 N="774"><DIV9 N="Supplement No. 1 to Part 774"><FP-2><B>3A981 &b;</B></FP-2></DIV9></DIV5>'
    )
    with pytest.raises(RulebookError, match="document type"):
        read_ecfr(bomb, "bomb.xml")
    outside = b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><DIV5 N="774"/>'
    with pytest.raises(RulebookError, match="document type"):
        read_ecfr(outside, "outside.xml")


def test_columns_are_sixteen():
    assert len(set(COLUMNS)) == 16
