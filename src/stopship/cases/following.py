"""After lists have changed: what was judged of an entry that is now another one, or gone, is judged again.

Monitored customers are screened again; the parties of orders are not. Their cases follow the lists here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from stopship.cases.desk import Desk
from stopship.cases.matches import SeenEntry
from stopship.cases.reopening import bring_back
from stopship.cases.suppressed import void_entries
from stopship.store import cases, suppressions


def follow_lists(
    desk: Desk, find: Callable[[str], SeenEntry | None], *, now: datetime
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Hold all alerts and suppressions against the lists as they are now.

    Args:
        find: the listed entity of this id as it is now; None: no list has it.

    Returns:
        Numbers of the cases that were opened again or changed, and of the suppressions that became void or hold
        for fewer entries.
    """
    void: list[int] = []
    touched: list[int] = []
    with desk.writing() as connection:
        for row in suppressions.chosen(connection, state="active"):
            held = [one for one in suppressions.entities(connection, row.id) if one.void is None]
            other = [
                one.entity_id
                for one in held
                if (entry := find(one.entity_id)) is not None and entry.hash != one.entity_hash
            ]
            if other:
                void_entries(connection, row, other, now=now)
                void.append(row.id)
        columns = (
            cases.alerts.c.case_id,
            cases.alerts.c.entity_id,
            cases.alerts.c.entity_hash,
            cases.alerts.c.gone,
        )
        by_case: dict[int, set[str]] = {}
        for case, entity, digest, gone in connection.execute(select(*columns)).all():
            entry = find(entity)
            if (entry is None and gone is None) or (
                entry is not None and (gone is not None or entry.hash != digest)
            ):
                by_case.setdefault(case, set()).add(entity)
        for number, entities in sorted(by_case.items()):
            held_case = cases.find(connection, number)
            assert held_case is not None
            news: list[dict[str, Any]] = []
            for alert in cases.alerts_of(connection, number):
                if alert.entity_id in entities and (told := _changed(alert, find(alert.entity_id), now)):
                    values, programs, why = told
                    cases.change_alert(connection, alert.id, values, programs)
                    if why:
                        news.append({"entity": alert.entity_id, "entity_name": alert.entity_name, "why": why})
            because = {"lists": "changed"}
            if news and bring_back(connection, desk.policy, held_case, news, now=now, because=because):
                touched.append(number)
    if void or touched:
        desk.written()
    return tuple(touched), tuple(void)


def _changed(
    alert: cases.AlertRow, entry: SeenEntry | None, now: datetime
) -> tuple[dict[str, Any], tuple[str, ...] | None, str] | None:
    """What to write of an alert, its programs, and what is new to judge (empty: nothing)."""
    anew = {"state": "open", "verdict": None}
    if entry is None:
        if alert.verdict == "true_match":
            return {"gone": now, **anew}, None, "no list has the entry any more"
        return {"gone": now}, None, "no list has the entry any more" if alert.state != "decided" else ""
    values = {
        "entity_name": entry.name,
        "entity_hash": entry.hash,
        "entity": entry.printed if alert.entity is not None else None,
        "programs": orjson.dumps(list(entry.programs)).decode(),
        "gone": None,
    }
    if alert.entity_hash != entry.hash:
        return {**values, **anew}, entry.programs, "the listed entry changed"
    # It is back as it was: what was said of it still holds, except that a barred party was opened when it went.
    return values, entry.programs, ""
