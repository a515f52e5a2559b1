"""Joining an order with ownership data: who of the order is a holder, and who stands above it on the order's day.

By a strong identifier a party *is* a holder. By name and country alone it may be one: then the holder's owners are
used as possible, so that a person judges them, never as fact and never passed over. A person's word on a tie comes
in as a judgement, like one on a match."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from stopship.model.party import Party
from stopship.model.stake import Holder, Stake
from stopship.model.structure import Link, Node, Structure, Tie, structure_of_order
from stopship.model.transaction import Transaction
from stopship.names.name_key import name_key
from stopship.ownership.graph import OwnershipGraph
from stopship.ownership.identity import contradict, strong_keys

MAX_ABOVE = 2_000
"""Holders above one party that are looked up. Beyond it the answer says that not all were."""
MAX_NAMESAKES = 20
"""Holders of one name that a party may be."""

Verdict = Callable[[int, str | None, str], bool | None]
"""A person's word on whether a party, or its owner at a path, is the holder with an id; None: none."""


def join(
    graph: OwnershipGraph | None,
    order: Transaction,
    *,
    as_of: date,
    verdict: Verdict = lambda _party, _owner, _holder: None,
    most_above: int = MAX_ABOVE,
    most_namesakes: int = MAX_NAMESAKES,
) -> Structure:
    """The structure above the parties of an order on a day.

    Args:
        graph: ownership data; None: what the order states alone.
        verdict: people's word on ties.
        most_above, most_namesakes: bounds; what they cut off is said in `Structure.bounded`.
    """
    alone = structure_of_order(order)
    if graph is None or not graph.stakes:
        return alone
    return _Joining(graph, alone, as_of, verdict, most_above, most_namesakes).structure()


