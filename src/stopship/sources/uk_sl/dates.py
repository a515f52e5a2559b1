"""Dates as the list prints them: 03/10/1965, with "dd" and "mm" for what isn't known."""

from __future__ import annotations

import re
from datetime import date

from stopship.model import PartialDate

_PRINTED = re.compile(r"(?P<day>dd|\d{1,2})/(?P<month>mm|\d{1,2})/(?P<year>\d{4})\Z", re.IGNORECASE)


def birth_date(text: str) -> PartialDate:
    """Read "03/10/1965", "dd/10/1965", "dd/mm/1965", and what `PartialDate` reads.

    Raises:
        ValueError: it is none of these, or no day of the calendar.
    """
    match = _PRINTED.match(text)
    if not match:
        return PartialDate.parse(text)
    day, month, year = match["day"].lower(), match["month"].lower(), match["year"]
    if month == "mm":
        return PartialDate.parse(year)
    if day == "dd":
        return PartialDate.parse(f"{year}-{int(month):02}")
    return PartialDate.parse(f"{year}-{int(month):02}-{int(day):02}")


def full_day(text: str) -> date:
    """Read a day of which no part is missing.

    Raises:
        ValueError: it isn't one.
    """
    whole = birth_date(text)
    if whole.earliest != whole.latest:
        raise ValueError(f"{text!r} is not a full date")
    return whole.earliest
