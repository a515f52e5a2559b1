"""JSON values from a stream, one at a time: one a line, or the elements of one array; memory for one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import orjson

from stopship.errors import OwnershipFileError
from stopship.ownership.contract import Bytes, Report

CHUNK = 1 << 20
MAX_RECORD = 16 << 20
"""Bytes of one record. A larger one is no statement about a company."""
_SPACE = " \t\r\n"


def json_records(stream: Bytes, where: str, report: Report) -> Iterator[tuple[int, object]]:
    """Every record with its row number (lines, or elements, from 1). A line that is no JSON is rejected.

    Raises:
        OwnershipFileError: not UTF-8 or not JSON where that can't be told from the next record, cut short, too
        large.
    """
    start = stream.read(CHUNK)
    if start.startswith(b"\xef\xbb\xbf"):
        start = start[3:]
    if not start.strip():
        raise OwnershipFileError("the file is empty", where=where)
    if start.lstrip().startswith(b"["):
        yield from _elements(start, stream, where, report)
    else:
        yield from _lines(start, stream, where, report)


def _lines(start: bytes, stream: Bytes, where: str, report: Report) -> Iterator[tuple[int, object]]:
    rest = start
    more = True
    while more:
        chunk = stream.read(CHUNK)
        more = bool(chunk)
        *lines, rest = (rest + chunk).split(b"\n") if more else [*rest.split(b"\n"), b""]
        if len(rest) > MAX_RECORD:
            raise OwnershipFileError(f"a line has more than {MAX_RECORD >> 20} MB", where=where)
        for line in lines:
            if line.strip():
                row = report.row()
                try:
                    yield row, orjson.loads(line)
                except orjson.JSONDecodeError:
                    report.reject(row, "not JSON", line[:200].decode("utf-8", "replace"))


def _elements(start: bytes, stream: Bytes, where: str, report: Report) -> Iterator[tuple[int, object]]:
    text = _Text(start, stream, where)
    text.take("[")
    if text.peek() == "]":
        return
    while True:
        row = report.row()
        yield row, text.value(row)
        mark = text.peek()
        if mark == "]":
            return
        if mark != ",":
            raise text.error(f"expected a comma after element {row}")
        text.take(",")


class _Text:
    """Decoded text of a stream with as much of it in memory as one element needs."""

    def __init__(self, start: bytes, stream: Bytes, where: str) -> None:
        import codecs

        self._decode = codecs.getincrementaldecoder("utf-8")()
        self._stream = stream
        self._where = where
        self._held = ""
        self._at = 0
        self._ended = False
        self._json = json.JSONDecoder(parse_constant=_no_constant)
        self._add(start)

    def error(self, message: str) -> OwnershipFileError:
        return OwnershipFileError(
            message, where=self._where, hint="Fetch the file again, or write one record a line"
        )

    def _add(self, data: bytes) -> None:
        try:
            more = self._decode.decode(data, final=not data)
        except UnicodeDecodeError:
            raise self.error("the file is not UTF-8") from None
        self._held = self._held[self._at :] + more
        self._at = 0
        self._ended = not data

    def peek(self) -> str:
        """The next character that isn't a space; an error at the end."""
        while True:
            while self._at < len(self._held):
                if self._held[self._at] not in _SPACE:
                    return self._held[self._at]
                self._at += 1
            if self._ended:
                raise self.error("the array is cut short")
            self._add(self._stream.read(CHUNK))

    def take(self, character: str) -> None:
        assert self.peek() == character
        self._at += 1

    def value(self, row: int) -> object:
        """The next value."""
        self.peek()
        while True:
            try:
                found, end = self._json.raw_decode(self._held, self._at)
            except (json.JSONDecodeError, ValueError, RecursionError) as bad:
                if self._ended or isinstance(bad, RecursionError):
                    raise self.error(f"element {row} is not JSON, or is cut short") from None
                if len(self._held) - self._at > MAX_RECORD:
                    raise self.error(f"element {row} is no JSON, or has more than {MAX_RECORD >> 20} MB") from None
                self._add(self._stream.read(CHUNK))
                continue
            if end == len(self._held) and not self._ended:
                self._add_more()  # a number may go on in the next chunk
                continue
            self._at = end
            return found

    def _add_more(self) -> None:
        self._add(self._stream.read(CHUNK))


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is no JSON")
