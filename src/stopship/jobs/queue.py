"""The queue of jobs: asked for by callers, held and reported by workers; every step that counts is audited."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from stopship.errors import JobError, KeyUsed, UnknownJob
from stopship.jobs.files import JobFiles
from stopship.store import Database, audit, jobs, webhooks
from stopship.store.jobs import CANCELLED, DONE, FAILED, Claim, Job

LEASE = timedelta(seconds=60)
"""How long a job is held by a worker that says nothing."""

KINDS: Mapping[str, str] = {
    "screen": "screen a file of names",
    "check": "decide a file of orders",
    "lists_update": "bring the lists up to date",
    "rescreen": "screen enrolled customers again whom a change touches",
    "webhook": "bring an event to an endpoint",
    "digest": "send the digest by e-mail",
    "reminders": "tell of stale lists, due cases and suppressions that end",
    "backup": "write a backup",
    "prune": "remove what is older than the settings keep",
    "audit_anchor": "note the end of the audit record outside of the database",
}
"""Every kind of job and what it does. What does it is wired in `app`."""

PRIORITIES: Mapping[str, int] = {webhooks.DELIVERY: webhooks.PRIORITY, "digest": 2, "reminders": 2}
"""Small first, 5 where nothing is said: what takes a second doesn't wait behind what takes an hour."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some jobs, newest first, and where the next page begins (None: there is none)."""

    jobs: tuple[Job, ...]
    before: int | None


