"""One snapshot: its facts, and their form on disk (`meta.json`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from stopship.errors import SnapshotError

META_FORMAT = 1
META_NAME = "meta.json"
RAW_NAME = "raw.gz"

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class RejectLine(NamedTuple):
    """A row that could not be read: row number, reason, beginning of the row."""

    row: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a source published at one moment.

    `sha256` is of the published bytes, unpacked, so that a gzipped and a plain download of one list are one
    snapshot. `first_retrieved` and `retrieved` are when this content came in first and last. `entries` counts rows
    loaded, that is listings. `entities_name`, `entities_sha256`: the file that holds the entities and the hash of
    its bytes. `title` and `limit_days` are of lists of one's own, which say so themselves; those of
    official lists stand in the catalogue.
    """

    source: str
    sha256: str
    published: date | None
    first_retrieved: datetime
    retrieved: datetime
    rows: int
    entries: int
    rejects: int
    entities: int
    parser: str
    entities_name: str
    entities_sha256: str
    rejects_name: str
    warnings: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    filename: str = ""
    title: str = ""
    limit_days: int | None = None

    @property
    def id(self) -> str:
        """The snapshot as decisions name it: "sha256:…"."""
        return f"sha256:{self.sha256}"

    @property
    def dated(self) -> date:
        """The day that this snapshot stands for: of publication, or, if unknown, of the first retrieval."""
        return self.published or self.first_retrieved.date()

    def meta_bytes(self) -> bytes:
        """The content of `meta.json`; the same snapshot always gives the same bytes."""
        plain: dict[str, Any] = {
            "format": META_FORMAT,
            "source": self.source,
            "sha256": self.sha256,
            "published": self.published.isoformat() if self.published else None,
            "first_retrieved": utc_text(self.first_retrieved),
            "retrieved": utc_text(self.retrieved),
            "rows": self.rows,
            "entries": self.entries,
            "rejects": self.rejects,
            "entities": self.entities,
            "parser": self.parser,
            "entities_name": self.entities_name,
            "entities_sha256": self.entities_sha256,
            "rejects_name": self.rejects_name,
            "warnings": list(self.warnings),
            "unread": list(self.unread),
            "filename": self.filename,
        }
        if self.title:
            plain["title"] = self.title
        if self.limit_days is not None:
            plain["limit_days"] = self.limit_days
        return orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def as_utc(moment: datetime | date) -> datetime:
    """A moment in UTC, to the second. A bare day is its midnight; a moment without a zone is taken as UTC."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.replace(microsecond=0)


def utc_text(moment: datetime) -> str:
    return as_utc(moment).isoformat().replace("+00:00", "Z")


def is_sha256(text: str) -> bool:
    return bool(_SHA256.match(text))


def read_meta(folder: Path, source: str) -> Snapshot:
    """The snapshot that a folder holds.

    Raises:
        SnapshotError: `meta.json` is missing or was altered.
    """
    path = folder / META_NAME
    try:
        plain = orjson.loads(path.read_bytes())
        return _from_plain(plain, folder.name, source)
    except FileNotFoundError:
        raise damaged(source, folder.name, f"{META_NAME} is missing") from None
    except OSError as error:
        raise damaged(source, folder.name, f"{META_NAME} can't be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise damaged(source, folder.name, f"{META_NAME} is truncated or was altered") from None


def _from_plain(plain: Mapping[str, Any], sha256: str, source: str) -> Snapshot:
    if plain["format"] != META_FORMAT or plain["sha256"] != sha256 or plain["source"] != source:
        raise ValueError("of another snapshot or version")
    for name in (plain["entities_name"], plain["rejects_name"]):
        if not re.fullmatch(r"[a-z0-9.-]{1,80}", name):
            raise ValueError("a file name that the archive doesn't give")
    return Snapshot(
        source=plain["source"],
        sha256=plain["sha256"],
        published=date.fromisoformat(plain["published"]) if plain["published"] else None,
        first_retrieved=_moment(plain["first_retrieved"]),
        retrieved=_moment(plain["retrieved"]),
        rows=int(plain["rows"]),
        entries=int(plain["entries"]),
        rejects=int(plain["rejects"]),
        entities=int(plain["entities"]),
        parser=str(plain["parser"]),
        entities_name=plain["entities_name"],
        entities_sha256=str(plain["entities_sha256"]),
        rejects_name=plain["rejects_name"],
        warnings=tuple(plain["warnings"]),
        unread=tuple(plain["unread"]),
        filename=str(plain["filename"]),
        title=str(plain.get("title", "")),
        limit_days=int(plain["limit_days"]) if "limit_days" in plain else None,
    )


def _moment(text: str) -> datetime:
    return as_utc(datetime.fromisoformat(text.replace("Z", "+00:00")))


def damaged(source: str, sha256: str, what: str) -> SnapshotError:
    """The error for a snapshot that can't be used, with the way to mend it."""
    return SnapshotError(
        f"the snapshot {sha256[:12]} of {source} is damaged: {what}",
        hint=f"Import the list again: stopship lists import {source} FILE",
    )
