"""XML lists as a stream of entries: nothing is fetched, nothing is expanded, and what is not known is refused.

A document type declaration is refused before the parser sees it, so that there is no entity to expand and no
external file to read. Entries are handed out one by one, without namespaces, and freed. How much may stand in one
entry, and between two, is bounded, so that memory holds the file and one entry, whatever is in it. Each element
and attribute of an entry must be declared in the `source.yml`, by its path below the entry's name:
`INDIVIDUAL/FIRST_NAME`, `sanctionEntity/nameAlias@wholeName`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stopship.errors import ListFileError, SourceDrift
from stopship.sources.containers import name_of_kind, unpack
from stopship.sources.drift import layout_changed, quoted
from stopship.sources.printed import printed

Element = Any
"""An element of lxml, which is imported only when a list is read and brings no types along."""

MAX_ENTRY = 16 * 1024 * 1024
"""Bytes between two ends of entries. The largest real entry, Supplement No. 4 to Part 744, has about 3 million."""
MAX_ELEMENTS = 500_000
"""Elements below one entry. That supplement has about 60,000."""

MAX_ODD = 20
"""Attributes that are not declared, of which the number is told."""

_AGAIN = "Download it again"
_ENCODINGS = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class XmlLayout:
    """What a publisher's file looks like.

    `roots`: local names that the outermost element may have. `entries`: local names of the elements that are
    entries; one inside of another is a part of it. `containers`: local names of the elements that may stand
    between the root and the entries; None where anything may. `known`: declared paths; those of `unread` are not
    looked into. `needed`: paths that some entry of any complete file has. `open`: what is inside of an entry is
    checked by the reader of that format instead. `counts_attributes`: an attribute that is not declared is counted
    in `XmlList.odd`, not refused.
    """

    title: str
    roots: frozenset[str]
    entries: frozenset[str]
    known: frozenset[str] = frozenset()
    containers: frozenset[str] | None = frozenset()
    unread: frozenset[str] = frozenset()
    needed: tuple[str, ...] = ()
    open: bool = False
    counts_attributes: bool = False
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
    """An XML list, opened.

    `root` is the local name of the outermost element, `attributes` are its attributes by local name. `odd` counts
    the attributes that are not declared, by path, where the layout counts them.

    Raises:
        ListFileError: it is no XML, not this list, or has a document type declaration.
    """

    def __init__(self, data: bytes, where: str, layout: XmlLayout) -> None:
        self._data = unpack(data, where)
        self._where, self._layout = where, layout
        self.root = ""
        self.attributes: Mapping[str, str] = {}
        self.odd: dict[str, int] = {}
        self._tree: Element = None
        _refuse_other(self._data, where, layout.title)
        for _, element in self._events(("start",), _Bounded(self._data, where)):
            self._open(element)
            return

    def entries(self) -> Iterator[tuple[int, Element]]:
        """Each entry with its number (the first is 1). An entry is valid until the next one is asked for.

        Raises:
            SourceDrift: an element or attribute is not declared, or one that is always there is nowhere.
            ListFileError: the file is damaged, cut short, has no entries, or one that is too large.
        """
        layout = self._layout
        number = inside = 0
        missing = set(layout.needed)
        stream = _Bounded(self._data, self._where)
        # Only entries come up here, the rest stays in the parser: a list has millions of elements.
        tags = tuple(f"{{*}}{name}" for name in sorted(layout.entries))
        for event, element in self._events(("start", "end"), stream, tags):
            inside += 1 if event == "start" else -1
            if event == "start" or inside:
                continue
            number += 1
            stream.mark()
            self._check(element, number, missing)
            yield number, element
            self._forget(element)
        self._beside(self._tree)
        if number == 0:
            raise ListFileError("the file has no entries", where=self._where, hint=_AGAIN)
        if missing:
            raise layout_changed(f"no entry has {quoted(sorted(missing))}", self._where)

    def odd_lines(self) -> list[str]:
        """A warning for each attribute that was counted."""
        return [f"the attribute {path} is not known: {count:,} times" for path, count in self.odd.items()]

    def _events(
        self, events: tuple[str, ...], stream: _Bounded, tags: tuple[str, ...] | None = None
    ) -> Iterator[tuple[str, Element]]:
        from lxml import etree

        parser = etree.iterparse(
            stream,
            events=events,
            tag=tags,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            yield from parser
            self._tree = parser.root
        except etree.XMLSyntaxError as error:
            raise self._damaged(error.lineno or 0, str(error.msg)) from None

    def _open(self, element: Element) -> None:
        layout = self._layout
        self.root = local(element.tag)
        if self.root.lower() == "html":
            raise _html(self._where, layout.title)
        if element.getroottree().docinfo.doctype:
            raise _doctype(self._where)
        if self.root not in layout.roots:
            wanted = f", not {next(iter(layout.roots))!r}" if len(layout.roots) == 1 else ""
            raise ListFileError(
                f"this is not {layout.title}: its outermost element is {self.root[:60]!r}{wanted}",
                where=self._where,
                hint=f"Hand in the XML form of {layout.title}",
            )
        self.attributes = {local(name): printed(value) for name, value in element.attrib.items()}

    def _damaged(self, line: int, message: str) -> ListFileError:
        ending = self._data[-400:].rstrip().rstrip(b"\x00")
        root = self.root or next(iter(self._layout.roots))
        whole = re.search(rb"</(?:\w+:)?" + re.escape(root.encode()) + rb"\s*>\Z", ending)
        what = " ".join(message.partition(", line")[0].split())[:160]
        if not whole and (self.root or len(self._layout.roots) == 1):
            lines = self._data.count(b"\n") + 1
            return ListFileError(
                f"the file is cut short: it ends in line {lines:,} without </{root[:60]}>",
                where=self._where,
                hint=_AGAIN,
            )
        return ListFileError(f"this is not valid XML: {what} in line {line:,}", where=self._where, hint=_AGAIN)

    def _check(self, entry: Element, number: int, missing: set[str]) -> None:
        """Take off namespaces, hold elements and attributes against the layout, and bound their number."""
        layout = self._layout
        # None for a path: nothing is declared from here down.
        stack: list[tuple[Element, str | None]] = [(entry, local(entry.tag))]
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
            if element.tag[0] == "{":
                element.tag = local(element.tag)
            if path is not None and path in layout.unread:
                path = None
            if path is not None:
                if not layout.open and path not in layout._prefixes:
                    raise self._drift(f"new element {path[:100]!r}", element, number)
                missing.discard(path)
                for name in element.attrib:
                    self._attribute(element, f"{path}@{local(name)}", name, number, missing)
            for below in element:
                if isinstance(below.tag, str):
                    stack.append((below, None if path is None else f"{path}/{local(below.tag)}"))

    def _attribute(self, element: Element, path: str, name: str, number: int, missing: set[str]) -> None:
        layout = self._layout
        missing.discard(path)
        if layout.open or name.startswith(_XSI) or path in layout.known or path in layout.unread:
            return
        if not layout.counts_attributes:
            raise self._drift(f"new attribute {path[:100]!r}", element, number)
        if len(self.odd) < MAX_ODD or path in self.odd:
            self.odd[path[:100]] = self.odd.get(path[:100], 0) + 1

    def _forget(self, entry: Element) -> None:
        """Free an entry and what stands before it, after a look at what that is."""
        entry.clear()
        element = entry
        while (parent := element.getparent()) is not None:
            if self._layout.containers is not None:
                self._container(parent)
            while (before := element.getprevious()) is not None:
                self._beside(before)
                parent.remove(before)
            element = parent

    def _beside(self, element: Element) -> None:
        """Refuse what stands neither in an entry nor is one, if it is not a container."""
        layout = self._layout
        if layout.containers is None:
            return
        stack = [element]
        while stack:
            one = stack.pop()
            if not isinstance(one.tag, str) or local(one.tag) in layout.entries:
                continue
            self._container(one)
            stack.extend(one)

    def _container(self, element: Element) -> None:
        containers = self._layout.containers or ()
        name = local(element.tag)
        if element.getparent() is not None and name not in containers:
            raise self._drift(f"new element {name[:60]!r}", element)

    def _drift(self, what: str, element: Element, number: int = 0) -> SourceDrift:
        place = f" in entry {number:,}" if number else ""
        return layout_changed(f"{what}{place}, line {element.sourceline or 0:,}", self._where)


class _Bounded(io.BytesIO):
    """A file for the parser that stops where it has read too far without the end of an entry."""

    def __init__(self, data: bytes, where: str) -> None:
        super().__init__(data)
        self._where = where
        self._marked = 0

    def mark(self) -> None:
        """An entry has come to its end."""
        self._marked = self.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() - self._marked > MAX_ENTRY:
            raise ListFileError(
                f"there are more than {MAX_ENTRY // (1024 * 1024)} MB without the end of an entry, no real one is "
                "that large",
                where=self._where,
                hint=_AGAIN,
            )
        return super().read(size)


def looks_like_xml(data: bytes) -> bool:
    """Whether the bytes begin as XML does: with "<", after a byte order mark and white space."""
    return data[:256].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


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
    """The first element at a path below this one."""
    return element.find(name)


def children(element: Element, name: str) -> Iterator[Element]:
    """The elements at a path below this one, in their order."""
    found: Iterator[Element] = element.iterfind(name)
    return found


def text_of(element: Element | None) -> str:
    """The text of an element, white space folded; "" for none."""
    return printed(element.text or "") if element is not None else ""


def text(element: Element, name: str) -> str:
    """The text of the first element at a path below this one, "" if there is none."""
    return printed(element.findtext(name) or "")


def texts(element: Element, name: str) -> tuple[str, ...]:
    """The filled texts of all elements at a path below this one."""
    return tuple(filled for one in element.iterfind(name) if (filled := text_of(one)))


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
        raise _doctype(where)


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


def _doctype(where: str) -> ListFileError:
    return ListFileError(
        "the file has a document type declaration (DOCTYPE), which this list never has",
        where=where,
        hint="Don't use this file: it may be made to read other files. Download the list again",
    )
