"""From the bytes of a download to text: gzip undone, foreign formats named, encoding checked.

What people hand in as "the CSV" is often something else: a spreadsheet with the wrong ending, an error page, a
download cut short. Each is recognized by its content, never by its name, and named in one line.
"""

from __future__ import annotations

import zlib

from stopship.errors import ListFileError

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes that a file may have when unpacked. The Consolidated Screening List has about 20 million."""

_GZIP = b"\x1f\x8b"
_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook (XLSX)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (XLS)"),
    (b"%PDF-", "a PDF"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard"),
    (b"\xfd7zXZ\x00", "packed with xz"),
    (b"BZh", "packed with bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
)
_PACKED = ("packed with Zstandard", "packed with xz", "packed with bzip2", "a 7-Zip archive")
_AGAIN = "Download it again"


def unpack(data: bytes, where: str) -> bytes:
    """Undo gzip if the content is gzipped, whatever the file is called.

    Raises:
        ListFileError: empty, cut short, damaged, or larger than `MAX_UNPACKED` when unpacked.
    """
    if not data:
        raise ListFileError("the file is empty", where=where, hint=_AGAIN)
    if not data.startswith(_GZIP):
        if len(data) > MAX_UNPACKED:
            raise _too_large(where)
        return data
    parts: list[bytes] = []
    room = MAX_UNPACKED + 1
    rest = data
    while rest.startswith(_GZIP):
        member = zlib.decompressobj(wbits=31)
        try:
            part = member.decompress(rest, room)
        except zlib.error:
            raise ListFileError("the gzip file is damaged", where=where, hint=_AGAIN) from None
        room -= len(part)
        if room <= 0:
            raise _too_large(where)
        if not member.eof:
            raise ListFileError("the gzip file is cut short", where=where, hint=_AGAIN)
        parts.append(part)
        rest = member.unused_data
    if rest.strip(b"\x00"):
        raise ListFileError("there is something else behind the gzipped content", where=where, hint=_AGAIN)
    unpacked = b"".join(parts)
    if not unpacked:
        raise ListFileError("the file is empty", where=where, hint=_AGAIN)
    return unpacked


def name_of_kind(data: bytes) -> str | None:
    """What the bytes are by their beginning ("a PDF"), if it is no format that lists are read from."""
    return next((name for magic, name in _MAGIC if data.startswith(magic)), None)


def decode(data: bytes, where: str, wanted: str) -> str:
    """Bytes to text, after naming whatever is not text.

    Args:
        data: unpacked bytes.
        where: the file's name, for messages.
        wanted: what the file should be, e.g. "the CSV form of the list", for the hint.

    Raises:
        ListFileError: another format, another encoding, or NUL bytes.
    """
    if name := name_of_kind(data):
        hint = "Unpack it first" if name in _PACKED else f"Hand in {wanted}"
        raise ListFileError(f"this is {name}, whatever its name says", where=where, hint=hint)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_like_utf16(data):
        raise ListFileError("the file is encoded in UTF-16", where=where, hint="Save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListFileError(
            f"byte 0x{data[error.start]:02x} at offset {error.start:,} is not UTF-8",
            where=where,
            hint="Save the file as UTF-8, or download it again",
        ) from None
    if not text.strip():
        raise ListFileError("the file is empty", where=where, hint=_AGAIN)
    if "\x00" in text:
        offset = len(text[: text.index("\x00")].encode("utf-8"))
        raise ListFileError(f"there is a NUL byte at offset {offset:,}", where=where, hint=_AGAIN)
    start = text[:512].lstrip().lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<body")):
        raise ListFileError("this is an HTML page, perhaps an error page", where=where, hint=f"Hand in {wanted}")
    if start.startswith("<?xml"):
        raise ListFileError("this is an XML file", where=where, hint=f"Hand in {wanted}")
    return text


def _looks_like_utf16(data: bytes) -> bool:
    sample = data[:200]
    return len(sample) >= 8 and (
        sample[1::2].count(0) > len(sample) * 0.4 or sample[::2].count(0) > len(sample) * 0.4
    )


def _too_large(where: str) -> ListFileError:
    return ListFileError(
        f"the file has more than {MAX_UNPACKED // (1024 * 1024)} MB when unpacked, no list is that large",
        where=where,
    )
