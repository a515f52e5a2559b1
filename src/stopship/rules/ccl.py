"""The Commerce Control List on one day: entries with their license requirements, as printed and as read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from stopship.errors import RulebookError
from stopship.rules.country_chart import is_column
from stopship.rules.selection import EVERYTHING, Path, Term, read_selection
from stopship.rules.tables import Table


class ControlKind(StrEnum):
    """How a requirement says where it holds: by columns of the Country Chart, for all destinations, for
    destinations or Country Groups that it names, or in words that must be read elsewhere."""

    CHART = "chart"
    ALL_DESTINATIONS = "all_destinations"
    NAMED_DESTINATIONS = "named_destinations"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Control:
    """One license requirement of an entry.

    Attributes:
        reason: "NS"; "" where none is printed.
        paragraphs: which of the entry's paragraphs it is limited to.
        reach: which destinations it holds for.
        control, chart: the row as printed; `chart` is empty where the row has one cell only, both are where the
            requirement is known only from the entry's "Reason for Control".
        note: what the reading rests on besides the printed words.
    """

    reason: str
    paragraphs: tuple[Term, ...]
    reach: tuple[Term, ...]
    control: str
    chart: str
    note: str = ""

    @property
    def kind(self) -> ControlKind:
        if any(is_column(term.name) for term in self.reach):
            return ControlKind.CHART
        if self.reach[0].holds is None:
            return ControlKind.OPEN
        return ControlKind.ALL_DESTINATIONS if self.reach[0].name == EVERYTHING else ControlKind.NAMED_DESTINATIONS

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the Country Chart: ("NS1",)."""
        return tuple(term.name for term in self.reach if is_column(term.name))

    @property
    def cites(self) -> tuple[str, ...]:
        """Sections that the row points to: "742.6(a)(6)(iii)(A)"."""
        found = re.findall(r"7[0-9]{2}\.\d+(?:\s?\([A-Za-z0-9]+\))*", f"{self.control} {self.chart}")
        return tuple(dict.fromkeys(section.replace(" ", "") for section in found))

    @property
    def quoted(self) -> str:
        """The row as printed, for a person."""
        if self.chart:
            return f'"{self.control}": "{self.chart}"'
        return f'"{self.control}"' if self.control else f'Reason for Control "{self.reason}" ({self.note})'


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of an entry's text. `kind` is `related`, `item`, `note` or `text`; `paragraph` may be empty."""

    kind: str
    paragraph: str
    text: str


@dataclass(frozen=True)
class Entry:
    """One ECCN.

    Attributes:
        letters: first letters of its paragraphs; empty where the table doesn't hold them.
        exceptions: (symbol, text) of the license exceptions and special conditions that it prints.
    """

    eccn: str
    heading: str
    reasons: str
    letters: tuple[str, ...]
    controls: tuple[Control, ...]
    exceptions: tuple[tuple[str, str], ...]

    def exception(self, symbol: str) -> str | None:
        """What it prints for a license exception, None where it prints nothing."""
        return next((text for name, text in self.exceptions if name == symbol), None)

    @cached_property
    def named(self) -> frozenset[Path]:
        """Paragraphs that its requirements name."""
        return frozenset(term.path for control in self.controls for term in control.paragraphs if term.path)


class CommerceControlList:
    """The list on one day. Entries are made when they are asked for.

    Attributes:
        issued: the day of the publication that the tables come from.
    """

    def __init__(
        self,
        entries: Table,
        requirements: Table,
        exceptions: Table,
        text: Callable[[], Table],
    ) -> None:
        self.issued = entries.header["issued"]
        self._rows = {row[0]: row for row in entries.rows}
        self._requirements = _by_eccn(requirements)
        self._exceptions = _by_eccn(exceptions)
        self._read_text = text
        self._made: dict[str, Entry] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Entry]:
        return (entry for eccn in self._rows if (entry := self.entry(eccn)) is not None)

    def __contains__(self, eccn: object) -> bool:
        return eccn in self._rows

    def entry(self, eccn: str) -> Entry | None:
        """The entry of an ECCN, with or without a paragraph; None where the list has no such entry."""
        head = eccn.partition(".")[0]
        if head not in self._made and head in self._rows:
            code, reasons, letters, heading = self._rows[head]
            self._made[head] = Entry(
                eccn=code,
                heading=heading,
                reasons=reasons,
                letters=tuple(letters.split()),
                controls=tuple(_control(row) for row in self._requirements.get(head, ())),
                exceptions=tuple((symbol, said) for _code, symbol, said in self._exceptions.get(head, ())),
            )
        return self._made.get(head)

    def texts(self, eccn: str) -> tuple[Text, ...]:
        """All text of an entry that the table holds: related controls, paragraphs, notes."""
        rows = self._texts.get(eccn.partition(".")[0], ())
        return tuple(Text(kind, paragraph, said) for _code, kind, paragraph, said in rows)

    def paragraphs(self, eccn: str) -> tuple[Text, ...]:
        """Paragraphs of an entry as far as the table holds them. Notes that begin with a letter may stand among
        them, because their publication doesn't tell the two apart."""
        return tuple(text for text in self.texts(eccn) if text.kind == "item")

    @cached_property
    def _texts(self) -> dict[str, list[tuple[str, ...]]]:
        return _by_eccn(self._read_text())


def _control(row: tuple[str, ...]) -> Control:
    code, reason, paragraphs, reach, control, chart, note = row
    try:
        read = read_selection(paragraphs), read_selection(reach)
    except ValueError as error:
        raise RulebookError(str(error), where=f"the license requirements of {code}") from None
    if not all(read):
        # An empty selection would reach nothing, in silence.
        raise RulebookError("a requirement without paragraphs or destinations", where=f"the entry {code}")
    return Control(reason, *read, control, chart, note)


def _by_eccn(table: Table) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in table.rows:
        found.setdefault(row[0], []).append(row)
    return found
