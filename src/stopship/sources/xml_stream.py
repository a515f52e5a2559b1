"""XML lists as a stream of entries: nothing is fetched, nothing is expanded, and what is not known is refused.

A document type declaration is refused before the parser sees it, so that there is no entity to expand and no
external file to read. Entries are handed out one by one and freed: memory holds one entry, not the list. Each
element and attribute of an entry must be declared in the `source.yml`, by its path below the entry's name:
`INDIVIDUAL/FIRST_NAME`, `sanctionEntity/nameAlias@wholeName`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stopship.errors import ListFileError, SourceDrift
from stopship.sources.containers import name_of_kind, unpack
from stopship.sources.printed import printed

Element = Any
"""An element of lxml, which is imported only when a list is read and brings no types along."""

MAX_ELEMENTS = 100_000
"""Elements below one entry. The largest real one has about 2,000."""

_AGAIN = "Download it again"
_ENCODINGS = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class XmlLayout:
    """What a publisher's file looks like.

    `root`: local name of the outermost element. `entries`: local names of the elements that are entries.
    `containers`: local names of the elements that may stand between the root and the entries. `known`: declared
    paths; those of `unread` are not looked into. `needed`: paths that some entry of any complete file has.
    `open`: what is inside of an entry is checked by the reader of that format instead.
    """

    title: str
    root: str
    entries: frozenset[str]
    known: frozenset[str]
    containers: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    needed: tuple[str, ...] = ()
    open: bool = False
    _prefixes: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        prefixes: set[str] = set()
        for path in self.known | self.unread:
            pieces = path.partition("@")[0].split("/")
            prefixes.update("/".join(pieces[:count]) for count in range(1, len(pieces) + 1))
        object.__setattr__(self, "_prefixes", frozenset(prefixes))

    def expects(self, path: str) -> bool:
        """Whether the path of an element is declared, or one below it is."""
        return path in self._prefixes


class XmlList:
    """An XML list, opened. `attributes` are those of the root element, by local name.

    Raises:
        ListFileError: it is no XML, not this list, or has a document type declaration.
    """

    def __init__(self, data: bytes, where: str, layout: XmlLayout) -> None:
        self._data = unpack(data, where)
        self._where, self._layout = where, layout
        self.attributes: Mapping[str, str] = {}
        _refuse_other(self._data, where, layout.title)
        for event, element in self._events():
            if event == "start":
                self.attributes = {local(name): printed(value) for name, value in element.attrib.items()}
                return

    def entries(self) -> Iterator[tuple[int, Element]]:
        """Each entry with its number (the first is 1). An entry is valid until the next one is asked for.

        Raises:
            SourceDrift: an element or attribute is not declared, or one that is always there is nowhere.
            ListFileError: the file is damaged, cut short or has no entries.
        """
        layout = self._layout
        number, depth, inside = 0, 0, 0
        missing = set(layout.needed)
        for event, element in self._events():
            if event == "start":
                depth += 1
                name = local(element.tag)
                if inside == 0 and name in layout.entries:
                    inside = depth
                elif inside == 0 and depth > 1 and name not in layout.containers:
                    raise self._drift(f"new element {name[:60]!r}", element)
                continue
            if depth == inside:
                number += 1
                self._check(element, number, missing)
                yield number, element
                inside = 0
                _free(element)
            elif inside == 0 and depth > 1:
                _free(element)
            depth -= 1
        if number == 0:
            raise ListFileError("the file has no entries", where=self._where, hint=_AGAIN)
        if missing:
            raise SourceDrift(
                f"the layout has changed: no entry has {', '.join(map(repr, sorted(missing)))}",
                where=self._where,
                hint="Update Stopship, or report the change; nothing was imported",
            )

    def _events(self) -> Iterator[tuple[str, Element]]:
        from lxml import etree

        parser = etree.iterparse(
            io.BytesIO(self._data),
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        first = True
        try:
            for event, element in parser:
                if first:
                    first = False
                    name = local(element.tag)
                    if name.lower() == "html":
                        raise _html(self._where, self._layout.title)
                    if name != self._layout.root:
                        raise ListFileError(
                            f"this is not {self._layout.title}: its outermost element is {name[:60]!r}, not "
                            f"{self._layout.root!r}",
                            where=self._where,
                            hint=f"Hand in the XML form of {self._layout.title}",
                        )
                yield event, element
        except etree.XMLSyntaxError as error:
            raise self._damaged(error.lineno or 0, str(error.msg)) from None

    def _damaged(self, line: int, message: str) -> ListFileError:
        ending = self._data[-400:].rstrip().rstrip(b"\x00")
        whole = re.search(rb"</(?:\w+:)?" + self._layout.root.encode() + rb"\s*>\Z", ending)
        what = " ".join(message.partition(", line")[0].split())[:160]
        if not whole:
            lines = self._data.count(b"\n") + 1
            return ListFileError(
                f"the file is cut short: it ends in line {lines:,} without </{self._layout.root}>",
                where=self._where,
                hint=_AGAIN,
            )
        return ListFileError(f"this is not valid XML: {what} in line {line:,}", where=self._where, hint=_AGAIN)

    def _check(self, entry: Element, number: int, missing: set[str]) -> None:
        layout = self._layout
        stack: list[tuple[Element, str]] = [(entry, local(entry.tag))]
        seen = 0
        while stack:
            element, path = stack.pop()
            seen += 1
            if seen > MAX_ELEMENTS:
                raise ListFileError(
                    f"entry {number:,} has more than {MAX_ELEMENTS:,} elements, no real one is that large",
                    where=self._where,
                    hint=_AGAIN,
                )
            if path in layout.unread:
                continue
            if not layout.open and not layout.expects(path):
                raise self._drift(f"new element {path[:100]!r}", element, number)
            missing.discard(path)
            for name in element.attrib:
                if not layout.open and not name.startswith(_XSI):
                    attribute = f"{path}@{local(name)}"
                    if attribute not in layout.known and attribute not in layout.unread:
                        raise self._drift(f"new attribute {attribute[:100]!r}", element, number)
                    missing.discard(attribute)
            for child in element:
                if isinstance(child.tag, str):
                    stack.append((child, f"{path}/{local(child.tag)}"))

    def _drift(self, what: str, element: Element, number: int = 0) -> SourceDrift:
        place = f" in entry {number:,}" if number else ""
        return SourceDrift(
            f"the layout has changed: {what}{place}, line {element.sourceline or 0:,}",
            where=self._where,
            hint="Update Stopship, or report the change; nothing was imported",
        )


def day_stamped(moment: str) -> date | None:
    """The day of a publisher's time stamp, "2026-02-27T09:12:00Z"; None where it can't be read."""
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None


def local(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]


def child(element: Element, name: str) -> Element | None:
    """The first child of this local name."""
    return next(children(element, name), None)


def children(element: Element, name: str) -> Iterator[Element]:
    """The children of this local name, in their order."""
    return (e for e in element if isinstance(e.tag, str) and local(e.tag) == name)


def text_of(element: Element | None) -> str:
    """The text of an element, white space folded; "" for none."""
    return printed(element.text or "") if element is not None else ""


def text(element: Element, name: str) -> str:
    """The text of the first child of this local name, "" if there is none."""
    return text_of(child(element, name))


def texts(element: Element, name: str, inner: str = "") -> tuple[str, ...]:
    """The filled texts of all children of this local name, or of their children called `inner`."""
    found: Iterable[Element] = children(element, name)
    if inner:
        found = (below for one in found for below in children(one, inner))
    return tuple(filled for filled in map(text_of, found) if filled)


def attribute(element: Element, name: str) -> str:
    """The value of an attribute, white space folded; "" if there is none."""
    return printed(element.get(name) or "")


def _refuse_other(data: bytes, where: str, title: str) -> None:
    wanted = f"the XML form of {title}"
    if kind := name_of_kind(data):
        raise ListFileError(f"this is {kind}, whatever its name says", where=where, hint=f"Hand in {wanted}")
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head:
        raise ListFileError("the file is encoded in UTF-16 or is no text", where=where, hint=f"Hand in {wanted}")
    if head[:200].lower().startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        raise _html(where, title)
    if not head:
        raise ListFileError("the file is empty", where=where, hint=_AGAIN)
    if not head.startswith(b"<"):
        start = head[:40].decode("utf-8", "replace")
        raise ListFileError(f"this is not XML: it begins with {start!r}", where=where, hint=f"Hand in {wanted}")
    declared = _DECLARED.match(head)
    if declared and declared[1].decode("ascii").lower() not in _ENCODINGS:
        raise ListFileError(
            f"the encoding {declared[1].decode('ascii')!r} is not read", where=where, hint="Save it as UTF-8"
        )
    if _has_doctype(data):
        raise ListFileError(
            "the file has a document type declaration (DOCTYPE), which this list never has",
            where=where,
            hint="Don't use this file: it may be made to read other files. Download the list again",
        )


def _has_doctype(data: bytes) -> bool:
    """Whether a document type declaration stands before the first element, where alone it may stand."""
    position = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while True:
        while data[position : position + 1].isspace():
            position += 1
        if data.startswith(b"<?", position):
            end, length = data.find(b"?>", position), 2
        elif data.startswith(b"<!--", position):
            end, length = data.find(b"-->", position + 4), 3
        else:
            return data[position : position + 9].upper() == b"<!DOCTYPE"
        if end < 0:
            return False
        position = end + length


def _html(where: str, title: str) -> ListFileError:
    return ListFileError(
        "this is an HTML page, perhaps an error page", where=where, hint=f"Hand in the XML form of {title}"
    )


def _free(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
