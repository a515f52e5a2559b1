"""Stakes: who holds what part of whom, as a register, a file or an order states it.

Ownership and control are kept apart from the beginning: OFAC's 50 percent rule and the BIS affiliates rule speak
of ownership only (FAQ 398), so a stake of control never enters a sum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stopship.model.entity import Identifier
from stopship.model.values import PartialDate, Schema, Share

UNKNOWN = Share(0.0, 100.0, known=False)
"""A stake that is stated without a figure."""


class Interest(StrEnum):
    """What kind of interest a stake is.

    SHARES are held directly (or the source doesn't say how). INDIRECT is what a source states of somebody at the
    far end of a chain: it counts only so far as the chain isn't known. BENEFIT is a right to profit or assets
    without shares: it may count and is never certain to. CONTROL is power without ownership and never counts."""

    SHARES = "shares"
    INDIRECT = "indirect"
    BENEFIT = "benefit"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Holder:
    """A person or company in ownership data: one that holds stakes, is held, or both.

    Attributes:
        id: unique in the data: `lei:` and the LEI where one is known, else the file's kind and its record's id.
        names: the first is the primary one; empty where the data gives an identifier alone.
        countries: ISO codes of jurisdiction, nationality or address, the most telling first.
    """

    id: str
    names: tuple[str, ...] = ()
    schema: Schema = Schema.LEGAL_ENTITY
    countries: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    birth_date: PartialDate | None = None

    @property
    def caption(self) -> str:
        """What to call it: its name, or its id where it has none."""
        return self.names[0] if self.names else self.id


@dataclass(frozen=True, slots=True)
class Stake:
    """One statement that `owner` has an interest in `held` (ids of holders).

    Attributes:
        since, until: the days on which it is in force, `until` exclusive; None: open, or not stated.
        statement: the id of the record in its source, for whoever wants to look it up.
        note: what a reader must know of the figure ("accounting consolidation, no percentage stated").
    """

    owner: str
    held: str
    share: Share = UNKNOWN
    interest: Interest = Interest.SHARES
    since: date | None = None
    until: date | None = None
    statement: str = ""
    note: str = ""

    def in_force(self, day: date) -> bool:
        """Whether it counts on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)
