"""Verdicts on alerts: written, agreed to, taken back, and what they make of the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from stopship.cases.actor import Actor
from stopship.cases.states import State, Verdict
from stopship.errors import IllegalStep
from stopship.store import cases, dispositions
from stopship.store.cases import AlertRow, CaseRow
from stopship.store.dispositions import DispositionRow


@dataclass(frozen=True, slots=True)
class Judging:
    """What somebody says, and why. `bulk` is the number of the bulk disposition that it is part of."""

    verdict: Verdict
    reason: str
    comment: str
    bulk: int | None = None

    def told(self, judged: Sequence[tuple[AlertRow, Verdict]] = ()) -> dict[str, Any]:
        """For the record."""
        told: dict[str, Any] = {"verdict": self.verdict.value, "reason": self.reason, "comment": self.comment}
        if judged:
            told["alerts"] = [
                {"alert": a.id, "entity": a.entity_id, "entry": a.entity_hash, "verdict": v.value}
                for a, v in judged
            ]
        return told | {"bulk": self.bulk} if self.bulk is not None else told


def judge(
    connection: Connection,
    case: int,
    judging: Judging,
    judged: Sequence[tuple[AlertRow, Verdict]],
    actor: Actor,
    now: datetime,
    *,
    proposed: bool,
    checker: Actor | None = None,
) -> int:
    """Write a disposition and set the alerts that it judges; its number.

    Args:
        proposed: it waits for a second person.
        checker: who has agreed already (of a bulk disposition).
    """
    given = {verdict for _, verdict in judged}
    whole = judging.verdict.value if len(given) < 2 else "mixed"
    number = dispositions.add(
        connection,
        {
            "case_id": case,
            "state": "proposed" if proposed else "effective",
            "verdict": given.pop().value if len(given) == 1 else whole,
            "reason": judging.reason,
            "comment": judging.comment,
            "maker": actor.id,
            "made": now,
            "needs_checker": proposed or checker is not None,
            "checker": checker.id if checker is not None else None,
            "checked": now if checker is not None else None,
            "bulk_id": judging.bulk,
        },
        [(alert.id, verdict.value, alert.entity_hash) for alert, verdict in judged],
    )
    for alert, verdict in judged:
        values = {"state": "proposed"} if proposed else {"state": "decided", "verdict": verdict.value}
        cases.change_alert(connection, alert.id, values)
    return number


def still_as_judged(connection: Connection, waiting: DispositionRow, alerts: Sequence[AlertRow]) -> None:
    """Refuse to agree to what is no longer what was judged.

    Raises:
        IllegalStep: an entry changed since.
    """
    now = {alert.id: (alert.state, alert.entity_hash) for alert in alerts}
    for number, _, digest in dispositions.judged(connection, waiting.id):
        if now[number] != ("proposed", digest):
            raise IllegalStep(
                f"the entry of alert {number} is no longer what {waiting.maker} judged",
                where=f"case {waiting.case_id}",
                hint="Refuse the proposal, and judge it again",
            )


def undo(connection: Connection, disposition: int) -> None:
    """Open the alerts of a proposal again."""
    for number, _, _ in dispositions.judged(connection, disposition):
        cases.change_alert(connection, number, {"state": "open"})


def settle(connection: Connection, case: CaseRow, now: datetime) -> dict[str, Any]:
    """What follows for a case from the states of its alerts, as values of the case.

    Open while an alert is; proposed while one waits; closed when all have a verdict or are suppressed. Then it is
    a true match if one of them is.
    """
    alerts = cases.alerts_of(connection, case.id)
    free: dict[str, Any] = {"locked_by": None, "locked_until": None}
    states = {alert.state for alert in alerts}
    if "proposed" in states:
        return {"state": State.PROPOSED.value, **free}
    if "open" in states:
        stays = State.ESCALATED if case.state == State.ESCALATED.value else State.OPEN
        return {"state": stays.value, **free}
    true = any(alert.verdict == Verdict.TRUE_MATCH.value for alert in alerts)
    disposition = Verdict.TRUE_MATCH if true else Verdict.FALSE_MATCH
    return {"state": State.CLOSED.value, "disposition": disposition.value, "closed": now, **free}
