"""Reading the official XML of the Electronic Code of Federal Regulations: Parts 738, 740 and 774 of Title 15.

Bytes in, printed facts out (`stopship.rules.law_facts`); nothing is fetched, and entities, document types and
the network are off. The layout is that of `www.ecfr.gov/api/versioner/v1/full/DATE/title-15.xml?part=774`:
supplements are `DIV9`, sections `DIV8`; an entry of the Commerce Control List begins with `<FP-2><B>3A001
Heading</B></FP-2>`, its labels are `FP-1`, its paragraphs `P`, its License Requirements a `TABLE`. What doesn't
have the expected form is refused or listed as not read, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from stopship.errors import RulebookError
from stopship.rules.law_facts import CclEntry, ChartRow

COLUMNS = (
    *("CB1", "CB2", "CB3", "NP1", "NP2", "NS1", "NS2", "MT1"),
    *("RS1", "RS2", "FC1", "CC1", "CC2", "CC3", "AT1", "AT2"),
)
"""Columns of the Country Chart in the order in which they are printed."""
_GROUPS = {"A": 6, "D": 5, "E": 2}
_NOT_EXCEPTIONS = frozenset(
    ["NS", "RS", "AT", "MT", "NP", "CB", "CC", "SI", "SS", "UN", "EI", "FC", "CW", "SL", "NOTE"]
)


@dataclass
class Read:
    """What one file holds; a part that it doesn't have is None.

    Attributes:
        entries: of the Commerce Control List.
        chart, footnotes: the Country Chart.
        groups: "D:5" -> countries as printed.
        exceptions: (symbol, section, title).
        unread: what was found and not understood, for a person.
    """

    entries: list[CclEntry] | None = None
    chart: list[ChartRow] | None = None
    footnotes: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[str]] | None = None
    exceptions: list[tuple[str, str, str]] | None = None
    unread: list[str] = field(default_factory=list)


def read_ecfr(data: bytes, where: str) -> Read:
    """Read one XML file with any of the three parts.

    Args:
        data: content of the file.
        where: its name, for errors.

    Raises:
        RulebookError: it is no XML, declares a document type, has none of the parts, or a part has another form
            than the one that is known.
    """
    root = _parse(data, where)
    read = Read()
    supplements = {_number(div): div for div in root.iter("DIV9")}
    if (ccl := supplements.get("Supplement No. 1 to Part 774")) is not None:
        read.entries = _read_ccl(ccl, read.unread, where)
    if (chart := supplements.get("Supplement No. 1 to Part 738")) is not None:
        read.chart, read.footnotes = _read_chart(chart, where)
    if (groups := supplements.get("Supplement No. 1 to Part 740")) is not None:
        read.groups = _read_groups(groups, where)
    sections = [div for div in root.iter("DIV8") if re.match(r"(?:§ ?)?740\.\d+\b", _number(div))]
    if sections:
        read.exceptions = list(_read_exceptions(sections))
    if read.entries is None and read.chart is None and read.groups is None and read.exceptions is None:
        raise RulebookError(
            "there is no Part 738, 740 or 774 of Title 15 in it",
            where=where,
            hint="Take title-15.xml?part=774 (738, 740) from the eCFR",
        )
    return read


def _parse(data: bytes, where: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise RulebookError(f"not readable as XML: {error}", where=where) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise RulebookError("declares a document type; the official file has none", where=where)
    return root


def _number(div: Any) -> str:
    return " ".join((div.get("N") or "").split())


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


# -- Part 774 ----------------------------------------------------------------------------------------------------


@dataclass
class _Draft:
    eccn: str
    heading: str
    reasons: str = ""
    rows: list[tuple[str, str | None]] = field(default_factory=list)
    exceptions: dict[str, str] = field(default_factory=dict)
    texts: list[tuple[str, str, str]] = field(default_factory=list)

    def done(self) -> CclEntry:
        exceptions = tuple(self.exceptions.items())
        return CclEntry(self.eccn, self.heading, self.reasons, tuple(self.rows), exceptions, tuple(self.texts))


def _read_ccl(supplement: Any, unread: list[str], where: str) -> list[CclEntry]:
    drafts: list[_Draft] = []
    for element in _blocks(supplement):
        if element.tag == "FP-2" and (begun := _entry_begins(element)):
            drafts.append(begun)
        elif drafts and element.tag == "FP-1":
            _label(_text(element), drafts[-1])
        elif drafts and element.tag == "TABLE":
            _requirements(element, drafts[-1], unread)
        elif drafts and element.tag == "P":
            _paragraph(_text(element), drafts[-1])
    if not drafts:
        raise RulebookError("Supplement No. 1 to Part 774 has no entry like <FP-2><B>3A001 …", where=where)
    seen: set[str] = set()
    for draft in drafts:
        if draft.eccn in seen:
            raise RulebookError(f"{draft.eccn} stands twice in Supplement No. 1 to Part 774", where=where)
        seen.add(draft.eccn)
    return [draft.done() for draft in drafts]


def _blocks(element: Any) -> Iterator[Any]:
    """Paragraphs, labels and tables in the order of the document; the inside of a table isn't looked into."""
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.tag in ("FP-2", "FP-1", "TABLE", "P"):
            yield child
        else:
            yield from _blocks(child)


