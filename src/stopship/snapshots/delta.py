"""What was added, removed and changed between two snapshots: which entities, and which of their fields.

Entities are the same if their ids are: program and the publisher's own number, or, where the publisher gives
none, a hash of what it prints (docs/decisions/005-entity-ids.md). A changed name of an entity without a number
therefore shows as one removed and one added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from stopship.model import Entity
from stopship.model.serialize import entity_to_plain

_ORDER = (
    "schema",
    "names",
    "listings",
    "countries",
    "addresses",
    "identifiers",
    "birth_dates",
    "registration_dates",
    "birth_places",
    "remarks",
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an entity, or of one of its listings.

    `field` is named as entities are kept ("names", "addresses", "listings"). `gone` and `new` are plain JSON
    values that only the earlier, only the later one has; for a single value there is at most one of each.
    """

    field: str
    gone: tuple[Any, ...]
    new: tuple[Any, ...]

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {"field": self.field, "gone": list(self.gone), "new": list(self.new)}


@dataclass(frozen=True, slots=True)
class Change:
    """An entity that both snapshots have, differently."""

    before: Entity
    after: Entity
    fields: tuple[FieldChange, ...]

    @property
    def id(self) -> str:
        return self.after.id

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "id": self.id,
            "name": self.after.caption,
            "fields": [change.to_plain() for change in self.fields],
        }


@dataclass(frozen=True)
class Delta:
    """The difference of two snapshots; each part is sorted by entity id. `unchanged` counts the rest."""

    added: tuple[Entity, ...]
    removed: tuple[Entity, ...]
    changed: tuple[Change, ...]
    unchanged: int

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return bool(self.added or self.removed or self.changed)

    @cached_property
    def touched(self) -> tuple[Entity, ...]:
        """Every entity whose customers must be looked at again, as it was and as it is: a changed one stands here
        twice, because a customer may have matched a name that is gone."""
        both = (entity for change in self.changed for entity in (change.before, change.after))
        return (*self.added, *self.removed, *both)

    def counts(self) -> dict[str, int]:
        """How many entities of each kind."""
        return {
            "added": len(self.added),
            "removed": len(self.removed),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
        }

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values: counts, whole entities where added or removed, fields where changed."""
        return {
            "counts": self.counts(),
            "added": [entity_to_plain(entity) for entity in self.added],
            "removed": [entity_to_plain(entity) for entity in self.removed],
            "changed": [change.to_plain() for change in self.changed],
        }


def delta(before: Iterable[Entity], after: Iterable[Entity]) -> Delta:
    """The difference of two states of one list.

    The order of entities, and of names, addresses and so on inside of one, makes no difference. If an id stands
    twice in one state, its entities count one by one, in the order given.
    """
    old, new = _by_key(before), _by_key(after)
    changed: list[Change] = []
    unchanged = 0
    for key in sorted(old.keys() & new.keys()):
        fields = () if old[key] == new[key] else tuple(field_changes(old[key], new[key]))
        if fields:
            changed.append(Change(old[key], new[key], fields))
        else:
            unchanged += 1
    return Delta(
        added=tuple(new[key] for key in sorted(new.keys() - old.keys())),
        removed=tuple(old[key] for key in sorted(old.keys() - new.keys())),
        changed=tuple(changed),
        unchanged=unchanged,
    )


def field_changes(before: Entity, after: Entity) -> Iterator[FieldChange]:
    """The fields in which two states of one entity differ, in the order of the model."""
    old, new = entity_to_plain(before), entity_to_plain(after)
    for field in _fields(old, new):
        gone, came = _values(old.get(field)), _values(new.get(field))
        left = tuple(value for key, value in gone.items() if key not in came)
        right = tuple(value for key, value in came.items() if key not in gone)
        if left or right:
            yield FieldChange(field, left, right)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    known = [name for name in _ORDER if name in old or name in new]
    return known + sorted((old.keys() | new.keys()) - {*_ORDER, "id"})


def _values(value: Any) -> dict[tuple[bytes, int], Any]:
    """Values by their JSON, numbered where the same one stands more than once."""
    found: dict[tuple[bytes, int], Any] = {}
    for item in value if isinstance(value, list) else () if value in (None, "") else (value,):
        text, number = orjson.dumps(item, option=orjson.OPT_SORT_KEYS), 0
        while (text, number) in found:
            number += 1
        found[text, number] = item
    return found


def _by_key(entities: Iterable[Entity]) -> dict[tuple[str, int], Entity]:
    found: dict[tuple[str, int], Entity] = {}
    for entity in entities:
        number = 0
        while (entity.id, number) in found:
            number += 1
        found[entity.id, number] = entity
    return found
