"""Addresses with a day in them: which day, and what if the publisher has none of it.

Some publishers give each day's text an address of its own and refuse days that they don't have yet. Where they say
up to which day their texts go, that is asked first. Where they don't, or that can't be learned, it is tried from
today backwards, a bounded number of days.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import orjson

from stopship.app.fetch.download import Downloader, NotThere, Report
from stopship.app.fetch.folder import Copy, DownloadFolder
from stopship.errors import FetchError
from stopship.model.values import parse_day
from stopship.sources.contract import LatestDay

DAY = "{date}"
MOST_DAYS_BACK = 10
"""The eCFR is mostly two or three working days behind."""
MOST_LOOKUP_BYTES = 5_000_000


def fetch_dated(
    downloader: Downloader,
    address: str,
    folder: DownloadFolder,
    *,
    latest: LatestDay | None,
    today: date,
    known: Copy | None = None,
    page: bool = False,
    report: Report | None = None,
    stop: threading.Event | None = None,
) -> Copy | None:
    """As `Downloader.fetch`, of the latest day that the publisher has.

    Args:
        address: with `{date}` in it.
        latest: where the publisher says up to which day its texts go; None where it doesn't.
        today: later days are never asked for.

    Returns:
        What now lies in the folder, with its day; None if the publisher still has the `known` one.

    Raises:
        FetchError: it can't be had, or there is no text of any of the days that were tried.
        StateError: the folder can't be written.
    """
    problem = ""
    day: date | None = None
    if latest is not None:
        try:
            day = _latest_day(downloader, latest, folder, stop)
        except FetchError as bad:
            problem = f"; up to which day it goes could not be learned: {bad}"
    first = min(day or today, today)
    for tried in _days(first):
        try:
            return downloader.fetch(
                address.replace(DAY, tried.isoformat()),
                folder,
                day=tried.isoformat(),
                known=known,
                page=page,
                report=report,
                stop=stop,
            )
        except NotThere:
            continue
    raise FetchError(
        f"there is no text of {first} nor of the {MOST_DAYS_BACK} days before{problem}",
        where=address,
        hint="Look whether the publisher has moved it",
    )


def _days(first: date) -> Iterator[date]:
    return (first - timedelta(days=back) for back in range(MOST_DAYS_BACK + 1))


def _latest_day(
    downloader: Downloader, latest: LatestDay, folder: DownloadFolder, stop: threading.Event | None
) -> date:
    """The day that the publisher states.

    Raises:
        FetchError: it can't be fetched, or what comes has no such day.
    """
    beside = DownloadFolder(folder.path / "latest-day")
    beside.discard()
    bounded = Downloader(replace(downloader.bounds, most_bytes=MOST_LOOKUP_BYTES), proxy=downloader.proxy)
    bounded.fetch(latest.address, beside, stop=stop)
    try:
        found = orjson.loads(beside.body.read_bytes())[latest.among]
        (right,) = (one for one in found if all(str(one[field]) == value for field, value in latest.where.items()))
        return parse_day(right[latest.take])
    except (ValueError, KeyError, TypeError, AttributeError):
        wanted = ", ".join(f"{field} {value}" for field, value in latest.where.items())
        raise FetchError(f"the answer has no {latest.take} of {wanted}", where=latest.address) from None
    finally:
        beside.discard()
