"""How a graph of stakes lies in a file: named columns, mapped and not read, under one hash of their content.

::

    8 bytes   "STOPOWN1"
    8 bytes   length of the header, little-endian
    header    JSON: format, content hash, what each column is (type, place, length), what the graph holds
    columns   from multiples of 64 bytes on, little-endian

The hash is over the columns alone, so that the same stakes have the same hash wherever and whenever they were
imported. Texts are one column of UTF-8 bytes and one of where each begins.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from stopship.errors import OwnershipStateError

FORMAT = 1
MAGIC = b"STOPOWN1"
_ALIGN = 64
_MEND = "Import the data again with: stopship ownership import"

Array = npt.NDArray[Any]


def pack_texts(texts: list[str]) -> dict[str, Array]:
    """A list of texts as the columns `text` and `at`."""
    encoded = [text.encode("utf-8", "replace") for text in texts]
    at = np.zeros(len(encoded) + 1, dtype="<i8")
    np.cumsum(np.fromiter((len(t) for t in encoded), dtype="<i8", count=len(encoded)), out=at[1:])
    return {"text": np.frombuffer(b"".join(encoded), dtype="u1"), "at": at}


def content_hash(columns: Mapping[str, Array]) -> str:
    """`sha256:` and the hash over format, names, types and bytes of all columns."""
    digest = hashlib.sha256(f"stopship ownership {FORMAT}\n".encode())
    for name in sorted(columns):
        column = np.ascontiguousarray(columns[name])
        digest.update(f"{name} {column.dtype.str} {column.size}\n".encode())
        digest.update(column.view("u1").data if column.size else b"")
    return f"sha256:{digest.hexdigest()}"


def to_bytes(columns: Mapping[str, Array], meta: Mapping[str, Any]) -> bytes:
    """The content of a file."""
    places: dict[str, list[Any]] = {}
    parts: list[bytes] = []
    at = 0
    for name in sorted(columns):
        column = np.ascontiguousarray(columns[name])
        gap = -at % _ALIGN
        parts += [bytes(gap), column.tobytes()]
        at += gap
        places[name] = [column.dtype.str, at, column.size]
        at += column.nbytes
    header = {"format": FORMAT, "hash": content_hash(columns), "columns": places, "meta": dict(meta)}
    head = orjson.dumps(header, option=orjson.OPT_SORT_KEYS)
    head += b" " * (-(len(head) + len(MAGIC) + 8) % _ALIGN)
    return b"".join((MAGIC, len(head).to_bytes(8, "little"), head, *parts))


def open_columns(path: Path) -> tuple[str, dict[str, Array], dict[str, Any]]:
    """The content hash, the columns and what else was given to `to_bytes`.

    The hash is compared once after each change of the file; a note beside it says for which size and time of
    change.

    Raises:
        OwnershipStateError: there is no such file, or it is of another version, truncated or altered.
    """
    body = _mapped(path)
    try:
        if body[:8] != MAGIC:
            raise ValueError("it is no such file, or of another version")
        size = int.from_bytes(body[8:16], "little")
        header = orjson.loads(body[16 : 16 + size])
        if header["format"] != FORMAT:
            raise ValueError("it is of another version")
        start = 16 + size
        columns = {
            name: np.frombuffer(body, dtype=kind, count=count, offset=start + at)
            for name, (kind, at, count) in header["columns"].items()
        }
        digest, meta = str(header["hash"]), dict(header["meta"])
    except (ValueError, KeyError, TypeError) as bad:
        why = str(bad) if "version" in str(bad) else "it is truncated or altered"
        raise OwnershipStateError(
            f"the graph of stakes can't be used: {why}", where=str(path), hint=_MEND
        ) from None
    if not _is_checked(path, digest):
        if content_hash(columns) != digest:
            raise OwnershipStateError("the graph of stakes is truncated or altered", where=str(path), hint=_MEND)
        _note_checked(path, digest)
    return digest, columns, meta


def _mapped(path: Path) -> mmap.mmap | bytes:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size == 0:
                return b""
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as bad:
        raise OwnershipStateError(
            f"the graph of stakes can't be read: {bad.strerror or bad}", where=str(path), hint=_MEND
        ) from None


def _state(path: Path, digest: str) -> str:
    found = path.stat()
    return f"{digest} {found.st_size} {found.st_mtime_ns}"


def _is_checked(path: Path, digest: str) -> bool:
    try:
        return path.with_suffix(".checked").read_text("ascii") == _state(path, digest)
    except (OSError, UnicodeDecodeError):
        return False


def _note_checked(path: Path, digest: str) -> None:
    with contextlib.suppress(OSError):  # a folder that can't be written to: compared again next time
        path.with_suffix(".checked").write_text(_state(path, digest), "ascii")


def look_up(hashes: Array, values: Array, wanted: int) -> list[int]:
    """All values under one number in a sorted column of numbers."""
    key = np.uint64(wanted)
    first, last = np.searchsorted(hashes, key, "left"), np.searchsorted(hashes, key, "right")
    return [int(value) for value in values[first:last]]


def number_of(text: str) -> int:
    """A number of 64 bits for a text; whoever looks up by it compares the texts, too."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")
