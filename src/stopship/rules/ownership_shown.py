"""What a sum of stakes looks like: one line of arithmetic, and nodes and stakes that a page can draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stopship.model.stake import Interest
from stopship.model.structure import Link, Node, Structure, Tie
from stopship.rules.ownership import THRESHOLD, Holding, Owned, Sum
from stopship.rules.stakes import Stake

_WORDS = {Owned.YES: "yes", Owned.MAYBE: "maybe", Owned.NO: "no"}


def arithmetic(holding: Holding) -> str:
    """The sum in words: "A 30% + B 25% = 55%". Who was explained before is not explained again."""
    return _arithmetic(holding, holding.target, set(), frozenset())


def _arithmetic(holding: Holding, number: int, told: set[int], path: frozenset[int]) -> str:
    found = holding.sums[number]
    parts = [_part(holding, stake, owned, told, path | {number}) for stake, owned in found.counted]
    low, high = (holding.low, holding.high) if number == holding.target else (found.low, found.high)
    low, high = min(low, 100.0), min(high, 100.0)
    total = f"{low:g}%" if low == high else f"{low:g}% to {high:g}%"
    return f"{' + '.join(parts) or 'no stake stated'} = {total}"


def _part(holding: Holding, stake: Stake, owned: Owned, told: set[int], path: frozenset[int]) -> str:
    share = f"{stake.share}%" if stake.share.known else "unknown share"
    what = f"{_name(holding.nodes[stake.owner])} {share}"
    far = {link.interest for link in stake.links} & {Interest.INDIRECT, Interest.BENEFIT}
    if far:
        what += " stated as indirect" if Interest.INDIRECT in far else " of profit or assets, not of shares"
    if any(owner in holding.listed for owner in stake.owners):
        return what
    counts = "counts in full" if owned is Owned.YES else "may count"
    owner = next((o for o in stake.owners if o in holding.sums), None)
    if owner is None:
        return f"{what} ({counts})"
    if owner in path:
        return f"{what} ({counts}, in a circle)"
    if owner in told:
        return f"{what} ({counts}, see above)"
    told.add(owner)
    return f"{what} ({counts}, itself owned: {_arithmetic(holding, owner, told, path)})"


def _name(node: Node) -> str:
    return node.name or (node.holders[0].caption if node.holders else "") or "an owner without a name"


def remarks(holding: Holding, structure: Structure) -> tuple[str, ...]:
    """What a person must know of a sum beside its figures: circles, contradictions, ties that aren't certain."""
    return tuple(dict.fromkeys(_remarks(holding, structure)))


def _remarks(holding: Holding, structure: Structure) -> Iterator[str]:
    counted = holding.counted_nodes() | {holding.target}
    for circle in holding.circles:
        if counted.intersection(circle):
            names = ", ".join(_name(holding.nodes[n]) for n in circle)
            itself = "holds a part of itself" if len(circle) == 1 else "hold parts of each other in a circle"
            yield f"{names} {itself}: the sum is a range from without the circle to with it."
    for number in sorted(counted & set(holding.sums)):
        found = holding.sums[number]
        if found.contradictory is not None:
            stated = f"stakes of {found.contradictory:g}% are stated in {_name(holding.nodes[number])}"
            yield f"Contradictory: {stated}, more than all of it; nothing is ruled out because others hold it."
        for stake, _owned in found.counted:
            if stake.note:
                yield f"The stake of {_name(holding.nodes[stake.owner])} is {stake.note}."
            for link in stake.links:
                if link.note:
                    yield f"{_name(holding.nodes[link.owner])}: {link.note}."
    for tie in _ties(holding, structure):
        if not tie.sure:
            who = f"party {tie.party}" if tie.owner is None else f"owner {tie.owner} of party {tie.party}"
            yield (
                f"That {who} is {tie.name} in the ownership data ({tie.holder}) rests on {tie.why} and must be "
                "judged by a person."
            )
    if holding.bounded:
        yield f"Not all owners were looked up: {holding.bounded}."


def _ties(holding: Holding, structure: Structure) -> Iterator[Tie]:
    counted = holding.counted_nodes() | {holding.target}
    for tie in structure.ties:
        if structure.number_of(tie.party, tie.owner) in counted:
            yield tie


