"""The vocabulary as frozen, typed records: entities and listings on one side, transactions on the other."""

from stopship.model.entity import Address, Entity, Identifier, Name
from stopship.model.listing import Listing
from stopship.model.party import Party
from stopship.model.transaction import Exporter, Item, License, Transaction
from stopship.model.values import (
    Direction,
    NameKind,
    PartialDate,
    Program,
    Role,
    Schema,
    Share,
)

__all__ = [
    "Address",
    "Direction",
    "Entity",
    "Exporter",
    "Identifier",
    "Item",
    "License",
    "Listing",
    "Name",
    "NameKind",
    "PartialDate",
    "Party",
    "Program",
    "Role",
    "Schema",
    "Share",
    "Transaction",
]
