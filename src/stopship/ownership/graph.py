"""The graph of stakes: immutable, content-hashed, mapped from a file, looked up by id, identifier and name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from stopship.model.entity import Identifier
from stopship.model.stake import Holder, Interest, Stake
from stopship.model.values import PartialDate, Schema, Share
from stopship.names.name_key import name_key
from stopship.ownership.columns import Array, look_up, number_of, open_columns, to_bytes
from stopship.ownership.identity import strong_keys

SCHEMAS = tuple(Schema)
_INTERESTS = tuple(Interest)
_UNIT, _FIELD = "\x1f", "\x1e"


def pack_names(names: tuple[str, ...]) -> str:
    """Names as one text."""
    return _UNIT.join(names)


def unpack_names(text: str) -> tuple[str, ...]:
    """The inverse of `pack_names`."""
    return tuple(text.split(_UNIT)) if text else ()


def pack_identifiers(identifiers: tuple[Identifier, ...]) -> str:
    """Identifiers as one text."""
    return _UNIT.join(_FIELD.join((i.type, i.value, i.country or "")) for i in identifiers)


def unpack_identifiers(text: str) -> tuple[Identifier, ...]:
    """The inverse of `pack_identifiers`."""
    fields = (part.split(_FIELD) for part in text.split(_UNIT)) if text else ()
    return tuple(Identifier(kind, value, country or None) for kind, value, country in fields)


class OwnershipGraph:
    """Holders and the stakes between them, from one or several data sets. Made by `GraphBuilder.graph` or `open`.

    Attributes:
        content_hash: `sha256:` over all that is inside, the same for the same records in any order.
    """

    def __init__(self, content_hash: str, columns: Mapping[str, Array], meta: Mapping[str, Any]) -> None:
        self.content_hash = content_hash
        self.meta = dict(meta)
        self._columns = dict(columns)
        self._bases = [self._text("bases", n) for n in range(len(columns["bases.at"]) - 1)]

    @classmethod
    def open(cls, path: Path) -> OwnershipGraph:
        """Map a graph from its file.

        Raises:
            OwnershipStateError: missing, of another version, truncated or altered.
        """
        return cls(*open_columns(path))

    def to_bytes(self) -> bytes:
        """The content of its file."""
        return to_bytes(self._columns, self.meta)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnershipGraph) and other.content_hash == self.content_hash

    def __hash__(self) -> int:
        return hash(self.content_hash)

    @property
    def holders(self) -> int:
        """How many holders."""
        return len(self._columns["holder.schema"])

    @property
    def stakes(self) -> int:
        """How many stakes, in force or not."""
        return len(self._columns["stake.owner"])

    @property
    def nameless(self) -> int:
        """How many holders have no name: an owner among them can be looked up by its identifier alone."""
        at = self._columns["holder.names.at"]
        return int((at[1:] == at[:-1]).sum())

    def all(self) -> Iterator[tuple[str, Holder | Stake]]:
        """Every holder and every stake with the data set that states it ("" for holders)."""
        for number in range(self.holders):
            yield "", self.holder(number)
        for number in range(self.holders):
            yield from self.stakes_in(number)

    # -- one holder --------------------------------------------------------------------------------------------

    def holder(self, number: int) -> Holder:
        """A holder by its number."""
        countries = self._text("holder.countries", number)
        birth = self._text("holder.birth", number)
        return Holder(
            id=self._text("holder.id", number),
            names=unpack_names(self._text("holder.names", number)),
            schema=SCHEMAS[self._columns["holder.schema"][number]],
            countries=tuple(countries.split()),
            identifiers=unpack_identifiers(self._text("holder.identifiers", number)),
            birth_date=PartialDate.parse(birth) if birth else None,
        )

    def id_of(self, number: int) -> str:
        """A holder's id by its number."""
        return self._text("holder.id", number)

    @property
    def bases(self) -> tuple[str, ...]:
        """Names of the data sets whose stakes are in it."""
        return tuple(self._bases)

    def stakes_in(self, number: int, as_of: date | None = None) -> list[tuple[str, Stake]]:
        """Stakes in a holder, each with the data set that states it; with a date only those in force on it."""
        return [(basis, stake) for basis, stake, _owner in self.owners_of(number, as_of)]

    def owners_of(self, number: int, as_of: date | None) -> list[tuple[str, Stake, int]]:
        """As `stakes_in`, each with the number of its owner."""
        columns = self._columns
        first = columns["stake.first"]
        found = []
        held = self.id_of(number)
        for at in range(int(first[number]), int(first[number + 1])):
            since, until = int(columns["stake.since"][at]), int(columns["stake.until"][at])
            if as_of is not None:
                day = as_of.toordinal()
                if day < since or (until and day >= until):
                    continue
            known = bool(columns["stake.known"][at])
            share = Share(float(columns["stake.low"][at]), float(columns["stake.high"][at]), known)
            owner = int(columns["stake.owner"][at])
            stake = Stake(
                owner=self.id_of(owner),
                held=held,
                share=share,
                interest=_INTERESTS[columns["stake.interest"][at]],
                since=date.fromordinal(since) if since else None,
                until=date.fromordinal(until) if until else None,
                statement=self._text("texts", int(columns["stake.statement"][at])),
                note=self._text("texts", int(columns["stake.note"][at])),
            )
            found.append((self._bases[int(columns["stake.basis"][at])], stake, owner))
        return found

    # -- looking up --------------------------------------------------------------------------------------------

    def number_of(self, holder_id: str) -> int | None:
        """The number of a holder by its id."""
        candidates = self._looked_up("by_id", holder_id)
        return next((n for n in candidates if self.id_of(n) == holder_id), None)

    def by_key(self, key: str) -> list[int]:
        """Holders with a strong identifier, by its key (`identity.strong_key`)."""
        return [n for n in self._looked_up("by_key", key) if key in self.keys_of(self.holder(n))]

    def by_name(self, text: str) -> list[int]:
        """Holders one of whose names has the same key (`names.name_key`)."""
        key = name_key(text)
        if not key:
            return []
        return [
            n for n in self._looked_up("by_name", key) if any(name_key(x) == key for x in self.holder(n).names)
        ]

    @staticmethod
    def keys_of(holder: Holder) -> tuple[str, ...]:
        """The keys of a holder's strong identifiers."""
        return strong_keys(holder.identifiers, holder.countries)

    def _looked_up(self, table: str, text: str) -> list[int]:
        columns = self._columns
        return look_up(columns[f"{table}.number"], columns[f"{table}.holder"], number_of(text))

    def _text(self, column: str, number: int) -> str:
        at = self._columns[f"{column}.at"]
        return self._columns[f"{column}.text"][int(at[number]) : int(at[number + 1])].tobytes().decode("utf-8")
