"""Which cases are meant: a filter of the queue, and what a statement must ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from stopship.cases.policy import BANDS, Priority
from stopship.cases.states import State
from stopship.errors import SettingsError
from stopship.store.cases import alert_names, alerts, cases
from stopship.store.subjects import subjects
from stopship.store.tables import Holds

NOBODY = "nobody"
"""The assignee of cases that nobody has."""

Days = tuple[date | None, date | None]
_DAYS: Mapping[str, ColumnElement[Any]] = {
    "opened": cases.c.opened,
    "due": cases.c.due,
    "closed": cases.c.closed,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases. Empty fields ask for nothing; several values of one field are alternatives.

    Attributes:
        states: of `State`. dispositions: of closed cases.
        assignees: ids of persons, or `nobody`.
        priorities: high, medium, low. bands: of the best open alert.
        programs: cases with an alert on one of these. origins: decision, names, file, monitoring.
        opened, due, closed: the days, in UTC, from the first to before the second; None: no bound there.
        overdue: only those that should have been decided by now.
        text: part of the subject's name, in any case.
        entity: part of the name of a listed entry that one of its alerts is about, or that entry's id.
    """

    states: tuple[str, ...] = ()
    dispositions: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    opened: Days = (None, None)
    due: Days = (None, None)
    closed: Days = (None, None)
    overdue: bool = False
    text: str = ""
    entity: str = ""

    def __post_init__(self) -> None:
        """Raises SettingsError: a value that no case can have."""
        known = {
            "states": [state.value for state in State],
            "dispositions": ["true_match", "false_match"],
            "priorities": [priority.word for priority in Priority],
            "bands": list(BANDS),
            "origins": ["decision", "names", "file", "monitoring"],
        }
        for name, allowed in known.items():
            for value in getattr(self, name):
                if value not in allowed:
                    raise SettingsError(
                        f"unknown value {value!r}", where=name, hint=f"Known: {', '.join(allowed)}"
                    )

    def to_plain(self) -> dict[str, Any]:
        """What is asked for, as a dict of JSON values."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in _DAYS:
            plain[name] = [day and day.isoformat() for day in plain[name]] if any(plain[name]) else None
        return {name: list(v) if isinstance(v, tuple) else v for name, v in plain.items() if v}


def conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    """What a statement on cases must ask for; `now` tells what is overdue."""
    asked: list[ColumnElement[bool]] = []
    if wanted.states:
        asked.append(cases.c.state.in_(wanted.states))
    if wanted.dispositions:
        asked.append(cases.c.disposition.in_(wanted.dispositions))
    if wanted.assignees:
        somebody = [one for one in wanted.assignees if one != NOBODY]
        had = [cases.c.assignee.in_(somebody)] if somebody else []
        free = [cases.c.assignee.is_(None)] if NOBODY in wanted.assignees else []
        asked.append(or_(*had, *free))
    if wanted.priorities:
        asked.append(cases.c.priority.in_([Priority[word.upper()].value for word in wanted.priorities]))
    if wanted.bands:
        asked.append(cases.c.band.in_(wanted.bands))
    if wanted.programs:
        asked.append(or_(*(Holds(cases.c.programs, f" {one} ") for one in wanted.programs)))
    if wanted.origins:
        # One walk through an index of alerts: else each case would be looked up in it by itself.
        asked.append(cases.c.id.in_(select(alerts.c.case_id).where(alerts.c.origin.in_(wanted.origins))))
    for name, column in _DAYS.items():
        first, end = getattr(wanted, name)
        asked += [column >= _midnight(first)] if first else []
        asked += [column < _midnight(end)] if end else []
    if wanted.overdue:
        asked.append(and_(cases.c.state != State.CLOSED.value, cases.c.due < now))
    if wanted.text:
        # The parties first, once: else each case's would be looked up by itself.
        named = Holds(subjects.c.folded, wanted.text.casefold())
        asked.append(cases.c.subject_id.in_(select(subjects.c.id).where(named)))
    if wanted.entity:
        asked.append(_about_entity(wanted.entity))
    return asked


def _about_entity(text: str) -> ColumnElement[bool]:
    # SQLite folds only Latin letters without marks: others are found as they are printed, or as they were typed.
    name = alert_names.c.name
    alike = (
        Holds(func.lower(name), text.lower()),
        Holds(name, text),
        alert_names.c.entity_id == text,
    )
    entries = select(alert_names.c.entity_id).where(or_(*alike))
    return cases.c.id.in_(select(alerts.c.case_id).where(alerts.c.entity_id.in_(entries)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
