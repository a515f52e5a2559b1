"""Ownership: how much of a party is owned by listed persons, from what the order itself states.

The arithmetic is that of OFAC's 50 percent rule (FAQ 398 to 402), which the BIS affiliates rule follows: stakes of
listed owners are added up; an owner that is itself owned 50 percent or more counts with its whole stake, one that
is owned less counts with nothing. So the count starts anew at each tier and stakes are never multiplied: a listed
person with 50% of A, which has 50% of B, reaches B; with 49% of A it doesn't.

Stakes may be ranges or unknown. Then two sums are kept, the least and the most that is possible.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from stopship.model.party import Party
from stopship.model.values import Share
from stopship.rules.situation import Situation

THRESHOLD = 50.0
"""Percent, reached or exceeded."""


class Owned(IntEnum):
    """Whether the threshold is reached."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class Stake:
    """One owner's part in the sum.

    Attributes:
        path: of the owner, "0.1".
        share: its stake in the party or owner below it.
        listed: whether it is itself listed; else it counts because of its own owners.
        above: why it counts, where it isn't listed itself.
    """

    path: str
    name: str
    share: Share
    listed: bool
    owned: Owned
    above: Holding | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """The sum of what listed persons own of one party or owner, in percent."""

    low: float
    high: float
    stakes: tuple[Stake, ...]
    missing: tuple[str, ...]

    @property
    def owned(self) -> Owned:
        if self.low >= THRESHOLD:
            return Owned.YES
        return Owned.MAYBE if self.high >= THRESHOLD else Owned.NO

    def listed_paths(self) -> tuple[str, ...]:
        """Owners on a list whose stakes are in the sum, nearest first."""
        paths: list[str] = []
        for stake in self.stakes:
            paths += [stake.path] if stake.listed else stake.above.listed_paths() if stake.above else []
        return tuple(paths)

    def arithmetic(self) -> str:
        """The sum in words: "A 30% + B 25% = 55%"."""
        parts = [_part(stake) for stake in self.stakes]
        total = f"{self.low:g}%" if self.low == self.high else f"{self.low:g}% to {self.high:g}%"
        return f"{' + '.join(parts)} = {total}"


def _part(stake: Stake) -> str:
    share = "unknown share" if not stake.share.known else f"{stake.share}%"
    if stake.listed:
        return f"{stake.name} {share}"
    why = f", itself owned: {stake.above.arithmetic()}" if stake.above else ""
    return f"{stake.name} {share} ({'counts in full' if stake.owned is Owned.YES else 'may count'}{why})"


def holding(situation: Situation, party: int, listed: Collection[str]) -> Holding:
    """What owners with the paths `listed` own of a party, through any number of tiers."""
    return _holding(situation, f"party.{party}.owner", "", situation.order.parties[party], listed)


def _holding(situation: Situation, key: str, prefix: str, held: Party, listed: Collection[str]) -> Holding:
    stakes: list[Stake] = []
    missing: list[str] = []
    others = 0.0
    for number, owner in enumerate(held.owners):
        path = f"{prefix}{number}"
        share = situation.share(f"{key}.{path}.share", owner.share or Share.parse("unknown"))
        above = None
        owned = Owned.YES
        if path not in listed:
            above = _holding(situation, key, f"{path}.", owner, listed)
            owned = above.owned
        if owned is Owned.NO:
            others += share.low
            continue
        stakes.append(Stake(path, owner.name, share, path in listed, owned, above))
        if share.low != share.high:
            missing.append(f"{key}.{path}.share")
        if above is not None and owned is Owned.MAYBE:
            missing += above.missing
    # Rounded, so that 16.7 + 16.7 + 16.6 is 50 and not a hair less.
    low = round(sum(stake.share.low for stake in stakes if stake.owned is Owned.YES), 6)
    high = round(sum(stake.share.high for stake in stakes), 6)
    # What others are known to own can't be owned by the listed; sums above 100 are the order's own error.
    high = max(low, min(high, 100.0 - min(others, 100.0)))
    return Holding(min(low, 100.0), min(high, 100.0), tuple(stakes), tuple(missing))
