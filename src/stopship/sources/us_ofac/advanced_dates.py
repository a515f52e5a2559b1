"""Dates of the advanced layout: days in parts, and periods with two ends, each of which may be approximate."""

from __future__ import annotations

import calendar
from datetime import date

from stopship.model import PartialDate
from stopship.sources.xml_stream import Element


def read_day(element: Element | None, *, late: bool = False) -> date | None:
    """A day of `Year`, `Month` and `Day`; where a part is missing, the first such day, or with `late` the last.

    None where there is no year, or no such day.
    """
    if element is None:
        return None
    year, month, day = (_number(element, part) for part in ("Year", "Month", "Day"))
    if not year:
        return None
    try:
        month = month or (12 if late else 1)
        return date(year, month, day or (calendar.monthrange(year, month)[1] if late else 1))
    except ValueError:
        return None


def read_period(element: Element) -> PartialDate | None:
    """A `DatePeriod` as a partial date: from the earliest start to the latest end.

    A period without an end is one start; "circa" is what the publisher calls approximate. None where neither end
    can be read, or the end is before the start.
    """
    earliest = read_day(element.find("Start/From")) or read_day(element.find("End/From"))
    ends = (read_day(element.find(path), late=True) for path in ("End/To", "End/From", "Start/To", "Start/From"))
    latest = next((day for day in ends if day), None)
    if earliest is None or latest is None or latest < earliest:
        return None
    circa = any(
        end is not None and end.get("Approximate") == "true"
        for end in (element.find("Start"), element.find("End"))
    )
    return PartialDate(earliest, latest, circa)


def _number(element: Element, part: str) -> int:
    text = (element.findtext(part) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
