"""One file from one address, by attempts, within bounds.

HTTP by RFC 9110: conditional requests (section 13), ranges (section 14) with If-Range, Retry-After (section
10.2.3). Packing for the way is not asked for, so that lengths and ranges are those of the file.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import IO, TYPE_CHECKING

from stopship.app.fetch.bounds import Bounds
from stopship.app.fetch.folder import Copy, DownloadFolder
from stopship.app.fetch.look import web_page
from stopship.errors import FetchError, StateError
from stopship.version import __version__

if TYPE_CHECKING:
    import httpx2

Report = Callable[[int, int | None], None]
"""Told the bytes that are here and those that will be, None where the server doesn't say."""

MOST_REDIRECTS = 8
_REDIRECTS = (301, 302, 303, 307, 308)
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_BEGINNING = 2_048


class NotThere(FetchError):
    """The server knows of no such file (404, 410). Where the address has a day in it, that day may be too late."""


class _TryAgain(Exception):
    """An attempt failed in a way that may pass. `after`: seconds that the server asks us to wait."""

    def __init__(self, what: str, after: float | None = None) -> None:
        self.what = what
        self.after = after
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A response whose body is still to be read, and whether we were sent on to it from the first address."""

    response: httpx2.Response
    sent_on: bool


class Downloader:
    """Downloads files.

    Args:
        bounds: for each file.
        proxy: address of a proxy for everything; empty: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say.
    """

    def __init__(self, bounds: Bounds, *, proxy: str = "") -> None:
        import stamina

        self.bounds = bounds
        self.proxy = proxy
        # The library would write a line for each further attempt; the message at the end says how many there were.
        stamina.instrumentation.set_on_retry_hooks(())

    def fetch(
        self,
        address: str,
        folder: DownloadFolder,
        *,
        day: str = "",
        known: Copy | None = None,
        page: bool = False,
        report: Report | None = None,
        stop: threading.Event | None = None,
    ) -> Copy | None:
        """Bring the file at an address into a folder.

        A whole file that lies there already is asked for conditionally, the beginning of one is gone on with.

        Args:
            address: where it is.
            folder: where it goes.
            day: the day that the file is of, where its address is one of a day; kept with it.
            known: the file that became the snapshot in use: asked for conditionally.
            page: a page for people (HTML) is what is wanted; else it is refused.
            report: told how far it is.
            stop: set by another thread, it ends the download at the next piece.

        Returns:
            What now lies in the folder; None if the publisher still has the `known` one.

        Raises:
            NotThere: there is no such file at the address.
            FetchError: it can't be had; says what the server did, how often it was tried, and what may help.
            StateError: the folder can't be written.
        """
        copy = Copy(address, day=day)
        told, stopped = report or (lambda _d, _t: None), stop or threading.Event()
        return _Work(self, copy, folder, known, told, stopped, page=page).run()

    @contextmanager
    def client(self) -> Iterator[httpx2.Client]:
        """A client for one attempt, with our name on it."""
        import httpx2

        seconds = self.bounds.silence_seconds
        headers = {"User-Agent": f"stopship/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
        with httpx2.Client(
            headers=headers, timeout=seconds, proxy=self.proxy or None, follow_redirects=False
        ) as it:
            yield it


class _Work:
    """One download."""

    def __init__(
        self,
        downloader: Downloader,
        wanted: Copy,
        folder: DownloadFolder,
        known: Copy | None,
        report: Report,
        stop: threading.Event,
        *,
        page: bool,
    ) -> None:
        self.downloader = downloader
        self.bounds = downloader.bounds
        self.wanted = wanted
        self.address = address = wanted.address
        self.folder = folder
        self.known = known if known is not None and known.address == address else None
        self.report = report
        self.stop = stop
        self.page = page
        self.until = time.monotonic() + self.bounds.most_seconds
        self.tries = 0

    def run(self) -> Copy | None:
        import httpx2
        import stamina

        bounds = self.bounds
        attempts = stamina.retry_context(
            on=_again,
            attempts=bounds.attempts,
            timeout=bounds.most_seconds,
            wait_initial=bounds.wait_seconds,
            wait_max=bounds.most_wait_seconds,
            wait_jitter=bounds.wait_seconds,
        )
        try:
            for attempt in attempts:
                with attempt:
                    self.tries += 1
                    return self._attempt()
        except _TryAgain as last:
            raise self._failed(last.what) from None
        except httpx2.InvalidURL as bad:
            raise self._failed(f"the address can't be used: {bad}") from None
        except httpx2.TransportError as bad:
            raise self._failed(_words(bad, bounds)) from None
        except OSError as bad:
            raise StateError(
                f"the download can't be written: {bad.strerror or bad}",
                where=str(self.folder.path),
                hint="Free space or give write permission",
            ) from None
        raise self._failed("no attempt was made")  # attempts are at least one

    def _attempt(self) -> Copy | None:
        """One attempt, from the first address on: where it sends us expires."""
        lying = self._lying()
        headers: dict[str, str] = {}
        if lying is not None and lying.whole:
            headers = lying.conditions()
            if not headers:
                lying = None
        elif lying is not None:
            headers = {"Range": f"bytes={self.folder.size}-", "If-Range": lying.validator}
        elif self.known is not None:
            headers = self.known.conditions()
        with self.downloader.client() as client, self._answered(client, headers) as answer:
            return self._read(answer, lying, conditional="Range" not in headers and bool(headers))

    def _lying(self) -> Copy | None:
        """What lies in the folder and can be gone on with or asked for conditionally."""
        head, size = self.folder.head(), self.folder.size
        if head is None or head.address != self.address:
            return None
        if head.whole:
            return head if head.total is None or head.total == size else None
        return head if size and head.validator and (head.total is None or size < head.total) else None

    @contextmanager
    def _answered(self, client: httpx2.Client, headers: dict[str, str]) -> Iterator[_Answer]:
        import httpx2

        url = httpx2.URL(self.address)
        for hops in range(MOST_REDIRECTS + 1):
            with client.stream("GET", url, headers=headers) as response:
                if response.status_code not in _REDIRECTS:
                    yield _Answer(response, hops > 0)
                    return
                location = response.headers.get("location", "")
                try:
                    further = url.join(location)
                except httpx2.InvalidURL:
                    further = httpx2.URL("")
                if not location or further.scheme not in ("http", "https"):
                    raise self._failed("the server sends us on to something that is no address on the web")
                if url.scheme == "https" and further.scheme == "http":
                    raise self._failed("the server sends us on to an address without encryption, which is refused")
                url = further
        raise self._failed(f"the server sent us on more than {MOST_REDIRECTS} times")

    def _read(self, answer: _Answer, lying: Copy | None, *, conditional: bool) -> Copy | None:
        response, status = answer.response, answer.response.status_code
        if status == 304 and conditional:
            if lying is not None:
                return lying
            return None
        if status == 206 and lying is not None and not lying.whole:
            return self._rest(response, lying)
        if status == 416:
            self.folder.discard()
            raise _TryAgain("the server no longer has the rest of the file")
        if status == 200:
            return self._all(response)
        what = f"the server answered {status} {response.reason_phrase}".rstrip()
        if status in _PASSING or (answer.sent_on and status in (401, 403, 404, 410)):
            # Where we were sent on to, a refusal mostly means that the address has expired: ask the first one.
            raise _TryAgain(what, _retry_after(response.headers.get("retry-after", "")))
        if status in (404, 410):
            raise NotThere(what, where=self.address, hint="Look whether the publisher has moved it")
        raise self._failed(what)

    def _all(self, response: httpx2.Response) -> Copy:
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip"):
            raise self._failed(f"the server packs the file with {encoding[:20]!r}, which we don't ask for")
        copy = replace(
            self.wanted,
            etag=_header(response, "etag"),
            last_modified=_header(response, "last-modified"),
            total=_length(response.headers.get("content-length", "")),
            encoding="gzip" if encoding == "gzip" else "",
        )
        self._fits(copy.total)
        with self.folder.begin(copy) as file:
            return self._pieces(response, file, copy, 0)

    def _rest(self, response: httpx2.Response, lying: Copy) -> Copy:
        here = self.folder.size
        said = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
        total = None if said is None or said[3] == "*" else int(said[3])
        if said is None or int(said[1]) != here or (lying.total is not None and total not in (None, lying.total)):
            self.folder.discard()
            raise _TryAgain("the server sent another part of the file than the one asked for")
        self._fits(total)
        with self.folder.go_on() as file:
            return self._pieces(response, file, lying, here)

    def _pieces(self, response: httpx2.Response, file: IO[bytes], copy: Copy, here: int) -> Copy:
        pace = _Pace(self.bounds)
        self.report(here, copy.total)
        for piece in response.iter_raw():
            if self.stop.is_set():
                raise self._failed("it was stopped")
            if here + len(piece) > self.bounds.most_bytes:
                self._too_long()
            file.write(piece)
            here += len(piece)
            self.report(here, copy.total)
            pace.came(len(piece))
            if time.monotonic() > self.until:
                raise self._failed(f"after {self.bounds.most_seconds:,.0f} seconds only {here:,} bytes were here")
        if copy.total is not None and here != copy.total:
            file.flush()
            if here > copy.total:
                self.folder.discard()
            raise _TryAgain(f"{here:,} bytes came of the {copy.total:,} that the server stated")
        if here == 0:
            raise _TryAgain("the server sent an empty file")
        file.flush()
        with self.folder.body.open("rb") as body:
            title = web_page(body.read(_BEGINNING))
        if title is not None and not self.page:
            self.folder.discard()
            raise self._failed(
                f"the server sent a web page (HTML{f', {title!r}' if title else ''}) instead of the list",
                hint="Open the address in a browser: the publisher may have moved it, or a proxy asks for a login",
            )
        return self.folder.finish(copy, file)

    def _fits(self, total: int | None) -> None:
        if total is not None and total > self.bounds.most_bytes:
            self._too_long()

    def _too_long(self) -> None:
        self.folder.discard()
        raise self._failed(f"the file has more than {self.bounds.most_bytes:,} bytes, no list is that long")

    def _failed(self, what: str, *, hint: str | None = None) -> FetchError:
        tries = f" (tried {self.tries} times)" if self.tries > 1 else ""
        return FetchError(f"{what}{tries}", where=self.address, hint=hint)


class _Pace:
    """Refuses a drip: over each stretch of `silence_seconds` enough bytes must have come in."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.since = time.monotonic()
        self.bytes = 0

    def came(self, count: int) -> None:
        self.bytes += count
        seconds = time.monotonic() - self.since
        if seconds < self.bounds.silence_seconds:
            return
        rate = self.bytes / seconds
        if rate < self.bounds.slowest:
            raise _TryAgain(f"the server sent only {rate:,.0f} bytes a second")
        self.since, self.bytes = time.monotonic(), 0


