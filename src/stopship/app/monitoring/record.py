"""What a run has found: written to the store at once, told as events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from stopship.app.monitoring.alerts import keep_alerts
from stopship.app.monitoring.enrolled import SERVICE, TakenIn
from stopship.app.monitoring.rows import Found
from stopship.bulk import ScreenOptions
from stopship.cases import Policy
from stopship.errors import StateError
from stopship.matching import Index
from stopship.monitor import Event, Known, compare
from stopship.monitor.files import KEY, PortfolioFiles
from stopship.monitor.results import by_key, key_of
from stopship.screening.screener import ENGINE
from stopship.snapshots.files import replace_file
from stopship.store import Database, audit, matches, portfolios, runs


@dataclass(slots=True)
class Rescreened:
    """What a run has found."""

    name: str
    index_hash: str
    customers: int = 0
    rejected: int = 0
    changed_entities: int = 0
    screened: int = 0
    complete: bool = False
    up_to_date: bool = False
    events: list[Event] = field(default_factory=list)
    taken_in: TakenIn | None = None

    def counts(self) -> dict[str, int]:
        """How many events of each kind."""
        return {what: sum(e.what == what for e in self.events) for what in ("new", "changed", "gone")}

    def to_plain(self) -> dict[str, Any]:
        """The form of `rescreen --json`."""
        return {
            "portfolio": self.name,
            "index": self.index_hash,
            "engine": ENGINE,
            "up_to_date": self.up_to_date,
            "complete": self.complete,
            "customers": self.customers,
            "rejected": self.rejected,
            "changed_entities": self.changed_entities,
            "screened": self.screened,
            **self.counts(),
            "events": [event.to_plain() for event in self.events],
        }


def write_events(out: Path, found: Sequence[Rescreened]) -> None:
    """Write what runs have found as JSON lines; the file appears whole or not at all.

    Raises:
        StateError: it can't be written.
    """
    lines = [orjson.dumps({"portfolio": done.name} | event.to_plain()) for done in found for event in done.events]
    try:
        replace_file(out, b"".join(line + b"\n" for line in lines))
    except OSError as bad:
        raise StateError(f"can't be written: {bad.strerror or bad}", where=str(out)) from None


def record(
    database: Database,
    files: PortfolioFiles,
    folder: str,
    found: Found,
    done: Rescreened,
    index: Index,
    options: ScreenOptions,
    now: datetime,
    values: dict[str, Any],
    *,
    whole: bool,
    policy: Policy,
) -> None:
    """Write all that a run has found, at once. `whole`: all customers were screened, others have no matches."""
    customers = _customers(files, folder, found, whole=whole)
    with database.write() as connection:
        audit.wait_for_turn(connection)
        number = portfolios.put(connection, values)
        open_now: dict[str, dict[Any, Known]] = {}
        for match in matches.open_matches(connection, number):
            kept = Known(match.id, orjson.loads(match.hit))
            open_now.setdefault(match.customer, {})[(match.entity_id, match.source)] = kept
        asked = sorted(open_now.keys() | customers.keys()) if whole else list(customers)
        for customer in asked:
            hits = customers[customer][1] if customer in customers else []
            done.events += compare(customer, open_now.get(customer, {}), hits)
        told = [event for event in done.events if event.what != "gone"]
        involved = dict.fromkeys(event.customer for event in told)
        ids = portfolios.keep_customers(connection, number, [customers[c][0] for c in involved])
        snapshots = {listed.source: listed.snapshot for listed in index.lists}
        matches.write(connection, [_row(event, ids, snapshots) for event in told], now)
        matches.close(connection, [e.number for e in done.events if e.what == "gone" and e.number], now)
        run = {
            "finished": now,
            "index_hash": index.content_hash,
            "engine": ENGINE,
            "threshold": options.alerts_from,
            "complete": done.complete,
            "changed_entities": done.changed_entities,
            "screened": done.screened,
            **done.counts(),
        }
        runs.add(connection, number, run)
        keep_alerts(
            connection, number, done.name, done.events, index, screened=done.screened, policy=policy, now=now
        )


def _row(event: Event, ids: dict[str, int], snapshots: dict[str, str]) -> dict[str, Any]:
    hit = event.hit
    entity, source = key_of(hit)
    return {
        "customer_id": ids[event.customer],
        "entity_id": entity,
        "source": source,
        "score": hit["score"],
        "band": hit["band"],
        "alert": hit["alert"],
        "snapshot": snapshots.get(source, ""),
        "hit": orjson.dumps(hit).decode(),
    }


def _customers(
    files: PortfolioFiles, folder: str, found: Found, *, whole: bool
) -> dict[str, tuple[dict[str, str], list[dict[str, Any]]]]:
    """What is kept of the customers that were screened, and their hits; of all customers only those with hits."""
    rows = np.array(sorted(found.hits), np.int64) if whole else found.rows
    shown: dict[str, tuple[dict[str, str], list[dict[str, Any]]]] = {}
    at = 0
    for batch in files.batches(folder):
        first, end = np.searchsorted(rows, [at, at + len(batch)])
        some = rows[first:end]
        for row, plain in zip(some.tolist(), batch.take(pa.array(some - at)).to_pylist(), strict=True):
            fields = {
                name: value for name, value in plain.items() if name not in SERVICE and value not in (None, "")
            }
            name = next((str(v) for k, v in plain.items() if k.strip().lower() == "name" and v is not None), "")
            kept = {"customer": plain[KEY], "name": name, "fields": orjson.dumps(fields, default=str).decode()}
            shown[plain[KEY]] = kept, [dict(hit) for hit in by_key(found.hits.get(row, ())).values()]
        at += len(batch)
    return shown
