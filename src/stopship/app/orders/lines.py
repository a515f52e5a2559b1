"""Files of many orders: one JSON object a line, read as a stream."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from stopship.app.reading.streams import ByteStream
from stopship.errors import OrderError

BLOCK = 1 << 20
MAX_LINE = 4_000_000
"""Bytes of one order. It is a few kilobytes; a longer line is something else, or a line break is missing."""
_SIGNATURES = {
    b"PK\x03\x04": "a ZIP or Office file",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line: its number from 1, its bytes, and why it can't be read, if so."""

    number: int
    data: bytes
    problem: str | None = None


class OrderLines:
    """The lines of a stream, in order; iterated once.

    An empty line between two orders is handed on with its problem, because an order may have been lost there;
    empty lines at the end of the file are not lines.

    Raises:
        OrderError: the file is of another kind.
        TableError: it can't be read, or is cut off.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._number = 0

    @property
    def digest(self) -> str:
        """SHA-256 of all bytes up to the end of the line that was handed on last."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[OrderLine]:
        empty: list[int] = []
        for data, problem in self._raw_lines():
            self._number += 1
            if problem is None and not data.strip():
                empty.append(self._number)
                continue
            yield from (OrderLine(number, b"", "the line is empty") for number in empty)
            empty.clear()
            yield OrderLine(self._number, data, problem)

    def _raw_lines(self) -> Iterator[tuple[bytes, str | None]]:
        """(bytes without the line break, None), or (nothing, problem) of a line that is too long to hold."""
        held = b""
        dropped = 0
        first = True
        while block := self._stream.read(BLOCK):
            if first:
                block = self._without_mark(block)
                first = False
            *whole, rest = block.split(b"\n")
            for part in whole:
                self._digest.update(part)
                self._digest.update(b"\n")
                size = dropped + len(held) + len(part)
                yield (b"", _too_long(size)) if size > MAX_LINE else (held + part, None)
                held, dropped = b"", 0
            self._digest.update(rest)
            if dropped + len(held) + len(rest) > MAX_LINE:
                dropped += len(held) + len(rest)
                held = b""
            else:
                held += rest
        if dropped:
            yield b"", _too_long(dropped)
        elif held:
            yield held, None

    def _without_mark(self, block: bytes) -> bytes:
        for signature, what in _SIGNATURES.items():
            if block.startswith(signature):
                raise OrderError(
                    f"this is {what}, not JSON lines",
                    where=self._stream.where,
                    hint="Write one order a line, as JSON in UTF-8",
                )
        return block.removeprefix(b"\xef\xbb\xbf")


def _too_long(size: int) -> str:
    return f"{size:,} bytes are too many for one order (at most {MAX_LINE:,}); a line break may be missing"
