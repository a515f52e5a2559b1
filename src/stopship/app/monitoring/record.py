"""What a run has found: written to the store at once, told as events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
from stopship.monitor import Event, Known, compare, in_order
from stopship.monitor.files import KEY, PortfolioFiles
from stopship.monitor.results import by_entity
from stopship.screening.screener import ENGINE
from stopship.snapshots.files import replace_file
from stopship.store import Database, audit, matches, portfolios, runs


@dataclass(slots=True)
class Rescreened:
    """What a run has found. The first `untold` of its events were found by an earlier run, which ended before it
    could tell them."""

    name: str
    index_hash: str
    customers: int = 0
    rejected: int = 0
    changed_entities: int = 0
    screened: int = 0
    complete: bool = False
    up_to_date: bool = False
    events: list[Event] = field(default_factory=list)
    untold: int = 0
    state: str = ""
    taken_in: TakenIn | None = None

    def counts(self) -> dict[str, int]:
        """How many events of each kind."""
        return counts_of(self.events)

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
            "untold": self.untold,
            "events": [event.to_plain() for event in self.events],
        }


def counts_of(events: Sequence[Event]) -> dict[str, int]:
    """How many events of each kind."""
    return {what: sum(e.what == what for e in events) for what in ("new", "changed", "gone")}


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
    """Write all that a run found, at once. `whole`: all customers were screened, others have no matches. `done`
    may hold events that an earlier run couldn't tell; they are kept with those of this one."""
    done.untold, done.state = len(done.events), values["state"]
    customers = _customers(files, folder, found, whole=whole)
    with database.write() as connection:
        audit.wait_for_turn(connection)
        number = portfolios.put(connection, values)
        open_now: dict[str, dict[str, Known]] = {}
        known_as: dict[str, tuple[str, str]] = {}
        for match in matches.open_matches(connection, number):
            kept = Known(match.id, orjson.loads(match.hit))
            open_now.setdefault(match.customer, {})[match.entity_id] = kept
            known_as[match.customer] = match.name, match.fields
        asked = sorted(open_now.keys() | customers.keys()) if whole else list(customers)
        found_now: list[Event] = []
        for customer in asked:
            hits = customers[customer][1] if customer in customers else {}
            events = compare(customer, open_now.get(customer, {}), hits)
            if events:
                kept_now = customers[customer][0] if customer in customers else {}
                name, fields = known_as.get(customer, ("", "{}"))
                name, fields = kept_now.get("name", name), kept_now.get("fields", fields)
                found_now += [replace(event, name=name, about=orjson.loads(fields)) for event in events]
        told = [event for event in found_now if event.what != "gone"]
        involved = dict.fromkeys(event.customer for event in told)
        ids = portfolios.keep_customers(connection, number, [customers[c][0] for c in involved])
        snapshots = {listed.source: listed.snapshot for listed in index.lists}
        matches.write(connection, [_row(event, ids, snapshots) for event in told], now)
        matches.close(connection, [e.number for e in found_now if e.what == "gone" and e.number], now)
        run = {
            "finished": now,
            "index_hash": index.content_hash,
            "engine": ENGINE,
            "threshold": options.alerts_from,
            "complete": done.complete,
            "changed_entities": done.changed_entities,
            "screened": done.screened,
            **counts_of(found_now),
        }
        runs.add(connection, number, run)
        events = in_order(found_now)
        keep_alerts(connection, number, done.name, events, index, screened=done.screened, policy=policy, now=now)
        done.events += events
        if done.events:
            files.keep_events(done.state, done.events)


def _row(event: Event, ids: dict[str, int], snapshots: dict[str, str]) -> dict[str, Any]:
    hit = event.hit
    source = hit["source"] or ""
    return {
        "customer_id": ids[event.customer],
        "entity_id": hit["entity_id"],
        "source": source,
        "score": hit["score"],
        "band": hit["band"],
        "alert": hit["alert"],
        "snapshot": snapshots.get(source, ""),
        "hit": orjson.dumps(hit).decode(),
    }


def _customers(
    files: PortfolioFiles, folder: str, found: Found, *, whole: bool
) -> dict[str, tuple[dict[str, str], dict[str, dict[str, Any]]]]:
    """What is kept of the customers that were screened, and their hits; of all customers only those with hits."""
    rows = np.array(sorted(found.hits), np.int64) if whole else found.rows
    shown: dict[str, tuple[dict[str, str], dict[str, dict[str, Any]]]] = {}
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
            shown[plain[KEY]] = kept, by_entity(found.hits.get(row, ()))
        at += len(batch)
    return shown
