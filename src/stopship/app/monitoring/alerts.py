"""What a run of the monitoring has found, as cases: in the same transaction, so that no match is known without one
and none gets lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from stopship.app.casework.screenings import Entries, of_hits, of_names
from stopship.bulk.rows import read_country
from stopship.cases import Actor, PartyMatches, Policy, Recorded, record, seen_party
from stopship.cases.parties import FIELDS
from stopship.matching import Index
from stopship.monitor import Event
from stopship.screening.screener import ENGINE
from stopship.store.portfolios import customers

SYSTEM = Actor.system("monitoring")


def keep_alerts(
    connection: Connection,
    portfolio: int,
    name: str,
    events: Iterable[Event],
    index: Index,
    *,
    screened: int,
    policy: Policy,
    now: datetime,
) -> Recorded:
    """Keep a run as a screening, and its events as alerts of the customers' cases.

    Args:
        connection: of the transaction that writes the run.
        portfolio, name: of the customers.
        events: what is new, changed, gone; a match that no longer alerts is gone.
        screened: how many customers were looked up.
    """
    by_customer: dict[str, list[Event]] = {}
    for event in events:
        by_customer.setdefault(event.customer, []).append(event)
    entries = Entries(index)
    found = [
        _of_customer(name, customer, fields, by_customer[customer], entries)
        for customer, fields in _fields(connection, portfolio, by_customer)
    ]
    seen = of_names(found, index, ENGINE, kind="monitoring", reference=name, parties=screened)
    return record(connection, seen, actor=SYSTEM, policy=policy, now=now)


def _of_customer(
    portfolio: str, customer: str, fields: dict[str, Any], events: list[Event], entries: Entries
) -> PartyMatches:
    told = {key.strip().lower(): value for key, value in fields.items()}
    kept = {field: str(told[field]) for field in FIELDS if told.get(field) and field != "identifiers"}
    if "country" in kept:
        kept["country"] = read_country(kept["country"])[0] or kept["country"]
    party = seen_party(kept, system=f"monitor:{portfolio}", system_id=customer)
    there = of_hits(
        party,
        [event.hit for event in events if event.what != "gone"],
        entries,
        reference=f"customer {customer}",
        complete=False,
    )
    alerting = {match.entry.entity_id for match in there.matches}
    gone = {event.hit["entity_id"] for event in events} - alerting
    return PartyMatches(party, there.matches, gone=tuple(sorted(gone)), reference=there.reference)


def _fields(
    connection: Connection, portfolio: int, wanted: dict[str, list[Event]]
) -> Iterable[tuple[str, dict[str, Any]]]:
    """What is kept of customers, in their order."""
    names = list(wanted)
    for at in range(0, len(names), 500):
        chosen = (
            select(customers.c.customer, customers.c.fields)
            .where(customers.c.portfolio_id == portfolio, customers.c.customer.in_(names[at : at + 500]))
            .order_by(customers.c.id)
        )
        for row in connection.execute(chosen).all():
            yield row.customer, orjson.loads(row.fields)
