"""Does the Commerce Control List require a license for an item and a destination? (15 CFR 738.4)

Every license requirement of the item's entry is held against the destination, and against each paragraph that
the item may be in: one that is not stated may be any. Where all readings require a license, one is required;
where none does, none is; else the answer is open and says what it waits for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stopship.rules.ccl import CommerceControlList, Control, ControlKind, Entry
from stopship.rules.country_chart import CountryChart, FootnoteReading, column_label
from stopship.rules.selection import ELSE, Path, paragraph_selected, read_selection
from stopship.rules.verdict import Truth

ECCN = "eccn"
BY_PERSON = "country_chart"
"""Facts that an answer may wait for: the ECCN's paragraph, or a person's reading of the entry."""

_NOT_MEANT_UNSTATED = "z"
"""Paragraphs .z hold advanced computing items; most items of their entries are not in them."""


@dataclass(frozen=True, slots=True)
class ControlTest:
    """Which requirements a rule asks about: of these kinds, which cite one of these sections or none of those."""

    kinds: tuple[ControlKind, ...]
    cites: tuple[str, ...] = ()
    not_cites: tuple[str, ...] = ()

    def takes(self, control: Control) -> bool:
        if control.kind not in self.kinds:
            return False
        if self.cites and not set(self.cites) & set(control.cites):
            return False
        return not set(self.not_cites) & set(control.cites)


@dataclass(frozen=True, slots=True)
class Determination:
    """What the requirements of one entry say for one destination.

    Attributes:
        truth: yes, no or missing.
        text: the reasons that decide or leave it open, for a person.
        evidence: the rows and footnotes as printed.
        missing: `ECCN`, `BY_PERSON`.
        notes: what the answer rests on, printed with the decision.
        reasons: reasons for control that require a license or may ("MT").
    """

    truth: Truth
    text: str = ""
    evidence: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


_NONE = Determination(Truth.NO)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A requirement of the entry or of a footnote, and whether it holds for the destination."""

    reason: str
    label: str
    quoted: str
    reached: bool | None
    control: Control | None = None
    footnote: FootnoteReading | None = None

    def covers(self, path: Path) -> bool | None:
        if self.control is not None:
            return paragraph_selected(self.control.paragraphs, path)
        return self.footnote is not None and self.footnote.covers(path)

    def requires(self, path: Path) -> bool | None:
        covered = self.covers(path)
        if covered is False or self.reached is False:
            return False
        return True if covered and self.reached else None


