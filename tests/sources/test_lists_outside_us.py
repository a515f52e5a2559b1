"""Lists of the UN, the EU and five states: what every one of their readers must do, and what none may do.

Each folder beside this file holds a small file in the official layout, written for these tests (every party in it
is invented), and `expected.jsonl`, the outcome, checked by hand. Values of special categories in the files begin
with "zqx", so that a search finds any that got through.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from stopship.errors import ListFileError, SourceDrift
from stopship.model import NameKind, Program
from stopship.model.serialize import entity_from_plain, entity_to_plain
from stopship.sources import containers
from stopship.sources.catalogue import catalogue, parse
from stopship.sources.contract import SPECIAL_CATEGORIES

HERE = Path(__file__).parent
XML = {
    "un_sc": "consolidated.xml",
    "eu_fsf": "full_1_1.xml",
    "uk_sl": "UK-Sanctions-List.xml",
    "ca_sema": "sema-lmes.xml",
    "ch_seco": "consolidated-list.xml",
}
PROGRAMS = {
    "un_sc": Program.UN_SC,
    "eu_fsf": Program.EU_FSF,
    "uk_sl": Program.UK_SL,
    "ca_sema": Program.CA_SEMA,
    "ch_seco": Program.CH_SECO,
    "au_dfat": Program.AU_DFAT,
    "jp_meti": Program.JP_EUL,
}
WORKBOOKS = ("au_dfat", "jp_meti")
ENTRY = {
    "un_sc": "INDIVIDUAL",
    "eu_fsf": "sanctionEntity",
    "uk_sl": "Designation",
    "ca_sema": "record",
    "ch_seco": "target",
}


def workbook(rows: list[list[str]]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, cell)
    return buffer.getvalue()


def table(source: str) -> list[list[str]]:
    if source == "au_dfat":
        with (HERE / source / "rows.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    rows: list[list[str]] = yaml.load((HERE / source / "rows.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    return rows


def file_of(source: str) -> bytes:
    if source in WORKBOOKS:
        return workbook(table(source))
    return (HERE / source / ("UK-Sanctions-List.csv" if source == "uk_sl" else XML[source])).read_bytes()


def xml_of(source: str) -> bytes:
    return (HERE / source / XML[source]).read_bytes()


def message(source: str, data: bytes, error: type[ListFileError] = ListFileError) -> str:
    with pytest.raises(error) as caught:
        parse(source, data, "list.xml")
    text = str(caught.value)
    assert "list.xml: " in text and "\n" not in text and len(text) < 400, text
    return text


@pytest.mark.parametrize("source", PROGRAMS)
def test_every_entry_comes_out_as_expected(source: str) -> None:
    parsed = parse(source, file_of(source), "list")
    lines = (HERE / source / "expected.jsonl").read_bytes().splitlines()
    expected = tuple(entity_from_plain(orjson.loads(line)) for line in lines)
    assert {entity.id: entity for entity in parsed.entities} == {entity.id: entity for entity in expected}
    assert parsed.entities == expected
    assert parsed.rows == parsed.loaded + len(parsed.rejects)
    assert parsed.rejects and all(reject.row > 0 and reject.reason for reject in parsed.rejects)


@pytest.mark.parametrize("source", PROGRAMS)
def test_entities_hold_what_the_engine_relies_on(source: str) -> None:
    for entity in parse(source, file_of(source), "list").entities:
        assert entity.id.startswith(f"{PROGRAMS[source].value}-")
        assert {listing.program for listing in entity.listings} == {PROGRAMS[source].value}
        assert {listing.source for listing in entity.listings} == {source}
        assert [name.kind for name in entity.names].count(NameKind.PRIMARY) == 1
        assert entity.names[0].kind is NameKind.PRIMARY
        texts = [name.text for name in entity.names]
        assert len(set(texts)) == len(texts)
        assert all(text == " ".join(text.split()) and text for text in texts)
        assert entity_from_plain(entity_to_plain(entity)) == entity


@pytest.mark.parametrize("source", PROGRAMS)
def test_no_special_category_reaches_an_entity(source: str) -> None:
    """jp_meti alone prints organizations only, and so nothing to drop."""
    parsed = parse(source, file_of(source), "list")
    assert "zqx" not in repr(parsed)
    plain = repr([entity_to_plain(entity) for entity in parsed.entities])
    assert not re.search(r"\b(?:Maulavi|Mullah|Haji|Imam)\b", plain)
    assert not re.search(r"(?i)\b(?:gender|sex|religion|eye colour|tribe)\b", plain)


@pytest.mark.parametrize("source", PROGRAMS)
def test_a_column_of_a_special_category_is_never_declared_as_read(source: str) -> None:
    words = {word for category in SPECIAL_CATEGORIES for word in category.split()} - {
        "data",
        "group",
        "type",
        "view",
    }
    for column in catalogue()[source].read:
        last = re.split(r"[/@ ]", column)[-1].lower()
        assert last not in words, column


@pytest.mark.parametrize("source", PROGRAMS)
def test_gzip_is_undone_whatever_the_name(source: str) -> None:
    data = file_of(source)
    assert parse(source, gzip.compress(data, mtime=0), "list") == parse(source, data, "list")


@pytest.mark.parametrize("source", XML)
def test_ids_and_entities_survive_shuffled_entries(source: str) -> None:
    tree = etree.fromstring(xml_of(source))
    ordered = parse(source, xml_of(source), "list").entities
    for seed in range(4):
        for parent in {e.getparent() for e in tree.iter("{*}" + ENTRY[source])}:
            members = list(parent)
            random.Random(seed).shuffle(members)
            parent[:] = members
        assert parse(source, etree.tostring(tree), "list").entities == ordered


@pytest.mark.parametrize("source", WORKBOOKS)
def test_ids_and_entities_survive_shuffled_rows(source: str) -> None:
    header, *rows = table(source)
    ordered = parse(source, workbook([header, *rows]), "list").entities
    for seed in range(4):
        random.Random(seed).shuffle(rows)
        assert parse(source, workbook([header, *rows]), "list").entities == ordered


@pytest.mark.parametrize("source", XML)
def test_one_line_says_what_it_is_instead(source: str) -> None:
    good = xml_of(source)
    root = etree.fromstring(good)
    name = etree.QName(root).localname
    assert "the file is empty" in message(source, b"")
    assert "HTML page" in message(source, b"<!DOCTYPE html><html><title>503</title></html>")
    assert "HTML page" in message(source, b"<?xml version='1.0'?><html><body/></html>")
    assert "a PDF" in message(source, b"%PDF-1.7 ...")
    assert "XLSX" in message(source, b"PK\x03\x04rest of a workbook")
    assert f"not {name!r}" in message(source, b"<?xml version='1.0'?><sdnList/>")
    assert "UTF-16" in message(source, good.decode("utf-8").encode("utf-16"))
    assert "no entries" in message(source, f"<{name}/>".encode())
    assert "cut short" in message(source, good[: len(good) * 2 // 3])
    assert "cut short" in message(source, good[: good.rindex(b"</")])
    assert "cut short" in message(source, gzip.compress(good, mtime=0)[:-20])
    broken = good.replace(f"</{ENTRY[source]}>".encode(), b"</other>", 1)
    assert "not valid XML" in message(source, broken)
    assert "not valid XML" in message(source, good.replace(b"Example", b"Ex\xe4mple", 1))
    assert "encoding 'utf-7'" in message(
        source, b'<?xml version="1.0" encoding="utf-7"?>' + good.split(b"?>", 1)[1]
    )


@pytest.mark.parametrize("source", [s for s in XML if s != "uk_sl"])
def test_what_is_no_xml_is_named(source: str) -> None:
    assert "this is not XML" in message(source, b'{"results": []}')
    assert "this is not XML" in message(source, b"id,name\n1,Example\n")


BOMB = b"""<?xml version="1.0"?>
<!-- a comment before it --><!DOCTYPE lolz [<!ENTITY a "zqxzqxzqxzqx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>"""


@pytest.mark.parametrize("source", XML)
@pytest.mark.parametrize("prolog", [BOMB, OUTSIDE, b'<!DOCTYPE r SYSTEM "http://example.org/r.dtd">'])
def test_a_document_type_is_refused_before_anything_is_expanded(source: str, prolog: bytes) -> None:
    body = xml_of(source).split(b"?>", 1)[1].replace(b"Example", b"&b;", 1)
    assert "DOCTYPE" in message(source, prolog + body)


@pytest.mark.parametrize("source", XML)
def test_an_entity_without_a_document_type_is_not_well_formed(source: str) -> None:
    assert "not valid XML" in message(source, xml_of(source).replace(b"Example", b"&lol;", 1))


@pytest.mark.parametrize("source", XML)
def test_a_bomb_of_compressed_spaces_is_stopped(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_UNPACKED", 1_000_000)
    assert "when unpacked" in message(source, gzip.compress(b"<" + b" " * 5_000_000, mtime=0))


@pytest.mark.parametrize("source", XML)
def test_a_very_deep_file_is_refused(source: str) -> None:
    root = etree.QName(etree.fromstring(xml_of(source))).localname
    deep = f"<{root}>".encode() + b"<a>" * 5_000 + b"</a>" * 5_000 + f"</{root}>".encode()
    assert message(source, deep)


@pytest.mark.parametrize("source", XML)
def test_a_new_element_is_drift_and_named(source: str) -> None:
    entry = f"</{ENTRY[source]}>".encode()
    inside = xml_of(source).replace(entry, b"<risk-score>1</risk-score>" + entry, 1)
    text = message(source, inside, SourceDrift)
    assert "risk-score" in text and "layout has changed" in text and "entry" in text
    closing = xml_of(source).rstrip()
    beside = closing[: closing.rindex(b"</")] + b"<appendix/>" + closing[closing.rindex(b"</") :]
    assert "'appendix'" in message(source, beside, SourceDrift)


@pytest.mark.parametrize("source", [s for s in XML if s != "uk_sl"])
def test_a_new_attribute_is_drift_and_named(source: str) -> None:
    opening = rf"<{ENTRY[source]}(?=[\s>])".encode()
    changed = re.sub(opening, lambda tag: tag[0] + b' risk="1"', xml_of(source), count=1)
    assert f"{ENTRY[source]}@risk" in message(source, changed, SourceDrift)


@pytest.mark.parametrize(
    ("source", "gone"),
    [
        ("un_sc", "REFERENCE_NUMBER"),
        ("eu_fsf", "regulation"),
        ("uk_sl", "RegimeName"),
        ("ca_sema", "DateOfListing"),
        ("ch_seco", "modification"),
    ],
)
def test_an_element_that_is_always_there_and_nowhere_is_drift(source: str, gone: str) -> None:
    root = etree.fromstring(xml_of(source))
    for element in list(root.iter("{*}" + gone)):
        element.getparent().remove(element)
    assert gone in message(source, etree.tostring(root), SourceDrift)


@pytest.mark.parametrize("source", WORKBOOKS)
def test_a_workbook_is_told_from_what_it_is_not(source: str) -> None:
    good = file_of(source)
    assert "the file is empty" in message(source, b"")
    assert "HTML page" in message(source, b"<!DOCTYPE html><html/>")
    assert "a PDF" in message(source, b"%PDF-1.7 ...")
    assert "no XLSX file" in message(source, b"id,name\n1,Example\n")
    assert "cut short or damaged" in message(source, good[: len(good) // 2])
    assert "no sheet has a row with the columns" in message(source, workbook([["id", "name"], ["1", "Example"]]))
    assert "header but no rows" in message(source, workbook(table(source)[:1]))
    assert "damaged" in message(source, archive({"xl/workbook.xml": b"<nothing/>"}))
    assert "leads out of it" in message(source, archive({"../../evil": b"x"}))


@pytest.mark.parametrize("source", WORKBOOKS)
def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(source: str) -> None:
    assert "when unpacked" in message(source, archive({"xl/sharedStrings.xml": b" " * 120_000_000}))


@pytest.mark.parametrize("source", WORKBOOKS)
def test_columns_of_a_workbook_may_move_but_not_change(source: str) -> None:
    header, *rows = table(source)
    order = list(range(len(header)))
    random.Random(3).shuffle(order)
    moved = [[row[place] if place < len(row) else "" for place in order] for row in (header, *rows)]
    above = [["List of examples"], []]
    parsed = parse(source, file_of(source), "list")
    assert parse(source, workbook([*above, *moved]), "list").entities == parsed.entities
    assert "new column 'Risk'" in message(source, workbook([[*header, "Risk"], *rows]), SourceDrift)
    twice = [[*row, row[1] if len(row) > 1 else ""] for row in (header, *rows)]
    assert "doubled column" in message(source, workbook(twice), SourceDrift)
    without = [row[:1] + row[2:] for row in (header, *rows)]
    assert "missing column" in message(source, workbook(without), SourceDrift)


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


FILES = {source: file_of(source) for source in PROGRAMS} | {"uk_sl": xml_of("uk_sl")}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(source: str, data: st.DataObject) -> None:
    """Bytes overwritten, inserted or removed: the rows are accounted for, or one line says what is wrong."""
    good = FILES[source]
    position = data.draw(st.integers(0, len(good) - 1))
    patch = data.draw(st.binary(max_size=4) | st.sampled_from([b"<", b"&", b"]]>", b"\x00", b'"', b"<!--", b"</"]))
    cut = data.draw(st.integers(0, 6))
    damaged = good[:position] + patch + good[position + cut :]
    check(source, damaged)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=300) | st.text(max_size=200).map(lambda t: t.encode()))
def test_garbage_is_refused_with_one_line(source: str, data: bytes) -> None:
    with pytest.raises(ListFileError) as caught:
        parse(source, data, "garbage")
    assert "\n" not in str(caught.value)


VALUES = st.text(max_size=30) | st.sampled_from(
    ["", "0", "-", "()", "a.k.a.", ";", "1/2/3", "9999999", "ا", "(1) (2)"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(XML)), st.data())
def test_any_text_may_stand_anywhere(source: str, data: st.DataObject) -> None:
    """Every text and attribute of an entry replaced by anything: no reader stumbles over a value."""
    root = etree.fromstring(xml_of(source))
    elements: list[Any] = [element for element in root.iter() if isinstance(element.tag, str)]
    for element in data.draw(st.lists(st.sampled_from(elements), min_size=1, max_size=12)):
        value = "".join(c for c in data.draw(VALUES) if c.isprintable() and c not in "\ufffe\uffff")
        if element.attrib and element is not root:
            element.set(data.draw(st.sampled_from(sorted(element.attrib))), value)
        elif len(element) == 0:
            element.text = value
    check(source, etree.tostring(root))


def check(source: str, data: bytes) -> None:
    try:
        parsed = parse(source, data, "damaged")
    except ListFileError as error:
        assert "\n" not in str(error)
    else:
        assert parsed.rows == parsed.loaded + len(parsed.rejects)
        for entity in parsed.entities:
            assert entity_from_plain(entity_to_plain(entity)) == entity
