"""Parties: those who take part in a transaction, and who owns them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stopship.model.entity import Identifier
from stopship.model.values import PartialDate, Role, Schema, Share


@dataclass(frozen=True, slots=True)
class Party:
    """One who takes part in a transaction, or (role `owner`, with a `share`) who owns one that does.

    `name` may be empty where only an address is known.
    """

    role: Role
    name: str
    schema: Schema = Schema.LEGAL_ENTITY
    country: str | None = None
    address: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    birth_date: PartialDate | None = None
    registration_date: PartialDate | None = None
    share: Share | None = None
    owners: tuple[Party, ...] = ()

    def all_owners(self) -> Iterator[tuple[str, Party]]:
        """Owners at every tier with their path: "0" the first owner, "0.1" that one's second owner."""
        for number, owner in enumerate(self.owners):
            yield str(number), owner
            for path, above in owner.all_owners():
                yield f"{number}.{path}", above
