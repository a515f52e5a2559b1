"""People, parties and matches for tests of case work."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from stopship.cases import (
    Actor,
    PartyMatches,
    Policy,
    Recorded,
    Role,
    SeenEntry,
    SeenMatch,
    SeenScreening,
    record,
    seen_party,
)
from stopship.store import Database

NOW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)  # a Thursday
ANNA = Actor("user:anna", Role.ANALYST)
BEN = Actor("user:ben", Role.ANALYST)
SUE = Actor("user:sue", Role.SUPERVISOR)
TOM = Actor("user:tom", Role.SUPERVISOR)
EVE = Actor("user:eve", Role.VIEWER)
ERP = Actor("key:3", Role.ANALYST)


def entry(number: int = 1, text: str = "as printed", programs: tuple[str, ...] = ("us.el",)) -> SeenEntry:
    """A listed entity; another text is another content."""
    printed = f'[{{"id":"e-{number}","remarks":"{text}"}}]'
    digest = hashlib.sha256(printed.encode()).hexdigest()
    return SeenEntry(f"e-{number}", f"Entity {number}", printed, digest, programs)


def match(number: int = 1, *, band: str = "medium", score: float = 0.8, **other: Any) -> SeenMatch:
    """A match with a listed entity."""
    return SeenMatch(entry(number, **other), score, band, {"evidence": ["the names are alike"]})


def party(name: str = "Beispiel Optik GmbH", **fields: Any) -> Any:
    """A party of this name."""
    return seen_party({"name": name, "schema": "Company", "country": "DE"} | fields)


def screening(*found: PartyMatches, kind: str = "decision", reference: str = "d1") -> SeenScreening:
    """A screening that found this."""
    hit = any(one.matches for one in found)
    return SeenScreening(
        kind=kind,
        outcome=("review" if hit else "clear") if kind == "decision" else ("hit" if hit else "no_hit"),
        reference=reference,
        parties=max(1, len(found)),
        index="sha256:index",
        engine="stopship test",
        lists={"us_csl": "sha256:list"},
        found=found,
    )


def seen(*matches: SeenMatch, who: Any = None, **other: Any) -> PartyMatches:
    """A party with these matches."""
    return PartyMatches(who if who is not None else party(), matches, **other)


def keep(
    database: Database, *found: PartyMatches, now: datetime = NOW, policy: Policy | None = None, **other: Any
) -> Recorded:
    """Record a screening."""
    with database.write() as connection:
        return record(connection, screening(*found, **other), actor=ERP, policy=policy or Policy(), now=now)