class Controls:
    """The Commerce Control List and the Country Chart of one day, joined. Answers are kept.

    Attributes:
        ccl, chart: the tables.
    """

    def __init__(self, ccl: CommerceControlList, chart: CountryChart) -> None:
        self.ccl = ccl
        self.chart = chart
        self._known: dict[tuple[str, str, ControlTest], Determination] = {}

    def determine(self, eccn: str, country: str, test: ControlTest) -> Determination:
        """Whether those requirements of an entry that a test takes need a license for a destination.

        Args:
            eccn: with as many paragraphs as the order states, not EAR99.
            country: ISO code of a destination that is not the United States; empty where none is known.
            test: which requirements are asked about. Footnotes of the chart, entries and paragraphs that the table
                doesn't hold, and destinations without a row are answered where it takes kind `chart`.
        """
        key = (eccn, country, test)
        if key not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[key] = self._determine(eccn, country, test)
        return self._known[key]

    def _determine(self, eccn: str, country: str, test: ControlTest) -> Determination:
        entry = self.ccl.entry(eccn)
        on_chart = ControlKind.CHART in test.kinds
        stated: Path = tuple(eccn.split(".")[1:])
        where = f"the Commerce Control List of {self.ccl.issued}"
        if entry is None:
            return (
                Determination(Truth.MISSING, f"{eccn} is no entry of {where}", (), (ECCN,)) if on_chart else _NONE
            )
        if stated and entry.letters and not self._known_letter(entry, stated[0]):
            text = f"{entry.eccn} has no paragraph .{stated[0]} in {where}"
            return Determination(Truth.MISSING, text, (), (ECCN,)) if on_chart else _NONE
        asked = list(self._asked(entry, country, test, on_chart))
        readings = list(_readings(entry, stated, asked))
        meant = [path for path in readings if path[0] != _NOT_MEANT_UNSTATED] if not stated else readings
        found = self._combine(entry, country, asked, meant or readings, on_chart)
        if len(meant) < len(readings) and found.truth is Truth.NO:
            in_z = self._combine(entry, country, asked, [p for p in readings if p not in meant], on_chart)
            if in_z.truth is not Truth.NO:
                note = f"{entry.eccn}: paragraph .{_NOT_MEANT_UNSTATED}, which isn't stated, is not meant"
                return Determination(Truth.NO, notes=(*found.notes, note))
        return found

    def _known_letter(self, entry: Entry, letter: str) -> bool:
        return letter in entry.letters or any(path[0] == letter for path in entry.named)

    def _asked(self, entry: Entry, country: str, test: ControlTest, on_chart: bool) -> Iterator[_Asked]:
        for control in entry.controls:
            if test.takes(control):
                reached = self.chart.reaches(control.reach, country)
                marked = [column for column in control.columns if self._marked(column, country)]
                label = ", ".join(map(column_label, marked or control.columns)) or control.quoted
                yield _Asked(control.reason, label, control.quoted, reached, control=control)
        if on_chart:
            for reading in self.chart.readings(country, entry.eccn):
                text = (
                    f'footnote {reading.footnote} of the Country Chart: "{self.chart.footnotes[reading.footnote]}"'
                )
                if reading.effect != "elsewhere":
                    reached = True if reading.effect == "required" else None
                    label = f"footnote {reading.footnote} of the Country Chart"
                    yield _Asked("", label, text, reached, footnote=reading)
            for number in self.chart.unread(country):
                text = f'footnote {number} of the Country Chart: "{self.chart.footnotes.get(number, "")}"'
                unread = FootnoteReading(number, entry.eccn, _ANY_PARAGRAPH, "special", "")
                yield _Asked("", f"footnote {number} of the Country Chart", text, None, footnote=unread)

    def _marked(self, column: str, country: str) -> bool:
        row = self.chart.row(country)
        return row is not None and column in row.marks

    def _combine(
        self, entry: Entry, country: str, asked: list[_Asked], readings: list[Path], on_chart: bool
    ) -> Determination:
        answers = [_strictest(each.requires(path) for each in asked) for path in readings]
        deciding = [each for each in asked if any(each.requires(path) for path in readings)]
        possible = [each for each in asked if any(each.requires(path) is None for path in readings)]
        if not deciding and not possible:
            return Determination(Truth.NO, notes=(self._none(entry, country, asked),) if on_chart else ())
        shown = [*deciding, *(each for each in possible if each not in deciding)]
        evidence = tuple(dict.fromkeys(each.quoted for each in shown))
        reasons = tuple(dict.fromkeys(each.reason for each in shown if each.reason))
        place = self._place(country)
        if all(answers):
            text = "; ".join(dict.fromkeys(each.label for each in deciding))
            special = [each.label for each in possible if each.footnote is not None and each not in deciding]
            text += f" (read also {', '.join(special)})" if special else ""
            by_marks = all(each.control is not None and each.control.columns for each in deciding)
            joined = f"{text} marked for {place}" if by_marks else f"{text}, for {place}"
            return Determination(Truth.YES, joined + self._held(entry), evidence, (), (), reasons)
        missing = []
        if len(set(answers)) > 1:
            missing.append(ECCN)
        if None in answers:
            missing.append(BY_PERSON)
        text = f"for {place} it depends on {'; '.join(dict.fromkeys(each.quoted for each in shown[:3]))}"
        more = f", and {len(shown) - 3} more rows" if len(shown) > 3 else ""
        return Determination(
            Truth.MISSING, f"{text}{more}{self._held(entry)}", evidence, tuple(missing), (), reasons
        )

    def _none(self, entry: Entry, country: str, asked: list[_Asked]) -> str:
        columns = list(dict.fromkeys(c for each in asked if each.control for c in each.control.columns))
        said = f"not marked in {', '.join(columns)}" if columns else "its entry names no column"
        return (
            f"{entry.eccn} to {self._place(country)}: no license by the Country Chart of {self.chart.issued}, "
            f"{said}{self._held(entry)}"
        )

    def _held(self, entry: Entry) -> str:
        """What an answer must say where paragraphs of the entry are not in the table."""
        if entry.letters or not entry.named:
            return ""
        return f"; the paragraphs of {entry.eccn} are not in the table, only the requirements of its heading are"

    def _place(self, country: str) -> str:
        if not country:
            return "any destination"
        row = self.chart.row(country)
        if row is None:
            return f"{country}, for which the Country Chart has no row"
        return f"{country}, decided as {row.printed} ({row.basis})" if row.basis else row.printed


_ANY_PARAGRAPH = read_selection("?*")


def _readings(entry: Entry, stated: Path, asked: list[_Asked]) -> Iterator[Path]:
    """The paragraphs that an item may be in: each that is named below what the order states, and "any other"."""
    named = {path for path in entry.named if path[: len(stated)] == stated}
    if not stated:
        named |= {(letter,) for letter in entry.letters}
    held = set(entry.letters) - {_NOT_MEANT_UNSTATED}
    for path in sorted(named | {stated}):
        other = (*path, ELSE)
        # Where all letters are held, "another paragraph" can't be, unless a requirement covers the entire entry.
        # An entry of which .z alone is held has items outside of it.
        if path or not held or any(each.requires(other) is not False for each in asked):
            yield other


def _strictest(answers: Iterator[bool | None]) -> bool | None:
    found: bool | None = False
    for answer in answers:
        if answer:
            return True
        if answer is None:
            found = None
    return found
