"""What a screening found, in the form in which it becomes alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stopship.cases.parties import SeenParty


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """A listed entity as the lists print it: `printed` is JSON text of all entries of this id, `hash` over it."""

    entity_id: str
    name: str
    printed: str
    hash: str
    programs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenMatch:
    """A match that a person must judge. `hit` is what a person needs to see: evidence, findings, listings."""

    entry: SeenEntry
    score: float
    band: str
    hit: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PartyMatches:
    """One party of a screening with its matches.

    Attributes:
        party: who.
        matches: those that alert.
        complete: these are all of its matches: others that were known are gone. Else nothing is said of others.
        gone: ids of entities that no longer match it, where the screening knows only these.
        reference: where this party stands, for people: a role, a customer's number.
    """

    party: SeenParty
    matches: tuple[SeenMatch, ...] = ()
    complete: bool = False
    gone: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SeenScreening:
    """A screening as it is kept, also where it found nothing.

    Attributes:
        kind: `decision`, `names`, `file` or `monitoring`.
        outcome: of the decision; else `hit` or `no_hit`.
        reference: the decision's hash, the file's name, the portfolio's.
        parties: how many were screened; of a file more than are in `found`.
        index, engine, lists: what they were screened with: hashes, and source -> snapshot.
        found: the parties that are kept.
        details: what else the audit record says of it.
    """

    kind: str
    outcome: str
    reference: str
    parties: int
    index: str
    engine: str
    lists: Mapping[str, str]
    found: tuple[PartyMatches, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
