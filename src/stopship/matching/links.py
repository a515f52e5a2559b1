"""Entries of other lists that are the same party by an official number: linked, never merged.

Each publisher's entry keeps its own names, listings and id. That two of them are one party follows only from a
number that an authority gave and that no other party has: an IMO number with its check digit, an LEI, a
registration or tax number together with its country, a passport together with its country. Two entries that one
list has under one program are left apart: their publisher knows why they are two. So are two of OFAC's numbers,
whichever of its lists they are on and whoever hands them on: a bank and its owner may print one tax number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stopship.matching.compare.identifiers import family, identifier_keys, identifiers_of, plain_value
from stopship.matching.evidence import Evidence
from stopship.matching.index import Index
from stopship.model.entity import Entity, Identifier
from stopship.model.values import Program, Schema
from stopship.names.things import is_imo

MOST_LINKS = 20
"""Links of one entity that are shown. A number that more entries share is no official number of one party."""
_SAYS = "Also listed under "
_WITH_COUNTRY = ("register", "passport")
_LEI = 20
_SHORTEST_REGISTER = 6
_OFAC = frozenset(
    program.value
    for program in (
        *(Program.US_SDN, Program.US_SSI, Program.US_MBS),
        *(Program.US_CAP, Program.US_CMIC, Program.US_PLC),
    )
)
"""Programs of which an entry's id ends in the number that OFAC gave the party, the same on all of its lists."""
_PRINTED = frozenset(program.value for program in Program)
_FEWEST_CHARACTERS = 3  # different ones, in a number: 000000, 111111 and N/A are none


@dataclass(frozen=True, slots=True)
class Link:
    """Another entry with the same official number. `ours` and `theirs` are the number as each prints it."""

    entity: Entity
    source: str
    ours: Identifier
    theirs: Identifier

    @property
    def evidence(self) -> Evidence:
        """The line that says so."""
        programs = ", ".join(dict.fromkeys(listing.program for listing in self.entity.listings))
        kind = self.theirs.type.replace("_", " ")
        country = f", {self.theirs.country}" if self.theirs.country else ""
        text = (
            f"{_SAYS}{programs} as {self.entity.caption} ({self.entity.id}, {self.source}): "
            f"the same {kind}, {self.theirs.value}{country}"
        )
        return Evidence("link", "match", self.ours.value, self.theirs.value, 0.0, text)


def is_link(text: str) -> bool:
    """Whether a line of evidence is one of a link."""
    return text.startswith(_SAYS)


def links_of(index: Index, entity: Entity) -> tuple[Link, ...]:
    """The entries that share an official number with an entity of the index, by id, each once."""
    own = {(listing.source, listing.program) for listing in entity.listings}
    found: dict[str, Link] = {}
    for ours in identifiers_of(entity):
        if not is_official(ours):
            continue
        sharing: dict[str, Link] = {}
        for key in identifier_keys(ours):
            for number in index.lookup("identifier", key):
                other = index.entity_number(number)
                if other.id == entity.id or own & {(one.source, one.program) for one in other.listings}:
                    continue
                if _told_apart(entity.id, other.id):
                    continue
                theirs = next((one for one in _official(other) if same_number(ours, one)), None)
                if theirs is not None and _may_be_one(entity, other):
                    source = index.lists[int(index.entity_lists[number])].source
                    sharing.setdefault(other.id, Link(other, source, ours, theirs))
        if len(sharing) <= MOST_LINKS:
            for other_id, link in sharing.items():
                found.setdefault(other_id, link)
    return tuple(found[key] for key in sorted(found))


def all_links(index: Index) -> Iterator[tuple[str, str, Identifier]]:
    """Every link of an index once: two entity ids, the smaller first, and the number."""
    for number in range(len(index)):
        entity = index.entity_number(number)
        for link in links_of(index, entity):
            if entity.id < link.entity.id:
                yield entity.id, link.entity.id, link.ours


def is_official(identifier: Identifier) -> bool:
    """Whether a number is given to one party only, and says by whom."""
    kind, value = family(identifier.type), plain_value(identifier)
    if len(set(value)) < _FEWEST_CHARACTERS:
        return False
    if kind == "imo":
        return is_imo(value)
    if kind == "lei":
        return len(value) == _LEI
    if kind not in _WITH_COUNTRY or not identifier.country or not any(letter.isdigit() for letter in value):
        return False
    return kind == "passport" or len(value) >= _SHORTEST_REGISTER


def same_number(left: Identifier, right: Identifier) -> bool:
    """Whether two official numbers are the same: of one family, and of one country where that is part of it."""
    kind = family(left.type)
    if kind != family(right.type) or plain_value(left) != plain_value(right):
        return False
    return kind not in _WITH_COUNTRY or left.country == right.country


def _told_apart(left: str, right: str) -> bool:
    """Whether both ids are a publisher's own numbers, and different ones: its lists are printed by others, too."""
    (ours, _, our_number), (theirs, _, their_number) = left.rpartition("-"), right.rpartition("-")
    if ours in _OFAC and theirs in _OFAC:
        return our_number != their_number
    return ours == theirs and ours in _PRINTED


def _official(entity: Entity) -> Iterator[Identifier]:
    return (one for one in identifiers_of(entity) if is_official(one))


def _may_be_one(left: Entity, right: Entity) -> bool:
    """A person and an organization, or a ship and either, are never one party, whatever a list prints."""
    vague = Schema.LEGAL_ENTITY in (left.schema, right.schema)
    apart = (Schema.PERSON, Schema.VESSEL, Schema.AIRPLANE, Schema.ADDRESS)
    if left.schema is right.schema:
        return True
    if vague:
        return not {left.schema, right.schema} & set(apart[1:])
    return left.schema not in apart and right.schema not in apart
