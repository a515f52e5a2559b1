"""All that the tables hold of one entry of the Commerce Control List, and what the Country Chart says of it for a
destination (15 CFR 738.4). What the tables don't hold is said too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stopship.rules.ccl import Control, ControlKind, Entry, Text
from stopship.rules.controls import ControlTest, Determination
from stopship.rules.country_chart import Row
from stopship.rules.items import ItemClass, eccn_within_any
from stopship.rules.law import LawOfDay
from stopship.rules.license_exceptions import Claimed
from stopship.rules.outcome import Outcome, Scope
from stopship.rules.rule import ItemTest, Per
from stopship.rules.rulebook import Rulebook
from stopship.rules.selection import ELSE, Path, paragraph_selected
from stopship.rules.verdict import Truth

CCL_URL = "https://www.ecfr.gov/current/title-15/part-774/appendix-Supplement%20No.%201%20to%20Part%20774"
_US = "us."
_ANY_REQUIREMENT = ControlTest(tuple(ControlKind))


@dataclass(frozen=True, slots=True)
class Requirement:
    """One license requirement of the entry.

    Attributes:
        control: the row.
        concerns: whether it covers the paragraph that was asked for; None where the text leaves that open, or
            where only a part of what was asked for is covered.
        reached: whether it holds for the destination; None where that is open, or none was asked for.
    """

    control: Control
    concerns: bool | None
    reached: bool | None


@dataclass(frozen=True, slots=True)
class Destination:
    """What decides for a destination.

    Attributes:
        row: of the Country Chart, None where it has none.
        groups: its Country Groups.
        answer: what the entry's requirements say together.
        bars: restrictions on license exceptions that apply or may.
    """

    country: str
    row: Row | None
    groups: frozenset[str]
    answer: Determination
    bars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemSheet:
    """One entry, or one paragraph of it.

    Attributes:
        eccn: as asked for.
        paragraphs: those at or below what was asked for, as printed; empty where the table doesn't hold them.
        requirements: all of the entry that concern it, or may.
        issued: the day of the publication that the tables come from.
        not_held: what a reader must look up elsewhere.
        url: where to read the entry.
    """

    eccn: str
    entry: Entry
    paragraphs: tuple[Text, ...]
    related: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    destination: Destination | None
    issued: str
    confirmed: bool
    not_held: tuple[str, ...]
    url: str

    @property
    def required(self) -> Truth:
        """Whether the entry's requirements need a license for the destination. A row that is empty and points
        elsewhere is no permission (15 CFR 738.4): the answer is then open at best."""
        if self.destination is None:
            return Truth.MISSING
        row, truth = self.destination.row, self.destination.answer.truth
        closed = row is not None and not row.pointer
        return truth if closed or truth is Truth.YES else Truth.MISSING


@dataclass(frozen=True, slots=True)
class DestinationRule:
    """A rule beside the Country Chart that names a destination, or a group that it is in."""

    id: str
    title: str
    outcome: str


def destination_rules(book: Rulebook, eccn: str, country: str, day: date) -> tuple[DestinationRule, ...]:
    """Rules of US law in force on a day that forbid an item's export to a destination that they name, or need a
    license for it, if their other conditions hold: what a look at the chart alone would miss. Rules about listed
    parties are not among them."""
    groups = book.law.on(day).chart.groups.of(country)
    found = []
    for rule in book.rules:
        version = rule.version_on(day)
        if version is None or Scope.EXPORT not in version.scopes or rule.per in (Per.MATCH, Per.MATCH_ITEM):
            continue
        if version.outcome not in (Outcome.LICENSE_REQUIRED, Outcome.PROHIBITED) or not rule.id.startswith(_US):
            continue
        when = version.when
        named = country in when.destinations or bool(groups & set(when.destination_groups))
        spared = country in when.not_destinations or bool(groups & set(when.not_destination_groups))
        if named and not spared and (when.item is None or _may_mean(when.item, eccn)):
            found.append(DestinationRule(rule.id, rule.title, version.outcome.value))
    return tuple(found)


def _may_mean(test: ItemTest, eccn: str) -> bool:
    """Whether a rule's conditions on an item leave room for an ECCN."""
    if test.classes and ItemClass.CCL not in test.classes:
        return False
    named = (*test.eccns, *test.eccns_stated)
    if (named and eccn_within_any(named, eccn) is False) or eccn_within_any(test.not_eccns, eccn) is True:
        return False
    in_category = not test.categories or eccn[0] in test.categories
    return in_category and (not test.groups or eccn[1] in test.groups)


