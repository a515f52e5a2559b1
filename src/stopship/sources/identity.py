"""Entity ids, and which rows describe one entity.

An id is the program and the publisher's own number (`us.sdn-36`), or, where the publisher prints none, the program
and a hash of program, normalized primary name and country (`us.el-9f0c…`, 16 hex digits). Nothing else goes in:
not the row's place in the file, not its aliases, dates or citations, so an id survives shuffled rows, added
aliases and a second import, and two lists of one program give one party the same id.

Rows with the same program, normalized name and country are one entity with several listings, unless they
contradict each other: a person and a company, birth dates that can't agree, two address-only rows with different
addresses. Then the rows are told apart by a tie-breaker. The earliest listing (by start date, then citation, then
address) keeps the plain id, because a publisher adds newer entries and the older one should keep the id that
decisions on record name; each of the others gets a hash that also takes in what contradicts: its kind, birth date
or address.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TypeVar

from stopship.model import Address, Entity, Listing, Name, NameKind, Schema

T = TypeVar("T")

_HEX_DIGITS = 16
_VAGUE = (Schema.LEGAL_ENTITY,)
_KIND_ORDER = {NameKind.PRIMARY: 0, NameKind.ALIAS: 1, NameKind.FORMER: 2, NameKind.WEAK_ALIAS: 3}


@dataclass(frozen=True, slots=True)
class RowEntity:
    """What one row says: an entity with exactly one listing, its id still empty.

    `number` is the publisher's own number, or "". `country` is the one that goes into the id: of the first address
    printed, or "". `given` is an id that is taken as it is (of lists of one's own), or "".
    """

    entity: Entity
    number: str = ""
    country: str = ""
    given: str = ""

    @property
    def listing(self) -> Listing:
        return self.entity.listings[0]


def plain_name(text: str) -> str:
    """A name for comparing: compatibility forms folded, no diacritics, no case, one space for all punctuation.

    Kept apart from the matcher's normalizer, which may improve: ids must not change with it.
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters)) or " ".join(text.split())


def entity_id(program: str, *, number: str = "", name: str = "", country: str = "", tie: str = "") -> str:
    """The id of an entity: by number if it has one, else by hash."""
    if number:
        return f"{program}-{number}"
    parts = [program, plain_name(name), country.upper()] + ([tie] if tie else [])
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()
    return f"{program}-{digest[:_HEX_DIGITS]}"


def assemble(rows: Iterable[RowEntity]) -> tuple[Entity, ...]:
    """Rows to entities, sorted by id. The result doesn't depend on the order of the rows."""
    numbered: dict[str, list[RowEntity]] = defaultdict(list)
    named: dict[tuple[str, str, str], list[RowEntity]] = defaultdict(list)
    for row in rows:
        program = row.listing.program
        if row.given:
            numbered[row.given].append(row)
        elif row.number:
            numbered[entity_id(program, number=row.number)].append(row)
        else:
            named[program, plain_name(row.entity.caption), row.country].append(row)
    entities = [_merged(key, _ranked(group)) for key, group in numbered.items()]
    for (program, name, country), group in named.items():
        for place, cluster in enumerate(_told_apart(_ranked(group))):
            tie = _tie(cluster[0]) if place else ""
            key = entity_id(program, name=name, country=country, tie=tie)
            entities.append(_merged(key, cluster))
    return tuple(sorted(entities, key=lambda entity: entity.id))


