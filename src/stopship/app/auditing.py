"""The audit record of a home: checked, exported, and its head noted outside of the database.

Who can write to the database can also make all hashes fit again. So the head is noted in
`<home>/audit/anchors.jsonl` at each check and, while people work, at intervals; and anybody may keep a head
elsewhere and ask for it later.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from stopship.errors import SettingsError, StateError
from stopship.snapshots.snapshot import utc_text

if TYPE_CHECKING:
    from stopship.store import Database
    from stopship.store.audit import Head
    from stopship.store.audit_check import Anchor, Checked

ANCHORS = "anchors.jsonl"
NOTE_AFTER = timedelta(hours=1)
"""While people work the head is noted at least so often."""
NOTE_ROWS = 1000
"""And after so many rows."""


def verify(home: Path, database: Database, *, now: datetime, anchors: Iterable[str] = ()) -> Checked:
    """Check the audit record, and note its head if it is sound.

    Args:
        home, database: where heads are noted, and what is checked.
        now: this moment, timezone-aware.
        anchors: hashes of heads that were kept elsewhere, 64 hexadecimal digits.

    Raises:
        SettingsError: an anchor is no hash. StateError: the noted heads can't be read.
    """
    from stopship.store.audit_check import Anchor, check

    given = [Anchor(None, _hash(text), "was kept elsewhere") for text in anchors]
    with database.begin() as connection:
        checked = check(connection, [*noted(home), *given])
    if checked.sound:
        note(home, checked.head, now)
    return checked


def export(database: Database, out: Path, *, after: int = 0) -> int:
    """Write all rows behind `after` to a file, one JSON object a line, with their hashes; how many they are.

    Raises:
        StateError: the file can't be written.
    """
    from stopship.cases.view import audit_to_plain
    from stopship.store import audit

    count = 0
    part = out.with_name(f".{out.name}.part")
    try:
        with database.begin() as connection, part.open("wb") as stream:
            for row in audit.rows(connection, after=after):
                count += 1
                stream.write(orjson.dumps(audit_to_plain(row), option=orjson.OPT_APPEND_NEWLINE))
        part.replace(out)
    except OSError as bad:
        raise StateError(f"can't be written: {bad.strerror or bad}", where=str(out)) from None
    finally:
        part.unlink(missing_ok=True)
    return count


def noted(home: Path) -> list[Anchor]:
    """The heads that were noted, in order; none where nothing was.

    Raises:
        StateError: the file was damaged or altered.
    """
    from stopship.store.audit_check import Anchor, noted_at

    path = _place(home)
    found = []
    for number, line in enumerate(path.read_bytes().splitlines() if path.is_file() else (), 1):
        try:
            plain = orjson.loads(line)
            at = datetime.fromisoformat(plain["at"])
            found.append(Anchor(int(plain["seq"]), _hash(plain["hash"]), noted_at(at)))
        except (ValueError, KeyError, TypeError, SettingsError):
            raise StateError(
                "this line of the noted heads can't be read",
                where=f"{path}, line {number}",
                hint="Restore the file from a backup; it says what the audit record held",
            ) from None
    return [anchor for anchor in found if anchor.seq]


def note(home: Path, head: Head, now: datetime) -> None:
    """Note a head; the same one again is not noted twice."""
    path = _place(home)
    last = _last(path)
    if head.seq == 0 or (last is not None and last.get("hash") == head.hash):
        return
    line = {"at": utc_text(now), "seq": head.seq, "hash": head.hash}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(handle, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as bad:
        raise StateError(f"the head can't be noted: {bad.strerror or bad}", where=str(path)) from None


def note_if_due(home: Path, database: Database, now: datetime) -> None:
    """Note the head if the last one is an hour old, or a thousand rows."""
    from stopship.store import audit

    last = _last(_place(home))
    with database.begin() as connection:
        head = audit.head(connection)
    if last is not None:
        try:
            recent = now - datetime.fromisoformat(last["at"]) < NOTE_AFTER
            if recent and head.seq - int(last["seq"]) < NOTE_ROWS:
                return
        except (KeyError, TypeError, ValueError):
            return  # `verify` says that the file is damaged; nothing is written behind that
    note(home, head, now)


def last_noted(home: Path) -> tuple[int, str] | None:
    """The head that was noted last outside of the database: its row and the moment; None where none was, or the
    file can't be read, which `verify` says."""
    last = _last(_place(home))
    try:
        return (int(last["seq"]), str(last["at"])) if last else None
    except (KeyError, TypeError, ValueError):
        return None


def _place(home: Path) -> Path:
    return home / "audit" / ANCHORS


def _last(path: Path) -> dict[str, Any] | None:
    """The last line that was noted."""
    try:
        with path.open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - 1000))
            lines = stream.read().splitlines()
    except OSError:
        return None
    try:
        plain = orjson.loads(lines[-1]) if lines else None
    except ValueError:
        return {}
    return plain if isinstance(plain, dict) else None


def _hash(text: str) -> str:
    value = text.strip().lower().removeprefix("sha256:")
    if len(value) != 64 or set(value) - set("0123456789abcdef"):
        raise SettingsError(f"{text[:80]!r} is no hash", where="--anchor", hint="Give its 64 digits")
    return value
