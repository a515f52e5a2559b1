"""Jobs: work that is asked for now and done by another process, with a lease that a dead worker loses.

A worker holds a job by a token and only for a while; it renews the lease as it works. A job whose lease ran out is
anyone's again, and what its former worker still reports is refused by the token. Each claim is one UPDATE that
names the state it found, which both databases run one after the other: no job is held twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from stopship.store.tables import Moment, metadata

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
STATES = (QUEUED, RUNNING, DONE, FAILED, CANCELLED)
OPEN = (QUEUED, RUNNING)
ENDED = (DONE, FAILED, CANCELLED)

MOST_CRASHES = 3
"""A job whose worker died so often is given up: it would take the next one along, too."""

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("priority", Integer, nullable=False),  # small first
    Column("asked_by", String(200), nullable=False),
    Column("idempotency_key", String(200)),
    Column("fingerprint", String(64), nullable=False),  # of what was asked, to tell a key that is used again
    Column("options", Text, nullable=False),  # JSON
    Column("folder", String(64), unique=True),  # its files below <home>/jobs
    Column("created", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("started", Moment),
    Column("finished", Moment),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("lease", String(32)),
    Column("leased_until", Moment),
    Column("worker", String(200)),
    Column("cancel_asked", Boolean, nullable=False),
    Column("result", Text),  # JSON
    Column("error", Text),
    UniqueConstraint("asked_by", "idempotency_key"),
    Index("ix_jobs_state_not_before", "state", "not_before"),
    sqlite_autoincrement=True,  # a number names one job for good: audit rows and files go by it
)


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `options` and `result` are JSON values; `folder` names its files; moments are in UTC."""

    id: int
    kind: str
    state: str
    asked_by: str
    options: Mapping[str, Any]
    folder: str | None
    created: datetime
    not_before: datetime
    started: datetime | None
    finished: datetime | None
    done: int
    total: int | None
    attempts: int
    crashes: int
    worker: str | None
    cancel_asked: bool
    result: Mapping[str, Any] | None
    error: str | None
    fingerprint: str
    idempotency_key: str | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in ENDED

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values, without what only workers need."""
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "asked_by": self.asked_by,
            "options": dict(self.options),
            "created": self.created.isoformat(),
            "not_before": self.not_before.isoformat(),
            "started": _text(self.started),
            "finished": _text(self.finished),
            "progress": {"done": self.done, "total": self.total},
            "attempts": self.attempts,
            "crashes": self.crashes,
            "cancel_asked": self.cancel_asked,
            "result": dict(self.result) if self.result is not None else None,
            "error": self.error,
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a worker holds, and the token that it holds it by."""

    job: Job
    lease: str


_SHOWN = tuple(column for column in jobs.c if column.name not in ("priority", "lease", "leased_until"))