class Queue:
    """All jobs of one home.

    Args:
        database: where they are.
        files: their files.
    """

    def __init__(self, database: Database, files: JobFiles) -> None:
        self.database = database
        self.files = files

    # -- callers -----------------------------------------------------------------------------------------------

    def submit(
        self,
        kind: str,
        options: Mapping[str, Any],
        *,
        asked_by: str,
        now: datetime,
        key: str | None = None,
        folder: str | None = None,
        digest: str = "",
    ) -> tuple[Job, bool]:
        """Queue a job.

        Args:
            kind: one of `KINDS`.
            options: JSON values, as the kind reads them; names of files are those in the job's folder.
            asked_by: who, by id: `user:7`, `key:3`, `cli:login`, `schedule:backup`.
            now: this moment, timezone-aware.
            key: idempotency key: the same caller gets the job that it queued before under this key.
            folder: of `files.begin`, with the input in it. It is the job's from now on; where the job was there
                already, it is removed.
            digest: SHA-256 of the input in hexadecimal, as part of what a key stands for.

        Returns:
            The job, and whether it is new.

        Raises:
            JobError: the kind is unknown, or the key too long.
            KeyUsed: the key stands for another job.
        """
        if kind not in KINDS:
            raise JobError(f"no kind of job is called {kind!r}", hint=f"Known: {', '.join(KINDS)}")
        if key is not None and not 1 <= len(key) <= 200:
            raise JobError("an idempotency key has 1 to 200 characters", where="idempotency key")
        fingerprint = _fingerprint(kind, options, digest)
        try:
            with self.database.write() as connection:
                known = jobs.find_key(connection, asked_by, key) if key is not None else None
                if known is None:
                    job = queue_job(
                        connection,
                        kind,
                        options,
                        asked_by=asked_by,
                        now=now,
                        key=key,
                        folder=folder,
                        fingerprint=fingerprint,
                    )
                    return job, True
        except IntegrityError:
            # Somebody else queued it under this key between our look and our row (only where writers don't queue).
            with self.database.begin() as connection:
                known = jobs.find_key(connection, asked_by, key or "")
            if known is None:
                raise
        if folder is not None and folder != known.folder:  # asked twice at once for the same, it is the job's
            self.files.remove(folder)
        if known.fingerprint != fingerprint:
            raise KeyUsed(
                f"this key stands for job {known.id}, which was asked for with something else",
                where=f"idempotency key {key!r}",
                hint="Give each job a key of its own",
            )
        return known, False

    def get(self, number: int) -> Job:
        """A job.

        Raises:
            UnknownJob: there is none of this number.
        """
        with self.database.begin() as connection:
            found = jobs.find(connection, number)
        if found is None:
            raise UnknownJob(f"there is no job {number}", hint="See: stopship jobs list")
        return found

    def page(
        self,
        *,
        states: Collection[str] = (),
        kinds: Collection[str] = (),
        asked_by: str | None = None,
        before: int | None = None,
        most: int = 50,
    ) -> Page:
        """Jobs, newest first: `most` of those with a number smaller than `before`."""
        with self.database.begin() as connection:
            found = jobs.page(
                connection, states=states, kinds=kinds, asked_by=asked_by, before=before, most=most + 1
            )
        return Page(found[:most], found[most - 1].id if len(found) > most else None)

    def counts(self) -> dict[tuple[str, str], int]:
        """How many jobs there are, by kind and state, for metrics."""
        with self.database.begin() as connection:
            return jobs.counts(connection)

    def cancel(self, number: int, *, actor: str, now: datetime) -> Job:
        """Cancel a job: a queued one at once, a running one at its next step.

        Raises:
            UnknownJob: there is none of this number.
            JobError: it has ended already.
        """
        with self.database.write() as connection:
            job = _known(connection, number)
            if not jobs.cancel(connection, number, now):
                raise JobError(f"job {number} is {job.state} already", where=f"job {number}")
            _audit(connection, actor, "job.cancelled", job, now, {"state": job.state})
            return _known(connection, number)

    def retry(self, number: int, *, actor: str, now: datetime) -> Job:
        """Queue a job again that failed or was cancelled.

        Raises:
            UnknownJob: there is none of this number.
            JobError: it is queued, running or done.
        """
        with self.database.write() as connection:
            job = _known(connection, number)
            if not jobs.again(connection, number, now):
                raise JobError(
                    f"job {number} is {job.state}", where=f"job {number}", hint="Only failed and cancelled jobs"
                )
            _audit(connection, actor, "job.queued_again", job, now, {"state": job.state, "error": job.error})
            return _known(connection, number)

    def prune(self, before: datetime, *, actor: str, now: datetime) -> int:
        """Erase jobs that ended before a moment, with their files, and messages of webhooks from before it."""
        gone = 0
        while True:
            with self.database.write() as connection:
                some = jobs.old(connection, before)
                jobs.remove(connection, [job.id for job in some])
                gone += len(some)
                if not some:
                    told = webhooks.prune_messages(connection, before)
                    if gone or told:
                        content = {"jobs": gone, "messages": told, "ended_before": before.isoformat()}
                        audit.append(
                            connection, actor=actor, action="jobs.pruned", subject="jobs", content=content, now=now
                        )
                    known = set(jobs.folders(connection))
                    break
            for job in some:
                if job.folder:
                    self.files.remove(job.folder)
        self.files.sweep(known, now)
        return gone

    def sweep(self, now: datetime) -> int:
        """Remove folders of files that no job names and that are a day old: left by uploads that ended in between.
        How many."""
        with self.database.begin() as connection:
            known = set(jobs.folders(connection))
        return self.files.sweep(known, now)

    # -- workers -----------------------------------------------------------------------------------------------

    def claim(
        self, *, worker: str, kinds: Collection[str], now: datetime, lease: timedelta = LEASE
    ) -> Claim | None:
        """Take the next job that is due, and fail those that have cost too many workers."""
        while self._fail_one(now):
            pass
        with self.database.write() as connection:
            return jobs.claim(connection, worker=worker, kinds=kinds, now=now, lease=lease)

    def _fail_one(self, now: datetime) -> bool:
        # A transaction for each: whoever audits holds all other writers up, and must not then wait for a job's
        # row.
        with self.database.write() as connection:
            job = jobs.fail_poisoned(connection, now)
            if job is not None:
                _audit(connection, "system:jobs", "job.failed", job, now, {"error": job.error})
                _tell(connection, job, now)
            return job is not None

    def renew(
        self,
        held: Claim,
        *,
        now: datetime,
        lease: timedelta = LEASE,
        progress: tuple[int, int | None] | None = None,
    ) -> bool | None:
        """Hold on to a job. Whether it shall be cancelled; None if it is no longer held."""
        with self.database.write() as connection:
            return jobs.renew(connection, held, now=now, lease=lease, progress=progress)

    def folder(self, held: Claim) -> str:
        """The folder of a job that is held; one is made where it has none.

        Raises:
            JobError: the job is no longer held.
            StateError: the home can't be written.
        """
        known = self.get(held.job.id).folder
        if known is not None:
            return known
        made = self.files.begin()
        with self.database.write() as connection:
            if not jobs.give_folder(connection, held, made):
                raise JobError("this job is no longer held", where=f"job {held.job.id}")
        return made

    def last_done(self, kind: str) -> Job | None:
        """The newest job of a kind that was done."""
        return next(iter(self.page(kinds=(kind,), states=(DONE,), most=1).jobs), None)

    def finish(
        self,
        held: Claim,
        state: str,
        *,
        now: datetime,
        result: Mapping[str, Any] | None = None,
        error: str | None = None,
        progress: tuple[int, int | None] | None = None,
    ) -> bool:
        """End a job that is held: `done`, `failed` or `cancelled`. Whether it was still held."""
        assert state in (DONE, FAILED, CANCELLED)
        with self.database.write() as connection:
            if not jobs.end(connection, held, state, now=now, result=result, error=error, progress=progress):
                return False
            job = _known(connection, held.job.id)
            _audit(connection, "system:jobs", f"job.{state}", job, now, {"result": result, "error": error})
            _tell(connection, job, now)
        return True

    def put_back(self, held: Claim, *, not_before: datetime, error: str | None = None, tried: bool = True) -> bool:
        """Queue a held job again, for later. `tried`: it counts as an attempt. Whether it was still held."""
        with self.database.write() as connection:
            return jobs.put_back(connection, held, not_before=not_before, error=error, tried=tried)


