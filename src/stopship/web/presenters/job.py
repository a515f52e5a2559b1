"""What a page shows of a job: how far it is, how long it will take, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from stopship.web.presenters.batch import Span, span_of

if TYPE_CHECKING:
    from stopship.app.batches.board import Watched
    from stopship.store.jobs import Job

SLOW_TO_BEGIN = 15
"""Seconds after which a job that waits may wait for a worker that isn't there."""
STRENGTHS = ("exact", "strong", "medium", "weak")
SLACK = 2.0
"""Seconds of work from which a rate is worth telling."""


@dataclass(frozen=True, slots=True)
class Share:
    """One kind of thing among rows, and how many."""

    name: str
    n: int


@dataclass(frozen=True, slots=True)
class JobPage:
    """A job for its page.

    Attributes:
        percent: how much is done, 0 to 100; None where that isn't known.
        rate: rows a second; None while it isn't known.
        left: time that the rest may take.
        took: time from the beginning to the end.
        hits, rejected: so far, or in all; None where that isn't known.
        alone: it waits longer than a worker would let it.
        error: why it failed; `hint` whether it may be mended in the file.
        rows: of orders, too; `warned` of them with a warning.
        bands, programs, outcomes, reasons: how many rows of each.
    """

    id: int
    kind: str
    state: str
    stopping: bool
    filename: str
    asked_by: str
    created: str
    started: str
    finished: str
    done: int
    total: int | None
    percent: int | None
    rate: int | None
    left: Span | None
    took: Span | None
    hits: int | None
    rejected: int | None
    alone: bool
    error: str
    again: int
    on_file: bool
    output: str
    rows: int
    no_hit: int
    warned: int
    bands: tuple[Share, ...]
    programs: tuple[Share, ...]
    outcomes: tuple[Share, ...]
    reasons: tuple[Share, ...]
    lists: str
    dropped: tuple[str, ...]
    columns: Mapping[str, str]

    @property
    def ended(self) -> bool:
        return self.state in ("done", "failed", "cancelled")


def job_page(watched: Watched, now: datetime) -> JobPage:
    """A job for its page, at a moment."""
    job = watched.job
    result: Mapping[str, Any] = job.result or {}
    running = (now - job.started).total_seconds() if job.state == "running" and job.started else 0.0
    rate = job.done / running if running >= SLACK and job.done and job.attempts <= 1 else None
    rest = max(job.total - job.done, 0) if job.total is not None else None
    took = (job.finished - job.started).total_seconds() if job.finished and job.started else None
    orders = job.kind == "check"
    return JobPage(
        id=job.id,
        kind=job.kind,
        state=job.state,
        stopping=job.cancel_asked and not job.ended,
        filename=filename_of(job),
        asked_by=job.asked_by,
        created=_moment(job.created),
        started=_moment(job.started),
        finished=_moment(job.finished),
        done=job.done,
        total=job.total,
        percent=min(100, job.done * 100 // job.total) if job.total else None,
        rate=round(rate) if rate else None,
        left=span_of(rest / rate) if rate and rest is not None else None,
        took=span_of(took) if took is not None else None,
        hits=result.get("hit") if job.ended else watched.so_far.get("hits"),
        rejected=result.get("rejected") if job.ended else watched.so_far.get("rejected"),
        alone=job.state == "queued" and (now - job.not_before).total_seconds() > SLOW_TO_BEGIN,
        error=job.error or "",
        again=job.attempts,
        on_file=job.kind in ("screen", "check"),
        output=str(result.get("file", "")).rpartition(".")[2],
        rows=int(result.get("orders" if orders else "rows", 0)),
        no_hit=int(result.get("no_hit", 0)),
        warned=int(result.get("warned", 0)),
        bands=tuple(sorted(_shares(result, "bands"), key=lambda one: STRENGTHS.index(one.name))),
        programs=_shares(result, "programs"),
        outcomes=tuple(one for one in _shares(result, "outcomes") if one.n),
        reasons=_shares(result, "reject_reasons"),
        lists=str(result.get("lists" if orders else "index", ""))[:19],
        dropped=tuple(result.get("dropped_columns", ())),
        columns=dict(job.options.get("columns") or {}),
    )


def filename_of(job: Job) -> str:
    """What the caller calls the file of a job; empty where there is none."""
    return str(job.options.get("filename") or "")


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job in the list of jobs."""

    id: int
    kind: str
    state: str
    stopping: bool
    filename: str
    asked_by: str
    created: str
    done: int
    total: int | None
    percent: int | None
    hits: int | None
    rejected: int | None
    error: str


def job_line(job: Job) -> JobLine:
    """A job for its line in a table."""
    result = job.result or {}
    percent = min(100, job.done * 100 // job.total) if job.total else None
    return JobLine(
        job.id,
        job.kind,
        job.state,
        job.cancel_asked and not job.ended,
        filename_of(job),
        job.asked_by,
        _moment(job.created),
        job.done,
        job.total,
        percent,
        result.get("hit"),
        result.get("rejected"),
        job.error or "",
    )


def _shares(result: Mapping[str, Any], name: str) -> tuple[Share, ...]:
    return tuple(Share(one, int(n)) for one, n in dict(result.get(name) or {}).items())


def _moment(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC") if moment is not None else ""
