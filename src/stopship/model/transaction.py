"""Transactions: parties, items, destination, end use, date, as `docs/reference/order.md` describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stopship.model.party import Party
from stopship.model.values import Direction


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the order. `eccn`, `usml`, `hts` and `origin` are None where the order doesn't say."""

    description: str = ""
    eccn: str | None = None
    usml: str | None = None
    hts: str | None = None
    origin: str | None = None
    us_content_percent: float | None = None
    value: float | None = None
    currency: str | None = None
    quantity: float | None = None


@dataclass(frozen=True, slots=True)
class Exporter:
    """Who sells: says which regimes bind. The default is a US person in the United States."""

    country: str = "US"
    us_person: bool = True


@dataclass(frozen=True, slots=True)
class License:
    """A license that the exporter holds; it counts once a person has confirmed that it covers the order."""

    number: str
    expires: date | None = None
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transaction:
    """One order. `given` is the order as it was handed in, for the record; equality ignores it."""

    parties: tuple[Party, ...]
    items: tuple[Item, ...] = ()
    date: date | None = None
    direction: Direction = Direction.EXPORT
    destination: str | None = None
    end_use: str | None = None
    exporter: Exporter | None = None
    facts: tuple[tuple[str, str], ...] = ()
    licenses: tuple[License, ...] = ()
    warnings: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def fact(self, key: str) -> str | None:
        """What the order states under `facts` for `key`, as text, or None."""
        return dict(self.facts).get(key)

    def everyone(self) -> Iterator[tuple[int, str | None, Party]]:
        """Every party and every owner at every tier: party number, owner path ("0.1" is the first owner's
        second owner; None for the party itself), and who it is."""
        for number, party in enumerate(self.parties):
            yield number, None, party
            for path, owner in party.all_owners():
                yield number, path, owner
