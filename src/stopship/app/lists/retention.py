"""Retention: which snapshots may go. Never those that a kept decision rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from stopship.app.workspace import Workspace
from stopship.errors import SettingsError
from stopship.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Pruning:
    """What retention makes of the archive: snapshots that may go, and old ones that kept decisions rest on."""

    removable: tuple[Snapshot, ...]
    cited: tuple[Snapshot, ...]


def prunable(workspace: Workspace, *, days: int) -> Pruning:
    """What may be removed so that orders of the last `days` are still decided on the list of their day.

    Of each source these stay: the snapshot in use, a pinned one, those dated within the days, the one that was in
    use when they began, and whatever a kept decision rests on, however old.

    Raises:
        SettingsError: a negative number of days.
        StateError: a snapshot or a record of cited ones was altered: then nothing may be removed.
    """
    if days < 0:
        raise SettingsError(f"{days} days lie in the future", where="--older-than")
    begins = workspace.today - timedelta(days=days)
    exempt = workspace.records.cited()
    removable: list[Snapshot] = []
    cited: list[Snapshot] = []
    archive = workspace.archive
    for source in archive.sources():
        chosen = (archive.current(source), archive.pinned(source), archive.for_date(source, begins))
        stay = {snapshot.sha256 for snapshot in chosen if snapshot is not None}
        old = [s for s in archive.all(source) if s.dated < begins and s.sha256 not in stay]
        cited += [s for s in old if (source, s.id) in exempt]
        removable += [s for s in old if (source, s.id) not in exempt]
    return Pruning(tuple(removable), tuple(cited))


def prune(workspace: Workspace, *, days: int) -> Pruning:
    """Remove what `prunable` names, and say what it was."""
    found = prunable(workspace, days=days)
    for snapshot in found.removable:
        workspace.archive.remove(snapshot)
    return found
