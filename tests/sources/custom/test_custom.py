"""Lists of one's own: what a mapping reads, what it refuses, and that file and mapping are kept together."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from datetime import UTC, date, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.errors import ListFileError, SourceDrift, StopshipError
from stopship.model import Entity, NameKind, Schema
from stopship.sources.catalogue import describe, parse, source_info
from stopship.sources.contract import SPECIAL_CATEGORIES, ParsedList
from stopship.sources.custom.mapping import read_mapping
from stopship.sources.custom.package import is_package, open_package, pack

HEAD = b"format: 1\nname: acme\n"
MAPPING = (
    HEAD
    + b"""title: Acme's watch list
limit_days: 30
columns:
  id: No
  name: Party
  aliases: {column: AKA, separator: "; "}
  weak_aliases: {column: Nick, separator: ","}
  former_names: Was
  schema: {column: Kind, values: {P: Person, C: Company}, otherwise: LegalEntity}
  country: {column: Country, values: {Deutschland: DE}}
  address: {columns: [Street, City], join: ", "}
  identifiers:
    - {type: Registration number, column: HRB, country: DE}
    - {type: passport, column: Passport, country_column: Issued by}
  birth_date: {column: Born, dates: ["%d.%m.%Y", "%m/%Y"]}
  start: {column: Since, dates: ["%d.%m.%Y"]}
  end: {column: Until, dates: ["%d.%m.%Y"]}
  citation: Decision
  tags: {column: Tags, separator: ","}
  remarks: Why
