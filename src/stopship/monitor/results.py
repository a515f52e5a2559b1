"""What a customer's hits are now against what was known: new, changed, gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NEW, CHANGED, GONE = "new", "changed", "gone"
Key = tuple[str, str]
"""An entity as a customer's match names it: its id, and the source that lists it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A match that was known: its number in the store, and its hit."""

    number: int
    hit: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One difference. `hit` is the hit as it is now, or as it last was of one that is gone; `fields` are those of
    it that have changed."""

    what: str
    customer: str
    hit: Mapping[str, Any]
    fields: tuple[str, ...] = ()
    number: int | None = None

    def to_plain(self) -> dict[str, Any]:
        """The form of `rescreen --json`."""
        return {"event": self.what, "customer": self.customer, "changed": list(self.fields), "hit": dict(self.hit)}


def key_of(hit: Mapping[str, Any]) -> Key:
    """Which entity a hit is of."""
    return hit["entity_id"], hit["source"] or ""


def by_key(hits: Iterable[Mapping[str, Any]]) -> dict[Key, Mapping[str, Any]]:
    """Hits by entity; of two on one entity the first, which is the better one."""
    found: dict[Key, Mapping[str, Any]] = {}
    for hit in hits:
        found.setdefault(key_of(hit), hit)
    return found


def compare(customer: str, known: Mapping[Key, Known], hits: Iterable[Mapping[str, Any]]) -> list[Event]:
    """The differences of one customer; none where all is as it was."""
    now = by_key(hits)
    events: list[Event] = []
    for key, hit in now.items():
        before = known.get(key)
        if before is None:
            events.append(Event(NEW, customer, hit))
        elif fields := tuple(sorted(f for f in hit.keys() | before.hit.keys() if hit.get(f) != before.hit.get(f))):
            events.append(Event(CHANGED, customer, hit, fields, before.number))
    events += [Event(GONE, customer, k.hit, (), k.number) for key, k in known.items() if key not in now]
    return events
