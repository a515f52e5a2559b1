"""XML as a stream: records come one by one, nothing is expanded, whatever is no list is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.errors import ListFileError
from stopship.sources.streamed_xml import Known, looks_like_xml, read_records, root_name, text_of, unknown_parts

LIST = b'<?xml version="1.0"?><l xmlns="urn:x"><h>1</h><r n="1"><a> x  y </a></r><r n="2"><r n="3"/></r></l>'


def records(data: bytes) -> list[tuple[str, str]]:
    found = read_records(data, "list.xml", roots=("l",), records=("r",), wanted="the list")
    return [(record.get("n") or "", text_of(record, "a")) for record in found]


def test_records_come_without_namespace_and_once() -> None:
    assert records(LIST) == [("1", "x y"), ("2", "")]
    assert root_name(LIST, "list.xml", "the list") == "l"
    assert looks_like_xml(b"\xef\xbb\xbf  " + LIST) and not looks_like_xml(b"a,b,c")


def test_records_are_forgotten() -> None:
    roots = []
    data = b"<l>" + b"<g><r n='1'><a>x</a></r></g>" * 20_000 + b"</l>"
    for record in read_records(data, "list.xml", roots=("l",), records=("r",), wanted="the list"):
        roots.append(len(record.getroottree().getroot()))
    assert len(roots) == 20_000
    assert max(roots) < 3_000, "what the parser reads ahead, and no more"


def test_unknown_parts_are_named_by_their_path() -> None:
    record = next(read_records(LIST, "list.xml", roots=("l",), records=("r",), wanted="the list"))
    assert unknown_parts(record, Known.of(["r/@n", "r/a"])) == []
    assert unknown_parts(record, Known.of(["r"])) == ["r/@n", "r/a"]
    assert unknown_parts(record, Known.of(["q"])) == ["r"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"no xml", "this is not XML"),
        (b"%PDF-1.7", "this is a PDF"),
        (b"<html><body/></html>", "HTML page"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "HTML page"),
        (b"<other/>", "its root element is <other>"),
        (LIST[:-5], "cut short"),
        (LIST[:-20], "cut short"),
        (LIST.replace(b"</a>", b"</b>"), "not well-formed XML"),
        (LIST + b"<l/>", "cut short|not well-formed"),
        (b"<!DOCTYPE l SYSTEM 'http://example.com/l.dtd'><l/>", "document type"),
        (b"<!DOCTYPE l [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><l>&e;</l>", "document type"),
        (b"<!--" + b"x" * 70_000 + b"--><!DOCTYPE l [<!ENTITY a 'b'>]><l>&a;</l>", "document type"),
        (b"<l>&undeclared;</l>", "not well-formed XML"),
    ],
)
def test_whatever_is_no_list_is_named(data: bytes, says: str) -> None:
    with pytest.raises(ListFileError) as caught:
        records(data)
    assert any(part in str(caught.value) for part in says.split("|")), str(caught.value)
    assert str(caught.value).startswith("list.xml: ") and "\n" not in str(caught.value)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(LIST)), st.binary(max_size=6))
def test_no_damage_gets_through_as_anything_but_a_list_error(place: int, noise: bytes) -> None:
    try:
        records(LIST[:place] + noise + LIST[place + len(noise) :])
    except ListFileError as error:
        assert "\n" not in str(error)
