"""What a company sets about case work: due dates, second eyes, locks, how long things stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from types import MappingProxyType

from stopship.cases.states import Verdict


class Priority(IntEnum):
    """How urgent a case is."""

    HIGH = 0
    MEDIUM = 1
    LOW = 2

    @property
    def word(self) -> str:
        return self.name.lower()


BANDS = ("exact", "strong", "medium", "weak")
SUPPRESSION = "suppression"

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "name_only": "only the name is alike; nothing else agrees",
        "other_birth_date": "the date of birth is another one",
        "other_country": "the country is another one",
        "other_identifier": "a number of an authority is another one",
        "other_kind": "a person against a company, a ship against a company",
        "other_address": "the address is another one",
        "known_partner": "the partner is known and was identified",
        "same_identifier": "a number of an authority is the same",
        "same_details": "name and further details agree",
        "confirmed_by_partner": "the partner has confirmed it",
        "confirmed_by_authority": "the authority has confirmed it",
        "needs_information": "more information was asked for",
        "needs_decision": "someone with more authority must decide",
        "entry_gone": "the lists no longer hold the entry",
        "other": "as the comment says",
    }
)
"""Reason codes of dispositions and suppressions, with what each means."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of case work.

    Attributes:
        due_days: working days until a case of each priority is due.
        band_priority: the priority of a match by its band.
        program_priority: programs whose matches have another priority, if it is more urgent.
        needs_checker: which dispositions a second person must agree to: verdict -> bands of the alert, and
            `suppression` -> bands. Bulk dispositions always need one.
        lock_minutes: how long a case stays with the one who took it without doing anything.
        bulk_limit: cases in one bulk disposition.
        suppression_days: the longest time for which a suppression may hold.
        alarm_days: how long before its end a suppression is told.
        file_bytes, files: the largest file of a case, and how many of them.
        retention_days: after how many days without a screening or an open case a party is erased; None: never.
        reasons: reason codes and what they mean.
    """

    due_days: Mapping[Priority, int] = field(
        default_factory=lambda: {Priority.HIGH: 1, Priority.MEDIUM: 3, Priority.LOW: 10}
    )
    band_priority: Mapping[str, Priority] = field(
        default_factory=lambda: {
            "exact": Priority.HIGH,
            "strong": Priority.MEDIUM,
            "medium": Priority.LOW,
            "weak": Priority.LOW,
        }
    )
    program_priority: Mapping[str, Priority] = field(default_factory=dict)
    needs_checker: Mapping[str, frozenset[str]] = field(
        default_factory=lambda: {
            Verdict.FALSE_MATCH.value: frozenset({"exact", "strong"}),
            Verdict.TRUE_MATCH.value: frozenset(BANDS),
            SUPPRESSION: frozenset(BANDS),
        }
    )
    lock_minutes: int = 30
    bulk_limit: int = 500
    suppression_days: int = 365
    alarm_days: int = 14
    file_bytes: int = 10_000_000
    files: int = 50
    retention_days: int | None = None
    reasons: Mapping[str, str] = field(default_factory=lambda: REASONS)

    def priority(self, band: str, programs: Iterable[str]) -> Priority:
        """How urgent a match is: by its band, or by one of its programs where that is more urgent."""
        by_program = [self.program_priority[p] for p in programs if p in self.program_priority]
        return min([self.band_priority.get(band, Priority.LOW), *by_program])

    def due(self, priority: Priority, now: datetime) -> datetime:
        """When a case that comes up now is due: so many working days (Monday to Friday) later."""
        left, day = self.due_days[priority], now
        while left > 0:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        return day

    def asks_checker(self, what: str, band: str) -> bool:
        """Whether a second person must agree to a verdict, or to a suppression, on a match of this band."""
        return band in self.needs_checker.get(what, frozenset())
