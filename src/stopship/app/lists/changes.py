"""Which snapshot a person means, and what changed between two: for `lists diff` and `lists pin`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from stopship.app.indexes import STARTER
from stopship.app.workspace import Workspace
from stopship.errors import SettingsError
from stopship.model.values import parse_day
from stopship.snapshots import Delta, Snapshot, delta
from stopship.sources.catalogue import catalogue, held_source

_HASH = re.compile(r"(?:sha256:)?([0-9a-f]{6,64})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class ListDifference:
    """What changed from one snapshot of a source to another."""

    before: Snapshot
    after: Snapshot
    delta: Delta

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "source": self.after.source,
            "from": _named(self.before),
            "to": _named(self.after),
            **self.delta.to_plain(),
        }


def find_snapshot(workspace: Workspace, source: str, wanted: str, where: str) -> Snapshot:
    """The snapshot of a source that a person names by its day or its hash.

    Args:
        workspace: the home.
        source: an id of the catalogue.
        wanted: a day (the snapshot that held on it) or the beginning of a hash, with or without "sha256:".
        where: what to call the option in messages.

    Raises:
        SettingsError: it is neither, or no snapshot or more than one is meant.
        SnapshotError: a snapshot of the source is damaged.
    """
    known_source(source)
    held = workspace.archive.all(source)
    if not held:
        raise SettingsError(
            f"no snapshot of {source} is here", where=where, hint=f"Run: stopship lists update {source}"
        )
    if _DAY.fullmatch(wanted):
        try:
            day = parse_day(wanted)
        except ValueError as error:
            raise SettingsError(str(error), where=where) from None
        found = workspace.archive.for_date(source, day)
        if found is None or found.dated > day:
            raise SettingsError(
                f"no snapshot of {source} is as old as {day}", where=where, hint=f"The oldest: {held[0].dated}"
            )
        return found
    match = _HASH.fullmatch(wanted.lower())
    if match is None:
        raise SettingsError(
            f"{wanted[:80]!r} is neither a day nor a hash",
            where=where,
            hint="Give YYYY-MM-DD, or six or more digits of the snapshot's hash",
        )
    named = [snapshot for snapshot in held if snapshot.sha256.startswith(match[1])]
    if len(named) != 1:
        what = f"the hashes of {len(named)} snapshots begin" if named else "the hash of no snapshot begins"
        raise SettingsError(
            f"{what} with {match[1][:12]}",
            where=where,
            hint="Held: " + ", ".join(f"{s.sha256[:12]} ({s.dated})" for s in held[-8:]),
        )
    return named[0]


def known_source(source: str) -> None:
    """Refuse what is no source of which snapshots are kept.

    Raises:
        SettingsError: it is none.
    """
    if held_source(source) is None:
        known = [known for known in catalogue() if known != STARTER]
        raise SettingsError(f"unknown source {source!r}", hint=f"Known sources: {', '.join(known)}")


def list_difference(
    workspace: Workspace, source: str, *, earlier: str | None = None, later: str | None = None
) -> ListDifference:
    """What changed from one snapshot of a source to another.

    Args:
        workspace: the home.
        source: an id of the catalogue.
        earlier: day or hash; None: the one before `later`.
        later: day or hash; None: the last one.

    Raises:
        SettingsError: a snapshot can't be found, or there is only one.
        SnapshotError: one is damaged.
    """
    known_source(source)
    held = workspace.archive.all(source)
    after = find_snapshot(workspace, source, later, "--to") if later is not None else (held[-1] if held else None)
    if after is None:
        raise SettingsError(f"no snapshot of {source} is here", hint=f"Run: stopship lists update {source}")
    if earlier is not None:
        before = find_snapshot(workspace, source, earlier, "--from")
    else:
        place = [snapshot.sha256 for snapshot in held].index(after.sha256)
        if place == 0:
            raise SettingsError(
                f"the snapshot of {after.dated} is the oldest of {source} that is here",
                hint="There is nothing to compare it with yet; give --to a later one",
            )
        before = held[place - 1]
    archive = workspace.archive
    return ListDifference(before, after, delta(archive.entities(before), archive.entities(after)))


def _named(snapshot: Snapshot) -> dict[str, Any]:
    return {"snapshot": snapshot.id, "dated": snapshot.dated.isoformat(), "entries": snapshot.entries}