def _again(error: Exception) -> bool | float:
    """Whether to try again, or after how many seconds."""
    import httpx2

    if isinstance(error, _TryAgain):
        return True if error.after is None else error.after
    return isinstance(error, httpx2.TransportError) and not isinstance(
        error, (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError)
    )


def _words(error: httpx2.TransportError, bounds: Bounds) -> str:
    """What happened, in words; the library's own are about its insides."""
    import httpx2

    if isinstance(error, httpx2.ConnectTimeout):
        return f"no connection within {bounds.silence_seconds:g} seconds"
    if isinstance(error, httpx2.TimeoutException):
        return f"the server sent nothing for {bounds.silence_seconds:g} seconds"
    detail = " ".join(str(error).split())[:160]
    if isinstance(error, httpx2.ProxyError):
        return f"the proxy refused: {detail}"
    if isinstance(error, httpx2.ConnectError):
        return f"no connection: {detail}"
    return f"the connection broke off: {detail}"


def _retry_after(text: str) -> float | None:
    """Seconds that a server asks to wait, at most a minute; None where it doesn't ask."""
    seconds: float | None = None
    if text.strip().isdigit():
        seconds = float(text)
    elif text:
        with suppress(ValueError, TypeError):
            seconds = parsedate_to_datetime(text).timestamp() - time.time()
    return None if seconds is None else min(max(seconds, 0.0), 60.0)


def _length(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _header(response: httpx2.Response, name: str) -> str:
    """A header that we send back later; nothing that isn't plain text."""
    value = str(response.headers.get(name, ""))
    return value if value.isascii() and value.isprintable() and len(value) <= 512 else ""
