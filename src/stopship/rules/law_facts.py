"""Facts of the Export Administration Regulations as printed, and the table files that are written from them.

Both readers (of the official XML, `stopship.rules.ecfr`, and of a converted copy, `tools/write_law_tables.py`)
give these records; what stands in the tables beyond the printed words is worked out here, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from stopship.errors import RulebookError
from stopship.model.values import country_names
from stopship.rules.printed import PrintedRow, read_row, unlisted_reason
from stopship.rules.tables import render_table

TABLES = "us/ear"


@dataclass(frozen=True, slots=True)
class CclEntry:
    """One entry of Supplement No. 1 to Part 774.

    Attributes:
        reasons: the line "Reason for Control", empty where there is none.
        rows: (control, cell of the Country Chart) of its License Requirements; the cell is None where the row
            has one cell only or an empty one.
        exceptions: (symbol, text) of its list-based license exceptions and special conditions.
        texts: (kind, paragraph, text); kinds are `related`, `item`, `note`, `text`.
    """

    eccn: str
    heading: str
    reasons: str
    rows: tuple[tuple[str, str | None], ...]
    exceptions: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One country of Supplement No. 1 to Part 738. A row that points elsewhere has no marks: no permission."""

    country: str
    marks: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where facts come from: title and address of the publication, its issue date, when it was compared."""

    source: str
    url: str
    issued: date
    made_by: str
    verified_on: date | None = None

    def header(self, title: str, note: str = "") -> dict[str, str]:
        lines = {
            "title": title,
            "source": self.source,
            "url": self.url,
            "issued": self.issued.isoformat(),
            "in_force": f"[{self.issued.isoformat()}, null]",
            "verified_on": self.verified_on.isoformat() if self.verified_on else "null",
            "made_by": self.made_by,
        }
        return lines | ({"note": note} if note else {})


def table_path(name: str, issued: date) -> str:
    """Where a table file lies below the rulebook."""
    return f"tables/{TABLES}/{name}/{issued.isoformat()}.tsv"


def ccl_tables(entries: Iterable[CclEntry], stamp: Stamp) -> dict[str, str]:
    """Path -> text of the four tables of the Commerce Control List."""
    held = list(entries)
    return {
        table_path("ccl-entries", stamp.issued): render_table(
            stamp.header(
                "Commerce Control List: entries", "paragraphs: the letters that are held, empty where none are"
            ),
            ("eccn", "reasons", "paragraphs", "heading"),
            ((e.eccn, e.reasons, " ".join(_letters(e)), e.heading) for e in held),
        ),
        table_path("ccl-requirements", stamp.issued): render_table(
            stamp.header(
                "Commerce Control List: license requirements",
                "paragraphs and reach are read from control and chart, which are as printed",
            ),
            ("eccn", "reason", "paragraphs", "reach", "control", "chart", "note"),
            (row for e in held for row in _requirements(e)),
        ),
        table_path("ccl-exceptions", stamp.issued): render_table(
            stamp.header("Commerce Control List: license exceptions as the entries print them"),
            ("eccn", "symbol", "text"),
            ((e.eccn, symbol, text) for e in held for symbol, text in e.exceptions),
        ),
        table_path("ccl-text", stamp.issued): render_table(
            stamp.header(
                "Commerce Control List: paragraphs, notes and related controls",
                "notes that begin with a letter stand as items, as their publication doesn't tell them apart",
            ),
            ("eccn", "kind", "paragraph", "text"),
            ((e.eccn, *text) for e in held for text in e.texts),
        ),
    }


def _letters(entry: CclEntry) -> list[str]:
    """First letters of the entry's paragraphs, reserved ones left out."""
    items = [
        (paragraph, text) for kind, paragraph, text in entry.texts if kind == "item" and paragraph[0].isalpha()
    ]
    reserved = {p for p, text in items if len(p) == 1 and re.match(r"(?:through [a-z]\.? ?)?\[Reserved\]", text)}
    return sorted({p[0] for p, _text in items} - (reserved - {p[0] for p, _text in items if len(p) > 1}))


