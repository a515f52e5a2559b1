"""How much a publisher's server may ask of this machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of one download; all attempts together, where it says nothing else.

    Attributes:
        most_bytes: the longest file. The longest official one, SDN_ADVANCED.XML, has about 120 million bytes.
        most_seconds: the longest time.
        silence_seconds: how long a server may send nothing before the attempt is given up.
        slowest: bytes a second that must come in on average over any `silence_seconds`; less is a slow drip.
        attempts: how often it is tried.
        wait_seconds, most_wait_seconds: the wait before the second attempt, doubled with each further one, and the
            longest wait; each is shortened or lengthened by chance, so that many machines don't come back at once.
    """

    most_bytes: int = 512_000_000
    most_seconds: float = 900.0
    silence_seconds: float = 30.0
    slowest: float = 1_000.0
    attempts: int = 5
    wait_seconds: float = 1.0
    most_wait_seconds: float = 30.0
