"""The settings of a home as an administrator sees and changes them.

They live in one file, `settings.yaml`, which people may also edit. A change is prepared first and shown with what
was and what will be; it is made only if the file is still the one that was looked at, is written whole or not at
all, and stands in the audit record with who, why, before and after.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from stopship.app.administration.fields import BY_NAME, FIELDS, Field, parse_value, usual_values, values_of
from stopship.app.documents import parse_yaml
from stopship.app.one_at_a_time import one_at_a_time
from stopship.app.settings import FILE
from stopship.app.settings_text import changed, line_of
from stopship.errors import SettingsError, StateError
from stopship.snapshots.files import flush_folder
from stopship.store import Database, audit

LOCK = "settings.lock"
MOST_WHY = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting as it is: its value as text, the usual one, and the line of the file that sets it (None: the
    usual one holds because none does)."""

    field: Field
    value: str
    usual: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All settings that can be changed, and the state of the file that they were read from."""

    shown: tuple[Shown, ...]
    state: str
    file: Path


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that becomes another."""

    field: Field
    before: str
    after: str


class SettingsDesk:
    """The settings of one home.

    Args:
        home: the directory.
        database: whose audit record tells of changes.
    """

    def __init__(self, home: Path, database: Database) -> None:
        self._home = home
        self._database = database

    @property
    def file(self) -> Path:
        """The file; where it is a link, what that leads to."""
        return (self._home / FILE).resolve()

    def sheet(self) -> Sheet:
        """The settings as the file says them now.

        Raises:
            SettingsError: the file is wrong.
        """
        text, state = self._read()
        values, usual = values_of(self._plain(text), str(self.file)), usual_values()
        shown = tuple(
            Shown(field, values[field.name], usual[field.name], line_of(text, field.path)) for field in FIELDS
        )
        return Sheet(shown, state, self.file)

    def prepare(self, wanted: Mapping[str, str]) -> tuple[Change, ...]:
        """What would change if these values were set; fields that keep theirs are left out.

        Args:
            wanted: name of a field -> its value as a person gave it. An empty one leaves the field as it is.

        Raises:
            SettingsError: a field is unknown, or a value none that it may have.
        """
        text, _state = self._read()
        return self._planned(text, wanted)[0]

    def change(
        self, wanted: Mapping[str, str], *, state: str, why: str, actor: str, now: datetime
    ) -> tuple[Change, ...]:
        """Change settings.

        Args:
            wanted: as for `prepare`.
            state: of the file that was looked at (`Sheet.state`).
            why: the reason, for the audit record.
            actor: who does it, as the audit record names it.
            now: the moment, timezone-aware.

        Raises:
            SettingsError: see `prepare`; there is no reason; or the file is another one by now.
            StateError: the file can't be written.
        """
        reason = " ".join(why.split())
        if not reason or len(reason) > MOST_WHY:
            raise SettingsError(
                "a change of settings needs a reason", hint=f"Write in a sentence why, at most {MOST_WHY} letters"
            )
        with one_at_a_time(self._home, name=LOCK, wait=True):
            text, found = self._read()
            if found != state:
                raise SettingsError(
                    "somebody has changed the settings since you looked at them",
                    where=str(self.file),
                    hint="Look at them again; nothing was changed",
                )
            changes, new = self._planned(text, wanted)
            if not changes:
                return ()
            made = new.encode()
            said = {
                "file": FILE,
                "changes": {c.field.name: {"before": c.before, "after": c.after} for c in changes},
                "why": reason,
                "sha256_before": found,
                "sha256_after": hashlib.sha256(made).hexdigest(),
            }
            before = text.encode() if self.file.exists() else None
            try:
                with self._database.write() as connection:
                    audit.append(
                        connection,
                        actor=actor,
                        action="settings.changed",
                        subject="settings:file",
                        content=said,
                        now=now,
                    )
                    self._write(made)
            except BaseException:
                self._put_back(before)  # the record doesn't have it: neither may the file
                raise
        return changes

    def _read(self) -> tuple[str, str]:
        try:
            data = self.file.read_bytes()
            return data.decode("utf-8"), hashlib.sha256(data).hexdigest()
        except FileNotFoundError:
            return "", hashlib.sha256(b"").hexdigest()
        except UnicodeDecodeError:
            raise SettingsError("the file is not UTF-8", where=str(self.file)) from None
        except OSError as bad:
            raise SettingsError(f"can't be read: {bad.strerror or bad}", where=str(self.file)) from None

    def _plain(self, text: str) -> dict[str, Any]:
        plain = parse_yaml(text.removeprefix("\ufeff"), str(self.file), SettingsError) or {}
        if not isinstance(plain, dict):
            raise SettingsError("expected fields with values", where=str(self.file))
        return plain

    def _planned(self, text: str, wanted: Mapping[str, str]) -> tuple[tuple[Change, ...], str]:
        """What would change, and the file's text with it. Where one setting follows from another, as a US person
        from the country, both are among the changes."""
        before = values_of(self._plain(text), str(self.file))
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        made, after = text.removeprefix(mark), {}
        for name, given in wanted.items():
            field = BY_NAME.get(name)
            if field is None:
                raise SettingsError(f"{name[:60]!r} can't be changed here", hint="Edit settings.yaml")
            if not given.strip() and field.kind != "bands":
                continue
            after[name] = parse_value(field, given)
            if after[name] != before[name]:
                value = after[name].split() if field.kind == "bands" else after[name]
                made = changed(made, field.path, value, str(self.file))
        read = values_of(self._plain(made), str(self.file))
        for name, value in after.items():
            if read[name] != value:
                # One that was given as it is follows from another that has changed: now it is written down.
                made = changed(made, BY_NAME[name].path, value, str(self.file))
        read = values_of(self._plain(made), str(self.file))
        changes = (Change(field, before[field.name], read[field.name]) for field in FIELDS)
        return tuple(change for change in changes if change.before != change.after), mark + made

    def _write(self, content: bytes) -> None:
        beside = self.file.with_name(f".{FILE}.{os.getpid()}.part")
        try:
            # A database's password may stand in it: nobody may read the new file who couldn't read the old one.
            mode = self.file.stat().st_mode & 0o777 if self.file.exists() else 0o644
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            beside.chmod(mode)
            beside.replace(self.file)
            flush_folder(self.file.parent)
        except OSError as bad:
            raise StateError(
                f"the settings can't be written: {bad.strerror or bad}",
                where=str(self.file),
                hint="Whoever runs this server can edit the file",
            ) from None
        finally:
            beside.unlink(missing_ok=True)

    def _put_back(self, before: bytes | None) -> None:
        text, _state = self._read()
        if before is None:
            self.file.unlink(missing_ok=True)
        elif text.encode() != before:
            self._write(before)
