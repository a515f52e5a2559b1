"""Whatever is handed in instead of the list: one line that says what it is, where, and how to mend it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stopship.errors import InputError, ListFileError, SourceDrift
from stopship.sources import containers
from stopship.sources.catalogue import catalogue, parse

COLUMNS = catalogue()["us_csl"].columns
EL = "Entity List (EL) - Bureau of Industry and Security"


def table(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, delimiter: str = ",") -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n", delimiter=delimiter)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row.get(column, "") for column in columns])
    return buffer.getvalue().encode("utf-8")


def party(name: str = "Example Ltd", **cells: str) -> dict[str, str]:
    return {"source": EL, "name": name, "addresses": "1 Sample Road, CN", **cells}


GOOD = table(*(party(f"Example {n} Ltd") for n in range(20)))


def entries(*rows: dict[str, Any], **envelope: Any) -> bytes:
    base = {
        "id": "1",
        "source": EL,
        "name": "Example Ltd",
        "addresses": [],
        "alt_names": None,
        "source_list_url": "u",
    }
    return json.dumps({"results": [base | row for row in rows], **envelope}).encode("utf-8")


def message(data: bytes, error: type[ListFileError] = ListFileError) -> str:
    with pytest.raises(error) as caught:
        parse("us_csl", data, "list.csv")
    text = str(caught.value)
    assert text.startswith("list.csv: "), text
    assert "\n" not in text and len(text) < 400, text
    assert caught.value.hint, f"no way to mend it: {text}"
    return text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"  \r\n\r\n", "the file is empty"),
        (gzip.compress(b"", mtime=0), "the file is empty"),
        (table(), "header but no rows"),
        (table() + b"\n\n", "header but no rows"),
        (b"PK\x03\x04rest of a workbook", "Excel workbook (XLSX)"),
        (gzip.compress(b"PK\x03\x04rest of a workbook", mtime=0), "Excel workbook (XLSX)"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"<!DOCTYPE html><html><title>503</title>", "HTML page"),
        (b"\n <html><body>Service unavailable", "HTML page"),
        (b"<?xml version='1.0'?><sdnList/>", "XML file"),
        (GOOD.decode().encode("utf-16"), "encoded in UTF-16"),
        (GOOD.decode().encode("utf-16-le"), "encoded in UTF-16"),
        (GOOD.replace(b"Example 3 Ltd", "Exämple".encode("latin-1")), "byte 0xe4 at offset"),
        (GOOD.replace(b"Example 3 Ltd", b"Ex\x00mple"), "NUL byte at offset"),
        (gzip.compress(GOOD, mtime=0)[:-30], "cut short"),
        (gzip.compress(GOOD, mtime=0)[:200] + b"\xff" * 50 + gzip.compress(GOOD, mtime=0)[250:], "gzip"),
        (gzip.compress(GOOD, mtime=0) + b"trailing", "behind the gzipped content"),
        (GOOD[: GOOD.rindex(b'"1 Sample') + 4], "ends in row 21 inside a quoted cell"),
        (GOOD[: GOOD.rindex(b',"1 Sample')], "ends in row 21 after 6 cells of 29"),
        (table(party(), delimiter="\t"), "separated by tabs"),
        (table(party(), delimiter=";"), "separated by semicolons"),
        (b"id,name,country\n1,Example,CN\n", "this is not the Consolidated Screening List"),
        (b"just some text, nothing else", "this is not the Consolidated Screening List"),
        (b'{"results": [{"id": "1", "sou', "JSON file is cut short"),
        (b'{"results": [1, ]}', "not valid JSON"),
        (b'{"message": "Unauthorized"}', "no list named 'results'"),
        (b'{"results": {}}', "no list named 'results'"),
        (b'{"results": []}', "no entries"),
        (entries({}, total=25921), "1 of 25,921 entries"),
    ],
)
def test_one_line_says_what_it_is(data: bytes, says: str) -> None:
    assert says in message(data)


def test_encoding_errors_point_at_the_byte() -> None:
    broken = GOOD.replace(b"Example 3 Ltd", b"Ex\xe4mple")
    assert f"offset {broken.index(bytes([0xE4])):,} " in message(broken)
    assert "UTF-8" in message(broken)


def test_ten_megabytes_in_one_cell_name_row_and_column() -> None:
    data = table(party(), party(remarks="x" * 10_000_000))
    assert "row 3, column 'remarks' has 10,000,000 characters" in message(data)
    assert "remarks of entry 2" in message(entries({}, {"remarks": "x" * 10_000_000}))
    assert csv.field_size_limit() < 1_000_000, "the process-wide limit of the csv module was not put back"


def test_a_decompression_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(ListFileError, match="when unpacked"):
        parse("us_csl", gzip.compress(b"0" * 5_000_000, mtime=0), "bomb.gz")
    with pytest.raises(ListFileError, match="when unpacked"):
        parse("us_csl", b"0" * 1_000_001, "big.csv")


def test_drift_names_the_column() -> None:
    without = tuple(column for column in COLUMNS if column != "license_policy")
    assert "missing column 'license_policy'" in message(table(party(), columns=without), SourceDrift)
    assert "new column 'risk_score'" in message(table(party(), columns=(*COLUMNS, "risk_score")), SourceDrift)
    assert "doubled column 'name'" in message(table(party(), columns=(*COLUMNS, "name")), SourceDrift)
    renamed = tuple("aliases" if column == "alt_names" else column for column in COLUMNS)
    text = message(table(party(), columns=renamed), SourceDrift)
    assert "new column 'aliases'" in text and "missing column 'alt_names'" in text
    assert "new column 'risk_score' in entry 2" in message(entries({}, {"risk_score": 1}), SourceDrift)
    bare = json.dumps({"results": [{"id": "1", "source": EL, "name": "Example"}]}).encode()
    assert "no entry has 'addresses', 'alt_names', 'source_list_url'" in message(bare, SourceDrift)


def test_columns_may_come_in_another_order() -> None:
    shuffled = list(COLUMNS)
    random.Random(1).shuffle(shuffled)
    assert (
        parse("us_csl", table(party(), columns=tuple(shuffled))).entities
        == parse("us_csl", table(party())).entities
    )


def test_a_new_list_is_drift_a_few_odd_rows_are_rejects() -> None:
    odd = {"source": "New Example List (NEL) - Department", "name": "Example"}
    few = parse("us_csl", table(party(), *[odd] * 10))
    assert (few.loaded, len(few.rejects)) == (1, 10)
    assert "'New Example List (NEL) - Department'" in message(table(party(), *[odd] * 11), SourceDrift)


def test_bad_rows_are_rejected_and_the_rest_loads() -> None:
    lines = table(party("First Ltd"), party("Second Ltd"), party("Third Ltd")).splitlines(keepends=True)
    lines[2] = b'"too","few"\n'
    parsed = parse("us_csl", b"".join(lines))
    assert (parsed.rows, parsed.loaded) == (3, 2)
    assert (parsed.rejects[0].row, parsed.rejects[0].reason) == (3, "2 cells where the header has 29")
    lines[2] = b'"a"b","c"\n'
    parsed = parse("us_csl", b"".join(lines))
    assert parsed.rows == parsed.loaded + len(parsed.rejects)
    assert "not well-formed CSV" in parsed.rejects[0].reason


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"name": ["Example"]}, "name is a list where one value belongs"),
        ({"name": {"first": "x"}}, "name holds an object where text belongs"),
        ({"addresses": [1]}, "addresses is a list where a list of objects belongs"),
        ({"addresses": [{"planet": "Earth"}]}, "an address has a field 'planet' that is not known"),
        ({"ids": [{"kind": "x"}]}, "an id has a field 'kind' that is not known"),
        ({"remarks": True}, "remarks holds true or false where text belongs"),
        ({"name": None}, "it has no name"),
        ({"name": " ... "}, "it has no name"),
    ],
)
def test_malformed_entries_are_rejected(entry: dict[str, Any], reason: str) -> None:
    parsed = parse("us_csl", entries({}, entry))
    assert [(r.row, r.reason) for r in parsed.rejects] == [(2, reason)]
    assert parsed.loaded == 1


def test_values_that_cannot_be_read_never_cost_the_row() -> None:
    parsed = parse(
        "us_csl", table(party(start_date="soon", end_date="31/12/2030", type="Thing", standard_order="?"))
    )
    listing = parsed.entities[0].listings[0]
    assert (listing.start, listing.end, listing.standard_order) == (None, None, None)
    assert [warning.split(":")[0] for warning in parsed.warnings] == [
        "the type 'Thing' is not known",
        "the start_date can't be read",
        "the end_date can't be read",
    ]


def test_an_unknown_source_id_is_named() -> None:
    with pytest.raises(InputError, match=r"no source 'us_xyz'.*starter, .*us_csl"):
        parse("us_xyz", GOOD)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=400), st.text(max_size=300).map(lambda t: t.encode("utf-8", "surrogatepass"))))
@example(b"\x1f\x8b")
@example(b"[" * 3_000)
@example(b'{"results": [' + b"[" * 5000)
@example(b'[{"name": "\\ud800"}]')
def test_garbage_never_raises_anything_else(data: bytes) -> None:
    for source in ("us_csl", "starter"):
        try:
            parse(source, data, "garbage")
        except ListFileError as error:
            assert "\n" not in str(error)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=3), st.integers(0, 4))
def test_a_damaged_file_never_raises_anything_else(position: int, patch: bytes, cut: int) -> None:
    """Bytes overwritten, inserted or removed: the file loads, its rows accounted for, or it is refused."""
    try:
        parsed = parse("us_csl", GOOD[:position] + patch + GOOD[position + cut :], "damaged.csv")
    except ListFileError as error:
        assert "\n" not in str(error)
    else:
        assert parsed.rows == parsed.loaded + len(parsed.rejects)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "address", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from([*COLUMNS, "id", "country"]), _json, max_size=6), min_size=1, max_size=4
    )
)
def test_any_json_entries_are_loaded_or_rejected(rows: list[dict[str, Any]]) -> None:
    parsed = parse("us_csl", entries({}, *rows))
    assert parsed.rows == len(rows) + 1 == parsed.loaded + len(parsed.rejects)
