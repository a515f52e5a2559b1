"""The queue: cases by filter, in order, page by page, and how many there are of each kind."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select
from sqlalchemy import case as sql_case

from stopship.cases.policy import BANDS, Priority
from stopship.cases.states import State
from stopship.cases.view import case_to_plain
from stopship.errors import SettingsError
from stopship.store.cases import JOINED, WITH_NAME, CaseRow, alert_names, alerts, cases, some
from stopship.store.subjects import subjects
from stopship.store.tables import Holds, Moment

NOBODY = "nobody"
"""The assignee of cases that nobody has."""

SORTS: Mapping[str, tuple[ColumnElement[Any], bool]] = {
    "due": (cases.c.due, False),
    "priority": (cases.c.priority, False),
    "score": (cases.c.score, True),
    "opened": (cases.c.opened, False),
    "changed": (cases.c.changed, True),
    "name": (subjects.c.folded, False),
    "id": (cases.c.id, False),
}
"""Orders of the queue, and whether each begins with the greatest."""
_KINDS: Mapping[str, tuple[type, ...]] = {
    name: (datetime,) if isinstance(column.type, Moment) else (float, int) if name != "name" else (str,)
    for name, (column, _) in SORTS.items()
}

Days = tuple[date | None, date | None]
_DAYS: Mapping[str, ColumnElement[Any]] = {
    "opened": cases.c.opened,
    "due": cases.c.due,
    "closed": cases.c.closed,
}

MOST_PAGE = 500
_GREATEST = 2**31 - 1


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


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the queue with its best alert: the entity's id and name, and all programs of its alerts."""

    case: CaseRow
    alerts: int
    best_id: str
    best_name: str
    programs: tuple[str, ...]

    def to_plain(self, *, now: datetime) -> dict[str, Any]:
        """A dict of JSON values."""
        return case_to_plain(self.case, now=now) | {
            "alerts": self.alerts,
            "entity_id": self.best_id,
            "entity_name": self.best_name,
            "programs": list(self.programs),
        }


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines of the queue; `next` is the cursor of the page behind it, None on the last one."""

    lines: tuple[Line, ...]
    total: int
    next: str | None

    def to_plain(self, *, now: datetime) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "cases": [line.to_plain(now=now) for line in self.lines],
            "total": self.total,
            "next": self.next,
        }


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases are wanted, and how many there are of each kind: kind -> value -> cases."""

    total: int
    facets: dict[str, dict[str, int]]


def page(
    connection: Connection,
    wanted: Wanted,
    *,
    now: datetime,
    sort: str = "due",
    descending: bool | None = None,
    limit: int = 50,
    cursor: str | None = None,
    total: int | None = None,
) -> Page:
    """One page of the queue.

    Args:
        wanted: which cases.
        now: this moment: for what is overdue.
        sort: of `SORTS`. descending: None takes the order that people expect.
        limit: lines on the page, 1 to 500.
        cursor: `next` of the page before, with the same order.
        total: how many cases are wanted, where the caller knows it; else they are counted.

    Raises:
        SettingsError: an unknown order, a limit out of range, a cursor that is none.
    """
    if sort not in SORTS:
        raise SettingsError(f"unknown order {sort!r}", where="sort", hint=f"Known: {', '.join(SORTS)}")
    if not 1 <= limit <= MOST_PAGE:
        raise SettingsError(f"{limit} is out of range", where="limit", hint=f"Give 1 to {MOST_PAGE}")
    column, usual = SORTS[sort]
    down = usual if descending is None else descending
    asked = _where(wanted, now)
    # Numbers first, from an index that holds all that is asked for; then what these few lines show.
    chosen = (
        select(cases.c.id, column.label("sorted")).select_from(JOINED if sort == "name" else cases).where(*asked)
    )
    if cursor is not None:
        value, number = _read_cursor(cursor, sort, down)
        beyond = column < value if down else column > value
        behind = cases.c.id < number if down else cases.c.id > number
        chosen = chosen.where(or_(beyond, and_(column == value, behind)))
    order = (column.desc(), cases.c.id.desc()) if down else (column, cases.c.id)
    rows = connection.execute(chosen.order_by(*order).limit(limit + 1)).all()
    if total is None:
        total = connection.execute(select(func.count()).select_from(cases).where(*asked)).scalar_one()
    shown = [row.id for row in rows[:limit]]
    whole = select(*WITH_NAME).select_from(JOINED).where(cases.c.id.in_(shown))
    held = {row.id: CaseRow(**row._mapping) for row in connection.execute(whole)}
    last = rows[limit - 1] if len(rows) > limit else None
    after = _cursor(sort, down, last.sorted, last.id) if last is not None else None
    return Page(_lines(connection, [held[number] for number in shown]), int(total), after)


