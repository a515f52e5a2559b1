"""XML as a stream: entries one by one, nothing expanded, memory bounded, whatever is no list is named."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.errors import ListFileError, SourceDrift
from stopship.sources import xml_stream
from stopship.sources.xml_stream import XmlLayout, XmlList, child, children, looks_like_xml, text, texts

LIST = (
    b'<?xml version="1.0"?><l xmlns="urn:x" day="1 May"><h>1</h>'
    b'<r n="1"><a> x  y </a></r><r n="2"><r n="3"/></r></l>'
)
LAYOUT = XmlLayout(
    title="the list",
    roots=frozenset(("l",)),
    entries=frozenset(("r",)),
    containers=frozenset(("h", "g")),
    known=frozenset(("r@n", "r/a", "r/r@n")),
)


def entries(data: bytes, layout: XmlLayout = LAYOUT) -> list[tuple[int, str, str]]:
    return [(n, one.get("n") or "", text(one, "a")) for n, one in XmlList(data, "list.xml", layout).entries()]


def refusal(data: bytes, layout: XmlLayout = LAYOUT, error: type[ListFileError] = ListFileError) -> str:
    with pytest.raises(error) as caught:
        entries(data, layout)
    message = str(caught.value)
    assert message.startswith("list.xml: ") and "\n" not in message and len(message) < 400, message
    assert caught.value.hint
    return message


def test_entries_come_without_namespace_and_once() -> None:
    assert entries(LIST) == [(1, "1", "x y"), (2, "2", "")]
    opened = XmlList(LIST, "list.xml", LAYOUT)
    assert (opened.root, opened.attributes) == ("l", {"day": "1 May"})
    assert looks_like_xml(b"\xef\xbb\xbf  " + LIST) and not looks_like_xml(b"a,b,c")


def test_values_are_read_by_their_path() -> None:
    data = b"<l><r><a><b>1</b><b> </b></a><a><b>2 \n 3</b></a></r></l>"
    for _, entry in XmlList(data, "list.xml", replace(LAYOUT, known=frozenset(("r/a/b",)))).entries():
        assert (text(entry, "a/b"), text(entry, "c"), texts(entry, "a/b")) == ("1", "", ("1", "2 3"))
        assert len(list(children(entry, "a"))) == 2 and child(entry, "c") is None


def test_entries_are_forgotten() -> None:
    around = []
    data = b"<l>" + b"<g><r n='1'><a>x</a></r></g>" * 20_000 + b"</l>"
    for _, entry in XmlList(data, "list.xml", LAYOUT).entries():
        around.append(len(entry.getroottree().getroot()))
    assert len(around) == 20_000
    assert max(around) < 3_000, "what the parser reads ahead, and no more"


def test_what_is_not_declared_is_refused_by_its_path() -> None:
    bare = replace(LAYOUT, known=frozenset(("r", "r/r")))
    assert "new attribute 'r@n' in entry 1, line 1" in refusal(LIST, bare, SourceDrift)
    assert "new element 'r/r/b' in entry 2" in refusal(LIST.replace(b'"3"/>', b'"3"><b/></r>'), error=SourceDrift)
    for place in (b"<r ", b"<h>", b"</l>"):
        extra = LIST.replace(place, b"<i><j/></i>" + place, 1)
        assert "new element" in refusal(extra, error=SourceDrift), place
    assert "new element 'j'" in refusal(LIST.replace(b"<h>1", b"<h><j/>1"), error=SourceDrift)
    assert "new element 's'" in refusal(LIST.replace(b"r>", b"s>").replace(b"<r ", b"<s "), error=SourceDrift)
    assert "no entry has 'r/b', 'r@m'" in refusal(LIST, replace(LAYOUT, needed=("r/b", "r@m", "r/a")), SourceDrift)


def test_anything_may_stand_beside_the_entries_where_the_layout_says_so() -> None:
    extra = LIST.replace(b"<h>", b"<i><j/></i><h>", 1)
    assert entries(extra, replace(LAYOUT, containers=None)) == entries(LIST)


def test_attributes_are_counted_where_the_layout_says_so() -> None:
    opened = XmlList(LIST, "list.xml", replace(LAYOUT, known=frozenset(("r/a", "r/r")), counts_attributes=True))
    assert len(list(opened.entries())) == 2
    assert opened.odd_lines() == [
        "the attribute r@n is not known: 2 times",
        "the attribute r/r@n is not known: 1 times",
    ]


def test_what_is_unread_may_hold_anything() -> None:
    data = b"<l xmlns='urn:x'><r><u z='1'><v><w/></v></u></r></l>"
    opened = XmlList(data, "list.xml", replace(LAYOUT, unread=frozenset(("r/u",))))
    assert [[part.tag for part in entry.iter()] for _, entry in opened.entries()] == [["r", "u", "v", "w"]]


@pytest.mark.parametrize(
    "giant",
    [
        b"<l><r>" + b"<a/>" * 500_000 + b"</r></l>",
        b"<l><h>" + b"<g/>" * 500_000 + b"</h><r/></l>",
        b"<l>" + b"<h/>" * 500_000 + b"<r/></l>",
        b"<l>" + b"<h>" * 500_000,
        b"<l><r n='" + b"x" * 2_000_000 + b"'/></l>",
        b"<l><r><a>" + b"x" * 2_000_000 + b"</a></r></l>",
        b"<l><r><a>" + b"x" * 2_000_000,
        b"<l><r " + b" ".join(b"a%d=''" % n for n in range(200_000)) + b"/></l>",
    ],
    ids=["entry", "beside", "many beside", "deep", "attribute", "text", "open text", "attributes"],
)
def test_giants_are_stopped_before_they_are_in_memory(monkeypatch: pytest.MonkeyPatch, giant: bytes) -> None:
    monkeypatch.setattr(xml_stream, "MAX_ENTRY", 300_000)
    message = refusal(giant)
    assert "without the end of an entry" in message or "not valid XML" in message or "cut short" in message


def test_the_elements_of_an_entry_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_stream, "MAX_ELEMENTS", 100)
    assert "entry 2 has more than 100 elements" in refusal(b"<l><r/><r>" + b"<a/>" * 101 + b"</r></l>")
    opaque = replace(LAYOUT, unread=frozenset(("r",)))
    assert "more than 100 elements" in refusal(b"<l><r>" + b"<a/>" * 101 + b"</r></l>", opaque)


def test_many_entries_are_no_giant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_stream, "MAX_ENTRY", 100_000)
    data = b"<l>" + b"<r n='1'><a>abcdefghij</a></r>" * 40_000 + b"</l>"
    tracemalloc.start()
    count = sum(1 for _ in XmlList(data, "list.xml", LAYOUT).entries())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 40_000 and peak < 3 * len(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"no xml", "this is not XML"),
        (b"%PDF-1.7", "this is a PDF"),
        (b"<html><body/></html>", "HTML page"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "HTML page"),
        (b"<other/>", "its outermost element is 'other', not 'l'"),
        (b"<l/>", "no entries"),
        (b"<?xml version='1.0'?>", "cut short"),
        (LIST[:-5], "cut short"),
        (LIST[:-20], "cut short"),
        (LIST.replace(b"</a>", b"</b>"), "not valid XML"),
        (LIST + b"<l/>", "cut short"),
        (LIST + b"<q></l>", "not valid XML"),
        (LIST.decode().encode("utf-16"), "UTF-16"),
        (LIST.replace(b"?>", b" encoding='utf-7'?>"), "encoding 'utf-7'"),
        (b"<!DOCTYPE l SYSTEM 'http://example.com/l.dtd'><l/>", "document type"),
        (b"<!DOCTYPE l [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><l>&e;</l>", "document type"),
        (b"<!--" + b"x" * 70_000 + b"--><!DOCTYPE l [<!ENTITY a 'b'>]><l>&a;</l>", "document type"),
        (b"<?a ?>\n<!-- --> <!DOCTYPE l><l><r/></l>", "document type"),
        (b"<l>&undeclared;</l>", "not valid XML"),
    ],
)
def test_whatever_is_no_list_is_named(data: bytes, says: str) -> None:
    assert says in refusal(data)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(LIST)), st.binary(max_size=6))
def test_no_damage_gets_through_as_anything_but_a_list_error(place: int, noise: bytes) -> None:
    try:
        entries(LIST[:place] + noise + LIST[place + len(noise) :])
    except ListFileError as error:
        assert "\n" not in str(error)