def add(
    connection: Connection,
    *,
    kind: str,
    options: Mapping[str, Any],
    asked_by: str,
    now: datetime,
    not_before: datetime | None = None,
    priority: int = 5,
    folder: str | None = None,
    idempotency_key: str | None = None,
    fingerprint: str = "",
) -> int:
    """Queue a job; its number."""
    key = connection.execute(
        insert(jobs).values(
            kind=kind,
            state=QUEUED,
            priority=priority,
            asked_by=asked_by,
            idempotency_key=idempotency_key,
            fingerprint=fingerprint,
            options=orjson.dumps(dict(options), option=orjson.OPT_SORT_KEYS).decode(),
            folder=folder,
            created=now,
            not_before=not_before or now,
            done=0,
            attempts=0,
            crashes=0,
            cancel_asked=False,
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def find(connection: Connection, number: int) -> Job | None:
    """The job of this number."""
    return _one(connection, jobs.c.id == number)


def find_key(connection: Connection, asked_by: str, key: str) -> Job | None:
    """The job that this caller queued under this idempotency key."""
    return _one(connection, and_(jobs.c.asked_by == asked_by, jobs.c.idempotency_key == key))


def page(
    connection: Connection,
    *,
    states: Collection[str] = (),
    kinds: Collection[str] = (),
    asked_by: str | None = None,
    before: int | None = None,
    most: int = 50,
) -> tuple[Job, ...]:
    """Jobs, newest first; those with a smaller number than `before`."""
    chosen = select(*_SHOWN).order_by(jobs.c.id.desc()).limit(most)
    if states:
        chosen = chosen.where(jobs.c.state.in_(tuple(states)))
    if kinds:
        chosen = chosen.where(jobs.c.kind.in_(tuple(kinds)))
    if asked_by is not None:
        chosen = chosen.where(jobs.c.asked_by == asked_by)
    if before is not None:
        chosen = chosen.where(jobs.c.id < before)
    return tuple(_job(row) for row in connection.execute(chosen))


def counts(connection: Connection) -> dict[tuple[str, str], int]:
    """How many jobs there are, by kind and state."""
    chosen = select(jobs.c.kind, jobs.c.state, func.count()).group_by(jobs.c.kind, jobs.c.state)
    return {(row[0], row[1]): int(row[2]) for row in connection.execute(chosen)}


def claim(
    connection: Connection, *, worker: str, kinds: Collection[str], now: datetime, lease: timedelta
) -> Claim | None:
    """Take the next job that is due: a queued one, or one whose worker lost its lease.

    One that has cost `MOST_CRASHES` workers is not given out: see `fail_poisoned`.

    Args:
        connection: of `Database.write`.
        worker: who takes it, for people.
        kinds: what this worker can do.
        now: the moment.
        lease: how long it is held without a word.
    """
    free = and_(
        jobs.c.kind.in_(tuple(kinds)),
        or_(
            and_(jobs.c.state == QUEUED, jobs.c.not_before <= now),
            and_(jobs.c.state == RUNNING, jobs.c.leased_until < now, jobs.c.crashes < MOST_CRASHES - 1),
        ),
    )
    candidates = select(jobs.c.id, jobs.c.state, jobs.c.lease).where(free)
    for row in connection.execute(candidates.order_by(jobs.c.priority, jobs.c.id).limit(20)).all():
        token = secrets.token_hex(16)
        # What it was when we looked: whoever was quicker has changed it, and then this changes nothing.
        same = and_(
            jobs.c.id == row.id,
            jobs.c.state == row.state,
            jobs.c.lease.is_(None) if row.lease is None else jobs.c.lease == row.lease,
        )
        taken = connection.execute(
            update(jobs)
            .where(same, free)
            .values(
                state=RUNNING,
                lease=token,
                leased_until=now + lease,
                worker=worker,
                started=func.coalesce(jobs.c.started, now),
                attempts=jobs.c.attempts + 1,
                crashes=jobs.c.crashes + (1 if row.state == RUNNING else 0),
            )
        )
        if taken.rowcount == 1:
            found = find(connection, row.id)
            assert found is not None
            return Claim(found, token)
    return None


def fail_poisoned(connection: Connection, now: datetime) -> Job | None:
    """Fail one job whose last allowed worker died, and give it; None if there is no such job."""
    dead = and_(jobs.c.state == RUNNING, jobs.c.leased_until < now, jobs.c.crashes >= MOST_CRASHES - 1)
    number = connection.execute(select(jobs.c.id).where(dead).order_by(jobs.c.id).limit(1)).scalar()
    if number is None:
        return None
    ended = connection.execute(
        update(jobs)
        .where(jobs.c.id == number, dead)
        .values(
            state=FAILED,
            finished=now,
            crashes=jobs.c.crashes + 1,
            error=f"the process that did it died {MOST_CRASHES} times: it is not tried again",
            lease=None,
            leased_until=None,
        )
    )
    return find(connection, number) if ended.rowcount == 1 else None


def renew(
    connection: Connection,
    held: Claim,
    *,
    now: datetime,
    lease: timedelta,
    progress: tuple[int, int | None] | None = None,
) -> bool | None:
    """Hold on to a job. Whether it shall be cancelled; None if it is no longer held."""
    values: dict[str, Any] = {"leased_until": now + lease}
    if progress is not None:
        values |= {"done": progress[0], "total": progress[1]}
    kept = connection.execute(update(jobs).where(_held(held)).values(values))
    if kept.rowcount != 1:
        return None
    return bool(connection.execute(select(jobs.c.cancel_asked).where(jobs.c.id == held.job.id)).scalar_one())


def give_folder(connection: Connection, held: Claim, folder: str) -> bool:
    """Give a job that is held a folder for its files, if it has none. Whether it was still held."""
    given = update(jobs).where(_held(held), jobs.c.folder.is_(None)).values(folder=folder)
    return connection.execute(given).rowcount == 1


def end(
    connection: Connection,
    held: Claim,
    state: str,
    *,
    now: datetime,
    result: Mapping[str, Any] | None = None,
    error: str | None = None,
    progress: tuple[int, int | None] | None = None,
) -> bool:
    """End a job that is held: done, failed or cancelled. Whether it was still held."""
    values: dict[str, Any] = {"state": state, "finished": now, "lease": None, "leased_until": None, "error": error}
    if result is not None:
        values["result"] = orjson.dumps(dict(result), option=orjson.OPT_SORT_KEYS).decode()
    if progress is not None:
        values |= {"done": progress[0], "total": progress[1]}
    return connection.execute(update(jobs).where(_held(held)).values(values)).rowcount == 1


def put_back(connection: Connection, held: Claim, *, not_before: datetime, error: str | None, tried: bool) -> bool:
    """Queue a job again that is held. `tried`: it counts as an attempt. Whether it was still held."""
    values: dict[str, Any] = {
        "state": QUEUED,
        "not_before": not_before,
        "lease": None,
        "leased_until": None,
        "error": error,
    }
    if not tried:
        values["attempts"] = jobs.c.attempts - 1
    return connection.execute(update(jobs).where(_held(held)).values(values)).rowcount == 1


def cancel(connection: Connection, number: int, now: datetime) -> bool:
    """Cancel a queued job, and ask the worker of a running one to stop. Whether it was open."""
    stopped = connection.execute(
        update(jobs)
        .where(jobs.c.id == number, jobs.c.state == QUEUED)
        .values(state=CANCELLED, finished=now, cancel_asked=True)
    )
    if stopped.rowcount == 1:
        return True
    asked = update(jobs).where(jobs.c.id == number, jobs.c.state == RUNNING).values(cancel_asked=True)
    return connection.execute(asked).rowcount == 1


def again(connection: Connection, number: int, now: datetime) -> bool:
    """Queue a job again that failed or was cancelled. Whether it was one."""
    queued = (
        update(jobs)
        .where(jobs.c.id == number, jobs.c.state.in_((FAILED, CANCELLED)))
        .values(state=QUEUED, not_before=now, finished=None, attempts=0, crashes=0, cancel_asked=False, error=None)
    )
    return connection.execute(queued).rowcount == 1


def is_open(connection: Connection, *, kind: str, asked_by: str) -> bool:
    """Whether a job of this kind that this caller asked for is queued or running."""
    chosen = select(jobs.c.id).where(jobs.c.kind == kind, jobs.c.asked_by == asked_by, jobs.c.state.in_(OPEN))
    return connection.execute(chosen.limit(1)).first() is not None


def is_held(connection: Connection, now: datetime) -> bool:
    """Whether a worker does a job at a moment."""
    chosen = select(jobs.c.id).where(jobs.c.state == RUNNING, jobs.c.leased_until > now).limit(1)
    return connection.execute(chosen).first() is not None


def oldest_due(connection: Connection, before: datetime) -> Job | None:
    """The job that waits longest of those that were due before a moment and aren't begun."""
    chosen = select(*_SHOWN).where(jobs.c.state == QUEUED, jobs.c.not_before < before)
    row = connection.execute(chosen.order_by(jobs.c.not_before, jobs.c.id).limit(1)).one_or_none()
    return _job(row) if row is not None else None


def old(connection: Connection, before: datetime, most: int = 1000) -> tuple[Job, ...]:
    """Ended jobs that ended before a moment, oldest first."""
    chosen = select(*_SHOWN).where(jobs.c.state.in_(ENDED), jobs.c.finished < before)
    return tuple(_job(row) for row in connection.execute(chosen.order_by(jobs.c.id).limit(most)))


def remove(connection: Connection, numbers: Collection[int]) -> None:
    """Erase ended jobs."""
    wanted = sorted(numbers)
    for at in range(0, len(wanted), 500):
        some = wanted[at : at + 500]
        connection.execute(delete(jobs).where(jobs.c.id.in_(some), jobs.c.state.in_(ENDED)))


def folders(connection: Connection) -> Iterator[str]:
    """The folders of files that jobs have."""
    yield from connection.execute(select(jobs.c.folder).where(jobs.c.folder.is_not(None))).scalars()


def _held(held: Claim) -> Any:
    return and_(jobs.c.id == held.job.id, jobs.c.lease == held.lease, jobs.c.state == RUNNING)


def _one(connection: Connection, condition: Any) -> Job | None:
    row = connection.execute(select(*_SHOWN).where(condition)).one_or_none()
    return _job(row) if row is not None else None


def _job(row: Any) -> Job:
    values = dict(row._mapping)
    values["options"] = orjson.loads(values["options"])
    values["result"] = None if values["result"] is None else orjson.loads(values["result"])
    return Job(**values)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
