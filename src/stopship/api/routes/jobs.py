"""`/api/v1/jobs`: files that are worked on while the caller does something else."""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Query, Response, UploadFile
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from stopship.access import Principal
from stopship.api.guard import GuardedRoute
from stopship.api.idempotent import REPLAYED, IdempotencyKey
from stopship.api.pages import Limit, page
from stopship.api.schemas.native import JobShown, Page
from stopship.api.serving import Asking, Serving, json_response
from stopship.app.service.server import Server
from stopship.errors import InputError, JobError, UnknownJob
from stopship.store.jobs import DONE, Job

router = APIRouter(prefix="/api/v1/jobs", route_class=GuardedRoute, tags=["Jobs"])

INPUTS = (".csv", ".jsonl", ".ndjson", ".xlsx", ".parquet")
_CHUNK = 1 << 20


class JobKind(StrEnum):
    """What is done with the file."""

    SCREEN = "screen"
    CHECK = "check"


class Output(StrEnum):
    """The format of the result."""

    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


JobId = Annotated[int, Path(ge=1, lt=2**31)]


@router.post(
    "",
    summary="Work on a file",
    operation_id="createJob",
    status_code=202,
    responses={
        202: {
            "model": JobShown,
            "description": "The job, queued",
            "headers": {"Location": {"schema": {"type": "string"}, "description": "Where its progress is"}},
        }
    },
    response_model=None,
)
async def create(
    server: Serving,
    asking: Asking,
    file: Annotated[UploadFile, File(description=f"Its name ends in {', '.join(INPUTS)}.")],
    kind: Annotated[
        JobKind, Form(description="`screen` a file of names, or `check` a file of orders.")
    ] = JobKind.SCREEN,
    output: Annotated[Output, Form(description="Of `screen`; `check` gives JSON lines.")] = Output.JSONL,
    min_score: Annotated[float | None, Form(ge=0, le=1, description="Also hits below the threshold.")] = None,
    limit: Annotated[int | None, Form(ge=1, le=500, description="Hits a row, best first.")] = None,
    as_of: Annotated[date | None, Form(description="Of `check`: decide as of this day.")] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Screen a file of names, or decide a file of orders. `Location` tells its progress, then its result."""
    options: dict[str, Any] = {}
    if kind is JobKind.SCREEN:
        given = {"output": output.value, "min_score": min_score, "limit": limit}
        options |= {name: value for name, value in given.items() if value is not None}
        if as_of is not None:
            raise InputError("only a job that checks orders has a day", where="as_of")
    else:
        if output is not Output.JSONL or min_score is not None or limit is not None:
            raise InputError("a job that checks orders has no such option", where="output, min_score, limit")
        options |= {"as_of": as_of.isoformat()} if as_of else {}
    name = _input_name(file.filename or "")
    options["input"] = name
    job, new = await run_in_threadpool(lambda: _queue(server, asking, kind, options, file, name, idempotency_key))
    headers = {"location": f"/api/v1/jobs/{job.id}"} | ({} if new else {REPLAYED: "true"})
    return json_response(_shown(job), 202, headers)


def _input_name(given: str) -> str:
    """How the file is called in the job's folder: nothing of the given name but its ending is used."""
    ending = FilePath(given.replace("\\", "/")).suffix.lower()
    if ending not in INPUTS:
        raise InputError(
            f"can't tell the format of a file that ends in {ending[:20]!r}", where="file", hint=", ".join(INPUTS)
        )
    return f"input{ending}"


def _queue(
    server: Server,
    asking: Principal,
    kind: JobKind,
    options: dict[str, Any],
    file: UploadFile,
    name: str,
    key: str | None,
) -> tuple[Job, bool]:
    files = server.queue.files
    folder = files.begin()
    digest = hashlib.sha256()
    try:
        with files.path(folder, name).open("wb") as out:
            while chunk := file.file.read(_CHUNK):
                digest.update(chunk)
                out.write(chunk)
        return server.queue.submit(
            kind.value,
            options,
            asked_by=asking.actor,
            now=server.now(),
            key=key,
            folder=folder,
            digest=digest.hexdigest(),
        )
    except BaseException:
        files.remove(folder)
        raise


@router.get(
    "",
    summary="Jobs",
    operation_id="jobs",
    responses={200: {"model": Page[JobShown], "description": "The newest first"}},
    response_model=None,
)
async def jobs(
    server: Serving,
    asking: Asking,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(pattern=r"^\d{1,9}$", description="`next` of the page before.")] = None,
) -> Response:
    """A program sees the jobs that it asked for, a person those of all."""
    before = int(cursor) if cursor is not None else None
    mine = asking.actor if asking.role is None else None
    kinds = [kind.value for kind in JobKind]
    found = await run_in_threadpool(
        lambda: server.queue.page(kinds=kinds, asked_by=mine, before=before, most=limit)
    )
    following = str(found.before) if found.before is not None else None
    return json_response(page([_shown(job) for job in found.jobs], following))


@router.get(
    "/{job_id}",
    summary="How far a job is",
    operation_id="job",
    responses={200: {"model": JobShown, "description": "The job"}},
    response_model=None,
)
async def job(job_id: JobId, server: Serving, asking: Asking) -> Response:
    """State, rows so far, and what came of it."""
    return json_response(_shown(await run_in_threadpool(lambda: _own(server, asking, job_id))))


@router.get(
    "/{job_id}/result",
    summary="What came of a job",
    operation_id="jobResult",
    responses={
        200: {
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            "description": "The file, in the format that was asked for",
        }
    },
    response_class=Response,
    response_model=None,
)
async def result(job_id: JobId, server: Serving, asking: Asking) -> Response:
    """The file with a row or a decision for each of the input."""

    def find() -> FilePath:
        found = _own(server, asking, job_id)
        if found.state != DONE or found.folder is None or not found.result:
            raise JobError(f"job {job_id} is {found.state}: there is no result", where=f"job {job_id}")
        return server.queue.files.path(found.folder, str(found.result.get("file", "")))

    path = await run_in_threadpool(find)
    return FileResponse(path, media_type="application/octet-stream", filename=f"job-{job_id}{path.suffix}")


@router.post(
    "/{job_id}/cancel",
    summary="Cancel a job",
    operation_id="cancelJob",
    responses={200: {"model": JobShown, "description": "The job; a running one ends at its next step"}},
    response_model=None,
)
async def cancel(job_id: JobId, server: Serving, asking: Asking) -> Response:
    """A queued job ends at once, a running one at its next step."""

    def work() -> Job:
        _own(server, asking, job_id)
        return server.queue.cancel(job_id, actor=asking.actor, now=server.now())

    return json_response(_shown(await run_in_threadpool(work)))


def _own(server: Server, asking: Principal, number: int) -> Job:
    """A job that may be seen: a person sees all, a program its own."""
    found = server.queue.get(number)
    known = found.kind in set(JobKind)
    if not known or (asking.role is None and found.asked_by != asking.actor):
        raise UnknownJob(f"there is no job {number}", hint="GET /api/v1/jobs lists yours")
    return found


def _shown(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "created": job.created,
        "started": job.started,
        "finished": job.finished,
        "done": job.done,
        "total": job.total,
        "result": dict(job.result) if job.result is not None else None,
        "error": job.error,
    }