def _requirements(entry: CclEntry) -> Iterator[tuple[str, ...]]:
    printed: set[str] = set()
    for control, chart in entry.rows:
        row = read_row(entry.eccn, control, control if chart is None else chart)
        printed |= set(re.findall(r"\b([A-Z]{2}) (?:appl(?:y|ies)|Column)", control))
        yield (entry.eccn, row.reason, row.paragraphs, row.reach, control, chart or "", row.note)
    for reason in re.findall(r"\b[A-Z]{2}\b", entry.reasons):
        if reason not in printed:
            yield (entry.eccn, reason, *_unlisted(unlisted_reason(entry.eccn, reason)))
    if not entry.rows and not entry.reasons:
        yield (entry.eccn, "", "*", "?*", "", "", "the entry prints no license requirement; read its heading")


def _unlisted(row: PrintedRow) -> tuple[str, ...]:
    note = "the entry's table has no row for this reason"
    return row.paragraphs, row.reach, "", "", f"{note}; {row.note}" if row.note else note


def chart_tables(rows: Iterable[ChartRow], footnotes: Mapping[str, str], stamp: Stamp) -> dict[str, str]:
    """Path -> text of the Commerce Country Chart and of its footnotes.

    Raises:
        RulebookError: a country's name is not known.
    """
    return {
        table_path("country-chart", stamp.issued): render_table(
            stamp.header("Commerce Country Chart"),
            ("country", "printed", "marks", "footnotes", "pointer"),
            (
                (country_code(r.country), r.country, " ".join(r.marks), " ".join(r.footnotes), r.pointer)
                for r in rows
            ),
        ),
        table_path("country-chart-footnotes", stamp.issued): render_table(
            stamp.header("Commerce Country Chart: footnotes"),
            ("number", "text"),
            ((number, footnotes[number]) for number in sorted(footnotes, key=int)),
        ),
    }


def group_tables(groups: Mapping[str, Iterable[str]], stamp: Stamp) -> dict[str, str]:
    """Path -> text of the Country Groups.

    Args:
        groups: "D:5" -> countries as printed.

    Raises:
        RulebookError: a country's name is not known.
    """
    members: dict[str, list[str]] = {}
    printed: dict[str, str] = {}
    for group in sorted(groups):
        for name in groups[group]:
            members.setdefault(country_code(name), []).append(group)
            printed.setdefault(country_code(name), name)
    return {
        table_path("country-groups", stamp.issued): render_table(
            stamp.header("Country Groups"),
            ("country", "printed", "groups"),
            ((code, printed[code], " ".join(members[code])) for code in sorted(members)),
        )
    }


def exception_tables(exceptions: Iterable[tuple[str, str, str]], stamp: Stamp) -> dict[str, str]:
    """Path -> text of the catalogue of license exceptions, from (symbol, section, title)."""
    return {
        table_path("license-exceptions", stamp.issued): render_table(
            stamp.header("License exceptions", "a catalogue: their conditions are not in it"),
            ("symbol", "section", "title"),
            iter(sorted(exceptions, key=lambda row: (float(row[1].partition(".")[2]), row[0]))),
        )
    }


def country_code(printed: str) -> str:
    """The ISO code of a country as the regulations print it.

    Raises:
        RulebookError: the name is not known; says where to add it.
    """
    name = " ".join(printed.split())
    code = _codes().get(name.casefold())
    if code is None:
        raise RulebookError(
            f"the country {name!r} is not known",
            where="a table of countries",
            hint="Add it to printed_countries.tsv",
        )
    return code


@cache
def _codes() -> dict[str, str]:
    known = {name.casefold(): code for code, name in country_names().items()}
    text = (resources.files("stopship.rules") / "printed_countries.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, code = line.split("\t")
            known[name.casefold()] = code
    return known
