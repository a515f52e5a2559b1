"""Is the audit record what was written? Every row is hashed again, held against the one before, the head, and
heads that were noted elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from stopship.store import audit
from stopship.store.audit import AuditRow

MOST_FAULTS = 1000


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head as it was noted outside of the database. `seq` is None where only its hash was kept."""

    seq: int | None
    hash: str
    noted: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the record: `altered`, `removed`, `reordered`, `erased`, `head`, or `anchor`.

    `first` and `last` are the rows that it is about, 0 where it is about the whole.
    """

    kind: str
    first: int
    last: int
    text: str

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {"kind": self.kind, "first": self.first, "last": self.last, "text": self.text}


@dataclass(slots=True)
class Checked:
    """What a check has found. `erased` rows have no content any more, as a later row says."""

    rows: int = 0
    erased: int = 0
    head: audit.Head = field(default_factory=lambda: audit.Head(0, audit.FIRST))
    anchors: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "verified": self.sound,
            "rows": self.rows,
            "erased": self.erased,
            "head": {"seq": self.head.seq, "hash": self.head.hash},
            "anchors": self.anchors,
            "faults": [fault.to_plain() for fault in self.faults],
        }


def check(connection: Connection, anchors: Iterable[Anchor] = ()) -> Checked:
    """Check the whole record, in one pass and without keeping it in memory.

    Args:
        connection: of a transaction, so that nothing is added meanwhile.
        anchors: heads that were noted elsewhere. Who rewrites all rows can make them fit one another, and not
            these.
    """
    return _Check(connection, anchors).run()


def check_some(connection: Connection, rows: Sequence[AuditRow]) -> tuple[Fault, ...]:
    """Check some rows and their places in the chain: each carries its own hash, follows the row before it, and is
    followed by the one behind it. Costs the same however long the record is; that no other row is missing or was
    rewritten with all behind it is what `check` finds."""
    faults: list[Fault] = []
    known: dict[int, tuple[str, str]] = {}
    wanted = sorted({seq for row in rows for seq in (row.seq - 1, row.seq + 1) if seq > 0})
    for at in range(0, len(wanted), 500):
        chosen = select(audit.log.c.seq, audit.log.c.hash, audit.log.c.previous)
        some = connection.execute(chosen.where(audit.log.c.seq.in_(wanted[at : at + 500])))
        known |= {seq: (value, previous) for seq, value, previous in some}
    head = audit.head(connection)
    for row in rows:
        digest = audit.row_digest(
            row.seq, row.moment, row.actor, row.action, row.subject, row.content_hash, row.previous
        )
        if digest != row.hash:
            faults.append(Fault("altered", row.seq, row.seq, "altered: it no longer has its own hash"))
        if row.content is not None and (
            row.salt is None or audit.content_digest(row.salt, row.content) != row.content_hash
        ):
            faults.append(Fault("altered", row.seq, row.seq, "what it says was altered"))
        before = audit.FIRST if row.seq == 1 else known.get(row.seq - 1, ("", ""))[0]
        after = head.hash if row.seq >= head.seq else known.get(row.seq + 1, ("", ""))[1]
        if before != row.previous or after != row.hash:
            faults.append(Fault("reordered", row.seq, row.seq, "the rows beside it don't fit it"))
    return tuple(faults)


class _Check:
    def __init__(self, connection: Connection, anchors: Iterable[Anchor]) -> None:
        self.connection = connection
        self.checked = Checked()
        self.by_seq: dict[int, list[Anchor]] = {}
        self.by_hash: dict[str, Anchor] = {}
        for anchor in anchors:
            self.checked.anchors += 1
            if anchor.seq is None:
                self.by_hash[anchor.hash] = anchor
            else:
                self.by_seq.setdefault(anchor.seq, []).append(anchor)
        self.altered: list[AuditRow] = []
        self.erased: list[int] = []
        self.vouched: list[tuple[int, int]] = []

    def run(self) -> Checked:
        expected, previous = 1, audit.FIRST
        for row in audit.rows(self.connection):
            if row.seq > expected:
                self._fault("removed", expected, row.seq - 1, "removed")
            elif row.previous != previous:
                self._fault("reordered", row.seq, row.seq, "doesn't follow the row before it")
            self._row(row)
            expected, previous = row.seq + 1, row.hash
            self.checked.rows += 1
        self._end(expected - 1, previous)
        self._moved()
        self._erased()
        for anchor in self.by_hash.values():
            self._fault("anchor", 0, 0, f"no row has the hash {anchor.hash}, which {anchor.noted}")
        self.checked.faults.sort(key=lambda fault: (fault.first, fault.last))
        return self.checked

    def _row(self, row: AuditRow) -> None:
        digest = audit.row_digest(
            row.seq, row.moment, row.actor, row.action, row.subject, row.content_hash, row.previous
        )
        if digest != row.hash:
            self.altered.append(row)
        if row.content is None or row.salt is None:
            self.erased.append(row.seq)
            self.checked.erased += 1
        elif audit.content_digest(row.salt, row.content) != row.content_hash:
            self._fault("altered", row.seq, row.seq, "what it says was altered")
        elif row.action == audit.ERASED:
            self.vouched += _ranges(row.content)
        for anchor in self.by_seq.pop(row.seq, ()):
            if anchor.hash != row.hash:
                text = f"is not the row that {anchor.noted} with the hash {anchor.hash}"
                self._fault("anchor", row.seq, row.seq, text)
        self.by_hash.pop(row.hash, None)

    def _end(self, last: int, value: str) -> None:
        head = audit.head(self.connection)
        self.checked.head = head
        if head.seq > last:
            self._fault("removed", last + 1, head.seq, "removed at the end")
        elif (head.seq, head.hash) != (last, value):
            self._fault("head", head.seq, last, "the noted head is not the last row")
        for seq, anchors in sorted(self.by_seq.items()):
            for anchor in anchors:
                self._fault("removed", min(last + 1, seq), seq, f"was there: {anchor.noted}; it is gone")

    def _moved(self) -> None:
        """Rows that don't carry their own hash: each was altered, or stands where another one was."""
        places = [row.seq for row in self.altered[:MOST_FAULTS]]
        for row in self.altered:
            rest = (row.moment, row.actor, row.action, row.subject, row.content_hash, row.previous)
            was = next((seq for seq in places if audit.row_digest(seq, *rest) == row.hash), None)
            if was is None:
                self._fault("altered", row.seq, row.seq, "altered: it no longer has its own hash")
            else:
                self._fault("reordered", row.seq, row.seq, f"was written as row {was}")

    def _erased(self) -> None:
        """Content that is gone must be gone by a row that says so."""
        vouched = iter(sorted(self.vouched))
        current = next(vouched, None)
        for seq in self.erased:
            while current is not None and current[1] < seq:
                current = next(vouched, None)
            if current is None or seq < current[0]:
                self._fault("erased", seq, seq, "what it says was erased, and no row says by whom")

    def _fault(self, kind: str, first: int, last: int, text: str) -> None:
        if len(self.checked.faults) < MOST_FAULTS:
            self.checked.faults.append(Fault(kind, first, last, text))


def _ranges(content: str) -> list[tuple[int, int]]:
    try:
        plain: Mapping[str, Any] = orjson.loads(content)
        return [(int(first), int(last)) for first, last in plain["rows"]]
    except (ValueError, KeyError, TypeError):
        return []


def noted_at(moment: datetime) -> str:
    """How an anchor's moment is told."""
    return f"was noted at {moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
