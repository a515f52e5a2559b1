"""Pages of HTML as tables and list items of plain text; nothing is fetched and no script is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stopship.errors import ListFileError
from stopship.sources.containers import decode
from stopship.sources.printed import printed

MAX_PAGE = 30_000_000
"""Bytes of a page."""
MAX_ROWS = 20_000
MAX_PAGES = 500
_END = re.compile(r"</html\s*>", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MARKS = (b"<!doctype html", b"<html", b"<table", b"<body", b"<head", b"<section", b"<div", b"<?xml")


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what stands before it, its headings, and its rows of cells."""

    before: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a list and the headings that it stands under."""

    heading: str
    text: str


def is_page(data: bytes) -> bool:
    """Whether this looks like HTML."""
    head = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return head.startswith(b"<") and any(mark in head for mark in _MARKS)


def open_pages(data: bytes, where: str) -> list[Any]:
    """The trees of a file's pages, one after the other (a parser stops at the end of the first).

    Raises:
        ListFileError: too large, not UTF-8, or nothing in it.
    """
    from lxml import etree, html

    if len(data) > MAX_PAGE:
        raise ListFileError(f"a page of {len(data):,} bytes is too large (at most {MAX_PAGE:,})", where=where)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListFileError(
            f"byte 0x{data[error.start]:02x} at offset {error.start:,} is not UTF-8",
            where=where,
            hint="Save the page as UTF-8",
        ) from None
    if "\x00" in text:
        decode(data, where, "the page of the list")  # says where
    roots = []
    for part in _END.split(text)[:MAX_PAGES]:
        if not part.strip():
            continue
        parser = html.HTMLParser(
            no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
        )
        try:
            roots.append(html.document_fromstring(part.encode("utf-8"), parser=parser))
        except (etree.ParserError, etree.LxmlError, ValueError):
            raise ListFileError("the page can't be read as HTML", where=where, hint="Save it again") from None
    return roots


def tables(root: Any) -> Iterator[Table]:
    """Every table with a header row, in order. A cell that spans several columns fills each of them."""
    for element in root.iter("table"):
        rows = [cells for row in element.iter("tr") if (cells := _cells(row))][:MAX_ROWS]
        if len(rows) > 1:
            yield Table(_text_before(element), rows[0], tuple(rows[1:]))


def items(root: Any) -> Iterator[ListItem]:
    """Items of lists, and paragraphs that are not in one, each with the headings that it stands under."""
    above: dict[str, str] = {}
    for element in root.iter(*_HEADINGS, "li", "p"):
        text = printed(element.text_content())
        if element.tag in _HEADINGS:
            above = {level: known for level, known in above.items() if level < element.tag} | {element.tag: text}
        elif text and not (element.tag == "p" and any(outer.tag == "li" for outer in element.iterancestors())):
            yield ListItem(" / ".join(above.values()), text)


def _cells(row: Any) -> tuple[str, ...]:
    cells: list[str] = []
    for cell in row.iterchildren("td", "th"):
        span = cell.get("colspan", "1")
        times = min(int(span), 50) if span.isascii() and span.isdigit() else 1
        cells += [printed(cell.text_content())] * max(times, 1)
    return tuple(cells)


def _text_before(element: Any) -> str:
    for before in element.iterancestors():
        if before.tag in ("td", "th"):
            return ""
    caption = element.find("caption")
    if caption is not None:
        return printed(caption.text_content())
    node = element
    for _ in range(4):
        previous = node.getprevious()
        while previous is not None:
            if previous.tag == "table":
                return ""
            text = printed(previous.text_content()) if isinstance(previous.tag, str) else ""
            if text:
                return text[:400]
            previous = previous.getprevious()
        node = node.getparent()
        if node is None or node.tag in ("body", "html"):
            break
    return ""
