"""When something is done again and again: what the settings say, and the next moment by it.

::

    every 6h                    every 30m, every 2d: counted from the run before
    daily at 05:30
    weekdays at 07:00           Monday to Friday
    sunday at 03:00             any day of the week
    monthly on 1 at 04:00       a day from 1 to 28
    30 5 * * 1-5                five fields of cron: minute, hour, day, month, day of the week (0 or 7 is Sunday)
    after lists_update          when that has changed something

Times are those of a time zone. An hour that the clocks leave out is passed over to the moment at which they go
on, one that comes twice counts once. As in cron, where both days are given (of the month and of the week) either
will do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stopship.errors import SettingsError

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EVERY = re.compile(r"every (\d{1,5}) ?(m|h|d)")
_AT = re.compile(r"(daily|weekdays|monthly on (\d{1,2})|(" + "|".join(DAYS) + r")s?) at (\d{1,2}):(\d{2})")
_AFTER = re.compile(r"after ([a-z_]+)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("day of the week", 0, 7))
_FURTHEST = 366 * 5
HINT = 'Write e.g. "every 6h", "daily at 05:30", "weekdays at 07:00" or five fields of cron'


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan.

    Attributes:
        text: as the settings say it, with the zone.
        zone: whose times they are.
        every: the time between two runs; None where there are times of the day.
        after: the schedule whose runs this one follows.
        minutes, hours, days, months, weekdays: what of a day is meant; Monday is 0.
        either: both kinds of days are given, and one of them is enough.
    """

    text: str
    zone: ZoneInfo
    every: timedelta | None = None
    after: str | None = None
    minutes: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    days: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    either: bool = False

    def next_after(self, moment: datetime) -> datetime | None:
        """The first moment by this plan that is later than another one, in UTC; None if it follows another
        schedule.

        Raises:
            SettingsError: there is none within five years (the thirtieth of February).
        """
        if self.after is not None:
            return None
        if self.every is not None:
            return (moment + self.every).astimezone(UTC)
        begin = moment.astimezone(self.zone).date()
        for step in range(_FURTHEST):
            day = begin + timedelta(days=step)
            if not self._meant(day):
                continue
            # Where clocks change, the order of a day's times may not be that of its moments.
            moments = (self._moment(day, hour, minute) for hour in self.hours for minute in self.minutes)
            if (found := min((one for one in moments if one > moment), default=None)) is not None:
                return found
        raise SettingsError("there is no such day", where=f"schedule, {self.text}")

    def _meant(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        of_month, of_week = day.day in self.days, day.weekday() in self.weekdays
        return of_month or of_week if self.either else of_month and of_week

    def _moment(self, day: date, hour: int, minute: int) -> datetime:
        # Of a time that comes twice, the first. One that is left out is reckoned by the clock before it went
        # forward, which is as far behind its beginning as it was after it: that is when the clocks show the time
        # plus the gap.
        local = datetime.combine(day, time(hour, minute), self.zone)
        return local.astimezone(UTC)


def read_plan(text: str, zone: str, where: str) -> Plan:
    """A plan as the settings say it.

    Args:
        text: see this module.
        zone: a name of the IANA database of time zones: `Europe/Berlin`.
        where: the field, for the message.

    Raises:
        SettingsError: it can't be read, or there is no such zone.
    """
    plain = " ".join(text.split())
    lower = plain.lower()
    shown = f"{plain} ({zone})"
    here = read_zone(zone, where)
    if found := _EVERY.fullmatch(lower):
        every = int(found[1]) * _UNITS[found[2]]
        if not timedelta(minutes=1) <= every <= timedelta(days=366):
            raise SettingsError(f"{plain!r} is shorter than a minute or longer than a year", where=where)
        return Plan(shown, here, every=every)
    if found := _AFTER.fullmatch(lower):
        return Plan(shown, here, after=found[1])
    if found := _AT.fullmatch(lower):
        return _times(found, shown, here, where)
    fields = lower.split(" ")
    if len(fields) != len(_FIELDS):
        raise SettingsError(f"{plain!r} is no plan", where=where, hint=HINT)
    sets = [
        _cron(field, name, least, most, where) for field, (name, least, most) in zip(fields, _FIELDS, strict=True)
    ]
    plan = Plan(
        shown,
        here,
        minutes=tuple(sorted(sets[0])),
        hours=tuple(sorted(sets[1])),
        days=frozenset(sets[2]),
        months=frozenset(sets[3]),
        weekdays=frozenset((day - 1) % 7 for day in sets[4]),
        either=fields[2] != "*" and fields[4] != "*",
    )
    plan.next_after(datetime(2024, 1, 1, tzinfo=UTC))  # a day that never comes is told now
    return plan


def read_zone(name: str, where: str) -> ZoneInfo:
    """A time zone by its name.

    Raises:
        SettingsError: there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(
            f"{name!r} is no time zone", where=where, hint="Give a name like Europe/Berlin, or UTC"
        ) from None


def _times(found: re.Match[str], shown: str, zone: ZoneInfo, where: str) -> Plan:
    hour, minute = int(found[4]), int(found[5])
    if hour > 23 or minute > 59:
        raise SettingsError(f"{found[4]}:{found[5]} is no time of the day", where=where)
    days, weekdays = frozenset(range(1, 32)), frozenset(range(7))
    if found[1] == "weekdays":
        weekdays = frozenset(range(5))
    elif found[2]:
        if not 1 <= int(found[2]) <= 28:
            raise SettingsError("not every month has this day", where=where, hint="Give a day from 1 to 28")
        days = frozenset({int(found[2])})
    elif found[3]:
        weekdays = frozenset({DAYS.index(found[3])})
    return Plan(
        shown,
        zone,
        minutes=(minute,),
        hours=(hour,),
        days=days,
        months=frozenset(range(1, 13)),
        weekdays=weekdays,
    )


def _cron(field: str, name: str, least: int, most: int, where: str) -> set[int]:
    """The numbers that one field of cron means: `*`, `5`, `1-5`, `*/15`, `1,2`."""
    meant: set[int] = set()
    for part in field.split(","):
        found = re.fullmatch(r"(\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?", part)
        step = int(found[4]) if found and found[4] else 1
        if found is None or step == 0:
            raise SettingsError(f"{field!r} is no {name} of a plan", where=where, hint=HINT)
        first = least if found[1] == "*" else int(found[2])
        last = most if found[1] == "*" or (found[4] and not found[3]) else int(found[3] or found[2])
        if not least <= first <= last <= most:
            raise SettingsError(f"{part!r}: a {name} is from {least} to {most}", where=where)
        meant.update(range(first, last + 1, step))
    return meant
