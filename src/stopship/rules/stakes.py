"""Which statements are about one stake, and what share they give it together.

An order, a register and a consolidation record may all state that A holds part of B. That is one stake and is
counted once. Statements are about one stake where they come from different bases and their owners are the same
node or bear the same name; where two figures differ, the higher one is taken and the difference is reported.
Within one basis, two entries of an order are two stakes; two statements of one data set by the same owner with
different figures may be two blocks or one corrected, so that the share is a range from the larger figure to their
sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stopship.model.stake import UNKNOWN
from stopship.model.structure import ORDER, Link, Structure
from stopship.model.values import Share
from stopship.rules.situation import Situation

DIGITS = 6
"""Sums are rounded, so that 16.7 + 16.7 + 16.6 is 50 and not a hair less."""


@dataclass(frozen=True, slots=True)
class Stake:
    """One stake in a node, from all statements about it.

    Attributes:
        owners: numbers of the nodes that may be its owner (several where a name alone says that they are one).
        missing: the fact that would answer a share that is not exact, "" where it is.
        note: how the statements differ, "" where they don't.
    """

    owners: tuple[int, ...]
    share: Share
    links: tuple[Link, ...]
    missing: str = ""
    note: str = ""

    @property
    def owner(self) -> int:
        """The node to name it by: the order's own entry before others."""
        return self.links[0].owner

    @property
    def sure(self) -> bool:
        """Whether any statement of it is of the party itself, not of a holder that may be it."""
        return any(link.sure for link in self.links)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one basis states of one owner's stake."""

    basis: str
    owner: int
    share: Share
    links: tuple[Link, ...]
    stated: bool


def stakes_in(links: Iterable[Link], structure: Structure, situation: Situation) -> list[Stake]:
    """The stakes that links into one node state, the order's own first, in an order that depends on nothing
    else."""
    entries = _entries(links, situation)
    groups: list[list[_Entry]] = []
    for entry in entries:
        meeting = [group for group in groups if any(_same_stake(entry, other, structure) for other in group)]
        merged = [other for group in meeting for other in group] + [entry]
        groups = [group for group in groups if group not in meeting] + [merged]
    return [_stake(group) for group in sorted(groups, key=lambda group: _order(group[0]))]


def _entries(links: Iterable[Link], situation: Situation) -> list[_Entry]:
    """Each entry of the order by itself; the statements of one data set by one owner together."""
    found: list[_Entry] = []
    outside: dict[tuple[str, int], list[Link]] = {}
    for link in sorted(links, key=_link_order):
        if link.basis == ORDER:
            found.append(_entry([link], situation))
        else:
            outside.setdefault((link.basis, link.owner), []).append(link)
    return found + [_entry(group, situation) for _key, group in sorted(outside.items())]


def _entry(links: list[Link], situation: Situation) -> _Entry:
    first = links[0]
    share = situation.share(first.fact, _together([link.share for link in links]))
    return _Entry(first.basis, first.owner, share, tuple(links), situation.stated(first.fact) is not None)


def _together(shares: Sequence[Share]) -> Share:
    """What one data set says in several statements of the same pair."""
    known = sorted({(share.low, share.high) for share in shares if share.known})
    if not known:
        return UNKNOWN
    if len(known) == 1:
        return Share(*known[0])
    high = round(min(100.0, sum(high for _low, high in known)), DIGITS)
    return Share(max(low for low, _high in known), high)


def _same_stake(one: _Entry, other: _Entry, structure: Structure) -> bool:
    if one.basis == other.basis:
        return False
    left, right = structure.nodes[one.owner], structure.nodes[other.owner]
    return one.owner == other.owner or bool(left.label and left.label == right.label)


def _stake(group: list[_Entry]) -> Stake:
    group = sorted(group, key=_order)
    counted = [entry for entry in group if entry.stated] or group
    by_basis: dict[str, list[Share]] = {}
    for entry in counted:
        by_basis.setdefault(entry.basis, []).append(entry.share)
    sums = {basis: _sum(shares) for basis, shares in by_basis.items()}
    known = [share for share in sums.values() if share.known]
    share, note = UNKNOWN, ""
    if known:
        share = Share(max(s.low for s in known), max(s.high for s in known))
    if len({(s.low, s.high) for s in known}) > 1:
        figures = ", ".join(f"{basis} states {share}%" for basis, share in sums.items() if share.known)
        note = f"contradictory: {figures}; the highest is taken"
    missing = "" if share.low == share.high else group[0].links[0].fact
    owners = tuple(dict.fromkeys(entry.owner for entry in group))
    return Stake(owners, share, tuple(link for entry in group for link in entry.links), missing, note)


def _sum(shares: Sequence[Share]) -> Share:
    if len(shares) == 1:
        return shares[0]
    low = round(min(100.0, sum(share.low for share in shares)), DIGITS)
    high = round(min(100.0, sum(share.high for share in shares)), DIGITS)
    return Share(low, high, known=any(share.known for share in shares))


def _order(entry: _Entry) -> tuple[object, ...]:
    return entry.basis != ORDER, entry.basis, entry.owner, entry.links[0].fact


def _link_order(link: Link) -> tuple[object, ...]:
    return link.basis, link.owner, link.fact, link.share.low, link.share.high, link.statement, not link.sure
