"""A connection that is not held open by somebody who never finishes asking.

uvicorn itself waits for ever for the head of a request (address and headers), and takes one of any length. What is
said of bodies stands in `stopship.api.around`.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 20.0
"""From the connection, or from the first byte of the next request on it, to the end of its headers."""
MOST_HEAD_BYTES = 65_536
TOO_LARGE = b"address and headers are longer than 65,536 bytes"


class Connection(HttpToolsProtocol):
    """uvicorn's connection, with a bound on the head of a request: its bytes, and the time that it takes."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._late: asyncio.TimerHandle | None = None
        self._head = 0
        self._in_head = True
        self._too_large = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._head_is_there()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        if self._late is None and (self.cycle is None or self.cycle.response_complete):
            self._expect_head()
        begun = self._in_head
        super().data_received(data)
        if begun and self._in_head and not self.transport.is_closing():
            # A name or value that isn't whole is not counted yet: the parser still gathers it.
            self._head += len(data)
            if self._head > 2 * MOST_HEAD_BYTES:
                self._too_large = True
                self.send_400_response("")

    def on_url(self, url: bytes) -> None:
        """See `httptools`."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """See `httptools`."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_message_begin(self) -> None:
        """See `httptools`."""
        self._head, self._in_head = 0, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """See `httptools`."""
        self._head_is_there()
        self._in_head = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, or one whose head is too long, and end the connection."""
        if not self._too_large:
            super().send_400_response(msg)
            return
        length = b"content-length: %d\r\n" % len(TOO_LARGE)
        self.transport.write(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
            + length
            + b"connection: close\r\n\r\n"
            + TOO_LARGE
        )
        self.transport.close()

    def _count(self, length: int) -> None:
        self._head += length
        if self._head > MOST_HEAD_BYTES:
            self._too_large = True
            raise ValueError("the head is too long")  # the parser stops, and `send_400_response` is called

    def _expect_head(self) -> None:
        self._late = self.loop.call_later(HEAD_SECONDS, self._end)

    def _head_is_there(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
