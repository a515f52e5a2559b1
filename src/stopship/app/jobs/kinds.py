"""What each kind of job does: the use cases of this folder's siblings, told how to say how far they are.

Options and results are the contract of jobs (`docs/reference/jobs.md`). Files that are named in them lie in the
job's folder. Each can be begun again after a kill: files of names and of orders go on where they were, the others
are such that doing them twice does no harm.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from stopship.app.example_data import notice_of
from stopship.app.jobs.news import Remind, Tell, stale_lists
from stopship.app.jobs.settings import JobSettings
from stopship.app.workspace import Workspace
from stopship.errors import JobError, SettingsError, StateError, StopshipError
from stopship.jobs.delivery import longest_delivery
from stopship.jobs.digest import letter
from stopship.jobs.queue import Queue
from stopship.jobs.schedule import Schedule
from stopship.jobs.worker import Clock, Handler, Held, TryAgain
from stopship.store import Database, audit
from stopship.store.jobs import Job

BUSY_SECONDS = 60.0
FORMS = ("jsonl", "csv", "xlsx", "parquet")
FINDINGS = "findings.jsonl"
SO_FAR = "so_far.json"
"""Beside the result of a file of names: the rows that a person looks at; while it is screened, what was found."""


@dataclass(frozen=True, slots=True)
class Wired:
    """What handlers work with.

    Attributes:
        space: makes the workspace of this day.
        queue: of the jobs.
        schedule: what follows what.
        settings: of the home.
        clock: gives the moment, timezone-aware.
        tell: what the digest says.
        remind: tells of cases that are due and suppressions that end.
    """

    space: Callable[[], Workspace]
    queue: Queue
    schedule: Schedule
    settings: JobSettings
    clock: Clock
    tell: Tell
    remind: Remind


Work = Callable[[Wired, Job, Held], Mapping[str, Any]]


def handlers(wired: Wired) -> dict[str, Handler]:
    """Every kind but the delivery of webhooks, which needs no home."""

    def bound(work: Work) -> Handler:
        return lambda job, held: work(wired, job, held)

    return {
        "screen": bound(_as_example(screen)),
        "check": bound(_as_example(check)),
        "lists_update": bound(lists_update),
        "rescreen": bound(rescreen),
        "digest": bound(digest),
        "reminders": bound(reminders),
        "backup": bound(backup),
        "prune": bound(prune),
        "audit_anchor": bound(audit_anchor),
    }


def _as_example(work: Work) -> Work:
    """Has what came of a file say so, where the home holds example data."""

    def done(wired: Wired, job: Job, held: Held) -> Mapping[str, Any]:
        result, notice = work(wired, job, held), notice_of(wired.space().home)
        return result if notice is None else {**result, "notice": notice}

    return done


# --- files --------------------------------------------------------------------------------------------


def screen(wired: Wired, job: Job, held: Held) -> dict[str, Any]:
    """Screen a file of names: `{input, output, format, encoding, columns, min_score, limit}` → `{file, findings,
    …counts}`."""
    from stopship.app.part_work import Counts
    from stopship.app.partners import screen_file
    from stopship.bulk import ScreenOptions

    source, out = _files(wired, job, FORMS)
    findings = out.with_name(FINDINGS)
    space, counts, so_far = wired.space(), Counts(), SoFar(out.with_name(SO_FAR), wired.clock)

    def told(rows: int, hits: int, share: float | None) -> None:
        so_far.note(hits=hits, rejected=counts.rejected)
        held.tell(rows, round(rows / share) if share else None)

    options = ScreenOptions(
        job.options.get("min_score"), int(job.options.get("limit") or 10), space.settings.threshold
    )
    with _called(job, source), _taken_up(out):
        screen_file(
            source,
            out,
            space.index_place(space.today),
            options,
            form=job.options.get("format"),
            encoding=job.options.get("encoding"),
            columns=job.options.get("columns"),
            processes=wired.settings.processes,
            resume=True,
            progress=told,
            findings=findings,
            counts=counts,
        )
    held.tell(counts.rows, counts.rows)
    return {"file": out.name, "findings": findings.name, **counts.to_plain()}


class SoFar:
    """Notes in the folder of a job what was found so far, once a second, for who looks on. It is no record: what
    came of a job is in its result.

    Args:
        path: of the file.
        clock: gives the moment.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._noted = 0.0

    def note(self, **found: int) -> None:
        """Note it, unless it was just noted."""
        moment = self._clock().timestamp()
        if abs(moment - self._noted) < 1:
            return
        self._noted = moment
        temporary = self._path.with_suffix(".tmp")
        with suppress(OSError):  # a full disk stops the job where it writes its results
            temporary.write_bytes(orjson.dumps(found))
            temporary.replace(self._path)


