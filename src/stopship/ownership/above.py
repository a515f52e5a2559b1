"""What stands above one holder on a day, for a person to look at: holders, stakes, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from stopship.model.stake import Holder, Interest, Stake
from stopship.ownership.graph import OwnershipGraph


@dataclass(frozen=True, slots=True)
class Above:
    """The holders above one, nearest first, and the stakes between them.

    Attributes:
        top: the one that was asked about.
        stakes: per holder's id, the stakes in it with the data set that states each.
        complete: False where there are more holders than were asked for.
    """

    top: Holder
    holders: dict[str, Holder]
    stakes: dict[str, list[tuple[str, Stake]]]
    complete: bool

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "id": self.top.id,
            "complete": self.complete,
            "holders": [
                {
                    "id": holder.id,
                    "name": holder.caption,
                    "names": list(holder.names),
                    "schema": holder.schema.value,
                    "countries": list(holder.countries),
                    "identifiers": [
                        {"type": i.type, "value": i.value, "country": i.country} for i in holder.identifiers
                    ],
                }
                for holder in self.holders.values()
            ],
            "stakes": [
                {
                    "owner": stake.owner,
                    "held": stake.held,
                    "share": str(stake.share),
                    "low": stake.share.low,
                    "high": stake.share.high,
                    "interest": stake.interest.value,
                    "since": stake.since.isoformat() if stake.since else None,
                    "until": stake.until.isoformat() if stake.until else None,
                    "basis": basis,
                    "statement": stake.statement,
                    "note": stake.note,
                }
                for found in self.stakes.values()
                for basis, stake in found
            ],
        }


def above(graph: OwnershipGraph, number: int, *, as_of: date | None, most: int) -> Above:
    """What stands above a holder, tier by tier, in the order of shares and ids.

    Args:
        number: of the holder.
        as_of: only stakes in force on that day; None: all that were ever stated.
        most: holders above it at most.
    """
    top = graph.holder(number)
    holders = {top.id: top}
    stakes: dict[str, list[tuple[str, Stake]]] = {}
    waiting = [number]
    complete = True
    while waiting:
        at = waiting.pop(0)
        found = sorted(graph.stakes_in(at, as_of), key=_order)
        kept = []
        for basis, stake in found:
            if stake.owner not in holders:
                if len(holders) > most:
                    complete = False
                    continue
                owner = graph.number_of(stake.owner)
                assert owner is not None
                holders[stake.owner] = graph.holder(owner)
                waiting.append(owner)
            kept.append((basis, stake))
        if kept:
            stakes[graph.id_of(at)] = kept
    return Above(top, holders, stakes, complete)


def _order(found: tuple[str, Stake]) -> tuple[object, ...]:
    basis, stake = found
    return stake.interest is Interest.CONTROL, -stake.share.high, -stake.share.low, stake.owner, basis


def tree_lines(found: Above) -> Iterator[tuple[int, str]]:
    """The tree as depth and text; who was shown before is not shown again."""
    yield 0, _who(found.top)
    yield from _tree(found, found.top.id, 1, {found.top.id}, (found.top.id,))


def _tree(
    found: Above, held: str, depth: int, shown: set[str], path: tuple[str, ...]
) -> Iterator[tuple[int, str]]:
    for basis, stake in found.stakes.get(held, ()):
        share = f"{stake.share}%" if stake.share.known else "unknown share"
        what = "controls" if stake.interest is Interest.CONTROL else share
        if stake.interest in (Interest.INDIRECT, Interest.BENEFIT):
            what += f" ({stake.interest.value})"
        dates = f", since {stake.since}" if stake.since else ""
        dates += f", until {stake.until}" if stake.until else ""
        said = f"{basis}{dates}; {stake.note}" if stake.note else f"{basis}{dates}"
        about = f"{what}  {_who(found.holders[stake.owner])}  [{said}]"
        if stake.owner in path:
            yield depth, f"{about}  in a circle"
        elif stake.owner in shown:
            yield depth, f"{about}{'  see above' if found.stakes.get(stake.owner) else ''}"
        else:
            shown.add(stake.owner)
            yield depth, about
            yield from _tree(found, stake.owner, depth + 1, shown, (*path, stake.owner))
    total = [stake.share for _basis, stake in found.stakes.get(held, ()) if stake.interest is Interest.SHARES]
    if len(total) > 1:
        low, high = sum(share.low for share in total), min(100.0, sum(share.high for share in total))
        yield depth, f"= {low:g}% stated" if low >= high else f"= {low:g}% to {high:g}% stated"


def _who(holder: Holder) -> str:
    country = f", {holder.countries[0]}" if holder.countries else ""
    if not holder.names:
        return f"(no name{country}) {holder.id}"
    return f"{holder.caption}{country} ({holder.id})"
