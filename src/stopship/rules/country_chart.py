"""The Commerce Country Chart and the Country Groups on one day, by ISO country codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from stopship.rules.selection import Path, Term, destination_selected, paragraph_selected, read_selection
from stopship.rules.tables import Table

_COLUMN = re.compile(r"[A-Z]{2}[1-9]\Z")
_GROUP = re.compile(r"[A-E](:[1-9])?\Z")

REASONS = {
    "CB": "chemical and biological weapons",
    "NP": "nuclear nonproliferation",
    "NS": "national security",
    "MT": "missile technology",
    "RS": "regional stability",
    "FC": "firearms convention",
    "CC": "crime control",
    "AT": "anti-terrorism",
    "UN": "United Nations controls",
    "SL": "surreptitious listening",
    "EI": "encryption items",
    "SI": "significant items",
    "CW": "chemical weapons convention",
    "SS": "short supply",
}


def is_column(name: str) -> bool:
    """Whether a word of a selection of destinations names a column of the chart ("NS2")."""
    return _COLUMN.match(name) is not None


def column_label(column: str) -> str:
    """ "CC1" -> "CC1 (crime control, column 1)"."""
    return f"{column} ({REASONS.get(column[:2], column[:2])}, column {column[2:]})"


@dataclass(frozen=True, slots=True)
class Row:
    """What decides for one country. `pointer` is set where its row is empty and points elsewhere."""

    country: str
    printed: str
    marks: frozenset[str]
    footnotes: tuple[str, ...]
    pointer: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class FootnoteReading:
    """What a footnote means for one entry: `required`, `special` (provisions to be read) or `elsewhere`."""

    footnote: str
    eccn: str
    paragraphs: tuple[Term, ...]
    effect: str
    phrase: str

    def covers(self, path: Path) -> bool | None:
        """Whether an item in a paragraph is meant, None where the footnote says more than can be read from it."""
        return paragraph_selected(self.paragraphs, path)


class CountryGroups:
    """Supplement No. 1 to Part 740. A country that no group names is in none."""

    def __init__(self, table: Table, same: Mapping[str, str]) -> None:
        self._of = {r["country"]: frozenset(r["groups"].split()) for r in table.records()}
        self._same = same

    def of(self, country: str) -> frozenset[str]:
        """The groups of a country: {"D:1", "D:5"}. Hong Kong is in those of China."""
        return self._of.get(self._same.get(country, country), frozenset())

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(group for groups in self._of.values() for group in groups)


class CountryChart:
    """Supplement No. 1 to Part 738 with its footnotes, and the Country Groups beside it."""

    def __init__(self, chart: Table, footnotes: Table, territories: Table, readings: Table, groups: Table) -> None:
        self.issued = chart.header["issued"]
        self._rows = {
            r["country"]: Row(
                r["country"],
                r["printed"],
                frozenset(r["marks"].split()),
                tuple(r["footnotes"].split()),
                r["pointer"],
            )
            for r in chart.records()
        }
        self._same = {r["country"]: (r["row"], r["basis"]) for r in territories.records()}
        self.footnotes = {r["number"]: r["text"] for r in footnotes.records()}
        self.groups = CountryGroups(groups, {code: row for code, (row, _basis) in self._same.items()})
        self.marked = frozenset(mark for row in self._rows.values() for mark in row.marks)
        self._readings = tuple(
            FootnoteReading(r["footnote"], r["eccn"], read_selection(r["paragraphs"]), r["effect"], r["phrase"])
            for r in readings.records()
        )

    def row(self, country: str) -> Row | None:
        """The row that decides for a country, None where the chart has none and none is named for it."""
        if country in self._same:
            code, basis = self._same[country]
            row = self._rows[code]
            return Row(country, row.printed, row.marks, row.footnotes, row.pointer, basis)
        return self._rows.get(country)

    def reaches(self, reach: tuple[Term, ...], country: str) -> bool | None:
        """Whether a requirement's selection of destinations holds for a country.

        None where it is open, or where the chart has no row for the country and the answer needs one.
        """
        row = self.row(country)
        if row is None and any(self._needs_row(term.name) for term in reach):
            return None
        return destination_selected(reach, lambda name: self._is_in(name, country, row))

    def _needs_row(self, name: str) -> bool:
        # A column in which no country is marked reaches no one, row or not.
        return name in self.marked or _GROUP.match(name) is not None

    def _is_in(self, name: str, country: str, row: Row | None) -> bool:
        if is_column(name):
            return row is not None and name in row.marks
        if name.startswith("fn:"):
            return row is not None and name[3:] in row.footnotes
        if _GROUP.match(name):
            return name in self.groups.of(country)
        return name in (country, self._same.get(country, ("", ""))[0])

    def readings(self, country: str, eccn: str) -> tuple[FootnoteReading, ...]:
        """What the footnotes at a country's row say of an entry."""
        row = self.row(country)
        marks = row.footnotes if row else ()
        return tuple(r for r in self._readings if r.footnote in marks and r.eccn == eccn)

    def unread(self, country: str) -> tuple[str, ...]:
        """Footnotes at a country's row that no reading stands for: they say more than this rulebook knows."""
        row = self.row(country)
        known = {r.footnote for r in self._readings if r.phrase in self.footnotes.get(r.footnote, "")}
        return tuple(number for number in (row.footnotes if row else ()) if number not in known)

    def problems(self) -> list[str]:
        """Readings whose footnote no longer has the phrase that they rest on, and footnotes that none reads."""
        found = [
            f"the reading of footnote {r.footnote} rests on {r.phrase!r}, which isn't in it"
            for r in self._readings
            if r.phrase not in self.footnotes.get(r.footnote, "")
        ]
        read = {r.footnote for r in self._readings}
        found = list(dict.fromkeys(found))
        return found + [f"footnote {number} has no reading" for number in self.footnotes if number not in read]