def check(wired: Wired, job: Job, held: Held) -> dict[str, Any]:
    """Decide a file of orders: `{input, as_of}` → `{file, …counts}`."""
    from stopship.app.orders.batch import OrderBatch

    source, out = _files(wired, job, ("jsonl",))
    as_of = job.options.get("as_of")
    with (
        _called(job, source),
        _taken_up(out),
        OrderBatch(
            source,
            out,
            wired.space(),
            as_of=date.fromisoformat(as_of) if as_of else None,
            resume=True,
            processes=wired.settings.processes,
        ) as batch,
    ):
        counts = batch.run(lambda line: held.tell(line, batch.total))
    return {"file": out.name, **counts.to_plain()}


def _files(wired: Wired, job: Job, forms: tuple[str, ...]) -> tuple[Path, Path]:
    if job.folder is None:
        raise JobError("this job has no input", where=f"job {job.id}")
    form = str(job.options.get("output") or forms[0])
    if form not in forms:
        raise JobError(
            f"{form!r} is no format of results", where=f"job {job.id}", hint=f"Known: {', '.join(forms)}"
        )
    files = wired.queue.files
    return files.path(job.folder, str(job.options.get("input", ""))), files.path(job.folder, f"result.{form}")


@contextmanager
def _called(job: Job, source: Path) -> Iterator[None]:
    """What is wrong with a file names it as its owner does, not by where it lies on this machine."""
    filename = str(job.options.get("filename") or source.name)
    try:
        yield
    except StopshipError as bad:
        if bad.where and str(source) in bad.where:
            where = bad.where.replace(str(source), filename)
            raise type(bad)(bad.message, where=where, hint=bad.hint) from None
        raise


@contextmanager
def _taken_up(out: Path) -> Iterator[None]:
    """Throw parts away that can't be taken up: the lists changed between two attempts. The next one begins
    anew."""
    try:
        yield
    except SettingsError as bad:
        parts = out.with_name(f"{out.name}.parts")
        if "can't be used: not the same" not in bad.message:
            raise
        shutil.rmtree(parts, ignore_errors=True)
        raise TryAgain("the lists have changed since it began", after=0) from None


# --- lists and customers ------------------------------------------------------------------------------


def lists_update(wired: Wired, job: Job, held: Held) -> dict[str, Any]:
    """Bring lists up to date: `{sources}` → `{sources, changed, failed, snapshots}`; cases and customers
    follow what changed."""
    from stopship.app.casework.following import follow
    from stopship.app.lists.refresh import refresh
    from stopship.app.lists.settings import read_list_settings

    space = wired.space()
    settings = read_list_settings(space.home)
    before = wired.queue.last_done("lists_update")
    known = dict((before.result or {}).get("snapshots", {})) if before else None
    here = threading.get_ident()

    def told(_source: str, _what: str, _done: int, _total: int | None) -> None:
        if threading.get_ident() == here:  # those that fetch end with their own bounds
            held.check()

    with _one_at_a_time():
        done = refresh(space, settings, tuple(job.options.get("sources") or ()), now=wired.clock(), report=told)
    now = wired.clock()
    snapshots = {snapshot.source: snapshot.id for snapshot in space.snapshots(space.today)}
    # Held against what the last one left, not against what this one found: after a kill behind the switch this one
    # finds nothing new, and customers must be screened again all the same.
    if known is None:
        changed = sorted(one.source for one in done.sources if one.status in ("new", "updated"))
    else:
        changed = sorted(source for source, snapshot in snapshots.items() if known.get(source) != snapshot)
    if changed:
        follow(wired.space(), now=now)
        wired.schedule.follow("lists_update", now)
    held.tell(len(done.sources), len(done.sources))
    return {
        "sources": [one.to_plain() for one in done.sources],
        "changed": changed,
        "failed": [one.source for one in done.failed],
        "snapshots": snapshots,
    }


