"""Which suppressions still hold. One ends by its day, and is void when the party or the entry is no
longer what was judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from stopship.cases.actor import Actor
from stopship.store import audit, suppressions
from stopship.store.suppressions import SuppressionRow

SYSTEM = Actor.system("cases")


@dataclass(frozen=True, slots=True)
class Silence:
    """Entities of which a party's matches stay silent, and those of which they no longer do."""

    silent: frozenset[str]
    ended: frozenset[str]


def holds(row: SuppressionRow, party_hash: str, day: date) -> bool:
    """Whether a suppression holds on a day for a party as it is now; its entries are looked at one by one."""
    return row.state == "active" and row.party_hash == party_hash and day < row.until


def silence(
    connection: Connection, subject: int, party_hash: str, entries: Mapping[str, str], *, now: datetime
) -> Silence:
    """What of a party's matches is suppressed; suppressions that no longer hold are ended on the way.

    Args:
        subject: the party's number.
        party_hash: the party as it is now.
        entries: hash of each listed entity as it is now, by id.
    """
    silent: set[str] = set()
    ended: set[str] = set()
    for row in suppressions.chosen(connection, subject=subject, state="active"):
        if not holds(row, party_hash, now.date()):
            expired = now.date() >= row.until
            why = "its day has come" if expired else "the party is no longer what was judged"
            ended |= end(connection, row, "expired" if expired else "void", why, now=now)
            continue
        for one in suppressions.entities(connection, row.id):
            if one.void is None and one.entity_id in entries:
                if entries[one.entity_id] == one.entity_hash:
                    silent.add(one.entity_id)
                else:
                    ended |= void_entries(connection, row, (one.entity_id,), now=now)
    return Silence(frozenset(silent), frozenset(ended - silent))


def end(
    connection: Connection, row: SuppressionRow, state: str, why: str, *, now: datetime, actor: str = SYSTEM.id
) -> set[str]:
    """End a suppression (`expired`, `void` or `ended`); the entities that it was about."""
    suppressions.change(connection, row.id, {"state": state, "ended": now, "ended_why": why})
    _audit(connection, row, f"suppression.{state}", {"why": why}, actor, now)
    return {one.entity_id for one in suppressions.entities(connection, row.id) if one.void is None}


def void_entries(
    connection: Connection, row: SuppressionRow, entities: Iterable[str], *, now: datetime
) -> set[str]:
    """Say that entries of a suppression are no longer what was judged; without any left it is void."""
    gone = set(entities)
    for entity in sorted(gone):
        suppressions.void_entity(connection, row.id, entity, now)
    left = [one for one in suppressions.entities(connection, row.id) if one.void is None]
    why = "a listed entry is no longer what was judged"
    if left:
        _audit(connection, row, "suppression.narrowed", {"why": why, "entities": sorted(gone)}, SYSTEM.id, now)
    else:
        suppressions.change(connection, row.id, {"state": "void", "ended": now, "ended_why": why})
        _audit(connection, row, "suppression.void", {"why": why, "entities": sorted(gone)}, SYSTEM.id, now)
    return gone


def _audit(
    connection: Connection,
    row: SuppressionRow,
    action: str,
    content: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> None:
    audit.append(
        connection,
        actor=actor,
        action=action,
        subject=f"suppression:{row.id}",
        content={"before": {"state": row.state}, **content},
        now=now,
    )