def overview(
    connection: Connection, wanted: Wanted, *, now: datetime, sort: str, cursor: str | None, limit: int
) -> tuple[Page, Counts]:
    """One page of the queue, and how many cases there are of each kind; arguments and errors as of `page`."""
    counted = counts(connection, wanted, now=now)
    shown = page(connection, wanted, now=now, sort=sort, limit=limit, cursor=cursor, total=counted.total)
    return shown, counted


def facets(connection: Connection, wanted: Wanted, *, now: datetime) -> dict[str, dict[str, int]]:
    """How many cases there are of each kind among those that are wanted. Each kind is counted as if nothing were
    asked about it itself: what one could change the filter to."""
    return counts(connection, wanted, now=now).facets


def counts(connection: Connection, wanted: Wanted, *, now: datetime) -> Counts:
    """How many cases are wanted, and how many there are of each kind (see `facets`): all of them counted, in one
    walk through the cases and one through their programs."""
    columns = (cases.c.state, cases.c.disposition, cases.c.priority, cases.c.band, cases.c.assignee)
    names = ("state", "disposition", "priority", "band", "assignee")
    allowed: tuple[tuple[Any, ...], ...] = (
        wanted.states,
        wanted.dispositions,
        tuple(Priority[word.upper()].value for word in wanted.priorities),
        wanted.bands,
        wanted.assignees,
    )
    late = sql_case((and_(cases.c.state != State.CLOSED.value, cases.c.due < now), 1), else_=0)
    anything = replace(wanted, states=(), dispositions=(), priorities=(), bands=(), assignees=(), overdue=False)
    counted = select(*columns, func.count(), func.sum(late)).select_from(cases)
    counted = counted.where(*_where(anything, now)).group_by(*columns)
    found: dict[str, dict[Any, int]] = {name: {} for name in names}
    total = overdue = 0
    for *values, there, too_late in connection.execute(counted):
        values[-1] = values[-1] or NOBODY
        count = int(too_late if wanted.overdue else there)
        others = [at for at, value in enumerate(values) if allowed[at] and value not in allowed[at]]
        if not others:
            total += count
            overdue += int(too_late)
        if not count or len(others) > 1:
            continue
        for at in others or range(len(names)):
            if values[at] is not None:
                kind = found[names[at]]
                kind[values[at]] = kind.get(values[at], 0) + count
    kinds = {name: dict(sorted(kind.items())) for name, kind in found.items()}
    kinds["priority"] = {Priority(value).word: count for value, count in kinds["priority"].items()}
    kinds["program"] = _programs(connection, replace(wanted, programs=()), now)
    kinds["overdue"] = {"yes": overdue}
    return Counts(total, kinds)


def _programs(connection: Connection, wanted: Wanted, now: datetime) -> dict[str, int]:
    """How many of the wanted cases have an alert on each program."""
    counted = select(cases.c.programs, func.count()).select_from(cases).where(*_where(wanted, now))
    found: dict[str, int] = {}
    for programs, count in connection.execute(counted.group_by(cases.c.programs)):
        for program in programs.split():
            found[program] = found.get(program, 0) + int(count)
    return dict(sorted(found.items()))


def every(connection: Connection, wanted: Wanted, *, now: datetime, sort: str) -> Iterator[Line]:
    """All wanted cases in an order of `SORTS`, read in pieces.

    Raises:
        SettingsError: an unknown order.
    """
    cursor = None
    while True:
        found = page(connection, wanted, now=now, sort=sort, limit=MOST_PAGE, cursor=cursor, total=0)
        yield from found.lines
        if found.next is None:
            return
        cursor = found.next


def page_before(
    connection: Connection,
    wanted: Wanted,
    *,
    now: datetime,
    sort: str,
    limit: int,
    cursor: str,
    total: int | None = None,
) -> Page:
    """The page that ends before a line, whose cursor `cursor_at` gave: its lines backwards, and in `next` whether
    there are more before them. `total` is as of `page`.

    Raises:
        SettingsError: as `page`.
    """
    down = not SORTS[sort][1] if sort in SORTS else None
    return page(connection, wanted, now=now, sort=sort, descending=down, limit=limit, cursor=cursor, total=total)