def rescreen(wired: Wired, job: Job, held: Held) -> dict[str, Any]:
    """Screen enrolled customers again: `{portfolio}` (all if none) → `{file, portfolios}`."""
    from stopship.app.monitoring import rescreen as monitoring

    space = wired.space()
    asked = job.options.get("portfolio")
    found = []
    for name in [str(asked)] if asked else monitoring.names(space):
        with _one_at_a_time():
            found.append(
                monitoring.rescreen(
                    space,
                    name,
                    now=wired.clock(),
                    processes=wired.settings.processes,
                    progress=lambda rows, _hits, share: held.tell(rows, round(rows / share) if share else None),
                )
            )
    out = wired.queue.files.path(wired.queue.folder(held.claim), "changes.jsonl")
    monitoring.write_events(out, found)
    told = [
        {"portfolio": one.name, "up_to_date": one.up_to_date, "screened": one.screened, **one.counts()}
        for one in found
    ]
    return {"file": out.name, "portfolios": told}


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Wait for another run of the same work: of a person, or of a worker that is thought dead."""
    try:
        yield
    except StateError as busy:
        if "another update of these lists is running" in busy.message:
            raise TryAgain(str(busy), after=BUSY_SECONDS) from None
        raise
    except SettingsError as busy:
        if busy.message.startswith("another run"):
            raise TryAgain(str(busy), after=BUSY_SECONDS) from None
        raise


# --- telling people -----------------------------------------------------------------------------------


def digest(wired: Wired, job: Job, held: Held) -> dict[str, Any]:
    """Send the digest: `{}` → `{receivers, sent}`."""
    from stopship.jobs.mail import send

    settings = wired.settings
    if settings.mail is None or settings.digest is None:
        raise SettingsError("there is nobody to send the digest to", hint="Set mail and digest in settings.yaml")
    now = wired.clock()
    before = wired.queue.last_done("digest")
    since = before.started if before is not None and before.started is not None else now - timedelta(days=1)
    news = wired.tell(since, now)
    if news.empty and not settings.digest.always:
        return {"receivers": len(settings.digest.to), "sent": False}
    held.check()
    message = letter(
        news,
        sender=settings.mail.sender,
        to=settings.digest.to,
        since=since,
        now=now,
        detail=settings.digest.detail,
        address=settings.digest.address,
        number=f"stopship-digest-{job.id}-{job.created:%Y%m%d%H%M%S}",
    )
    send(message, settings.mail)
    return {"receivers": len(settings.digest.to), "sent": True}


def reminders(wired: Wired, job: Job, held: Held) -> dict[str, Any]:  # noqa: ARG001
    """Tell of what time alone brings about, and let suppressions end: `{}` → `{stale, told, expired}`."""
    from stopship.app.casework.following import follow

    space, now = wired.space(), wired.clock()
    followed = follow(space, now=now)
    stale = [state["source"] for state in stale_lists(space)]
    return {"stale": stale, "told": wired.remind(now), "expired": len(followed.expired)}


# --- keeping ------------------------------------------------------------------------------------------


def backup(wired: Wired, job: Job, held: Held) -> dict[str, Any]:
    """Write a backup to the folder of the settings: `{}` → `{file, bytes, sha256, removed}`."""
    from stopship.app.backup import keep_newest, scheduled_name, write_backup

    settings = wired.settings.backup
    if settings is None:
        raise SettingsError("there is no folder for backups", hint="Set backup.folder in settings.yaml")
    try:
        settings.folder.mkdir(parents=True, exist_ok=True)
    except OSError as bad:
        raise StateError(f"can't be written: {bad.strerror or bad}", where=str(settings.folder)) from None
    out = settings.folder / scheduled_name(job.created, job.id)
    written = write_backup(
        wired.space(), out, database=wired.queue.database, now=wired.clock(), progress=held.tell, replace=True
    )
    removed = keep_newest(settings.folder, settings.keep)
    return {"file": str(out), "bytes": written.size, "sha256": written.sha256, "removed": removed}


def prune(wired: Wired, job: Job, held: Held) -> dict[str, Any]:  # noqa: ARG001
    """Remove what is older than the settings keep: `{}` → `{jobs, snapshots, parties}`."""
    from stopship.app.lists.retention import prune as prune_lists
    from stopship.app.lists.settings import read_list_settings

    now = wired.clock()
    kept = max(timedelta(days=wired.settings.keep_days), longest_delivery(wired.settings.webhooks))
    gone = wired.queue.prune(now - kept, actor="system:prune", now=now)
    space = wired.space()
    days = read_list_settings(space.home).keep_days
    snapshots = prune_lists(space, days=days).removable if days is not None else ()
    parties = _erase_parties(space, wired.queue.database, now)
    if snapshots:
        with wired.queue.database.write() as connection:
            audit.append(
                connection,
                actor="system:prune",
                action="lists.pruned",
                subject="lists",
                content={"snapshots": [[one.source, one.id] for one in snapshots]},
                now=now,
            )
    return {"jobs": gone, "snapshots": len(snapshots), "parties": parties}


def _erase_parties(space: Workspace, database: Database, now: datetime) -> int:
    """Erase parties by the policy of cases, where it says when."""
    from stopship.app.casework.desk import case_work
    from stopship.app.casework.retention import erase_parties, limit_of
    from stopship.cases import Actor

    work = case_work(space, database, now=now)
    if work.policy.retention_days is None:
        return 0
    done = erase_parties(space, work, limit_of(work, now), Actor.system("prune"), now=now)
    return len(done.subjects)


def audit_anchor(wired: Wired, job: Job, held: Held) -> dict[str, Any]:  # noqa: ARG001
    """Note the end of the audit record outside of the database, in the home and, where the settings name one, in a
    file elsewhere: `{}` → `{seq, hash}`.

    Whoever rewrites the database, and the chain with it, then contradicts what the files say.
    """
    from stopship.app.auditing import note
    from stopship.app.backup import append_line

    space, now = wired.space(), wired.clock()
    with wired.queue.database.begin() as connection:
        head = audit.head(connection)
    note(space.home, head, now)
    if wired.settings.anchor is not None:
        line = {"at": now.isoformat(), "seq": head.seq, "hash": head.hash}
        append_line(wired.settings.anchor, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    return {"seq": head.seq, "hash": head.hash}
