"""The audit record: rows that are only ever added, each holding the hash of the one before.

The hash of a row covers its number, moment, actor, action, subject, the hash of its content and that of the row
before. What the content says of persons can be erased after the retention time: the content goes, its hash stays,
and the chain still verifies. A salt, which goes with the content, keeps anyone from guessing it by its hash.

Appending belongs into the transaction of the change that it records: both are there, or neither.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, Text, insert, select, update

from stopship.store.tables import Moment, metadata

log = Table(
    "audit_log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("moment", Moment, nullable=False),
    Column("actor", String(200), nullable=False, index=True),
    Column("action", String(64), nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    Column("content", Text),  # canonical JSON; None once it was erased
    Column("salt", String(32)),
    Column("content_hash", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

heads = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

ERASED = "audit.erased"
"""The action of rows that say which rows' content was erased; these rows themselves are never erased."""

FIRST = "0" * 64
"""What the first row has for the hash of the one before."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row as it is kept. `content` and `salt` are None once they were erased."""

    seq: int
    moment: datetime
    actor: str
    action: str
    subject: str
    content: str | None
    salt: str | None
    content_hash: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last row's number and hash; 0 and zeros while there is none."""

    seq: int
    hash: str


def append(
    connection: Connection, *, actor: str, action: str, subject: str, content: Mapping[str, Any], now: datetime
) -> Head:
    """Add a row at the end of the chain. Call it inside of `Database.write`, beside the change it records.

    Args:
        connection: of the transaction of that change.
        actor: who did it, by id: `user:7`, `key:3`, `cli:login`, `system:monitor`. No names of persons.
        action: what was done, as `thing.done`: `case.opened`, `key.revoked`.
        subject: what it was done to, as `kind:id`.
        content: details as JSON values. What is said of persons stands here and nowhere else in the row.
        now: the moment, timezone-aware.

    Returns:
        The chain's new head.
    """
    row = connection.execute(select(heads.c.seq, heads.c.hash).where(heads.c.id == 1).with_for_update()).one()
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()
    salt = secrets.token_hex(16)
    digest = content_digest(salt, text)
    seq = row.seq + 1
    value = row_digest(seq, now, actor, action, subject, digest, row.hash)
    connection.execute(
        insert(log).values(
            seq=seq,
            moment=now,
            actor=actor,
            action=action,
            subject=subject,
            content=text,
            salt=salt,
            content_hash=digest,
            previous=row.hash,
            hash=value,
        )
    )
    connection.execute(update(heads).where(heads.c.id == 1).values(seq=seq, hash=value))
    return Head(seq, value)


def wait_for_turn(connection: Connection) -> None:
    """Wait for other writers before anything is read that the change depends on: what was read is then still so
    when it is written. SQLite's writers have done that in `Database.write`; PostgreSQL's queue here, by the row
    that every change of the record updates anyway."""
    connection.execute(select(heads.c.seq).where(heads.c.id == 1).with_for_update())


def head(connection: Connection) -> Head:
    """The chain's end as it is noted beside it."""
    return Head(*connection.execute(select(heads.c.seq, heads.c.hash).where(heads.c.id == 1)).one())


def rows(connection: Connection, *, after: int = 0, most: int | None = None) -> Generator[AuditRow, None, None]:
    """Rows in order, from the one behind `after` on."""
    chosen = select(log).where(log.c.seq > after).order_by(log.c.seq).limit(most)
    with connection.execute(chosen.execution_options(yield_per=1000)) as found:
        for row in found:
            yield AuditRow(**row._mapping)


def about(connection: Connection, subjects: Iterable[str]) -> tuple[AuditRow, ...]:
    """The rows about some subjects (`case:7`), in order."""
    wanted = list(subjects)
    found: list[AuditRow] = []
    for at in range(0, len(wanted), 500):
        chosen = select(log).where(log.c.subject.in_(wanted[at : at + 500]))
        found += [AuditRow(**row._mapping) for row in connection.execute(chosen)]
    return tuple(sorted(found, key=lambda row: row.seq))


def last_about(connection: Connection, subject: str, *, actions: Collection[str] = ()) -> AuditRow | None:
    """The last row about a subject, of some actions; of any where none is named."""
    chosen = select(log).where(log.c.subject == subject).order_by(log.c.seq.desc()).limit(1)
    if actions:
        chosen = chosen.where(log.c.action.in_(tuple(actions)))
    row = connection.execute(chosen).one_or_none()
    return AuditRow(**row._mapping) if row is not None else None


def erase_about(connection: Connection, subjects: Iterable[str], *, actor: str, why: str, now: datetime) -> int:
    """Erase what the rows about some subjects say, and write down which rows these are: content that is gone
    without such a row is a fault of the chain. How many rows were erased."""
    seqs = [row.seq for row in about(connection, subjects) if row.content is not None]
    for seq in seqs:
        erase(connection, seq)
    if seqs:
        append(
            connection,
            actor=actor,
            action=ERASED,
            subject="audit",
            content={"why": why, "rows": [list(pair) for pair in ranges(seqs)]},
            now=now,
        )
    return len(seqs)


def ranges(seqs: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as ranges: first and last of each run without gaps."""
    found: list[tuple[int, int]] = []
    for seq in sorted(seqs):
        if found and found[-1][1] == seq - 1:
            found[-1] = (found[-1][0], seq)
        else:
            found.append((seq, seq))
    return found


def erase(connection: Connection, seq: int) -> None:
    """Erase what a row says; that it was there, when, by whom and on what stays, and the chain verifies."""
    connection.execute(update(log).where(log.c.seq == seq).values(content=None, salt=None))


def content_digest(salt: str, text: str) -> str:
    """The hash of a content with its salt, 64 hexadecimal digits (SHA-256)."""
    return hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()


def row_digest(
    seq: int, moment: datetime, actor: str, action: str, subject: str, content_hash: str, previous: str
) -> str:
    """The hash of a row, 64 hexadecimal digits (SHA-256 of the JSON list of its parts, moments in UTC)."""
    parts = [1, seq, moment.astimezone(UTC).isoformat(), actor, action, subject, content_hash, previous]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
