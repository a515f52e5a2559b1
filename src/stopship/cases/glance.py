"""What a person sees of the queue at a glance: why a case is there, where it came from, who works on what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from stopship.cases.queue import Line
from stopship.store.cases import JOINED, alerts, cases
from stopship.store.subjects import subjects

MOST_AT_WORK = 12


@dataclass(frozen=True, slots=True)
class Glance:
    """Why a case is there, by its best alert.

    Attributes:
        origin: decision, names, file, monitoring. reference: where in it: a role, a customer, a file's line.
        signals: (kind, relation) of each line of the evidence, in its order, each pair once; empty where only the
            lines were kept.
        evidence: the lines.
    """

    origin: str
    reference: str
    signals: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtWork:
    """Somebody who has a case locked at this moment."""

    who: str
    case: int
    name: str
    until: datetime


def glances(connection: Connection, lines: Sequence[Line]) -> dict[int, Glance]:
    """Why the cases of a page are there, by number: one statement, which reads the best alert of each."""
    best = {(line.case.id, line.best_id) for line in lines}
    if not best:
        return {}
    columns = (alerts.c.case_id, alerts.c.entity_id, alerts.c.origin, alerts.c.reference, alerts.c.hit)
    # Two plain lists, which an index answers, find a few alerts more than the pairs would.
    chosen = select(*columns).where(
        alerts.c.case_id.in_([case for case, _ in best]), alerts.c.entity_id.in_({entity for _, entity in best})
    )
    found = connection.execute(chosen)
    return {row.case_id: _glance(row) for row in found if (row.case_id, row.entity_id) in best}


def at_work(connection: Connection, *, now: datetime) -> tuple[AtWork, ...]:
    """Who works on what right now, the newest first; at most a dozen."""
    columns = (cases.c.locked_by, cases.c.id, subjects.c.name, cases.c.locked_until)
    chosen = (
        select(*columns)
        .select_from(JOINED)
        .where(cases.c.locked_until > now, cases.c.locked_by.is_not(None))
        .order_by(cases.c.locked_until.desc(), cases.c.id)
        .limit(MOST_AT_WORK)
    )
    return tuple(AtWork(*row) for row in connection.execute(chosen))


def _glance(row: Any) -> Glance:
    hit: Mapping[str, Any] = orjson.loads(row.hit) if row.hit is not None else {}
    signals = dict.fromkeys((kind, relation) for kind, relation in hit.get("signals") or ())
    return Glance(row.origin, row.reference, tuple(signals), tuple(hit.get("evidence") or ()))
