"""The parts of a snapshot on disk: packed when written, checked against their hashes when read."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from stopship.errors import SnapshotError
from stopship.model import Entity
from stopship.model.serialize import entity_from_plain, entity_to_plain
from stopship.snapshots.snapshot import RAW_NAME, RejectLine, Snapshot, damaged

_GZIP = b"\x1f\x8b"
_GZIP_LEVEL = 5


def pack(content: bytes) -> bytes:
    """Gzipped, without a time inside."""
    return gzip.compress(content, _GZIP_LEVEL, mtime=0)


def published_bytes(raw: bytes) -> bytes:
    """A downloaded file without gzip; bytes that are no sound gzip are kept as they are."""
    if not raw.startswith(_GZIP):
        return raw
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error):
        return raw


def content_hash(raw: bytes) -> str:
    """SHA-256 of a downloaded file without gzip, in hexadecimal digits: what its snapshot is called by."""
    return hashlib.sha256(published_bytes(raw)).hexdigest()


def entity_lines(entities: Iterable[Entity]) -> bytes:
    """One JSON object a line."""
    return b"".join(orjson.dumps(entity_to_plain(entity)) + b"\n" for entity in entities)


def reject_lines(rejects: Iterable[tuple[int, str, str]]) -> bytes:
    """One JSON object a line."""
    return b"".join(orjson.dumps({"row": r, "reason": why, "text": text}) + b"\n" for r, why, text in rejects)


def rejects_name(lines: bytes) -> str:
    """The name carries the hash, so that the file can be checked without another field in meta.json."""
    return f"rejects-{hashlib.sha256(lines).hexdigest()[:16]}.jsonl"


def read_raw(place: Path, snapshot: Snapshot) -> bytes:
    """The published bytes.

    Raises:
        SnapshotError: missing, truncated or altered; so for the functions below.
    """
    content = _unpacked(place / RAW_NAME, snapshot, "the published bytes")
    if hashlib.sha256(content).hexdigest() != snapshot.sha256:
        raise damaged(snapshot.source, snapshot.sha256, "the published bytes were altered")
    return content


def read_entity_lines(place: Path, snapshot: Snapshot) -> list[bytes]:
    """The lines of the entities file, checked as a whole."""
    content = _unpacked(place / snapshot.entities_name, snapshot, "its entities")
    if hashlib.sha256(content).hexdigest() != snapshot.entities_sha256:
        raise damaged(snapshot.source, snapshot.sha256, "its entities were altered")
    return content.splitlines()


def parsed(lines: Iterable[bytes], snapshot: Snapshot) -> Iterator[Entity]:
    """Lines to entities, one at a time."""
    for line in lines:
        try:
            yield entity_from_plain(orjson.loads(line))
        except (KeyError, ValueError, TypeError):
            raise damaged(snapshot.source, snapshot.sha256, "an entity is of another version") from None


def read_rejects(place: Path, snapshot: Snapshot) -> tuple[RejectLine, ...]:
    """The rows that could not be read."""
    try:
        content = (place / snapshot.rejects_name).read_bytes()
        if rejects_name(content) != snapshot.rejects_name:
            raise ValueError
        plain = [orjson.loads(line) for line in content.splitlines()]
        return tuple(RejectLine(line["row"], line["reason"], line["text"]) for line in plain)
    except (OSError, ValueError, KeyError, TypeError):
        raise damaged(snapshot.source, snapshot.sha256, "its rejects are missing or were altered") from None


def faults(place: Path, snapshot: Snapshot) -> list[str]:
    """What is wrong with the parts, one line each."""
    found = []
    for check in (read_raw, read_entity_lines, read_rejects):
        try:
            check(place, snapshot)
        except SnapshotError as error:
            found.append(str(error))
    return found


def _unpacked(path: Path, snapshot: Snapshot, what: str) -> bytes:
    try:
        return gzip.decompress(path.read_bytes())
    except FileNotFoundError:
        raise damaged(snapshot.source, snapshot.sha256, f"the file with {what} is missing") from None
    except (OSError, EOFError, zlib.error):
        what = f"the file with {what} is truncated or was altered"
        raise damaged(snapshot.source, snapshot.sha256, what) from None