@dataclass(frozen=True, slots=True)
class Evidence:
    """The path from listed owners to a party and the arithmetic along it, as a finding carries it.

    `nodes` and `stakes` are tuples of plain items, so that it can be compared and ordered; `to_plain` gives dicts.
    """

    party: int
    target: str
    low: float
    high: float
    arithmetic: str
    nodes: tuple[tuple[tuple[str, Any], ...], ...]
    stakes: tuple[tuple[tuple[str, Any], ...], ...]
    circles: tuple[tuple[str, ...], ...]
    ties: tuple[tuple[tuple[str, Any], ...], ...]
    remarks: tuple[str, ...]

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values, as decisions record it."""
        return {
            "party": self.party,
            "target": self.target,
            "low": self.low,
            "high": self.high,
            "threshold": THRESHOLD,
            "arithmetic": self.arithmetic,
            "nodes": [dict(node) for node in self.nodes],
            "stakes": [
                dict(stake) | {"statements": [dict(s) for s in dict(stake)["statements"]]} for stake in self.stakes
            ],
            "circles": [list(circle) for circle in self.circles],
            "ties": [dict(tie) for tie in self.ties],
            "remarks": list(self.remarks),
        }


def evidence(holding: Holding, structure: Structure) -> Evidence:
    """What a page needs to draw a sum: the counted nodes, their other owners, and every stake in them."""
    counted = holding.counted_nodes() | {holding.target}
    explained = sorted(
        n for n in counted if n in holding.sums and (n == holding.target or n not in holding.listed)
    )
    stakes: list[tuple[tuple[str, Any], ...]] = []
    shown = set(counted)
    for number in explained:
        found = holding.sums[number]
        for stake, owned in found.counted:
            stakes.append(_shown_stake(holding, number, stake, owned))
        for stake in found.others:
            stakes.append(_shown_stake(holding, number, stake, Owned.NO))
            shown.update(stake.owners)
    return Evidence(
        party=holding.party,
        target=holding.nodes[holding.target].id,
        low=holding.low,
        high=holding.high,
        arithmetic=arithmetic(holding),
        nodes=tuple(_shown_node(holding, number) for number in sorted(shown)),
        stakes=tuple(stakes),
        circles=tuple(
            tuple(holding.nodes[n].id for n in circle)
            for circle in holding.circles
            if counted.intersection(circle)
        ),
        ties=tuple(
            (
                ("party", tie.party),
                ("owner", tie.owner),
                ("holder", tie.holder),
                ("name", tie.name),
                ("sure", tie.sure),
                ("why", tie.why),
            )
            for tie in _ties(holding, structure)
        ),
        remarks=remarks(holding, structure),
    )


def _shown_node(holding: Holding, number: int) -> tuple[tuple[str, Any], ...]:
    node = holding.nodes[number]
    found: Sum | None = holding.sums.get(number)
    listed = number in holding.listed
    owned = Owned.YES if listed else found.owned if found and number != holding.target else Owned.NO
    low, high = (found.low, found.high) if found else (0.0, 0.0)
    if number == holding.target:
        owned, low, high = holding.owned, holding.low, holding.high
    return (
        ("id", node.id),
        ("name", _name(node)),
        ("country", node.country),
        ("listed", listed),
        ("counts", _WORDS[owned]),
        ("low", min(low, 100.0)),
        ("high", min(high, 100.0)),
    )


def _shown_stake(holding: Holding, held: int, stake: Stake, owned: Owned) -> tuple[tuple[str, Any], ...]:
    return (
        ("owner", holding.nodes[stake.owner].id),
        ("held", holding.nodes[held].id),
        ("share", str(stake.share)),
        ("low", stake.share.low),
        ("high", stake.share.high),
        ("counts", _WORDS[owned]),
        ("sure", stake.sure),
        ("note", stake.note),
        ("statements", tuple(_shown_link(link) for link in stake.links)),
    )


def _shown_link(link: Link) -> tuple[tuple[str, Any], ...]:
    return (
        ("basis", link.basis),
        ("statement", link.statement),
        ("share", str(link.share)),
        ("interest", link.interest.value),
        ("since", link.since.isoformat() if link.since else None),
        ("until", link.until.isoformat() if link.until else None),
        ("sure", link.sure),
        ("note", link.note),
    )
