"""Tables of the supplements: rows with their cells as marked-up lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stopship.sources.contract import Reject
from stopship.sources.drift import columns_changed, layout_changed
from stopship.sources.xml_stream import Element

COUNTRY, ENTITY, REQUIREMENT, POLICY, CITATION = "country", "entity", "requirement", "policy", "citation"
_NAMES = (
    (re.compile(r"countr"), COUNTRY),
    (re.compile(r"entity|entities|listed person"), ENTITY),
    (re.compile(r"license requirement"), REQUIREMENT),
    (re.compile(r"(license )?review policy|license policy"), POLICY),
    (re.compile(r"federal register|fr citation|citation"), CITATION),
)
_BREAKS = ("br",)
_BLOCKS = ("p", "fp", "fp-1", "fp-2", "div", "li")
_MARKS = ("sup", "su", "ftref")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: column -> its text, one line for each line that the publisher breaks."""

    number: int
    cells: dict[str, str]


def table_rows(appendix: Element, wanted: tuple[str, ...], where: str) -> Iterator[TableRow | Reject]:
    """The rows of all tables of one supplement, numbered from 1; header rows are not counted.

    An empty country takes the one above it; cells that span rows count in each.

    Raises:
        SourceDrift: a column is new or missing.
    """
    number = 0
    country = ""
    for table in appendix.iter():
        if _tag(table) != "table":
            continue
        columns: list[str] = []
        spans: dict[int, tuple[int, str]] = {}
        for row in table.iter():
            if _tag(row) != "tr":
                continue
            cells = [cell for cell in row if _tag(cell) in ("td", "th")]
            if (cells and all(_tag(cell) == "th" for cell in cells)) or (not columns and _is_header(cells)):
                columns = _columns([cell_text(cell) for cell in cells], wanted, where)
                continue
            if not columns:
                raise layout_changed("a table has no header row", where)
            texts = _spread(cells, spans)
            if not any(texts):
                continue
            number += 1
            if len(texts) < len(columns) and len([t for t in texts if t]) == 1 and not country:
                country = texts[0]  # a heading that spans the table
                number -= 1
                continue
            if len(texts) != len(columns):
                reason = f"{len(texts)} cells where the header has {len(columns)}"
                yield Reject.of(number, reason, texts)
                continue
            found = dict(zip(columns, texts, strict=True))
            country = found[COUNTRY] or country
            found[COUNTRY] = country
            yield TableRow(number, found)


def cell_text(cell: Element) -> str:
    """The text of a cell: white space folded, a line for each printed line, superscripts behind their word."""
    parts: list[str] = []

    def walk(element: Element) -> None:
        tag = _tag(element)
        if tag in _BREAKS:
            parts.append("\n")
        if tag in _BLOCKS and parts:
            parts.append("\n")
        if tag in _MARKS and parts:
            parts[-1] = parts[-1].rstrip(" ")
        parts.append(re.sub(r"\s+", " ", element.text or ""))
        for child in element:
            walk(child)
            parts.append(re.sub(r"\s+", " ", child.tail or ""))

    walk(cell)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(lines).strip()


def _spread(cells: list[Element], spans: dict[int, tuple[int, str]]) -> list[str]:
    texts: list[str] = []
    remaining = list(cells)
    while remaining or len(texts) in spans:
        place = len(texts)
        if place in spans:
            left, text = spans[place]
            texts.append(text)
            if left > 1:
                spans[place] = (left - 1, text)
            else:
                del spans[place]
            continue
        cell = remaining.pop(0)
        text = cell_text(cell)
        height = cell.get("rowspan") or cell.get("ROWSPAN") or "1"
        if height.isascii() and height.isdigit() and len(height) < 6 and 1 < int(height) <= 10_000:
            spans[place] = (int(height) - 1, text)
        texts.append(text)
    return texts


def _is_header(cells: list[Element]) -> bool:
    texts = [" ".join(cell_text(cell).split()).lower() for cell in cells]
    return len(texts) >= 3 and texts[0].startswith("countr") and "citation" in texts[-1]


def _columns(texts: list[str], wanted: tuple[str, ...], where: str) -> list[str]:
    found: list[str] = []
    new: list[str] = []
    for text in texts:
        plain = " ".join(text.split()).lower()
        name = next((name for pattern, name in _NAMES if pattern.match(plain)), "")
        if name in wanted and name not in found:
            found.append(name)
        else:
            new.append(text)
    missing = [name for name in wanted if name not in found]
    if changed := columns_changed(where, new=new, missing=missing):
        raise changed
    return found


def _tag(element: Element) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""