def cursor_at(line: Line, sort: str, *, backwards: bool) -> str:
    """The cursor of what stands behind a line, or before it."""
    case, down = line.case, SORTS[sort][1] != backwards
    value = case.name.casefold() if sort == "name" else getattr(case, sort)
    return _cursor(sort, down, value, case.id)


def lines_of(connection: Connection, numbers: Sequence[int]) -> tuple[Line, ...]:
    """Cases by their numbers, in the order of these; numbers of none are left out."""
    held = some(connection, numbers)
    return _lines(connection, [held[number] for number in numbers if number in held])


def versions(connection: Connection, wanted: Wanted, *, now: datetime, most: int) -> list[tuple[int, int]]:
    """Number and version of wanted cases, at most so many, in the order of their numbers."""
    chosen = select(cases.c.id, cases.c.version).select_from(cases).where(*_where(wanted, now))
    return [(row[0], row[1]) for row in connection.execute(chosen.order_by(cases.c.id).limit(most))]


def next_unassigned(connection: Connection, wanted: Wanted, escalated_too: bool, now: datetime) -> int | None:
    """The most urgent case that nobody has: by priority, then by when it is due."""
    states = [State.OPEN.value, *([State.ESCALATED.value] if escalated_too else [])]
    free = or_(cases.c.locked_until.is_(None), cases.c.locked_until <= now)
    chosen: Select[Any] = (
        select(cases.c.id)
        .select_from(cases)
        .where(*_where(wanted, now), cases.c.state.in_(states), cases.c.assignee.is_(None), free)
        .order_by(cases.c.priority, cases.c.due, cases.c.id)
        .limit(1)
    )
    found = connection.execute(chosen).scalar()
    return int(found) if found is not None else None


def beside(
    connection: Connection, wanted: Wanted, number: int, *, now: datetime, sort: str = "due"
) -> tuple[int | None, int | None]:
    """The cases before and behind one in the queue's order; None at its ends, and where there is no such case.
    The case itself needn't be among those that are wanted: one that was just decided still has a next one."""
    column, down = SORTS[sort]
    at = connection.execute(select(column).select_from(JOINED).where(cases.c.id == number)).one_or_none()
    if at is None:
        return None, None
    asked, found = _where(wanted, now), []
    for back in (True, False):
        less = down is not back
        beyond = column < at[0] if less else column > at[0]
        other = cases.c.id < number if less else cases.c.id > number
        order = (column.desc(), cases.c.id.desc()) if less else (column, cases.c.id)
        tables = JOINED if sort == "name" else cases
        chosen = select(cases.c.id).select_from(tables).where(*asked, or_(beyond, and_(column == at[0], other)))
        found.append(connection.execute(chosen.order_by(*order).limit(1)).scalar())
    return found[0], found[1]


def _where(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
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


def _lines(connection: Connection, found: Sequence[CaseRow]) -> tuple[Line, ...]:
    """The cases with what their alerts say, asked for once for all."""
    columns = (alerts.c.case_id, alerts.c.entity_id, alerts.c.entity_name, alerts.c.programs, alerts.c.state)
    chosen = select(*columns).where(alerts.c.case_id.in_([case.id for case in found]))
    held: dict[int, list[Any]] = {case.id: [] for case in found}
    # Alerts that wait come first, among them the best.
    for row in connection.execute(chosen.order_by(alerts.c.score.desc(), alerts.c.id)):
        held[row.case_id].append(row)
    lines = []
    for case in found:
        rows = sorted(held[case.id], key=lambda row: row.state not in ("open", "proposed"))
        programs = dict.fromkeys(program for row in rows for program in orjson.loads(row.programs))
        best = rows[0]
        lines.append(Line(case, len(rows), best.entity_id, best.entity_name, tuple(programs)))
    return tuple(lines)


def _cursor(sort: str, down: bool, value: Any, number: int) -> str:
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(orjson.dumps([sort, down, plain, number])).decode().rstrip("=")


def _read_cursor(cursor: str, sort: str, down: bool) -> tuple[Any, int]:
    try:
        plain = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        of_sort, of_down, value, number = plain
        if (of_sort, of_down) != (sort, down) or not isinstance(number, int) or isinstance(number, bool):
            raise ValueError("of another order")
        kinds = _KINDS[sort]
        if datetime in kinds:
            value = datetime.fromisoformat(value)
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise ValueError("of another kind")
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("without zone")
        if any(isinstance(one, int) and abs(one) > _GREATEST for one in (value, number)):
            raise ValueError("no number of ours")
    except (ValueError, TypeError):
        raise SettingsError(
            "this is no cursor of this order", where="cursor", hint="Begin at the first page"
        ) from None
    return value, number
