"""Parties at a listed address: the same unit, another one in the same building, or in the care of somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from stopship.matching.compare.address import (
    ParsedAddress,
    address_keys,
    care_of,
    compare_addresses,
    is_whole,
    lies_within,
    parse_address,
)
from stopship.matching.evidence import Band, Evidence, Match, MatchKind
from stopship.matching.index import Index
from stopship.matching.query import Query
from stopship.model.entity import Address, Entity
from stopship.model.values import Schema

# Scores: all compared parts equal; no unit on the list; another unit of the building.
EXACT, STRONG, BUILDING = 1.0, 0.92, 0.85
LIFT = {MatchKind.ADDRESS: 0.50, MatchKind.SAME_BUILDING: 0.20}


_TEXT = {
    "same": "The same address",
    "part": "The same building; the list names a unit there, and none was given",
    "box": "The same PO box",
    "building": "The same building, but not the same unit",
    "street": "The same street, but another number",
}


_LISTED_WHOLE = "The same address; the list names the whole building or floor"


@dataclass(frozen=True, slots=True)
class AddressHit:
    """One address of a party that an entity has too."""

    kind: MatchKind
    band: Band
    score: float
    ours: str
    theirs: str
    relation: str

    @property
    def lift(self) -> float:
        """The share of what a name's score lacks to 1 that the address adds."""
        return LIFT[self.kind]

    @property
    def evidence(self) -> Evidence:
        """The line that explains it."""
        text = _TEXT[self.relation]
        if self.relation == "part" and self.kind is MatchKind.ADDRESS:
            text = _LISTED_WHOLE
        return Evidence("address", "match", self.ours, self.theirs, self.score, f"{text}: {self.theirs}")

    def match(self, entity: Entity) -> Match:
        """The match where nothing but the address meets. Only an address-only row is confirmed by it."""
        confirmed = (
            self.kind is MatchKind.ADDRESS
            and entity.schema is Schema.ADDRESS
            and self.band in (Band.EXACT, Band.STRONG)
        )
        return Match(entity, None, self.kind, self.score, self.band, True, confirmed, (self.evidence,))


def find_addresses(index: Index, query: Query) -> dict[int, AddressHit]:
    """Entity number -> the best address that it shares with the query."""
    found: dict[int, AddressHit] = {}
    for text in query.addresses:
        ours = parse_address(text).within(query.countries)
        for number in sorted({n for key in address_keys(text) for n in index.lookup("street", key)}):
            for address in index.entity_number(number).addresses:
                hit = _compare(ours, address)
                if hit and (number not in found or hit.score > found[number].score):
                    found[number] = hit
    return found


def _compare(ours: ParsedAddress, address: Address) -> AddressHit | None:
    theirs = parse_address(address.text).within((address.country,) if address.country else ())
    relation = compare_addresses(ours, theirs)
    if relation == "building" or (relation == "part" and not lies_within(ours, theirs)):
        kind, band, score = MatchKind.SAME_BUILDING, Band.MEDIUM, BUILDING
    elif relation == "same" and is_whole(ours, theirs):
        kind, band, score = MatchKind.ADDRESS, Band.EXACT, EXACT
    elif relation in ("same", "part", "box"):
        kind, band, score = MatchKind.ADDRESS, Band.STRONG, STRONG
    else:
        return None
    return AddressHit(kind, band, score, ours.text, address.text, relation)


def other_address(query: Query, entity: Entity) -> Evidence | None:
    """What to say where a party and an entity have addresses and none in common: it changes no score, because
    firms have more addresses than lists print."""
    if not query.addresses or not entity.addresses:
        return None
    ours = [parse_address(text).within(query.countries) for text in query.addresses]
    theirs = [parse_address(a.text).within((a.country,) if a.country else ()) for a in entity.addresses]
    for one in ours:
        for other in theirs:
            if compare_addresses(one, other) == "street":
                return Evidence(
                    "address", "unknown", one.text, other.text, 0.0, f"{_TEXT['street']}: {other.text}"
                )
    more = f" and {len(theirs) - 1} more" if len(theirs) > 1 else ""
    text = f"No address in common; the list has {theirs[0].text}{more}"
    return Evidence("address", "unknown", ours[0].text, theirs[0].text, 0.0, text)


def names_in_care(query: Query) -> Iterator[tuple[str, str]]:
    """Those in whose care the addresses of a party are, each with the address: they take part as well."""
    for text in query.addresses:
        for name in care_of(text):
            yield name, text


def in_care(match: Match, name: str, address: str) -> Match:
    """The match of one in whose care a party's address is. It may be the listed one; the party itself is not."""
    listed = match.name.text if match.name else match.entity.caption
    line = Evidence("address", "match", address, listed, 0.0, f"The address is in the care of {name}")
    return replace(match, confirmed=False, evidence=(line, *match.evidence))
