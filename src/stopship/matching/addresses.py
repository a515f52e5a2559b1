"""Parties at a listed address: the same unit, or another one in the same building."""

from __future__ import annotations

from dataclasses import dataclass

from stopship.matching.compare.address import ParsedAddress, compare_addresses, parse_address, street_keys
from stopship.matching.evidence import Band, Evidence, Match, MatchKind
from stopship.matching.index import Index
from stopship.matching.query import Query
from stopship.model.entity import Address, Entity
from stopship.model.values import Schema

# Scores: all compared parts equal; no unit on the list; another unit of the building.
EXACT, STRONG, BUILDING = 1.0, 0.92, 0.85
LIFT = {MatchKind.ADDRESS: 0.50, MatchKind.SAME_BUILDING: 0.20}


@dataclass(frozen=True, slots=True)
class AddressHit:
    """One address of a party that an entity has too."""

    kind: MatchKind
    band: Band
    score: float
    ours: str
    theirs: str

    @property
    def lift(self) -> float:
        """The share of what a name's score lacks to 1 that the address adds."""
        return LIFT[self.kind]

    @property
    def evidence(self) -> Evidence:
        """The line that explains it."""
        text = {
            MatchKind.ADDRESS: "The same address",
            MatchKind.SAME_BUILDING: "The same building, but not the same unit",
        }[self.kind]
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
        ours = _with_countries(parse_address(text), query.countries)
        for number in sorted({n for key in street_keys(text) for n in index.lookup("street", key)}):
            for address in index.entity_number(number).addresses:
                hit = _compare(ours, address)
                if hit and (number not in found or hit.score > found[number].score):
                    found[number] = hit
    return found


def _compare(ours: ParsedAddress, address: Address) -> AddressHit | None:
    theirs = parse_address(address.text)
    if address.country and not theirs.countries:
        theirs = _with_countries(theirs, (address.country,))
    relation = compare_addresses(ours, theirs)
    if not relation:
        return None
    if relation == "building":
        return AddressHit(MatchKind.SAME_BUILDING, Band.MEDIUM, BUILDING, ours.text, address.text)
    whole = ours.units == theirs.units and ours.floor == theirs.floor
    band = Band.EXACT if whole else Band.STRONG
    return AddressHit(MatchKind.ADDRESS, band, EXACT if whole else STRONG, ours.text, address.text)


def _with_countries(parsed: ParsedAddress, countries: tuple[str, ...]) -> ParsedAddress:
    """The address with the party's countries where it names none itself."""
    if parsed.countries or not countries:
        return parsed
    return ParsedAddress(
        parsed.text, parsed.streets, parsed.units, parsed.floor, parsed.cities, frozenset(countries)
    )