def queue_job(
    connection: Connection,
    kind: str,
    options: Mapping[str, Any],
    *,
    asked_by: str,
    now: datetime,
    key: str | None = None,
    folder: str | None = None,
    fingerprint: str | None = None,
) -> Job:
    """Queue a job in a transaction of the caller's, and note that in the audit record."""
    number = jobs.add(
        connection,
        kind=kind,
        options=options,
        asked_by=asked_by,
        now=now,
        priority=PRIORITIES.get(kind, 5),
        folder=folder,
        idempotency_key=key,
        fingerprint=fingerprint or _fingerprint(kind, options, ""),
    )
    job = _known(connection, number)
    _audit(connection, asked_by, "job.queued", job, now, {"options": dict(options)})
    return job


def _audit(
    connection: Connection, actor: str, action: str, job: Job, now: datetime, content: Mapping[str, Any]
) -> None:
    # What a delivery tells of has a row of its own; a row for each endpoint and attempt would drown the rest.
    if job.kind == webhooks.DELIVERY and action in ("job.done", "job.queued"):
        return
    audit.append(
        connection,
        actor=actor,
        action=action,
        subject=f"job:{job.id}",
        content={"kind": job.kind, **content},
        now=now,
    )


def _tell(connection: Connection, job: Job, now: datetime) -> None:
    if job.kind == webhooks.DELIVERY:
        return
    data = {"job": job.id, "kind": job.kind, "state": job.state, "asked_by": job.asked_by}
    webhooks.emit(connection, event="job.finished", subject=f"job:{job.id}", data=data, now=now)


def _known(connection: Connection, number: int) -> Job:
    found = jobs.find(connection, number)
    if found is None:
        raise UnknownJob(f"there is no job {number}", hint="See: stopship jobs list")
    return found


def _fingerprint(kind: str, options: Mapping[str, Any], digest: str) -> str:
    return hashlib.sha256(orjson.dumps([kind, dict(options), digest], option=orjson.OPT_SORT_KEYS)).hexdigest()
