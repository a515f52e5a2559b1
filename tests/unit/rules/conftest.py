"""The packaged rulebook and short ways to make orders and matches."""

from __future__ import annotations

from datetime import date

import pytest

from stopship.model import Exporter, Listing, Role, Schema
from stopship.model.order import read_order
from stopship.rules import Rulebook, Subject, combine, evaluate


@pytest.fixture(scope="session")
def book():
    return Rulebook.load()


class Desk:
    """Evaluates orders given as plain values."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book

    def subject(self, order: dict, party: int = 0, owner: str | None = None, **fields) -> Subject:
        role = Role.OWNER if owner is not None else read_order(order).parties[party].role
        made = {key: fields.pop(key) for key in ("match", "how") if key in fields}
        schema = fields.pop("schema", Schema.COMPANY)
        listing = Listing(source=fields.pop("source", "test"), name=fields.pop("name", "LISTED"), **fields)
        return Subject(
            party=party,
            owner=owner,
            role=role,
            entity_id=f"{listing.program}-{listing.name}",
            entity_name=listing.name,
            entity_schema=schema,
            listing=listing,
            **made,
        )

    def decide(self, order: dict, *subjects: Subject, as_of: date = date(2026, 3, 1), pinned=None):
        transaction = read_order(order)
        found = evaluate(
            self.book,
            transaction,
            subjects,
            as_of=as_of,
            exporter=transaction.exporter or Exporter(),
            pinned=pinned or {},
        )
        outcome, by_scope = combine(found.findings, transaction.direction)
        return outcome, by_scope, found


@pytest.fixture(scope="session")
def desk(book):
    return Desk(book)
