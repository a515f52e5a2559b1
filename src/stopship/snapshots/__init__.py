"""Snapshots: what a source published at one moment, immutable, addressed by the hash of its content."""

from stopship.snapshots.archive import Archive
from stopship.snapshots.snapshot import RejectLine, Snapshot

__all__ = ["Archive", "RejectLine", "Snapshot"]