def item_sheet(law: LawOfDay, eccn: str, country: str | None = None) -> ItemSheet | None:
    """What the tables of a day say of an entry.

    Args:
        eccn: with or without paragraphs, in its usual form, not EAR99.
        country: ISO code of a destination that is not the United States; None asks for none.

    Returns:
        None where the list has no such entry.
    """
    entry = law.ccl.entry(eccn)
    if entry is None:
        return None
    stated: Path = tuple(eccn.split(".")[1:])
    requirements = []
    for control in entry.controls:
        concerns = _concerns(control, stated, entry)
        if concerns is not False:
            reached = law.chart.reaches(control.reach, country) if country else None
            requirements.append(Requirement(control, concerns, reached))
    texts = law.ccl.texts(eccn)
    return ItemSheet(
        eccn=eccn,
        entry=entry,
        paragraphs=tuple(t for t in texts if t.kind == "item" and _below(t.paragraph, stated)),
        related=tuple(t.text for t in texts if t.kind == "related" and t.text != "N/A"),
        requirements=tuple(requirements),
        destination=_destination(law, entry, eccn, country) if country else None,
        issued=law.ccl.issued,
        confirmed=law.confirmed,
        not_held=tuple(_not_held(entry, stated)),
        url=entry_url(entry),
    )


def entry_url(entry: Entry | None) -> str:
    """Where to read an entry; browsers that can jump to its heading (a text fragment, as the WICG's draft
    "URL Fragment Text Directives" has it)."""
    if entry is None:
        return CCL_URL
    start = re.match(r"(?:\w+ ?){0,3}", entry.heading, re.ASCII)
    words = [entry.eccn, *(start[0].split() if start else ())]
    return f"{CCL_URL}#:~:text={'%20'.join(words)}"


def _concerns(control: Control, stated: Path, entry: Entry) -> bool | None:
    """Whether a requirement covers what was asked for: all of it, none, or a part."""
    below = {path for path in entry.named if path[: len(stated)] == stated} | {stated}
    answers = {paragraph_selected(control.paragraphs, (*path, ELSE)) for path in below}
    return answers.pop() if len(answers) == 1 else None


def _below(paragraph: str, stated: Path) -> bool:
    path = tuple(paragraph.split("."))
    return path[: len(stated)] == stated or stated[: len(path)] == path


def _destination(law: LawOfDay, entry: Entry, eccn: str, country: str) -> Destination:
    about = Claimed(eccn, country, entry, frozenset())
    return Destination(
        country=country,
        row=law.chart.row(country),
        groups=law.chart.groups.of(country),
        answer=law.controls.determine(eccn, country, _ANY_REQUIREMENT),
        bars=tuple(bar.quoted for bar in law.exceptions.applying(about, law.chart)),
    )


def lacks_paragraphs(entry: Entry) -> bool:
    """Whether an entry has paragraphs, by its heading or its requirements, that the table doesn't hold."""
    if entry.letters:
        return False
    return bool(entry.named) or re.search(r"as follows|following|list of items", entry.heading, re.I) is not None


def _not_held(entry: Entry, stated: Path) -> list[str]:
    found = []
    if lacks_paragraphs(entry):
        found.append(
            f"The paragraphs of {entry.eccn} are not in the table: only its heading, its requirements and its "
            "license exceptions are. Read them at the address"
        )
    elif stated and stated[0] not in {*entry.letters, *(path[0] for path in entry.named)}:
        found.append(f"The table has no paragraph .{stated[0]} of {entry.eccn}")
    return [*found, "Technical notes and definitions outside of the entry are not in the table"]
