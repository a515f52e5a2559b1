"""What every reader of ownership data hands over: holders and stakes, and a report that leaves no row out.

Readers take a stream of bytes and yield records one at a time. They read the fields that they name and no others,
so that no attribute of a special category (ethnicity, religion, political exposure, health …) can get in."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from stopship.errors import OwnershipFileError
from stopship.model.entity import Identifier
from stopship.model.stake import Holder, Stake
from stopship.model.values import PartialDate, parse_country

Record = Holder | Stake

_LEI = re.compile(r"[0-9A-Z]{18}[0-9]{2}")

MAX_DETAILS = 1_000
"""Rejected rows that are kept with their text; all are counted by reason."""
MAX_TEXT = 1_000
"""Characters of a name or id. A longer one is no name."""
MAX_ROWS = 20_000_000


class Bytes(Protocol):
    """What readers read from."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read: its number (the first is 1; a header counts), why, and how it begins."""

    row: int
    reason: str
    text: str


@dataclass(slots=True)
class Report:
    """What became of every row of a file. Always `rows == loaded + rejected + sum(passed over)`.

    Attributes:
        reasons: rejected rows by reason; `rejects` holds the first thousand of them.
        passed: rows that are well-formed and state nothing about ownership or names, by what they are.
        notes: what else a person must know.
    """

    rows: int = 0
    loaded: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def rejected(self) -> int:
        return self.reasons.total()

    def row(self) -> int:
        """Count one more row and give its number.

        Raises:
            OwnershipFileError: the file has more rows than any ownership data that is known.
        """
        self.rows += 1
        if self.rows > MAX_ROWS:
            raise OwnershipFileError(f"more than {MAX_ROWS:,} rows")
        return self.rows

    def reject(self, row: int, reason: str, text: object) -> None:
        """Count a row that could not be read."""
        self.reasons[reason] += 1
        if len(self.rejects) < MAX_DETAILS:
            self.rejects.append(Reject(row, reason, " ".join(str(text).split())[:200]))

    def pass_over(self, what: str) -> None:
        """Count a row that states nothing that is read."""
        self.passed[what] += 1


class BadRow(ValueError):
    """A row that can't be read; the message is the reason."""


def text_of(value: object, what: str) -> str:
    """A field as text without line breaks; "" where there is none.

    Raises:
        BadRow: it is no text, or too long to be a name.
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadRow(f"{what} is not text")
    found = value if isinstance(value, str) else str(value)
    if not found.isprintable():
        found = "".join(c if c.isprintable() else " " for c in found)
    found = " ".join(found.split())
    if len(found) > MAX_TEXT:
        raise BadRow(f"{what} has more than {MAX_TEXT:,} characters")
    return found


def country_of(text: str) -> str | None:
    """An ISO country code from a code as files give it ("gb", "GB", "GB-SCT", "US-DE"); None for anything else."""
    try:
        return parse_country(text.strip().partition("-")[0])
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def day_of(text: str, what: str, *, end: bool = False) -> date | None:
    """A day from "2020-01-31", "2020-01-31T00:00:00Z", "2020-01" or "2020"; None for "".

    A partial date is taken so that the stake is in force longer: its first day, or (`end`) the day after its last.
    With `end` a full day is taken as the last one in force, and the day after it is given, too.

    Raises:
        BadRow: it is no date.
    """
    body = text.strip().partition("T")[0].partition(" ")[0]
    if not body:
        return None
    try:
        span = PartialDate.parse(body)
    except ValueError:
        raise BadRow(f"{what} {text.strip()[:40]!r} is not a date") from None
    if not end:
        return span.earliest
    return span.latest + timedelta(days=1) if span.latest < date.max else None


def lei_of(text: str) -> str | None:
    """An LEI (ISO 17442): 18 letters or digits and two check digits; None where it isn't one."""
    body = "".join(text.split()).upper()
    return body if _LEI.fullmatch(body) else None


def holder_id(kind: str, record: str, identifiers: tuple[Identifier, ...]) -> str:
    """The id of a holder: by its LEI, so that several files meet in it, else by the record of its file."""
    leis = sorted(lei for i in identifiers if i.type == "lei" and (lei := lei_of(i.value)))
    return f"lei:{leis[0]}" if leis else f"{kind}:{record}"
