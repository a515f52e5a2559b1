"""Ownership: how much of a party is owned by listed persons, over any graph of stakes.

The arithmetic is that of OFAC's 50 percent rule (FAQ 398 to 402), which the BIS affiliates rule follows: stakes of
listed owners are added up; an owner that is itself owned 50 percent or more counts with its whole stake, one that
is owned less counts with nothing. So the count starts anew at each tier and stakes are never multiplied: a listed
person with 50% of A, which has 50% of B, reaches B; with 49% of A it doesn't.

Stakes may be ranges or unknown, and holdings may run in circles. So three solutions are worked out: what is owned
for certain (the least fixed point over the least shares), what may be (the least over the greatest shares), and
what may be if companies in a circle hold each other up (the greatest fixed point). The first and the last are the
sums that a finding carries; where only the last reaches 50, the circle is the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from stopship.model.stake import Interest
from stopship.model.structure import Link, Node
from stopship.rules.situation import Situation
from stopship.rules.stakes import DIGITS, Stake, stakes_in

if TYPE_CHECKING:
    import rustworkx as rx

THRESHOLD = 50.0
"""Percent, reached or exceeded."""


class Owned(IntEnum):
    """Whether the threshold is reached."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class Sum:
    """What listed persons hold of one node, in percent, and what of its stakes is in the sum.

    Attributes:
        straight: the most it can be without circles.
        counted: stakes that are, or may be, in the sum, each with whether its owner is owned for certain.
        contradictory: more than 100 percent are stated; then nothing is ruled out because others hold it.
    """

    low: float
    straight: float
    high: float
    counted: tuple[tuple[Stake, Owned], ...]
    others: tuple[Stake, ...] = ()
    contradictory: float | None = None

    @property
    def owned(self) -> Owned:
        if self.low >= THRESHOLD:
            return Owned.YES
        return Owned.MAYBE if self.high >= THRESHOLD else Owned.NO

    @property
    def circular(self) -> bool:
        """Whether only a circle of holdings makes it reach the threshold."""
        return self.high >= THRESHOLD > self.straight


