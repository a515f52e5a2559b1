"""What comparing one attribute gives: evidence, and what it does to the score."""

from __future__ import annotations

from dataclasses import dataclass

from stopship.matching.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Signal:
    """The outcome of one attribute.

    `lift` is the share of what the score lacks to 1 that agreement adds; `keep` is what disagreement leaves of the
    score. An attribute that either side doesn't have gives a lift of 0 and a keep of 1: it never changes a score.
    """

    evidence: tuple[Evidence, ...] = ()
    lift: float = 0.0
    keep: float = 1.0

    @property
    def corroborates(self) -> bool:
        """Whether the attribute agrees."""
        return self.lift > 0

    @property
    def contradicts(self) -> bool:
        """Whether the attribute disagrees."""
        return self.keep < 1


NOTHING = Signal()