@dataclass
class _Joining:
    graph: OwnershipGraph
    alone: Structure
    as_of: date
    verdict: Verdict
    most_above: int
    most_namesakes: int
    ties: list[Tie] = field(default_factory=list)
    bounded: dict[int, str] = field(default_factory=dict)
    namesakes: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def structure(self) -> Structure:
        sure, perhaps = self._tied()
        self._merge(sure)
        self._links = [self._renumbered(link) for link in self.alone.links]
        self._above: dict[int, list[tuple[str, Stake, int]]] = {}
        # Names tell whether two bases speak of one stake; where there is one basis, nobody asks.
        self._labelled = len(self.graph.bases) > 1 or bool(self.alone.links)
        parties = sorted({place[0] for node in self._nodes for place in node.places})
        for party in parties:
            self._climb(party, perhaps)
        links = tuple(dict.fromkeys(self._links))
        outside = {party: self._all_above(party, links) for party in parties}
        self._note(outside)
        return Structure(
            nodes=tuple(self._nodes),
            links=links,
            ties=tuple(self.ties),
            bounded=self.bounded,
            notes=tuple(self.notes),
            outside={party: found for party, found in outside.items() if found},
            namesakes=self.namesakes,
        )

    def _all_above(self, party: int, links: tuple[Link, ...]) -> tuple[int, ...]:
        """Nodes above a party that the order doesn't name as its owners: holders, and owners of other parties."""
        owners: dict[int, list[int]] = {}
        for link in links:
            owners.setdefault(link.held, []).append(link.owner)
        mine = {n for n, node in enumerate(self._nodes) if any(place[0] == party for place in node.places)}
        found: dict[int, None] = {}
        waiting = sorted(mine)
        while waiting:
            for owner in owners.get(waiting.pop(0), ()):
                if owner not in mine and owner not in found:
                    found[owner] = None
                    waiting.append(owner)
        return tuple(found)

    # -- who is whom -------------------------------------------------------------------------------------------

    def _tied(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """Per node of the order, the holders that it surely is and those that it may be."""
        sure: dict[int, list[int]] = {}
        perhaps: dict[int, list[int]] = {}
        for number, node in enumerate(self.alone.nodes):
            assert node.party is not None
            [(party, owner)] = node.places
            for holder, certain, why in self._candidates(node.party, party, owner):
                found = self.graph.holder(holder)
                said = self.verdict(party, owner, found.id)
                if said is False:
                    continue
                certain, why = (True, "a person's judgement") if said else (certain, why)
                self.ties.append(Tie(party, owner, found.id, found.caption, certain, why))
                (sure if certain else perhaps).setdefault(number, []).append(holder)
        return sure, perhaps

    def _candidates(self, who: Party, party: int, owner: str | None) -> Iterator[tuple[int, bool, str]]:
        keys = strong_keys(who.identifiers, (who.country,) if who.country else ())
        seen: set[int] = set()
        for key in keys:
            for number in self.graph.by_key(key):
                if number not in seen:
                    seen.add(number)
                    certain, why = _certain(key, who, self.graph.holder(number))
                    yield number, certain, why
        namesakes = [n for n in self.graph.by_name(who.name) if n not in seen]
        meant = [n for n in namesakes if _may_be(who, keys, self.graph.holder(n))]
        if len(meant) > self.most_namesakes:
            where = f"party {party}" if owner is None else f"owner {owner} of party {party}"
            self.namesakes[party] = (
                f"the ownership data have {len(meant)} holders of the name of {where}: state its country or an "
                "identifier"
            )
        for number in meant[: self.most_namesakes]:
            place = f" in {who.country}" if who.country else "; the order states no country"
            yield number, False, f"the same name{place}"

    def _merge(self, sure: dict[int, list[int]]) -> None:
        """Nodes of the order that are one holder become one node, and so do the holders that one node is."""
        parent = list(range(len(self.alone.nodes)))

        def root(number: int) -> int:
            while parent[number] != number:
                number = parent[number]
            return number

        first: dict[int, int] = {}
        for number, holders in sure.items():
            for holder in holders:
                other = first.setdefault(holder, number)
                low, high = sorted((root(number), root(other)))
                parent[high] = low
        groups: dict[int, list[int]] = {}
        for number in range(len(parent)):
            groups.setdefault(root(number), []).append(number)
        self._nodes: list[Node] = []
        self._new: dict[int, int] = {}
        self._holder_node: dict[int, int] = {}
        self._holders: dict[int, list[int]] = {}
        for members in groups.values():
            at = len(self._nodes)
            mine = list(dict.fromkeys(holder for n in members for holder in sure.get(n, ())))
            old = self.alone.nodes[members[0]]
            self._nodes.append(
                Node(
                    id=old.id,
                    name=old.name,
                    country=old.country,
                    party=old.party,
                    places=tuple(place for n in members for place in self.alone.nodes[n].places),
                    holders=tuple(self.graph.holder(holder) for holder in mine),
                    label=name_key(old.name),
                )
            )
            self._new |= dict.fromkeys(members, at)
            self._holders[at] = mine
            self._holder_node |= dict.fromkeys(mine, at)

    def _renumbered(self, link: Link) -> Link:
        return Link(self._new[link.owner], self._new[link.held], link.share, link.fact)

    # -- who stands above --------------------------------------------------------------------------------------

    def _climb(self, party: int, perhaps: dict[int, list[int]]) -> None:
        """Take the stakes above one party, tier by tier, nearest first."""
        mine = [n for n, node in enumerate(self._nodes) if any(place[0] == party for place in node.places)]
        possible = {self._new[old]: holders for old, holders in perhaps.items()}
        waiting: list[tuple[int, int, bool]] = []
        for node in mine:
            waiting += [(node, holder, True) for holder in self._holders[node]]
            waiting += [(node, holder, False) for holder in possible.get(node, ())]
        done: set[tuple[int, int]] = set()
        above: dict[int, None] = {}
        while waiting:
            held, holder, sure = waiting.pop(0)
            if (held, holder) in done:
                continue
            done.add((held, holder))
            for basis, stake, number in self._stakes(holder):
                owner = self._node_of(number, party, above)
                if owner is None:
                    continue
                self._links.append(self._link(owner, held, basis, stake, sure))
                # A node of the order brings all the holders that it is.
                for other in self._holders.get(owner) or [number]:
                    waiting.append((owner, other, True))

    def _stakes(self, holder: int) -> list[tuple[str, Stake, int]]:
        if holder not in self._above:
            self._above[holder] = self.graph.owners_of(holder, self.as_of)
        return self._above[holder]

    def _node_of(self, number: int, party: int, above: dict[int, None]) -> int | None:
        """The node of a holder above a party; None where that is one too many."""
        node = self._holder_node.get(number)
        if node is not None and any(place[0] == party for place in self._nodes[node].places):
            return node
        if node is not None and node in above:
            return node
        if len(above) >= self.most_above:
            more = f"more than {self.most_above:,} holders stand above party {party} in the ownership data"
            self.bounded[party] = more
            return None
        if node is None:
            holder = self.graph.holder(number)
            node = len(self._nodes)
            name = holder.names[0] if holder.names else ""
            country = holder.countries[0] if holder.countries else None
            label = name_key(name) if self._labelled else ""
            self._nodes.append(Node(holder.id, name, country, None, (), (holder,), label))
            self._holder_node[number] = node
            self._holders[node] = [number]
        above[node] = None
        return node

    def _link(self, owner: int, held: int, basis: str, stake: Stake, sure: bool) -> Link:
        return Link(
            owner=owner,
            held=held,
            share=stake.share,
            fact=f"stake.{self._nodes[owner].id}.of.{self._nodes[held].id}.share",
            interest=stake.interest,
            basis=basis,
            sure=sure,
            since=stake.since,
            until=stake.until,
            statement=stake.statement,
            note=stake.note,
        )

    # -- what to say of it -------------------------------------------------------------------------------------

    def _note(self, outside: dict[int, tuple[int, ...]]) -> None:
        for tie in self.ties:
            who = f"party {tie.party}" if tie.owner is None else f"owner {tie.owner} of party {tie.party}"
            taken = "is" if tie.sure else "may be"
            then = "" if tie.sure else "; its owners are used as possible until a person judges that"
            self.notes.append(f"ownership: {who} {taken} {tie.name} ({tie.holder}), by {tie.why}{then}")
        for party, found in outside.items():
            nameless = sum(not self._nodes[node].name for node in found)
            if nameless:
                them = "1 owner has" if nameless == 1 else f"{nameless} owners have"
                self.notes.append(
                    f"ownership: {them} no name in the data above party {party} and could be looked up by "
                    "identifier alone"
                )
        for why in (*self.bounded.values(), *self.namesakes.values()):
            self.notes.append(f"ownership: not all owners were looked up, {why}")


def _certain(key: str, who: Party, holder: Holder) -> tuple[bool, str]:
    """Whether a shared number is enough. One of a register is unique only in its register, so that a name of
    wholly other words makes it a possible tie."""
    kind, _, value = key.rpartition(" ")
    words = {"lei": "LEI", "imo": "IMO number", "register": "registration number in", "tax": "tax number in"}
    kind, _, place = kind.partition(" ")
    what = f"{words[kind]} {place}".strip()
    why = f"the same {what}, {value}"
    if kind in ("lei", "imo") or not who.name or not holder.names:
        return True, why
    ours = {word for word in name_key(who.name).split() if not word.startswith("=")}
    theirs = {word for name in holder.names for word in name_key(name).split() if not word.startswith("=")}
    return (True, why) if ours & theirs else (False, f"{why}, but another name")


def _may_be(who: Party, keys: tuple[str, ...], holder: Holder) -> bool:
    """Whether nothing says that a namesake is somebody else: another country, LEI or IMO number, date of birth."""
    if who.country and holder.countries and who.country not in holder.countries:
        return False
    if who.birth_date and holder.birth_date and not who.birth_date.agrees(holder.birth_date):
        return False
    return not contradict(keys, OwnershipGraph.keys_of(holder))
