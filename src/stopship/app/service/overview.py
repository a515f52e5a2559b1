"""How the work stands: what waits, what was decided, what ends soon and what failed, at one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock

from stopship.app.people import names_of_people
from stopship.store import Database, audit, figures
from stopship.store.figures import EndingSuppression, FailedJob, ProgramCount

PERIODS = (30, 90, 365)
"""Days that one may look back, today among them."""
AGES = (0, 1, 3, 7, 14, 30)
"""The first day of each band of ages: opened today, 1 to 2 days ago, and so on; the last one is open."""
DUES = (0, 1, 2, 7)
"""Days from today at which bands of due days end: before today, today, tomorrow, the rest of seven days, later."""
ENDING_DAYS = 30
MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Band:
    """So many cases that are not closed, of the days from `first` to before `end` (None: no bound). `late` of them
    should have been decided by now."""

    first: date | None
    end: date | None
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class Held:
    """What one person has, or nobody (`who` is None)."""

    who: str | None
    name: str
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one moment. Days are in UTC; the period has `days` days, the first of them `since`.

    Attributes:
        ages, dues: cases that are not closed, by when they were opened and are due; one band for each of `AGES`,
            and for each of `DUES` and what is later.
        states: the same by state. holders: the same by person, by name; nobody first.
        opened, closed: by day, the latter also by disposition.
        median_days: from when a case was opened to when it was closed, of those closed in the period.
        programs: how cases stand by program. parties: looked up by `screenings` that were kept in the period.
        ending: how many suppressions end on each day of the next `ENDING_DAYS`; `ending_first` are the next.
        failed: jobs that failed in the period; `failed_last` are the last.
    """

    at: datetime
    days: int
    since: date
    ages: tuple[Band, ...]
    dues: tuple[Band, ...]
    states: Mapping[str, int]
    holders: tuple[Held, ...]
    opened: Mapping[date, int]
    closed: Mapping[tuple[date, str], int]
    median_days: float | None
    programs: tuple[ProgramCount, ...]
    screenings: int
    parties: int
    ending: Mapping[date, int]
    ending_first: tuple[EndingSuppression, ...]
    failed: int
    failed_last: tuple[FailedJob, ...]

    @property
    def today(self) -> date:
        return self.at.astimezone(UTC).date()

    @property
    def waiting(self) -> int:
        """Cases that are not closed."""
        return sum(band.count for band in self.ages)

    @property
    def late(self) -> int:
        """Cases that should have been decided by now."""
        return sum(band.late for band in self.ages)


class Overview:
    """Figures of one database. What was counted serves again as long as nothing was written into the audit record,
    which every change is, and the minute is the same.

    Args:
        database: where cases are.
        now: tells the moment, timezone-aware.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._counted: dict[int, tuple[tuple[int, datetime], Figures]] = {}
        self._lock = Lock()

    def figures(self, days: int) -> Figures:
        """The figures, with those of the last `days` days; one of `PERIODS`."""
        now = self._now().astimezone(UTC)
        with self._lock:
            with self._database.begin() as connection:
                as_of = (audit.head(connection).seq, now.replace(second=0, microsecond=0))
            held = self._counted.get(days)
            if held is None or held[0] != as_of:
                held = self._counted[days] = (as_of, self._count(now, days))
            return held[1]

    def _count(self, now: datetime, days: int) -> Figures:
        today = now.date()
        since = today - timedelta(days=days - 1)
        begin = _midnight(since)
        before = today + timedelta(days=ENDING_DAYS)
        age_days = [today - timedelta(days=first - 1) for first in AGES[1:]]
        due_days = [today + timedelta(days=end) for end in DUES]
        people = names_of_people(self._database)
        with self._database.begin() as connection:
            live = figures.live(
                connection,
                now=now,
                ages=[_midnight(day) for day in age_days],
                dues=[_midnight(day) for day in due_days],
            )
            closed = figures.closed_by_day(connection, begin)
            seconds = figures.median_seconds_to_close(connection, begin, sum(closed.values()))
            screenings, parties = figures.screened(connection, begin)
            failed, failed_last = figures.failed_jobs(connection, begin, MOST_NAMED)
            ages, dues = [[0, 0] for _ in AGES], [[0, 0] for _ in (*DUES, None)]
            states: dict[str, int] = {}
            holders: dict[str | None, list[int]] = {None: [0, 0]}
            for row in live:
                for place in (ages[row.age], dues[row.due], holders.setdefault(row.assignee, [0, 0])):
                    place[0] += row.count
                    place[1] += row.count if row.late else 0
                states[row.state] = states.get(row.state, 0) + row.count
            held = [Held(who, people.get(who, who) if who else "", *counts) for who, counts in holders.items()]
            return Figures(
                at=now,
                days=days,
                since=since,
                ages=tuple(
                    Band(first, end, *counts)
                    for first, end, counts in zip([*age_days, None], [None, *age_days], ages, strict=True)
                ),
                dues=tuple(
                    Band(first, end, *counts)
                    for first, end, counts in zip([None, *due_days], [*due_days, None], dues, strict=True)
                ),
                states=states,
                holders=tuple(sorted(held, key=lambda one: (one.who is not None, one.name.casefold()))),
                opened=figures.opened_by_day(connection, begin),
                closed=closed,
                median_days=None if seconds is None else seconds / 86_400,
                programs=figures.by_program(connection, begin),
                screenings=screenings,
                parties=parties,
                ending=figures.ending_suppressions(connection, today, before),
                ending_first=figures.next_to_end(connection, today, before, MOST_NAMED),
                failed=failed,
                failed_last=failed_last,
            )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
