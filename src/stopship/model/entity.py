"""Entities: who or what a source lists, as the source describes it.

There is no field here for ethnicity, religion, political opinion, health or biometrics, and none may be
added: sources drop such attributes when they read a file (`stopship.sources.contract.SPECIAL_CATEGORIES`).
"""

from __future__ import annotations

from dataclasses import dataclass

from stopship.model.listing import Listing
from stopship.model.values import NameKind, PartialDate, Schema


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of an entity, as printed.

    `language` is an ISO 639 code and `script` an ISO 15924 code ("Cyrl"), None where the source doesn't say; Latin
    is not noted. `parts` are the pieces that the source prints apart, in its order, each with its role: ("given",
    "Saddam"), ("family", "Hussein Al-Tikriti"), or ("first", ...) to ("fourth", ...) where it says no more.
    """

    text: str
    kind: NameKind = NameKind.ALIAS
    language: str | None = None
    script: str | None = None
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """One postal address, as printed; `country` is an ISO code where the source gives one."""

    text: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that an authority gave: `type` in lower-case words ("imo", "lei", "passport", "tax_id" ...)."""

    type: str
    value: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One person, company, public body, vessel, aircraft or address as a source describes it.

    `names[0]` is the primary name. `countries` are of addresses, nationality, citizenship or flag. `birth_dates`
    are for persons, `registration_dates` for organizations.
    """

    id: str
    schema: Schema
    names: tuple[Name, ...]
    listings: tuple[Listing, ...] = ()
    countries: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    birth_dates: tuple[PartialDate, ...] = ()
    registration_dates: tuple[PartialDate, ...] = ()
    birth_places: tuple[str, ...] = ()
    remarks: str = ""

    @property
    def caption(self) -> str:
        """The primary name as printed."""
        return self.names[0].text
