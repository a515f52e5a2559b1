"""The text of a file, some whole lines at a time, decoded and looked through for what no text has."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

from stopship.app.reading.encodings import Encoding
from stopship.app.reading.streams import ByteStream
from stopship.errors import TableError

MAX_LINE = 2_000_000
"""Characters in one line."""
_BLOCK = 1 << 20


def whole_lines(stream: ByteStream, encoding: Encoding, hint: str) -> Iterator[str]:
    """The text of the file, some whole lines at a time; decoding errors told in words."""
    name = "utf-8-sig" if encoding.name == "utf-8" else encoding.name
    decoder = codecs.getincrementaldecoder(name)()
    rest = ""
    line = 1
    while True:
        data = stream.read(_BLOCK)
        try:
            text = decoder.decode(data, final=not data)
        except UnicodeDecodeError as bad:
            near = line + (rest + data[: bad.start].decode("latin-1")).count("\n")
            raise TableError(
                f"byte {bad.object[bad.start]:#04x} is not {encoding.name.upper()} (near line {near})",
                where=stream.where,
                hint=hint,
            ) from None
        if "\0" in text:
            near = line + (rest + text[: text.index("\0")]).count("\n")
            raise TableError(f"a NUL byte at line {near}: this is not a text file", where=stream.where)
        whole, rest = _cut(rest + text) if data else (rest + text, "")
        _check_lines(whole if whole else rest, line, stream.where)
        if whole:
            yield whole
            line += whole.count("\n")
        if not data:
            return


def _cut(text: str) -> tuple[str, str]:
    """Whole lines, and the start of the next one. A return at the very end may be half of a line ending."""
    at = text.rfind("\n") + 1 or text.rfind("\r", 0, max(len(text) - 1, 0)) + 1
    return text[:at], text[at:]


def _check_lines(text: str, line: int, where: str) -> None:
    if len(text) < MAX_LINE:
        return
    for number, one in enumerate(io.StringIO(text, newline=""), start=line):
        if len(one) >= MAX_LINE:
            raise TableError(
                f"line {number} has more than {MAX_LINE:,} characters", where=where, hint="A line break is missing"
            )