def _entry_begins(element: Any) -> _Draft | None:
    found = re.match(r"(\d[A-E]\d{3})\s+(\S.*)", _text(element))
    return _Draft(found[1], found[2]) if found and element.find("B") is not None else None


def _label(text: str, draft: _Draft) -> None:
    name, colon, value = (part.strip() for part in text.partition(":"))
    if not colon:
        return
    if name.lower() == "reason for control":
        draft.reasons = value
    elif name.lower() == "related controls":
        draft.texts.insert(0, ("related", "", value))
    elif re.fullmatch(r"[A-Z]{2,4}", name) and name not in _NOT_EXCEPTIONS:
        draft.exceptions[name] = value


def _requirements(table: Any, draft: _Draft, unread: list[str]) -> None:
    rows = [_cells(row) for row in table.iter("TR")]
    header = [_text(cell) for cell in rows[0]] if rows else []
    names_chart = any(re.search(r"country\s*chart", cell, re.IGNORECASE) for cell in header)
    # 0E982's table has one column: its requirement needs none of the chart.
    if not names_chart and not (header and re.fullmatch(r"control\(s\)", header[0], re.IGNORECASE)):
        unread.append(f"{draft.eccn}: a table that begins with {', '.join(header[:3]) or 'nothing'}")
        return
    for cells in rows[1:]:
        control, chart = _text(cells[0]) if cells else "", _text(cells[1]) if len(cells) > 1 else ""
        if control:
            draft.rows.append((control, chart or None))
        elif chart:
            unread.append(f"{draft.eccn}: a requirement without a control: {chart}")


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in ("TD", "TH")]


def _paragraph(text: str, draft: _Draft) -> None:
    if not text:
        return
    found = re.match(r"((?:[a-z]|\d{1,2})(?:\.(?:[a-z]|\d{1,2}))*)\.\s+(\S.*)", text)
    if found is None or len(found[1]) > 12:
        draft.texts.append(("text", "", text))
    else:
        draft.texts.append(("item" if found[1][0].isalpha() else "note", found[1], found[2]))


# -- Part 738 ----------------------------------------------------------------------------------------------------


def _read_chart(supplement: Any, where: str) -> tuple[list[ChartRow], dict[str, str]]:
    rows = _table_with(supplement, lambda cells: "CB 1" in cells)
    if rows is None:
        raise RulebookError("the Country Chart has no table with a column CB 1", where=where)
    head = next(n for n, row in enumerate(rows) if "CB 1" in [_text(cell) for cell in row])
    columns = tuple(_text(cell).replace(" ", "") for cell in rows[head])
    if columns[-len(COLUMNS) :] != COLUMNS:
        raise RulebookError(f"the columns of the Country Chart have changed: {' '.join(columns)}", where=where)
    found: list[ChartRow] = []
    footnotes: dict[str, str] = {}
    for cells in rows[head + 1 :]:
        _chart_row(cells, found, footnotes, where)
    return found, footnotes


