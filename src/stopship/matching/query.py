"""What is looked up: one party, owner or row of a file."""

from __future__ import annotations

from dataclasses import dataclass

from stopship.model.entity import Identifier
from stopship.model.values import PartialDate, Schema


@dataclass(frozen=True, slots=True)
class Query:
    """One party to compare with the lists. Everything but the name only corroborates or contradicts.

    `name` may be empty where only an address or an identifier is known. `countries` are ISO 3166-1 alpha-2 codes,
    `addresses` free text.
    """

    name: str
    schema: Schema = Schema.LEGAL_ENTITY
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    birth_dates: tuple[PartialDate, ...] = ()
    registration_dates: tuple[PartialDate, ...] = ()
