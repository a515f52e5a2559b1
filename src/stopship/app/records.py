"""What an auditor needs two years later: decisions that were kept, and what it takes to decide them again.

::

    <home>/decisions/<as of>/<sha256>.json   a decision, as it was given
    <home>/decisions/log.jsonl               when each was kept: the moment is no part of a decision
    <home>/decisions/rulebooks/<sha256>/     the law as it was written that day
    <home>/decisions/settings/<sha256>.json  the settings, which a decision names by their hash
    <home>/decisions/cited/<sha256>.json     snapshots that kept decisions rest on; retention leaves these alone

Files are named by the hash of what they hold, so that keeping the same thing twice keeps it once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from datetime import date, datetime
from importlib import resources
from pathlib import Path

import orjson

from stopship.app.settings import settings_from_plain
from stopship.errors import RecordError, RulebookError, SettingsError, StateError
from stopship.rules import Rulebook
from stopship.screening import Decision, Settings
from stopship.snapshots import files
from stopship.snapshots.snapshot import utc_text

Cited = frozenset[tuple[str, str]]
"""(source, snapshot) pairs, the snapshot as decisions name it: "sha256:…"."""


class Records:
    """Kept decisions of one home. Making one touches nothing.

    Args:
        home: the home directory.
        packaged: gives the rulebook of this version.
    """

    def __init__(self, home: Path, packaged: Callable[[], Rulebook] = Rulebook.load) -> None:
        self.root = home / "decisions"
        self._packaged = packaged

    # -- keeping -----------------------------------------------------------------------------------------------

    def keep(self, decision: Decision, *, rulebook: Rulebook, settings: Settings, now: datetime) -> Path:
        """Keep a decision with what it rests on.

        Args:
            decision: as the screener made it.
            rulebook, settings: those that it was made with.
            now: the moment, timezone-aware, for the log.

        Returns:
            The file that holds its JSON.

        Raises:
            StateError: the home can't be written; the decision is then not kept.
        """
        content = decision.to_json(indent=True) + b"\n"
        digest = hashlib.sha256(content).hexdigest()
        place = self.root / decision.as_of.isoformat() / f"{digest}.json"
        self.keep_inputs(cited_by(decision), rulebook=rulebook, settings=settings)
        try:
            self._write(place, content)
            line = {
                "at": utc_text(now),
                "as_of": decision.as_of.isoformat(),
                "decision": digest,
                "outcome": decision.outcome.value,
            }
            self._log(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        except OSError as bad:
            raise self._unwritable(bad) from None
        return place

    def keep_inputs(self, cited: Iterable[tuple[str, str]], *, rulebook: Rulebook, settings: Settings) -> None:
        """Keep what a decision that lies elsewhere rests on, so that it can be decided again.

        Raises:
            StateError: the home can't be written.
        """
        lists = [{"source": source, "snapshot": snapshot} for source, snapshot in sorted(set(cited))]
        named = orjson.dumps({"lists": lists}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        try:
            # The snapshots first: from here on retention leaves them alone.
            self._write(self.root / "cited" / f"{hashlib.sha256(named).hexdigest()}.json", named)
            plain = orjson.dumps(settings.to_plain(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
            self._write(self.root / "settings" / f"{_bare(settings.content_hash)}.json", plain)
            self._keep_rulebook(rulebook)
        except OSError as bad:
            raise self._unwritable(bad) from None

    def _keep_rulebook(self, rulebook: Rulebook) -> None:
        """The packaged folder, if that is what was used: its hash is the proof."""
        place = self.root / "rulebooks" / _bare(rulebook.version)
        if place.is_dir() or rulebook.version != self._packaged().version:
            return
        folder = files.temp_folder(place.parent)
        try:
            with resources.as_file(resources.files("stopship") / "rulebook") as packaged:
                shutil.copytree(
                    packaged, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*")
                )
            files.move_folder(folder, place)
        except BaseException as error:
            files.remove(folder)
            if isinstance(error, OSError) and place.is_dir():
                return  # another process kept the same one meanwhile
            raise

    def _write(self, path: Path, content: bytes) -> None:
        """A file named by its content is written once; one that a crash damaged is written again."""
        if path.is_file() and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        files.replace_file(path, content)

    def _log(self, line: bytes) -> None:
        """One write at the end of the file, so that two processes don't mix their lines."""
        handle = os.open(self.root / "log.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)

    def _unwritable(self, bad: OSError) -> StateError:
        return StateError(
            f"the decision can't be kept: {bad.strerror or bad}",
            where=str(self.root),
            hint="Free space or give write permission",
        )

    # -- finding -----------------------------------------------------------------------------------------------

    def rulebook(self, version: str) -> Rulebook | None:
        """The rulebook of a version ("sha256:…"): the packaged one or one that was kept; None if neither is.

        Raises:
            StateError: it was kept, and was altered or can't be read by this version.
        """
        if version == self._packaged().version:
            return self._packaged()
        place = self.root / "rulebooks" / _bare(version)
        if not place.is_dir():
            return None
        try:
            kept = Rulebook.load(place)
        except RulebookError as bad:
            raise StateError(f"the kept rulebook can't be read by this version: {bad}", where=str(place)) from None
        if kept.version != version:
            raise StateError("the kept rulebook was altered", where=str(place), hint="Restore it from a backup")
        return kept

    def settings(self, content_hash: str) -> Settings | None:
        """Settings that were kept, by their hash; None if they weren't.

        Raises:
            StateError: they were altered.
        """
        path = self.root / "settings" / f"{_bare(content_hash)}.json"
        if not path.is_file():
            return None
        try:
            kept = settings_from_plain(orjson.loads(path.read_bytes()), str(path))
        except (ValueError, SettingsError, OSError):
            kept = None
        if kept is None or kept.content_hash != content_hash:
            raise StateError("the kept settings were altered", where=str(path), hint="Restore them from a backup")
        return kept

    def cited(self) -> Cited:
        """Snapshots that kept decisions rest on. Whatever removes snapshots must leave these alone.

        Raises:
            StateError: a record was altered: then nobody can say what may be removed.
        """
        folder = self.root / "cited"
        found: set[tuple[str, str]] = set()
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
            try:
                content = path.read_bytes()
                if hashlib.sha256(content).hexdigest() != path.stem:
                    raise ValueError("other content than its name says")
                found |= {(entry["source"], entry["snapshot"]) for entry in orjson.loads(content)["lists"]}
            except (OSError, ValueError, KeyError, TypeError):
                raise StateError(
                    "this record of cited snapshots was altered", where=str(path), hint="Restore it from a backup"
                ) from None
        return frozenset(found)

    def path_of(self, digest: str) -> Path | None:
        """The file of a kept decision by its hash; None where it isn't kept."""
        found = (folder / f"{_bare(digest)}.json" for folder in self._days())
        return next((path for path in found if path.is_file()), None)

    def named(self, beginning: str) -> tuple[str, ...]:
        """The hashes of kept decisions that begin with at least six digits of it."""
        digits = beginning.lower().removeprefix("sha256:")
        if len(digits) < 6 or set(digits) - set("0123456789abcdef"):
            return ()
        return tuple(sorted(path.stem for folder in self._days() for path in folder.glob(f"{digits}*.json")))

    def remove(self, digest: str) -> None:
        """Remove a kept decision; what others may rest on stays."""
        path = self.path_of(digest)
        if path is not None:
            path.unlink(missing_ok=True)

    def count(self) -> int:
        """How many decisions are kept."""
        found = 0
        for folder in self._days():
            with os.scandir(folder) as entries:  # names alone: a year has a hundred thousand
                found += sum(entry.name.endswith(".json") for entry in entries)
        return found

    def _days(self) -> list[Path]:
        if not self.root.is_dir():
            return []
        return [entry for entry in sorted(self.root.iterdir()) if entry.is_dir() and _is_day(entry.name)]


def write_decision(path: Path, decision: Decision) -> None:
    """Write a decision to a file, at once or not at all.

    Raises:
        RecordError: it can't be written.
    """
    try:
        files.replace_file(path, decision.to_json(indent=True) + b"\n")
    except OSError as bad:
        raise RecordError(
            f"can't be written: {bad.strerror or bad}", where=str(path), hint="Give another name with --out"
        ) from None


def cited_by(decision: Decision) -> Cited:
    """The snapshots that a decision rests on."""
    return frozenset((state.listed.source, state.listed.snapshot) for state in decision.lists)


def _bare(content_hash: str) -> str:
    """The hash as a file name; what isn't one names nothing that is kept."""
    bare = content_hash.removeprefix("sha256:")
    return bare if len(bare) == 64 and set(bare) <= set("0123456789abcdef") else "unknown"


def _is_day(name: str) -> bool:
    try:
        date.fromisoformat(name)
    except ValueError:
        return False
    return True
