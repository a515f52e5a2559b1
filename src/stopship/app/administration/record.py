"""The audit record as one reads it in a browser: the newest rows first, by who, what and when; and whether it is
as it was written."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from stopship.app.auditing import last_check, verify
from stopship.app.one_at_a_time import one_at_a_time
from stopship.app.people import names_of_people
from stopship.errors import SettingsError, StateError, StopshipError, fault_words
from stopship.model.values import parse_day
from stopship.store import Database, audit, keys
from stopship.store.audit_look import Looked, Sought, newest

PAGE = 50
LOCK = "verify.lock"
AT_ONCE_SECONDS = 1.5
"""A check of a small record is waited for; that of a larger one goes on beside the page."""
MOST_TEXT = 200
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verified:
    """What is known of the last check. `found` is that of `last_check`; `trouble` why the last try failed."""

    found: dict[str, Any] | None
    running: bool
    trouble: str = ""


class Record:
    """The audit record of one home.

    Args:
        home: where its heads and checks are noted.
        database: where it is.
        now: tells the moment, timezone-aware.
    """

    def __init__(self, home: Path, database: Database, now: Callable[[], datetime]) -> None:
        self._home = home
        self._database = database
        self._now = now
        self._lock = threading.Lock()
        self._checking: threading.Thread | None = None
        self._trouble = ""

    def look(self, *, actor: str, action: str, subject: str, since: str, until: str, before: int | None) -> Looked:
        """One page of the record.

        Args:
            actor, action, subject: as records name them; empty is any.
            since, until: days, the last one included (UTC); empty is any.
            before: only rows with a smaller number.

        Raises:
            SettingsError: a day is none, or they are the wrong way round.
        """
        first, last = _day(since, "since"), _day(until, "until")
        if first and last and last < first:
            raise SettingsError("the last day is before the first one")
        sought = Sought(
            actor=actor[:MOST_TEXT],
            action=action[:MOST_TEXT],
            subject=subject[:MOST_TEXT],
            since=_begin(first) if first else None,
            until=_begin(last + timedelta(days=1)) if last and last < date.max else None,
        )
        with self._database.begin() as connection:
            return newest(connection, sought, before=before, most=PAGE)

    def names(self) -> dict[str, str]:
        """What to call those who act, by how records name them: people, and the keys of programs."""
        with self._database.begin() as connection:
            programs = {f"key:{row.id}": row.name for row in keys.all_of(connection)}
        return programs | names_of_people(self._database)

    def head(self) -> int:
        """The number of the last row."""
        with self._database.begin() as connection:
            return audit.head(connection).seq

    def verified(self) -> Verified:
        """What is known of the last check."""
        running = self._checking is not None and self._checking.is_alive()
        return Verified(last_check(self._home), running or self._elsewhere(), self._trouble)

    def start_check(self) -> None:
        """Check the whole record, unless that is being done: a million rows take some ten seconds. Small records
        are checked when this returns."""
        with self._lock:
            if self._checking is None or not self._checking.is_alive():
                self._trouble = ""
                self._checking = threading.Thread(target=self._check, name="stopship-verify", daemon=True)
                self._checking.start()
            checking = self._checking
        checking.join(AT_ONCE_SECONDS)

    def _check(self) -> None:
        try:
            with one_at_a_time(self._home, name=LOCK):
                verify(self._home, self._database, now=self._now())
        except StateError as bad:
            if not self._elsewhere():
                self._trouble = str(bad)
        except StopshipError as bad:
            self._trouble = str(bad)
        except Exception as bad:  # a fault of ours in a thread of its own would be seen by nobody
            log.error("the audit record could not be checked: %s", type(bad).__name__)
            self._trouble = fault_words(bad)

    def _elsewhere(self) -> bool:
        """Whether another process is checking."""
        if not (self._home / LOCK).exists():
            return False
        try:
            with one_at_a_time(self._home, name=LOCK):
                return False
        except StateError:
            return True


def _day(text: str, where: str) -> date | None:
    if not text.strip():
        return None
    try:
        return parse_day(text.strip())
    except ValueError as bad:
        raise SettingsError(str(bad), where=where, hint="Write the day as 2026-03-01") from None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)
