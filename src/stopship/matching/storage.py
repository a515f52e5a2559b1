"""How an index lies on disk: named sections of bytes in one file, and a JSON header that says where and what.

The data file is named by its content hash and is complete before the header that points at it is replaced, so a
kill at any moment leaves the last good index. Arrays are little-endian and begin at multiples of 64 bytes, so
that a later version can map them instead of reading them.
"""

from __future__ import annotations

import hashlib
import os
import sys
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from stopship.errors import IndexFileError

FORMAT = 5
_ALIGN = 64
_HEADER = "index.json"
_MEND = "Build the index again with: stopship lists import"


def pack(values: array[Any]) -> bytes:
    """An array as little-endian bytes."""
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def unpack(kind: str, data: memoryview) -> array[Any]:
    """The inverse of `pack`; `kind` is a type code of the array module."""
    values = array(kind)
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


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
    _replace(directory / _HEADER, orjson.dumps(header, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2))
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
    header = _read_header(directory / _HEADER)
    try:
        body = (directory / str(header["data"])).read_bytes()
    except FileNotFoundError:
        # Another process may have replaced the index between the two reads: then there is a new header.
        header = _read_header(directory / _HEADER)
        data_path = directory / str(header["data"])
        try:
            body = data_path.read_bytes()
        except OSError as error:
            raise IndexFileError("the index data is missing", where=str(data_path), hint=_MEND) from error
    if hashlib.sha256(body).hexdigest() != header["sha256"]:
        where = str(directory / str(header["data"]))
        raise IndexFileError("the index data is truncated or altered", where=where, hint=_MEND)
    view = memoryview(body)
    return header["meta"], {name: view[at : at + size] for name, (at, size) in header["sections"].items()}


def _read_header(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise IndexFileError("there is no index here", where=str(path), hint=_MEND) from error
    try:
        header = orjson.loads(raw)
        check, version = header.pop("check"), header["format"]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise IndexFileError("the index header is damaged", where=str(path), hint=_MEND) from error
    if version != FORMAT:
        raise IndexFileError(f"the index has format {version}, this is {FORMAT}", where=str(path), hint=_MEND)
    if check != _check(header):
        raise IndexFileError("the index header was altered", where=str(path), hint=_MEND)
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
