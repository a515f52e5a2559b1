"""Birth and registration dates, which may be partial."""

from __future__ import annotations

from collections.abc import Sequence

from stopship.matching.compare.signal import NOTHING, Signal
from stopship.matching.evidence import Evidence
from stopship.model.values import PartialDate

LIFT = 0.40
YEAR_ONLY_LIFT = 0.20  # only years agree: one person in fifty has the same
KEEP = {"birth_date": 0.75, "registration_date": 0.85}
NEAR_KEEP = 0.93  # day and month swapped, or a year apart: a slip more often than another person
_WORD = {"birth_date": "Birth dates", "registration_date": "Registration dates"}


def compare_dates(kind: str, ours: Sequence[PartialDate], theirs: Sequence[PartialDate]) -> Signal:
    """Dates of one kind (`birth_date`, `registration_date`): any pair that may be the same day agrees."""
    if not ours and not theirs:
        return NOTHING
    left, right = ", ".join(map(str, ours)), ", ".join(map(str, theirs))
    if not ours or not theirs:
        side = "not on the list" if ours else "not given"
        return Signal((Evidence(kind, "unknown", left, right, 0.0, f"{_WORD[kind]}: {side}"),))
    agreeing = [(a, b) for a in ours for b in theirs if a.agrees(b)]
    if agreeing:
        exact = any(a.earliest == a.latest and b.earliest == b.latest and not a.circa for a, b in agreeing)
        lift = LIFT if exact else YEAR_ONLY_LIFT
        text = f"{_WORD[kind]} agree: {left} and {right}"
        return Signal((Evidence(kind, "match", left, right, lift, text),), lift=lift)
    near = any(_near(a, b) for a in ours for b in theirs)
    keep = NEAR_KEEP if near else KEEP[kind]
    text = f"{_WORD[kind]} differ{' a little' if near else ''}: {left} here, {right} on the list"
    return Signal((Evidence(kind, "mismatch", left, right, round(keep - 1, 4), text),), keep=keep)


def _near(ours: PartialDate, theirs: PartialDate) -> bool:
    a, b = ours.earliest, theirs.earliest
    swapped = (a.year, a.month, a.day) == (b.year, b.day, b.month)
    return swapped or (abs(a.year - b.year) == 1 and (a.month, a.day) == (b.month, b.day))
