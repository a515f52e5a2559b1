"""What one rule is asked about."""

from __future__ import annotations

from dataclasses import dataclass

from stopship.rules.finding import Subject
from stopship.rules.rule import How
from stopship.rules.situation import OrderItem, Situation


@dataclass(frozen=True, slots=True)
class Case:
    """What one rule is asked about: the order, and the match and the item where there are such."""

    situation: Situation
    subject: Subject | None = None
    item: OrderItem | None = None
    ruled_programs: frozenset[str] = frozenset()


def how_found(subject: Subject) -> How:
    """By what the party was found. A name that equals the label of an address-only row ("Address 01") is no more
    than a hint, like another unit of the same building."""
    if subject.how == "address":
        return How.ADDRESS_ROW if subject.address_only else How.ADDRESS_OF_NAMED
    if subject.how == "same_building" or subject.address_only:
        return How.SAME_BUILDING
    return How.IDENTIFIER if subject.how == "identifier" else How.NAME


def has_ended(subject: Subject, situation: Situation) -> bool:
    """Whether the listing's printed end date has passed."""
    end = subject.listing.end
    return end is not None and end < situation.as_of
