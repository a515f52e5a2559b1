"""Moments of the example story: working days before today, so that it always has just happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LAST_HOUR = 14.0
_TODAY_MINUTES = 30
"""Today's hours are half as long and end now: nothing of the story lies in the future."""


@dataclass(frozen=True, slots=True)
class Days:
    """Moments relative to `now`, timezone-aware."""

    now: datetime

    def at(self, days: int, hour: float) -> datetime:
        """A moment so many working days ago, at an hour (UTC). On day 0 and later: shortly before now, in the same
        order; hours from 8 to 14."""
        if days <= 0:
            left = max(LAST_HOUR - hour, 0.0)
            return self.now - timedelta(minutes=round(_TODAY_MINUTES * left) + 1)
        day = self.now.date()
        for _ in range(days):
            day -= timedelta(days=1)
            while day.weekday() > 4:
                day -= timedelta(days=1)
        midnight = datetime.combine(day, time(0), self.now.tzinfo)
        return midnight + timedelta(minutes=round(60 * hour))

    def day(self, moment: datetime) -> date:
        """The day as of which a decision of that moment was made."""
        return min(moment.date(), self.now.astimezone().date())
