"""The queue: wanted cases in order, page by page, and how many there are of each kind."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select
from sqlalchemy import case as sql_case

from stopship.cases.policy import Priority
from stopship.cases.states import State
from stopship.cases.view import case_to_plain
from stopship.cases.wanted import NOBODY, Wanted, conditions
from stopship.errors import SettingsError
from stopship.store.cases import JOINED, WITH_NAME, CaseRow, alerts, cases, some
from stopship.store.subjects import subjects
from stopship.store.tables import Moment

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

MOST_PAGE = 500
_GREATEST = 2**31 - 1


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
    asked = conditions(wanted, now)
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
    counted = counted.where(*conditions(anything, now)).group_by(*columns)
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
    counted = select(cases.c.programs, func.count()).select_from(cases).where(*conditions(wanted, now))
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
    chosen = select(cases.c.id, cases.c.version).select_from(cases).where(*conditions(wanted, now))
    return [(row[0], row[1]) for row in connection.execute(chosen.order_by(cases.c.id).limit(most))]


def next_unassigned(connection: Connection, wanted: Wanted, escalated_too: bool, now: datetime) -> int | None:
    """The most urgent case that nobody has: by priority, then by when it is due."""
    states = [State.OPEN.value, *([State.ESCALATED.value] if escalated_too else [])]
    free = or_(cases.c.locked_until.is_(None), cases.c.locked_until <= now)
    chosen: Select[Any] = (
        select(cases.c.id)
        .select_from(cases)
        .where(*conditions(wanted, now), cases.c.state.in_(states), cases.c.assignee.is_(None), free)
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
    asked, found = conditions(wanted, now), []
    for back in (True, False):
        less = down is not back
        beyond = column < at[0] if less else column > at[0]
        other = cases.c.id < number if less else cases.c.id > number
        order = (column.desc(), cases.c.id.desc()) if less else (column, cases.c.id)
        tables = JOINED if sort == "name" else cases
        chosen = select(cases.c.id).select_from(tables).where(*asked, or_(beyond, and_(column == at[0], other)))
        found.append(connection.execute(chosen.order_by(*order).limit(1)).scalar())
    return found[0], found[1]


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
