"""What GLEIF's relationship records mean, whatever file they stand in.

Level 2 (https://www.gleif.org/en/about-lei/common-data-file-format/relationship-record-cdf-format) says who
consolidates whom in its accounts. That is no percentage: consolidation follows control (IFRS 10), usually of more
than half of the shares, but no record says so. So it is a stake of unknown share. The quantifier that some records
carry is the percentage of an accounting method, written by some as 1.00 and by others as 100, and isn't taken for
a share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stopship.model.entity import Identifier
from stopship.model.stake import UNKNOWN, Holder, Interest, Stake
from stopship.model.values import Schema, Share
from stopship.ownership.contract import BadRow, Report, country_of, day_of, lei_of, text_of

KIND = "gleif"

_CONSOLIDATION = "accounting consolidation, no percentage stated"
TYPES: Mapping[str, tuple[Interest, Share, str]] = {
    "IS_DIRECTLY_CONSOLIDATED_BY": (Interest.SHARES, UNKNOWN, _CONSOLIDATION),
    "IS_ULTIMATELY_CONSOLIDATED_BY": (Interest.INDIRECT, UNKNOWN, _CONSOLIDATION),
    "IS_INTERNATIONAL_BRANCH_OF": (Interest.SHARES, Share(100.0, 100.0), "a branch is part of its head office"),
    "IS_FUND-MANAGED_BY": (Interest.CONTROL, UNKNOWN, "manages the fund"),
    "IS_SUBFUND_OF": (Interest.CONTROL, UNKNOWN, "umbrella of the sub-fund"),
    "IS_FEEDER_TO": (Interest.CONTROL, UNKNOWN, "master of the feeder fund"),
}
"""Relationship type -> what kind of stake the end node has in the start node, its share, a note. The names are
those of RR CDF 2.1 and of 1.1 (`IS_FUND-MANAGED_BY`)."""

_ACTIVE, _INACTIVE, _NULL = "ACTIVE", "INACTIVE", "NULL"
_VOID = ("ANNULLED", "DUPLICATE", "CANCELLED")
"""Registration states of records that never counted, or that another record stands for."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship record as printed; `periods` are (type, start, end)."""

    start: str
    start_type: str
    end: str
    end_type: str
    kind: str
    status: str
    registration: str = ""
    periods: Sequence[tuple[str, str, str]] = ()
    deleted: bool = False


def stake_of(record: Relationship, report: Report) -> Stake | None:
    """The stake that a record states; None where it was passed over.

    Raises:
        BadRow: a node isn't an LEI, the type is unknown, a date can't be read.
    """
    ends = []
    for text, kind, what in ((record.start, record.start_type, "start"), (record.end, record.end_type, "end")):
        lei = lei_of(text_of(text, f"{what} node"))
        if kind not in ("LEI", "") or lei is None:
            raise BadRow(f"the {what} node is no LEI")
        ends.append(f"lei:{lei}")
    if record.kind not in TYPES:
        raise BadRow(f"{record.kind[:40]!r} is no relationship type that is known")
    if record.deleted or record.registration in _VOID:
        report.pass_over(f"relationships marked {record.registration if not record.deleted else 'deleted'}")
        return None
    if record.status not in (_ACTIVE, _INACTIVE, _NULL, ""):
        raise BadRow(f"{record.status[:40]!r} is no relationship status that is known")
    since, until = _period(record.periods)
    if record.status == _INACTIVE and until is None:
        report.pass_over("relationships that have ended on a day that isn't stated")
        return None
    interest, share, note = TYPES[record.kind]
    if record.registration == "LAPSED":
        note = f"{note}; the record was not renewed"
    return Stake(
        owner=ends[1],
        held=ends[0],
        share=share,
        interest=interest,
        since=since,
        until=until,
        statement=record.kind,
        note=note,
    )


def _period(periods: Sequence[tuple[str, str, str]]) -> tuple[date | None, date | None]:
    """The relationship's own period; those of accounts and filings say when it was reported."""
    found = [
        (day_of(s, "start date"), day_of(e, "end date", end=True))
        for kind, s, e in periods
        if kind == "RELATIONSHIP_PERIOD"
    ]
    if not found:
        return None, None
    starts, ends = [start for start, _ in found], [end for _, end in found]
    since = None if None in starts else min(day for day in starts if day)
    return since, None if None in ends else max(day for day in ends if day)


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """One level 1 record as printed."""

    lei: str
    names: Sequence[str]
    category: str = ""
    jurisdiction: str = ""
    countries: Sequence[str] = ()
    register_number: str = ""


def holder_of(record: LegalEntity) -> Holder:
    """The holder that a level 1 record describes.

    Raises:
        BadRow: no LEI, or no name.
    """
    lei = lei_of(text_of(record.lei, "LEI"))
    if lei is None:
        raise BadRow("no LEI")
    names = tuple(dict.fromkeys(text for name in record.names if (text := text_of(name, "name"))))
    if not names:
        raise BadRow("no name")
    places = (record.jurisdiction, *record.countries)
    countries = tuple(dict.fromkeys(c for place in places if (c := country_of(place))))
    identifiers = [Identifier("lei", lei)]
    number = text_of(record.register_number, "registration number")
    if number and countries:
        identifiers.append(Identifier("registration_number", number, countries[0]))
    person = record.category == "SOLE_PROPRIETOR"
    body = record.category in ("RESIDENT_GOVERNMENT_ENTITY", "INTERNATIONAL_ORGANIZATION")
    schema = Schema.PERSON if person else Schema.PUBLIC_BODY if body else Schema.COMPANY
    return Holder(f"lei:{lei}", names, schema, countries, tuple(identifiers))
