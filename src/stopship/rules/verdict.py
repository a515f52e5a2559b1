"""Three-valued logic: yes, no, or not known yet, either for want of a stated fact or as a question to a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

T = TypeVar("T")


class Truth(IntEnum):
    """Ordered so that the least of several is their conjunction."""

    NO = 0
    ASKED = 1
    MISSING = 2
    YES = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one condition, or of several together.

    Attributes:
        missing: keys of the facts that it waits for (`MISSING`).
        asked: (key, question) pairs to put to a person (`ASKED`).
        notes: assumptions that the answer rests on, to be printed.
    """

    truth: Truth
    missing: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


YES = Verdict(Truth.YES)
NO = Verdict(Truth.NO)


def of(value: bool | None, *missing: str) -> Verdict:
    """Yes or no; None waits for the facts named."""
    if value is None:
        return Verdict(Truth.MISSING, missing=missing)
    return YES if value else NO


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Yes if all are; no if any is; else not known. Stops at the first no, whose notes are kept: what was answered
    by an assumption is printed even if it frees the order."""
    said: list[Verdict] = []
    truth = Truth.YES
    for verdict in verdicts:
        if verdict is YES:
            continue
        said.append(verdict)
        if verdict.truth is Truth.NO:
            notes = _once(v.notes for v in said)
            return Verdict(Truth.NO, notes=notes) if notes else NO
        if verdict.truth < truth:
            truth = verdict.truth
    if len(said) < 2:
        return said[0] if said else YES
    return Verdict(
        truth, _once(v.missing for v in said), _once(v.asked for v in said), _once(v.notes for v in said)
    )


def _once(several: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    """All values in their order, each once."""
    return tuple(dict.fromkeys(value for values in several for value in values))


def any_of(verdicts: list[Verdict]) -> Verdict:
    """Yes if any is; no if all are; else the open ones together. What was assumed on the way is kept."""
    for verdict in verdicts:
        if verdict.truth is Truth.YES:
            return verdict
    remaining = [v for v in verdicts if v.truth is not Truth.NO]
    return all_of(remaining) if remaining else Verdict(Truth.NO, notes=tuple(n for v in verdicts for n in v.notes))
