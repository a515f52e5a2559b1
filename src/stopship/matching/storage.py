"""How an index lies on disk: named sections of bytes in one file, and a JSON header that says where and what.

The data file is named by its content hash and is complete before the header that points at it is replaced, so a
kill at any moment leaves the last good index. Arrays are little-endian and begin at multiples of 64 bytes; the
file is mapped, not read, and processes share it. Its hash is compared once after each change of the file on disk:
a small file beside it says of which size and time of change that was.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import sys
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from stopship.errors import IndexFileError

FORMAT = 6
_ALIGN = 64
HEADER = "index.json"
_CHECKED = "index.checked"
_MEND = "Build the index again with: stopship lists import"

# How the sections that are arrays are read.
ARRAYS: dict[str, str] = {
    "token.rows": "<i8", "token.info": "<f8", "token.text": "u1", "token.kind": "u1", "token.letters": "<i4",
    "token.first": "u1",
    "token.order": "<u4", "token.entities": "<u4", "token.text.at": "<u4", "token.key.at": "<u4",
    "entity.list": "<u2", "entity.at": "<u8",
    "reading.at": "<u4", "reading.tokens": "<u4", "reading.entity": "<u4", "reading.name": "<u2",
    "reading.role": "u1", "reading.person": "u1", "reading.first": "u1",
    "reading.total": "<f4", "reading.general": "<f4", "reading.counts": "u1",
    "posting.at": "<u4", "posting.readings": "<u4",
}  # fmt: skip
for _name in ("person", "other", "initial"):
    ARRAYS |= {f"{_name}.at": "<u4", f"{_name}.readings": "<u4"}
for _name in ("word", "key", "sound", "bone", "phrase", "delete", "name"):
    ARRAYS |= {f"{_name}.at": "<u4", f"{_name}.rest": "<u2", f"{_name}.token": "<u4"}
for _name in ("exact", "id", "identifier", "street", "joined"):
    ARRAYS |= {f"{_name}.hash": "<u8", f"{_name}.value": "<u4"}


def pack(values: array[Any]) -> bytes:
    """An array as little-endian bytes."""
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def write(directory: Path, meta: Mapping[str, Any], sections: Mapping[str, bytes]) -> None:
    """Write an index into a directory, which is made if needed; an index already there is replaced at the end."""
    directory.mkdir(parents=True, exist_ok=True)
    places: dict[str, list[int]] = {}
    parts: list[bytes] = []
    at = 0
    for name in sorted(sections):
        gap = -at % _ALIGN
        parts.append(bytes(gap))
        at += gap
        places[name] = [at, len(sections[name])]
        parts.append(sections[name])
        at += len(sections[name])
    body = b"".join(parts)
    digest = hashlib.sha256(body).hexdigest()
    data_name = f"index-{digest[:16]}.bin"
    header = {"format": FORMAT, "data": data_name, "sha256": digest, "sections": places, "meta": dict(meta)}
    header["check"] = _check(header)
    _replace(directory / data_name, body)
    _note_checked(directory / data_name, digest)
    _replace(directory / HEADER, orjson.dumps(header, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2))
    for old in directory.glob("index-*.bin"):
        if old.name != data_name:
            # Another process may still be reading it (Windows then refuses); the next write tries again.
            try:
                old.unlink()
            except OSError:
                continue


def read(directory: Path) -> tuple[dict[str, Any], dict[str, memoryview]]:
    """Read an index: what was given to `write`.

    Raises:
        IndexFileError: there is none, it is of another format version, or it is truncated or altered.
    """
    header = _read_header(directory / HEADER)
    try:
        body = _mapped(directory / str(header["data"]))
    except FileNotFoundError:
        # Another process may have replaced the index between the two reads: then there is a new header.
        header = _read_header(directory / HEADER)
        data_path = directory / str(header["data"])
        try:
            body = _mapped(data_path)
        except OSError as error:
            raise IndexFileError("the index data is missing", where=str(data_path), hint=_MEND) from error
    data_path = directory / str(header["data"])
    if not _is_checked(data_path, str(header["sha256"])):
        if hashlib.sha256(body).hexdigest() != header["sha256"]:
            raise IndexFileError("the index data is truncated or altered", where=str(data_path), hint=_MEND)
        _note_checked(data_path, str(header["sha256"]))
    view = memoryview(body)
    return header["meta"], {name: view[at : at + size] for name, (at, size) in header["sections"].items()}


def _mapped(path: Path) -> mmap.mmap | bytes:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return b""  # can't be mapped
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _state(path: Path, digest: str) -> str:
    found = path.stat()
    return f"{digest} {found.st_size} {found.st_mtime_ns}"


def _is_checked(path: Path, digest: str) -> bool:
    try:
        return path.with_name(_CHECKED).read_text("ascii") == _state(path, digest)
    except (OSError, UnicodeDecodeError):
        return False


def _note_checked(path: Path, digest: str) -> None:
    # A folder that can't be written to is checked by every process.
    with contextlib.suppress(OSError):
        _replace(path.with_name(_CHECKED), _state(path, digest).encode("ascii"))


def _read_header(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise IndexFileError("there is no index here", where=str(path), hint=_MEND) from error
    return header_of(raw, str(path))


def header_of(raw: bytes, where: str) -> dict[str, Any]:
    """What the header of an index (`index.json`) says: `data` and `sha256` are name and hash of the other file,
    `meta` is what was given to `write`.

    Raises:
        IndexFileError: it is damaged, altered, or of another format version.
    """
    try:
        header = orjson.loads(raw)
        check, version = header.pop("check"), header["format"]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise IndexFileError("the index header is damaged", where=where, hint=_MEND) from error
    if version != FORMAT:
        raise IndexFileError(f"the index has format {version}, this is {FORMAT}", where=where, hint=_MEND)
    if check != _check(header):
        raise IndexFileError("the index header was altered", where=where, hint=_MEND)
    plain: dict[str, Any] = header
    return plain


def _check(header: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(header, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
