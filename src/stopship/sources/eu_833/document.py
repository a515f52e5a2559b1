"""The annex as a run of lines and table rows, from HTML and from Formex XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stopship.errors import ListFileError
from stopship.sources.printed import printed

MAX_DOCUMENT = 60_000_000
"""Bytes. The consolidated text with all its annexes has some 8 million."""
_ANNEX = re.compile(r"ANNEX\s+(?P<number>[IVXLC]+[A-Z]?)\b", re.IGNORECASE)
_WANTED = "IV"
_HTML_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li")
_FORMEX_BLOCKS = ("P", "NP", "TI", "STI", "ITEM", "TITLE")
_MARK = re.compile(r"[►▼]\s*[A-Z]\d+(?:\s*[-–]+)?\s*|[►▼◄]")
_AGAIN = "Save the consolidated text of Regulation 833/2014 from EUR-Lex as HTML, in English"

Line = tuple[str, ...]
"""One cell for a paragraph, several for a row of a table."""


def open_document(data: bytes, where: str) -> Any:
    """The tree of the text.

    Raises:
        ListFileError: another format, too large, with declarations of entities, or not well formed.
    """
    from lxml import etree, html

    if len(data) > MAX_DOCUMENT:
        raise ListFileError(f"{len(data):,} bytes are too many (at most {MAX_DOCUMENT:,})", where=where)
    head = data[:3000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if not head.startswith(b"<"):
        raise ListFileError("this is neither HTML nor XML", where=where, hint=_AGAIN)
    if b"<!ENTITY" in data[:1_000_000]:
        raise ListFileError("the document declares entities, which are not read", where=where, hint=_AGAIN)
    low = head.lower()
    try:
        if b"<html" in low or b"<!doctype html" in low:
            page = html.HTMLParser(
                no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
            )
            return html.document_fromstring(data.decode("utf-8-sig").encode("utf-8"), parser=page)
        strict = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        return etree.fromstring(data, parser=strict)
    except UnicodeDecodeError:
        raise ListFileError("the page is not UTF-8", where=where, hint=_AGAIN) from None
    except (etree.LxmlError, ValueError) as error:
        reason = " ".join(str(error).split())[:100]
        raise ListFileError(
            f"the document is cut short or not well formed: {reason}", where=where, hint=_AGAIN
        ) from None


def annex_lines(root: Any, where: str) -> Iterator[Line]:
    """Paragraphs and rows of Annex IV, in order, without the marks of amendments.

    Raises:
        ListFileError: there is no heading ANNEX IV.
    """
    inside = found = False
    for line in _lines(root):
        heading = _ANNEX.match(line[0]) if len(line) == 1 and len(line[0]) < 200 else None
        if heading and heading.end() < len(line[0]) and line[0][heading.end()] not in " \n:":
            heading = None
        if heading and (len(line[0]) == heading.end() or not inside or heading["number"].upper() != _WANTED):
            # A sentence of the text may begin with "Annex IV"; a heading is that alone, or in capitals.
            alone = len(line[0]) - heading.end() < 3 or line[0].startswith("ANNEX")
            if alone:
                inside = heading["number"].upper() == _WANTED
                found = found or inside
                continue
        if inside:
            yield line
    if not found:
        raise ListFileError(
            "there is no Annex IV in it: another document, or an error page", where=where, hint=_AGAIN
        )


def dated(root: Any) -> str:
    """The head of the text, where its date stands: "02014R0833 — EN — 24.02.2025 — 019.001"."""
    for number, line in enumerate(_lines(root)):
        if "02014R0833" in line[0]:
            return line[0]
        if number > 60:
            break
    return ""


def _lines(root: Any) -> Iterator[Line]:
    for element in root.iter():
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in ("tr", "ROW"):
            cells = tuple(_text(cell) for cell in element.iterchildren("td", "th", "CELL"))
            if any(cells):
                yield cells if len(cells) > 1 else (cells[0],)
        elif tag in _HTML_BLOCKS or tag in _FORMEX_BLOCKS:
            if _holds_blocks(element) or any(above.tag in ("tr", "ROW") for above in element.iterancestors()):
                continue
            if text := _text(element):
                yield (text,)


def _holds_blocks(element: Any) -> bool:
    """Whether there are blocks inside of it, which come out by themselves."""
    if element.tag == "NP":
        return False  # a number and its text
    return any(
        inner is not element
        and isinstance(inner.tag, str)
        and inner.tag in (*_HTML_BLOCKS, *_FORMEX_BLOCKS, "ROW", "tr")
        for inner in element.iter()
    ) or any(above.tag == "NP" for above in element.iterancestors())


def _text(element: Any) -> str:
    return printed(_MARK.sub(" ", " ".join(element.itertext())))