@dataclass(frozen=True)
class Holding:
    """The sums of what listed persons own of a party and of every node between it and them.

    Attributes:
        listed: nodes of the listed owners that were asked about.
        bounded: why not all owners are known, "" where they are.
    """

    nodes: tuple[Node, ...]
    party: int
    target: int
    listed: frozenset[int]
    sums: Mapping[int, Sum]
    circles: tuple[tuple[int, ...], ...] = ()
    bounded: str = ""
    stated: tuple[float, float] | None = None

    @property
    def total(self) -> Sum:
        """The sum for the party itself."""
        return self.sums[self.target]

    @property
    def low(self) -> float:
        return self.stated[0] if self.stated else min(self.total.low, 100.0)

    @property
    def high(self) -> float:
        if self.stated:
            return self.stated[1]
        return 100.0 if self.bounded else min(self.total.high, 100.0)

    @property
    def owned(self) -> Owned:
        if self.low >= THRESHOLD:
            return Owned.YES
        return Owned.MAYBE if self.high >= THRESHOLD else Owned.NO

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that would make the sum exact, the nearest tier first."""
        found: dict[str, None] = {}
        self._missing(self.target, found, set())
        if self.owned is Owned.MAYBE and (not found or self.bounded or self.total.circular):
            found[f"party.{self.party}.listed_owners.share"] = None
        return tuple(found)

    def _missing(self, number: int, found: dict[str, None], seen: set[int]) -> None:
        seen.add(number)
        for stake, owned in self.sums[number].counted:
            if stake.missing:
                found[stake.missing] = None
            if owned is Owned.MAYBE:
                for owner in stake.owners:
                    if owner in self.sums and owner not in self.listed and owner not in seen:
                        self._missing(owner, found, seen)

    def counted_nodes(self) -> frozenset[int]:
        """Nodes whose stakes are, or may be, in the sum, however far away."""
        found: set[int] = set()
        waiting = [self.target]
        while waiting:
            for stake, _owned in self.sums[waiting.pop()].counted:
                for owner in stake.owners:
                    if owner not in found:
                        found.add(owner)
                        if owner in self.sums and owner not in self.listed:
                            waiting.append(owner)
        return frozenset(found)

    def listed_paths(self) -> tuple[str, ...]:
        """Owners on a list whose stakes are in the sum: paths in the order, and ids of holders from outside."""
        counted = self.counted_nodes() & self.listed
        places = [path for number in sorted(counted) for path in _labels(self.nodes[number], self.party)]
        return tuple(dict.fromkeys(places))


def _labels(node: Node, party: int) -> list[str]:
    paths = [path for where, path in node.places if where == party and path is not None]
    return [*paths, node.id]


class Owners:
    """The stakes above one party of an order, ready to be summed for any set of listed owners.

    Args:
        situation: the order, with its structure.
        party: whose owners.
        sure: leave out what belongs to holders that may or may not be the party.
    """

    def __init__(self, situation: Situation, party: int, *, sure: bool = False) -> None:
        import rustworkx as rx

        self._structure = situation.structure
        self._party = party
        target = self._structure.number_of(party, None)
        assert target is not None
        self._target = target
        links = [
            link
            for link in self._structure.links
            if link.interest is not Interest.CONTROL and (link.sure or not sure)
        ]
        graph: rx.PyDiGraph[int, None] = rx.PyDiGraph(multigraph=False)
        graph.add_nodes_from(range(len(self._structure.nodes)))
        graph.add_edges_from([(link.owner, link.held, None) for link in links])
        self._graph = graph
        self._reached: dict[int, frozenset[int]] = {}
        above = set(rx.ancestors(graph, target)) | {target}
        self.above = frozenset(above - {target})
        by_kind: dict[tuple[int, Interest], list[Link]] = {}
        for link in links:
            if link.held in above:
                # A share that a person states of an owner is a share, whatever the data called the interest.
                stated = situation.stated(link.fact) is not None
                kind = Interest.SHARES if stated else link.interest
                by_kind.setdefault((link.held, kind), []).append(link)
        stakes = {key: stakes_in(found, self._structure, situation) for key, found in by_kind.items()}
        self._stakes = {n: stakes.get((n, Interest.SHARES), []) for n in above}
        self._further = {
            n: [(kind, s) for kind in (Interest.INDIRECT, Interest.BENEFIT) for s in stakes.get((n, kind), ())]
            for n in above
        }
        self._bounded = self._structure.bounded.get(party, "")
        self._stated = situation.share_or_none(f"party.{party}.listed_owners.share")
        self.circles = tuple(
            tuple(sorted(circle))
            for circle in rx.strongly_connected_components(graph)
            if circle[0] in above and (len(circle) > 1 or graph.has_edge(circle[0], circle[0]))
        )

    def holding(self, listed: Collection[str]) -> Holding:
        """What owners with these paths or ids own of the party, through any number of tiers."""
        numbers = {self._structure.number_of(self._party, path) for path in listed}
        mine = frozenset(n for n in numbers if n is not None and n in self.above)
        below = {self._target}.union(*(self._below(number) for number in mine))
        relevant = below & (self.above | {self._target})
        sure = self._least(mine, relevant, sure=True)
        maybe = self._least(mine, relevant, sure=False)
        circular = self._greatest(mine, relevant)
        sums = {n: self._sum(n, mine, sure, maybe, circular) for n in relevant}
        found = Holding(
            self._structure.nodes, self._party, self._target, mine, sums, self._circles_in(relevant), self._bounded
        )
        return self._answered(found)

    def _answered(self, found: Holding) -> Holding:
        """A person's word on the sum answers what is open; it never contradicts what is known."""
        if self._stated is None or found.owned is not Owned.MAYBE:
            return found
        low, high = (min(max(x, found.low), found.high) for x in (self._stated.low, self._stated.high))
        return replace(found, stated=(low, high))

    def _circles_in(self, relevant: set[int]) -> tuple[tuple[int, ...], ...]:
        return tuple(circle for circle in self.circles if relevant.intersection(circle))

    # -- fixed points ------------------------------------------------------------------------------------------

    def _least(self, listed: frozenset[int], relevant: set[int], *, sure: bool) -> set[int]:
        """Nodes that reach the threshold, starting from none; what is reached is looked at again below."""
        owned: set[int] = set()
        waiting = set(relevant)
        while waiting:
            number = waiting.pop()
            if number in owned:
                continue
            value = self._low(number, listed | owned) if sure else self._high(number, listed | owned)
            if value >= THRESHOLD:
                owned.add(number)
                waiting |= set(self._graph.successor_indices(number)) & relevant
        return owned

    def _greatest(self, listed: frozenset[int], relevant: set[int]) -> set[int]:
        """Nodes that may reach the threshold, starting from all that listed owners stand above."""
        owned = {n for n in relevant if n not in listed}
        waiting = set(owned)
        while waiting:
            number = waiting.pop()
            if number in owned and self._high(number, listed | owned) < THRESHOLD:
                owned.discard(number)
                waiting |= set(self._graph.successor_indices(number)) & owned
        return owned

    def _low(self, number: int, counting: Collection[int]) -> float:
        low = sum(stake.share.low for stake in self._stakes[number] if _any_in(stake.owners, counting))
        return round(low, DIGITS)

    def _high(self, number: int, counting: Collection[int]) -> float:
        stakes = self._stakes[number]
        high = sum(stake.share.high for stake in stakes if _any_in(stake.owners, counting))
        high += sum(
            self._residual(number, kind, s) for kind, s in self._further[number] if _any_in(s.owners, counting)
        )
        if self._contradictory(number) is None:
            # What others are known to own can't be owned by the listed.
            high = min(
                high, 100.0 - sum(s.share.low for s in stakes if s.sure and not _any_in(s.owners, counting))
            )
        return round(max(high, self._low(number, counting)), DIGITS)

    def _residual(self, number: int, kind: Interest, stake: Stake) -> float:
        """What is left of a stake that isn't shares, once the shares that explain it are counted: of one at the
        far end of a chain, those of companies in between; of a right to profit, the owner's own too."""
        through = sum(
            direct.share.high
            for direct in self._stakes[number]
            if any(self._explains(owner, kind, stake.owner) for owner in direct.owners)
        )
        return max(0.0, stake.share.high - through)

    def _explains(self, owner: int, kind: Interest, far: int) -> bool:
        if owner == far:
            return kind is Interest.BENEFIT
        return owner in self._below(far)

    def _below(self, number: int) -> frozenset[int]:
        import rustworkx as rx

        if number not in self._reached:
            self._reached[number] = frozenset(rx.descendants(self._graph, number))
        return self._reached[number]

    def _contradictory(self, number: int) -> float | None:
        stated = round(sum(stake.share.low for stake in self._stakes[number] if stake.sure), DIGITS)
        return stated if stated > 100.01 else None

    def _sum(
        self, number: int, listed: frozenset[int], sure: set[int], maybe: set[int], circular: set[int]
    ) -> Sum:
        counted: list[tuple[Stake, Owned]] = []
        others: list[Stake] = []
        for stake in self._stakes[number]:
            if _any_in(stake.owners, listed | sure):
                counted.append((stake, Owned.YES))
            elif _any_in(stake.owners, circular):
                counted.append((stake, Owned.MAYBE))
            else:
                others.append(stake)
        counted += [
            (stake, Owned.MAYBE)
            for kind, stake in self._further[number]
            if _any_in(stake.owners, listed | circular) and self._residual(number, kind, stake) > 0
        ]
        return Sum(
            low=self._low(number, listed | sure),
            straight=self._high(number, listed | maybe),
            high=self._high(number, listed | circular),
            counted=tuple(counted),
            others=tuple(others),
            contradictory=self._contradictory(number),
        )


def _any_in(owners: Iterable[int], counting: Collection[int]) -> bool:
    return any(owner in counting for owner in owners)


def holding(situation: Situation, party: int, listed: Collection[str]) -> Holding:
    """What owners with the paths `listed` own of a party, through any number of tiers, sure or not."""
    return Owners(situation, party).holding(listed)
