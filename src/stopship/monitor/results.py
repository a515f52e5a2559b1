"""What a customer's hits are now against what was known: new, changed, gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

NEW, CHANGED, GONE = "new", "changed", "gone"


@dataclass(frozen=True, slots=True)
class Known:
    """A match that was known: its number in the store, and its hit."""

    number: int
    hit: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One difference. `hit` is the hit as it is now, or as it last was of one that is gone; `before` holds what
    those fields of it were that have changed. `about` is all that the customer's row says."""

    what: str
    customer: str
    hit: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)
    number: int | None = None
    name: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the hit that have changed."""
        return tuple(sorted(self.before))

    def to_plain(self) -> dict[str, Any]:
        """The form of `rescreen --json`."""
        return {
            "event": self.what,
            "customer": self.customer,
            "name": self.name,
            "changed": list(self.fields),
            "before": dict(self.before),
            "hit": dict(self.hit),
            "row": dict(self.about),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Event:
        """The event that `to_plain` wrote, without its number."""
        return cls(
            plain["event"], plain["customer"], plain["hit"], plain["before"], None, plain["name"], plain["row"]
        )


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
        elif fields := sorted(f for f in hit.keys() | before.hit.keys() if hit.get(f) != before.hit.get(f)):
            was = {name: before.hit.get(name) for name in fields}
            events.append(Event(CHANGED, customer, hit, was, before.number))
    events += [Event(GONE, customer, k.hit, {}, k.number) for key, k in known.items() if key not in hits]
    return events


def in_order(events: Iterable[Event]) -> list[Event]:
    """What a person should read first: alerts before the rest, new before changed and gone, the best first."""
    kinds = (NEW, CHANGED, GONE)
    return sorted(events, key=lambda e: (not e.hit["alert"], kinds.index(e.what), -e.hit["score"], e.customer))
