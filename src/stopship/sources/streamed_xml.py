"""XML as a stream: one record at a time, with entities, document types and the network off.

An official list has no document type of its own and needs none, so any is refused before anything is expanded.
Memory stays at the size of the file and one record, whatever the number of records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from stopship.errors import ListFileError, SourceDrift
from stopship.sources.containers import name_of_kind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

_AGAIN = "Download it again"
_CUT = ("premature end", "couldn't find end", "extra content at the end", "unexpected end", "document is empty")
MAX_HEAD = 65_536


def looks_like_xml(data: bytes) -> bool:
    """Whether the bytes begin as XML does: with "<", after a byte order mark and white space."""
    return data[:256].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def root_name(data: bytes, where: str, wanted: str) -> str:
    """The local name of the root element.

    Args:
        data: the unpacked file.
        where: its name, for messages.
        wanted: what it should be, e.g. "SDN.XML", for the hint.

    Raises:
        ListFileError: not XML, an HTML page, a document type, or no root element.
    """
    for _event, element in _events(data, where, wanted, ("start",)):
        return local_name(element)
    raise ListFileError("the XML file is empty", where=where, hint=_AGAIN)


def read_records(
    data: bytes, where: str, *, roots: Collection[str], records: Collection[str], wanted: str
) -> Iterator[Element]:
    """The finished records of a list, in the order of the file, without namespaces.

    A record is forgotten as soon as the next one is asked for. A record inside of a record is not handed out.

    Args:
        roots: local names that the root element may have.
        records: local names of the elements that are handed out.

    Raises:
        ListFileError: as `root_name`; another root, XML that is cut short or not well-formed.
    """
    root = root_name(data, where, wanted)
    if root not in roots:
        raise ListFileError(
            f"this is not {wanted}: its root element is <{root[:60]}>", where=where, hint=f"Hand in {wanted}"
        )
    inside = 0
    # Only records come up here, the rest stays in the parser: a list has millions of elements.
    for event, element in _events(data, where, wanted, ("start", "end"), [f"{{*}}{name}" for name in records]):
        inside += 1 if event == "start" else -1
        if event == "start" or inside:
            continue
        for part in element.iter():
            if isinstance(part.tag, str) and part.tag[0] == "{":
                part.tag = part.tag.rpartition("}")[2]
        yield element
        element.clear()
        while element is not None:
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
            element = parent


def local_name(element: Element) -> str:
    """The name of an element without its namespace; "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: Element, path: str) -> str:
    """The text of the first element at a path, white space folded; "" where there is none."""
    return " ".join((element.findtext(path) or "").split())


@dataclass(slots=True)
class Known:
    """The elements and attributes that a layout has, as a tree from the record down."""

    children: dict[str, Known] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, paths: Iterable[str]) -> Known:
        """From paths like "sdnEntry/akaList/aka/uid" and "Location/@ID"; what is above a path is known too."""
        root = cls()
        for path in paths:
            node = root
            for part in path.split("/"):
                if part.startswith("@"):
                    node.attributes.add(part[1:])
                else:
                    node = node.children.setdefault(part, cls())
        return root


def unknown_parts(record: Element, known: Known) -> list[str]:
    """Paths of elements, and of attributes (`…/@name`), of a record that the layout doesn't have, each once."""
    found: dict[str, None] = {}

    def walk(element: Element, node: Known, path: tuple[str, ...]) -> None:
        for attribute in element.keys():  # noqa: SIM118 (an element is no dictionary)
            if attribute not in node.attributes:
                found["/".join((*path, f"@{attribute.rpartition('}')[2]}"))] = None
        for child in element:
            tag = child.tag
            below = node.children.get(tag) if isinstance(tag, str) else None
            if below is not None:
                walk(child, below, (*path, tag))
            elif isinstance(tag, str):
                found["/".join((*path, tag))] = None

    top = known.children.get(record.tag)
    if top is None:
        return [str(record.tag)]
    walk(record, top, (str(record.tag),))
    return list(found)


def drift(parts: Collection[str], where: str, what: str = "new element") -> SourceDrift:
    """The refusal that names what is new in a layout, or missing from it."""
    names = ", ".join(repr(part[:100]) for part in sorted(parts)[:5])
    return SourceDrift(
        f"the layout has changed: {what} {names}",
        where=where,
        hint="Update Stopship, or report the change; nothing was imported",
    )


def _events(
    data: bytes, where: str, wanted: str, events: tuple[str, ...], tags: list[str] | None = None
) -> Iterator[tuple[str, Element]]:
    from lxml import etree

    if kind := name_of_kind(data):
        raise ListFileError(f"this is {kind}, whatever its name says", where=where, hint=f"Hand in {wanted}")
    head = data[:MAX_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise ListFileError("the file is empty", where=where, hint=_AGAIN)
    if head[:512].lower().startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        raise ListFileError("this is an HTML page, perhaps an error page", where=where, hint=f"Hand in {wanted}")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise _has_type(where)
    stream = etree.iterparse(
        BytesIO(data),
        events=events,
        tag=tags,
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    first = True
    try:
        for event, element in stream:
            if first:
                first = False
                if element.getroottree().docinfo.doctype:
                    raise _has_type(where)
                if local_name(element).lower() == "html":
                    raise ListFileError(
                        "this is an HTML page, perhaps an error page", where=where, hint=f"Hand in {wanted}"
                    )
            yield event, element
    except etree.XMLSyntaxError as error:
        message = str(error.msg or "").rstrip(".")
        if first and not head.startswith(b"<"):
            raise ListFileError("this is not XML", where=where, hint=f"Hand in {wanted}") from None
        line = error.lineno or 0
        last = data.count(b"\n") + 1
        cut = message.lower().startswith(_CUT) or (line >= last and not data.rstrip().endswith(b">"))
        what = "the XML file is cut short" if cut else f"this is not well-formed XML: {message[:120]}"
        raise ListFileError(f"{what} (line {line:,})", where=where, hint=_AGAIN) from None


def _has_type(where: str) -> ListFileError:
    return ListFileError(
        "the XML declares a document type or entities, which no official list does",
        where=where,
        hint="Don't use it; download it again from the publisher",
    )
