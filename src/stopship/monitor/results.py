"""What a customer's hits are now against what was known: new, changed, gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NEW, CHANGED, GONE = "new", "changed", "gone"


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

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Event:
        """The event that `to_plain` wrote, without its number."""
        return cls(plain["event"], plain["customer"], plain["hit"], tuple(plain["changed"]))


def by_entity(hits: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Hits by the id of their entity; of several on one the first, which is the best.

    Two lists may carry one entry of a publisher under its id (the SDN list by itself, and in the Consolidated
    Screening List). It is one match then, with the listings of both: where an entry moves from one list to the
    other, or comes into the second, it is known already.
    """
    found: dict[str, dict[str, Any]] = {}
    for hit in hits:
        held = found.setdefault(hit["entity_id"], dict(hit))
        more = [listing for listing in hit["listings"] if listing not in held["listings"]]
        if more:
            held["listings"] = [*held["listings"], *more]
    return found


def compare(customer: str, known: Mapping[str, Known], hits: Mapping[str, Mapping[str, Any]]) -> list[Event]:
    """The differences of one customer; none where all is as it was. `known` and `hits` are by entity id."""
    events: list[Event] = []
    for key, hit in hits.items():
        before = known.get(key)
        if before is None:
            events.append(Event(NEW, customer, hit))
        elif fields := tuple(sorted(f for f in hit.keys() | before.hit.keys() if hit.get(f) != before.hit.get(f))):
            events.append(Event(CHANGED, customer, hit, fields, before.number))
    events += [Event(GONE, customer, k.hit, (), k.number) for key, k in known.items() if key not in hits]
    return events
