"""Asking for jobs on files: the file is kept with the job first, then the job is queued."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from stopship.errors import JobError, StateError
from stopship.jobs import Queue
from stopship.store.jobs import Job

ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".xlsx", ".parquet", ".gz", ".zst")
PIECE = 1 << 20


def submit_file(
    queue: Queue,
    kind: str,
    content: IO[bytes] | Iterable[bytes],
    filename: str,
    options: Mapping[str, Any],
    *,
    asked_by: str,
    now: datetime,
    key: str | None = None,
    most_bytes: int | None = None,
) -> tuple[Job, bool]:
    """Queue a job on a file.

    Args:
        queue: of the home.
        kind: `screen` or `check`.
        content: the file, open for bytes, or its pieces.
        filename: what the caller calls it: its ending tells the format.
        options: of the kind, without `input`.
        asked_by, now, key: see `Queue.submit`.
        most_bytes: a longer file is refused.

    Returns:
        The job, and whether it is new.

    Raises:
        JobError: the file is empty or too long, or as `Queue.submit`.
        StateError: the home can't be written.
    """
    if kind not in ("screen", "check"):
        raise JobError(f"{kind!r} is no kind of job on a file", hint="Known: screen, check")
    folder = queue.files.begin()
    try:
        name = input_name(filename)
        digest = _keep(content, queue.files.path(folder, name), most_bytes)
        return queue.submit(
            kind,
            {**options, "input": name, "filename": shown_name(filename)},
            asked_by=asked_by,
            now=now,
            key=key,
            folder=folder,
            digest=digest,
        )
    except BaseException:
        queue.files.remove(folder)
        raise


def result_file(queue: Queue, number: int) -> Path:
    """The file that came of a job.

    Raises:
        UnknownJob: there is no such job.
        JobError: it isn't done, or makes no file.
    """
    job = queue.get(number)
    name = (job.result or {}).get("file")
    if job.state != "done" or job.folder is None or not name:
        raise JobError(f"job {number} is {job.state} and has no file of results", where=f"job {number}")
    path = queue.files.path(job.folder, str(name))
    if not path.is_file():
        raise JobError("its file of results was removed", where=f"job {number}")
    return path


def _keep(content: IO[bytes] | Iterable[bytes], path: Path, most: int | None) -> str:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("wb") as file:
            for piece in _pieces(content):
                size += len(piece)
                if most is not None and size > most:
                    raise JobError(f"the file has more than {most:,} bytes", where="input")
                digest.update(piece)
                file.write(piece)
    except OSError as bad:
        raise StateError(
            f"the input can't be kept: {bad.strerror or bad}", where=str(path), hint="Is the disk full?"
        ) from None
    if size == 0:
        raise JobError("the file is empty", where="input")
    return digest.hexdigest()


def _pieces(content: IO[bytes] | Iterable[bytes]) -> Iterator[bytes]:
    if hasattr(content, "read"):
        while piece := content.read(PIECE):
            yield piece
    else:
        yield from content


def input_name(filename: str) -> str:
    """How a file is called in its folder: nothing of the given name but the endings that tell its format."""
    return "input" + _ending(filename)


def _ending(filename: str) -> str:
    """The endings of a file's name that tell its format, two at most (`.csv.gz`)."""
    found: list[str] = []
    for suffix in reversed(Path(filename.replace("\\", "/")).suffixes[-2:]):
        if suffix.lower() not in ENDINGS:
            break
        found.insert(0, suffix.lower())
    return "".join(found)


def shown_name(filename: str) -> str:
    """What a caller calls a file, to be shown: without folders and what can't be printed."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in name if letter.isprintable())[:100]


@contextmanager
def opened_file(path: Path) -> Iterator[IO[bytes]]:
    """A file of the caller's.

    Raises:
        JobError: it can't be read.
    """
    try:
        with path.open("rb") as file:
            yield file
    except OSError as bad:
        raise JobError(f"can't be read: {bad.strerror or bad}", where=str(path)) from None
