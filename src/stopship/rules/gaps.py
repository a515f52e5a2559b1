"""Gaps: law that the rulebook doesn't cover, as data (`rulebook/not-covered.yml`), and what an order hears of it.

A gap that only may matter is said, as an assumption. One that most likely does matter (a listed dual-use item that
leaves a country whose own list isn't here) bars `clear`: the order is `indeterminate` until a person says whether
that law requires a license, under the fact `law.ID`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stopship.model.order import parse_yes_no
from stopship.model.transaction import Exporter
from stopship.model.values import Direction, parse_country
from stopship.rules.citation import Citation
from stopship.rules.facts import FactKind, FactType
from stopship.rules.finding import Finding
from stopship.rules.items import ItemClass
from stopship.rules.outcome import Outcome, Scope, Status
from stopship.rules.plain import Fields, choice, read_yaml
from stopship.rules.rule import authority
from stopship.rules.situation import OrderItem, Situation

GAPS_FILE = "not-covered.yml"
FACT_PREFIX = "law."
_MOST_KEPT = 20_000


class ItemSort(StrEnum):
    """Sorts of items in the eyes of a law other than the EAR.

    The x9xx entries of the Commerce Control List are the United States' own; all others follow the lists of the
    international regimes, which other countries' lists follow too.
    """

    INTERNATIONAL = "international"
    US_OWN = "us_own"
    EAR99 = "ear99"
    UNKNOWN = "unknown"
    MUNITIONS = "munitions"
    SOFTWARE = "software"
    TECHNOLOGY = "technology"


@dataclass(frozen=True, slots=True)
class Where:
    """Where a gap could matter: all that is set must hold, a list holds if any member does."""

    directions: tuple[Direction, ...] = ()
    exporters: tuple[str, ...] = ()
    not_exporters: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    not_destinations: tuple[str, ...] = ()
    items: tuple[ItemSort, ...] = ()
    us_person: bool | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """One part of law that isn't covered.

    Attributes:
        id: begins with the regime, like a rule's id: `eu.dual-use-list`.
        topic: what it is, in a few words.
        says: what a decision says where it could matter.
        cite: where to read it.
        where: None if no order can tell that it matters; then only `rules coverage` lists it.
        bars: whether an order can't be clear there before a person has answered `law.ID`.
        asks: the question of that fact.
    """

    id: str
    topic: str
    says: str
    cite: tuple[Citation, ...]
    where: Where | None
    bars: bool
    asks: str

    @property
    def regime(self) -> str:
        """Whose law it is, as of a rule."""
        return authority(self.id)

    @property
    def fact(self) -> str:
        """The key under which a person answers it."""
        return f"{FACT_PREFIX}{self.id}"

    @property
    def fact_kind(self) -> FactKind:
        return FactKind(key=self.fact, type=FactType.YES_NO, text=self.asks)


def read_gaps(text: str, where: str) -> tuple[Gap, ...]:
    """Read `not-covered.yml`.

    Raises:
        RulebookError: names file and key.
    """
    gaps = []
    for key, fields in Fields(read_yaml(text, where), where).entries():
        place = fields.child("where")
        bars = fields.flag("bars_clear") or False
        gap = Gap(
            id=key,
            topic=fields.text("topic"),
            says=fields.text("says"),
            cite=tuple(_citation(child) for child in fields.children("cite")),
            where=_where(place) if place else None,
            bars=bars,
            asks=fields.text("asks", default=None if bars else " "),
        )
        fields.done()
        if gap.bars and gap.where is None:
            raise fields.error("bars_clear", "what bars a clear must say where")
        gaps.append(gap)
    return tuple(gaps)


def _citation(fields: Fields) -> Citation:
    citation = Citation(fields.text("text"), fields.text("url"))
    fields.done()
    return citation


def _where(fields: Fields) -> Where:
    where = Where(
        directions=fields.typed("directions", choice(Direction)),
        exporters=fields.typed("exporters", parse_country),
        not_exporters=fields.typed("not_exporters", parse_country),
        destinations=fields.typed("destinations", parse_country),
        not_destinations=fields.typed("not_destinations", parse_country),
        items=fields.typed("items", choice(ItemSort)),
        us_person=fields.flag("us_person"),
    )
    fields.done()
    return where


class Gaps:
    """Finds the gaps that could matter to an order. What doesn't hang on its items is remembered."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self._gaps = [(gap, gap.where) for gap in gaps if gap.where is not None]
        self._found: dict[tuple[Direction, Exporter, str | None], tuple[tuple[Gap, Where], ...]] = {}

    def of(self, situation: Situation) -> Iterator[Gap]:
        """Those that could matter, in the order of the file."""
        key = (situation.order.direction, situation.exporter, situation.destination)
        if key not in self._found:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[key] = tuple(pair for pair in self._gaps if _may_matter(pair[1], *key))
        near = self._found[key]
        if not near:
            return
        sorts = set().union(*map(sorts_of, situation.given_items))
        for gap, where in near:
            if not where.items or not sorts.isdisjoint(where.items):
                yield gap


def gap_findings(gaps: Gaps, situation: Situation) -> Iterator[Finding]:
    """What gaps make of an order: nothing, an assumption, or a finding."""
    for gap in gaps.of(situation):
        if not gap.bars:
            situation.note(f"not in the rulebook: {gap.topic}: {gap.says}")
            continue
        stated = situation.stated(gap.fact)
        if stated is None:
            yield _finding(gap, Outcome.INDETERMINATE, (gap.fact,), f"{gap.says} Not decided yet: {gap.asks}")
        elif parse_yes_no(stated):
            yield _finding(gap, Outcome.LICENSE_REQUIRED, (), "A license is required, as the order states.")
        else:
            situation.note(f"not in the rulebook: {gap.topic}: no license is required, as the order states")


def _finding(gap: Gap, outcome: Outcome, missing: tuple[str, ...], says: str) -> Finding:
    return Finding(
        rule=gap.id,
        outcome=outcome,
        scope=Scope.EXPORT,
        text=f"Not in the rulebook: {gap.topic}. {says}{f' ({missing[0]})' if missing else ''}",
        citations=gap.cite,
        status=Status.UNCONFIRMED,
        missing_facts=missing,
    )


def _may_matter(where: Where, direction: Direction, exporter: Exporter, destination: str | None) -> bool:
    """Whether all holds but the items."""
    if where.directions and direction not in where.directions:
        return False
    if where.exporters and exporter.country not in where.exporters:
        return False
    if where.destinations and destination not in where.destinations:
        return False
    if exporter.country in where.not_exporters or destination in where.not_destinations:
        return False
    return where.us_person is None or where.us_person is exporter.us_person


def sorts_of(item: OrderItem) -> set[ItemSort]:
    """What an item is in the eyes of other laws; an item may be of several sorts."""
    found = set()
    if item.stated.usml is not None:
        found.add(ItemSort.MUNITIONS)
    elif item.item_class is ItemClass.UNKNOWN:
        found.add(ItemSort.UNKNOWN)
    if item.item_class is ItemClass.EAR99:
        found.add(ItemSort.EAR99)
    if item.eccn is not None and item.item_class is ItemClass.CCL:
        found.add(ItemSort.US_OWN if item.eccn[2] == "9" else ItemSort.INTERNATIONAL)
        group = {"D": ItemSort.SOFTWARE, "E": ItemSort.TECHNOLOGY}.get(item.eccn[1])
        if group is not None:
            found.add(group)
    return found
