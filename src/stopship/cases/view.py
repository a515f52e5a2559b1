"""A case as people and other programs see it: with its party, alerts, dispositions, papers and screenings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from stopship.cases.actor import Actor
from stopship.cases.policy import Priority
from stopship.cases.states import State, allowed
from stopship.errors import NotFound
from stopship.store import audit, case_papers, cases, dispositions, screenings, subjects, suppressions
from stopship.store.audit import AuditRow
from stopship.store.case_papers import File, Note
from stopship.store.cases import AlertRow, CaseRow
from stopship.store.dispositions import DispositionRow
from stopship.store.screenings import Screening
from stopship.store.subjects import Subject
from stopship.store.suppressions import SuppressedEntity, SuppressionRow


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case with all that belongs to it, as of one moment."""

    case: CaseRow
    subject: Subject
    alerts: tuple[AlertRow, ...]
    dispositions: tuple[DispositionRow, ...]
    suppressions: tuple[tuple[SuppressionRow, tuple[SuppressedEntity, ...]], ...]
    notes: tuple[Note, ...]
    files: tuple[File, ...]
    screenings: tuple[Screening, ...]
    timeline: tuple[AuditRow, ...]

    def to_plain(self, *, now: datetime) -> dict[str, Any]:
        """A dict of JSON values."""
        return case_to_plain(self.case, now=now) | {
            "party": orjson.loads(self.subject.party) if self.subject.party else None,
            "erased": _text(self.subject.erased),
            "alerts": [alert_to_plain(alert) for alert in self.alerts],
            "dispositions": [disposition_to_plain(one) for one in self.dispositions],
            "suppressions": [suppression_to_plain(row, entities) for row, entities in self.suppressions],
            "notes": [
                {"id": n.id, "moment": _text(n.moment), "actor": n.actor, "text": n.text} for n in self.notes
            ],
            "files": [file_to_plain(one) for one in self.files],
            "screenings": [screening_to_plain(one) for one in self.screenings],
            "timeline": [audit_to_plain(row) for row in self.timeline],
        }


def read_case(connection: Connection, number: int) -> CaseView:
    """The case of this number with all that belongs to it.

    Raises:
        NotFound: there is none.
    """
    case = cases.find(connection, number)
    if case is None:
        raise NotFound(f"there is no case {number}")
    subject = case.subject_id
    silent = suppressions.chosen(connection, subject=subject)
    entries = suppressions.entities_of(connection, [row.id for row in silent])
    return CaseView(
        case=case,
        subject=subjects.get(connection, subject),
        alerts=cases.alerts_of(connection, number),
        dispositions=dispositions.of_case(connection, number),
        suppressions=tuple((row, entries[row.id]) for row in silent),
        notes=case_papers.notes_of(connection, number),
        files=case_papers.files_of(connection, number),
        screenings=screenings.of_subject(connection, subject),
        timeline=audit.about(connection, [f"case:{number}", *(f"suppression:{row.id}" for row in silent)]),
    )


def case_to_plain(case: CaseRow, *, now: datetime) -> dict[str, Any]:
    """One line of the queue as a dict of JSON values."""
    locked = is_locked(case, now)
    return {
        "id": case.id,
        "name": case.name,
        "state": case.state,
        "disposition": case.disposition,
        "priority": Priority(case.priority).word,
        "band": case.band,
        "score": case.score,
        "opened": _text(case.opened),
        "changed": _text(case.changed),
        "due": _text(case.due),
        "overdue": is_overdue(case, now),
        "closed": _text(case.closed),
        "assignee": case.assignee,
        "locked_by": case.locked_by if locked else None,
        "locked_until": _text(case.locked_until) if locked else None,
        "version": case.version,
    }


def is_locked(case: CaseRow, now: datetime) -> bool:
    """Whether somebody works on a case right now."""
    return case.locked_by is not None and case.locked_until is not None and now < case.locked_until


def is_overdue(case: CaseRow, now: datetime) -> bool:
    """Whether a case should have been decided by now."""
    return case.state != State.CLOSED.value and case.due < now


def steps_for(case: CaseRow, actor: Actor) -> tuple[str, ...]:
    """What this actor may do with the case as it is."""
    return tuple(event.value for event in allowed(State(case.state), actor))


def alert_to_plain(alert: AlertRow) -> dict[str, Any]:
    """An alert as a dict of JSON values."""
    return {
        "id": alert.id,
        "case": alert.case_id,
        "entity_id": alert.entity_id,
        "entity_name": alert.entity_name,
        "entity_hash": alert.entity_hash,
        "programs": orjson.loads(alert.programs),
        "score": alert.score,
        "band": alert.band,
        "origin": alert.origin,
        "reference": alert.reference,
        "state": alert.state,
        "verdict": alert.verdict,
        "first_seen": _text(alert.first_seen),
        "last_seen": _text(alert.last_seen),
        "gone": _text(alert.gone),
        "hit": _json(alert.hit),
        "entity": _json(alert.entity),
    }


def disposition_to_plain(one: DispositionRow) -> dict[str, Any]:
    """A disposition as a dict of JSON values."""
    return {
        "id": one.id,
        "case": one.case_id,
        "state": one.state,
        "verdict": one.verdict,
        "reason": one.reason,
        "comment": one.comment,
        "maker": one.maker,
        "made": _text(one.made),
        "needs_checker": one.needs_checker,
        "checker": one.checker,
        "checked": _text(one.checked),
        "check_comment": one.check_comment,
        "bulk": one.bulk_id,
    }


def suppression_to_plain(row: SuppressionRow, entities: tuple[SuppressedEntity, ...]) -> dict[str, Any]:
    """A suppression as a dict of JSON values."""
    return {
        "id": row.id,
        "subject": row.subject_id,
        "scope": row.scope,
        "program": row.program,
        "state": row.state,
        "reason": row.reason,
        "comment": row.comment,
        "until": row.until.isoformat(),
        "maker": row.maker,
        "made": _text(row.made),
        "checker": row.checker,
        "checked": _text(row.checked),
        "ended": _text(row.ended),
        "ended_why": row.ended_why,
        "entities": [
            {"entity_id": e.entity_id, "entity_name": e.entity_name, "void": _text(e.void)} for e in entities
        ],
    }


def file_to_plain(one: File) -> dict[str, Any]:
    """A file of a case as a dict of JSON values."""
    return {
        "id": one.id,
        "moment": _text(one.moment),
        "actor": one.actor,
        "name": one.name,
        "media": one.media,
        "size": one.size,
        "sha256": one.sha256,
    }


def screening_to_plain(one: Screening) -> dict[str, Any]:
    """A screening as a dict of JSON values."""
    return {
        "id": one.id,
        "moment": _text(one.moment),
        "actor": one.actor,
        "kind": one.kind,
        "outcome": one.outcome,
        "reference": one.reference,
        "parties": one.parties,
        "alerts": one.alerts,
        "index": one.index_hash,
        "engine": one.engine,
        "lists": orjson.loads(one.lists),
    }


def audit_to_plain(row: AuditRow) -> dict[str, Any]:
    """An audit row as a dict of JSON values; `content` is None once it was erased."""
    return {
        "seq": row.seq,
        "moment": _text(row.moment),
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "content": _json(row.content),
        "salt": row.salt,
        "content_hash": row.content_hash,
        "previous": row.previous,
        "hash": row.hash,
    }


def _json(text: str | None) -> Any:
    return orjson.loads(text) if text is not None else None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment is not None else None
