"""What is new or changed in the lists since a day: for callers who screen again only against that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stopship.app.service.edition import Edition
from stopship.snapshots import delta


@dataclass(frozen=True, slots=True)
class Changed:
    """By source: the ids that are new or changed; None where all of them count."""

    by_source: dict[str, frozenset[str] | None]

    def holds(self, entity_id: str, datasets: Sequence[str]) -> bool:
        """Whether an entity in these datasets is among them."""
        for source, ids in self.by_source.items():
            if source in datasets and (ids is None or entity_id in ids):
                return True
        return False


def changed_since(edition: Edition, day: date) -> Changed:
    """What the lists in use hold otherwise than those that were here before a day began.

    What counts is when a list came in, not when it was published: who screened on the day before can have seen no
    more. Where no snapshot came in before the day, every entity of the source counts: what changed can't be told,
    and leaving one out would be a miss.

    Raises:
        SnapshotError: a snapshot is damaged.
    """
    archive = edition.workspace.archive
    found: dict[str, frozenset[str] | None] = {}
    for listed in edition.index.lists:
        held = archive.all(listed.source)
        now = next((snapshot for snapshot in held if snapshot.id == listed.snapshot), None)
        earlier = [snapshot for snapshot in held if snapshot.first_retrieved.date() < day]
        if now is None or not earlier:
            found[listed.source] = None
            continue
        then = max(earlier, key=lambda snapshot: (snapshot.dated, snapshot.first_retrieved))
        key = (listed.source, then.sha256)
        if key not in edition.changes:
            difference = (
                delta(archive.entities(then), archive.entities(now)) if then.sha256 != now.sha256 else None
            )
            touched = (*difference.added, *(change.after for change in difference.changed)) if difference else ()
            edition.changes[key] = frozenset(entity.id for entity in touched)
        found[listed.source] = edition.changes[key]
    return Changed(found)