def _chart_row(cells: list[Any], found: list[ChartRow], footnotes: dict[str, str], where: str) -> None:
    if len(cells) == 1:
        note = re.match(r"(\d+)\s*(\S.*)", _text(cells[0]))
        if note is None:
            raise RulebookError(f"a footnote without its number: {_text(cells[0])[:80]}", where=where)
        footnotes[note[1]] = note[2]
        return
    name, marks = _without_marks(cells[0])
    if not name:
        return
    texts = [_text(cell) for cell in cells[1:]]
    if len(cells) == 2:
        found.append(ChartRow(name, footnotes=marks, pointer=texts[0]))
    elif len(texts) != len(COLUMNS) or not set(texts) <= {"", "X", "x"}:
        raise RulebookError(f"the row of {name} has {len(texts)} columns: {' '.join(texts)}", where=where)
    else:
        held = tuple(column for column, text in zip(COLUMNS, texts, strict=True) if text)
        found.append(ChartRow(name, held, marks))


def _without_marks(cell: Any) -> tuple[str, tuple[str, ...]]:
    """A name and the numbers of its footnotes, which stand raised behind it."""
    raised = [e for e in cell.iter() if isinstance(e.tag, str) and e.tag.lower() in ("sup", "su")]
    numbers = [number for e in raised for number in re.findall(r"\d+", _text(e))]
    pieces = [cell.text or ""]
    for element in cell.iter():
        if element is cell:
            continue
        pieces += ["" if element in raised else element.text or "", element.tail or ""]
    return " ".join("".join(pieces).split()), tuple(numbers)


def _table_with(parent: Any, wanted: Any) -> list[list[Any]] | None:
    """Rows of the first table that has a row of which `wanted` holds."""
    for table in parent.iter("TABLE"):
        rows = [_cells(row) for row in table.iter("TR")]
        if any(wanted([_text(cell) for cell in row]) for row in rows):
            return rows
    return None


# -- Part 740 ----------------------------------------------------------------------------------------------------


def _read_groups(supplement: Any, where: str) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {"B": _group_b(supplement, where)}
    for letter, size in _GROUPS.items():
        rows = _table_with(supplement, lambda cells, name=letter: any(f"{name}:1" in cell for cell in cells))
        if rows is None:
            raise RulebookError(f"there is no table of Country Group {letter}", where=where)
        names = [f"{letter}:{n}" for n in range(1, size + 1)]
        head = next(n for n, row in enumerate(rows) if any(f"{letter}:1" in _text(cell) for cell in row))
        printed = re.findall(rf"{letter}:\d", " ".join(_text(cell) for cell in rows[head]))
        if printed != names:
            raise RulebookError(f"Country Group {letter} has other columns: {' '.join(printed)}", where=where)
        for name in names:
            groups[name] = []
        for cells in rows[head + 1 :]:
            _group_row(cells, names, groups, where)
    return groups


def _group_row(cells: list[Any], names: list[str], groups: dict[str, list[str]], where: str) -> None:
    if not cells:
        return
    country, _marks = _without_marks(cells[0])
    country = re.sub(r"\s+\d+$", "", country)
    if len(cells) == 1 or not country:  # A footnote, or a row that only fills the page.
        return
    texts = [_text(cell) for cell in cells[1:]]
    if len(texts) != len(names):
        raise RulebookError(f"the row of {country} has {len(texts)} columns, not {len(names)}", where=where)
    for name, text in zip(names, texts, strict=True):
        if "X" in text.upper():
            groups[name].append(country)


def _group_b(supplement: Any, where: str) -> list[str]:
    heading = False
    for element in supplement.iter():
        if isinstance(element.tag, str) and re.match(r"HD\d|HEAD", element.tag):
            heading = re.match(r"Country Group B\b", _text(element)) is not None
        elif heading and element.tag == "LI":
            parent = element.getparent()
            return [_without_marks(item)[0] for item in parent.iter("LI") if _text(item)]
    raise RulebookError("there is no list of Country Group B", where=where)


def _read_exceptions(sections: list[Any]) -> Iterator[tuple[str, str, str]]:
    for section in sections:
        head = section.find("HEAD")
        found = re.match(r"§ ?(740\.\d+)\s+(\S.*?)\.?$", _text(head)) if head is not None else None
        for symbol in re.findall(r"\(([A-Z]{3})\)", found[2]) if found else ():
            assert found is not None
            yield symbol, found[1], found[2]
