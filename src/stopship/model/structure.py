"""The ownership above the parties of one order: stakes that the order nests, joined with stakes from outside.

A node is a party, an owner that the order names, or a holder from ownership data; where the order's party *is*
such a holder, both are one node. Whoever evaluates rules gets this and needs no other view of who owns whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from stopship.model.party import Party
from stopship.model.stake import UNKNOWN, Holder, Interest
from stopship.model.transaction import Transaction
from stopship.model.values import Share

ORDER = "order"
"""The basis of stakes that the order states itself."""


@dataclass(frozen=True, slots=True)
class Node:
    """One who owns or is owned.

    Attributes:
        id: `party.0`, `party.0.owner.0.1`, or the id of a holder; unique in the structure.
        party: as the order describes it; None for holders from outside.
        places: where the order names it: party number and owner path ("0.1"; None for the party itself).
        holders: whom it is surely the same as in ownership data; the holder itself for nodes from outside.
        label: its name in comparable form, "" where it has none or nothing compares.
    """

    id: str
    name: str
    country: str | None = None
    party: Party | None = None
    places: tuple[tuple[int, str | None], ...] = ()
    holders: tuple[Holder, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A stake between two nodes (by number), in force on the order's day.

    Attributes:
        basis: who states it: `order`, or the name of the ownership data.
        sure: False where it is the stake of a holder that may be, or may not be, the party of the order.
        fact: the key under which an order may state the share.
    """

    owner: int
    held: int
    share: Share
    fact: str
    interest: Interest = Interest.SHARES
    basis: str = ORDER
    sure: bool = True
    since: date | None = None
    until: date | None = None
    statement: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """That a party or owner of the order is, or may be, a holder in ownership data.

    Attributes:
        sure: by a strong identifier, or because a person said so; else by name and country alone.
        why: "the same LEI 5493…", for a person.
    """

    party: int
    owner: str | None
    holder: str
    name: str
    sure: bool
    why: str


@dataclass(frozen=True)
class Structure:
    """All nodes and links above the parties of one order.

    Attributes:
        ties: how parties were found in ownership data.
        bounded: per party number, why not all of its owners are here; they then count as not known.
        namesakes: per party number, that too many holders bear a name for each to be looked at.
        outside: per party number, the nodes above it that the order doesn't name as its owners.
        notes: what a reader must know of all this, one line each.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    ties: tuple[Tie, ...] = ()
    bounded: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()
    namesakes: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    outside: Mapping[int, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def number_of(self, party: int, owner: str | None) -> int | None:
        """The node of a party, of an owner by its path, or of a holder above that party by its id."""
        return self._places().get((party, owner))

    def _places(self) -> dict[tuple[int, str | None], int]:
        cached: dict[tuple[int, str | None], int] | None = self.__dict__.get("_by_place")
        if cached is None:
            cached = {place: number for number, node in enumerate(self.nodes) for place in node.places}
            for party, numbers in self.outside.items():
                cached |= {(party, self.nodes[number].id): number for number in numbers}
            self.__dict__["_by_place"] = cached
        return cached

    def holders_above(self) -> Iterator[tuple[int, Node]]:
        """Nodes from outside with the number of the party that they stand above."""
        for party in sorted(self.outside):
            for number in self.outside[party]:
                yield party, self.nodes[number]


def structure_of_order(order: Transaction) -> Structure:
    """The structure that the order alone states: a tree above each party."""
    nodes: list[Node] = []
    links: list[Link] = []
    for number, party in enumerate(order.parties):
        top = len(nodes)
        nodes.append(Node(f"party.{number}", party.name, party.country, party, ((number, None),)))
        _add_owners(nodes, links, number, top, "", party)
    return Structure(tuple(nodes), tuple(links))


def _add_owners(nodes: list[Node], links: list[Link], party: int, held: int, prefix: str, who: Party) -> None:
    for position, owner in enumerate(who.owners):
        path = f"{prefix}{position}"
        number = len(nodes)
        nodes.append(Node(f"party.{party}.owner.{path}", owner.name, owner.country, owner, ((party, path),)))
        links.append(Link(number, held, owner.share or UNKNOWN, f"party.{party}.owner.{path}.share"))
        _add_owners(nodes, links, party, number, f"{path}.", owner)
