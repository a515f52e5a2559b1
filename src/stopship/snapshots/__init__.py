"""Snapshots: what a source published at one moment, immutable, addressed by the hash of its content."""

from stopship.snapshots.archive import Archive, PreparedSnapshot
from stopship.snapshots.delta import Change, Delta, FieldChange, delta
from stopship.snapshots.snapshot import RejectLine, Snapshot

__all__ = ["Archive", "Change", "Delta", "FieldChange", "PreparedSnapshot", "RejectLine", "Snapshot", "delta"]
