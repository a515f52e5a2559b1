"""Forms with one file, read as they come (RFC 7578): the file goes on piece by piece, and is never whole in memory
or in a folder for temporary files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from stopship.errors import InputError

MOST_TEXT = 4_000
"""Bytes of all fields that are no file."""
MOST_PARTS = 10
AT_ONCE = 1 << 20
"""Bytes that are handed on together."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What a form brought besides the bytes of its file: its fields, and what the sender calls the file."""

    fields: Mapping[str, str]
    filename: str


@dataclass(slots=True)
class _Part:
    headers: dict[bytes, bytes] = field(default_factory=dict)
    name: str = ""
    filename: str | None = None
    text: bytearray = field(default_factory=bytearray)


class _Form:
    """What the parser tells, put together."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.filename = ""
        self.held = bytearray()
        self.ended = False
        self._part = _Part()
        self._header = self._value = b""
        self._parts = self._texts = 0

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._whole,
        }

    def _begin(self) -> None:
        self._part, self._header, self._value = _Part(), b"", b""
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise InputError("this form has too many fields")

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._part.headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _headers_end(self) -> None:
        _kind, about = parse_options_header(self._part.headers.get(b"content-disposition", b""))
        self._part.name = about.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in about:
            if self.filename:
                raise InputError("one file at a time")
            self._part.filename = self.filename = about[b"filename"].decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part.filename is not None:
            self.held += data[start:end]
            return
        self._texts += end - start
        if self._texts > MOST_TEXT:
            raise InputError("the fields of this form are too long")
        self._part.text += data[start:end]

    def _end(self) -> None:
        if self._part.filename is None and self._part.name:
            self.fields[self._part.name] = self._part.text.decode("utf-8", "replace").strip()

    def _whole(self) -> None:
        self.ended = True


async def read_upload(request: Request, write: Callable[[bytes], None]) -> Uploaded:
    """Read a form with one file.

    Args:
        request: whose body was not read yet.
        write: takes the file, piece by piece; called in a thread.

    Raises:
        InputError: this is no such form, or it is cut off.
    """
    kind, about = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not about.get(b"boundary"):
        raise InputError("no file was sent", hint="Choose a file")
    form = _Form()
    try:
        parser = MultipartParser(about[b"boundary"], form.callbacks())  # type: ignore[arg-type]
        async for piece in request.stream():
            parser.write(piece)
            if len(form.held) >= AT_ONCE:
                await run_in_threadpool(write, bytes(form.held))
                form.held.clear()
        parser.finalize()
    except FormParserError:
        raise InputError("the form can't be read", hint="Choose the file again") from None
    if not form.ended:
        raise InputError("the file did not come whole", hint="Choose it again")
    if form.held:
        await run_in_threadpool(write, bytes(form.held))
    return Uploaded(form.fields, form.filename)
