"""Alerts that must be judged anew, and what that does to their case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from stopship.cases.actor import Actor
from stopship.cases.policy import BANDS, Policy
from stopship.cases.states import Event, State, check
from stopship.store import audit, cases, dispositions, suppressions
from stopship.store.cases import AlertRow, CaseRow

SYSTEM = Actor.system("cases")
ANEW: Mapping[str, Any] = {
    "state": State.OPEN.value,
    "disposition": None,
    "closed": None,
    "assignee": None,
    "locked_by": None,
    "locked_until": None,
}
"""Values of a case that was closed and is open again."""


def band_order(band: str) -> int:
    """Bands, the best first."""
    return BANDS.index(band) if band in BANDS else len(BANDS)


def bring_back(
    connection: Connection,
    policy: Policy,
    case: CaseRow,
    news: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    because: Mapping[str, Any],
) -> Event | None:
    """Bring a case up to date after its alerts have changed.

    Args:
        case: as it was before.
        news: what is new about its alerts, for the record.
        because: what made it so, for the record.

    Returns:
        `REOPEN` if it was closed and is open again, `MATCHES` if it was being worked; None where nothing of it
        must be judged.
    """
    state = State(case.state)
    event = Event.REOPEN if state is State.CLOSED else Event.MATCHES
    check(event, state, SYSTEM, where=f"case {case.id}")
    if event is Event.MATCHES and _drop_overtaken(connection, case.id, now):
        state = State.OPEN
    alerts = [alert for alert in cases.alerts_of(connection, case.id) if alert.state == "open"]
    values: dict[str, Any] = {"state": state.value, "changed": now}
    if alerts:
        values |= urgency(policy, alerts, now)
        if event is Event.MATCHES:
            values["due"] = min(values["due"], case.due)
    if event is Event.REOPEN:
        if not alerts:
            return None
        values |= ANEW
    cases.change(connection, case.id, case.version, values)
    audit.append(
        connection,
        actor=SYSTEM.id,
        action="case.reopened" if event is Event.REOPEN else "case.matches_changed",
        subject=f"case:{case.id}",
        content={
            "before": {"state": case.state, "disposition": case.disposition},
            "after": {"state": values["state"]},
            "matches": list(news),
            **because,
        },
        now=now,
    )
    return event


def urgency(policy: Policy, alerts: Sequence[AlertRow], now: datetime) -> dict[str, Any]:
    """How urgent a case is by its open alerts, as values of the case; due from now on."""
    priority = min(policy.priority(alert.band, orjson.loads(alert.programs)) for alert in alerts)
    return {
        "priority": int(priority),
        "band": min((alert.band for alert in alerts), key=band_order),
        "score": max(alert.score for alert in alerts),
        "due": policy.due(priority, now),
    }


def open_again(
    connection: Connection,
    policy: Policy,
    subject: int,
    entities: Iterable[str],
    why: str,
    *,
    now: datetime,
    because: Mapping[str, Any],
) -> int | None:
    """Open alerts of a subject again that were silent or judged false; the case's number if it was changed."""
    case = cases.of_subject(connection, subject)
    if case is None:
        return None
    wanted = set(entities)
    news = []
    for alert in cases.alerts_of(connection, case.id):
        silent = alert.state == "suppressed" or alert.verdict == "false_match"
        if alert.entity_id in wanted and silent and alert.gone is None:
            cases.change_alert(connection, alert.id, {"state": "open", "verdict": None})
            news.append({"entity": alert.entity_id, "entity_name": alert.entity_name, "why": why})
    if not news:
        return None
    bring_back(connection, policy, case, news, now=now, because=because)
    return case.id


def _drop_overtaken(connection: Connection, case: int, now: datetime) -> bool:
    """Take a proposal back of which an alert has changed: what was proposed isn't what would be agreed to."""
    waiting = dispositions.waiting(connection, case)
    if waiting is None:
        return False
    alerts = cases.alerts_of(connection, case)
    states = {alert.id: alert.state for alert in alerts}
    if all(states[number] == "proposed" for number, _, _ in dispositions.judged(connection, waiting.id)):
        return False
    dispositions.change(connection, waiting.id, {"state": "withdrawn", "checked": now})
    for alert in alerts:
        if alert.state == "proposed":
            cases.change_alert(connection, alert.id, {"state": "open"})
    for one in suppressions.chosen(connection, disposition=waiting.id, state="proposed"):
        suppressions.change(connection, one.id, {"state": "withdrawn", "ended": now})
    return True
