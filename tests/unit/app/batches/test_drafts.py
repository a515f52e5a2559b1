"""A file that was handed in is whole and its owner's, or it is not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stopship.app.batches.drafts import Arriving, Draft, Drafts
from stopship.app.jobs.work import queue_of
from stopship.app.workspace import Workspace
from stopship.errors import JobError, KeyUsed, NotFoundError
from stopship.jobs import JobFiles, Queue

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ERIKA, SAM = "user:1", "user:2"


@pytest.fixture
def files(tmp_path: Path) -> JobFiles:
    return JobFiles(tmp_path / "jobs")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with closing(Workspace(tmp_path, today=NOW.date()).database()) as database:
        yield queue_of(tmp_path, database)


def handed_in(files: JobFiles, content: bytes = b"name\nx\n", filename: str = "a.csv") -> Draft:
    arriving = Arriving(files, 1_000)
    try:
        arriving.write(content)
        return arriving.keep(filename, "screen", ERIKA)
    finally:
        arriving.close()


def test_only_its_owner_finds_it(files: JobFiles) -> None:
    made = handed_in(files)
    assert Drafts(files).find(made.folder, ERIKA) == made
    assert made.path.read_bytes() == b"name\nx\n"
    for folder, owner in ((made.folder, SAM), ("0" * 32, ERIKA), ("../" + made.folder, ERIKA), ("", ERIKA)):
        with pytest.raises(NotFoundError, match="no longer here"):
            Drafts(files).find(folder, owner)


def test_nothing_is_left_of_what_is_refused(files: JobFiles) -> None:
    for content, filename, kind, word in (
        (b"", "a.csv", "screen", "empty"),
        (b"x" * 1_001, "a.csv", "screen", "more than 1,000 bytes"),
        (b"x", "", "screen", "no file"),
        (b"x", "a.csv", "rob", "names or of orders"),
    ):
        arriving = Arriving(files, 1_000)
        with pytest.raises(JobError, match=word):
            try:
                arriving.write(content)
                arriving.keep(filename, kind, ERIKA)
            finally:
                arriving.close()
    assert list(files.root.iterdir()) == []


@pytest.mark.parametrize(
    ("filename", "name", "shown"),
    [
        ("../../etc/passwd", "input", "passwd"),
        ("C:\\lists\\Geschäft.CSV.GZ", "input.csv.gz", "Geschäft.CSV.GZ"),
        ("a\r\nX-Evil: 1.csv", "input.csv", "aX-Evil: 1.csv"),
        ("x\0.csv", "input.csv", "x.csv"),
        ("." * 500, "input", "." * 100),
    ],
)
def test_a_name_leads_nowhere(files: JobFiles, filename: str, name: str, shown: str) -> None:
    made = handed_in(files, filename=filename)
    assert (made.name, made.filename) == (name, shown)
    assert made.path.parent.parent == files.root


def test_what_a_kill_left_is_swept_after_a_day_and_what_jobs_have_is_not(queue: Queue) -> None:
    left = (
        queue.files.begin()
    )  # as after a kill in the middle of an upload: nothing was closed, no note was written
    queue.files.path(left, "arriving").write_bytes(b"half of a fi")
    job, _new = queue.submit("screen", {}, asked_by=ERIKA, now=NOW, folder=handed_in(queue.files).folder)
    later = datetime.now(UTC) + timedelta(days=1, minutes=1)
    with pytest.raises(NotFoundError):
        Drafts(queue.files).find(left, ERIKA)
    assert queue.sweep(datetime.now(UTC)) == 0
    assert queue.sweep(later) == 1
    assert [entry.name for entry in queue.files.root.iterdir()] == [job.folder]


def test_a_form_that_is_sent_twice_makes_one_job_and_keeps_its_file(queue: Queue) -> None:
    made = handed_in(queue.files)
    first, _ = queue.submit("screen", {"a": 1}, asked_by=ERIKA, now=NOW, key="draft:x", folder=made.folder)
    again, new = queue.submit("screen", {"a": 1}, asked_by=ERIKA, now=NOW, key="draft:x", folder=made.folder)
    assert (again.id, new) == (first.id, False)
    with pytest.raises(KeyUsed):
        queue.submit("screen", {"a": 2}, asked_by=ERIKA, now=NOW, key="draft:x", folder=made.folder)
    assert made.path.is_file()