ignore: [Clerk]
"""
)
COLUMNS = (
    "No,Party,AKA,Nick,Was,Kind,Country,Street,City,HRB,Passport,Issued by,Born,Since,Until,Decision,Tags,"
    "Why,Clerk"
)
ROWS = (
    '7,Beispiel GmbH,"Beispiel (Holding; Bau); Exempel AG and ",,Alt GmbH,C,Deutschland,Weg 1,Köln,'
    'HRB 12345,,,,01.02.2020,,Beschluss 3,"a,b",Betrug,mm',
    '8,"Muster, Max",,"Maxi,M.",,P,FR,,,,X1234567,France,03.10.1965,,31.12.2030,,,,mm',
    "9,Schiff Eins,,,,Barge,Atlantis,,,,,,,,,,,,",
    "10,Max Halb,,,,P,,,,,,,10/1965,1 May,,,,,",
)
CSV = "\n".join((COLUMNS, *ROWS)).encode() + b"\n"


def read(data: bytes, mapping: bytes = MAPPING, name: str = "list.csv") -> ParsedList:
    return parse("custom.acme", pack(data, mapping, name), name)


def simple(more: str = "", columns: str = "name: name") -> bytes:
    return HEAD + f"columns:\n  {columns}\n{more}".encode()


def named(parsed: ParsedList, name: str) -> Entity:
    return next(e for e in parsed.entities if e.caption == name)


def sheet(rows: list[list[object]], **more: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd.mm.yyyy"}) as book:
        page = book.add_worksheet(str(more.get("sheet", "Parties")))
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(y, x, cell)
                elif isinstance(cell, str):
                    page.write_string(y, x, cell)
                elif cell is not None:
                    page.write(y, x, cell)
        for place, formula, value in more.get("formulas", ()):  # type: ignore[attr-defined]
            page.write_formula(place, formula, None, value)
    return out.getvalue()


def test_every_field_of_a_mapping_is_read() -> None:
    parsed = read(CSV)
    assert parsed.rows == parsed.loaded == 4
    firm = named(parsed, "Beispiel GmbH")
    assert (firm.id, firm.schema, firm.countries) == ("7", Schema.COMPANY, ("DE",))
    assert [(n.text, n.kind) for n in firm.names] == [
        ("Beispiel GmbH", NameKind.PRIMARY),
        ("Beispiel (Holding; Bau)", NameKind.ALIAS),
        ("Exempel AG", NameKind.ALIAS),
        ("Alt GmbH", NameKind.FORMER),
    ]
    assert firm.addresses[0].text == "Weg 1, Köln" and firm.addresses[0].country == "DE"
    assert [(i.type, i.value, i.country) for i in firm.identifiers] == [("registration_number", "HRB 12345", "DE")]
    listing = firm.listings[0]
    assert (listing.source, listing.program, listing.start, listing.end) == (
        "custom.acme",
        "custom.acme",
        date(2020, 2, 1),
        None,
    )
    assert (listing.citation, listing.tags, listing.remarks) == ("Beschluss 3", ("a", "b"), "Betrug")
    person = named(parsed, "Muster, Max")
    assert [(n.text, n.kind) for n in person.names[1:]] == [
        ("Maxi", NameKind.WEAK_ALIAS),
        ("M.", NameKind.WEAK_ALIAS),
    ]
    assert person.identifiers[0].country == "FR" and person.listings[0].end == date(2030, 12, 31)
    assert str(person.birth_dates[0]) == "1965-10-03"
    assert str(named(parsed, "Max Halb").birth_dates[0]) == "1965-10"


def test_what_cannot_be_read_is_said_with_its_column_and_row_and_the_entry_stays() -> None:
    parsed = read(CSV)
    ship = named(parsed, "Schiff Eins")
    assert ship.schema is Schema.LEGAL_ENTITY and ship.remarks == "Country as printed: Atlantis"
    assert "column 'Country' holds a country that is not known, kept in the remarks: 1 time, first in row 4" in (
        parsed.warnings
    )
    assert any(
        w.startswith("column 'Since' holds a date that can't be read") and w.endswith("row 5")
        for w in parsed.warnings
    )
    assert named(parsed, "Max Halb").listings[0].start is None


def test_rejects_name_the_column() -> None:
    rows = "id,name\n1,\n,Someone\n3,=HYPERLINK(1)\n4,Good GmbH\n5,a,b\n6,Also Good\n"
    mapping = simple(columns="id: id\n  name: name")
    parsed = read(rows.encode(), mapping)
    assert parsed.rows == parsed.loaded + len(parsed.rejects) == 6
    assert [(r.row, r.reason) for r in parsed.rejects] == [
        (2, "column 'name' is empty: there is no name"),
        (3, "column 'id' is empty: there is no id"),
        (4, "column 'name' holds a formula where a name belongs"),
        (6, "3 cells where the header has 2"),
    ]


def test_an_id_twice_is_one_entity_with_two_listings_unless_they_contradict() -> None:
    mapping = simple(columns="id: id\n  name: name\n  schema: kind\n  remarks: why")
    rows = b"id,name,kind,why\n1,Good GmbH,Company,a\n1,Good GmbH,Company,b\n1,Max,Person,c\n"
    parsed = read(rows, mapping)
    assert [len(e.listings) for e in parsed.entities] == [2]
    assert parsed.rejects[0].reason == "the id '1' is that of another party in row 2"


def test_without_ids_the_order_of_rows_makes_no_difference() -> None:
    lines = [f"Name {i % 7},C{i}" for i in range(30)]
    mapping = simple(columns="name: name\n  remarks: why")
    straight = read(("name,why\n" + "\n".join(lines) + "\n").encode(), mapping)
    random.Random(4).shuffle(lines)
    assert {e.id for e in straight.entities} == {
        e.id for e in read(("name,why\n" + "\n".join(lines) + "\n").encode(), mapping).entities
    }
    assert all(e.id.startswith("custom.acme-") for e in straight.entities)


def test_a_program_of_the_vocabulary_may_be_named_or_stand_in_a_column() -> None:
    assert read(b"name\nA1 GmbH\n", simple("program: us.uflpa")).entities[0].listings[0].program == "us.uflpa"
    rows = b"name,list\nA1 GmbH,OFAC\nB2 GmbH,\nC3 GmbH,nowhere\n"
    columns = "name: name\n  program: {column: list, values: {OFAC: us.sdn}}"
    parsed = read(rows, simple(columns=columns))
    assert [e.listings[0].program for e in sorted(parsed.entities, key=lambda e: e.caption)] == [
        "us.sdn",
        "custom.acme",
    ]
    assert parsed.rejects[0].reason == "column 'list': 'nowhere' is no program"


def test_xlsx_reads_the_named_sheet_below_its_header_row() -> None:
    data = sheet(
        [
            ["Our list"],
            [],
            ["Party", "Since", "Share"],
            ["Good GmbH", datetime(2021, 5, 6, tzinfo=UTC).replace(tzinfo=None), 12.0],
            ["Rest AG", None, 0.5],
        ]
    )
    mapping = simple(
        "file: {format: xlsx, header_row: 3, sheet: Parties}", "name: Party\n  start: Since\n  remarks: Share"
    )
    parsed = read(data, mapping, "list.xlsx")
    assert parsed.loaded == 2
    good = named(parsed, "Good GmbH").listings[0]
    assert (good.start, good.remarks) == (date(2021, 5, 6), "12")
    with pytest.raises(ListFileError, match=r"no sheet 'Other'.*There are 'Parties'"):
        read(data, mapping.replace(b"sheet: Parties", b"sheet: Other"), "list.xlsx")


def test_formulas_give_the_value_last_computed_and_are_reported() -> None:
    data = sheet([["name"], ["A1 GmbH"]], formulas=[("A3", '="B"&"2"', "B2 GmbH"), ("A4", "=1/0", "")])
    parsed = read(data, simple(), "list.xlsx")
    assert {e.caption for e in parsed.entities} == {"A1 GmbH", "B2 GmbH"}
    assert any("2 formulas" in warning for warning in parsed.warnings)


def test_a_sheet_that_would_fill_the_memory_is_refused_before_it_is_opened() -> None:
    far = sheet([["name"], ["A1 GmbH"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(far)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b'r="A2"', b"r='XFD1048576'")
            new.writestr(member.filename, content)
    with pytest.raises(ListFileError, match=r"spans 17,179,869,184 cells"):
        read(out.getvalue(), simple(), "far.xlsx")
    bomb = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(far)) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
        with new.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as stream:
            for _ in range(210):
                stream.write(b" " * 1_000_000)
    assert len(bomb.getvalue()) < 1_000_000
    with pytest.raises(ListFileError, match="more than 200 MB when unpacked"):
        read(bomb.getvalue(), simple(), "bomb.xlsx")


def test_json_lines_with_keys_in_keys() -> None:
    lines = (
        b'{"name": "A1 GmbH", "aliases": ["A", "A-Eins"], "notice": [{"no": "84 FR 1", "day": "2019-10-09"},'
        b' {"no": "85 FR 2", "day": "2020-01-02"}], "extra": 1}\n'
        b'{"name": {"first": "x"}}\n{"name": "B2 GmbH"}\nnot json\n{"name": "C3"}\n'
    )
    mapping = simple(
        "file: {format: jsonl}\nignore: [extra]",
        "name: name\n  aliases: aliases\n  citation: notice.no\n  start: notice.day",
    )
    parsed = read(lines, mapping, "l.jsonl")
    assert [(r.row, r.reason) for r in parsed.rejects] == [
        (2, "column 'name' holds an object where text belongs"),
        (4, "the line is not JSON"),
    ]
    listing = named(parsed, "A1 GmbH").listings[0]
    assert (listing.start, listing.citation) == (date(2019, 10, 9), "84 FR 1; 85 FR 2")
    with pytest.raises(SourceDrift, match="new column 'extra' in line 1"):
        read(lines, mapping.replace(b"ignore: [extra]", b""), "l.jsonl")
    with pytest.raises(ListFileError, match="cut short in line 5"):
        read(lines[:-4], mapping, "l.jsonl")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("name,why,surprise", "new column 'surprise'"),
        ("name", "missing column 'why'"),
        ("name,why,why", "doubled column 'why'"),
        ("Name;why", "none of the mapping's columns"),
    ],
)
def test_drift_is_refused_by_name(header: str, says: str) -> None:
    mapping = simple(columns="name: name\n  remarks: why")
    cells = ",".join("x" * (1 + header.count(",")))
    with pytest.raises(ListFileError, match=says):
        read(f"{header}\n{cells}\n".encode(), mapping)


def test_special_categories_are_dropped_and_cannot_be_mapped() -> None:
    parsed = read(b"name,Religion,ethnic group\nA1 GmbH,x,y\n", simple())
    assert parsed.warnings == ("dropped, of special categories of personal data: 'Religion', 'ethnic group'",)
    assert "x" not in repr(parsed.entities[0].remarks)
    for label in SPECIAL_CATEGORIES:
        with pytest.raises(ListFileError, match="special category"):
            read_mapping(simple(columns=f"name: name\n  remarks: {label}"), "m.yml")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<!DOCTYPE html><html><body>503</body></html>", "HTML page"),
        (b"", "empty"),
        (b"name\n", "no rows"),
        (b'name\nA1 GmbH\n"B2', "ends in row 3 inside a quoted cell"),
        ("name\nKöln GmbH\n".encode("cp1252"), "not UTF-8"),
        (b"%PDF-1.7 x", "a PDF"),
        (b"PK\x03\x04 and so on", "workbook is cut off or damaged"),
        (gzip.compress(b"name\nA1 GmbH\n", mtime=0)[:-6], "cut short"),
        ("name\nA1 GmbH\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_files_that_are_something_else(data: bytes, says: str) -> None:
    with pytest.raises(ListFileError, match=says) as caught:
        read(data, simple())
    assert "\n" not in str(caught.value)


def test_encodings_and_delimiters_are_the_mappings() -> None:
    data = "name;why\nKöln GmbH;Straße\n".encode("cp1252")
    mapping = simple("file: {encoding: cp1252, delimiter: semicolon}", "name: name\n  remarks: why")
    assert read(data, mapping).entities[0].caption == "Köln GmbH"
    with pytest.raises(ListFileError, match=r"line 2 is not utf-8|not UTF-8"):
        read(data, simple("file: {delimiter: semicolon}", "name: name\n  remarks: why"))
    with pytest.raises(ListFileError, match="the text in line 2 is not ascii"):
        read(data, mapping.replace(b"cp1252", b"ascii"))


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (b"name: acme\ncolumns: {name: a}", "begin with format: 1"),
        (HEAD, "columns: it must say"),
        (HEAD + b"columns: {id: a}", "there must be a column with names"),
        (HEAD + b"columns: {name: a, colour: b}", "unknown field 'colour'"),
        (HEAD + b"columns: {name: {column: a, value: b}}", "one of column, columns or value"),
        (HEAD + b"program: us.nothing\ncolumns: {name: a}", "'us.nothing' is no program"),
        (HEAD + b"columns: {name: a, schema: {column: k, values: {x: Robot}}}", "'Robot' is no schema"),
        (HEAD + b"columns: {name: a, country: {value: Atlantis}}", "'Atlantis' is no country"),
        (HEAD + b"columns: {name: {column: a, pattern: '('}}", "no regular expression"),
        (HEAD + b"columns: {name: {column: a, pattern: 'x'}}", "exactly one"),
        (HEAD + b"columns: {name: a}\nlimit_days: soon", "'soon' is no whole number"),
        (HEAD + b"columns: {name: a}\nrows: {at_least: 9, at_most: 3}", "more than at_most"),
        (HEAD + b"columns: {name: a}\nfile: {encoding: klingon}", "no encoding 'klingon'"),
        (HEAD + b"columns: {name: a}\nfile: {format: doc}", "none of csv, xlsx, jsonl"),
        (HEAD + b"columns: {name: a}\nname: other", "twice"),
        (HEAD.replace(b"acme", b"../etc") + b"columns: {name: a}", "lower-case letters"),
        (HEAD + b"columns: [", "not YAML in line"),
        (b"\xff\xfe", "not UTF-8"),
        (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "unknown field 'a'"),
        (b"x" * 300_000, "no mapping"),
    ],
)
def test_mappings_that_cannot_be_say_which_field(mapping: bytes, says: str) -> None:
    with pytest.raises(ListFileError, match=says) as caught:
        read_mapping(mapping, "m.yml")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500


def test_list_and_mapping_are_one_and_come_apart_again() -> None:
    package = pack(gzip.compress(CSV, mtime=0), MAPPING, "x")
    assert package == pack(CSV, MAPPING, "y") and is_package(package)
    assert open_package(package, "x") == (MAPPING, CSV)
    info = describe("custom.acme", package)
    assert (info.id, info.title, info.limit_days, info.unread) == (
        "custom.acme",
        "Acme's watch list",
        30,
        {"Clerk": "named under ignore"},
    )
    assert source_info("custom.acme").kind == "custom"
    with pytest.raises(StopshipError, match=r"no source 'custom\./x'"):
        source_info("custom./x")
    with pytest.raises(ListFileError, match=r"mapping is of custom\.acme, not of custom\.other"):
        parse("custom.other", package, "x")
    for cut in (20, 60, len(package) // 2, len(package) - 5):
        with pytest.raises(ListFileError):
            open_package(package[:cut], "x")


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400), st.sampled_from(["csv", "jsonl", "xlsx"]))
def test_no_bytes_crash_the_reader(data: bytes, form: str) -> None:
    try:
        parsed = read(b"name\n" + data if form == "csv" else data, simple(f"file: {{format: {form}}}"))
    except ListFileError:
        return
    assert parsed.rows == parsed.loaded + len(parsed.rejects)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=300))
def test_no_text_crashes_the_mapping(text: str) -> None:
    try:
        read_mapping(HEAD + text.encode("utf-8", "replace"), "m.yml")
    except ListFileError as error:
        assert str(error)