def merge_by_id(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Entities that have their id and all of their listings, sorted by id; those of one id become one.

    For publishers that print an entry with a number once, with several listings. The result doesn't depend on the
    order of the entities.
    """
    groups: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        groups[entity.id].append(entity)
    merged = []
    for key, group in groups.items():
        whole = group[0]
        if len(group) > 1:
            rows = [RowEntity(entity) for entity in group]
            ordered = [row.entity for row in _ranked(rows)]
            whole = replace(
                _merged(key, [RowEntity(entity) for entity in ordered]),
                listings=_unique(listing for entity in ordered for listing in entity.listings),
            )
        merged.append(whole)
    return tuple(sorted(merged, key=lambda entity: entity.id))


def contradict(left: Entity, right: Entity) -> bool:
    """Whether two rows of the same name can't describe the same entity. Missing facts contradict nothing."""
    if left.schema is not right.schema and not {left.schema, right.schema} & set(_VAGUE):
        persons = Schema.PERSON in (left.schema, right.schema)
        things = {Schema.VESSEL, Schema.AIRPLANE, Schema.ADDRESS} & {left.schema, right.schema}
        if persons or things:
            return True
    if left.schema is Schema.ADDRESS and right.schema is Schema.ADDRESS:
        return _address_text(left) != _address_text(right)
    for ours, theirs in (
        (left.birth_dates, right.birth_dates),
        (left.registration_dates, right.registration_dates),
    ):
        if ours and theirs and not any(a.agrees(b) for a in ours for b in theirs):
            return True
    return False


def _ranked(rows: list[RowEntity]) -> list[RowEntity]:
    return sorted(rows, key=_rank) if len(rows) > 1 else rows


def _told_apart(rows: Sequence[RowEntity]) -> list[list[RowEntity]]:
    clusters: list[list[RowEntity]] = []
    for row in rows:
        for cluster in clusters:
            if not any(contradict(row.entity, other.entity) for other in cluster):
                cluster.append(row)
                break
        else:
            clusters.append([row])
    return clusters


def _tie(row: RowEntity) -> str:
    entity = row.entity
    if entity.schema is Schema.ADDRESS:
        return f"{entity.schema.value}|{_address_text(entity)}"
    dates = [str(day) for day in (*entity.birth_dates[:1], *entity.registration_dates[:1])]
    return "|".join([entity.schema.value, *dates])


def _rank(row: RowEntity) -> tuple[date, str, str, str, str]:
    """Earliest listing first; the rest only makes the order complete, so that it is the same for shuffled rows."""
    listing = row.listing
    return (listing.start or date.max, listing.citation, _address_text(row.entity), _tie(row), repr(row))


@lru_cache(maxsize=65536)
def _plain_address(text: str) -> str:
    return plain_name(text)


def _address_text(entity: Entity) -> str:
    return "; ".join(_plain_address(address.text) for address in entity.addresses)


def _merged(key: str, rows: Sequence[RowEntity]) -> Entity:
    first = rows[0].entity
    if len(rows) == 1:
        return replace(first, id=key)
    members = [row.entity for row in rows]
    return Entity(
        id=key,
        schema=next((m.schema for m in members if m.schema not in _VAGUE), first.schema),
        names=_merged_names(members),
        listings=tuple(m.listings[0] for m in members),
        countries=_unique(c for m in members for c in m.countries),
        addresses=_merged_addresses(members),
        identifiers=_unique(i for m in members for i in m.identifiers),
        birth_dates=_unique(d for m in members for d in m.birth_dates),
        registration_dates=_unique(d for m in members for d in m.registration_dates),
        birth_places=_unique(p for m in members for p in m.birth_places),
        remarks="; ".join(_unique(m.remarks for m in members if m.remarks)),
    )


def _merged_names(members: Sequence[Entity]) -> tuple[Name, ...]:
    """All names once; the primary name of the earliest listing leads, those of the others become aliases."""
    best: dict[str, Name] = {members[0].caption: members[0].names[0]}
    for member in members:
        for name in member.names:
            kept = NameKind.ALIAS if name.kind is NameKind.PRIMARY else name.kind
            known = best.get(name.text)
            if known is None or _KIND_ORDER[kept] < _KIND_ORDER[known.kind]:
                best[name.text] = replace(name, kind=kept)
    return tuple(best.values())


def _merged_addresses(members: Sequence[Entity]) -> tuple[Address, ...]:
    return _unique(address for member in members for address in member.addresses)


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
