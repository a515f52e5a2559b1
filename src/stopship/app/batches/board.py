"""What the pages ask about files and jobs: handing a file in, trying it, queueing it, and looking on.

Who sees whose job is as in REST: a person sees those of all, a program its own. Jobs on files are for all who
may read jobs; what Stopship does by itself is shown to those who may read the settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from stopship.access import Action, Principal, allows
from stopship.app.batches.drafts import Arriving, Draft, Drafts
from stopship.app.batches.look import Look, OrdersLook, look_at, look_at_orders
from stopship.app.batches.trial import Trial, order_finding, try_names, try_orders
from stopship.app.jobs.kinds import FORMS, SO_FAR
from stopship.app.people import names_of_people
from stopship.app.service.edition import Edition
from stopship.app.writing.findings import MOST_READ, read_findings, rejects_as_csv
from stopship.bulk import ScreenOptions
from stopship.errors import InputError, JobError, NotFoundError, SettingsError, UnknownJob
from stopship.jobs import KINDS, Queue
from stopship.jobs.queue import Page
from stopship.store import Database
from stopship.store.jobs import DONE, Job
from stopship.store.jobs import find_key as job_of_key

ON_FILES = ("screen", "check")
"""Kinds of jobs that work on a file of a caller's."""
REMEMBERED = 50
"""Jobs of a person that are looked through for columns like those of a file."""
STATUSES = ("hit", "rejected", "no_hit")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person chose for a file of names.

    Attributes:
        columns: what is read -> the heading of its column.
        output: format of the results, one of `FORMS`.
        min_score: also keep likenesses below the threshold, down to this score.
    """

    columns: Mapping[str, str]
    output: str = "xlsx"
    min_score: float | None = None

    def __post_init__(self) -> None:
        """Raises SettingsError: this is no format of results."""
        if self.output not in FORMS:
            raise SettingsError("this is no format of results", where="output", hint=f"Known: {', '.join(FORMS)}")


@dataclass(frozen=True, slots=True)
class Watched:
    """A job and what can be told of it while it goes on: `so_far` has `hits` and `rejected`, or nothing."""

    job: Job
    so_far: Mapping[str, int]
    may_run: bool


class Board:
    """Files and jobs of one home.

    Args:
        edition: gives the lists in use.
        database: where jobs are.
        queue: of the jobs.
        most_bytes: of a file.
        now: tells the moment, timezone-aware.
    """

    def __init__(
        self,
        edition: Callable[[], Edition],
        database: Database,
        queue: Queue,
        *,
        most_bytes: int,
        now: Callable[[], datetime],
    ) -> None:
        self._edition, self._database, self._queue = edition, database, queue
        self._drafts = Drafts(queue.files)
        self.most_bytes, self.now = most_bytes, now

    # -- files that are handed in ------------------------------------------------------------------------------

    def arriving(self) -> Arriving:
        """A file on its way in. What uploads left that ended in between is swept first."""
        self._queue.sweep(self.now())
        return Arriving(self._queue.files, self.most_bytes)

    def draft(self, folder: str, by: Principal) -> Draft:
        """A file that somebody handed in.

        Raises:
            NotFoundError: there is none, or it is another's.
        """
        return self._drafts.find(folder, by.actor)

    def look(self, draft: Draft) -> Look:
        """How a file of names reads; see `look_at`."""
        return look_at(draft)

    def look_at_orders(self, draft: Draft) -> OrdersLook:
        """The first orders of a file; see `look_at_orders`."""
        return look_at_orders(draft)

    def as_before(self, look: Look, by: Principal) -> tuple[dict[str, str], Job | None]:
        """The columns that somebody chose for their last file with these headings, and its job; else a guess."""
        for job in self._queue.page(kinds=("screen",), asked_by=by.actor, most=REMEMBERED).jobs:
            chosen = job.options.get("columns")
            if isinstance(chosen, dict) and job.options.get("headings") == list(look.headings):
                return dict(chosen), job
        return dict(look.guess), None

    @property
    def threshold(self) -> float:
        """The score from which a likeness alerts, 0 to 1."""
        return self._options(None).alerts_from

    def try_names(self, draft: Draft, wishes: Wishes) -> Trial:
        """Screen the first rows; see `trial.try_names`."""
        return try_names(draft, self._edition(), wishes.columns, self._options(wishes.min_score))

    def try_orders(self, draft: Draft) -> Trial:
        """Decide the first orders; see `trial.try_orders`."""
        return try_orders(draft, self._edition())

    def _options(self, min_score: float | None) -> ScreenOptions:
        return ScreenOptions(min_score, threshold=self._edition().decider.settings.threshold)

    def queue_names(self, draft: Draft, wishes: Wishes, look: Look, by: Principal) -> Job:
        """Queue a file of names. The file is the job's from then on.

        Raises:
            KeyUsed: it was queued just now with other wishes.
        """
        options: dict[str, Any] = {
            "columns": dict(wishes.columns),
            "headings": list(look.headings),
            "output": wishes.output,
        }
        return self._submit(
            draft, options if wishes.min_score is None else options | {"min_score": wishes.min_score}, by
        )

    def queue_orders(self, draft: Draft, by: Principal) -> Job:
        """Queue a file of orders; see `queue_names`."""
        return self._submit(draft, {}, by)

    def _submit(self, draft: Draft, options: Mapping[str, Any], by: Principal) -> Job:
        job, _new = self._queue.submit(
            draft.kind,
            {**options, "input": draft.name, "filename": draft.filename},
            asked_by=by.actor,
            now=self.now(),
            key=_key(draft.folder),
            folder=draft.folder,
        )
        self._drafts.now_a_job(draft)
        return job

    def queued_from(self, folder: str, by: Principal) -> Job | None:
        """The job that a draft became, for who sends its form once more."""
        with self._database.begin() as connection:
            return job_of_key(connection, by.actor, _key(folder))

    def throw_away(self, draft: Draft) -> None:
        """Remove a file that is not queued."""
        self._drafts.throw_away(draft)

    # -- jobs --------------------------------------------------------------------------------------------------

    def kinds(self, by: Principal) -> tuple[str, ...]:
        """The kinds of jobs that somebody sees."""
        if by.role is not None and allows(by, Action.SETTINGS_READ):
            return tuple(KINDS)
        return ON_FILES

    def jobs(
        self,
        by: Principal,
        *,
        state: str = "",
        kind: str = "",
        mine: bool = False,
        before: int | None = None,
        most: int,
    ) -> Page:
        """Jobs that somebody sees, newest first. Deliveries of webhooks are many: shown when asked for."""
        seen = self.kinds(by)
        kinds = [kind] if kind in seen else [one for one in seen if one != "webhook"]
        own = by.actor if by.role is None or mine else None
        return self._queue.page(
            states=(state,) if state else (), kinds=kinds, asked_by=own, before=before, most=most
        )

    def job(self, number: int, by: Principal) -> Watched:
        """A job that somebody may see.

        Raises:
            UnknownJob: there is none, or it is not for them.
        """
        found = self._queue.get(number)
        if found.kind not in self.kinds(by) or (by.role is None and found.asked_by != by.actor):
            raise UnknownJob(f"there is no job {number}")
        may_run = allows(by, Action.JOBS_RUN) and found.kind in ON_FILES
        return Watched(found, self._so_far(found), may_run)

    def _so_far(self, job: Job) -> Mapping[str, int]:
        if job.folder is None or job.ended:
            return {}
        try:
            found = orjson.loads(self._queue.files.path(job.folder, SO_FAR).read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return {}
        return {name: value for name, value in found.items() if isinstance(value, int)}

    def cancel(self, number: int, by: Principal) -> None:
        """Cancel a job on a file.

        Raises:
            UnknownJob: it is not for them. JobError: it has ended, or is none on a file.
        """
        self._on_file(number, by)
        self._queue.cancel(number, actor=by.actor, now=self.now())

    def retry(self, number: int, by: Principal) -> None:
        """Queue a job on a file again that failed or was cancelled; see `cancel`."""
        self._on_file(number, by)
        self._queue.retry(number, actor=by.actor, now=self.now())

    def _on_file(self, number: int, by: Principal) -> Job:
        found = self.job(number, by).job
        if found.kind not in ON_FILES:
            raise JobError("this job is none on a file", where=f"job {number}")
        return found

    def result(self, number: int, by: Principal) -> Path:
        """The file of results.

        Raises:
            UnknownJob: it is not for them. JobError: there is none.
        """
        job = self._on_file(number, by)
        return self._file(job, str((job.result or {}).get("file", "")))

    def findings(self, job: Job, status: str, *, after: int, most: int) -> tuple[list[dict[str, Any]], int | None]:
        """Some findings of a job that is done, and where further ones begin; of orders, of any status alike.

        Raises:
            JobError: the file was removed.
        """
        if job.kind == "check":
            return _orders(self._file(job, str((job.result or {}).get("file", ""))), after=after, most=most)
        if status not in STATUSES:
            raise InputError(f"{status[:40]!r} is no status of a row", where="status")
        name = (job.result or {}).get("findings")
        if not name:  # screened before findings were kept
            return [], None
        return read_findings(self._file(job, str(name)), status, after=after, most=most)

    def rejects(self, number: int, by: Principal) -> Iterator[bytes]:
        """The rows that could not be used, as CSV; see `rejects_as_csv`.

        Raises:
            UnknownJob: it is not for them. JobError: there are none.
        """
        job = self._on_file(number, by)
        return rejects_as_csv(self._file(job, str((job.result or {}).get("findings", ""))))

    def _file(self, job: Job, name: str) -> Path:
        if job.state != DONE or job.folder is None or not name:
            raise JobError(f"job {job.id} has no results", where=f"job {job.id}")
        path = self._queue.files.path(job.folder, name)
        if not path.is_file():
            raise JobError("its results were removed", where=f"job {job.id}")
        return path

    def people(self) -> dict[str, str]:
        """What to call those who ask for jobs, by how records name them."""
        return names_of_people(self._database)


def _key(folder: str) -> str:
    return f"draft:{folder}"


def _orders(path: Path, *, after: int, most: int) -> tuple[list[dict[str, Any]], int | None]:
    """Some lines of decided orders that are not clear, and where further ones begin."""
    found: list[dict[str, Any]] = []
    size = path.stat().st_size
    at = min(max(after, 0), size)
    with path.open("rb") as stream:
        stream.seek(at)
        while (line := stream.readline()) and len(found) < most and at - after < MOST_READ:
            try:
                row = order_finding(orjson.loads(line))
            except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
                raise NotFoundError("this is no place in these results", where="after") from None
            if row["outcome"] != "clear":
                found.append(row)
            at += len(line)
    return found, at if at < size else None
