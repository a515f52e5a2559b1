"""Sanctions of FollowTheMoney, and the datasets of a party, to listings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from stopship.model import Listing, PartialDate, Program
from stopship.sources.ftm.records import Record
from stopship.sources.ftm.vocabulary import is_listed_dataset, program_of, vocabulary

# Lists of Commerce: the publisher puts the requirement and the policy of a row into reason and provisions.
_WITH_REQUIREMENT = (Program.US_EL, Program.US_UVL, Program.US_MEU)
_NOTICE = re.compile(r"\d+ F\.?R\.? \d+|\d{2,4}/\d{2,4}")
_NUMBERS = {"authorityId": "Authority's number", "unscId": "UN number", "recordId": "Record"}
_TEXTS = {"reason": "", "provisions": "Provisions", "summary": "", "status": "Status", "authority": "Authority"}


def listings_of(record: Record, sanctions: Sequence[Record], name: str, source_id: str) -> tuple[Listing, ...]:
    """One listing for each sanction and dataset that prints it.

    A dataset without a sanction gives a listing where it is one of the lists that have a program, or where there
    is no sanction at all; others (registers, encyclopedias) only add facts to a party.
    """
    tags = tuple(t for t in record.all("topics") if t not in vocabulary().dropped_topics)
    found: list[Listing] = []
    covered: set[str] = set()
    for sanction in sanctions:
        for dataset in sanction.datasets or record.datasets or (source_id,):
            covered.add(dataset)
            found.append(_listing(sanction, dataset, name, tags, source_id))
    for dataset in record.datasets or ((source_id,) if not sanctions else ()):
        if dataset not in covered and (not sanctions or is_listed_dataset(dataset)):
            program = program_of(dataset)
            url = next(iter(record.all("sourceUrl")), "")
            found.append(Listing(source_id, program, name, tags=tags, remarks=f"Dataset: {dataset}", url=url))
    return tuple(dict.fromkeys(sorted(found, key=_order)))


def _listing(sanction: Record, dataset: str, name: str, tags: tuple[str, ...], source_id: str) -> Listing:
    program = program_of(
        dataset, sanction.all("authority"), (*sanction.all("program"), *sanction.all("programId"))
    )
    own = program in _WITH_REQUIREMENT
    notices = [n for key in _NUMBERS for n in sanction.all(key) if _NOTICE.search(n)]
    remarks = [f"Dataset: {dataset}"]
    for key, label in _TEXTS.items():
        if not (own and key in ("reason", "provisions")):
            remarks += [f"{label}: {text}" if label else text for text in sanction.all(key)]
    for key, label in _NUMBERS.items():
        remarks += [f"{label}: {text}" for text in sanction.all(key) if text not in notices]
    start = [*_days(sanction.all("startDate"), first=True)] or [*_days(sanction.all("listingDate"), first=True)]
    return Listing(
        source=source_id,
        program=program,
        name=name,
        start=min(start, default=None),
        end=max(_days(sanction.all("endDate"), first=False), default=None),
        citation="; ".join(dict.fromkeys(notices)),
        license_requirement="; ".join(sanction.all("reason")) if own else "",
        license_policy="; ".join(sanction.all("provisions")) if own else "",
        tags=tuple(dict.fromkeys((*sanction.all("program"), *sanction.all("programId"), *tags))),
        remarks="; ".join(dict.fromkeys(remarks)),
        url=next(iter((*sanction.all("sourceUrl"), *sanction.all("programUrl"))), ""),
    )


def _days(texts: Iterable[str], *, first: bool) -> Iterator[date]:
    """Days; of a date that is known in part the first or the last one. One that can't be read is left out: the
    listing then counts on every date."""
    for text in texts:
        try:
            span = PartialDate.parse(text[:10])
        except ValueError:
            continue
        yield span.earliest if first else span.latest


def _order(listing: Listing) -> tuple[str, date, str]:
    return (listing.program, listing.start or date.max, listing.remarks)
