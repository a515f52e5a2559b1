"""Suppressions made, agreed to and ended: "this party is not that entity"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection

from stopship.cases.actor import Actor, Role
from stopship.cases.judged import Judging
from stopship.cases.policy import SUPPRESSION, Policy
from stopship.errors import IllegalStep, NotFound, SettingsError, StepNotAllowed
from stopship.store import audit, subjects, suppressions
from stopship.store.cases import AlertRow, CaseRow
from stopship.store.suppressions import SuppressionRow

SCOPES = ("pair", "list")


@dataclass(frozen=True, slots=True)
class SuppressionWish:
    """What is to stay silent.

    Attributes:
        until: the first day on which it no longer does.
        scope: `pair`: the entities that were judged, one suppression each; `list`: all of them that are on
            `program`, in one. New entries of the list are never covered: nobody has judged them.
        program: of scope `list`.
    """

    until: date
    scope: str = "pair"
    program: str | None = None


def propose_suppression(
    connection: Connection,
    policy: Policy,
    case: CaseRow,
    alerts: Sequence[AlertRow],
    wish: SuppressionWish,
    judging: Judging,
    actor: Actor,
    now: datetime,
    *,
    disposition: int | None = None,
) -> tuple[int, ...]:
    """Write suppressions for alerts that were judged false; their numbers.

    Each is active at once where no second person must agree; else it waits, by itself or with `disposition`.

    Raises:
        SettingsError: the day or the scope is out of range.
        IllegalStep: no alert that was judged false is meant.
    """
    where = f"case {case.id}"
    _check_wish(wish, policy, now, where)
    covered = [alert for alert in alerts if wish.scope == "pair" or wish.program in orjson.loads(alert.programs)]
    if not covered:
        on = f" on {wish.program}" if wish.program else ""
        raise IllegalStep(
            f"no alert{on} was judged false", where=where, hint="Only what was judged false is suppressed"
        )
    groups = [[alert] for alert in covered] if wish.scope == "pair" else [covered]
    party = subjects.get(connection, case.subject_id)
    numbers = []
    for group in groups:
        asks = any(policy.asks_checker(SUPPRESSION, alert.band) for alert in group)
        waits = asks or disposition is not None
        number = suppressions.add(
            connection,
            {
                "subject_id": case.subject_id,
                "party_hash": party.party_hash,
                "scope": wish.scope,
                "program": wish.program,
                "state": "proposed" if waits else "active",
                "reason": judging.reason,
                "comment": judging.comment,
                "until": wish.until,
                "maker": actor.id,
                "made": now,
                "needs_checker": waits,
                "disposition_id": disposition,
            },
            [(alert.entity_id, alert.entity_name, alert.entity_hash) for alert in group],
        )
        told: dict[str, Any] = {"entities": [alert.entity_id for alert in group], "until": wish.until.isoformat()}
        told |= {"scope": wish.scope, "program": wish.program, "case": case.id, "reason": judging.reason}
        _audit(connection, number, "suppression.proposed" if waits else "suppression.made", actor, now, told)
        numbers.append(number)
    return tuple(numbers)


def activate(connection: Connection, disposition: int, actor: Actor, now: datetime, *, comment: str) -> None:
    """Agree to the suppressions that were proposed with a disposition."""
    for row in suppressions.chosen(connection, disposition=disposition, state="proposed"):
        _approve(connection, row, actor, now, comment)


def withdraw_all(connection: Connection, disposition: int, state: str, actor: Actor, now: datetime) -> None:
    """Take back, or refuse, the suppressions that were proposed with a disposition."""
    for row in suppressions.chosen(connection, disposition=disposition, state="proposed"):
        values: dict[str, Any] = {"state": state, "ended": now}
        if state == "refused":
            values |= {"checker": actor.id, "checked": now}
        suppressions.change(connection, row.id, values)
        _audit(connection, row.id, f"suppression.{state}", actor, now, {})


def approve_one(
    connection: Connection, number: int, actor: Actor, now: datetime, *, comment: str
) -> SuppressionRow:
    """Agree to a suppression that waits by itself.

    Raises:
        NotFound, IllegalStep: there is none, or it doesn't wait. StepNotAllowed: not by this person.
    """
    row = _waiting(connection, number, actor)
    _approve(connection, row, actor, now, comment)
    return row


def refuse_one(connection: Connection, number: int, actor: Actor, now: datetime, *, comment: str) -> None:
    """Disagree with a suppression that waits by itself.

    Raises:
        As `approve_one`.
    """
    row = _waiting(connection, number, actor)
    values = {"state": "refused", "checker": actor.id, "checked": now, "check_comment": comment, "ended": now}
    suppressions.change(connection, row.id, values)
    _audit(connection, row.id, "suppression.refused", actor, now, {"maker": row.maker, "comment": comment})


def found(connection: Connection, number: int) -> SuppressionRow:
    """The suppression of this number.

    Raises:
        NotFound: there is none.
    """
    row = suppressions.find(connection, number)
    if row is None:
        raise NotFound(f"there is no suppression {number}")
    return row


def _waiting(connection: Connection, number: int, actor: Actor) -> SuppressionRow:
    row = found(connection, number)
    where = f"suppression {number}"
    if not actor.role.covers(Role.SUPERVISOR):
        raise StepNotAllowed(f"{actor.id} is {actor.role.value}; this needs supervisor or above", where=where)
    if row.state != "proposed":
        raise IllegalStep(f"it doesn't wait for anybody: it is {row.state}", where=where)
    if row.disposition_id is not None:
        raise IllegalStep(
            "it was proposed together with a disposition", where=where, hint="Approve or refuse the case"
        )
    if row.maker == actor.id:
        raise StepNotAllowed(
            f"{row.maker} proposed it; the second person must be somebody else", where=where, by=row.maker
        )
    return row


def _approve(connection: Connection, row: SuppressionRow, actor: Actor, now: datetime, comment: str) -> None:
    values = {"state": "active", "checker": actor.id, "checked": now, "check_comment": comment}
    suppressions.change(connection, row.id, values)
    _audit(connection, row.id, "suppression.approved", actor, now, {"maker": row.maker, "comment": comment})


def _check_wish(wish: SuppressionWish, policy: Policy, now: datetime, where: str) -> None:
    if wish.scope not in SCOPES or (wish.scope == "list") != (wish.program is not None):
        raise SettingsError("a suppression is for a pair, or for a list that is named", where=where)
    last = now.date() + timedelta(days=policy.suppression_days)
    if not now.date() < wish.until <= last:
        raise SettingsError(
            f"{wish.until} can't be its end",
            where=where,
            hint=f"Give a day after today, {last} at the latest (suppression_days of the settings)",
        )


def _audit(
    connection: Connection, number: int, action: str, actor: Actor, now: datetime, content: Mapping[str, Any]
) -> None:
    subject = f"suppression:{number}"
    audit.append(connection, actor=actor.id, action=action, subject=subject, content=content, now=now)
