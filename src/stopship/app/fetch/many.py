"""Several downloads side by side: a slow publisher keeps only itself waiting."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from stopship.app.fetch.dated import DAY, fetch_dated
from stopship.app.fetch.download import Downloader
from stopship.app.fetch.folder import Copy, DownloadFolder
from stopship.errors import StopshipError, fault_words
from stopship.sources.contract import LatestDay

AT_ONCE = 4
GRACE_SECONDS = 30.0
"""How much longer than its bounds a download may take before it is left alone: a server that drips its headers
gives the reading side no moment to look at the clock."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A source to fetch: its address, where it goes, and the copy that became the snapshot in use.

    `page`: it is a page for people. `latest`: where the publisher says which day an address with `{date}` may ask
    for.
    """

    source: str
    address: str
    folder: DownloadFolder
    known: Copy | None
    page: bool = False
    latest: LatestDay | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What came: a copy in the folder, or None where the one in use is still the publisher's.

    `confirmed`: the publisher said so now. `problem`: why it could not be had.
    """

    source: str
    copy: Copy | None
    confirmed: bool = True
    problem: str | None = None


def bring(
    downloader: Downloader,
    asked: Sequence[Asked],
    report: Callable[[str, str, int, int | None], None],
    *,
    today: date,
) -> Iterator[Brought]:
    """Fetch all, at most four at once, and give each as soon as it is there. Where an address has a day in it,
    days up to `today` are asked for.

    The threads are daemons: whoever interrupts the program doesn't wait for a server.
    """
    todo: queue.SimpleQueue[Asked] = queue.SimpleQueue()
    results: queue.SimpleQueue[Brought] = queue.SimpleQueue()
    running: dict[str, float] = {}
    stops = {one.source: threading.Event() for one in asked}
    for one in asked:
        todo.put(one)

    def work() -> None:
        while True:
            try:
                one = todo.get_nowait()
            except queue.Empty:
                return
            running[one.source] = time.monotonic()
            results.put(_brought(downloader, one, report, stops[one.source], today))
            running.pop(one.source, None)

    def start() -> None:
        threading.Thread(target=work, name="stopship-fetch", daemon=True).start()

    for _ in range(min(AT_ONCE, len(asked))):
        start()
    waiting = {one.source for one in asked}
    allowed = downloader.bounds.most_seconds + min(GRACE_SECONDS, downloader.bounds.most_seconds)
    try:
        while waiting:
            try:
                brought = results.get(timeout=0.2)
            except queue.Empty:
                for source, since in list(running.items()):
                    if source in waiting and time.monotonic() - since > allowed:
                        stops[source].set()
                        waiting.discard(source)
                        start()  # in the place of the thread that hangs
                        yield Brought(source, None, problem=f"it took more than {allowed:,.0f} seconds")
                continue
            if brought.source in waiting:
                waiting.discard(brought.source)
                yield brought
    finally:
        for stop in stops.values():
            stop.set()


def _brought(
    downloader: Downloader,
    one: Asked,
    report: Callable[[str, str, int, int | None], None],
    stop: threading.Event,
    today: date,
) -> Brought:
    def told(done: int, total: int | None) -> None:
        report(one.source, "fetching", done, total)

    report(one.source, "fetching", 0, None)
    try:
        if DAY in one.address:
            copy = fetch_dated(
                downloader,
                one.address,
                one.folder,
                latest=one.latest,
                today=today,
                known=one.known,
                page=one.page,
                report=told,
                stop=stop,
            )
        else:
            copy = downloader.fetch(
                one.address, one.folder, known=one.known, page=one.page, report=told, stop=stop
            )
    except StopshipError as bad:
        return Brought(one.source, None, problem=str(bad))
    except Exception as bad:  # in a thread nobody else would hear of it
        return Brought(one.source, None, problem=fault_words(bad))
    return Brought(one.source, copy)
